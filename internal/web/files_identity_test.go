package web

import (
	"archive/zip"
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"doorstep/internal/blob"
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// proven is a settled case with the identity cards of both parties in it, one
// brought by the applicant and one scanned at the window, and a photo of each
// side's own.
type proven struct {
	*printed
	cards map[mediation.PartyID]mediation.ItemID
	photo []byte
}

func openProven(t *testing.T) *proven {
	t.Helper()
	p := &proven{printed: openPrinted(t), cards: map[mediation.PartyID]mediation.ItemID{}, photo: photograph(t, 5)}
	store, err := blob.NewFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	p.site.Blobs = store
	info, err := store.Put(t.Context(), bytes.NewReader(p.photo), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	lay := func(a mediation.Actor, f mediation.File) mediation.ItemID {
		f.Name, f.Kind, f.Mime, f.Size, f.Digest, f.Preview = "card.jpg", "image", "image/jpeg", int64(len(p.photo)), info.Digest, info.Digest
		c := p.act(a, &mediation.Attached{File: f})
		return c.Files[len(c.Files)-1].ID
	}
	mine := lay(p.applicant, mediation.File{Class: statute.ProofOfIdentity, Title: "我的身份证"})
	theirs := lay(p.mediator, mediation.File{Class: statute.ProofOfIdentity, About: p.respondent, Title: "邵立身份证"})
	p.cards = map[mediation.PartyID]mediation.ItemID{"applicant": mine, "respondent": theirs}
	return p
}

// visit asks for any page of the site as somebody.
func (p *proven) visit(a mediation.Actor, path string) *httptest.ResponseRecorder {
	p.Helper()
	e := echo.New()
	for _, way := range p.site.fileRoutes() {
		e.Add(way.Method, way.Path, func(c echo.Context) error { setActor(c, a); return way.Do(c) })
	}
	e.GET("/cases/:case", func(c echo.Context) error { setActor(c, a); return p.site.showCase(c) })
	e.HTTPErrorHandler = func(err error, c echo.Context) { _ = c.String(statusFor(err), fmt.Sprint(err)) }
	req := httptest.NewRequestWithContext(p.Context(), http.MethodGet, "/cases/"+string(p.id)+path, nil)
	req.Header.Set("Accept-Language", "zh-CN")
	rec := httptest.NewRecorder()
	e.ServeHTTP(rec, req)
	return rec
}

// TestAProofOfIdentityIsForTheOfficeAndItsOwner holds it on the case's page, the
// list beside the upload, the file itself and its small copy.
func TestAProofOfIdentityIsForTheOfficeAndItsOwner(t *testing.T) {
	t.Parallel()
	p := openProven(t)
	checked := p.coded
	checked.Code = &mediation.CodeAccess{Case: p.id, Party: p.respondent, Level: mediation.LevelChecked}
	p.exec(`UPDATE case_files SET shared = true`) // even if a mark of sharing were left on one
	for _, tt := range []struct {
		who          string
		actor        mediation.Actor
		mine, theirs bool // the applicant's card, the respondent's
	}{
		{"its mediator", p.mediator, true, true},
		{"the chair", p.chair, true, true},
		{"the applicant, signed in", p.applicant, true, false},
		{"the respondent, checked at the session", checked, false, true},
		{"the clerk, who reads no files", p.clerk, false, false},
		{"a supervisor", p.supervisor, false, false},
	} {
		t.Run(tt.who, func(t *testing.T) {
			for title, see := range map[string]struct {
				id   mediation.ItemID
				want bool
			}{"我的身份证": {p.cards["applicant"], tt.mine}, "邵立身份证": {p.cards["respondent"], tt.theirs}} {
				for _, path := range []string{"", "/files"} {
					if got := strings.Contains(p.visit(tt.actor, path).Body.String(), title); got != see.want && (path == "" || p.visit(tt.actor, path).Code == http.StatusOK) {
						t.Errorf("%q: %s on the page %t, want %t", path, title, got, see.want)
					}
				}
				for _, path := range []string{"/files/" + string(see.id), "/files/" + string(see.id) + "/preview"} {
					rec := p.visit(tt.actor, path)
					if got := rec.Code == http.StatusOK && bytes.Equal(rec.Body.Bytes(), p.photo); got != see.want || !see.want && bytes.Contains(rec.Body.Bytes(), p.photo[:64]) {
						t.Errorf("%s of %s: %d, want it sent %t", path, title, rec.Code, see.want)
					}
				}
			}
		})
	}
	t.Run("no small copy stands on a page", func(t *testing.T) {
		if body := p.visit(p.chair, "").Body.String(); strings.Contains(body, "/preview") {
			t.Error("a proof of identity is shown before anybody opens it")
		}
	})
	t.Run("whose it is can read who opened it", func(t *testing.T) {
		lines, err := p.site.Desk.Accesses(p.Context(), p.applicant, p.id)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, l := range lines {
			if l.Object == "identity" && l.Action == "open_proof" {
				n++
			}
		}
		if n != 4 { // mediator and chair, the card and its small copy; not the respondent's, not the applicant himself
			t.Errorf("%d lines of the card opened, want 4: %+v", n, lines)
		}
	})
}

// TestAReceiptCodeShowsNoProofOfIdentity: a code may be found by anybody; the
// party it stands for sees its cards again once it has been checked.
func TestAReceiptCodeShowsNoProofOfIdentity(t *testing.T) {
	t.Parallel()
	p := openProven(t)
	p.exec(`UPDATE case_parties SET identity_level = 1`)
	for _, id := range p.cards {
		if rec := p.visit(p.coded, "/files/"+string(id)); rec.Code != http.StatusNotFound {
			t.Errorf("by the code alone: %d", rec.Code)
		}
	}
	if body := p.visit(p.coded, "/files").Body.String(); strings.Contains(body, "邵立身份证") || !strings.Contains(body, "只有办案人员能看") {
		t.Error("the page beside the upload shows the card, or does not say that it will not")
	}
}

// TestProofsOfIdentityGoWithTheVolumeAndNothingElse: volume and ZIP are for whoever
// may read the numbers anyway; a reader who may not gets a volume without them, and
// the pack for the court holds no file at all.
func TestProofsOfIdentityGoWithTheVolumeAndNothingElse(t *testing.T) {
	t.Parallel()
	p := openProven(t)
	doc := p.read(p.chair, "/volume", "").Find("main")
	text := doc.Text()
	if !strings.Contains(text, "身份证明（陈阿芬）：我的身份证") || !strings.Contains(text, "身份证明（邵立）：邵立身份证") || strings.Contains(text, "当事人身份证明") || !strings.Contains(text, "必备材料齐全") {
		t.Errorf("the volume says %s", text)
	}
	rec := p.paper(p.chair, "/volume/zip", "")
	z, err := zip.NewReader(bytes.NewReader(rec.Body.Bytes()), int64(rec.Body.Len()))
	if err != nil {
		t.Fatal(err)
	}
	originals := 0
	for _, f := range z.File {
		if strings.HasPrefix(f.Name, "originals/") {
			originals++
		}
	}
	if originals != 2 {
		t.Errorf("%d originals in the ZIP, want 2", originals)
	}
	v, err := p.site.Desk.Case(p.Context(), p.mediator, p.id)
	if err != nil {
		t.Fatal(err)
	}
	hidden := v.Case.For(p.mediator, func(object string, _ mediation.Action) []mediation.Scope {
		if object == "identity" {
			return nil
		}
		return []mediation.Scope{mediation.ScopeAssigned}
	})
	if len(hidden.Files) != 0 || len(hidden.Unproven()) != 2 {
		t.Errorf("whoever may not read the numbers gets %d files for his volume", len(hidden.Files))
	}
	if pack := string(v.Case.Pack()); strings.Contains(pack, "身份证") || strings.Contains(pack, v.Case.Files[0].Digest) {
		t.Error("the pack for the court tells of a proof of identity")
	}
}
