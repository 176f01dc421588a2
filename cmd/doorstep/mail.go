package main

import (
	"fmt"
	"strings"

	"github.com/google/uuid"

	"doorstep/internal/config"
	"doorstep/internal/locale"
	"doorstep/internal/notice"
	"doorstep/templates"
)

// mailCommand looks after the delivery of mails.
type mailCommand struct {
	Test mailTest `cmd:"" help:"发一封测试邮件。Send a test mail."`
}

// mailTest sends one mail with the settings as they are.
type mailTest struct {
	Address string `arg:"" help:"收件地址。Address to send to."`
}

// Run sends the mail at once, past the outbox, and tells the server's own words
// when it refuses.
func (cmd mailTest) Run(p *program) error {
	c, err := p.settings()
	if err != nil {
		return err
	}
	if c.SMTP.Host == "" {
		return &sentence{misuse: true, zh: "还没有设置邮件服务器，请设置 DOORSTEP_SMTP_HOST。", en: "No mail server is set; set DOORSTEP_SMTP_HOST."}
	}
	to, err := notice.CheckAddress(cmd.Address)
	if err != nil {
		return &sentence{misuse: true, zh: fmt.Sprintf("%q 不是邮件地址。", cmd.Address), en: fmt.Sprintf("%q is no mail address.", cmd.Address)}
	}
	words, err := locale.Load(templates.FS)
	if err != nil {
		return fmt.Errorf("doorstep: mail test: %w", err)
	}
	base := ""
	if c.BaseURL != nil {
		base = strings.TrimSuffix(c.BaseURL.String(), "/")
	}
	subject, text := notice.Letter(words, notice.Trial, base, "")
	if err := smtpOf(c).Send(p.ctx, notice.Mail{ID: uuid.NewString(), To: to, Subject: subject, Text: text}); err != nil {
		return &sentence{zh: fmt.Sprintf("邮件服务器 %s 没有收下这封邮件。", c.SMTP.Host), en: fmt.Sprintf("The mail server %s did not take the mail.", c.SMTP.Host), err: err}
	}
	p.say("邮件服务器 %s 收下了发给 %s 的测试邮件。\nThe mail server %s took the test mail to %s.", c.SMTP.Host, to, c.SMTP.Host, to)
	return nil
}

func smtpOf(c config.Config) notice.SMTP {
	return notice.SMTP{Host: c.SMTP.Host, Security: notice.Security(c.SMTP.Security), User: c.SMTP.User, Password: c.SMTP.Password.Reveal(), From: c.SMTP.From}
}
