package web

import (
	"slices"
	"strings"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// courts lists the courts an act may name. For judicial confirmation those the
// file shows to be competent come first, each with its grounds; the others are
// competent only if a party lives in their district.
func (s sheet) courts(confirmation bool) []Option {
	var list []Option
	known := map[string]bool{}
	if confirmation {
		for _, c := range s.view.Competent {
			known[c.Court.ID] = true
			list = append(list, Option{Value: c.Court.ID, Label: c.Court.Name + s.page.Aside(groundsInWords(s.page, c.Grounds))})
		}
	}
	var others []Option
	for id, name := range s.view.Courts {
		if known[string(id)] {
			continue
		}
		if confirmation && len(list) > 0 {
			name += s.page.Aside(s.page.T("confirmation.by_domicile_only"))
		}
		others = append(others, Option{Value: string(id), Label: name})
	}
	slices.SortFunc(others, func(a, b Option) int { return strings.Compare(a.Label, b.Label) })
	if confirmation && s.view.Case.CourtMode == statute.C1 && len(list) > 0 {
		return list // the court that delegated is the only one
	}
	return append(list, others...)
}

func groundsInWords(p Page, grounds []string) string {
	var words []string
	for _, g := range grounds {
		words = append(words, p.Code(string(statute.Competence), g))
	}
	return strings.Join(words, p.T("common.comma"))
}

// applyFields asks for the day of filing with its last day, and for the court's
// receipt once the thirty days are over; then no day is put in beforehand. A clause
// no court confirms is asked about where there is one, and an agent is called by
// name where the file knows him.
func (s sheet) applyFields(fields []Field) []Field {
	c, today := s.view.Case, statute.DateOf(s.view.Now)
	term := c.FilingTerm()
	over := term.Over(today)
	fields = slices.DeleteFunc(fields, func(f Field) bool {
		return f.Name == "receipt" && !over || f.Name == "scope_told" && len(c.Unconfirmable()) == 0
	})
	for i := range fields {
		f := &fields[i]
		switch f.Name {
		case "on":
			f.Help, f.Min, f.Max = s.page.T("act.apply_confirmation.on.last", "last", s.page.Date(term.Last)), term.First.String(), today.String()
			if over {
				f.Help, f.Max, f.Value = s.page.T("act.apply_confirmation.on.over", "last", s.page.Date(term.Last)), term.Last.String(), ""
			}
		case "receipt":
			f.Help = s.page.T("act.apply_confirmation.receipt.how", "max", sizeText(s.upload))
		case "file":
			f.Help = s.page.T("act.join_confirmation.file_help", "max", sizeText(s.upload))
		case "by_agent":
			for k, p := range c.Active() {
				if p.AgentName != "" {
					f.Options[k].Label += s.page.T("common.colon") + s.page.T("confirmation.by_agent", "name", p.AgentName)
				}
			}
		}
	}
	return fields
}

// clauseName says in which clause something was found: a promise by its number,
// or the text of what was settled.
func clauseName(p Page, clause int) string {
	if clause == 0 {
		return p.T("confirmation.in_settled")
	}
	return p.T("confirmation.in_promise", "n", clause)
}

// courtLine is one competent court on the page of a case.
type courtLine struct{ Name, Why string }

// Countdown is the thirty days as they stand: nil unless the parties may apply
// now.
func (p casePage) Countdown() *countdown {
	clock := p.C.Clock(statute.D12Confirmation)
	state := p.C.ConfirmationState()
	moves := mediation.ConfirmationMoves()[state]
	_, anew := moves[mediation.ProposeConfirmation]
	if _, joined := moves[mediation.JoinConfirmation]; !anew && !joined || clock == nil || p.C.EffectiveOn.IsZero() {
		return nil
	}
	c := &countdown{Due: p.Page.Due(clock.Due)}
	day := statute.DateOf(p.Now).Sub(p.C.EffectiveOn)
	c.Text = p.T("confirmation.day_n", "n", day, "date", p.Date(p.C.EffectiveOn), "last", p.Date(clock.Due))
	if day <= 0 {
		c.Text = p.T("confirmation.day_0", "last", p.Date(clock.Due))
	}
	if !anew {
		return c
	}
	for _, choice := range p.View.Competent {
		c.Courts = append(c.Courts, courtLine{choice.Court.Name, groundsInWords(p.Page, choice.Grounds)})
	}
	return c
}

// countdown is the term of the joint application as it is shown.
type countdown struct {
	Text   string
	Due    Due
	Courts []courtLine
}

// Meaning says what a state of the confirmation means for the parties, with the
// articles it rests on.
func (p casePage) Meaning(state string) string {
	c, ok := statute.Lookup(statute.CourtOutcomes, state)
	if !ok {
		return ""
	}
	return c.Label(string(p.Lang)) + p.Source(c.Source)
}

// CameBack says what became of an application that a court did not take or that was
// taken back, and of the last one what the parties may do now; nil for any other.
func (p casePage) CameBack(k mediation.Confirmation) *Notice {
	if !k.CameBack() {
		return nil
	}
	n := &Notice{Tone: ToneInform, Title: p.T("confirmation.came_back."+k.State, "court", p.View.Courts[k.Court], "date", p.Date(k.DecidedOn))}
	var lines []string
	if k.Note != "" {
		lines = append(lines, p.T("confirmation.came_back.why", "why", k.Note))
	}
	if k.ID == p.C.Application().ID && p.Sees("deadline") {
		n.Tone = ToneWait
		lines = append(lines, p.applyAnew(n))
		if k.State == mediation.ConfirmationNotTaken {
			lines = append(lines, p.T("confirmation.came_back.mediate")+p.Source("CPL 206; PML 33"))
		}
	}
	n.Text = strings.Join(lines, "\n")
	return n
}

// applyAnew says whether the parties may apply again, with the way there.
func (p casePage) applyAnew(n *Notice) string {
	clock := p.C.Clock(statute.D12Confirmation)
	if clock == nil {
		return p.T("confirmation.came_back.over") + p.Source("PML 31, 32, 33")
	}
	if d, ok := deedOf(mediation.ProposeConfirmation); ok && p.View.May(d.action) {
		n.Links = append(n.Links, *button(p.Page, p.C, d, ActionPlain))
	}
	return p.T("confirmation.came_back.again", "last", p.Date(clock.Due)) + p.Source("PML 31, 32, 33; CPL 205")
}

// NotedLate tells, once the thirty days are over, that an application which came to
// the court in time may still be noted, and how; nil where there is none to note.
func (p casePage) NotedLate() *Notice {
	if !p.C.NotedLate(statute.DateOf(p.Now)) {
		return nil
	}
	last := p.Date(p.C.FilingTerm().Last)
	n := &Notice{Tone: ToneInform, Title: p.T("confirmation.noted_late.title", "last", last)}
	switch d, ok := deedOf(mediation.ApplyConfirmation); {
	case p.View.Me != nil:
		n.Text = p.T("confirmation.noted_late.party", "last", last)
	case ok && p.View.May(d.action):
		n.Text = p.T("confirmation.noted_late.staff", "last", last)
		n.Links = append(n.Links, Action{Label: p.T("confirmation.noted_late.button"), URL: casePath(p.C.ID, d.noun), Kind: ActionPlain})
	default:
		n.Text = p.T("confirmation.noted_late.others", "last", last)
	}
	n.Text += p.Source("PML 33; CPL 205")
	return n
}

// GroundOf says by what the court is competent, and whose home it is by.
func (p casePage) GroundOf(k mediation.Confirmation) string {
	if k.Ground == "" {
		return ""
	}
	word := p.Code(string(statute.Competence), k.Ground)
	if k.HomeOf != "" {
		word += p.Aside(p.PartyName(k.HomeOf))
	}
	return word
}
