package web

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"doorstep/internal/blob"
	"doorstep/internal/mediation"

	"github.com/labstack/echo/v4"
)

// slowStore gives every file late.
type slowStore struct {
	blob.Store
	wait time.Duration
}

func (s slowStore) Get(ctx context.Context, digest string) (io.ReadCloser, error) {
	time.Sleep(s.wait)
	return s.Store.Get(ctx, digest)
}

// TestALongVolumeIsBoundBesideTheRequest: what takes longer than the wait leads to
// a page that tells how far it is, then gives the file, to who asked and to nobody
// else; asked meanwhile it is not begun twice; a result is cleared away.
func TestALongVolumeIsBoundBesideTheRequest(t *testing.T) {
	t.Parallel()
	p := openProven(t)
	store := p.site.Blobs
	p.site.Blobs = slowStore{store, 1800 * time.Millisecond} // two cards: 3.6 s
	one := p.volumeSite(p.chair)
	rec := one("/volume/pdf")
	if rec.Code != http.StatusSeeOther || !strings.HasSuffix(rec.Header().Get("Location"), "/volume/binding?kind=pdf") {
		t.Fatalf("%d to %q", rec.Code, rec.Header().Get("Location"))
	}
	page := one("/volume/binding?kind=pdf")
	if page.Code != http.StatusOK || !strings.Contains(page.Body.String(), "正在装订：第") || page.Header().Get("Refresh") == "" {
		t.Fatalf("%d %s", page.Code, page.Body)
	}
	if left, err := filepath.Glob(filepath.Join(os.TempDir(), "doorstep-volume-*")); err != nil || len(left) > 0 {
		t.Errorf("a volume on its way lies open to read as %v (%v)", left, err)
	}
	if again := one("/volume/pdf"); again.Code != http.StatusSeeOther {
		t.Errorf("asked once more: %d", again.Code)
	}
	if early := one("/volume/bound?kind=pdf"); early.Code != http.StatusSeeOther {
		t.Errorf("fetched too early: %d", early.Code)
	}
	for began := time.Now(); !strings.Contains(one("/volume/binding?kind=pdf").Body.String(), "/volume/bound?kind=pdf"); time.Sleep(100 * time.Millisecond) {
		if time.Since(began) > 30*time.Second {
			t.Fatal("it is never bound")
		}
	}
	p.site.Blobs = store
	got := one("/volume/bound?kind=pdf")
	if got.Code != http.StatusOK || !bytes.HasPrefix(got.Body.Bytes(), []byte("%PDF-")) || got.Header().Get("Content-Length") != fmt.Sprint(got.Body.Len()) ||
		got.Header().Get("Content-Security-Policy") != sandboxPolicy || got.Header().Get("Content-Type") != "application/pdf" {
		t.Errorf("%d %v, %d bytes", got.Code, got.Header(), got.Body.Len())
	}
	kept := func() (n int, plain bool) {
		if err := store.Each(t.Context(), func(i blob.Info) error {
			r, err := store.Get(t.Context(), i.Digest)
			if err != nil {
				return err
			}
			data, err := io.ReadAll(r)
			n, plain = n+1, plain || bytes.HasPrefix(data, []byte("%PDF-"))
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return n, plain
	}
	if n, plain := kept(); n != 2 || plain {
		t.Errorf("%d files are kept, one of them a volume anybody can open: %t", n, plain)
	}
	other := p.volumeSite(p.mediator)
	if page := other("/volume/binding?kind=pdf"); !strings.Contains(page.Body.String(), "没有正在装订的卷宗") {
		t.Errorf("somebody else is told of it: %s", page.Body)
	}
	if got := other("/volume/bound?kind=pdf"); got.Code != http.StatusSeeOther {
		t.Errorf("somebody else fetched it: %d", got.Code)
	}
	if rec := p.volumeSite(p.applicant)("/volume/bound?kind=pdf"); rec.Code != http.StatusForbidden {
		t.Errorf("a party: %d", rec.Code)
	}
	p.now = p.now.Add(volumeKept + time.Minute)
	if page := one("/volume/binding?kind=pdf"); !strings.Contains(page.Body.String(), "没有正在装订的卷宗") {
		t.Errorf("after its time: %s", page.Body)
	}
	if n, _ := kept(); n != 1 {
		t.Errorf("%d files are kept after its time", n)
	}
	taken := 0
	lines, err := p.site.Desk.Accesses(t.Context(), p.applicant, p.id)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range lines {
		if l.Object == "volume" {
			taken++
		}
	}
	if taken != 1 {
		t.Errorf("%d lines of the volume taken, want 1", taken)
	}
}

// TestABindingThatBrokeOffLeavesAWayOn: the row of a server that was stopped is
// told as broken, and asking again binds anew.
func TestABindingThatBrokeOffLeavesAWayOn(t *testing.T) {
	t.Parallel()
	p := openProven(t)
	owner, form := "binding:"+string(p.chair.User), bindingForm(p.id, "zip")
	if err := p.site.tell(t.Context(), owner, form, binding{State: "running", Done: 3, Total: 9}); err != nil {
		t.Fatal(err)
	}
	ask := p.volumeSite(p.chair)
	if page := ask("/volume/binding?kind=zip").Body.String(); !strings.Contains(page, "第 3 份，共 9 份") {
		t.Errorf("while it is told of: %s", page)
	}
	p.now = p.now.Add(volumeStale + time.Second)
	page := document(t, ask("/volume/binding?kind=zip").Body.String())
	if !strings.Contains(page.Text(), "装订中断了") || page.Find(`a[href$="/volume/zip"]`).Length() != 1 {
		t.Errorf("afterwards: %s", page.Text())
	}
	if rec := ask("/volume/zip"); rec.Code != http.StatusOK || rec.Header().Get("Content-Type") != "application/zip" {
		t.Errorf("bound anew: %d", rec.Code)
	}
	if rec := ask("/volume/binding?kind=exe"); rec.Code != http.StatusNotFound {
		t.Errorf("of no kind: %d", rec.Code)
	}
	if err := p.site.tell(t.Context(), owner, form, binding{State: "failed", Fault: "paper.no_glyph", Args: map[string]string{"chars": "😡"}}); err != nil {
		t.Fatal(err)
	}
	if page := ask("/volume/binding?kind=zip").Body.String(); !strings.Contains(page, "😡") {
		t.Errorf("why not: %s", page)
	}
}

// TestWhatADeadServerLeftIsClearedAway: a result whose server ended is removed with
// its row, once nobody else would; a draft somebody saved under such a name removes
// no file, whatever it says.
func TestWhatADeadServerLeftIsClearedAway(t *testing.T) {
	t.Parallel()
	p := openProven(t)
	put := func(text string) string {
		t.Helper()
		info, err := p.site.Blobs.Put(t.Context(), strings.NewReader(text), 100)
		if err != nil {
			t.Fatal(err)
		}
		return info.Digest
	}
	left, paper := put("a volume under its key"), put("a paper of the case")
	chair, form := p.chair.User, bindingForm(p.id, "zip")
	for owner, b := range map[string]binding{
		bindingOwner(chair):      {State: "running", User: chair, Digest: left},
		"user:" + string(chair):  {State: "done", User: chair, Digest: paper},
		bindingOwner("somebody"): {State: "done", User: chair, Digest: paper},
	} {
		if err := p.site.tell(t.Context(), owner, form, b); err != nil {
			t.Fatal(err)
		}
	}
	stands := func(digest string) bool {
		r, err := p.site.Blobs.Get(t.Context(), digest)
		if err == nil {
			err = r.Close()
		}
		return err == nil
	}
	if n, err := p.site.clearLeft(t.Context()); err != nil || n != 0 || !stands(left) {
		t.Errorf("%d cleared too early: %v", n, err)
	}
	p.now = p.now.Add(2*volumeKept + time.Minute)
	if n, err := p.site.clearLeft(t.Context()); err != nil || n != 3 || stands(left) || !stands(paper) {
		t.Errorf("%d cleared; what was left stands: %t, a paper of the case: %t; %v", n, stands(left), stands(paper), err)
	}
	if b, err := p.site.state(t.Context(), bindingOwner(chair), form); err != nil || b != nil {
		t.Errorf("the row stays: %+v, %v", b, err)
	}
}

// TestAVolumeIsCalledByItsNumber, a matter that was refused by that of the register
// of intake.
func TestAVolumeIsCalledByItsNumber(t *testing.T) {
	for _, tt := range []struct {
		k    mediation.Case
		want string
	}{
		{mediation.Case{IntakeNumber: "榆园登〔2026〕6号", Number: "榆园人调字〔2026〕第3号"}, "卷宗 榆园人调字〔2026〕第3号.pdf"},
		{mediation.Case{IntakeNumber: "榆园登〔2026〕6号"}, "卷宗 榆园登〔2026〕6号.pdf"},
	} {
		rec := httptest.NewRecorder()
		c := echo.New().NewContext(httptest.NewRequest(http.MethodGet, "/", nil), rec)
		if err := sendVolume(c, &tt.k, "pdf", strings.NewReader("%PDF")); err != nil {
			t.Fatal(err)
		}
		if _, got, err := mime.ParseMediaType(rec.Header().Get("Content-Disposition")); err != nil || got["filename"] != tt.want {
			t.Errorf("%q, %v, want %q", got["filename"], err, tt.want)
		}
	}
}
