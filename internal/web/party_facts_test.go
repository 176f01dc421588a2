package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// facts is the form of a party's particulars as the clerk fills it.
func (k *counter) facts(more ...string) url.Values {
	form := url.Values{"party": {string(k.own)}, "side": {"applicant"}, "capacity": {"adult"}, "name": {"陈阿芬"}, "ethnic": {"11"}, "occupation": {"退休教师"}}
	for i := 0; i+1 < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	return form
}

// shows lists which of some texts an element does not show.
func shows(s *goquery.Selection, wants ...string) (lacks []string) {
	text := strings.Join(strings.Fields(s.Text()), " ")
	for _, want := range wants {
		if !strings.Contains(text, want) {
			lacks = append(lacks, want)
		}
	}
	return lacks
}

// A party that was recorded before these facts were kept gets them from its number
// when its particulars are saved again, and nobody types the number for it.
func TestTheNumberOnFileTellsWhatWasNeverAsked(t *testing.T) {
	t.Parallel()
	k := openCounter(t)
	for _, statement := range []string{`UPDATE persons SET birth_sealed = NULL`, `UPDATE case_parties SET sex = '', birth_mask = ''`} {
		if _, err := k.raw.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	path := casePath(k.id, "party-details")
	w := k.desk.send(http.MethodPost, path, k.facts("birth", "1958-03-12"))
	if text := document(t, w.Body.String()).Find("#f-birth-error").Text(); w.Code != http.StatusUnprocessableEntity || !strings.Contains(text, "以号码为准") {
		t.Errorf("a birth date beside the number on file: %d, %q", w.Code, text)
	}
	wantTo(t, k.desk.send(http.MethodPost, path, k.facts()), casePath(k.id, ""))
	if lacks := shows(k.desk.page(casePath(k.id, "")).Find(".party").First(), "男 · 满族 · 1958年出生"); len(lacks) > 0 {
		t.Errorf("the case lacks %v", lacks)
	}
	if code, body := k.opened("birth", "核对"); code != http.StatusOK || !strings.Contains(body, ownBirth) {
		t.Errorf("the birth date: %d", code)
	}
	if n := k.count(`SELECT count(*) FROM access_log WHERE object = 'identity' AND what = 'id_number'`); n != 0 {
		t.Errorf("the number was told to somebody: %d lines", n)
	}
}
