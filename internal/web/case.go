package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"doorstep/internal/casework"
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// casePage is the one page of a case, for every reader: what he may not see was
// never given to it.
type casePage struct {
	Page
	View     *casework.View
	C        *mediation.Case
	Heading  string
	Pills    []Pill
	Next     Notice
	Primary  *Action
	Groups   []actGroup
	Steps    *Steps
	Due      *mediation.Deadline
	Caucuses []mediation.CaucusNote
	Opened   bool // read with a typed reason: nothing can be done from here
}

// actGroup is some of the acts the reader may do, under one heading.
type actGroup struct {
	Name    string
	Actions []Action
}

// caseRoutes are the addresses of a case beside its acts.
func (s *Site) caseRoutes() []route {
	return []route{
		{http.MethodGet, "/cases/:case", s.showCase, "case", "read"},
		{http.MethodGet, "/cases/:case/file-opening", s.askOpening, "case", "open_file"},
		{http.MethodPost, "/cases/:case/file-opening", s.openFile, "case", "open_file"},
		{http.MethodGet, "/cases/:case/signatures/:signature", s.sendInk, "signature", "read"},
		{http.MethodGet, "/cases/:case/accesses", s.showAccesses, "access_log", "read"},
		{http.MethodGet, "/cases/:case/parties/:party/identity", s.askReveal, "identity", "reveal"},
		{http.MethodPost, "/cases/:case/parties/:party/identity", s.reveal, "identity", "reveal"},
		{http.MethodGet, "/cases/:case/parties/:party/code", s.askCode, "code", "issue"},
		{http.MethodPost, "/cases/:case/parties/:party/code", s.giveCode, "code", "issue"},
		{http.MethodGet, "/cases/:case/parties/:party/invitation", s.askInvitation, "code", "invite"},
		{http.MethodPost, "/cases/:case/parties/:party/invitation", s.invite, "code", "invite"},
	}
}

// caseID reads the case of the address; what is no id is not there.
func caseID(c echo.Context) (mediation.CaseID, error) {
	id, err := uuid.Parse(c.Param("case"))
	if err != nil {
		return "", &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
	}
	return mediation.CaseID(id.String()), nil
}

func (s *Site) crumbs(p Page, v *casework.View) []Crumb {
	if v.Me != nil && v.As == mediation.RoleCodeHolder {
		return []Crumb{{p.T("nav.mycase"), "/my-case"}}
	}
	return []Crumb{{p.T("nav.cases"), "/cases"}, {caseName(p, v.Case), casePath(v.Case.ID, "")}}
}

// caseName is the number a case is called by: its own, or that of the register.
func caseName(_ Page, c *mediation.Case) string {
	if c.Number != "" {
		return c.Number
	}
	return c.IntakeNumber
}

// showCase is the case's page. Legal staff who were not asked about a case of
// their area are led to the page that wants a reason.
func (s *Site) showCase(c echo.Context) error {
	id, err := caseID(c)
	if err != nil {
		return err
	}
	ctx, a := c.Request().Context(), actor(c)
	v, err := s.Desk.Case(ctx, a, id)
	if mediation.KindOf(err) == mediation.NotFound && s.Can(a, "case", "open_file") {
		return c.Redirect(http.StatusSeeOther, casePath(id, "file-opening"))
	}
	if err != nil {
		return err
	}
	p := s.casePage(c, v)
	if len(v.Case.Caucuses) > 0 {
		if p.Caucuses, err = s.Desk.Caucus(ctx, a, id); err != nil {
			return err
		}
	}
	return s.show(c, http.StatusOK, "case/show", p)
}

func (s *Site) casePage(c echo.Context, v *casework.View) casePage {
	p := casePage{Page: s.page(c), View: v, C: v.Case, Due: v.Case.NextDue()}
	p.Heading = heading(p.Page, v.Case)
	p.Title = caseName(p.Page, v.Case)
	p.Crumbs = s.crumbs(p.Page, v)[:1]
	p.Pills = pills(p.Page, v.Case)
	p.Next = next(p.Page, v)
	p.Primary, p.Groups = actions(p.Page, v)
	if v.Me != nil {
		p.Steps = progress(p.Page, v)
	}
	return p
}

// heading is the title, or the type where the reader does not see the story.
func heading(p Page, c *mediation.Case) string {
	switch {
	case c.Title != "":
		return c.Title
	case c.Subtype != "":
		return p.Code(string(statute.DisputeSubtypes), c.Subtype)
	}
	return p.Code(string(statute.DisputeTypes), c.Type)
}

// pills are the marks under the heading; each says in words what its colour means.
func pills(p Page, c *mediation.Case) []Pill {
	list := []Pill{p.Stage(c.Stage)}
	if c.Grade != "" {
		list = append(list, Pill{ToneQuiet, "scale", p.Code(string(statute.Grades), c.Grade)})
	}
	if c.Track != "" {
		list = append(list, Pill{ToneQuiet, "users", p.T("track." + string(c.Track))})
	}
	if state := c.Performance(); state != "" && (c.Stage == mediation.Effective || c.Stage == mediation.FollowedUp) {
		tone := map[string]Tone{"overdue": ToneAlarm, "disputed": ToneAlarm, "breached": ToneAlarm, "performed": ToneGood}[state]
		list = append(list, Pill{orTone(tone, ToneWait), "handshake", p.T("performance." + state)})
	}
	if c.Hold {
		list = append(list, Pill{ToneAlarm, "shield-alert", p.T("case.hold")})
	}
	if c.Restricted {
		list = append(list, Pill{ToneWait, "lock", p.T("case.restricted")})
	}
	if c.Lapsed {
		list = append(list, Pill{ToneAlarm, "calendar-clock", p.T("case.lapsed")})
	}
	return list
}

func orTone(t, fallback Tone) Tone {
	if t == "" {
		return fallback
	}
	return t
}

// reader is the kind of reader the sentences on what comes next are written for.
func reader(v *casework.View) string {
	if v.Me != nil {
		return "party"
	}
	return string(v.As)
}

// next says in one sentence what comes now, for this reader and this stage:
// next.<stage>.<reader>, else next.<stage>. Every stage has one.
func next(p Page, v *casework.View) Notice {
	n := Notice{Tone: ToneInform, Title: p.T("case.next")}
	stage := "next." + string(v.Case.Stage)
	keys := []string{stage + "." + reader(v), stage}
	if v.Case.Stage == mediation.ConsentPending && v.Case.Refused() != nil {
		keys = append([]string{"next.refused." + reader(v), "next.refused"}, keys...)
	} else if v.Case.Stage == mediation.ConsentPending && v.Case.AllConsent() {
		keys = append([]string{"next.all_consent." + reader(v), "next.all_consent"}, keys...)
	}
	if v.Case.Stage == mediation.Escalated && v.Case.Advised() != "" {
		keys = append([]string{"next.advised." + reader(v), "next.advised"}, keys...)
	}
	if v.Case.Lapsed {
		keys = append([]string{"next.lapsed." + reader(v), "next.lapsed"}, keys...)
	}
	if v.Case.Stage == mediation.FollowedUp && v.Case.Clock(statute.D14bSecondVisit) != nil {
		keys = append([]string{"next.second_visit." + reader(v), "next.second_visit"}, keys...)
	}
	for _, key := range keys {
		if p.Has(key) {
			n.Text = p.T(key)
			break
		}
	}
	n.Text += toEscalate(p, v)
	return movedNotice(p, v, n)
}

// toEscalate tells who may ask legal staff what the file shows for it; "" for
// nothing.
func toEscalate(p Page, v *casework.View) string {
	if !v.May(mediation.Escalate) {
		return ""
	}
	var grounds []string
	for _, code := range v.Case.ShownGrounds(statute.DateOf(p.Now)) {
		grounds = append(grounds, p.Code(string(statute.EscalationReasons), code))
	}
	if len(grounds) == 0 {
		return ""
	}
	return p.T("next.may_escalate", "grounds", strings.Join(grounds, p.T("next.and")))
}

// preferred is the act a stage is waiting for, the first that the reader may do.
var preferred = map[mediation.Stage][]mediation.Action{
	mediation.Submitted:      {mediation.RegisterCase},
	mediation.Supplement:     {mediation.GiveSupplement},
	mediation.Registered:     {mediation.AskOtherSide},
	mediation.ConsentPending: {mediation.Accept, mediation.GiveConsent, mediation.LogContact, mediation.Refuse},
	mediation.Accepted:       {mediation.Assign, mediation.EnterCourtTrack, mediation.ChooseMediator},
	mediation.Assigned:       {mediation.Schedule, mediation.AcceptMediator},
	mediation.RecusalReview:  {mediation.ReplaceMediator},
	mediation.Scheduled:      {mediation.OpenSession},
	mediation.InMediation:    {mediation.LogSession, mediation.DraftAgreement},
	mediation.Adjourned:      {mediation.Resume},
	mediation.Escalated: {mediation.DecideReview, mediation.Reassign, mediation.ReferToCourt, mediation.TakeReferral,
		mediation.Terminate},
	mediation.CourtTrack: {mediation.CourtAgreed, mediation.CourtEnded},
	mediation.AgreementDraft: {mediation.ReviewAgreement, mediation.Sign, mediation.Countersign, mediation.AffixSeal,
		mediation.RequestReview},
	mediation.Effective:   {mediation.AffixSeal, mediation.JoinConfirmation, mediation.SettleDispute, mediation.ReportPerformed, mediation.FollowUp, mediation.Urge},
	mediation.FollowedUp:  {mediation.AffixSeal, mediation.JoinConfirmation, mediation.Visit, mediation.CloseCase},
	mediation.Terminated:  {mediation.CloseCase},
	mediation.Withdrawn:   {mediation.CloseCase},
	mediation.NotAccepted: {mediation.CloseCase},
	mediation.ReferredOut: {mediation.CloseCase},
	mediation.Closed:      {mediation.Archive},
}

// actions sorts what the reader may do: the one thing the stage waits for, and
// the rest by what it is about.
func actions(p Page, v *casework.View) (*Action, []actGroup) {
	var primary *Action
	var first mediation.Action
	for _, a := range preferred[v.Case.Stage] {
		if a == mediation.JoinConfirmation && v.Me == nil {
			continue // the parties' own step; the office only writes it down
		}
		if d, ok := deedOf(a); ok && v.May(a) && (a != mediation.Terminate || v.Case.Advised() == "terminate") {
			primary, first = button(p, v.Case, d, ActionPrimary), a
			break
		}
	}
	groups := []actGroup{}
	for _, name := range []string{"proceed", "record", "people", "safety", "end"} {
		g := actGroup{Name: p.T("group." + name)}
		for _, d := range deeds {
			if d.group == name && d.action != first && v.May(d.action) && d.action != mediation.UpdateParty {
				kind := ActionPlain
				if d.danger {
					kind = ActionDanger
				}
				g.Actions = append(g.Actions, *button(p, v.Case, d, kind))
			}
		}
		if len(g.Actions) > 0 {
			groups = append(groups, g)
		}
	}
	return primary, groups
}

func button(p Page, c *mediation.Case, d deed, kind ActionKind) *Action {
	return &Action{Label: p.T("act." + string(d.action) + ".title"), URL: casePath(c.ID, d.noun), Kind: kind}
}

// progress is a resident's way through the procedure in six steps.
func progress(p Page, v *casework.View) *Steps {
	order := [][]mediation.Stage{
		{mediation.Submitted, mediation.Supplement},
		{mediation.Registered, mediation.ConsentPending},
		{mediation.Accepted, mediation.Assigned, mediation.RecusalReview, mediation.Scheduled},
		{mediation.InMediation, mediation.Adjourned, mediation.Escalated, mediation.CourtTrack},
		{mediation.AgreementDraft},
		{mediation.Effective, mediation.FollowedUp},
	}
	names := []string{"filed", "registered", "mediator", "talks", "agreement", "performance"}
	now := slices.IndexFunc(order, func(set []mediation.Stage) bool { return slices.Contains(set, v.Case.Stage) })
	stopped := now < 0
	if stopped {
		now = reached(v, order)
	}
	steps := &Steps{}
	for i, name := range names {
		step := Step{Label: p.T("progress." + name), State: StepNext}
		switch {
		case i < now:
			step.State = StepDone
		case i == now && stopped && v.Case.EffectiveOn.IsZero():
			step.State, step.Note = StepStopped, p.Stage(v.Case.Stage).Text
		case i == now && stopped:
			step.State = StepDone
		case i == now:
			step.State, step.Note = StepNow, p.Stage(v.Case.Stage).Text
		}
		if stopped && i > now {
			break
		}
		steps.Steps = append(steps.Steps, step)
	}
	return steps
}

// reached is the furthest step an ended case came to, read off its history.
func reached(v *casework.View, order [][]mediation.Stage) int {
	far := 0
	for _, e := range v.History {
		for i, set := range order {
			if i > far && slices.Contains(set, e.To) {
				far = i
			}
		}
	}
	return far
}
