package web

import (
	"time"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// fileLine is one photo or paper of a case in a list: what it looks like, or an
// icon and its kind.
type fileLine struct {
	Name, URL string
	Preview   string // address of the small copy; "" where an icon stands for it
	Icon      string
	Kind      string // in words
	At        time.Time
	Notes     []string // whose it is, whether it is shared
	Label     string   // address where it is said anew what the file is; "" where the reader may not
}

// fileLines lists files for a page. Proofs of identity, and in a restricted case
// all pictures (injuries, children), stay covered until somebody opens one, and
// that is also what the access log then tells.
func fileLines(p Page, c *mediation.Case, sides bool) []fileLine {
	lines := make([]fileLine, len(c.Files))
	for i, f := range c.Files {
		l := fileLine{Name: f.Named(), URL: casePath(c.ID, "files/"+string(f.ID)), At: f.At, Icon: "file-text", Kind: p.T("file.kind_document")}
		if f.Kind == "image" {
			l.Icon, l.Kind = "eye", p.T("file.kind_picture")
			if f.Preview != "" && !c.Restricted && f.Class != statute.ProofOfIdentity {
				l.Preview = l.URL + "/preview"
			}
		}
		if f.Mime == "application/pdf" {
			l.Kind = "PDF"
		}
		l.Notes = append(l.Notes, className(p, c, f))
		if sides && f.Side != "" {
			l.Notes = append(l.Notes, p.T("side."+string(f.Side)))
		}
		if f.Shared {
			l.Notes = append(l.Notes, p.T("case.shared"))
		}
		lines[i] = l
	}
	return lines
}

// FileLines lists the files of the case's page; a party need not be told whose its
// own are.
func (p casePage) FileLines() []fileLine {
	lines := fileLines(p.Page, p.C, p.View.Me == nil)
	if p.View.May(mediation.ClassifyFile) {
		for i, f := range p.C.Files {
			lines[i].Label = casePath(p.C.ID, "file-classes") + "?file=" + string(f.ID)
		}
	}
	return lines
}

// FileLines lists what is there already beside the form that adds to it.
func (p filesPage) FileLines() []fileLine { return fileLines(p.Page, p.Case, false) }

// FileOf is one file of the case's page; nil where the reader is not shown it.
func (p casePage) FileOf(id mediation.ItemID) *fileLine {
	for i, f := range p.C.Files {
		if f.ID == id && id != "" {
			return &fileLines(p.Page, p.C, false)[i]
		}
	}
	return nil
}
