package web

import (
	"fmt"
	"slices"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// terms asks for the text of an agreement with its obligations, and for what the
// oral form asks beside.
func (s sheet) terms(f *Form, a mediation.Action) {
	f.Lists = []Suggestions{{"usual-what", s.phrases.What}, {"usual-how", s.phrases.How}}
	f.Sections = append(f.Sections,
		Section{Title: s.page.T("act.terms.what"), Fields: []Field{
			s.field(a, long("facts")), s.field(a, long("settled").required()), s.field(a, long("unsettled"))}},
		Section{Rows: s.promiseRows(1)},
		Section{Title: s.page.T("act.terms.check"), Fields: []Field{
			s.field(a, may("immediate")), s.field(a, tick("law_checked")), s.field(a, tick("third_checked")), s.field(a, tick("free_will"))}})
	if a == mediation.SettleOrally || a == mediation.SettleAtOnce {
		f.Sections = append(f.Sections, Section{Fields: []Field{s.field(a, day().optional()), s.field(a, tick("no_paper"))}})
	}
	if a == mediation.CourtAgreed {
		f.Sections = append(f.Sections, Section{Fields: []Field{s.field(a, day())}})
	}
	if a == mediation.ReviseAgreement {
		s.present(f)
	}
}

// promiseRows draws n rows of obligations.
func (s sheet) promiseRows(n int) *Rows {
	rows := &Rows{Name: "obligations", Legend: s.page.T("act.terms.obligations"), Help: s.page.T("act.terms.obligations.help"),
		Add: s.page.T("act.terms.add"), Max: maxPromises, Min: 1}
	for i := range max(1, n) {
		at := fmt.Sprintf("obligations[%d].", i)
		fields := []Field{s.field("", pick("by", fromParties)), s.field("", pick("to", fromParties)),
			s.field("", code("kind", statute.ObligationKinds)), s.field("", text("what").required()),
			s.field("", ask{name: "amount", kind: FieldMoney}), s.field("", ask{name: "due", kind: FieldDate, must: true}),
			s.field("", ask{name: "every", kind: FieldSelect, words: []string{"week", "month", "quarter", "year"}}),
			s.field("", ask{name: "times", kind: FieldNumber}), s.field("", text("how").required())}
		for k := range fields {
			name := fields[k].Name
			fields[k].Label, fields[k].Help = s.page.T("field.obligation."+name), ""
			fields[k].Name = at + name
			if name == "what" || name == "how" {
				fields[k].Suggest = "usual-" + name
			}
		}
		rows.Groups = append(rows.Groups, Group{Legend: s.page.T("act.terms.obligation", "n", i+1), Fields: fields})
	}
	return rows
}

// present fills a revision with the version in force, so that a change of one
// word does not ask for the whole text again.
func (s sheet) present(f *Form) {
	draft := s.view.Case.Agreement()
	promised := slices.DeleteFunc(s.view.Case.Promised(), func(o mediation.Obligation) bool { return o.SeriesNo > 1 }) // a series is one row
	if draft == nil {
		return
	}
	for i := range f.Sections {
		if f.Sections[i].Rows != nil {
			f.Sections[i].Rows = s.promiseRows(len(promised))
		}
	}
	values := map[string]string{"facts": draft.Facts, "settled": draft.Settled, "unsettled": draft.Unsettled}
	for i, o := range promised {
		at := fmt.Sprintf("obligations[%d].", i)
		values[at+"by"], values[at+"to"], values[at+"kind"], values[at+"what"] = string(o.By), string(o.To), o.Kind, o.What
		values[at+"due"], values[at+"how"] = o.Due.String(), o.How
		if o.SeriesOf > 0 {
			values[at+"every"], values[at+"times"] = o.Every, fmt.Sprint(o.SeriesOf)
		}
		if o.AmountFen > 0 {
			values[at+"amount"] = statute.Yuan(o.AmountFen)
		}
	}
	f.each(func(x *Field) {
		if v, ok := values[x.Name]; ok {
			x.Value = v
		}
	})
}
