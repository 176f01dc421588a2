package web

import (
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// majorPart is what stands above a major dispute that nobody has reported yet: until
// when, one press that puts it on the desk of legal staff, and the way to write down
// what was told by word of mouth or on paper.
type majorPart struct {
	Notice  Notice
	URL     string
	Version int
}

// Unreported is that part for a reader who may report; nil when nothing is due.
func (p casePage) Unreported() *majorPart {
	d := p.C.Clock(statute.D21Major)
	if d == nil || !p.View.May(mediation.ReportMajor) {
		return nil
	}
	tone, text := ToneWait, "case.major_due"
	if p.Now.After(d.Due) {
		tone, text = ToneAlarm, "case.major_late"
	}
	return &majorPart{Notice: Notice{Tone: tone, Title: p.T("case.major_title"), Text: p.T(text, "time", p.DateTime(d.Due))},
		URL: casePath(p.C.ID, "major-report"), Version: p.C.Version}
}
