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
	Digest     string    `json:"digest"` // of what is signed, while it is a draft and as it took effect; "" from before there were digests
}

// Signature is a name, a fingerprint or the seal under one version.
type Signature struct {
	ID        ItemID       `json:"id"`
	Agreement ItemID       `json:"agreement_id"`
	As        string       `json:"as_what"` // party, mediator, seal
	Party     PartyID      `json:"party_id,omitzero"`
	ByAgent   bool         `json:"by_agent"` // the party's agent signed for it
	How       string       `json:"how"`      // paper, in_person, online
	On        statute.Date `json:"on_day"`
	By        UserID       `json:"by_user,omitzero"`
	At        time.Time    `json:"at"`
	VoidedAt  time.Time    `json:"voided_at,omitzero"`
	Digest    string       `json:"digest"`           // of the version it stands under
	Image     string       `json:"image_digest"`     // SHA-256 of the picture of a drawn one, hex; "" without
	File      ItemID       `json:"file_id,omitzero"` // the scan of the signed sheet, among the files of the case

	Ink []byte `json:"-"` // the picture of one just drawn, PNG; sealed as it is stored and never read with the case
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
	Every  string       `form:"every"` // "" once; week, month, quarter, year: Due is the first day
	Times  int          `form:"times"` // how often, 2 to MaxSeries
}

// MaxSeries bounds a promise that comes again: five years of months.
const MaxSeries = 60

// day is the day of the n-th of a series, from 0. A month without the day has it
// on its last (CC 202).
func (p Promise) day(n int) statute.Date {
	switch p.Every {
	case "week":
		return p.Due.Add(7 * n)
	case "month":
		return p.Due.AddMonths(n)
	case "quarter":
		return p.Due.AddMonths(3 * n)
	case "year":
		return p.Due.AddYears(n)
	}
	return p.Due
}

// series gives every promise of a row: one, or as many as it comes again.
func (p Promise) series(first Obligation) []Obligation {
	if p.Every == "" || p.Times < 2 || p.Times > MaxSeries {
		return []Obligation{first}
	}
	var list []Obligation
	for n := range p.Times {
		o := first
		o.Seq, o.Due, o.Every, o.SeriesNo, o.SeriesOf = first.Seq+n, p.day(n), p.Every, n+1, p.Times
		list = append(list, o)
	}
	return list
}

// MaxPromises bounds the promises of one agreement, each of a series counted.
const MaxPromises = 240

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
		rows = append(rows, p.series(p.read(c, s, f, fmt.Sprintf("obligations[%d].", i), len(rows)+1))...)
	}
	if len(rows) > MaxPromises {
		f.Mark("obligations", "rule.too_many_promises")
	}
	if len(rows) == 0 {
		f.Mark("obligations", "rule.obligation_needed")
	}
	if t.Immediate && slices.ContainsFunc(rows, func(o Obligation) bool { return o.Due.After(s.Today()) }) {
		f.Mark("immediate", "rule.not_at_once")
	}
	c.lawful(f, t, rows)
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
	if p.Every != "" {
		f.OneOf(at+"every", p.Every, "week", "month", "quarter", "year")
		if p.Times < 2 || p.Times > MaxSeries {
			f.Mark(at+"times", "rule.series_times")
		}
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

// settled needs nobody to have said no, the period to run, and the record of
// the session before its result is put in form.
func (c *Case) settled() error {
	if err := c.willing(); err != nil {
		return err
	}
	if err := c.inTime(); err != nil {
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
