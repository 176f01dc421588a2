package main

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"strings"
	"text/tabwriter"
	"time"

	"doorstep/internal/account"
	"doorstep/internal/authz"
	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
	"doorstep/internal/statute"
	"doorstep/internal/vault"
	"doorstep/policies"
)

// userCommand looks after accounts from the machine itself, for when nobody who
// could do it in a page can come in.
type userCommand struct {
	List  userList  `cmd:"" help:"列出账号。List the accounts."`
	Reset userReset `cmd:"" help:"给出重设密码的一次性链接。Print a one-time link to set a new password."`

	ResetFactor userResetFactor `cmd:"" help:"重置登录验证器。Forget a user's second factor."`
}

// userList shows who has an account.
type userList struct{}

// Run prints one line an account: user name, name, roles, last use, whether it is
// disabled. It works beside a running server and without one.
func (userList) Run(p *program) (err error) {
	db, _, done, err := p.storage()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	lines, err := db.AccountLines(p.ctx)
	if err != nil {
		return fmt.Errorf("doorstep: user list: %w", err)
	}
	if len(lines) == 0 {
		p.say("还没有账号。请启动服务，按屏幕上的链接创建管理员。\nThere is no account yet; start the server and open the link it prints.")
		return nil
	}
	table := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	for _, l := range lines {
		state := "可用 active"
		if l.DisabledAt != nil {
			state = "停用 disabled"
		}
		if _, err := fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", l.Username, l.Name, cmp.Or(l.Roles, string(mediation.RoleResident)),
			lastUse(l), state); err != nil {
			return fmt.Errorf("doorstep: user list: %w", err)
		}
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("doorstep: user list: %w", err)
	}
	return nil
}

func lastUse(l postgres.AccountLine) string {
	if l.SeenAt == nil {
		return "-"
	}
	return l.SeenAt.In(statute.Shanghai).Format(time.DateTime)
}

// userReset lets somebody set a new password.
type userReset struct {
	Name string `arg:"" help:"用户名。User name."`
}

// Run prints a link that works once, for half an hour. It shows no password and
// sets none: only the user himself knows what he chooses. An earlier link of the
// user ends.
func (cmd userReset) Run(p *program) (err error) {
	c, err := p.settings()
	if err != nil {
		return err
	}
	accounts, done, err := p.accounts()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	token, err := accounts.ResetLink(p.ctx, cmd.Name)
	if err != nil {
		return noReset(cmd.Name, err)
	}
	base := ""
	if at, err := net.ResolveTCPAddr("tcp", c.Listen); c.BaseURL != nil || err == nil && at.Port != 0 {
		base = strings.TrimSuffix(baseURL(c, at).String(), "/")
	}
	p.say("请在 %d 分钟内打开这个链接设置新密码，只能用一次：\n  %s/set-password/%s\nOpen this link within %d minutes to set a new password; it works once.",
		int(account.LinkLife.Minutes()), cmp.Or(base, "http://<host>:<port>"), token, int(account.LinkLife.Minutes()))
	return nil
}

// accounts is the entrance over the stored accounts; done closes the database.
func (p *program) accounts() (a *account.Accounts, done func() error, err error) {
	c, err := p.settings()
	if err != nil {
		return nil, nil, err
	}
	keys, err := vault.OpenKeys(c.KeysDir, false)
	if err != nil {
		return nil, nil, noKeys(c.KeysDir, err)
	}
	policy, err := authz.New(policies.Model, policies.Lines)
	if err != nil {
		return nil, nil, fmt.Errorf("doorstep: policy: %w", err)
	}
	db, _, done, err := p.storage()
	if err != nil {
		return nil, nil, err
	}
	return account.New(db, policy, vault.NewHasher(keys), keys, p.Now), done, nil
}

// userResetFactor helps whoever lost his telephone and his recovery codes.
type userResetFactor struct {
	Name string `arg:"" help:"用户名。User name."`
}

// Run forgets the user's second factor and ends his sign-ins. It is noted in the
// office's history.
func (cmd userResetFactor) Run(p *program) (err error) {
	accounts, done, err := p.accounts()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	if err := accounts.ForgetFactor(p.ctx, cmd.Name); err != nil {
		if mediation.KeyOf(err) == "error.not_found" {
			return &sentence{misuse: true, zh: fmt.Sprintf("账号 %s 没有开启登录验证器。", cmd.Name),
				en: fmt.Sprintf("The account %s has no second factor.", cmd.Name)}
		}
		return noReset(cmd.Name, err)
	}
	p.say("%s 的登录验证器已重置，下次登录只要密码。\nThe second factor of %s is reset; the password alone signs in next time.", cmd.Name, cmd.Name)
	return nil
}

func noReset(name string, err error) error {
	switch mediation.KeyOf(err) {
	case "error.no_such_user":
		return &sentence{misuse: true, zh: fmt.Sprintf("没有用户名为 %s 的账号，请用 doorstep user list 查看。", name),
			en: fmt.Sprintf("No account has the user name %s; see doorstep user list.", name)}
	case "error.user_disabled":
		return &sentence{misuse: true, zh: fmt.Sprintf("账号 %s 已停用，请先由管理员启用。", name),
			en: fmt.Sprintf("The account %s is disabled; an administrator has to enable it first.", name)}
	}
	return fmt.Errorf("doorstep: user reset: %w", err)
}
