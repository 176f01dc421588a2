package web

import (
	"archive/zip"
	"bytes"
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
	var pdf, file bytes.Buffer
	if err := s.Press.Papers(&pdf, v.Now, papers...); err != nil {
		return err
	}
	z := zip.NewWriter(&file)
	if err := putStored(z, courtPapers, &pdf, v.Now); err != nil {
		return err
	}
	for i, f := range it.Case.Files {
		content, err := s.Blobs.Get(c.Request().Context(), f.Digest)
		if err != nil {
			return &mediation.Error{Kind: mediation.Unavailable, Key: "file.missing", Err: err}
		}
		err = putStored(z, fmt.Sprintf("%s%02d-%s", courtProofs, i+1, volume.PlainName(f.Name)), content, v.Now)
		if closed := content.Close(); err == nil {
			err = closed
		}
		if err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Content-Security-Policy", sandboxPolicy)
	h.Set(echo.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": "司法确认 " + papers[0].Number + ".zip"}))
	return c.Blob(http.StatusOK, "application/zip", file.Bytes())
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
