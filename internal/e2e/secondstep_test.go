package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/pquerna/otp/totp"
)

// code waits for a time step that was not used yet and gives its six digits.
func (p *person) code(secret string, used *int64) string {
	p.t.Helper()
	for time.Now().Unix()/30 <= *used {
		time.Sleep(200 * time.Millisecond)
	}
	now := time.Now()
	*used = now.Unix() / 30
	code, err := totp.GenerateCode(secret, now)
	if err != nil {
		p.t.Fatal(err)
	}
	return code
}

// screen makes the window so many pixels wide.
func (p *person) screen(width int64) {
	p.t.Helper()
	call(p, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: screenHeight, DeviceScaleFactor: 1})
}

// secondStep sets a second factor up, signs in with it, and gives it up again.
func (h *house) secondStep(t *testing.T) {
	p := h.staff(t, h.program, "mediator", manner{script: true, axe: true})
	seen := func(what string) {
		t.Helper()
		p.look()
		if testing.Verbose() {
			t.Logf("%s: %s", what, p.picture(what))
			p.screen(1280)
			t.Logf("%s: %s", what, p.picture(what+" wide"))
			p.screen(screenWidth)
		}
	}
	p.open("/account/second-factor")
	seen("before")
	p.send()
	seen("scan")
	secret, used := strings.ReplaceAll(p.text(".secret-text"), " ", ""), int64(0)
	p.fill("code", p.code(secret, &used))
	p.send()
	seen("codes")
	recovery, _, _ := strings.Cut(strings.TrimSpace(p.text(".codes")), " ")
	p.open("/account")
	seen("account")
	p.press("form[action='/account/everywhere/end'] button")
	p.wantPath(`^/sign-in$`)
	p.fill("login", p.program.logins["mediator"])
	p.fill("password", p.program.password)
	p.send()
	p.wantPath(`^/sign-in/code$`)
	seen("step")
	p.fill("code", recovery)
	p.send()
	p.wantPath(`^/desk$`)
	for _, page := range []string{"", "/codes", "/new", "/end"} {
		p.open("/account/second-factor" + page)
		seen("factor" + page)
	}
	p.fill("code", p.code(secret, &used))
	p.send()
	p.wantPath(`^/account$`)
	p.open("/account?lang=en")
	seen("account in English")
	p.open("/account/second-factor")
	seen("before in English")
}
