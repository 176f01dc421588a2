package web

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"doorstep/internal/casework"
	"doorstep/internal/mediation"
)

// A volume that is bound within volumeWait is sent at once. A longer one goes on
// by itself, is told of every volumeBeat, and when it has not been told of for
// volumeStale its server is gone. The result is kept for volumeKept.
const (
	volumeWait   = 2 * time.Second
	volumeBeat   = 2 * time.Second
	volumeStale  = 20 * time.Second
	volumeKept   = 15 * time.Minute
	volumeAtOnce = 2 // volumes bound at once by one server; each holds its pictures
)

// bindings are the volumes one server binds.
type bindings struct {
	site *Site
	turn chan struct{}
}

// binding is a volume being bound as its row tells it to whichever server is
// asked: sealed, under the asker's name, one a case and kind. The key opens the
// result and stands nowhere else.
type binding struct {
	State  string // "running", "done", "failed"
	User   mediation.UserID
	Done   int // pieces
	Total  int
	Key    []byte // of the result
	Digest string // of the result as it is stored
	Size   int64
	Fault  string // the sentence that says why not
	Args   map[string]string
}

func bindingOwner(user mediation.UserID) string { return "binding:" + string(user) }

const bindingForms = "volume/"

func bindingForm(id mediation.CaseID, kind string) string {
	return bindingForms + string(id) + "/" + kind
}

// kinds of what a volume is taken as, with the media type.
var volumeKinds = map[string]string{"pdf": "application/pdf", "zip": "application/zip"}

// state reads how far a binding is; nil when there is none. One that nobody has
// told of for long counts as broken off, and one kept for long as gone.
func (s *Site) state(ctx context.Context, owner, form string) (*binding, error) {
	body, at, err := s.Drafts.Draft(ctx, owner, form)
	if err != nil || body == "" {
		return nil, err
	}
	var b binding
	if err := json.Unmarshal([]byte(body), &b); err != nil {
		return nil, fmt.Errorf("web: binding: %w", err)
	}
	switch age := s.Wall().Sub(at); {
	case b.State == "running" && age > volumeStale:
		b.State = "broken"
	case age > volumeKept:
		s.clearBinding(ctx, owner, form, b.Digest)
		return nil, nil
	}
	return &b, nil
}

func (s *Site) tell(ctx context.Context, owner, form string, b binding) error {
	body, err := json.Marshal(b)
	if err != nil {
		return fmt.Errorf("web: binding: %w", err)
	}
	return s.Drafts.SaveDraft(ctx, owner, form, string(body), s.Wall())
}

// run is one volume while this server binds it.
type run struct {
	bindings
	user              mediation.UserID
	owner, form, kind string
	v                 *casework.View
	at, of            atomic.Int64
	left              chan struct{} // closed when the asker no longer waits
	done              chan bound    // taken by the asker while he waits
}

// bound is what came of it: a temporary file without a name, or why not.
type bound struct {
	file *os.File
	err  error
}

func (b bound) drop() {
	if b.file != nil {
		_ = b.file.Close() // and is gone with it
	}
}

// take answers whoever asks for the volume: with the file when it is quickly
// bound, else with the page that tells how far it is.
func (b bindings) take(kind string) echo.HandlerFunc {
	return func(c echo.Context) error {
		s := b.site
		id, err := caseID(c)
		if err != nil {
			return err
		}
		owner, form, progress := bindingOwner(actor(c).User), bindingForm(id, kind), casePath(id, "volume/binding")+"?kind="+kind
		known, err := s.state(c.Request().Context(), owner, form)
		if err != nil {
			return err
		}
		if known != nil && known.State == "running" {
			return c.Redirect(http.StatusSeeOther, progress) // the asker's own; the page there asks for his rights
		}
		if known != nil {
			s.clearBinding(c.Request().Context(), owner, form, known.Digest)
		}
		v, err := s.bound(c, true)
		if err != nil {
			return err
		}
		leaveTurn(c)
		r := &run{bindings: b, user: actor(c).User, owner: owner, form: form, kind: kind, v: v, left: make(chan struct{}), done: make(chan bound)}
		go r.bind(context.WithoutCancel(c.Request().Context()))
		wait := time.NewTimer(cmp.Or(s.volumeWait, volumeWait))
		defer wait.Stop()
		select {
		case got := <-r.done:
			defer got.drop()
			if got.err != nil {
				return s.unbound(c, v, got.err)
			}
			return sendVolume(c, v.Case, kind, got.file)
		case <-wait.C:
		}
		err = s.tell(c.Request().Context(), owner, form, r.running())
		close(r.left)
		if err != nil {
			return err
		}
		return c.Redirect(http.StatusSeeOther, progress)
	}
}

func (r *run) running() binding {
	return binding{State: "running", User: r.user, Done: int(r.at.Load()), Total: int(r.of.Load())}
}

// bind makes the volume and hands it to the asker, or keeps it for him.
func (r *run) bind(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, volumeTime)
	defer cancel()
	over, silent := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(silent)
		r.beat(ctx, over)
	}()
	got := r.print(ctx)
	close(over)
	<-silent
	select {
	case r.done <- got:
		return
	case <-r.left:
	}
	defer got.drop()
	state := r.keep(ctx, got)
	if err := r.site.tell(ctx, r.owner, r.form, state); err != nil {
		r.site.Log.Error("a bound volume is lost", "cause", err)
	}
	r.clear(context.WithoutCancel(ctx), state)
}

// beat tells how far it is once the asker no longer waits.
func (r *run) beat(ctx context.Context, over <-chan struct{}) {
	select {
	case <-r.left:
	case <-over:
		return
	}
	tick := time.NewTicker(volumeBeat)
	defer tick.Stop()
	for {
		select {
		case <-over:
			return
		case <-tick.C:
			if err := r.site.tell(ctx, r.owner, r.form, r.running()); err != nil {
				r.site.Log.Warn("the progress of a volume was not told", "cause", err)
			}
		}
	}
}

// print makes the volume in a temporary file, when it is its turn.
func (r *run) print(ctx context.Context) (got bound) {
	defer func() {
		if fault := recover(); fault != nil { // no request stands above it to catch it
			got = bound{err: fmt.Errorf("web: volume: panic: %v", fault)}
		}
	}()
	select {
	case r.turn <- struct{}{}:
		defer func() { <-r.turn }()
	case <-ctx.Done():
		return bound{err: &mediation.Error{Kind: mediation.Unavailable, Key: "error.unavailable", Err: ctx.Err()}}
	}
	file, err := os.CreateTemp("", "doorstep-volume-*")
	if err != nil {
		return bound{err: fmt.Errorf("web: volume: %w", err)}
	}
	if err := os.Remove(file.Name()); err != nil { // it lives by its handle alone: a server that dies leaves nothing behind to read
		bound{file: file}.drop()
		return bound{err: fmt.Errorf("web: volume: %w", err)}
	}
	binder, err := r.site.binder(ctx, r.v)
	if err != nil {
		bound{file: file}.drop()
		return bound{err: err}
	}
	binder.Told = func(done, of int) { r.at.Store(int64(done)); r.of.Store(int64(of)) }
	if r.kind == "pdf" {
		_, err = binder.PDF(file, r.v.Case)
	} else {
		_, err = binder.Bind(file, r.v.Case)
	}
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		bound{file: file}.drop()
		return bound{err: err}
	}
	return bound{file: file}
}

func sendVolume(c echo.Context, k *mediation.Case, kind string, r io.Reader) error {
	h := c.Response().Header()
	h.Set("Content-Security-Policy", sandboxPolicy)
	h.Set(echo.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": "卷宗 " + orElse(k.Number, k.IntakeNumber) + "." + kind}))
	return c.Stream(http.StatusOK, volumeKinds[kind], r)
}

// bindingPage tells how far a volume is.
type bindingPage struct {
	Page
	Notice Notice
	Done   int
	Total  int
	File   string // address of the volume that is bound
	Again  string // address that tells the present state, or begins anew
	Label  string
	Back   string
}

// bindingAsked is the binding an address speaks of.
func (s *Site) bindingAsked(c echo.Context) (v *casework.View, kind string, b *binding, err error) {
	if v, err = s.bound(c, false); err != nil {
		return nil, "", nil, err
	}
	if kind = c.QueryParam("kind"); kind == "" {
		kind = "pdf"
	}
	if volumeKinds[kind] == "" {
		return nil, "", nil, &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
	}
	b, err = s.state(c.Request().Context(), bindingOwner(actor(c).User), bindingForm(v.Case.ID, kind))
	return v, kind, b, err
}

// showBinding tells how far it is. The page asks again by itself, also without
// script.
func (s *Site) showBinding(c echo.Context) error {
	v, kind, b, err := s.bindingAsked(c)
	if err != nil {
		return err
	}
	p := bindingPage{Page: s.page(c), Back: casePath(v.Case.ID, "volume"), Again: casePath(v.Case.ID, "volume/"+kind)}
	p.Title, p.Label = p.T("volume.binding"), p.T("volume.again")
	p.Crumbs = s.crumbs(p.Page, v)
	switch {
	case b == nil:
		p.Notice = Notice{Tone: ToneWait, Title: p.T("volume.gone"), Text: p.T("volume.gone_text")}
	case b.State == "running":
		p.Done, p.Total = b.Done, max(b.Total, 1)
		p.Notice = Notice{Tone: ToneInform, Title: p.T("volume.running", "n", b.Done, "of", p.Total), Text: p.T("volume.running_text")}
		p.Again, p.Label = casePath(v.Case.ID, "volume/binding")+"?kind="+kind, p.T("volume.look")
		c.Response().Header().Set("Refresh", "3")
	case b.State == "done":
		p.File = casePath(v.Case.ID, "volume/bound") + "?kind=" + kind
		p.Notice = Notice{Tone: ToneGood, Title: p.T("volume.ready"), Text: p.T("volume.ready_text")}
	case b.State == "broken":
		p.Notice = Notice{Tone: ToneAlarm, Title: p.T("volume.broken"), Text: p.T("volume.broken_text")}
	default:
		p.Notice = Notice{Tone: ToneAlarm, Title: p.T("paper.no_pdf"), Text: p.Message(&mediation.Error{Kind: mediation.Invalid, Key: b.Fault, Args: b.Args})}
	}
	return s.show(c, http.StatusOK, "paper/binding", p)
}

// sendBinding sends the volume that was bound, to who asked for it.
func (s *Site) sendBinding(c echo.Context) error {
	v, kind, b, err := s.bindingAsked(c)
	if err != nil {
		return err
	}
	if b == nil || b.State != "done" {
		return c.Redirect(http.StatusSeeOther, casePath(v.Case.ID, "volume/binding")+"?kind="+kind)
	}
	content, err := s.Blobs.Get(c.Request().Context(), b.Digest)
	if err != nil {
		return &mediation.Error{Kind: mediation.Unavailable, Key: "file.missing", Err: err}
	}
	plain, err := ciphered(b.Key, content)
	if err == nil {
		c.Response().Header().Set(echo.HeaderContentLength, fmt.Sprint(b.Size))
		err = sendVolume(c, v.Case, kind, plain)
	}
	return errors.Join(err, content.Close())
}
