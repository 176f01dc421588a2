package mediation

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"doorstep/internal/statute"
)

// Escalation is a request that legal staff look at a case (F21). The file as it
// stood when asked is kept with it, so that a reader sees what changed since.
type Escalation struct {
	ID         ItemID          `json:"id"`
	Kind       string          `json:"kind"` // case or agreement
	Reason     string          `json:"reason"`
	Summary    string          `json:"summary"`
	AskedBy    UserID          `json:"asked_by,omitzero"`
	AskedAt    time.Time       `json:"asked_at"`
	AskedSeq   int             `json:"asked_seq"` // the last line of the history then
	Snapshot   json.RawMessage `json:"snapshot"`
	Opinion    string          `json:"opinion"`
	Outcome    string          `json:"outcome"` // return, reassign, court, terminate; approved, amend
	AnsweredBy UserID          `json:"answered_by,omitzero"`
	AnsweredAt time.Time       `json:"answered_at,omitzero"`
}

// The states of the escalation sub-machine, read off its fields.
const (
	EscalationOpen     = "open"
	EscalationAnswered = "answered"
)

// State is open until legal staff answered.
func (e Escalation) State() string {
	if e.AnsweredAt.IsZero() {
		return EscalationOpen
	}
	return EscalationAnswered
}

// Raise asks for a review (row 22).
type Raise struct {
	Reason  string `form:"reason"`
	Summary string `form:"summary"`
}

// Action is the act's word.
func (Raise) Action() Action { return Escalate }

// Apply needs a reason of the list and a summary. From the stage before a
// mediator is assigned only E06 (recusal leaves none) is a reason. No consent of
// the parties is needed (decision 6).
func (a Raise) Apply(c *Case, s *Scene) error {
	f := a.check()
	if c.Stage == Accepted && a.Reason != "" && a.Reason != "E06" {
		f.Mark("reason", "rule.only_e06")
	}
	if err := f.Err(); err != nil {
		return err
	}
	if c.opened() != nil {
		return refuse("record_first", "PML 27")
	}
	a.send(c, s)
	return nil
}

// When the file itself shows a ground to escalate.
const (
	fewDaysLeft    = 5 // of the period, or fewer (E02)
	sessionsFailed = 2 // or more without an agreement (E03)
)

// ShownGrounds are the grounds to escalate that the file itself shows on a day and
// nobody asked legal staff about yet: a difficult or major dispute, a period near
// its end, sessions that failed, a mediator who left with nobody in his place, a
// danger. They are told to who may ask, and ask nobody by themselves (row 22).
func (c *Case) ShownGrounds(today statute.Date) []string {
	failed := 0
	for _, v := range c.Sessions {
		if v.State == "recorded" && (v.Result == "no_agreement" || v.Result == "continues") {
			failed++
		}
	}
	clock := c.Clock(statute.D06Mediation)
	shown := []struct {
		code  string
		holds bool
	}{
		{"E01", c.Grade == "L3" || c.Grade == "L4"},
		{"E02", clock != nil && clock.PausedAt.IsZero() && !c.Lapsed && statute.DateOf(clock.Due).Sub(today) <= fewDaysLeft},
		{"E03", failed >= sessionsFailed},
		{"E06", c.Stage == Accepted && slices.ContainsFunc(c.Recusals, func(r Recusal) bool { return r.State == "replaced" })},
		{"E08", c.endangered()},
	}
	var codes []string
	for _, g := range shown {
		asked := slices.ContainsFunc(c.Escalations, func(e Escalation) bool { return e.Kind == "case" && e.Reason == g.code })
		if g.holds && !asked && (c.Stage != Accepted || g.code == "E06") { // before a mediator is assigned, E06 alone is a ground
			codes = append(codes, g.code)
		}
	}
	return codes
}

func (a Raise) check() Faults {
	f := Faults{}
	f.Choice("reason", a.Reason, statute.EscalationReasons)
	f.Require("summary", a.Summary)
	f.Limit("summary", a.Summary, MaxStory)
	return f
}

// send puts the request before legal staff. Grade L4 and a risk do not wait
// three days.
func (a Raise) send(c *Case, s *Scene) {
	clock := statute.D10Review
	if c.Grade == "L4" || a.Reason == "E08" {
		clock = statute.D10Urgent
	}
	c.ask(s, "case", a.Reason, a.Summary)
	c.startClock(s, clock, s.subject)
	s.Code("reason", a.Reason)
}

// RaisedAgain is the chair's new request when the opinion cannot be followed:
// the court declined, or the parties do not agree to what was advised.
type RaisedAgain struct{ Raise }

// Action is the act's word.
func (RaisedAgain) Action() Action { return AskAgain }

// Apply needs the earlier request answered and no referral before a court; the
// stage stays, and so does the way back to where the case stood.
func (a RaisedAgain) Apply(c *Case, s *Scene) error {
	if err := a.check().Err(); err != nil {
		return err
	}
	if c.review("case") != nil {
		return refuse("review_open", "PML 5")
	}
	if c.referral(ReferralOffered) != nil {
		return refuse("referral_open", "INV16 11")
	}
	a.send(c, s)
	return nil
}

func (c *Case) ask(s *Scene, kind, reason, summary string) {
	c.Escalations = append(c.Escalations, Escalation{ID: s.item(), Kind: kind, Reason: reason, Summary: strings.TrimSpace(summary),
		AskedBy: s.By.User, AskedAt: s.Now, AskedSeq: c.ChainSeq, Snapshot: c.Pack()})
}

// review is the open request of a kind; nil without one.
func (c *Case) review(kind string) *Escalation {
	for i := range c.Escalations {
		if e := &c.Escalations[i]; e.Kind == kind && e.AnsweredAt.IsZero() {
			return e
		}
	}
	return nil
}

// answer closes the open request. The second pair of eyes is another person's.
func (c *Case) answer(s *Scene, kind, outcome, opinion string) error {
	f := Faults{}
	f.Require("opinion", opinion)
	f.Limit("opinion", opinion, MaxStory)
	if err := f.Err(); err != nil {
		return err
	}
	e := c.review(kind)
	if e == nil {
		return refuse("no_review", "PML 5")
	}
	if e.AskedBy == s.By.User {
		return refuse("own_review", "PML 5")
	}
	e.Opinion, e.Outcome, e.AnsweredBy, e.AnsweredAt = strings.TrimSpace(opinion), outcome, s.By.User, s.Now
	s.About(e.ID)
	s.Code("outcome", outcome)
	return nil
}

// Guidance returns the case with a written opinion (row 23). It needs no formal
// act of the chair, since nothing is decided but advice.
type Guidance struct {
	Opinion string `form:"opinion"`
}

// Action is the act's word.
func (Guidance) Action() Action { return ReturnGuided }

// Apply answers the request; the case goes back to where it stood.
func (a Guidance) Apply(c *Case, s *Scene) error { return c.answer(s, "case", "return", a.Opinion) }

// Opinion is what legal staff say on what should follow (rows 24-26). The
// committee's chair then acts on it: legal staff guide, they do not command
// (PML 5, 7).
type Opinion struct {
	Outcome string `form:"outcome"` // reassign, court, terminate
	Opinion string `form:"opinion"`
}

// Action is the act's word.
func (Opinion) Action() Action { return DecideReview }

// Apply stores the opinion; the stage waits for the chair.
func (a Opinion) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.OneOf("outcome", a.Outcome, "reassign", "court", "terminate")
	if err := f.Err(); err != nil {
		return err
	}
	return c.answer(s, "case", a.Outcome, a.Opinion)
}

// advised is the last answer on the case, "" while none was given.
func (c *Case) advised() string {
	outcome := ""
	for _, e := range c.Escalations {
		if e.Kind == "case" && !e.AnsweredAt.IsZero() {
			outcome = e.Outcome
		}
	}
	if c.review("case") != nil {
		return ""
	}
	return outcome
}

// Reassignment gives the case to another mediator or committee after a review
// (row 24). The mediation period does not start again.
type Reassignment struct {
	Committee CommitteeID `form:"committee"` // "" keeps the committee and adds an expert or counsel
	Reason    string      `form:"reason"`
	AgreedBy  []PartyID   `form:"agreed_by"`
}

// Action is the act's word.
func (Reassignment) Action() Action { return Reassign }

// Apply needs the opinion of legal staff and the parties' consent to a new
// mediator.
func (a Reassignment) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.Require("reason", a.Reason)
	f.Limit("reason", a.Reason, MaxStory)
	if err := f.Err(); err != nil {
		return err
	}
	if c.advised() != "reassign" {
		return refuse("review_says_otherwise", "PML 5")
	}
	if err := c.allOf(a.AgreedBy, "agreed_by", "rule.parties_consent"); err != nil {
		return err
	}
	c.endAssignments(s, "reassigned")
	if a.Committee != "" {
		c.Committee = a.Committee
	}
	s.Code("reason", "reassigned")
	return nil
}

// ReviewAsked asks legal staff to read the draft agreement (row 28): free for
// L1 and L2, a must for L3 and L4.
type ReviewAsked struct {
	Summary string `form:"summary"`
}

// Action is the act's word.
func (ReviewAsked) Action() Action { return RequestReview }

// Apply opens the request.
func (a ReviewAsked) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.Limit("summary", a.Summary, MaxStory)
	if err := f.Err(); err != nil {
		return err
	}
	if c.review("agreement") != nil {
		return refuse("review_open", "PML 5")
	}
	c.ask(s, "agreement", "E01", a.Summary)
	c.startClock(s, statute.D10Review, s.subject)
	return nil
}

// DraftReviewed is the answer of legal staff on the draft (row 28).
type DraftReviewed struct {
	Outcome string `form:"outcome"` // approved or amend
	Opinion string `form:"opinion"`
}

// Action is the act's word.
func (DraftReviewed) Action() Action { return ReviewAgreement }

// Apply stores the answer with the draft's version.
func (a DraftReviewed) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.OneOf("outcome", a.Outcome, "approved", "amend")
	if err := f.Err(); err != nil {
		return err
	}
	if err := c.answer(s, "agreement", a.Outcome, a.Opinion); err != nil {
		return err
	}
	if draft := c.Agreement(); draft != nil && a.Outcome == "approved" {
		draft.ReviewedAt = s.Now
	}
	return nil
}

// Pack is the file as others may receive it: no caucus note, no negotiation
// note, no risk note, no contact data. It is frozen with the request it goes
// with.
func (c *Case) Pack() json.RawMessage {
	pack, err := json.Marshal(c.packed())
	if err != nil { // only texts, numbers and times: cannot happen
		return json.RawMessage("{}")
	}
	return pack
}

func (c *Case) packed() map[string]any {
	type sessionPack struct {
		Seq       int         `json:"seq"`
		At        time.Time   `json:"at"`
		Mode      string      `json:"mode"`
		Said      []Statement `json:"statements"`
		Confirmed string      `json:"confirmed_facts"`
		Result    string      `json:"result"`
	}
	var parties []map[string]any
	for _, p := range c.Active() {
		parties = append(parties, map[string]any{"id": p.ID, "side": p.Side, "name": p.Name, "capacity": p.Capacity, "agent": p.AgentName})
	}
	var sessions []sessionPack
	for _, v := range c.Sessions {
		if v.State == "recorded" && v.Mode == "joint" {
			sessions = append(sessions, sessionPack{v.Seq, v.At, v.Mode, v.Statements, v.Confirmed, v.Result})
		}
	}
	return map[string]any{
		"number": c.Number, "intake_number": c.IntakeNumber, "stage": c.Stage, "type": c.Type, "grade": c.Grade, "title": c.Title,
		"facts": c.Facts, "request": c.Request, "amount_fen": c.AmountFen, "parties": parties, "sessions": sessions,
		"agreements": c.Agreements, "obligations": c.Obligations, "accepted_at": c.AcceptedAt, "history_seq": c.ChainSeq,
	}
}
