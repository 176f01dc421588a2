package e2e

import (
	"fmt"
	"regexp"
	"strconv"
	"testing"
	"time"
)

// office is the people a dispute meets on its way, each at a screen of his own.
type office struct {
	*house
	t      *testing.T
	m      manner
	number string // the case's in the register
	path   string // the case's
	staff  map[string]*person
}

func (h *house) office(t *testing.T, m manner) *office {
	t.Helper()
	return &office{house: h, t: t, m: m, staff: map[string]*person{}}
}

// as gives the person who holds the role, signed in, with the case open: found
// through the list the first time, and by its address after that.
func (o *office) as(role string) *person {
	o.t.Helper()
	p := o.staff[role]
	if p == nil {
		p = o.browser.staff(o.t, o.program, role, o.m)
		o.staff[role] = p
		p.seek(o.number)
		return p
	}
	p.open(o.path)
	return p
}

// act opens the page of an act from the case, by its button.
func (p *person) act(noun string) {
	p.t.Helper()
	p.press(fmt.Sprintf("main a[href$='/%s']", noun))
}

// done sends the form of an act and comes back to the case.
func (p *person) done() {
	p.t.Helper()
	p.send()
	p.wantPath(`^/cases/[0-9a-f-]{36}$`)
}

var today = regexp.MustCompile(`(\d{4})年(\d+)月(\d+)日`)

// day is the demonstration's date, some days on.
func (p *person) day(later int) time.Time {
	p.t.Helper()
	m := today.FindStringSubmatch(p.text(".demo"))
	if m == nil {
		p.fail("the banner does not tell the date: %q", p.text(".demo"))
	}
	var n [3]int
	for i, s := range m[1:] {
		n[i], _ = strconv.Atoi(s)
	}
	return time.Date(n[0], time.Month(n[1]), n[2]+later, 0, 0, 0, 0, time.UTC)
}

// takeIn brings a new filing to an opened session: what every case has in
// common, whoever ends it.
func (o *office) takeIn(f filing) string {
	code := o.fileOne(f)
	o.register()
	o.askOtherSide()
	o.acceptAndAssign()
	o.meet()
	return code
}

func (o *office) fileOne(f filing) (code string) {
	p := o.visitor(o.t, o.program, "applicant", o.m)
	code = p.file(f)
	o.number = p.text(".receipt-number strong")
	p.press("form[action='/receipt'] button")
	return code
}

// register is the clerk's: she finds the new case, sees that nobody is in danger,
// and puts down what the filing left open.
func (o *office) register() {
	p := o.as("coordinator")
	o.path = p.where()
	p.act("registration")
	p.fill("title", "楼上漏水泡坏天花板")
	p.choose("type", "02")
	p.fill("applicant", "沈阿姨")
	p.fill("respondent", "楼上住户高先生")
	p.choose("capacity", "adult")
	p.fill("phone", "13900000043")
	p.fill("request", "修好漏水，赔偿重新粉刷的费用。")
	p.fill("amount", "1800")
	p.tick("risk_screen")
	p.done()
}

// seek finds a case by its number, through the menu of a small screen and the
// search of the list, and opens it.
func (p *person) seek(number string) {
	p.t.Helper()
	p.touch("button.menu-button")
	p.press("nav a[href='/cases']")
	p.fill("q", number)
	p.send()
	if !p.has("main table a[href^='/cases/']") {
		p.fail("no case %s among %.600q", number, p.text("main"))
	}
	p.press("main table a[href^='/cases/']")
	p.wantPath(`^/cases/[0-9a-f-]{36}$`)
	p.wantText("main .eyebrow", number)
}

func (o *office) askOtherSide() {
	p := o.as("coordinator")
	p.act("question")
	p.chooseLike("party", "高先生")
	p.chooseNth("means", 1)
	p.tick("reached")
	p.fill("note", "高先生接了电话，说愿意听听。")
	p.done()
	p.act("consent")
	p.chooseLike("party", "高先生")
	p.chooseNth("how", 1)
	p.done()
}

func (o *office) acceptAndAssign() {
	p := o.as("chair")
	p.act("acceptance")
	p.done()
	p.wantText("main .eyebrow", "·") // the case has a number of its own now
	p.act("assignment")
	p.tick("track", "party_member")
	p.chooseLike("lead", "陈国栋")
	p.choose("lead_relation", "none")
	p.tick("chosen_by", "committee")
	p.done()
}

// meet is the mediator's first session: planned, opened with everybody known and
// told of his rights, and written down.
func (o *office) meet() {
	p := o.as("mediator")
	p.act("sessions")
	p.fill("at", p.day(1).Format("2006-01-02")+"T09:30")
	p.fill("place", "榆园社区老娘舅工作室")
	p.tick("mode", "joint")
	p.done()
	p.act("sessions/opening")
	for i := range 2 {
		at := fmt.Sprintf("attendance[%d].", i)
		p.tick(at + "present")
		p.tick(at + "identity")
		p.tick(at+"rights", "signed")
	}
	p.done()
	p.act("sessions/record")
	p.fill("statements[0].text", "天花板从三月起一直滴水，重新粉刷要一千八。")
	p.fill("statements[1].text", "水管是老的，我愿意修，钱能不能少一点。")
	p.fill("confirmed", "漏水来自楼上卫生间的水管。")
	p.fill("negotiation", "对方提出先修再谈钱。")
	p.tick("result", "continues")
	p.tick("introduced")
	p.tick("risks_told")
	p.tick("read_back")
	p.done()
	p.wantText("main", "漏水来自楼上卫生间的水管")
}

// escalate asks legal staff to look at the case.
func (o *office) escalate(summary string) {
	p := o.as("mediator")
	p.act("escalation")
	p.chooseNth("reason", 1)
	p.fill("summary", summary)
	p.done()
}

// fromFilingToClosing carries a new dispute from the front door to its closing
// with a settlement, with an escalation on the way.
func (o *office) fromFilingToClosing() {
	o.t.Helper()
	code := o.takeIn(filing{"厨房顶上一直漏水，物业说管不了，楼上不开门。", "榆园社区", "5 号楼 201", "13900000044"})
	o.escalate("漏水的责任在房主还是物业，拿不准。")
	p := o.as("legal_officer")
	p.act("escalation/guidance")
	p.fill("opinion", "户内水管由房主负责，可以接着调解。")
	p.done()
	o.as("mediator").wantText("main", "户内水管由房主负责")
	o.settle()
	o.sign()
	o.perform()
	o.close()

	p = o.visitor(o.t, o.program, "applicant again", o.m)
	p.follow(code)
	p.wantText(".pills", "结案")
}

// settle writes the agreement down with two obligations.
func (o *office) settle() {
	p := o.as("mediator")
	p.act("agreement")
	p.fill("facts", "楼上水管漏水，泡坏楼下厨房天花板。")
	p.fill("settled", "楼上修好水管，并赔一千二百元。")
	o.promise(p, 0, "更换漏水的水管", "", 5)
	p.press("button[name='_add'][value='obligations']")
	o.promise(p, 1, "赔偿粉刷费用", "1200", 10)
	p.tick("law_checked")
	p.tick("third_checked")
	p.tick("free_will")
	p.done()
	p.wantText("main", "1,200")
}

// promise fills one row of the agreement: the respondent owes the applicant.
func (o *office) promise(p *person, row int, what, amount string, days int) {
	at := fmt.Sprintf("obligations[%d].", row)
	p.chooseLike(at+"by", "高先生")
	p.chooseLike(at+"to", "沈阿姨")
	if amount == "" {
		p.chooseNth(at+"kind", 2)
	} else {
		p.chooseNth(at+"kind", 1)
		p.fill(at+"amount", amount)
	}
	p.fill(at+"what", what)
	p.fill(at+"due", p.day(days).Format("2006-01-02"))
	p.fill(at+"how", "当面交接")
}

// sign puts all names under the agreement: one side writes its name on the
// mediator's screen where there is script and a hand, the other signs on paper,
// then the mediator, and last the committee's seal, with which it takes effect.
func (o *office) sign() {
	drawn := o.m.script && !o.m.keys
	for i, name := range []string{"沈阿姨", "高先生"} {
		p := o.as("mediator")
		p.act("agreement/signature")
		p.chooseLike("party", name)
		if drawn && i == 0 {
			p.tick("how", "in_person")
			p.draw(".pad canvas")
			p.tick("agreed")
		} else {
			p.tick("how", "paper")
		}
		p.done()
		if drawn != p.has("details.ink img") {
			p.fail("a drawn name is shown: %v, want %v", !drawn, drawn)
		}
	}
	p := o.as("mediator")
	p.act("agreement/countersignature")
	p.done()
	p = o.as("chair")
	p.act("agreement/seal")
	p.done()
	p.wantText(".pills", "生效")
}

func (o *office) perform() {
	p := o.as("mediator")
	for _, what := range []string{"更换漏水的水管", "赔偿粉刷费用"} {
		p.act("performance")
		p.chooseLike("obligation", what)
		p.fill("proof", "双方当面确认，有收条。")
		p.done()
	}
	p.act("follow-up")
	p.chooseNth("means", 1)
	p.fill("situation", "水不漏了，钱也收到了。")
	p.tick("satisfaction", "satisfied")
	p.done()
}

func (o *office) close() {
	p := o.as("chair")
	p.act("closure")
	p.tickAll("papers")
	p.fill("summary", "协议全部履行，双方和好。")
	p.done()
	p.wantText(".pills", "结案")
}

// fromFilingToCourt carries a dispute to the circuit court on the advice of
// legal staff and by the chair's referral, and takes the court's result.
func (o *office) fromFilingToCourt() {
	o.t.Helper()
	o.takeIn(filing{"楼上装修砸坏了我家的水管，赔偿一直谈不拢。", "榆园社区", "2 号楼 101", "13900000045"})
	o.escalate("双方对赔多少差得太远，一方想要法院的说法。")
	p := o.as("legal_officer")
	p.act("escalation/decision")
	p.tick("outcome", "court")
	p.fill("opinion", "建议移送巡回法庭。")
	p.done()

	p = o.as("chair")
	p.act("referral")
	p.chooseNth("court", 1)
	p.chooseNth("court_mode", 1)
	p.fill("reason", "按复核意见移送。")
	p.tickAll("agreed_by")
	p.done()

	p = o.as("court_clerk")
	p.act("referral/acknowledgement")
	p.fill("ref", "（2026）示0001民诉前调88号")
	p.done()
	p.act("referral/result")
	p.tick("kind", "court_mediation")
	p.fill("ref", "（2026）示0001民初99号")
	p.send()

	p = o.as("chair")
	p.wantText(".pills", "结案")
	p.wantText("main", "（2026）示0001民初99号")
}
