package web

import (
	"fmt"

	"doorstep/internal/mediation"
)

// prefillParty fills the form of a party's particulars.
func prefillParty(page Page, f *Form, p *mediation.Party) {
	values := map[string]string{"party": string(p.ID), "side": string(p.Side), "name": p.Name, "capacity": p.Capacity,
		"group_size": fmt.Sprint(p.GroupSize), "guardian": p.GuardianName, "agent": p.AgentName, "agent_scope": p.AgentScope,
		"agent_from": p.AgentFrom.String(), "agent_until": p.AgentUntil.String(), "legal_rep": p.LegalRep, "legal_post": p.LegalPost, "credit_code": p.CreditCode, "sex": p.Sex, "ethnic": p.Ethnic, "occupation": p.Occupation}
	masks := page.masked(p)
	f.each(func(x *Field) {
		if v, ok := values[x.Name]; ok {
			x.Value = v
		}
		if m := masks[x.Name]; m != "" {
			x.Help = m + " — " + x.Help
		}
		if x.Name == "agent_paper" {
			x.Checked = p.AgentName != ""
		}
		if x.Name == "sensitive" {
			x.Checked = !p.SensitiveAt.IsZero()
		}
	})
}
