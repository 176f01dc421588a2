package config

import (
	"net"
	"net/mail"
	"strconv"
)

// SMTP is how mails are sent; without a Host none are.
type SMTP struct {
	Host     string // host:port of the mail server
	Security string // "starttls", "tls" or "none"
	User     string // empty for a server that asks for none
	Password Secret
	From     string // address mails come from, with a name or without
}

const (
	keySMTPHost     = "DOORSTEP_SMTP_HOST"
	keySMTPSecurity = "DOORSTEP_SMTP_TLS"
	keySMTPUser     = "DOORSTEP_SMTP_USER"
	keySMTPPassword = "DOORSTEP_SMTP_PASSWORD" //nolint:gosec // the name of a setting
	keySMTPFrom     = "DOORSTEP_SMTP_FROM"
)

func setSMTPHost(c *Config, text string) *Problem {
	if text == "" {
		return nil
	}
	host, port, err := net.SplitHostPort(text)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil || host == "" {
		return unfit(keySMTPHost, "请写成 主机:端口，例如 smtp.example.cn:587", "write host:port, for example smtp.example.cn:587")
	}
	c.SMTP.Host = text
	return nil
}

func setSMTPSecurity(c *Config, text string) *Problem {
	switch text {
	case "starttls", "tls", "none":
		c.SMTP.Security = text
		return nil
	}
	return unfit(keySMTPSecurity, "只能是 starttls、tls 或 none（不加密，仅限本机）", "write starttls, tls or none (not encrypted, for this machine only)")
}

func setSMTPUser(c *Config, text string) *Problem {
	c.SMTP.User = text
	return nil
}

func setSMTPPassword(c *Config, text string) *Problem {
	c.SMTP.Password = Secret(text)
	return nil
}

func setSMTPFrom(c *Config, text string) *Problem {
	if text == "" {
		return nil
	}
	if _, err := mail.ParseAddress(text); err != nil {
		return unfit(keySMTPFrom, "请写发件地址，例如 tiaojie@example.cn", "write the address mails come from, for example tiaojie@example.cn")
	}
	c.SMTP.From = text
	return nil
}

// checkSMTP: a server without a sender, or a password without its user, would be
// found out by the first mail that does not arrive.
func (c *Config) checkSMTP() []*Problem {
	switch {
	case c.SMTP.Host != "" && c.SMTP.From == "":
		return []*Problem{unfit(keySMTPFrom, "设了 DOORSTEP_SMTP_HOST 就要设发件地址", "DOORSTEP_SMTP_HOST needs the address mails come from")}
	case c.SMTP.Password != "" && c.SMTP.User == "":
		return []*Problem{unfit(keySMTPUser, "有密码就要有用户名", "the password needs its user name")}
	case c.SMTP.User != "" && c.SMTP.Security == "none":
		return []*Problem{unfit(keySMTPSecurity, "不加密的连接不能发送密码，请用 starttls 或 tls",
			"a password is not sent over a connection that is not encrypted; use starttls or tls")}
	}
	return nil
}
