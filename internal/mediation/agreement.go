package mediation

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"doorstep/internal/statute"
)

// Agreement is one version of what the parties settled on. A change makes a new
// version and voids every signature on the old one.
type Agreement struct {
	ID         ItemID    `json:"id"`
	Version    int       `json:"version_no"`
	Form       string    `json:"form"` // written or oral
	Facts      string    `json:"facts"`
	Settled    string    `json:"settled"`   // the issues settled
	Unsettled  string    `json:"unsettled"` // left open, and what may be done about them
	Mode       string    `json:"performance"`
	Partial    bool      `json:"partial"`
	Immediate  bool      `json:"immediate"` // performed on the spot
	Checked    []string  `json:"checklist"` // what was checked: law, third parties, free will
	Copies     int       `json:"copies"`    // parties + 1 (PML 29)
	By         UserID    `json:"by_user,omitzero"`
	At         time.Time `json:"at"`
	ReviewedAt time.Time `json:"reviewed_at,omitzero"`
	VoidedAt   time.Time `json:"voided_at,omitzero"`
}

// Signature is a name, a fingerprint or the seal under one version.
type Signature struct {
	ID        ItemID       `json:"id"`
	Agreement ItemID       `json:"agreement_id"`
	As        string       `json:"as_what"` // party, mediator, seal
	Party     PartyID      `json:"party_id,omitzero"`
	How       string       `json:"how"` // paper, in_person, online
	On        statute.Date `json:"on_day"`
	By        UserID       `json:"by_user,omitzero"`
	At        time.Time    `json:"at"`
	VoidedAt  time.Time    `json:"voided_at,omitzero"`
}

// Promise is one obligation as it is typed: who does what for whom, how much,
// by when and how. Nothing of it may be missing, so that "unclear content"
// (CPLI 358) cannot happen.
type Promise struct {
	By     PartyID      `form:"by"`
	To     PartyID      `form:"to"`
	Kind   string       `form:"kind"`
	What   string       `form:"what"`
	Amount string       `form:"amount"`
	Due    statute.Date `form:"due"`
	How    string       `form:"how"`
}

// blank says whether the row was left empty and can be dropped.
func (p Promise) blank() bool {
	return p.By == "" && strings.TrimSpace(p.What) == "" && strings.TrimSpace(p.Amount) == "" && p.Due.IsZero()
}

// Terms is the text of an agreement with its obligations.
type Terms struct {
	Facts        string    `form:"facts"`
	Settled      string    `form:"settled"`
	Unsettled    string    `form:"unsettled"`
	Promises     []Promise `form:"obligations"`
	Immediate    bool      `form:"immediate"`
	LawChecked   bool      `form:"law_checked"`
	ThirdChecked bool      `form:"third_checked"`
	FreeWill     bool      `form:"free_will"`
}

// check marks what is missing and gives the obligations.
func (t Terms) check(c *Case, s *Scene) (Faults, []Obligation) {
	f := Faults{}
	f.Require("settled", t.Settled)
	for field, value := range map[string]string{"facts": t.Facts, "settled": t.Settled, "unsettled": t.Unsettled} {
		f.Limit(field, value, MaxStory)
	}
	for field, done := range map[string]bool{"law_checked": t.LawChecked, "third_checked": t.ThirdChecked, "free_will": t.FreeWill} {
		if !done {
			f.Mark(field, "rule.checklist")
		}
	}
	var rows []Obligation
	for i, p := range t.Promises {
		if p.blank() {
			continue
		}
		rows = append(rows, p.read(c, s, f, fmt.Sprintf("obligations[%d].", i), len(rows)+1))
	}
	if len(rows) == 0 {
		f.Mark("obligations", "rule.obligation_needed")
	}
	return f, rows
}

func (p Promise) read(c *Case, s *Scene, f Faults, at string, seq int) Obligation {
	by, to := c.Party(p.By), c.Party(p.To)
	if by == nil {
		f.Mark(at+"by", "error.required")
	}
	if to == nil || p.By == p.To {
		f.Mark(at+"to", "error.required")
	}
	f.Choice(at+"kind", p.Kind, statute.ObligationKinds)
	f.Require(at+"what", p.What)
	f.Limit(at+"what", p.What, MaxLine)
	f.Require(at+"how", p.How)
	f.Limit(at+"how", p.How, MaxLine)
	amount := f.Amount(at+"amount", p.Amount)
	if p.Kind == "pay" && amount <= 0 {
		f.Mark(at+"amount", "error.amount")
	}
	switch {
	case p.Due.IsZero():
		f.Mark(at+"due", "error.required")
	case p.Due.Before(s.Today().Add(-30)):
		f.Mark(at+"due", "rule.in_the_past")
	}
	return Obligation{Seq: seq, By: p.By, To: p.To, Kind: p.Kind, What: strings.TrimSpace(p.What), AmountFen: amount, Due: p.Due,
		How: strings.TrimSpace(p.How), State: ObligationPending}
}

// write lays a new version to the case and voids what went before.
func (t Terms) write(c *Case, s *Scene, form string, rows []Obligation) {
	version := 1
	for i := range c.Agreements {
		old := &c.Agreements[i]
		version = max(version, old.Version+1)
		if old.VoidedAt.IsZero() {
			old.VoidedAt = s.Now
		}
	}
	for i := range c.Signatures {
		if c.Signatures[i].VoidedAt.IsZero() {
			c.Signatures[i].VoidedAt = s.Now
		}
	}
	a := Agreement{ID: s.item(), Version: version, Form: form, Facts: strings.TrimSpace(t.Facts), Settled: strings.TrimSpace(t.Settled),
		Unsettled: strings.TrimSpace(t.Unsettled), Partial: strings.TrimSpace(t.Unsettled) != "", Immediate: t.Immediate,
		Checked: []string{"law", "third_parties", "free_will"}, Copies: len(c.Active()) + 1, By: s.By.User, At: s.Now}
	c.Agreements = append(c.Agreements, a)
	for i := range c.Obligations {
		if c.Obligations[i].State == ObligationPending {
			c.Obligations[i].State = ObligationVoid
		}
	}
	for _, o := range rows {
		o.ID, o.Agreement = ItemID(s.NewID()), a.ID
		c.Obligations = append(c.Obligations, o)
	}
}

// Agreement is the version in force; nil while there is none.
func (c *Case) Agreement() *Agreement {
	for i := range c.Agreements {
		if c.Agreements[i].VoidedAt.IsZero() {
			return &c.Agreements[i]
		}
	}
	return nil
}

// Promised gives the obligations of the version in force.
func (c *Case) Promised() []Obligation {
	return slices.DeleteFunc(slices.Clone(c.Obligations), func(o Obligation) bool { return o.State == ObligationVoid })
}

// Draft is the mediator's text of a written agreement (row 27, F11).
type Draft struct{ Terms }

// Action is the act's word.
func (Draft) Action() Action { return DraftAgreement }

// Apply needs a recorded session, the check-list of legality, third parties and
// free will, and complete obligations (PML 28, 29; CPLI 358).
func (a Draft) Apply(c *Case, s *Scene) error {
	f, rows := a.check(c, s)
	if err := f.Err(); err != nil {
		return err
	}
	if err := c.settled(); err != nil {
		return err
	}
	a.write(c, s, "written", rows)
	return nil
}

// settled needs nobody to have said no, and the record of the session before
// its result is put in form.
func (c *Case) settled() error {
	if err := c.willing(); err != nil {
		return err
	}
	return c.recorded()
}

func (c *Case) recorded() error {
	if c.opened() != nil {
		return refuse("record_first", "PML 27")
	}
	for _, v := range c.Sessions {
		if v.State == "recorded" {
			return nil
		}
	}
	return refuse("record_first", "PML 27")
}

// Revision replaces the draft by a new version.
type Revision struct{ Terms }

// Action is the act's word.
func (Revision) Action() Action { return ReviseAgreement }

// Apply voids the old version with its signatures.
func (a Revision) Apply(c *Case, s *Scene) error {
	f, rows := a.check(c, s)
	if err := f.Err(); err != nil {
		return err
	}
	a.write(c, s, "written", rows)
	return nil
}

// Signing is one party's signature under the version in force (row 30).
type Signing struct {
	Party     PartyID      `form:"party"`
	Agreement ItemID       `form:"agreement"` // the version that was read
	How       string       `form:"how"`
	On        statute.Date `form:"on"`
}

// Action is the act's word.
func (Signing) Action() Action { return Sign }

// Apply needs the version in force and, for L3 and L4, its review (row 28).
func (a Signing) Apply(c *Case, s *Scene) error {
	f := Faults{}
	if p := c.actorParty(s.By); p != nil {
		a.Party, a.How, a.On = p.ID, "online", s.Today()
		if p.Identity < LevelChecked {
			return refuse("identity_first", "PML 29")
		}
	}
	f.OneOf("how", a.How, "paper", "in_person", "online")
	a.On = f.signedOn(a.On, s)
	p, err := c.partyField(f, a.Party)
	if err != nil {
		return err
	}
	draft, err := c.signable(a.Agreement)
	if err != nil {
		return err
	}
	if c.signed(draft.ID, "party", p.ID) {
		return refuse("already_signed", "PML 29")
	}
	c.sign(s, Signature{Agreement: draft.ID, As: "party", Party: p.ID, How: a.How, On: a.On})
	s.Code("side", string(p.Side))
	return nil
}

// signedOn defaults to today and marks a day in the future.
func (f Faults) signedOn(on statute.Date, s *Scene) statute.Date {
	if on.IsZero() {
		return s.Today()
	}
	if on.After(s.Today()) {
		f.Mark("on", "rule.in_the_future")
	}
	return on
}

// signable is the draft in force, when the one signing read that very version
// and no party has left the table.
func (c *Case) signable(read ItemID) (*Agreement, error) {
	if err := c.willing(); err != nil {
		return nil, err
	}
	draft := c.Agreement()
	if draft == nil {
		return nil, refuse("no_draft", "PML 29")
	}
	if read != "" && read != draft.ID {
		return nil, &Error{Kind: Conflict, Key: "error.agreement_changed"}
	}
	if (c.Grade == "L3" || c.Grade == "L4") && draft.ReviewedAt.IsZero() {
		return nil, refuse("review_first", "local rule for L3, L4")
	}
	return draft, nil
}

func (c *Case) signed(agreement ItemID, as string, party PartyID) bool {
	return slices.ContainsFunc(c.Signatures, func(v Signature) bool {
		return v.Agreement == agreement && v.As == as && v.Party == party && v.VoidedAt.IsZero()
	})
}

func (c *Case) sign(s *Scene, v Signature) {
	v.ID, v.By, v.At = s.item(), s.By.User, s.Now
	c.Signatures = append(c.Signatures, v)
	s.Code("how", v.How)
}

// Countersigning is the mediator's own signature (row 30).
type Countersigning struct {
	Agreement ItemID       `form:"agreement"`
	On        statute.Date `form:"on"`
}

// Action is the act's word.
func (Countersigning) Action() Action { return Countersign }

// Apply needs the acting lead.
func (a Countersigning) Apply(c *Case, s *Scene) error {
	f := Faults{}
	a.On = f.signedOn(a.On, s)
	if err := f.Err(); err != nil {
		return err
	}
	draft, err := c.signable(a.Agreement)
	if err != nil {
		return err
	}
	if c.signed(draft.ID, "mediator", "") {
		return refuse("already_signed", "PML 29")
	}
	c.sign(s, Signature{Agreement: draft.ID, As: "mediator", How: "in_person", On: a.On})
	return nil
}

// Sealing affixes the committee's seal (row 30).
type Sealing struct {
	Agreement ItemID       `form:"agreement"`
	On        statute.Date `form:"on"`
}

// Action is the act's word.
func (Sealing) Action() Action { return AffixSeal }

// Apply puts the seal under the version in force.
func (a Sealing) Apply(c *Case, s *Scene) error {
	f := Faults{}
	a.On = f.signedOn(a.On, s)
	if err := f.Err(); err != nil {
		return err
	}
	draft, err := c.signable(a.Agreement)
	if err != nil {
		return err
	}
	if c.signed(draft.ID, "seal", "") {
		return refuse("already_signed", "PML 29")
	}
	c.sign(s, Signature{Agreement: draft.ID, As: "seal", How: "paper", On: a.On})
	return nil
}

// ready says whether a draft has everything its track asks for to take effect.
//
// The committee's agreement needs all parties, the mediator and the seal
// (PML 29). An agreement delegated by the court before filing takes effect when
// the parties have signed (INV16 24).
func (c *Case) ready() bool {
	if c.Stage != AgreementDraft {
		return false
	}
	draft := c.Agreement()
	if draft == nil {
		return false
	}
	for _, p := range c.Active() {
		if !c.signed(draft.ID, "party", p.ID) {
			return false
		}
	}
	if c.CourtMode == statute.C1 {
		return true
	}
	return c.signed(draft.ID, "mediator", "") && c.signed(draft.ID, "seal", "")
}

// takeEffect is the step that follows when the last condition is met (row 30).
type takeEffect struct{}

func (takeEffect) Action() Action { return TakeEffect }

// Apply sets the day of effect: that of the last of the conditions.
func (takeEffect) Apply(c *Case, s *Scene) error {
	draft := c.Agreement()
	last := statute.Date{}
	for _, v := range c.Signatures {
		counts := v.Agreement == draft.ID && v.VoidedAt.IsZero() && (c.CourtMode != statute.C1 || v.As == "party")
		if counts && v.On.After(last) {
			last = v.On
		}
	}
	rule := "PML 29"
	if c.CourtMode == statute.C1 {
		rule = "INV16 24"
	}
	c.effect(s, last, rule)
	s.About(draft.ID)
	return nil
}

// effect begins what an agreement in effect begins: the thirty days for joint
// confirmation (D-12), the day of each obligation (D-13), the visit (D-14).
func (c *Case) effect(s *Scene, on statute.Date, rule string) {
	c.EffectiveOn, c.EffectBy, c.Lapsed = on, rule, false
	c.startClockFrom(s, statute.D12Confirmation, "", on)
	last := on
	for _, o := range c.Promised() {
		c.dueOn(s, statute.D13Performance, o.ID, o.Due)
		if o.Due.After(last) {
			last = o.Due
		}
	}
	c.startClockFrom(s, statute.D14FollowUp, "", last)
	s.Code("effective_on", on.String())
	s.Code("rule", rule)
}

// SigningRefused is a party's no to the paper (row 29). It is not a no to
// mediation: talks go on, or the mediator ends them by T07 (decision 4).
type SigningRefused struct {
	Party  PartyID `form:"party"`
	Reason string  `form:"reason"`
}

// Action is the act's word.
func (SigningRefused) Action() Action { return RefuseToSign }

// Apply voids the draft and goes back to the talks.
func (a SigningRefused) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.Limit("reason", a.Reason, MaxStory)
	if p := c.actorParty(s.By); p != nil {
		a.Party = p.ID
	}
	p, err := c.partyField(f, a.Party)
	if err != nil {
		return err
	}
	c.dropDraft(s)
	s.About(ItemID(p.ID))
	s.Code("side", string(p.Side))
	return nil
}

// dropDraft voids a draft that will not take effect, with its signatures, its
// promises and the request to read it.
func (c *Case) dropDraft(s *Scene) {
	if draft := c.Agreement(); draft != nil {
		draft.VoidedAt = s.Now
	}
	for i := range c.Signatures {
		if c.Signatures[i].VoidedAt.IsZero() {
			c.Signatures[i].VoidedAt = s.Now
		}
	}
	for i := range c.Obligations {
		c.Obligations[i].State = ObligationVoid
	}
	if e := c.review("agreement"); e != nil {
		e.Outcome, e.AnsweredAt = "overtaken", s.Now
	}
}

// Oral is an agreement by word of mouth, written into the register (F12). It
// takes effect the day it is reached (PML 28, 30).
type Oral struct {
	Terms
	On      statute.Date `form:"on"`
	NoPaper bool         `form:"no_paper"` // the parties hold no paper necessary
}

// check adds the limits of the oral form: no agreement that must be written
// (NB15 24; MOJ02 34).
func (a Oral) check(c *Case, s *Scene) ([]Obligation, error) {
	f, rows := a.Terms.check(c, s)
	if !a.NoPaper {
		f.Mark("no_paper", "rule.no_paper")
	}
	if a.On.After(s.Today()) {
		f.Mark("on", "rule.in_the_future")
	}
	if err := f.Err(); err != nil {
		return nil, err
	}
	if statute.MustBeWritten(a.Immediate || c.soon(rows, s), c.Grade, false) {
		return nil, refuse("must_be_written", "NB15 24; MOJ02 34")
	}
	return rows, nil
}

// soon says whether everything is to be done within three days: what the light
// form of a settlement on the spot is for.
func (c *Case) soon(rows []Obligation, s *Scene) bool {
	for _, o := range rows {
		if o.Due.After(s.Today().Add(3)) {
			return false
		}
	}
	return true
}

func (a Oral) settle(c *Case, s *Scene, rows []Obligation) {
	a.write(c, s, "oral", rows)
	on := a.On
	if on.IsZero() {
		on = s.Today()
	}
	c.effect(s, on, "PML 30")
}

// OralSettlement ends the talks by an oral agreement (row 31).
type OralSettlement struct{ Oral }

// Action is the act's word.
func (OralSettlement) Action() Action { return SettleOrally }

// Apply needs a recorded session and a case that need not be in writing.
func (a OralSettlement) Apply(c *Case, s *Scene) error {
	rows, err := a.check(c, s)
	if err != nil {
		return err
	}
	if err := c.settled(); err != nil {
		return err
	}
	a.settle(c, s, rows)
	return nil
}

// SettledAtOnce is 即时调解: registered and settled on the spot by a mediator
// (row 12). It counts as acceptance and takes a case number (decision 2).
type SettledAtOnce struct {
	Oral
	Present    bool `form:"present"` // both sides are there and willing
	RightsTold bool `form:"rights_told"`
}

// Action is the act's word.
func (SettledAtOnce) Action() Action { return SettleAtOnce }

// MediatorsNamed is empty: the actor himself mediates, and the desk looks him up.
func (SettledAtOnce) MediatorsNamed() []UserID { return nil }

// Apply needs both sides willing, the rights told, and a registered mediator
// without conflict, who assigns himself.
func (a SettledAtOnce) Apply(c *Case, s *Scene) error {
	rows, err := a.check(c, s)
	f := Faults{}
	if !a.Present {
		f.Mark("present", "rule.both_present")
	}
	if !a.RightsTold {
		f.Mark("rights_told", "rule.rights_notice_first")
	}
	if fault := f.Err(); fault != nil {
		return fault
	}
	if err != nil {
		return err
	}
	if err := c.willing(); err != nil {
		return err
	}
	if !c.RiskScreened || c.Hold {
		return refuse("no_joint_session", "PML 25")
	}
	if err := c.fit(s.By.User, "present", s); err != nil {
		return err
	}
	for _, p := range c.Active() {
		p.RightsAt, p.RightsHow = s.Now, "oral"
		p.Consent, p.ConsentAt, p.ConsentHow = "yes", s.Now, "visit"
	}
	if err := c.accept(s); err != nil {
		return err
	}
	c.Assignments = append(c.Assignments, Assignment{ID: ItemID(s.NewID()), Mediator: s.By.User, Name: s.Mediators[s.By.User].Name,
		Lead: true, ChosenBy: "committee", Relation: "none", Accepted: []string{}, StartedAt: s.Now})
	c.Track = TrackPartyMember
	a.settle(c, s, rows)
	return nil
}
