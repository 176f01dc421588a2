package mediation

import (
	"doorstep/internal/statute"
)

// Lint reads the agreement in force for what would make it void, unclear or hard
// to enforce; nil without one.
func (c *Case) Lint() []statute.Finding {
	a := c.Agreement()
	if a == nil {
		return nil
	}
	return c.lint(Terms{Settled: a.Settled, Unsettled: a.Unsettled}, c.Promised())
}

func (c *Case) lint(t Terms, rows []Obligation) []statute.Finding {
	text := statute.AgreementText{Settled: t.Settled, Unsettled: t.Unsettled}
	for _, o := range rows {
		text.Promises = append(text.Promises, statute.PromiseText{What: o.What, How: o.How, AmountFen: o.AmountFen})
	}
	for _, p := range c.Active() {
		if !involved(rows, p.ID) {
			text.Silent = append(text.Silent, p.Name)
		}
	}
	return statute.Lint(text)
}

func involved(rows []Obligation, id PartyID) bool {
	for _, o := range rows {
		if o.By == id || o.To == id {
			return true
		}
	}
	return false
}

// lawful marks a text that says what nobody may agree on: it must not become a
// draft, an oral agreement or the court's.
func (c *Case) lawful(f Faults, t Terms, rows []Obligation) {
	for _, v := range c.lint(t, rows) {
		if v.Stop {
			f.Mark("settled", "rule.lint_"+v.Code)
		}
	}
}
