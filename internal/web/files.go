package web

import (
	"context"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/labstack/echo/v4"

	"doorstep/internal/blob"
	"doorstep/internal/casework"
	"doorstep/internal/mediation"
)

// The bounds of one upload. Six photos show a wall from every side; more go in
// the next one.
const (
	maxPhotos    = 6
	maxFileName  = 80      // characters
	uploadMemory = 2 << 20 // bytes of an upload held in memory; the rest waits in a temporary file
)

// acceptPhotos names what may be chosen. With JPEG named and HEIC not, an iPhone
// turns its own photos into JPEG before it sends them.
const acceptPhotos = "image/jpeg,image/png,image/webp,application/pdf"

// sandboxPolicy is for files that came from people: nothing in them may run, ask
// or be framed, wherever they are opened.
const sandboxPolicy = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"

// fileRoutes are the photos and papers of a case.
func (s *Site) fileRoutes() []route {
	pictures := newStudio()
	return []route{
		{http.MethodGet, "/cases/:case/files", s.askFiles, "case", mediation.AttachFile},
		{http.MethodPost, "/cases/:case/files", s.takeFiles(pictures), "case", mediation.AttachFile},
		{http.MethodGet, "/cases/:case/files/:file", s.sendFile, "file", "read"},
		{http.MethodGet, "/cases/:case/files/:file/preview", s.sendPreview, "file", "read"},
	}
}

// studio draws uploads anew one at a time: the largest picture takes 384 MiB for
// some seconds, and two of them at once would starve everybody else.
type studio struct{ turn chan struct{} }

func newStudio() studio { return studio{make(chan struct{}, 1)} }

// admit waits for its turn as long as the request lives.
func (st studio) admit(ctx context.Context, h *multipart.FileHeader, limit int64) (*blob.Upload, error) {
	select {
	case st.turn <- struct{}{}:
		defer func() { <-st.turn }()
	case <-ctx.Done():
		return nil, fmt.Errorf("web: upload: %w", ctx.Err())
	}
	r, err := h.Open()
	if err != nil {
		return nil, fmt.Errorf("web: upload: %w", err)
	}
	up, err := blob.Admit(r, limit)
	return up, errors.Join(err, r.Close())
}

// fileFault is one upload that was not kept, and why; Args are the values of the
// sentence.
type fileFault struct {
	Name, Key string
	Args      map[string]string
}

func (f fileFault) text(p Page, limit int64) string {
	if len(f.Args) > 0 {
		return p.words.TMap(p.Lang, f.Key, f.Args)
	}
	return p.T(f.Key, "max", sizeText(limit))
}

// sizeText is a number of bytes as people read it.
func sizeText(n int64) string {
	if n >= 1<<20 {
		return strconv.FormatInt(n>>20, 10) + " MB"
	}
	return strconv.FormatInt(max(1, n>>10), 10) + " KB"
}

// upload reads a form with files. Without any it takes an ordinary form too.
func upload(c echo.Context, name string) (url.Values, []*multipart.FileHeader, error) {
	r := c.Request()
	if err := r.ParseMultipartForm(uploadMemory); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		if _, large := errors.AsType[*http.MaxBytesError](err); large {
			return nil, nil, err
		}
		return nil, nil, &mediation.Error{Kind: mediation.Invalid, Key: "error.bad_request", Err: err}
	}
	return r.Form, sentIn(c, name), nil
}

// sentIn are the files of one box of a form that was read already.
func sentIn(c echo.Context, name string) []*multipart.FileHeader {
	form := c.Request().MultipartForm
	if form == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(form.File[name]), func(h *multipart.FileHeader) bool {
		return h.Size == 0 && h.Filename == "" // an empty box is sent too
	})
}

// layFiles lays uploads to a case, each by itself: one bad photo does not cost
// the others. What they are is told by the label. It gives how many were kept and
// what was wrong with the rest; the error is one that stands against all of them.
func (s *Site) layFiles(ctx context.Context, w laying, files []*multipart.FileHeader) (kept int, faults []fileFault, err error) {
	for i, h := range files {
		fault := fileFault{Key: "file.too_many_at_once"}
		if i < maxPhotos {
			if fault, err = s.layFile(ctx, w, h); err != nil {
				return kept, faults, err
			}
		}
		if fault.Key != "" {
			fault.Name = fileName(h.Filename)
			faults = append(faults, fault)
			continue
		}
		kept++
	}
	return kept, faults, nil
}

// laying is who lays files to which case, and as what.
type laying struct {
	by       mediation.Actor
	id       mediation.CaseID
	pictures studio
	label    mediation.File // class, title, form and whom it concerns
}

// layFile lays one upload to a case; it gives what is wrong with it.
func (s *Site) layFile(ctx context.Context, w laying, h *multipart.FileHeader) (fileFault, error) {
	up, err := w.pictures.admit(ctx, h, s.Upload)
	if err != nil {
		return fileFault{Key: refusalKey(err)}, nil
	}
	file := filled(w.label, h.Filename, up)
	err = s.attach(ctx, w.by, w.id, file, func() error { return s.store(ctx, up) })
	if e, ok := errors.AsType[*mediation.Error](err); ok && e.Fields["file"] != "" {
		return fileFault{Key: e.Fields["file"], Args: e.Args}, nil
	}
	if errors.Is(err, errNotStored) {
		s.Log.Error("upload not stored", "cause", err)
		return fileFault{Key: "file.later"}, nil
	}
	return fileFault{}, err
}

// errNotStored marks what went wrong in the file store and not with the case.
var errNotStored = errors.New("web: upload not stored")

// attachTries bounds how often a case that others are changing is read again.
const attachTries = 8

// attach stores a file and lays it to the case, once: the same photo sent twice,
// by a second press or a retry on a bad line, stays one. A reader who does not
// see the files cannot tell and just adds. What there is no room for is not
// stored at all; only uploads racing for the last of it may store one too many,
// which no case ever names.
func (s *Site) attach(ctx context.Context, a mediation.Actor, id mediation.CaseID, file mediation.File, store func() error) error {
	v, err := s.Desk.Case(ctx, a, id)
	if err != nil {
		return err
	}
	known := func() bool {
		return slices.ContainsFunc(v.Case.Files, func(f mediation.File) bool { return f.Digest == file.Digest })
	}
	if i := slices.IndexFunc(v.Case.Files, func(f mediation.File) bool { return f.Digest == file.Digest }); i >= 0 && otherwise(v.Case.Files[i], file) {
		return &mediation.Error{Kind: mediation.Invalid, Key: "error.check_fields", Fields: mediation.Faults{"file": "file.known_otherwise"}}
	}
	if !known() {
		room, err := s.Desk.Room(ctx, a, id)
		if err != nil {
			return err
		}
		if err := room.Take(file.Size); err != nil {
			return err
		}
	}
	if err := store(); err != nil { // also when it is known: that mends a damaged one
		return fmt.Errorf("%w: %w", errNotStored, err)
	}
	for try := 0; try < attachTries && !known(); try++ {
		_, err = s.Desk.Do(ctx, a, id, v.Case.Version, &mediation.Attached{File: file})
		if mediation.KeyOf(err) != "error.stale" {
			return err
		}
		fresh, readErr := s.Desk.Case(ctx, a, id)
		if readErr != nil {
			return readErr
		}
		v = fresh
	}
	if known() {
		return nil
	}
	return err
}

// refusals are the sentences for what blob refuses.
var refusals = []struct {
	why error
	key string
}{
	{blob.ErrTooLarge, "error.file_too_large"},
	{blob.ErrHEIC, "error.file_heic"},
	{blob.ErrKind, "error.file_kind"},
	{blob.ErrPixels, "file.too_many_pixels"},
	{blob.ErrBroken, "error.file_broken"},
}

func refusalKey(err error) string {
	for _, r := range refusals {
		if errors.Is(err, r.why) {
			return r.key
		}
	}
	return "file.later"
}

// fileName is the sender's name for a file without folders, marks that turn the
// reading direction, and other signs nobody sees.
func fileName(sent string) string {
	name := path.Base(strings.ReplaceAll(sent, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, name)
	if name = strings.TrimSpace(strings.TrimLeft(name, ".")); name == "" || name == "/" {
		return "photo"
	}
	if r := []rune(name); len(r) > maxFileName {
		ext := []rune(path.Ext(name))
		if len(ext) > 10 {
			ext = nil
		}
		return string(r[:maxFileName-len(ext)]) + string(ext)
	}
	return name
}

// filesPage asks for photos and papers, and shows those that are there.
type filesPage struct {
	Page
	Case  *mediation.Case
	Form  Form
	Kept  int
	Lost  []Fact
	Limit string
	Room  mediation.Room
}

func (s *Site) askFiles(c echo.Context) error {
	v, err := s.attachable(c)
	if err != nil {
		return err
	}
	p, err := s.filesPage(c, v)
	if err != nil {
		return err
	}
	return s.showFiles(c, http.StatusOK, p)
}

// attachable reads the case if files may be laid to it now.
func (s *Site) attachable(c echo.Context) (*casework.View, error) {
	id, err := caseID(c)
	if err != nil {
		return nil, err
	}
	a := actor(c)
	v, err := s.Desk.Case(c.Request().Context(), a, id)
	if err != nil {
		return nil, err
	}
	return v, v.Refuse(mediation.AttachFile, s.Can(a, "case", mediation.AttachFile))
}

func (s *Site) filesPage(c echo.Context, v *casework.View) (filesPage, error) {
	p := filesPage{Page: s.page(c), Case: v.Case, Limit: sizeText(s.Upload)}
	var err error
	if p.Room, err = s.Desk.Room(c.Request().Context(), p.Actor, v.Case.ID); err != nil {
		return p, err
	}
	p.Title = p.T("file.title")
	p.Crumbs = s.crumbs(p.Page, v)
	p.Form = Form{Action: casePath(v.Case.ID, "files"), Submit: p.T("file.send"), Cancel: s.home(c, v.Case.ID), Multipart: true, Fields: []Field{
		{Name: "photos", Kind: FieldFile, Label: p.T("file.choose"), Help: p.T("file.choose_help", "n", maxPhotos, "max", p.Limit),
			Accept: acceptPhotos, Multiple: true, Required: true}}}
	p.Form.Fields = append(p.Form.Fields, labelFields(p.Page, v)...)
	return p, nil
}

func (s *Site) showFiles(c echo.Context, status int, p filesPage) error {
	return s.show(c, status, "resident/files", p)
}

// takeFiles keeps what is good and says of the rest, by its name, what is wrong.
func (s *Site) takeFiles(pictures studio) echo.HandlerFunc {
	return func(c echo.Context) error {
		v, err := s.attachable(c)
		if err != nil {
			return err
		}
		typed, files, err := upload(c, "photos")
		if err != nil {
			return err
		}
		leaveTurn(c)
		kept, faults, err := s.layFiles(c.Request().Context(), laying{actor(c), v.Case.ID, pictures, labelOf(typed)}, files)
		if err != nil && mediation.KindOf(err) != mediation.Invalid {
			return err
		}
		if len(files) > 0 && len(faults) == 0 && err == nil {
			return s.done(c, s.home(c, v.Case.ID), "files_kept")
		}
		return s.filesAgain(c, v, refusedFiles{typed, kept, faults, err})
	}
}

// refusedFiles is what was sent and not all of it kept: some files, or all of them
// for what was said of them.
type refusedFiles struct {
	typed  url.Values
	kept   int
	faults []fileFault
	why    error
}

func (s *Site) filesAgain(c echo.Context, v *casework.View, r refusedFiles) error {
	if r.kept > 0 {
		fresh, err := s.attachable(c)
		if err != nil {
			return err
		}
		v = fresh
	}
	p, err := s.filesPage(c, v)
	if err != nil {
		return err
	}
	p.Kept = r.kept
	p.Form.Fill(r.typed)
	for _, f := range r.faults {
		p.Lost = append(p.Lost, Fact{Label: f.Name, Value: f.text(p.Page, s.Upload)})
	}
	box := &p.Form.Fields[0]
	switch {
	case r.why != nil:
		p.Form.Mark(p.Page, r.why)
		box.Help = p.T("resident.photos_again") + box.Help // no browser takes files back
	case len(r.faults) == 0:
		box.Error = p.T("file.none_chosen")
	case len(r.faults) == 1:
		box.Error = r.faults[0].Name + p.T("common.colon") + r.faults[0].text(p.Page, s.Upload)
	default:
		box.Error = p.T("file.some_not_kept", "n", len(r.faults))
	}
	return s.showFiles(c, http.StatusUnprocessableEntity, p)
}
