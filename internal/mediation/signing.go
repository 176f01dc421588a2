package mediation

import (
	"slices"

	"doorstep/internal/statute"
)

// Signing is one party's signature under the version in force (row 30): drawn by
// the party itself from afar (online) or before the mediator (in_person), or
// written on the printed sheet (paper), whose scan may be laid beside.
type Signing struct {
	Party     PartyID      `form:"party"`
	Agreement ItemID       `form:"agreement"` // the version that was read
	How       string       `form:"how"`
	On        statute.Date `form:"on"`
	Digest    string       `form:"digest"`   // of the text that was read
	ByAgent   bool         `form:"by_agent"` // noted by staff: the party's agent signed
	Agreed    bool         `form:"agreed"`   // the signer read the text and wants this to count as the signature (ESL 3)
	Mark
}

// Action is the act's word.
func (Signing) Action() Action { return Sign }

// Apply needs the version in force and, for L3 and L4, its review (row 28).
func (a Signing) Apply(c *Case, s *Scene) error {
	f := Faults{}
	if p := c.actorParty(s.By); p != nil {
		a.Party, a.How, a.On, a.ByAgent = p.ID, "online", s.Today(), false
		if p.Identity < LevelChecked {
			return refuse("identity_first", "PML 29")
		}
	} else {
		f.OneOf("how", a.How, "paper", "in_person")
	}
	if (a.How == "online" || a.How == "in_person") && !a.Agreed {
		f.Mark("agreed", "rule.signing_agreed")
	}
	a.needed(c, f, a.How)
	v := Signature{As: "party", How: a.How, On: f.signedOn(a.On, s)}
	c.afterTalks(f, v.On)
	a.drawn(c, f, &v)
	p, err := c.partyField(f, a.Party)
	if err != nil {
		return err
	}
	v.Party, v.ByAgent = p.ID, a.ByAgent
	if err := p.spokenFor(); err != nil {
		return err
	}
	if err := a.authorised(p, v.On); err != nil {
		return err
	}
	if err := c.put(s, a.Agreement, a.Digest, v, a.Scan); err != nil {
		return err
	}
	s.Code("side", string(p.Side))
	return nil
}

// authorised refuses the signature of an agent whose power does not reach to
// settling, or does not run on the day.
func (a Signing) authorised(p *Party, on statute.Date) error {
	if !a.ByAgent {
		return nil
	}
	if key := p.agentOn(on); key != "" {
		return fieldFault("by_agent", key, Foundation(key))
	}
	if p.AgentScope != "settle" {
		return fieldFault("by_agent", "rule.agent_may_settle", "CPL 62")
	}
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

// signable is the draft in force, when the one signing read that very version,
// by its id and by the digest of its text, and no party has left the table.
func (c *Case) signable(read ItemID, digest string) (*Agreement, error) {
	if err := c.willing(); err != nil {
		return nil, err
	}
	draft := c.Agreement()
	if draft == nil {
		return nil, refuse("no_draft", "PML 29")
	}
	if read != "" && read != draft.ID || digest != "" && digest != draft.Digest {
		return nil, &Error{Kind: Conflict, Key: "error.agreement_changed"}
	}
	if (c.Grade == "L3" || c.Grade == "L4") && draft.ReviewedAt.IsZero() {
		return nil, refuse("review_first", "local")
	}
	return draft, nil
}

func (c *Case) signed(agreement ItemID, as string, party PartyID) bool {
	return slices.ContainsFunc(c.Signatures, func(v Signature) bool {
		return v.Agreement == agreement && v.As == as && v.Party == party && v.VoidedAt.IsZero()
	})
}

// put lays a signature under the version that was read, each once, with the scan
// of the signed sheet where there is one.
func (c *Case) put(s *Scene, read ItemID, digest string, v Signature, scan *File) error {
	draft, err := c.signable(read, digest)
	if err != nil {
		return err
	}
	if c.signed(draft.ID, v.As, v.Party) {
		return refuse("already_signed", "PML 29")
	}
	if v.File, err = c.laySheet(s, "F11", v.Party, scan); err != nil {
		return err
	}
	v.Agreement, v.Digest = draft.ID, draft.Digest
	v.ID, v.By, v.At = s.item(), s.By.User, s.Now
	c.Signatures = append(c.Signatures, v)
	s.Code("how", v.How)
	s.Code("text", v.Digest)
	s.Code("image", v.Image)
	return nil
}

// Countersigning is the mediator's own signature (row 30), drawn or under the
// printed sheet.
type Countersigning struct {
	Agreement ItemID       `form:"agreement"`
	On        statute.Date `form:"on"`
	Digest    string       `form:"digest"`
	Mark
}

// Action is the act's word.
func (Countersigning) Action() Action { return Countersign }

// Apply puts the mediator's name under the version in force.
func (a Countersigning) Apply(c *Case, s *Scene) error {
	f := Faults{}
	v := Signature{As: "mediator", How: "in_person", On: f.signedOn(a.On, s)}
	c.afterTalks(f, v.On)
	a.drawn(c, f, &v)
	if err := f.Err(); err != nil {
		return err
	}
	return c.mark(s, a.Agreement, a.Digest, v, a.Scan)
}

// Sealing affixes the committee's seal (row 30).
type Sealing struct {
	Agreement ItemID       `form:"agreement"`
	On        statute.Date `form:"on"`
	Digest    string       `form:"digest"`
	Scanned
}

// Action is the act's word.
func (Sealing) Action() Action { return AffixSeal }

// Apply puts the seal under the version in force.
func (a Sealing) Apply(c *Case, s *Scene) error {
	f := Faults{}
	v := Signature{As: "seal", How: "paper", On: f.signedOn(a.On, s)}
	c.afterTalks(f, v.On)
	if err := f.Err(); err != nil {
		return err
	}
	return c.mark(s, a.Agreement, a.Digest, v, a.Scan)
}

// mark puts one of the committee's own marks under the agreement: before it takes
// effect, or after it where the parties' names alone brought it about.
func (c *Case) mark(s *Scene, read ItemID, digest string, v Signature, scan *File) error {
	if c.Stage != AgreementDraft && !c.marksFollow() {
		return refuse("in_effect", "PML 29")
	}
	return c.put(s, read, digest, v, scan)
}

// marksFollow says whether the agreement took effect by the parties' names alone
// and was led by the committee's own mediators, so that their name and the seal
// still belong under it: they are no condition of effect, but stand on the paper
// (INV16 24).
func (c *Case) marksFollow() bool {
	a := c.Agreement()
	return (c.EffectBy == effectDelegated || c.EffectBy == effectOnline) && a != nil && a.Form == "written" && c.Lead() != nil
}

// unsealed says whether such an agreement still wants its seal.
func (c *Case) unsealed() bool { return c.marksFollow() && !c.signed(c.Agreement().ID, "seal", "") }

// The rules by which a written agreement takes effect: the committee's own, one
// delegated by a court, and one of these that all parties signed online.
const (
	effectOwn       = "PML 29"
	effectDelegated = "INV16 24"
	effectOnline    = "ONL22 19"
)

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
	last, online := statute.Date{}, true
	for _, v := range c.Signed() {
		if c.CourtMode == statute.C1 && v.As != "party" {
			continue
		}
		online = online && v.How == "online"
		if v.On.After(last) {
			last = v.On
		}
	}
	rule := effectOwn
	switch {
	case c.CourtMode != statute.C1:
	case online:
		rule = effectOnline
	default:
		rule = effectDelegated
	}
	c.effect(s, last, rule)
	s.About(draft.ID)
	return nil
}

// effect begins what an agreement in effect begins: the thirty days for joint
// confirmation (D-12), the day of each obligation (D-13), the visit after the
// last of them and one after each instalment before it (D-14).
func (c *Case) effect(s *Scene, on statute.Date, rule string) {
	c.EffectiveOn, c.EffectBy, c.Lapsed = on, rule, false
	c.endClockOn(s, statute.D06Mediation, "", on)
	c.endClockOn(s, statute.D11Sign, "", on)
	c.startClockFrom(s, statute.D12Confirmation, "", on)
	last := on
	promised := c.Promised()
	for _, o := range promised {
		c.dueOn(s, statute.D13Performance, o.ID, o.Due)
		if o.Due.After(last) {
			last = o.Due
		}
	}
	for _, o := range promised {
		if o.Due.Before(last) && slices.ContainsFunc(promised, o.instalmentWith) {
			c.startClockFrom(s, statute.D14FollowUp, o.ID, o.Due)
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
