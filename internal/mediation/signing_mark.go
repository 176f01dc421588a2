package mediation

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"

	"doorstep/internal/ink"
	"doorstep/internal/statute"
)

// Scanned is the scan of a sheet that was signed on paper.
type Scanned struct {
	Scan *File `form:"-"` // in the file store already; nil for none
}

// Laid is the scan that came with the act.
func (a Scanned) Laid() *File { return a.Scan }

// Carry takes the scan that came with the act.
func (a *Scanned) Carry(f File) { a.Scan = &f }

// Mark is what shows that somebody signed: strokes drawn on a screen, or the scan
// of the signed sheet.
type Mark struct {
	Drawing string `form:"drawing"` // strokes as package ink reads them; "" for none
	Scanned
}

// HandOnly says that no drawing on a screen counts as a signature in the case:
// where marriage, adoption or inheritance is at stake the parties cannot agree on
// signing electronically.
//
// Source: ESL 3.
func (c *Case) HandOnly() bool { return c.Type == statute.FamilyDispute }

// needed marks what a way of signing lacks, at the field that can mend it.
func (a Mark) needed(c *Case, f Faults, how string) {
	switch {
	case how == "paper" && a.Drawing != "":
		f.Mark("how", "rule.drawn_is_not_paper")
	case how == "in_person" && c.HandOnly():
		f.Mark("how", "rule.hand_only")
	case how == "in_person" && a.Drawing == "":
		f.Mark("drawing", "rule.drawing_needed")
	case how == "online" && a.Drawing == "" && a.Scan == nil:
		if c.HandOnly() {
			f.Mark("file", "rule.hand_only")
			return
		}
		f.Mark("drawing", "rule.drawing_or_scan")
	}
}

// drawn turns the strokes into the picture of the signature.
func (a Mark) drawn(c *Case, f Faults, v *Signature) {
	if a.Drawing == "" {
		return
	}
	if c.HandOnly() {
		f.Mark("drawing", "rule.hand_only")
		return
	}
	strokes, err := ink.Parse(a.Drawing)
	if err == nil {
		v.Ink, err = strokes.PNG()
	}
	switch {
	case errors.Is(err, ink.ErrEmpty):
		f.Mark("drawing", "rule.drawing_empty")
	case errors.Is(err, ink.ErrTooLarge):
		f.Mark("drawing", "rule.drawing_too_large")
	case err != nil:
		f.Mark("drawing", "rule.drawing_broken")
	default:
		sum := sha256.Sum256(v.Ink)
		v.Image = hex.EncodeToString(sum[:])
	}
}

// laySheet lays the scan of a signed sheet to the case and gives its file; "" where
// none came. A sheet that several signed is scanned once, stands for each of them
// and concerns none of them alone.
//
// Errors: Invalid with the field file.
func (c *Case) laySheet(s *Scene, form string, about PartyID, scan *File) (ItemID, error) {
	if scan == nil {
		return "", nil
	}
	known := slices.IndexFunc(c.Files, func(f File) bool {
		return f.Digest == scan.Digest && f.Class == statute.SignedPaper && f.Form == form
	})
	if known < 0 {
		file := *scan
		file.Class, file.Form, file.About = statute.SignedPaper, form, about
		if err := c.lay(s, file); err != nil {
			return "", err
		}
		known = len(c.Files) - 1
	}
	if f := &c.Files[known]; f.About != about {
		f.About = ""
	}
	s.Code("scan", scan.Digest)
	return c.Files[known].ID, nil
}
