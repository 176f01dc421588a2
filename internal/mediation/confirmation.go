package mediation

import (
	"maps"
	"slices"
	"time"

	"doorstep/internal/statute"
)

// The states of judicial confirmation (sub-machine of row 32). Eligible is
// derived: an agreement in effect while D-12 runs.
const (
	ConfirmationNone      = "none"
	ConfirmationEligible  = "eligible"
	ConfirmationProposed  = "proposed" // the parties join one by one
	ConfirmationDeclined  = "declined" // one of them does not join
	ConfirmationDropped   = "dropped"  // the proposal was taken back
	ConfirmationLate      = "late"     // not all had joined when the thirty days ended
	ConfirmationFiled     = "filed"
	ConfirmationTaken     = "court_accepted"
	ConfirmationConfirmed = "confirmed"
	ConfirmationObjected  = "objected"
	ConfirmationRevoked   = "revoked"
	ConfirmationRejected  = "rejected"
	ConfirmationNotTaken  = "not_taken"
	ConfirmationWithdrawn = "withdrawn"
	ConfirmationEnforced  = "enforcement"
)

// unfiled are the states in which an application has not come to the court.
var unfiled = []string{ConfirmationProposed, ConfirmationDeclined, ConfirmationDropped, ConfirmationLate}

// Confirmation is one joint application to the court. Ground says by what the
// court is competent; Pack is the file as it went there, frozen like that of a
// referral; By is the party that proposed it, "" where the office did. Nothing is
// filed or frozen before all parties have joined.
type Confirmation struct {
	ID         ItemID       `json:"id"`
	Court      CourtID      `json:"court_id"`
	Ground     string       `json:"ground"`           // code list "competence"
	HomeOf     PartyID      `json:"home_of,omitzero"` // whose domicile it is, for that ground
	By         PartyID      `json:"by_party,omitzero"`
	FiledOn    statute.Date `json:"filed_on,omitzero"`
	State      string       `json:"state"`
	Ref        string       `json:"court_ref"`
	ExtendedOn statute.Date `json:"extended_on,omitzero"` // the president's leave (JC11 5)
	DecidedOn  statute.Date `json:"decided_on,omitzero"`
	ServedOn   statute.Date `json:"served_on,omitzero"` // the parties received the ruling
	Note       string       `json:"note"`
	Pack       string       `json:"pack"`
	Digest     string       `json:"pack_digest"`
	At         time.Time    `json:"at"`
	Papers     []byte       `json:"-"` // of one just filed: its papers as the court gets them, canonical JSON, sealed when the case is saved
}

// confirmationMoves is the sub-machine: from state, by action, to state. What the
// court did not take, or the parties took back, may be applied for again while
// the thirty days run.
var confirmationMoves = map[string]map[Action]string{
	ConfirmationEligible:  {ApplyConfirmation: ConfirmationFiled, ProposeConfirmation: ConfirmationProposed},
	ConfirmationDeclined:  {ApplyConfirmation: ConfirmationFiled, ProposeConfirmation: ConfirmationProposed},
	ConfirmationDropped:   {ApplyConfirmation: ConfirmationFiled, ProposeConfirmation: ConfirmationProposed},
	ConfirmationNotTaken:  {ApplyConfirmation: ConfirmationFiled, ProposeConfirmation: ConfirmationProposed},
	ConfirmationWithdrawn: {ApplyConfirmation: ConfirmationFiled, ProposeConfirmation: ConfirmationProposed},
	ConfirmationProposed: {JoinConfirmation: ConfirmationProposed, LeaveConfirmation: ConfirmationProposed, FileConfirmation: ConfirmationFiled,
		DeclineConfirmation: ConfirmationDeclined, DropConfirmation: ConfirmationDropped, LapseConfirmation: ConfirmationLate},
	ConfirmationLate:  {ApplyConfirmation: ConfirmationFiled}, // came to the court in time by another way, and is noted after it
	ConfirmationFiled: {ConfirmTake: ConfirmationTaken, ConfirmNotTake: ConfirmationNotTaken, ConfirmWithdraw: ConfirmationWithdrawn},
	ConfirmationTaken: {ConfirmGrant: ConfirmationConfirmed, ConfirmReject: ConfirmationRejected, ConfirmWithdraw: ConfirmationWithdrawn,
		ExtendRuling: ConfirmationTaken},
	ConfirmationConfirmed: {ConfirmEnforce: ConfirmationEnforced, ObjectRuling: ConfirmationObjected},
	ConfirmationObjected:  {DismissObjection: ConfirmationConfirmed, UpholdObjection: ConfirmationRevoked},
}

// ConfirmationMoves gives the sub-machine for the tests and the docs.
func ConfirmationMoves() map[string]map[Action]string { return confirmationMoves }

// ConfirmationState is where confirmation stands.
func (c *Case) ConfirmationState() string {
	if n := len(c.Confirmations); n > 0 {
		return c.Confirmations[n-1].State
	}
	if c.Clock(statute.D12Confirmation) != nil {
		return ConfirmationEligible
	}
	return ConfirmationNone
}

// Filed says whether the application came to the court.
func (k Confirmation) Filed() bool { return !slices.Contains(unfiled, k.State) }

// Lies says whether the application lies before its court: the court has not ruled
// on it, or an objection makes it look again.
func (k Confirmation) Lies() bool {
	return slices.Contains([]string{ConfirmationFiled, ConfirmationTaken, ConfirmationObjected}, k.State)
}

// CameBack says whether the application was before a court and is no more without
// a ruling: the thirty days go on where they are not over.
func (k Confirmation) CameBack() bool {
	return k.State == ConfirmationNotTaken || k.State == ConfirmationWithdrawn
}

// filed says whether any application came to a court.
func (c *Case) filed() bool { return slices.ContainsFunc(c.Confirmations, Confirmation.Filed) }

// mayApply says whether a step towards the joint application in Doorstep makes
// sense: the thirty days run and the table leads on from here.
func (c *Case) mayApply(by Action) bool {
	_, ok := confirmationMoves[c.ConfirmationState()][by]
	return ok && c.Clock(statute.D12Confirmation) != nil
}

// applicableOn says why a step towards the joint application cannot be made on a
// day; nil when it can. The last day counts, whole (CPL 85).
func (c *Case) applicableOn(by Action, on statute.Date) error {
	state := c.ConfirmationState()
	_, ok := confirmationMoves[state][by]
	clock := c.Clock(statute.D12Confirmation)
	late := ok && (clock == nil || on.After(statute.DateOf(clock.Due)))
	switch {
	case late, state == ConfirmationLate, state == ConfirmationNone && c.thirtyDaysOver():
		return refuse("confirmation_late", "PML 33; CPL 205")
	case !ok:
		return refuse("confirmation_state", "CPL 205")
	}
	return nil
}

// rulingStands says whether there is a ruling to object to.
func (c *Case) rulingStands() bool {
	_, ok := confirmationMoves[c.ConfirmationState()][ObjectRuling]
	return ok
}

// courtField marks a court that is none of the list, and a home of nobody here.
func (c *Case) courtField(court CourtID, homeOf PartyID, s *Scene) Faults {
	f := Faults{}
	if _, ok := s.Courts[court]; !ok {
		f.Mark("court", "error.required")
	}
	if homeOf != "" && c.Party(homeOf) == nil {
		f.Mark("home_of", "error.choice")
	}
	return f
}

// thirtyDaysOver says whether the parties' term went by unused.
func (c *Case) thirtyDaysOver() bool {
	return slices.ContainsFunc(c.Deadlines, func(d Deadline) bool { return d.Kind == statute.D12Confirmation && d.Outcome == "lapsed" })
}

// competence is by what the chosen court is competent: by the places the office
// knows, or by the domicile of the party named, which only the parties know.
func (c *Case) competence(court CourtID, homeOf PartyID, s *Scene) (string, error) {
	for _, choice := range c.CompetentCourts(s.CourtSeats(), s.Office.AreaPath) {
		if choice.Court.ID == string(court) {
			return choice.Grounds[0], nil
		}
	}
	switch {
	case c.delegated() && c.invitingCourt() != "":
		return "", fieldFault("court", "rule.inviting_court", "CPL 205(1)")
	case c.delegated():
		return statute.ByInviting, nil // it came from a court the file does not name; the office knows it
	case homeOf == "":
		return "", fieldFault("court", "rule.competent_court", "CPL 205(2)")
	}
	return statute.ByDomicile, nil
}

func fieldFault(field, key, source string) error {
	return &Error{Kind: Invalid, Key: "error.check_fields", Fields: Faults{field: key}, Source: source}
}

// CourtSeats are the courts in reach with the areas they serve, in the order of
// their ids.
func (s *Scene) CourtSeats() []statute.CourtSeat {
	var list []statute.CourtSeat
	for _, id := range slices.Sorted(maps.Keys(s.Courts)) {
		list = append(list, statute.CourtSeat{ID: string(id), Name: s.Courts[id], Area: s.Areas[id]})
	}
	return list
}

// CompetentCourts gives the courts that may confirm the agreement by what the
// file knows: the court that delegated, the committee's seat (a path of areas),
// the place of the dispute. Domiciles are not among it: addresses are sealed.
func (c *Case) CompetentCourts(courts []statute.CourtSeat, seat string) []statute.CourtChoice {
	if c.delegated() && c.invitingCourt() == "" {
		return nil
	}
	return statute.CompetentCourts(courts, statute.CourtFacts{Inviting: string(c.invitingCourt()), Seat: seat, Object: c.AreaPath})
}

// delegated says whether a court invited the mediation before filing.
func (c *Case) delegated() bool { return c.CourtMode == statute.C1 }

// invitingCourt is the court that delegated the case, as the file knows it; ""
// for a committee's own mediation.
func (c *Case) invitingCourt() CourtID {
	if !c.delegated() {
		return ""
	}
	for i := len(c.Referrals) - 1; i >= 0; i-- {
		if c.Referrals[i].Live() {
			return c.Referrals[i].Court
		}
	}
	return ""
}

// ClauseWarning is a clause a court will not confirm. Clause is the number of the
// promise it stands in, 0 for the text of what was settled; Text is the clause.
type ClauseWarning struct {
	statute.ScopeWarning
	Clause int
	Text   string
}

// Unconfirmable lists the clauses a court will not confirm: title to real
// property, status of persons (CPLI 355). The agreement may still stand.
func (c *Case) Unconfirmable() []ClauseWarning {
	a := c.Agreement()
	if a == nil {
		return nil
	}
	var list []ClauseWarning
	add := func(clause int, text string) {
		for _, w := range statute.Confirmable(text, c.Type) {
			list = append(list, ClauseWarning{w, clause, text})
		}
	}
	add(0, a.Settled)
	for _, o := range c.Promised() {
		add(o.Seq, o.What)
		add(o.Seq, o.How)
	}
	return list
}
