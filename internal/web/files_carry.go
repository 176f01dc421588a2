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

// enclosure is what came in one box of an act's form, and what takes it.
type enclosure struct {
	field string
	files []*multipart.FileHeader
	take  func(mediation.File)
}

// enclosures are the boxes of an act that hold something.
func enclosures(c echo.Context, act mediation.Act) []enclosure {
	var list []enclosure
	add := func(field string, take func(mediation.File)) {
		if files := sentIn(c, field); len(files) > 0 {
			list = append(list, enclosure{field, files, take})
		}
	}
	if carrier, ok := act.(mediation.Carrier); ok {
		add("file", carrier.Carry)
	}
	if prover, ok := act.(mediation.Prover); ok {
		add("receipt", prover.Prove)
	}
	return list
}

// carry stores what came with an act, one file a box, and hands it over. It looks
// first whether the act may be done at all: what is refused is not stored.
//
// Errors: those of View.Refuse; Invalid with the field of the box.
func (s *Site) carry(c echo.Context, act mediation.Act, id mediation.CaseID, pictures studio) error {
	boxes := enclosures(c, act)
	if len(boxes) == 0 {
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
	for _, box := range boxes {
		f, key := s.kept(ctx, box, pictures)
		if key != "" {
			return &mediation.Error{Kind: mediation.Invalid, Key: "error.check_fields", Fields: mediation.Faults{box.field: key}, Args: map[string]string{"max": sizeText(s.Upload)}}
		}
		box.take(f)
	}
	return nil
}

// kept stores the one file of a box; else it gives the key of what is wrong with it.
func (s *Site) kept(ctx context.Context, box enclosure, pictures studio) (f mediation.File, wrong string) {
	if len(box.files) > 1 {
		return f, "file.one_only"
	}
	up, err := pictures.admit(ctx, box.files[0], s.Upload)
	if err != nil {
		return f, refusalKey(err)
	}
	if err := s.store(ctx, up); err != nil {
		s.Log.Error("upload not stored", "cause", fmt.Errorf("%w: %w", errNotStored, err))
		return f, "file.later"
	}
	return filled(mediation.File{}, box.files[0].Filename, up), ""
}
