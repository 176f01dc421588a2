package main

import (
	"strings"
	"testing"

	"doorstep/internal/notice/noticetest"
)

func TestMailTestSendsOneMailWithTheSettings(t *testing.T) {
	server := noticetest.Start(t, false)
	home := "HOME=" + t.TempDir()
	got := run(t, []string{home, "DOORSTEP_SMTP_HOST=" + server.Addr, "DOORSTEP_SMTP_TLS=none", "DOORSTEP_SMTP_FROM=tiaojie@example.cn"}, "mail", "test", "li@example.cn")
	if letters := server.Letters(); got.code != exitGood || len(letters) != 1 || letters[0].To != "li@example.cn" || !strings.Contains(letters[0].Subject, "测试邮件") {
		t.Errorf("%+v; took %+v", got, letters)
	}
	got = run(t, []string{home, "DOORSTEP_SMTP_HOST=" + server.Addr, "DOORSTEP_SMTP_FROM=tiaojie@example.cn"}, "mail", "test", "li@example.cn")
	if got.code != exitFailed || !strings.Contains(got.errout, "did not take the mail") || len(server.Letters()) != 1 {
		t.Errorf("a certificate nobody vouches for: %+v", got)
	}
	for address, environ := range map[string][]string{"li@example.cn": {home}, "li": {home, "DOORSTEP_SMTP_HOST=" + server.Addr, "DOORSTEP_SMTP_FROM=a@b.cn"}} {
		if got := run(t, environ, "mail", "test", address); got.code != exitRefused {
			t.Errorf("%s: %+v", address, got)
		}
	}
}
