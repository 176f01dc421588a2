package web

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"doorstep/internal/mediation"
)

func TestPhotosNeverCostTheFiling(t *testing.T) {
	t.Parallel()
	s := openStreet(t)
	w := s.upload("/file", s.filing(), sent{"墙.jpg", photograph(t, 40)}, sent{"IMG_1.HEIC", heic}, sent{"坏了.jpg", photograph(t, 41)[:60]},
		sent{"大.jpg", bytes.Repeat([]byte("x"), 1<<20+1)})
	wantTo(t, w, "/receipt")
	doc := s.page("/receipt")
	if n := doc.Find(".tone-wait li").Length(); n != 3 || len(shownCode(doc)) != 29 {
		t.Fatalf("%d faults told beside the code, want 3: %s", n, doc.Find(".tone-wait").Text())
	}
	for _, word := range []string{"兼容性最佳", "1 MB", "坏了.jpg"} {
		if !strings.Contains(doc.Find(".tone-wait").Text(), word) {
			t.Errorf("the faults do not say %q", word)
		}
	}
	s.only()
	if n := s.count(`SELECT count(*) FROM case_files WHERE name = '墙.jpg' AND side = 'applicant'`); n != 1 {
		t.Error("the good photo was not kept")
	}
}

func TestSamePhotoSentAgainStaysOne(t *testing.T) {
	t.Parallel()
	s := openStreet(t)
	form, wall := s.filing(), sent{"墙.jpg", photograph(t, 40)}
	var all sync.WaitGroup
	for range 4 {
		b := s.browse("203.0.113.7")
		all.Go(func() { b.upload("/file", form, wall) })
	}
	all.Wait()
	wantTo(t, s.upload("/file", form, wall), "/receipt")
	s.only()
	if n := s.count(`SELECT count(*) FROM case_files`); n != 1 {
		t.Errorf("%d files came of one photo", n)
	}
}

// withFile is a case with one photo and one PDF of the applicant's.
func (s *street) withFile() mediation.CaseID {
	s.t.Helper()
	wantTo(s.t, s.upload("/file", s.filing(), sent{"墙.jpg", photograph(s.t, 40)}, sent{`C:\信件"1".pdf`, paperPDF}), "/receipt")
	return s.only()
}

func (s *street) fileID(name string) string {
	s.t.Helper()
	var id string
	if err := s.raw.QueryRowContext(s.t.Context(), `SELECT id FROM case_files WHERE mime = $1`, name).Scan(&id); err != nil {
		s.t.Fatal(err)
	}
	return id
}

func TestFilesAreServedWhereNothingInThemRuns(t *testing.T) {
	t.Parallel()
	s := openStreet(t)
	at := "/cases/" + string(s.withFile()) + "/files/"
	for mime, how := range map[string]string{"image/jpeg": "inline", "application/pdf": "attachment"} {
		w := s.get(at + s.fileID(mime))
		wantStatus(t, w, http.StatusOK)
		h := w.Header()
		if h.Get("Content-Type") != mime || !strings.HasPrefix(h.Get("Content-Disposition"), how) {
			t.Errorf("%s is sent as %q, %q", mime, h.Get("Content-Type"), h.Get("Content-Disposition"))
		}
		if !strings.HasPrefix(h.Get("Content-Security-Policy"), "sandbox") || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Cache-Control") != "no-store" {
			t.Errorf("%s is sent under %v", mime, h)
		}
	}
	if w := s.get(at + s.fileID("application/pdf")); !bytes.Equal(w.Body.Bytes(), paperPDF) {
		t.Error("the PDF changed on the way")
	}
}

func TestFileIsNotThereForAnybodyElse(t *testing.T) {
	t.Parallel()
	s := openStreet(t)
	id := s.withFile()
	_, other, link := s.asked()
	at := "/cases/" + string(id) + "/files/" + s.fileID("image/jpeg")
	b := s.invited(link)
	wantStatus(t, b.get(at), http.StatusNotFound) // the other side, before it is shared
	wantStatus(t, s.get("/cases/"+string(id)+"/files/"+string(other)), http.StatusNotFound)
	wantStatus(t, s.get("/cases/"+string(id)+"/files/..%2f..%2fkeys"), http.StatusNotFound)
	stranger := s.browse("203.0.113.30")
	stranger.file(s.filing())
	wantStatus(t, stranger.get(at), http.StatusNotFound)
	if w := s.browse("203.0.113.31").get(at); w.Code != http.StatusSeeOther {
		t.Errorf("a visitor was answered %d", w.Code)
	}
}

func TestPhotosLaterAreKeptOneByOne(t *testing.T) {
	t.Parallel()
	s := openStreet(t)
	s.file(s.filing())
	at := "/cases/" + string(s.only()) + "/files"
	s.page(at)
	w := s.upload(at, nil)
	wantStatus(t, w, http.StatusUnprocessableEntity)
	wantSound(t, w.Body.String())
	w = s.upload(at, nil, sent{"一.jpg", photograph(t, 1)}, sent{"run.svg", []byte("<svg onload=alert(1)>")})
	wantStatus(t, w, http.StatusUnprocessableEntity)
	doc := document(t, w.Body.String())
	wantSound(t, w.Body.String())
	if !strings.Contains(doc.Find(".faulty").Text(), "run.svg") || !strings.Contains(doc.Find(".tone-good").Text(), "1") {
		t.Error("neither what was kept nor what was wrong is told")
	}
	wantTo(t, s.upload(at, nil, sent{"二.jpg", photograph(t, 2)}), "/my-case")
	var many []sent
	for i := range uint8(maxPhotos + 1) {
		many = append(many, sent{"x.jpg", photograph(t, 10+i)})
	}
	wantStatus(t, s.upload(at, nil, many...), http.StatusUnprocessableEntity)
	if n := s.count(`SELECT count(*) FROM case_files`); n != 2+maxPhotos {
		t.Errorf("%d files, want %d", n, 2+maxPhotos)
	}
}

// TestWhatAnUploadIsIsAskedInPlainWords: a resident says with one choice what is
// sent, evidence by default; what is wrong with it comes back at its field, and the
// same photo sent again as something else is told.
func TestWhatAnUploadIsIsAskedInPlainWords(t *testing.T) {
	t.Parallel()
	s := openStreet(t)
	s.file(s.filing())
	at := "/cases/" + string(s.only()) + "/files"
	doc := s.page(at)
	if n, first := doc.Find(`input[name="class"]`).Length(), doc.Find(`input[name="class"][checked]`).AttrOr("value", ""); n != 5 || first != "evidence" {
		t.Errorf("%d choices, the default %q", n, first)
	}
	if doc.Find(`select[name="about"], select[name="paper"]`).Length() != 0 {
		t.Error("a party is asked the office's questions")
	}
	wall := sent{"墙.jpg", photograph(t, 1)}
	w := s.upload(at, url.Values{"class": {"court_paper"}, "shows": {"天花板水渍"}}, wall)
	wantStatus(t, w, http.StatusUnprocessableEntity)
	wantSound(t, w.Body.String())
	again := document(t, w.Body.String())
	if again.Find(`input[name="shows"]`).AttrOr("value", "") != "天花板水渍" || !strings.Contains(again.Find(".faulty").Text(), "这些是什么") {
		t.Errorf("what was typed or what is wrong is lost: %s", again.Find(".faulty").Text())
	}
	wantTo(t, s.upload(at, url.Values{"class": {"performance"}, "shows": {"天花板水渍"}}, wall), "/my-case")
	if text := s.page("/my-case").Find(".files").Text(); !strings.Contains(text, "天花板水渍") || !strings.Contains(text, "履行凭证") {
		t.Errorf("the list says %q", text)
	}
	w = s.upload(at, url.Values{"class": {"evidence"}}, wall)
	wantStatus(t, w, http.StatusUnprocessableEntity)
	if text := document(t, w.Body.String()).Find(".faulty").Text(); !strings.Contains(text, "类别不同") {
		t.Errorf("the same photo as something else: %q", text)
	}
	wantTo(t, s.upload(at, url.Values{"class": {"identity"}}, sent{"证.jpg", photograph(t, 2)}), "/my-case")
	if n := s.count(`SELECT count(*) FROM case_files f JOIN case_parties p ON p.id = f.about_party WHERE f.class = 'identity' AND p.side = 'applicant'`); n != 1 {
		t.Error("the proof of identity is not about who brought it")
	}
	if text := s.page("/my-case").Find(".files").Text(); strings.Contains(text, "证.jpg") {
		t.Errorf("the code alone shows a proof of identity: %s", text)
	}
}

func TestFileNamesAreMadeHarmless(t *testing.T) {
	for sentName, want := range map[string]string{
		"墙.jpg": "墙.jpg", `C:\Users\li\墙.jpg`: "墙.jpg", "../../etc/passwd": "passwd", "a\r\nb.jpg": "ab.jpg",
		"\u202egpj.exe": "gpj.exe", ".hidden": "hidden", "": "photo", "..": "photo", "/": "photo", strings.Repeat("长", 90) + ".jpeg": strings.Repeat("长", 75) + ".jpeg",
	} {
		if got := fileName(sentName); got != want {
			t.Errorf("%q became %q, want %q", sentName, got, want)
		}
	}
}

func TestSizesAreSaidInWords(t *testing.T) {
	for n, want := range map[int64]string{20 << 20: "20 MB", 1 << 20: "1 MB", 1<<20 - 1: "1023 KB", 10: "1 KB"} {
		if got := sizeText(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}
