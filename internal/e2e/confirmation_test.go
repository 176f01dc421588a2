package e2e

import (
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
)

// fromFilingToConfirmation carries a dispute to an agreement that a court confirms:
// one side joins the application on its phone by a code, the other on paper, whose
// scan the mediator sends; the court takes its file and rules, and each reads on its
// phone what comes next.
func (o *office) fromFilingToConfirmation() {
	o.t.Helper()
	code := o.takeIn(filing{"楼上空调滴水，把我家阳台的柜子泡坏了。", "榆园社区", "6 号楼 301", "13900000046"})
	o.settle()
	o.sign()
	applicant, respondent := o.visitor(o.t, o.program, "applicant's phone", o.m), o.visitor(o.t, o.program, "respondent's phone", o.m)
	applicant.follow(code)
	respondent.follow(o.codeFor(2))

	applicant.act("confirmation/proposal")
	applicant.chooseNth("court", 1)
	applicant.send()
	applicant.wantPath(`^/my-case$`)
	o.join(applicant, "榆园 6 号楼 301 室")
	applicant.wantText("main", "您已加入")
	court := o.browser.staff(o.t, o.program, "court_clerk", o.m)
	court.open("/cases")
	court.fill("q", o.number)
	court.send()
	if court.has("main table a[href^='/cases/']") {
		court.fail("a court reads an application that one side alone has joined")
	}
	o.joinOnPaper("高先生", "榆园 6 号楼 401 室")
	for _, p := range []*person{applicant, respondent} {
		p.open("/my-case")
		p.wantText("main", "已申请")
	}
	if !respondent.has("#confirmation a[href*='/files/']") || applicant.has("#confirmation a[href*='/files/']") {
		respondent.fail("the sheet is for whoever signed it, and for nobody else of the parties")
	}

	court.seek(o.number)
	if !court.has("main a[href$='/confirmation/file']") {
		court.fail("the court finds no file to take")
	}
	court.act("confirmation/acceptance")
	court.fill("ref", "（2026）示0001民特31号")
	court.done()
	respondent.open("/my-case")
	respondent.wantText("main", "（2026）示0001民特31号")
	court.act("confirmation/ruling")
	court.fill("ref", "（2026）示0001民特31号之一")
	court.fill("served", court.day(0).Format("2006-01-02"))
	court.done()
	court.wantText("main", "已确认")
	for _, p := range []*person{applicant, respondent} {
		p.open("/my-case")
		p.wantText("main", "已确认")
		p.wantText("main", "强制执行")
	}
}

// codeFor gives a party, by its place on the case page, a code to follow with, as
// the clerk does for somebody at her desk.
func (o *office) codeFor(nth int) string {
	p := o.as("coordinator")
	p.press("main .party:nth-of-type(" + string(rune('0'+nth)) + ") a[href$='/code']")
	p.send()
	code := p.text(".secret-text")
	if !receiptCode.MatchString(code) {
		p.fail("the code reads %q", code)
	}
	return code
}

// join lets a party read the application and join it, with where the court is to
// serve it.
func (o *office) join(p *person, at string) {
	p.open("/my-case")
	p.act("confirmation/joining")
	p.wantText("main", "没有恶意串通")
	p.fill("serve_to", at)
	p.tick("read")
	p.send()
	p.wantPath(`^/my-case$`)
}

// joinOnPaper lets the mediator write down that a party signed the application on
// paper, with the scan of the sheet.
func (o *office) joinOnPaper(name, at string) {
	o.t.Helper()
	p := o.as("mediator")
	p.act("confirmation/joining")
	p.chooseLike("party", name)
	p.tick("how", "paper")
	p.give("file", o.scan())
	p.fill("serve_to", at)
	p.tick("read")
	p.done()
}

// scan is a picture of a sheet of paper.
func (o *office) scan() string {
	o.t.Helper()
	path := filepath.Join(o.t.TempDir(), "sheet.jpg")
	file, err := os.Create(path)
	if err == nil {
		err = jpeg.Encode(file, image.NewGray(image.Rect(0, 0, 210, 297)), nil)
	}
	if err != nil || file.Close() != nil {
		o.t.Fatal(err)
	}
	return path
}
