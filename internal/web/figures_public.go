package web

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"doorstep/internal/figures"
	"doorstep/internal/ledger"
)

// publicFigures shows everybody the closed quarters.
func (s *Site) publicFigures(c echo.Context) error {
	all, err := s.Ledger.PublicFigures(c.Request().Context(), actor(c), c.QueryParam("quarter"), s.SmallFigures)
	if err != nil {
		return err
	}
	p := OfficePage{Page: s.page(c)}
	p.Heading, p.Lead = p.T("figures.public.title"), p.T("figures.public.lead")
	p.Title = p.Heading
	if len(all) == 0 {
		p.Parts = []OfficePart{{Empty: &Empty{Icon: "chart-column", Title: p.T("figures.public.none"), Text: p.T("figures.public.none_text")}}}
		return s.show(c, http.StatusOK, "office/page", p)
	}
	p.Tabs = &Tabs{}
	for _, x := range all[0].Quarters {
		p.Tabs.Tabs = append(p.Tabs.Tabs, Tab{Label: periodName(p.Page, x), URL: "/open-figures?quarter=" + x.String(), Current: x == all[0].Period})
	}
	for _, d := range all {
		p.Parts = append(p.Parts, publicParts(p.Page, d)...)
	}
	p.Parts = append(p.Parts, OfficePart{Text: p.T("figures.public.hidden_text", "n", strconv.FormatInt(s.SmallFigures, 10)) + p.Source("PIPL 25")})
	return s.show(c, http.StatusOK, "office/page", p)
}

// publicParts are the figures of a district in two tables, since one would be
// wider than a screen: what became of the cases, and the form of the agreements.
func publicParts(p Page, d ledger.PublicFigures) []OfficePart {
	title := unitName(p, d.Areas[len(d.Areas)-1])
	fate := slices.Index(d.Cells, figures.Written)
	state := OfficePart{Title: title}
	if d.Preliminary() {
		state.Notice = &Notice{Tone: ToneWait, Title: p.T("figures.public.preliminary"),
			Text: p.T("figures.public.preliminary_text", "approved", strconv.Itoa(d.Approved), "closed", strconv.Itoa(d.Closed))}
	}
	if d.Held > 0 {
		state.Text = p.T("figures.public.held")
	}
	return []OfficePart{state, {Table: publicTable(p, d, 0, fate, "result")}, {Table: publicTable(p, d, fate, len(d.Cells), "form")}}
}

func publicTable(p Page, d ledger.PublicFigures, from, to int, group string) *Table {
	t := &Table{Caption: periodName(p, d.Period) + p.T("figures.gap") + p.T("figures.group."+group), Head: []string{p.T("figures.head.area")}}
	for _, cell := range d.Cells[from:to] {
		t.Head = append(t.Head, lineName(p, cell))
	}
	for i, row := range d.Rows {
		name := unitName(p, d.Areas[i])
		if i == len(d.Rows)-1 {
			name = p.T("figures.sum")
		}
		cells := []Cell{{Text: name}}
		for _, shown := range row[from:to] {
			text := p.Lang.Number(shown.Value)
			if shown.Hidden {
				text = p.T("figures.hidden")
			}
			cells = append(cells, Cell{Text: text, Number: true})
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}
