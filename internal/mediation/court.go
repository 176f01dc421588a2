package mediation

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"doorstep/internal/statute"
)

// The states of a referral to the court (sub-machine of row 25).
const (
	ReferralOffered  = "offered"
	ReferralTaken    = "taken"
	ReferralDeclined = "declined"
	ReferralRecalled = "recalled" // the case ended before the court answered
	ReferralEnded    = "ended"
)

// Referral is a case offered to a court with a frozen pack. Later changes of the
// case do not reach the court; they need a new referral.
type Referral struct {
	ID         ItemID            `json:"id"`
	Court      CourtID           `json:"court_id"`
	Mode       statute.CourtMode `json:"court_mode"`
	State      string            `json:"state"`
	Pack       string            `json:"pack"` // JSON, kept as the text it was frozen as
	Digest     string            `json:"pack_digest"`
	CourtRef   string            `json:"court_ref"`
	Result     string            `json:"result"`
	OfferedAt  time.Time         `json:"offered_at"`
	OfferedBy  UserID            `json:"offered_by,omitzero"`
	AnsweredAt time.Time         `json:"answered_at,omitzero"`
	EndedAt    time.Time         `json:"ended_at,omitzero"`
}

// referralMoves is the sub-machine: from state, by action, to state.
var referralMoves = map[string]map[Action]string{
	"":              {ReferToCourt: ReferralOffered, EnterCourtTrack: ReferralTaken},
	ReferralOffered: {TakeReferral: ReferralTaken, DeclineReferral: ReferralDeclined, Terminate: ReferralRecalled, Withdraw: ReferralRecalled},
	ReferralTaken: {CourtAgreed: ReferralEnded, CourtFailed: ReferralEnded, CourtEnded: ReferralEnded,
		Terminate: ReferralEnded, Withdraw: ReferralEnded},
}

// ReferralMoves gives the sub-machine for the tests and the docs.
func ReferralMoves() map[string]map[Action]string { return referralMoves }

// Offer is the chair's referral to the court after the opinion of legal staff
// (row 25, F23). The court sees the frozen pack only.
type Offer struct {
	Court    CourtID           `form:"court"`
	Mode     statute.CourtMode `form:"court_mode"`
	Reason   string            `form:"reason"`
	AgreedBy []PartyID         `form:"agreed_by"`
}

// Action is the act's word.
func (Offer) Action() Action { return ReferToCourt }

// Apply needs the opinion of legal staff, a court, one of the modes C1 to C3,
// and the parties' consent (INV16 11).
func (a Offer) Apply(c *Case, s *Scene) error {
	f := toCourt(a.Court, a.Mode, s)
	f.Limit("reason", a.Reason, MaxStory)
	if err := f.Err(); err != nil {
		return err
	}
	if c.advised() != "court" {
		return refuse("review_says_otherwise", "PML 5")
	}
	if c.referral(ReferralOffered) != nil {
		return refuse("referral_open", "INV16 11")
	}
	if err := c.allOf(a.AgreedBy, "agreed_by", "rule.parties_consent"); err != nil {
		return err
	}
	c.refer(s, a.Court, a.Mode, ReferToCourt)
	c.startClock(s, statute.D02CourtReply, s.subject)
	return nil
}

// toCourt marks a court that is none of the list and a mode in which no court
// takes a case over: C0 is guidance only.
func toCourt(court CourtID, mode statute.CourtMode, s *Scene) Faults {
	f := Faults{}
	if _, ok := s.Courts[court]; !ok {
		f.Mark("court", "error.required")
	}
	switch mode {
	case statute.C1, statute.C2Ordinary, statute.C2Summary, statute.C3:
	default:
		f.Mark("court_mode", "error.required")
	}
	return f
}

// refer freezes the file for a court.
func (c *Case) refer(s *Scene, court CourtID, mode statute.CourtMode, by Action) *Referral {
	pack, digest := c.frozen()
	c.Referrals = append(c.Referrals, Referral{ID: s.item(), Court: court, Mode: mode, State: referralMoves[""][by], Pack: pack,
		Digest: digest, OfferedAt: s.Now, OfferedBy: s.By.User})
	s.Code("court_mode", string(mode))
	return &c.Referrals[len(c.Referrals)-1]
}

// frozen is the file as it stands, with its digest: what goes to a court is kept
// as it went.
func (c *Case) frozen() (pack, digest string) {
	pack = string(c.Pack())
	sum := sha256.Sum256([]byte(pack))
	return pack, hex.EncodeToString(sum[:])
}

// CourtIntake puts a case that a court sent onto the court's own track (row 2,
// decision 5): the court mediates or hears it, and the register follows its
// course by the court's number. A case the court delegates to the committee's
// own mediators needs no such act; it is assigned as any other.
type CourtIntake struct {
	Court CourtID           `form:"court"`
	Mode  statute.CourtMode `form:"court_mode"`
	Ref   string            `form:"ref"` // the court's own number
}

// Action is the act's word.
func (CourtIntake) Action() Action { return EnterCourtTrack }

// Apply needs a case that came from a court and the court's number. Before
// filing (C1) the parties' consent comes first, as the acceptance records it
// (INV16 11); after filing the court has it.
func (a CourtIntake) Apply(c *Case, s *Scene) error {
	f := toCourt(a.Court, a.Mode, s)
	f.Require("ref", a.Ref)
	f.Limit("ref", a.Ref, MaxLine)
	if err := f.Err(); err != nil {
		return err
	}
	if c.Source != "court" {
		return refuse("not_from_court", "PML 18; INV16 11")
	}
	if a.Mode == statute.C1 && c.AcceptedAt.IsZero() {
		return refuse("accept_first", "INV16 11")
	}
	r := c.refer(s, a.Court, a.Mode, EnterCourtTrack)
	r.CourtRef, r.AnsweredAt = strings.TrimSpace(a.Ref), s.Now
	c.Track, c.CourtMode = TrackCircuitCourt, a.Mode
	return nil
}

// Live says whether the court has, or had, business with the case: one that it
// declined or that was called back before it answered shows it nothing.
func (r Referral) Live() bool { return r.State != ReferralDeclined && r.State != ReferralRecalled }

// referral is the last referral in a state; nil without one.
func (c *Case) referral(state string) *Referral {
	for i := len(c.Referrals) - 1; i >= 0; i-- {
		if c.Referrals[i].State == state {
			return &c.Referrals[i]
		}
	}
	return nil
}

func (c *Case) moveReferral(from string, by Action, s *Scene) (*Referral, error) {
	r := c.referral(from)
	if r == nil {
		return nil, refuse("no_referral", "INV16 11")
	}
	r.State = referralMoves[from][by]
	s.About(r.ID)
	return r, nil
}

// Taken is the court's acknowledgement with its own number (row 25).
type Taken struct {
	Ref string `form:"ref"`
}

// Action is the act's word.
func (Taken) Action() Action { return TakeReferral }

// Apply moves the case onto the court track, where its period is the court's own
// from the receipt (INV16 27).
func (a Taken) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.Require("ref", a.Ref)
	f.Limit("ref", a.Ref, MaxLine)
	if err := f.Err(); err != nil {
		return err
	}
	r, err := c.moveReferral(ReferralOffered, TakeReferral, s)
	if err != nil {
		return err
	}
	r.CourtRef, r.AnsweredAt = strings.TrimSpace(a.Ref), s.Now
	c.Track, c.CourtMode, c.Lapsed = TrackCircuitCourt, r.Mode, false
	c.endAssignments(s, "court_track")
	c.endClock(s, statute.D02CourtReply, r.ID)
	s.Code("court_mode", string(r.Mode))
	return nil
}

// Declined is the court's no; the chair chooses again.
type Declined struct {
	Reason string `form:"reason"`
}

// Action is the act's word.
func (Declined) Action() Action { return DeclineReferral }

// Apply closes the referral with its reason.
func (a Declined) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.Require("reason", a.Reason)
	f.Limit("reason", a.Reason, MaxStory)
	if err := f.Err(); err != nil {
		return err
	}
	r, err := c.moveReferral(ReferralOffered, DeclineReferral, s)
	if err != nil {
		return err
	}
	r.Result, r.AnsweredAt = strings.TrimSpace(a.Reason), s.Now
	c.endClock(s, statute.D02CourtReply, r.ID)
	return nil
}

// CourtSettled is an agreement reached before the court's mediator (decision 5).
// The day of effect is that of the last party's signature (INV16 24). After a suit
// was filed there is none: the court writes its own paper or the suit is
// withdrawn (INV16 20), and nothing is left to be confirmed.
type CourtSettled struct {
	Terms
	On statute.Date `form:"on"`
}

// Action is the act's word.
func (CourtSettled) Action() Action { return CourtAgreed }

// Apply keeps the obligations, so that performance is followed up as ever.
func (a CourtSettled) Apply(c *Case, s *Scene) error {
	if !c.delegated() {
		return refuse("court_document", "INV16 20")
	}
	f, rows := a.check(c, s)
	a.On = f.signedOn(a.On, s)
	if err := f.Err(); err != nil {
		return err
	}
	if err := c.willing(); err != nil {
		return err
	}
	r, err := c.moveReferral(ReferralTaken, CourtAgreed, s)
	if err != nil {
		return err
	}
	r.Result, r.EndedAt = "agreed", s.Now
	a.write(c, s, "written", rows)
	c.effect(s, a.On, effectDelegated)
	s.About(r.ID)
	return nil
}

// CourtGaveUp is mediation before the court that failed (INV16 21): the parties
// are told what they may do (PML 26).
type CourtGaveUp struct {
	Note string `form:"note"`
	Told bool   `form:"told"`
}

// Action is the act's word.
func (CourtGaveUp) Action() Action { return CourtFailed }

// Apply ends the case with its remedies.
func (a CourtGaveUp) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.Limit("note", a.Note, MaxStory)
	if !a.Told {
		f.Mark("told", "rule.remedies_told")
	}
	if err := f.Err(); err != nil {
		return err
	}
	r, err := c.moveReferral(ReferralTaken, CourtFailed, s)
	if err != nil {
		return err
	}
	r.Result, r.EndedAt = "failed", s.Now
	c.OutcomeCode, c.OutcomeText = "T02", strings.TrimSpace(a.Note)
	c.tellRemedies("T02")
	return nil
}

// CourtDecided is the court's own end: a judgment, or its own 调解书, known by
// the court's number (INV16 20).
type CourtDecided struct {
	Kind string `form:"kind"` // judgment, court_mediation, suit_withdrawn
	Ref  string `form:"ref"`
	Note string `form:"note"`
}

// Action is the act's word.
func (CourtDecided) Action() Action { return CourtEnded }

// Apply keeps the court's number and closes the case.
func (a CourtDecided) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.OneOf("kind", a.Kind, "judgment", "court_mediation", "suit_withdrawn")
	f.Require("ref", a.Ref)
	f.Limit("ref", a.Ref, MaxLine)
	f.Limit("note", a.Note, MaxStory)
	if err := f.Err(); err != nil {
		return err
	}
	r, err := c.moveReferral(ReferralTaken, CourtEnded, s)
	if err != nil {
		return err
	}
	r.Result, r.CourtRef, r.EndedAt = a.Kind, strings.TrimSpace(a.Ref), s.Now
	c.OutcomeCode, c.OutcomeText = "T08", strings.TrimSpace(a.Note)
	c.tellRemedies("T08")
	s.Code("kind", a.Kind)
	return nil
}
