package mediation

import (
	"slices"
	"strconv"
	"strings"

	"doorstep/internal/statute"
)

// Ending is the end of a mediation without agreement: the ground of the list,
// its reason, and the other lawful ways told (PML 26).
type Ending struct {
	Code   string `form:"code"` // T01 ... T11
	Reason string `form:"reason"`
	Told   bool   `form:"told"`
}

func (a Ending) write(c *Case, s *Scene, by Action) error {
	f := Faults{}
	f.Choice("code", a.Code, statute.Terminations)
	f.Require("reason", a.Reason)
	f.Limit("reason", a.Reason, MaxStory)
	if !a.Told {
		f.Mark("told", "rule.remedies_told")
	}
	if err := f.Err(); err != nil {
		return err
	}
	if a.Code == "T05" && !c.silent(s.Office.Contacts) {
		return refuse("contact_first", "local")
	}
	if a.Code == "T09" && !c.endangered() { // what is handed over starts its clock and its paper (F22)
		return refuse("danger_first", "PML 25; ADVL 14; MPL 11")
	}
	if a.Code == "T06" && !c.Lapsed {
		return refuse("period_running", "MOJ02 33")
	}
	c.dropDraft(s)
	c.overtake(s, by)
	c.OutcomeCode, c.OutcomeText = a.Code, strings.TrimSpace(a.Reason)
	c.tellRemedies(a.Code)
	s.Code("code", a.Code)
	return nil
}

// overtake closes what the end of the case came before: a request to legal
// staff, and a referral, which is called back from a court that has not answered
// and ended at one that has.
func (c *Case) overtake(s *Scene, by Action) {
	if e := c.review("case"); e != nil {
		e.Outcome, e.AnsweredAt = "overtaken", s.Now
	}
	for i := range c.Referrals {
		r := &c.Referrals[i]
		if to, ok := referralMoves[r.State][by]; ok {
			r.State, r.Result, r.EndedAt = to, "overtaken", s.Now
		}
	}
}

// Failure is the mediator's or chair's end of talks that came to nothing
// (row 37).
type Failure struct{ Ending }

// Action is the act's word.
func (Failure) Action() Action { return Fail }

// Apply allows, once a draft lies open, only the refusal to sign (T07) and a
// party's no (T01).
func (a Failure) Apply(c *Case, s *Scene) error {
	if c.opened() != nil {
		return refuse("record_first", "PML 27")
	}
	if c.Stage == AgreementDraft && a.Code != "T07" && a.Code != "T01" {
		return refuse("draft_lies_open", "ONL22 25")
	}
	if c.Stage != AgreementDraft && a.Code == "T07" {
		return refuse("no_draft", "ONL22 25")
	}
	return a.write(c, s, Fail)
}

// Termination is the chair's formal end (row 26 and decision 3): T01 from any
// stage after registration, T09 from any stage without asking anybody, T05 only
// after acceptance, the rest while the committee holds the case.
type Termination struct{ Ending }

// Action is the act's word.
func (Termination) Action() Action { return Terminate }

// Apply checks the ground against the stage. From an escalation the chair
// follows the opinion of legal staff, except when a party says no or a crime
// shows.
func (a Termination) Apply(c *Case, s *Scene) error {
	free := a.Code == "T09" || a.Code == "T01"
	switch {
	case a.Code == "T09":
	case a.Code == "T01" && (c.Stage == Submitted || c.Stage == Supplement):
		return refuse("register_first", "PML 27")
	case !free && slices.Contains(unaccepted, c.Stage):
		return refuse("not_accepted_yet", "PML 17")
	case !free && c.Stage == Escalated && c.advised() != "terminate":
		return refuse("review_says_otherwise", "PML 5")
	}
	return a.write(c, s, Terminate)
}

// Withdrawal is the applicant's own end before an agreement takes effect
// (row 38, PML 23). The other side is told.
type Withdrawal struct {
	Reason  string `form:"reason"`
	Settled bool   `form:"settled"` // they settled it between themselves (T11)
	By      string `form:"how"`     // how the applicant said it, when a clerk writes it down
}

// Action is the act's word.
func (Withdrawal) Action() Action { return Withdraw }

// Apply needs the filing side; every other party gets a notice.
func (a Withdrawal) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.Limit("reason", a.Reason, MaxStory)
	p := c.actorParty(s.By)
	if p == nil {
		f.Choice("how", a.By, statute.ContactMeans)
	}
	if err := f.Err(); err != nil {
		return err
	}
	if p != nil && p.Side != Applicant {
		return refuse("applicants_only", "PML 23")
	}
	c.OutcomeText, c.OutcomeCode = strings.TrimSpace(a.Reason), ""
	if a.Settled {
		c.OutcomeCode = "T11"
	}
	c.tellRemedies("T11")
	c.dropDraft(s)
	c.overtake(s, Withdraw)
	s.Code("settled", map[bool]string{true: "yes"}[a.Settled])
	return nil
}

// Closing is the chair's closing of the case with the check-list of papers
// (row 40, F25).
type Closing struct {
	Papers  []string `form:"papers"`  // forms at hand: F01, F03, ...
	Missing string   `form:"missing"` // why a must, the second visit or the answer to the sender is not there
	Summary string   `form:"summary"`
}

// Action is the act's word.
func (Closing) Action() Action { return CloseCase }

// Apply needs every must of the list at hand, the second visit made and the sender
// of the case answered (NB15 19), or the reason why not.
func (a Closing) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.Limit("summary", a.Summary, MaxStory)
	f.Limit("missing", a.Missing, MaxStory)
	for _, paper := range c.PapersDue() {
		if paper.Need == "must" && !slices.Contains(a.Papers, paper.Form) && strings.TrimSpace(a.Missing) == "" {
			f.Mark("papers", "rule.paper_missing")
		}
	}
	if strings.TrimSpace(a.Missing) == "" {
		switch {
		case c.Clock(statute.D14bSecondVisit) != nil:
			f.Mark("missing", "rule.second_visit")
		case c.Feedback() != nil:
			f.Mark("missing", "rule.answer_sender")
		}
	}
	if err := f.Err(); err != nil {
		return err
	}
	for _, r := range c.Risks {
		if r.MustReport && r.ReportedAt.IsZero() {
			return refuse("report_first", "PML 25")
		}
	}
	if c.Clock(statute.D21Major) != nil {
		return refuse("major_first", "local")
	}
	if slices.Contains([]string{ConfirmationFiled, ConfirmationTaken, ConfirmationObjected}, c.ConfirmationState()) {
		return refuse("confirmation_open", "CPL 206")
	}
	if c.ConfirmationState() == ConfirmationProposed {
		return refuse("confirmation_gathering", "CPL 205")
	}
	if c.unsealed() {
		return refuse("seal_first", "INV16 24")
	}
	c.endAssignments(s, "closed")
	c.Missing = strings.TrimSpace(a.Missing)
	c.Summary = strings.TrimSpace(a.Summary)
	c.ClosedBy, c.ClosedAt = s.By.User, s.Now
	return nil
}

// PapersDue is the check-list of the volume for this case (section 3.3).
func (c *Case) PapersDue() []statute.RequiredPaper {
	agreed := c.Agreement() != nil && !c.EffectiveOn.IsZero()
	facts := statute.VolumeFacts{Accepted: !c.AcceptedAt.IsZero(), Agreed: agreed, Terminated: c.EndedAs == Terminated,
		Withdrawn: c.EndedAs == Withdrawn, Performed: c.Performance() == "performed" && agreed, FollowedUp: len(c.FollowUps) > 0, Investigated: len(c.Inquiries) > 0,
		Confirmation: c.filed(), Oral: agreed && c.Agreement().Form == "oral"}
	for _, p := range c.Parties {
		facts.ByAgent = facts.ByAgent || p.AgentName != ""
	}
	return statute.RequiredPapers(facts)
}

// Bindable says whether the case has come so far that a volume can be made of
// it: the dispute has ended, or its agreement has taken effect.
func (c *Case) Bindable() bool {
	return c.Stage.Final() || c.Stage == FollowedUp || !c.EffectiveOn.IsZero()
}

// massCase is how many people make a dispute one of many (flag R2-MASS).
const massCase = 10

// ProposedRetention is the retention class the archive clerk is shown first.
func (c *Case) ProposedRetention() string {
	class, _ := c.RetentionGround()
	return class
}

// RetentionGround is the proposed retention class with what it rests on.
func (c *Case) RetentionGround() (class, ground string) {
	_, persons := c.Sides()
	a := c.Agreement()
	f := statute.RetentionFacts{Oral: a != nil && a.Form == "oral", Grade: c.Grade, Subtype: c.Subtype, MassCase: persons >= massCase,
		SeriousInjury: slices.Contains(c.GradeFacts, "injury"), Death: slices.Contains(c.GradeFacts, "death")}
	for _, p := range c.Parties {
		f.Minor = f.Minor || p.Capacity == "minor"
	}
	return statute.RetentionGround(f)
}

// Archiving puts the closed volume away (row 41). From then on it is read only,
// and says what it said that day: its papers are kept as they stand.
type Archiving struct {
	Retention string `form:"retention"`
	Why       string `form:"why"` // why the class is another than the proposed one
	Pages     int    `form:"pages"`
	Checked   bool   `form:"checked"`
}

// Action is the act's word.
func (Archiving) Action() Action { return Archive }

// Apply needs the retention class, with a reason when it is not the proposed one,
// the page count and the quality check. How many years the class is kept is the
// committee's setting of the day, and stays with the volume.
func (a Archiving) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.Choice("retention", a.Retention, statute.Retention)
	f.Limit("why", a.Why, MaxLine)
	proposed := c.ProposedRetention()
	if a.Retention != proposed {
		f.Require("why", a.Why)
	}
	if a.Pages < 1 || a.Pages > 5000 {
		f.Mark("pages", "error.number")
	}
	if !a.Checked {
		f.Mark("checked", "rule.quality_check")
	}
	if err := f.Err(); err != nil {
		return err
	}
	if clock, ends := statute.RetentionClock(a.Retention); ends { // it keeps the years of today, whatever is set later
		c.startClock(s, clock, "")
		s.Code("years", strconv.Itoa(s.Office.Limits.Term(clock).N))
	}
	c.ArchivedBy, c.ArchivedAt = s.By.User, s.Now
	c.filePapers(s)
	s.Code("retention", a.Retention)
	if a.Retention != proposed {
		c.RetentionWhy = strings.TrimSpace(a.Why)
		s.Code("proposed", proposed)
	}
	return nil
}

// Reopening asks for a new, linked case; the closed one is never edited
// (row 42). Where the court did not confirm the agreement the parties may mediate
// again at once (CPL 206; PML 33), and the case need not be closed for it.
type Reopening struct {
	Why    string `form:"why"` // performance, confirmation_refused, error
	Reason string `form:"reason"`
}

// Action is the act's word.
func (Reopening) Action() Action { return Reopen }

// Apply checks the reason; the desk opens the linked case in the same breath.
func (a Reopening) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.OneOf("why", a.Why, "performance", "confirmation_refused", "error")
	f.Require("reason", a.Reason)
	f.Limit("reason", a.Reason, MaxStory)
	if err := f.Err(); err != nil {
		return err
	}
	if a.Why == "confirmation_refused" && !c.unconfirmed() {
		return fieldFault("why", "rule.not_refused_by_court", "CPL 206")
	}
	if c.Stage != Closed && c.Stage != Archived && a.Why != "confirmation_refused" {
		return refuse("close_first", "PML 32")
	}
	s.Code("why", a.Why)
	return nil
}

// unconfirmed says whether the court did not confirm the agreement, or took its
// ruling back.
func (c *Case) unconfirmed() bool {
	return slices.Contains([]string{ConfirmationRejected, ConfirmationNotTaken, ConfirmationRevoked}, c.ConfirmationState())
}
