package web

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"doorstep/internal/casework"
	"doorstep/internal/mediation"
	"doorstep/internal/paper"
)

// courtPapers is the name of the papers inside the file for the court.
const courtPapers = "司法确认申请材料.pdf"

// sendCourtFile is the whole file of an application in one download: its papers
// with the addresses for service in the open, and the scans beside them. The court
// gets what was frozen when it was filed; the opening is written down.
func (s *Site) sendCourtFile(c echo.Context) error {
	id, err := caseID(c)
	if err != nil {
		return err
	}
	_, it, err := s.Desk.CourtFile(c.Request().Context(), actor(c), id)
	if err != nil {
		return err
	}
	var pdf bytes.Buffer
	if err := s.Press.Papers(&pdf, it.At, it.Papers...); err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Content-Security-Policy", sandboxPolicy)
	h.Set(echo.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": "司法确认 " + it.Papers[0].Number + ".zip"}))
	h.Set(echo.HeaderContentType, "application/zip")
	if err := s.bindCourtFile(c.Request().Context(), c.Response(), &pdf, it.Files, it.At); err != nil {
		s.Log.Error("a file for the court was cut off", "cause", err)
		panic(http.ErrAbortHandler) // whoever waits must see that it is not whole
	}
	return nil
}

// bindCourtFile writes papers and scans as they are read: what stands open in them
// lies in no temporary file, and photographs are never held together.
func (s *Site) bindCourtFile(ctx context.Context, to io.Writer, papers io.Reader, scans []paper.Enclosure, at time.Time) error {
	z := zip.NewWriter(to)
	if err := putStored(z, courtPapers, papers, at); err != nil {
		return err
	}
	for _, f := range scans {
		content, err := s.Blobs.Get(ctx, f.Digest)
		if err != nil {
			return &mediation.Error{Kind: mediation.Unavailable, Key: "file.missing", Err: err}
		}
		err = putStored(z, f.Name, content, at)
		if err = errors.Join(err, content.Close()); err != nil {
			return err
		}
	}
	return z.Close()
}

// putStored lays a file into the archive; what is inside is packed already.
func putStored(z *zip.Writer, name string, content io.Reader, at time.Time) error {
	w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store, Modified: at})
	if err != nil {
		return err
	}
	_, err = io.Copy(w, content)
	return err
}

// courtPart is what the list of papers says of the file for the court: whether it
// lies there, or what it still wants and who sees to it.
type courtPart struct {
	Notice Notice
	Lacks  Table
	File   string // address of the file; "" for whoever may not take it
	Label  string
	Note   string
}

func (s *Site) courtPart(p Page, v *casework.View) *courtPart {
	st := s.Desk.CourtStand(v)
	if st == nil {
		return nil
	}
	part := &courtPart{Label: p.T("confirmation.file"), Note: p.T("confirmation.file_note")}
	if st.Open {
		part.File = casePath(v.Case.ID, "confirmation/file")
	}
	switch {
	case st.Filed != nil && st.Filed.CameBack():
		part.Notice, part.Label = *casePage{Page: p, C: v.Case, View: v}.CameBack(*st.Filed), p.T("paper.court.then")
		part.Lacks = p.courtLacks(v, st.Lacks)
		if !st.Whole {
			part.File = ""
		}
	case st.Filed != nil && st.Whole:
		part.Notice = Notice{Tone: ToneGood, Title: p.T("paper.court.filed", "court", v.Courts[st.Filed.Court], "date", p.Date(st.Filed.FiledOn)), Text: p.T("paper.court.filed_text")}
	case st.Filed != nil:
		part.Notice = Notice{Tone: ToneInform, Title: p.T("paper.court.filed", "court", v.Courts[st.Filed.Court], "date", p.Date(st.Filed.FiledOn)), Text: p.T("paper.court.old_text")}
		part.Note = p.T("confirmation.file_before")
	case st.Over:
		part.Notice, part.File = Notice{Tone: ToneInform, Title: p.T("paper.court.over")}, ""
	default:
		part.Notice = Notice{Tone: ToneWait, Title: p.T("paper.court.not_yet"), Text: p.T("paper.court.not_yet_text")}
		part.Label, part.Note = p.T("paper.court.look"), p.T("confirmation.file_before")
		part.Lacks = p.courtLacks(v, st.Lacks)
	}
	if !st.Open && (!st.Over || st.Filed != nil) {
		part.Note = p.T("paper.court.who_takes")
	}
	return part
}

// courtLacks lists what the file wants, who sees to it, and the way there for a
// reader who is that person.
func (p Page) courtLacks(v *casework.View, lacks []casework.CourtLack) Table {
	t := Table{Head: []string{p.T("paper.court.lacks"), p.T("paper.court.who")}}
	names := casePage{Page: p, C: v.Case, View: v}
	ways := map[string]struct {
		act  mediation.Action
		path string
	}{"proposal": {mediation.ProposeConfirmation, "confirmation/proposal"}, "joining": {mediation.JoinConfirmation, "confirmation/joining"},
		"proof": {mediation.AttachFile, "files"}, "authority": {mediation.AttachFile, "files"}, "sheet": {mediation.AttachFile, "files"}}
	for _, l := range lacks {
		name := names.PartyName(l.Party)
		what, who, way := p.T("paper.court.lacks."+l.What, "who", name), p.T("paper.court.who."+l.What, "who", name), ways[l.What]
		if way.act == "" { // a gap of a paper
			what, who = p.gap(paper.Gap{What: l.What, Who: name}), p.T("paper.court.who.gap")
			if l.Party != "" {
				way.act, way.path = mediation.UpdateParty, "party-details?party="+string(l.Party)
			}
		}
		cell := Cell{Text: what}
		mine := v.Me == nil || l.Party == "" || l.Party == v.Me.ID && l.What != "sheet" // which the office lays
		if mine && v.May(way.act) {
			cell.URL = casePath(v.Case.ID, way.path)
		}
		t.Rows = append(t.Rows, []Cell{cell, {Text: who}})
	}
	return t
}

// masks tells on a paper for the court that it is masked here, and where it is
// not.
func (p *paperPage) masks(v *casework.View, part *courtPart) {
	if !slices.Contains(paper.CourtForms, p.Paper.Code) || part == nil {
		return
	}
	p.Notice.Text += "\n" + p.T("paper.court.masked")
	link := Action{Label: p.T("paper.court.title"), URL: casePath(v.Case.ID, "papers") + "#court"}
	p.Notice.Links = append(p.Notice.Links, link)
}

// CourtFileOf says whether the reader may open the file of this application: the
// court only while it lies there.
func (p casePage) CourtFileOf(k mediation.Confirmation) bool {
	return p.Sees("service") && k.ID == p.C.Application().ID && k.Frozen() != nil && (k.Lies() || p.Sees("agreement"))
}

// Enclosed are the scans that went to the court with an application.
func (p casePage) Enclosed(k mediation.Confirmation) []paper.Enclosure {
	if frozen := k.Frozen(); frozen != nil {
		return paper.Enclosures(frozen)
	}
	return nil
}
