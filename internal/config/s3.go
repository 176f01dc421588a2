package config

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// S3 is the bucket that files are kept in; without a URL they lie in the data
// folder.
type S3 struct {
	URL    *url.URL // http or https and host; nil: no bucket
	Region string
	Bucket string
	Prefix string // before every name, ends with a slash; may be empty
	Style  string // "auto", "path" or "host"
	KeyID  string
	Secret Secret
}

const (
	keyS3URL    = "DOORSTEP_S3_URL"
	keyS3Region = "DOORSTEP_S3_REGION"
	keyS3Bucket = "DOORSTEP_S3_BUCKET"
	keyS3Prefix = "DOORSTEP_S3_PREFIX"
	keyS3Style  = "DOORSTEP_S3_STYLE"
	keyS3KeyID  = "DOORSTEP_S3_KEY_ID"
	keyS3Secret = "DOORSTEP_S3_SECRET" //nolint:gosec // the name of a setting
)

// s3Settings are the lines of the table of settings that are about the bucket.
var s3Settings = []setting{
	{key: keyS3URL, flag: "s3-url", apply: setS3URL, shown: shownS3URL},
	{key: keyS3Bucket, flag: "s3-bucket", apply: setS3Bucket, shown: func(c *Config) string { return c.S3.Bucket }},
	{key: keyS3Region, flag: "s3-region", fallback: always("us-east-1"), apply: setS3Region, shown: func(c *Config) string { return c.S3.Region }},
	{key: keyS3Prefix, flag: "s3-prefix", apply: setS3Prefix, shown: func(c *Config) string { return c.S3.Prefix }},
	{key: keyS3Style, flag: "s3-style", fallback: always("auto"), apply: setS3Style, shown: func(c *Config) string { return c.S3.Style }},
	{key: keyS3KeyID, flag: "s3-key-id", apply: setS3KeyID, shown: func(c *Config) string { return c.S3.KeyID }},
	{key: keyS3Secret, secret: true, apply: setS3Secret, shown: func(c *Config) string { return c.S3.Secret.String() }},
}

func setS3URL(c *Config, text string) *Problem {
	if text == "" {
		return nil
	}
	u, err := url.Parse(text)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil ||
		strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return unfit(keyS3URL, "请写对象存储服务的地址，不带路径和桶名，例如 https://s3.example.cn",
			"write the address of the store without a path or a bucket, for example https://s3.example.cn")
	}
	c.S3.URL = &url.URL{Scheme: u.Scheme, Host: u.Host}
	return nil
}

func shownS3URL(c *Config) string {
	if c.S3.URL == nil {
		return ""
	}
	return c.S3.URL.String()
}

// bucketName is what every store takes; older, looser names are not.
var bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)

func setS3Bucket(c *Config, text string) *Problem {
	if text != "" && !bucketName.MatchString(text) {
		return unfit(keyS3Bucket, "桶名由 3 到 63 个小写字母、数字、点和短横组成", "a bucket's name is 3 to 63 small letters, digits, dots and hyphens")
	}
	c.S3.Bucket = text
	return nil
}

func setS3Region(c *Config, text string) *Problem {
	c.S3.Region = text
	return nil
}

var prefixName = regexp.MustCompile(`^[a-z0-9][a-z0-9._/-]{0,199}$`)

func setS3Prefix(c *Config, text string) *Problem {
	if text == "" {
		return nil
	}
	if !prefixName.MatchString(text) || strings.Contains(text, "//") || slices.Contains(strings.Split(text, "/"), "..") {
		return unfit(keyS3Prefix, "请写成 doorstep/ 这样的小写字母、数字、点、短横和斜线", "write small letters, digits, dots, hyphens and slashes, for example doorstep/")
	}
	c.S3.Prefix = strings.TrimSuffix(text, "/") + "/"
	return nil
}

func setS3Style(c *Config, text string) *Problem {
	switch text {
	case "auto", "path", "host":
		c.S3.Style = text
		return nil
	}
	return unfit(keyS3Style, "只能是 auto、path（桶名在路径里）或 host（桶名在域名里）", "write auto, path (the bucket in the path) or host (the bucket in the host name)")
}

func setS3KeyID(c *Config, text string) *Problem {
	c.S3.KeyID = text
	return nil
}

func setS3Secret(c *Config, text string) *Problem {
	c.S3.Secret = Secret(text)
	return nil
}

// checkS3: half a bucket would be found out by the first photo that is lost, and
// a bucket without an address would leave the files in the folder unnoticed.
func (c *Config) checkS3() []*Problem {
	if c.S3.URL == nil {
		if c.S3.Bucket+c.S3.Prefix+c.S3.KeyID+string(c.S3.Secret) == "" {
			return nil
		}
		return []*Problem{unfit(keyS3URL, "设了 DOORSTEP_S3_ 的其他项就要设地址；文件要存在本机时请都不设",
			"the other DOORSTEP_S3_ settings need the address; leave all of them empty to keep files on this machine")}
	}
	var found []*Problem
	for key, text := range map[string]string{keyS3Bucket: c.S3.Bucket, keyS3KeyID: c.S3.KeyID, keyS3Secret: string(c.S3.Secret)} {
		if text == "" {
			found = append(found, unfit(key, "设了 DOORSTEP_S3_URL 就要设它", "DOORSTEP_S3_URL needs it"))
		}
	}
	slices.SortFunc(found, func(a, b *Problem) int { return strings.Compare(a.Key, b.Key) })
	return found
}
