package paper

import (
	"slices"
	"strings"
	"testing"
	"time"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// TestANoteOfAnAdjournmentIsNoResult: what was written when the talks paused does
// not stand in the closing report or the answer to the sender.
func TestANoteOfAnAdjournmentIsNoResult(t *testing.T) {
	c := sentToCourt()
	c.OutcomeText = "等蒋师傅出维修报价"
	for _, form := range []string{"F25", "F23"} {
		if text := written(mustBuild(t, form, c, "")); strings.Contains(text, "等蒋师傅") || !strings.Contains(text, "达成书面调解协议") {
			t.Errorf("%s:\n%s", form, text)
		}
	}
}

// TestHowAnEndWithoutAnAgreementIsTold: what was settled outside is no failure,
// and a withdrawal gives its reason.
func TestHowAnEndWithoutAnAgreementIsTold(t *testing.T) {
	for _, tt := range []struct {
		code, want, not string
		stage           mediation.Stage
	}{
		{"T05", "未达成协议：在期限内联系不上当事人（T05）。", "撤回", mediation.Terminated},
		{"T11", "双方自行和解，申请人撤回（T11）。", "未达成协议", mediation.Withdrawn},
		{"", "申请人撤回申请。", "未达成协议", mediation.Withdrawn},
	} {
		c := gym()
		c.OutcomeCode, c.Stage, c.EndedAs = tt.code, tt.stage, tt.stage
		text := written(mustBuild(t, "F25", c, ""))
		if !strings.Contains(text, tt.want) || strings.Contains(text, tt.not) || !strings.Contains(text, c.OutcomeText) {
			t.Errorf("%q: want %q and not %q in\n%s", tt.code, tt.want, tt.not, text)
		}
	}
}

// TestAWithdrawalHasItsNotice: the other side reads that the mediation is over,
// when, and what it may do, also after the case is closed (row 38).
func TestAWithdrawalHasItsNotice(t *testing.T) {
	for _, stage := range []mediation.Stage{mediation.Withdrawn, mediation.Closed, mediation.Archived} {
		for code, cause := range map[string]string{"T11": "终止原因：双方自行和解，申请人撤回（T11）", "": "终止原因：申请人撤回申请"} {
			c := gym()
			c.Stage, c.EndedAs, c.OutcomeCode, c.OutcomeText = stage, mediation.Withdrawn, code, ""
			p := mustBuild(t, "F14", c, "")
			for _, g := range p.Missing {
				if g.What == "reason" || g.What == "decided_on" {
					t.Errorf("%s %q: the notice wants %s", stage, code, g.What)
				}
			}
			text := written(p)
			for _, want := range []string{cause, "申请人已撤回申请，调解终止", "途径", "2026年6月10日"} {
				if !strings.Contains(text, want) {
					t.Errorf("%s %q: no %q in\n%s", stage, code, want, text)
				}
			}
		}
	}
	c := gym()
	c.Stage, c.EndedAs, c.OutcomeCode = mediation.Closed, mediation.Effective, ""
	if canTerminate(c) {
		t.Error("what was performed was terminated")
	}
}

// TestAMatterEndedBeforeAcceptance: violence at home is handed on. The other side
// was never asked: no notice of rights is drawn up, the notice of the end is for
// the applicant alone, and the register does not say that anybody is being asked.
func TestAMatterEndedBeforeAcceptance(t *testing.T) {
	c := quarrel()
	for i := range c.Parties {
		c.Parties[i].RightsAt, c.Parties[i].Consent = time.Time{}, ""
	}
	c.Stage, c.EndedAs, c.OutcomeCode, c.OutcomeText, c.EndedAt = mediation.Terminated, mediation.Terminated, "T09", "已报告公安机关。", at(5, 11, 11)
	if slices.ContainsFunc(Choices(c), func(ch Choice) bool { return ch.Form == "F03" }) {
		t.Error("rights of a mediation that never was are told")
	}
	p := mustBuild(t, "F14", c, "")
	if to := p.Blocks[0].Text[0]; to != "韩雪：" {
		t.Errorf("the notice of the end is for %q", to)
	}
	if text := written(mustBuild(t, "F02", c, "")); !strings.Contains(text, "处理结果：终止：涉嫌违法犯罪") {
		t.Errorf("the register:\n%s", text)
	} else if strings.Contains(text, "被申请人签名") {
		t.Error("who was never asked has a place to sign")
	}
	c.Parties[0].RightsAt = at(5, 11, 9)
	if _, err := Build("F03", c, "", desk(on(6, 1))); err != nil {
		t.Errorf("who was told of rights has no notice: %v", err)
	}
	if to := mustBuild(t, "F14", gym(), "").Blocks[0].Text[0]; to != "九名会员代表、健身房：" {
		t.Errorf("after acceptance the notice is for %q", to)
	}
}

// TestTheNoticeOfRightsIsOfTheFirstTime: a second session tells the rights again;
// the notice keeps the day before the first.
func TestTheNoticeOfRightsIsOfTheFirstTime(t *testing.T) {
	c := leak()
	c.Parties[0].RightsAt = at(5, 20, 19)
	if text := written(mustBuild(t, "F03", c, "p1")); !strings.Contains(text, "2026年5月15日已告知（口头告知）") {
		t.Errorf("told too late:\n%s", text)
	}
	c.Parties[0].RightsAt = at(5, 12, 9)
	if text := written(mustBuild(t, "F03", c, "p1")); !strings.Contains(text, "2026年5月12日已告知（书面签收）") {
		t.Errorf("an earlier notice is lost:\n%s", text)
	}
}

// TestTheNoticeOfAcceptanceNamesThePeriodAsItStood: neither an extension nor a
// standstill since then moves the day the parties were told.
func TestTheNoticeOfAcceptanceNamesThePeriodAsItStood(t *testing.T) {
	c := fumes()
	term := statute.Term{N: 30, Unit: statute.CalendarDays}
	paused := statute.DefaultCalendar().ReckonPaused(c.AcceptedAt, term, 21)
	c.Deadlines[0] = mediation.Deadline{Kind: statute.D06Mediation, Term: term, Starts: c.AcceptedAt, Due: paused.Due, PausedDays: 21, Reckoning: paused.Steps}
	if text := written(mustBuild(t, "F04", c, "p2")); !strings.Contains(text, "2026年6月10日前办结") {
		t.Errorf("after a standstill:\n%s", text)
	}
	c = clutter()
	if text := written(mustBuild(t, "F04", c, "p2")); strings.Contains(text, "办结") {
		t.Errorf("settled at once and still given a period:\n%s", text)
	}
}

// TestBracketsAreNotNestedAlike: what has round brackets stands in square ones.
func TestBracketsAreNotNestedAlike(t *testing.T) {
	text := written(mustBuild(t, "F25", gym(), ""))
	if !strings.Contains(text, "申请人：九名会员代表〔推选代表，代表9人（户）〕") {
		t.Errorf("a group:\n%s", text)
	}
	for _, make := range []func() *mediation.Case{noise, leak, dog, lift, clutter, fee, gym, parking, fumes, sentToCourt, confirmed, quarrel} {
		c := make()
		for _, ch := range Choices(c) {
			for _, piece := range mustBuild(t, ch.Form, c, ch.Item).Texts() {
				if depth := nested(piece); depth > 1 {
					t.Errorf("%s nests round brackets: %q", ch.Form, piece)
				}
			}
		}
	}
}

func nested(text string) int {
	depth, most := 0, 0
	for _, r := range text {
		switch r {
		case '（':
			depth++
		case '）':
			depth--
		}
		most = max(most, depth)
	}
	return most
}

// TestPartiesPapersBearNoLetterhead: an application or a power of attorney is the
// party's own paper.
func TestPartiesPapersBearNoLetterhead(t *testing.T) {
	for form, c := range map[string]*mediation.Case{"F01": noise0(), "F16": confirmed(), "F19": fee(), "F10": noise0()} {
		item := mediation.ItemID("")
		if form == "F19" {
			item = "p1"
		}
		if got := mustBuild(t, form, c, item).Office; (got == "") != (form != "F10") {
			t.Errorf("above %s stands %q", form, got)
		}
	}
}

// TestNoReportOfACaseThatGoesOn: the volume of a case whose promises are open has
// no closing report yet.
func TestNoReportOfACaseThatGoesOn(t *testing.T) {
	report := func(c *mediation.Case) bool {
		return slices.ContainsFunc(pieces(t, c), func(p Piece) bool { return p.Form == "F25" })
	}
	open := noise()
	open.Obligations[0].State = mediation.ObligationPending
	if report(open) || !report(noise()) {
		t.Errorf("with open promises %v, with none %v", report(open), report(noise()))
	}
}

// TestAMatterHandedOnWasNotRefused: the register says where it went, also where the
// reader is not told of the transfer itself.
func TestAMatterHandedOnWasNotRefused(t *testing.T) {
	c := handedOn()
	c.OutcomeCode, c.EndedAt = "NA07", at(5, 12, 10)
	for _, want := range []string{"处理结果：2026年5月12日移送枫桥里社区人民调解委员会", "处理结果：2026年5月12日移送其他单位"} {
		if text := written(mustBuild(t, "F02", c, "")); !strings.Contains(text, want) || strings.Contains(text, "不予受理") {
			t.Errorf("the register says\n%s", text)
		}
		c.Transfers = nil
	}
}
