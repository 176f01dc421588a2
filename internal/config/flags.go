package config

// Flags are the settings a command line may give. Secrets have none, since
// every user of a machine can read the command lines of its processes.
type Flags struct {
	Listen         string `name:"listen" placeholder:"HOST:PORT" help:"监听地址，默认 127.0.0.1:8080。Address to listen on."`
	Data           string `name:"data" placeholder:"DIR" help:"数据文件夹。Data folder."`
	BaseURL        string `name:"base-url" placeholder:"URL" help:"浏览器看到的地址。Address browsers see."`
	KeysFile       string `name:"keys-file" placeholder:"DIR" help:"密钥文件夹，默认在数据文件夹内。Folder of the keys."`
	TrustedProxies string `name:"trusted-proxies" placeholder:"LIST" help:"可信反向代理的地址或网段，逗号分开。Proxies whose X-Forwarded-For is believed."`
	Metrics        string `name:"metrics" placeholder:"WHO" help:"谁可以看 /metrics：loopback、any、off。Who may read /metrics."`
	LogLevel       string `name:"log-level" placeholder:"LEVEL" help:"日志级别：debug、info、warn、error。Lowest level logged."`
	Lang           string `name:"lang" placeholder:"LANG" help:"默认语言：zh-CN 或 en。Default language."`
	PGBinaries     string `name:"pg-binaries" placeholder:"DIR" help:"PostgreSQL 程序所在文件夹。Folder of PostgreSQL's programs."`
	PGMirror       string `name:"pg-mirror" placeholder:"URL" help:"PostgreSQL 安装包的镜像地址或本机文件。Mirror or file of the PostgreSQL bundle."`
	MaxUpload      string `name:"max-upload" placeholder:"MB" help:"单个上传文件的上限（MB）。Largest upload in MB."`
	AtOnce         string `name:"at-once" placeholder:"N" help:"同时处理的请求数，超出的先排队。Requests worked on at once; more wait their turn."`
	SecondFactor   string `name:"second-factor" placeholder:"ROLES" help:"登录必须有第二步验证的岗位，逗号分开，或 off。Roles that must have a second factor, or off."`
	BackupDir      string `name:"backup-dir" placeholder:"DIR" help:"定时备份所在的文件夹，须已存在。Folder of scheduled backups; it must exist."`
	BackupTo       string `name:"backup-to" placeholder:"age1…" help:"定时备份加密给这些公钥，逗号分开。Public keys scheduled backups are encrypted to."`
	BackupAt       string `name:"backup-at" placeholder:"HH:MM" help:"每天备份的时间（北京时间），默认 02:30。Time of day of the backup, Beijing time."`
	BackupKeep     string `name:"backup-keep" placeholder:"D,W,M" help:"保留几天、几周、几月的备份，默认 7,4,12。Days, weeks and months that keep a backup."`
	CheckpointAt   string `name:"checkpoint-at" placeholder:"HH:MM" help:"每天发出办理经过校验点的时间（北京时间），默认 03:30。Time of day of the checkpoint, Beijing time."`
	OIDCIssuer     string `name:"oidc-issuer" placeholder:"URL" help:"工作人员统一登录方（OpenID Connect）的地址。Address of the OpenID provider of staff."`
	OIDCClientID   string `name:"oidc-client-id" placeholder:"ID" help:"本系统在统一登录方的客户端编号。Id of this installation at the provider."`
	OIDCName       string `name:"oidc-name" placeholder:"NAME" help:"按钮上写的统一登录名称。What the button calls the account there."`
	OIDCLink       string `name:"oidc-link" placeholder:"HOW" help:"按什么关联账号：subject、email。By what accounts are linked."`
	OIDCFactor     string `name:"oidc-factor" placeholder:"VALUES" help:"表示已做第二步验证的 acr 或 amr 值，或 off。Values of acr or amr that mean a second factor, or off."`
	OIDCOnly       string `name:"oidc-only" placeholder:"ROLES" help:"统一登录过以后不再用密码登录的岗位，或 off。Roles that no longer sign in by password, or off."`
	FiguresDay     string `name:"figures-close-day" placeholder:"DAY" help:"次月几日关账上月统计，默认 5。Day of the next month on which figures are closed."`
	FiguresSmall   string `name:"figures-small" placeholder:"N" help:"公开统计中小于该数的数字不公布，默认 5。Published figures below it are hidden."`
	SMTPHost       string `name:"smtp-host" placeholder:"HOST:PORT" help:"邮件服务器。Mail server."`
	SMTPTLS        string `name:"smtp-tls" placeholder:"HOW" help:"邮件连接的加密：starttls、tls、none。Protection of the mail connection."`
	SMTPUser       string `name:"smtp-user" placeholder:"NAME" help:"邮件服务器的用户名。User name at the mail server."`
	SMTPFrom       string `name:"smtp-from" placeholder:"ADDRESS" help:"发件地址。Address mails come from."`
	CaseFiles      string `name:"case-files" placeholder:"N" help:"一个案件最多放几个文件，默认 60。Files of one case at most."`
	CaseStorage    string `name:"case-storage" placeholder:"MB" help:"一个案件的文件共多少 MB，默认 200。Megabytes of one case's files."`
	Committee      string `name:"committee-storage" placeholder:"MB" help:"一个调委会的文件共多少 MB，默认 20480。Megabytes of a committee's files."`
	S3URL          string `name:"s3-url" placeholder:"URL" help:"存放文件的对象存储（S3）地址；不设时存在数据文件夹。S3 store for files; without it they lie in the data folder."`
	S3Bucket       string `name:"s3-bucket" placeholder:"NAME" help:"桶名，须已存在。Bucket; it must exist."`
	S3Region       string `name:"s3-region" placeholder:"NAME" help:"地域，默认 us-east-1。Region of the store."`
	S3Prefix       string `name:"s3-prefix" placeholder:"PREFIX" help:"文件名前缀，例如 doorstep/。Before every name in the bucket."`
	S3Style        string `name:"s3-style" placeholder:"STYLE" help:"桶名的位置：auto、path、host。Where the bucket's name stands."`
	S3KeyID        string `name:"s3-key-id" placeholder:"ID" help:"访问密钥的编号。Id of the access key."`
}

// Given lists the flags that were given, by setting key.
func (f Flags) Given() map[string]string {
	given := map[string]string{}
	for key, text := range map[string]string{
		keyListen: f.Listen, keyData: f.Data, keyBaseURL: f.BaseURL, keyKeys: f.KeysFile,
		keyProxies: f.TrustedProxies, keyMetrics: f.Metrics, keyLogLevel: f.LogLevel, keyLang: f.Lang,
		keyPGBinaries: f.PGBinaries, keyPGMirror: f.PGMirror, keyMaxUpload: f.MaxUpload, keyAtOnce: f.AtOnce, keyFactor: f.SecondFactor,
		keyBackupDir: f.BackupDir, keyBackupTo: f.BackupTo, keyBackupAt: f.BackupAt, keyBackupKeep: f.BackupKeep,
		keyOIDCIssuer: f.OIDCIssuer, keyOIDCClient: f.OIDCClientID, keyOIDCName: f.OIDCName,
		keyOIDCLink: f.OIDCLink, keyOIDCFactor: f.OIDCFactor, keyOIDCOnly: f.OIDCOnly,
		keyCheckpointAt: f.CheckpointAt, keyCloseDay: f.FiguresDay, keySmall: f.FiguresSmall,
		keySMTPHost: f.SMTPHost, keySMTPSecurity: f.SMTPTLS, keySMTPUser: f.SMTPUser, keySMTPFrom: f.SMTPFrom,
		keyCaseFiles: f.CaseFiles, keyCaseStorage: f.CaseStorage, keyCommitteeStorage: f.Committee,
		keyS3URL: f.S3URL, keyS3Bucket: f.S3Bucket, keyS3Region: f.S3Region, keyS3Prefix: f.S3Prefix, keyS3Style: f.S3Style, keyS3KeyID: f.S3KeyID,
	} {
		if text != "" {
			given[key] = text
		}
	}
	return given
}
