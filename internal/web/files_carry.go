package web

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"path"
	"strings"

	"github.com/labstack/echo/v4"

	"doorstep/internal/blob"
	"doorstep/internal/mediation"
)

// filled is a file of a case as an upload gives it, under the label it was given.
func filled(f mediation.File, sent string, up *blob.Upload) mediation.File {
	f.Kind = "image"
	if up.Kind == blob.Document {
		f.Kind = "document"
	}
	name := fileName(sent)
	f.Name, f.Mime, f.Size, f.Digest = strings.TrimSuffix(name, path.Ext(name))+up.Ext, up.Mime, int64(len(up.Bytes)), blob.DigestOf(up.Bytes)
	if up.Preview != nil {
		f.Preview = blob.DigestOf(up.Preview)
	}
	return f
}

// store lays an upload and its small copy down.
func (s *Site) store(ctx context.Context, up *blob.Upload) error {
	for _, content := range [][]byte{up.Preview, up.Bytes} {
		if content == nil {
			continue
		}
		if _, err := s.Blobs.Put(ctx, bytes.NewReader(content), int64(len(content))); err != nil {
			return err
		}
	}
	return nil
}

// carry stores the one file that came with an act and hands it over. It looks
// first whether the act may be done at all: what is refused is not stored.
//
// Errors: those of View.Refuse; Invalid with the field "file".
func (s *Site) carry(c echo.Context, act mediation.Act, id mediation.CaseID, pictures studio, files []*multipart.FileHeader) error {
	carrier, ok := act.(mediation.Carrier)
	if !ok || len(files) == 0 {
		return nil
	}
	ctx, a := c.Request().Context(), actor(c)
	v, err := s.Desk.Case(ctx, a, id)
	if err != nil {
		return err
	}
	if err := v.Refuse(act.Action(), s.Can(a, "case", act.Action())); err != nil {
		return err
	}
	leaveTurn(c)
	wrong := func(key string) error {
		return &mediation.Error{Kind: mediation.Invalid, Key: "error.check_fields", Fields: mediation.Faults{"file": key}, Args: map[string]string{"max": sizeText(s.Upload)}}
	}
	if len(files) > 1 {
		return wrong("file.one_only")
	}
	up, err := pictures.admit(ctx, files[0], s.Upload)
	if err != nil {
		return wrong(refusalKey(err))
	}
	if err := s.store(ctx, up); err != nil {
		s.Log.Error("upload not stored", "cause", fmt.Errorf("%w: %w", errNotStored, err))
		return wrong("file.later")
	}
	carrier.Carry(filled(mediation.File{}, files[0].Filename, up))
	return nil
}
