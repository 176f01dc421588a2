package e2e

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// harmless is where leaving quickly leads.
const harmless = "https://www.gov.cn/"

// filing is what a resident writes into the three fields.
type filing struct{ facts, area, place, phone string }

func aFiling() filing {
	return filing{facts: "楼上卫生间漏水，把我家天花板泡坏了，找过两次都说再看看。希望有人帮忙把话说开。", area: "榆园社区", place: "3 号楼 402",
		phone: "13900000042"}
}

var receiptCode = regexp.MustCompile(`^\d{4}( \d{4}){5}$`)

// file files a dispute from the front door and gives the receipt code.
func (p *person) file(f filing) string {
	p.t.Helper()
	p.open("/")
	p.press("main a[href='/file']")
	p.fill("facts", f.facts)
	p.chooseLike("area", f.area)
	p.fill("place", f.place)
	p.fill("phone", f.phone)
	p.tick("privacy")
	p.send()
	p.wantPath(`^/receipt$`)
	code := p.text(".receipt-code")
	if !receiptCode.MatchString(code) {
		p.fail("the receipt shows the code %q", code)
	}
	return code
}

// fileNothing sends the empty form: it comes back, says how many faults there are,
// and leads to the first.
func (p *person) fileNothing() {
	p.t.Helper()
	p.open("/file")
	p.watch.forgive("422")
	p.press("main form.form .form-end button")
	p.watch.forgive("")
	p.wantText("#summary h2", "4") // three answers and the consent
	p.touch("#summary a")
	if !p.find("#f-facts").Held {
		p.fail("the list of faults does not lead to the box")
	}
}

// follow asks after a case by its code.
func (p *person) follow(code string) {
	p.t.Helper()
	p.open("/follow")
	p.fill("code", code)
	p.send()
	p.wantPath(`^/my-case$`)
}

// fileAndFollow is the way of somebody who has a dispute and no account.
func (p *person) fileAndFollow() {
	p.t.Helper()
	p.fileNothing()
	code := p.file(aFiling())
	number := p.text(".receipt-number strong")
	p.press("form[action='/receipt'] button")
	p.wantPath(`^/my-case$`)
	p.open("/receipt")
	if said := p.text("main"); strings.Contains(said, code) {
		p.fail("the code is shown a second time")
	}
	p.leaveQuickly()
	p.follow(code)
	p.wantText("main", number)
	p.wantText("main", "楼上卫生间漏水")
	p.wantText(".steps [aria-current=step]", "已提交")
	p.leaveQuickly()
}

// leaveQuickly presses the red button: the visit ends, and with script the
// screen goes on to a harmless site at once.
func (p *person) leaveQuickly() {
	p.t.Helper()
	if !p.script {
		p.press("form.leave button")
	} else {
		p.touch("form.leave button")
		for until := time.Now().Add(pageTime); !slices.Contains(p.watch.elsewhere(), harmless); time.Sleep(5 * time.Millisecond) {
			if time.Now().After(until) {
				p.fail("leaving does not go on to %s", harmless)
			}
		}
		p.watch.told() // that site is out of reach here
	}
	p.open("/my-case")
	p.wantPath(`^/(follow|sign-in)`)
	if said := p.text("main"); strings.Contains(said, "漏水") {
		p.fail("the case can still be read after leaving")
	}
}
