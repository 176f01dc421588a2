package web

import (
	"bytes"
	"image/jpeg"
	"net/http"
	"strings"
	"testing"

	"doorstep/internal/blob"
	"doorstep/internal/mediation"
)

// gpsPhoto is a photo that says where it was taken.
func gpsPhoto(t *testing.T) []byte {
	t.Helper()
	plain := photograph(t, 77)
	exif := []byte("Exif\x00\x00II*\x00\x08\x00\x00\x00\x00\x00GPS 30.274150N 120.155070E OWNER")
	app1 := append([]byte{0xff, 0xe1, 0, byte(len(exif) + 2)}, exif...)
	return append(append(append([]byte{}, plain[:2]...), app1...), plain[2:]...)
}

func TestPreviewIsShownToWhoeverMaySeeThePicture(t *testing.T) {
	t.Parallel()
	s := openStreet(t)
	wantTo(t, s.upload("/file", s.filing(), sent{"墙.jpg", gpsPhoto(t)}, sent{"信.pdf", paperPDF}), "/receipt")
	id := s.only()
	at := "/cases/" + string(id) + "/files/"
	picture, paper := at+s.fileID("image/jpeg"), at+s.fileID("application/pdf")
	doc := s.page("/my-case")
	faces := doc.Find(".files img")
	if src, _ := faces.Attr("src"); faces.Length() != 1 || src != picture+"/preview" {
		t.Errorf("%d previews on the page, the first at %q", faces.Length(), src)
	}
	if text := doc.Find(".files").Text(); !strings.Contains(text, "PDF") || !strings.Contains(text, "照片") || doc.Find(".files .file-face svg").Length() != 1 {
		t.Errorf("the PDF has no icon and kind: %q", text)
	}
	w := s.get(picture + "/preview")
	wantStatus(t, w, http.StatusOK)
	h := w.Header()
	if h.Get("Content-Type") != "image/jpeg" || !strings.HasPrefix(h.Get("Content-Disposition"), "inline") || h.Get("Content-Security-Policy") != sandboxPolicy ||
		h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Cache-Control") != "no-store" {
		t.Errorf("it is sent under %v", h)
	}
	if _, err := jpeg.Decode(bytes.NewReader(w.Body.Bytes())); err != nil {
		t.Error("the preview is no picture:", err)
	}
	for _, body := range [][]byte{w.Body.Bytes(), s.get(picture).Body.Bytes()} {
		if bytes.Contains(body, []byte("30.274")) || bytes.Contains(body, []byte("Exif")) || bytes.Contains(body, []byte("OWNER")) {
			t.Error("the place of the photo came through")
		}
	}
	wantStatus(t, s.get(paper+"/preview"), http.StatusNotFound)
	s.exec(`UPDATE case_files SET preview = ''`) // as files laid before there were previews
	wantStatus(t, s.get(picture+"/preview"), http.StatusNotFound)
	if s.page("/my-case").Find(".files img").Length() != 0 {
		t.Error("a preview that is not there is shown")
	}
}

func TestPreviewIsNotThereForAnybodyElse(t *testing.T) {
	t.Parallel()
	s := openStreet(t)
	id := s.withFile()
	_, _, link := s.asked()
	at := "/cases/" + string(id) + "/files/" + s.fileID("image/jpeg")
	other, stranger := s.invited(link), s.browse("203.0.113.30")
	stranger.file(s.filing())
	for name, b := range map[string]*browser{"the other side": other, "a stranger": stranger, "a visitor": s.browse("203.0.113.31")} {
		file, preview := b.get(at), b.get(at+"/preview")
		if file.Code != preview.Code || preview.Code == http.StatusOK {
			t.Errorf("%s: the file answers %d and its preview %d", name, file.Code, preview.Code)
		}
	}
	s.exec(`UPDATE case_files SET shared = true`)
	s.exec(`UPDATE case_parties SET identity_level = 2`)
	if file, preview := other.get(at), other.get(at+"/preview"); file.Code != preview.Code {
		t.Errorf("shared: the file answers %d and its preview %d", file.Code, preview.Code)
	}
}

// In a restricted case the office is shown nothing before somebody opens it, so
// the access log tells who looked at which picture and not who opened the page. A
// party, who is not told that the case is restricted, sees its own as before.
func TestPicturesOfARestrictedCaseStayCovered(t *testing.T) {
	t.Parallel()
	s := openStreet(t)
	s.withFile()
	if s.page("/my-case").Find(".files img").Length() != 1 {
		t.Fatal("no preview before, so this shows nothing")
	}
	s.exec(`UPDATE cases SET restricted = true`)
	if s.page("/my-case").Find(".files img").Length() != 1 {
		t.Error("a party's own picture is gone, which tells it that the case is restricted")
	}
	p, _ := newPage(t, http.MethodGet, "/cases/c")
	c := &mediation.Case{ID: "c", Files: []mediation.File{{ID: "f", Name: "一.jpg", Kind: "image", Preview: "aa"}}}
	if fileLines(p, c, true)[0].Preview == "" {
		t.Fatal("no preview before, so this shows nothing")
	}
	if c.Restricted = true; fileLines(p, c, true)[0].Preview != "" {
		t.Error("a picture of a restricted case is shown on the page")
	}
}

func TestPreviewsAreKeptBesideTheirPictures(t *testing.T) {
	t.Parallel()
	s := openStreet(t)
	s.withFile()
	n := 0
	if err := s.site.Blobs.Each(t.Context(), func(blob.Info) error { n++; return nil }); err != nil || n != 3 {
		t.Errorf("%d files in the store, %v; want a picture, its preview and a PDF", n, err)
	}
	if n := s.count(`SELECT count(*) FROM case_files WHERE length(preview) = 64 AND preview <> digest AND kind = 'image'`); n != 1 {
		t.Error("the picture's row does not name its preview")
	}
}
