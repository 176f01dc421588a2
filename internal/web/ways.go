package web

import (
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// wayLine is one way on about a promise that is not kept, as it is drawn.
type wayLine struct{ Icon, Label, URL, State, Source string }

// Standing is how a promise stands today.
func (p casePage) Standing(o mediation.Obligation) string {
	return o.Standing(statute.DateOf(p.View.Now))
}

// Ways are what can still be done about a promise that is not kept: each with
// its article, whether it is open, and the page that begins it where the reader
// may do it.
func (p casePage) Ways(o mediation.Obligation) []wayLine {
	var list []wayLine
	for _, w := range p.C.Ways(o, statute.DateOf(p.View.Now)) {
		line := wayLine{Icon: "check", Label: p.T("way." + w.Key), Source: p.Source(w.Source)}
		switch {
		case w.Open && w.Until.IsZero():
			line.State = p.T("way.open")
		case w.Open:
			line.State = p.T("way.open_until", "date", p.Date(w.Until))
		case w.Why == "late" && !w.Until.IsZero():
			line.Icon, line.State = "x", p.T("way.shut.late", "date", p.Date(w.Until))
		case w.Why == "late":
			line.Icon, line.State = "x", p.T("way.shut.late_unknown")
		default:
			line.Icon, line.State = "x", p.T("way.shut."+w.Why)
		}
		if d, ok := deedOf(w.Action); ok && w.Open && p.May(string(w.Action)) {
			line.URL = casePath(p.C.ID, d.noun)
		}
		list = append(list, line)
	}
	return list
}
