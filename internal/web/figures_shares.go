package web

import (
	"strconv"

	"doorstep/internal/figures"
	"doorstep/internal/ledger"
)

// sharesPart tells what became of the agreements in shares; each leads to the cases
// that make it. Who may open no list reads none: a share would tell the small figures
// it was reckoned from.
func sharesPart(p Page, f *ledger.Figures) []OfficePart {
	if !f.Opens {
		return nil
	}
	t := &Table{Caption: p.T("figures.shares"), Head: []string{p.T("figures.head.line"), p.T("figures.head.share")}}
	for _, s := range figures.Shares {
		tenths, ok := f.Values.Share(s)
		share := Cell{Text: perCent(p, tenths, ok), Number: true}
		if f.Values[s.Part] != 0 {
			share.URL = figuresURL("/figures/behind", f, "cell", string(s.Part))
		}
		t.Rows = append(t.Rows, []Cell{{Text: p.T("figures.share." + string(s.Part)), Sub: p.T("figures.share_of", "part", lineName(p, s.Part), "whole", lineName(p, s.Whole))}, share})
	}
	return []OfficePart{{Table: t}}
}

func rate(p Page, v figures.Values) string {
	tenths, ok := v.SuccessRate()
	return perCent(p, tenths, ok)
}

// perCent writes tenths of a per cent, or that there is nothing to reckon.
func perCent(p Page, tenths int64, ok bool) string {
	if !ok {
		return p.T("ledger.nothing")
	}
	return strconv.FormatInt(tenths/10, 10) + "." + strconv.FormatInt(tenths%10, 10) + "%"
}
