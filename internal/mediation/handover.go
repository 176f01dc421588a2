package mediation

import "doorstep/internal/statute"

// Handover gives one mediator's part in a case to another, who goes on where he
// stood: somebody leaves the committee, falls ill for long, or can no longer sign
// in. Nothing of the procedure begins anew.
type Handover struct {
	From     UserID `form:"mediator"`  // "" is the lead
	To       UserID `form:"successor"` // registered, active, with room
	Relation string `form:"relation"`  // the successor's declaration
	Reason   string `form:"reason"`    // left, away, load

	Disclosed bool      `form:"disclosed"` // as for an assignment
	WaivedBy  []PartyID `form:"waived_by"`
}

// Action is the act's word.
func (Handover) Action() Action { return HandOver }

// MediatorsNamed lets the desk look the successor up.
func (a Handover) MediatorsNamed() []UserID { return []UserID{a.To} }

// Apply needs a successor who is fit as for an assignment (PML 13, 14, 19; INV16
// 15). The parties' acceptance of the one who leaves is not the successor's: they
// are told, and may accept him or ask for his recusal (PML 23).
func (a Handover) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.OneOf("reason", a.Reason, "left", "away", "load")
	f.Choice("relation", a.Relation, statute.Relations)
	f.Require("successor", string(a.To))
	if a.From == "" && c.Lead() != nil {
		a.From = c.Lead().Mediator
	}
	leaves := c.acting(a.From)
	if leaves == nil {
		f.Mark("mediator", "error.choice")
	}
	if a.To != "" && c.acting(a.To) != nil {
		f.Mark("successor", "rule.two_mediators_differ")
	}
	if err := f.Err(); err != nil {
		return err
	}
	if err := c.fit(a.To, "successor", s); err != nil {
		return err
	}
	verdict, found, err := c.vetted(s, proposed{id: a.To, field: "successor", relationField: "relation", relation: a.Relation, disclosed: a.Disclosed,
		waivedBy: a.WaivedBy})
	if err != nil {
		return err
	}
	leaves.EndedAt, leaves.EndedWhy = s.Now, "handed_over"
	next := Assignment{ID: ItemID(s.NewID()), Mediator: a.To, Name: s.Mediators[a.To].Name, Lead: leaves.Lead, ChosenBy: "committee", By: s.By.User,
		Relation: a.Relation, Guided: leaves.Guided, Accepted: []string{}, Verdict: verdict, Findings: listed(found), StartedAt: s.Now}
	c.Assignments = append(c.Assignments, next)
	s.About(next.ID)
	s.checked(verdict, found)
	s.Code("reason", a.Reason)
	return nil
}
