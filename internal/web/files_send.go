package web

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"doorstep/internal/mediation"
)

// sendFile gives a file to a reader of the case to whom it is shown; to anybody
// else it is not there. Pictures, which we drew ourselves, may be looked at in
// the browser; a PDF is only ever saved.
func (s *Site) sendFile(c echo.Context) error {
	file, err := s.fileShown(c)
	if err != nil {
		return err
	}
	content, err := s.Blobs.Get(c.Request().Context(), file.Digest)
	if err != nil {
		return &mediation.Error{Kind: mediation.Unavailable, Key: "file.missing", Err: err}
	}
	return stream(c, file, content)
}

// sendPreview gives the small copy of a picture to whoever may have the picture.
func (s *Site) sendPreview(c echo.Context) error {
	file, err := s.fileShown(c)
	if err != nil {
		return err
	}
	if file.Preview == "" {
		return &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
	}
	content, err := s.Blobs.Get(c.Request().Context(), file.Preview)
	if err != nil {
		return &mediation.Error{Kind: mediation.Unavailable, Key: "file.missing", Err: err}
	}
	file.Mime, file.Size = "image/jpeg", 0
	return stream(c, file, content)
}

// fileShown is the file of the address if the asker may see it.
func (s *Site) fileShown(c echo.Context) (mediation.File, error) {
	id, err := caseID(c)
	if err != nil {
		return mediation.File{}, err
	}
	return s.Desk.TakeFile(c.Request().Context(), actor(c), id, mediation.ItemID(c.Param("file")))
}

// stream sends a stored file under headers that keep it from doing anything; a
// size of 0 is not known.
func stream(c echo.Context, file mediation.File, content io.ReadCloser) error {
	h, how := c.Response().Header(), "attachment"
	if file.Mime == "image/jpeg" || file.Mime == "image/png" {
		how = "inline"
	}
	h.Set("Content-Security-Policy", sandboxPolicy)
	h.Set(echo.HeaderContentDisposition, mime.FormatMediaType(how, map[string]string{"filename": file.Name}))
	if file.Size > 0 {
		h.Set(echo.HeaderContentLength, strconv.FormatInt(file.Size, 10))
	}
	return errors.Join(c.Stream(http.StatusOK, file.Mime, content), content.Close())
}
