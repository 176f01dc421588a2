package web

import (
	"bytes"
	"errors"
	"net/http"
	"strings"
	"testing"

	"doorstep/internal/locale"
	"doorstep/internal/mediation"
	"doorstep/internal/vault"
	"doorstep/internal/volume"
)

// TestTheVolumeIsOnePressAway: who keeps the file sees what the volume holds and
// lacks, takes it, and the parties can read that it was taken.
func TestTheVolumeIsOnePressAway(t *testing.T) {
	t.Parallel()
	p := openPrinted(t)
	for _, tt := range []struct {
		rule string
		who  mediation.Actor
		want int
	}{
		{"its mediator", p.mediator, http.StatusOK},
		{"the chair", p.chair, http.StatusOK},
		{"the clerk does not read records", p.clerk, http.StatusForbidden},
		{"a party has papers of its own", p.applicant, http.StatusForbidden},
		{"a supervisor", p.supervisor, http.StatusForbidden},
		{"nobody", mediation.Visitor(), http.StatusForbidden},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			for _, path := range []string{"/volume", "/volume/pdf", "/volume/zip"} {
				if tt.want == http.StatusOK && path != "/volume" {
					continue
				}
				if rec := p.paper(tt.who, path, ""); rec.Code != tt.want {
					t.Errorf("%s: %d, want %d", path, rec.Code, tt.want)
				}
			}
		})
	}
	t.Run("the page tells what is in it and what is not, in both languages", func(t *testing.T) {
		for lang, want := range map[locale.Lang][]string{locale.ZH: {"还缺 1 份必备材料", "F11 人民调解协议书", "当事人身份证明"}, locale.EN: {"1 required papers are missing", "F11 Mediation agreement", "Proof of identity"}} {
			text := p.read(p.chair, "/volume", lang).Find("main").Text()
			for _, w := range want {
				if !strings.Contains(text, w) {
					t.Errorf("%s: the page does not say %q: %s", lang, w, text)
				}
			}
		}
	})
	t.Run("the file is whole and its signature is ours", func(t *testing.T) {
		rec := p.paper(p.chair, "/volume/zip", "")
		body := rec.Body.Bytes()
		if rec.Code != http.StatusOK || rec.Header().Get("Content-Type") != "application/zip" || rec.Header().Get("Content-Security-Policy") != sandboxPolicy {
			t.Fatalf("%d %v", rec.Code, rec.Header())
		}
		m, err := volume.Verify(bytes.NewReader(body), int64(len(body)), vault.TestKeys().Verify)
		if err != nil || m.Number != "榆园人调字〔2026〕第1号" || len(m.ChainHead) != 64 {
			t.Errorf("%v %+v", err, m)
		}
		if _, err := volume.Verify(bytes.NewReader(body), int64(len(body)), func(_, _ []byte) error { return errors.New("no") }); err == nil {
			t.Error("the signature is not looked at")
		}
	})
	t.Run("what was said alone is in no volume", func(t *testing.T) {
		text := p.read(p.mediator, "/volume", "").Text()
		if strings.Contains(text, "单独说的底线") || strings.Contains(text, "让步过程") {
			t.Error("the volume shows notes of the mediator")
		}
	})
	t.Run("a party reads that it was taken", func(t *testing.T) {
		lines, err := p.site.Desk.Accesses(p.Context(), p.applicant, p.id)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, l := range lines {
			if l.Object == "volume" && l.Action == "export" && l.Name == "王主任" {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%d lines of the volume taken, want 1: %+v", n, lines)
		}
	})
	t.Run("what cannot be printed is told on the page", func(t *testing.T) {
		p.exec(`UPDATE cases SET facts = '很吵😡' WHERE id = $1`, string(p.id))
		for _, path := range []string{"/volume/pdf", "/volume/zip"} {
			rec := p.paper(p.chair, path, "")
			h := rec.Header()
			if rec.Code != http.StatusUnprocessableEntity || !strings.Contains(rec.Body.String(), "打印不出来的字符：😡") || !strings.HasPrefix(h.Get("Content-Type"), "text/html") ||
				h.Get("Content-Disposition") != "" || h.Get("Content-Security-Policy") == sandboxPolicy {
				t.Errorf("%s: %d %v", path, rec.Code, h)
			}
		}
	})
	t.Run("there is none of a dispute that goes on", func(t *testing.T) {
		p.exec(`UPDATE cases SET stage = 'in_mediation', effective_on = NULL WHERE id = $1`, string(p.id))
		before, err := p.site.Desk.Accesses(p.Context(), p.applicant, p.id)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"/volume", "/volume/pdf", "/volume/zip"} {
			if rec := p.paper(p.chair, path, ""); rec.Code != http.StatusNotFound {
				t.Errorf("%s: %d, want 404", path, rec.Code)
			}
		}
		if after, err := p.site.Desk.Accesses(p.Context(), p.applicant, p.id); err != nil || len(after) != len(before) {
			t.Errorf("%d lines of what was never taken (%v)", len(after)-len(before), err)
		}
	})
}
