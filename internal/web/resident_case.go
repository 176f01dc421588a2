package web

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"doorstep/internal/casework"
	"doorstep/internal/ledger"
	"doorstep/internal/mediation"
	"doorstep/internal/office"
	"doorstep/internal/statute"
)

// myNotices is how many of the last notices are shown.
const myNotices = 5

// myCasePage is a case for the party who follows it by code.
type myCasePage struct {
	casePage
	Own     bool // the reader filed it: he reads his own words
	Checked bool // the identity was checked (level 2)
	Meeting *mediation.Session
	Lead    *mediation.Assignment
	About   Facts
	Notices []ledger.Notice
	Rest    []Action // what he may do beside the main act
	Answer  bool     // he was asked whether he is willing and has not answered
	Said    string   // what he answered and may still change; "" for neither
	Points  []office.Point
	Renew   Action
	Onward  *Action // to the case that follows, where his code leads on
}

// showMyCase is one's own case by code, in plain words. Whoever has an account
// reads it on the case's own page.
func (s *Site) showMyCase(c echo.Context) error {
	v, err := s.byMyCode(c)
	if err != nil {
		return err
	}
	if v == nil {
		return c.Redirect(http.StatusSeeOther, "/cases")
	}
	p := myCasePage{casePage: s.casePage(c, v), Own: v.Me.Side == mediation.Applicant, Checked: v.Me.Identity >= mediation.LevelChecked}
	p.Crumbs, p.Title = nil, p.T("resident.my_case")
	p.Meeting, p.Lead = v.Case.NextSession(), v.Case.Lead()
	p.About = about(p.Page, v)
	if k := movedOn(v); k != nil {
		p.Onward = &Action{Label: p.T("transfer.onward"), URL: "/my-case/onward", Kind: ActionPrimary, Icon: "send", Post: true}
	}
	p.sort()
	notices, err := s.Ledger.Notices(c.Request().Context(), actor(c), "")
	if err != nil {
		return err
	}
	p.Notices = notices.Rows[:min(myNotices, len(notices.Rows))]
	if p.Points, err = s.pointsOf(c, v.Case.Committee); err != nil {
		return err
	}
	p.Renew = Action{Label: p.T("resident.renew"), URL: "/my-case/code", Icon: "key-round", Post: true, Note: p.T("resident.renew_note")}
	return s.show(c, http.StatusOK, "resident/my-case", p)
}

// byMyCode reads the case a code opened; nil for whoever is signed in instead.
func (s *Site) byMyCode(c echo.Context) (*casework.View, error) {
	a := actor(c)
	if a.Code == nil {
		if a.SignedIn() {
			return nil, nil //nolint:nilnil // his cases are in his list
		}
		return nil, &mediation.Error{Kind: mediation.Unauthenticated, Key: "error.unauthenticated"}
	}
	v, err := s.Desk.Case(c.Request().Context(), a, a.Code.Case)
	if err == nil && v.Me == nil {
		err = &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
	}
	return v, err
}

// needSight are the acts on an agreement: nobody signs what he cannot read, so
// they wait until the identity was checked.
var needSight = []mediation.Action{mediation.Sign, mediation.RefuseToSign, mediation.ReportPerformed, mediation.WaiveObligation,
	mediation.ProposeConfirmation, mediation.JoinConfirmation, mediation.LeaveConfirmation, mediation.DeclineConfirmation, mediation.DropConfirmation}

// sort puts the acts in a resident's order: the answer he was asked for has its
// own page, the mediator's acts stand beside the mediator.
func (p *myCasePage) sort() {
	me := p.View.Me
	p.Answer = me.Consent == "" && p.View.May(mediation.GiveConsent)
	if !p.Own && (p.View.May(mediation.GiveConsent) || p.View.May(mediation.Decline)) {
		p.Said = me.Consent
	}
	if p.Primary != nil && (p.Answer || !p.Checked && p.needsSight(p.Primary.URL) || p.Primary.URL == p.URL("consent")) {
		p.Primary = nil
	}
	if p.Answer {
		p.Primary = &Action{Label: p.T("resident.answer_title"), URL: "/my-case/answer", Kind: ActionPrimary, Icon: "messages-square"}
	}
	beside := []mediation.Action{mediation.AcceptMediator, mediation.AskRecusal, mediation.AttachFile, mediation.GiveConsent, mediation.Decline}
	for _, d := range deeds {
		hidden := slices.Contains(beside, d.action) || !p.Checked && slices.Contains(needSight, d.action) ||
			!p.Own && d.action == mediation.Withdraw // an application is withdrawn by whoever made it
		url := casePath(p.C.ID, d.noun)
		if hidden || !p.View.May(d.action) || p.Primary != nil && p.Primary.URL == url {
			continue
		}
		kind := ActionPlain
		if d.danger {
			kind = ActionDanger
		}
		p.Rest = append(p.Rest, *button(p.Page, p.C, d, kind))
	}
}

func (p *myCasePage) needsSight(url string) bool {
	return slices.ContainsFunc(needSight, func(a mediation.Action) bool {
		d, ok := deedOf(a)
		return ok && url == casePath(p.C.ID, d.noun)
	})
}

// about tells what a case is about in the words of the register: the other side
// reads no accusation, and nothing of how to reach the neighbour.
func about(p Page, v *casework.View) Facts {
	c := v.Case
	kind := p.Code(string(statute.DisputeTypes), c.Type)
	if c.Subtype != "" {
		kind += " · " + p.Code(string(statute.DisputeSubtypes), c.Subtype)
	}
	f := Facts{}
	for _, line := range []Fact{
		{Label: p.T("case.intake_number"), Value: c.IntakeNumber}, {Label: p.T("case.number"), Value: c.Number},
		{Label: p.T("case.type"), Value: kind}, {Label: p.T("case.area"), Value: v.Area}, {Label: p.T("case.committee"), Value: v.Committee.Name},
		{Label: p.T("case.filed_at"), Value: p.Date(c.FiledAt)},
	} {
		if line.Value != "" {
			f.Facts = append(f.Facts, line)
		}
	}
	return f
}

// pointsOf are the places where the committee is found; all there are when it
// named none.
func (s *Site) pointsOf(c echo.Context, committee mediation.CommitteeID) ([]office.Point, error) {
	all, err := s.Office.Points(c.Request().Context(), actor(c))
	if err != nil {
		return nil, err
	}
	own := slices.DeleteFunc(slices.Clone(all), func(x office.Point) bool { return x.Committee != string(committee) })
	if len(own) == 0 {
		own = all
	}
	return own[:min(welcomePoints, len(own))], nil
}

// changeCode gives the holder of a code a new one, when somebody may have seen
// it; the old one and every visit it opened end at once.
func (s *Site) changeCode(c echo.Context) error {
	a := actor(c)
	if a.Code == nil {
		return &mediation.Error{Kind: mediation.Unauthenticated, Key: "error.unauthenticated"}
	}
	v, err := s.byMyCode(c)
	if err != nil {
		return err
	}
	code, err := s.Desk.NewCode(c.Request().Context(), a, a.Code.Case, a.Code.Party)
	if err != nil {
		return err
	}
	s.setCookie(c, codeCookie, "")
	r, _ := s.slipOf(c, mediation.Visitor(), casework.Receipt{Case: a.Code.Case, IntakeNumber: v.Case.IntakeNumber, Code: code})
	r.Renewed = true
	return s.giveReceipt(c, r)
}

// MoreSight says how to see what a code alone does not show.
func (p myCasePage) MoreSight() Notice {
	return Notice{Tone: ToneInform, Title: p.T("resident.more_sight"), Text: p.T("resident.more_sight_text")}
}
