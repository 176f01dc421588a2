package web

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"doorstep/internal/mediation"
	"doorstep/internal/paper"
	"doorstep/internal/volume"
)

// The names inside the file for the court.
const (
	courtPapers = "司法确认申请材料.pdf"
	courtProofs = "身份证明/"
)

// sendCourtFile is the whole file of an application in one download: its papers
// with the addresses for service in the open, and the proofs of identity. The
// court gets what was frozen when it was filed; the opening is written down.
func (s *Site) sendCourtFile(c echo.Context) error {
	id, err := caseID(c)
	if err != nil {
		return err
	}
	v, it, err := s.Desk.CourtFile(c.Request().Context(), actor(c), id)
	if err != nil {
		return err
	}
	in := s.setting(v)
	in.Served = it.Served
	papers, err := paper.CourtPapers(it.Case, in)
	if err != nil {
		return err
	}
	var pdf bytes.Buffer
	if err := s.Press.Papers(&pdf, v.Now, papers...); err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Content-Security-Policy", sandboxPolicy)
	h.Set(echo.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": "司法确认 " + papers[0].Number + ".zip"}))
	h.Set(echo.HeaderContentType, "application/zip")
	if err := s.bindCourtFile(c.Request().Context(), c.Response(), &pdf, it.Case.Files, v.Now); err != nil {
		s.Log.Error("a file for the court was cut off", "cause", err)
		panic(http.ErrAbortHandler) // whoever waits must see that it is not whole
	}
	return nil
}

// bindCourtFile writes papers and proofs as they are read: what stands open in
// them lies in no temporary file, and photographs are never held together.
func (s *Site) bindCourtFile(ctx context.Context, to io.Writer, papers io.Reader, proofs []mediation.File, at time.Time) error {
	z := zip.NewWriter(to)
	if err := putStored(z, courtPapers, papers, at); err != nil {
		return err
	}
	for i, f := range proofs {
		content, err := s.Blobs.Get(ctx, f.Digest)
		if err != nil {
			return &mediation.Error{Kind: mediation.Unavailable, Key: "file.missing", Err: err}
		}
		err = putStored(z, fmt.Sprintf("%s%02d-%s", courtProofs, i+1, volume.PlainName(f.Name)), content, at)
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

// CourtFileOf says whether the reader may open the file of this application.
func (p casePage) CourtFileOf(k mediation.Confirmation) bool {
	return p.Sees("service") && k.ID == p.C.Application().ID && k.Frozen() != nil
}
