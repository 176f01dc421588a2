package web

import (
	"slices"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// doorFields asks who besides the parties may be at a session, closed beforehand
// unless it was planned open. Where it must be closed the form says why, and asks
// for nothing that could open it.
func (s sheet) doorFields(a mediation.Action, fields []Field) []Field {
	c := s.view.Case
	why := c.DoorsShut()
	known := statute.DoorsClosed
	if next := c.NextSession(); a == mediation.OpenSession && next != nil && next.Doors != "" {
		known = next.Doors
	}
	if why != "" {
		known = statute.DoorsClosed
		fields = slices.DeleteFunc(fields, func(f Field) bool { return f.Name == "unopposed" || f.Name == "no_secrets" })
	}
	for i := range fields {
		f := &fields[i]
		if f.Name != "openness" {
			continue
		}
		f.Value = known
		if why != "" {
			f.Help = s.page.T("rule.doors_" + why)
			f.Options = slices.DeleteFunc(f.Options, func(o Option) bool { return o.Value == statute.DoorsOpen })
		}
	}
	return fields
}

// Doors says who besides the parties may be at a session: as it was opened, else as
// it was planned; "" for one of before that was asked.
func (p casePage) Doors(m mediation.Session) string {
	how := orElse(m.OpenedDoors, m.Doors)
	if how == "" {
		return ""
	}
	return p.Code(string(statute.SessionDoors), how)
}

// AskedClosed names the parties that asked for closed sessions, as far as the reader
// may know; "" for none.
func (p casePage) AskedClosed() string {
	names := ""
	for _, party := range p.C.Active() {
		if party.ClosedAskedAt.IsZero() {
			continue
		}
		if p.View.Me != nil {
			return p.T("case.closed_asked_self", "date", p.Date(party.ClosedAskedAt))
		}
		if names != "" {
			names += p.T("common.comma")
		}
		names += p.PartyName(party.ID) + p.Aside(p.Date(party.ClosedAskedAt))
	}
	if names == "" {
		return ""
	}
	return p.T("case.closed_asked", "names", names)
}
