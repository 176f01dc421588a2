package web

import (
	"net/http"
	"strings"
	"testing"

	"doorstep/internal/mediation"
)

// invited opens the link the other side was sent.
func (s *street) invited(link string) *browser {
	s.t.Helper()
	b := s.browse("203.0.113.20")
	wantStatus(s.t, b.get("/i/"+link), http.StatusSeeOther)
	return b
}

func TestOtherSideReadsNoAccusationAndNoTelephone(t *testing.T) {
	t.Parallel()
	s := openStreet(t)
	s.file(s.filing("name", "陈阿芬"))
	_, _, link := s.asked()
	b := s.invited(link)
	wantTo(t, b.get("/answer"), "/my-case/answer")
	for _, path := range []string{"/my-case/answer", "/my-case"} {
		text := b.page(path).Text()
		for _, secret := range []string{ownPhone, ownPhone[7:], "弹玻璃珠", "陈阿芬", "402"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s tells the other side %q", path, secret)
			}
		}
	}
}

func TestOtherSideAnswers(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]string{"yes": "consent", "no": "decline"} {
		t.Run(answer, func(t *testing.T) {
			t.Parallel()
			s := openStreet(t)
			s.file(s.filing())
			id, other, link := s.asked()
			b := s.invited(link)
			version := b.page("/my-case/answer").Find(`[name="version"]`).AttrOr("value", "")
			w := b.post("/my-case/answer", "version", version, "reason", "晚上有空")
			wantStatus(t, w, http.StatusUnprocessableEntity) // neither yes nor no
			if !strings.Contains(w.Body.String(), "晚上有空") {
				t.Error("what was typed is lost")
			}
			wantTo(t, b.post("/my-case/answer", "version", version, "answer", answer, "reason", "晚上有空"), "/my-case")
			if n := s.count(`SELECT count(*) FROM events WHERE case_id = $1 AND action = $2`, string(id), want); n != 1 {
				t.Errorf("%d lines of %s", n, want)
			}
			if n := s.count(`SELECT count(*) FROM case_parties WHERE id = $1 AND consent = $2`, string(other), answer); n != 1 {
				t.Error("the answer is not with its party")
			}
			doc := b.page("/my-case")
			if doc.Find(`a[href="/my-case/answer"]`).Length() != 1 && answer == "no" {
				t.Error("there is no way to change one's mind")
			}
			if doc.Find(`a[href$="/withdrawal"]`).Length() != 0 {
				t.Error("the other side is offered to withdraw what it did not file")
			}
			if doc := b.page("/my-case/answer"); !strings.Contains(doc.Text(), "您之前答复") && answer == "no" {
				t.Error("the earlier answer is not told")
			}
		})
	}
}

func TestAnswerToACaseThatMovedOnKeepsTheWords(t *testing.T) {
	t.Parallel()
	s := openStreet(t)
	s.file(s.filing())
	id, other, link := s.asked()
	b := s.invited(link)
	version := b.page("/my-case/answer").Find(`[name="version"]`).AttrOr("value", "")
	s.must(s.clerk, id, &mediation.ContactMade{Party: other, Means: "phone", Reached: true})
	w := b.post("/my-case/answer", "version", version, "answer", "yes", "reason", "晚上有空")
	wantStatus(t, w, http.StatusConflict)
	doc := document(t, w.Body.String())
	wantSound(t, w.Body.String())
	if !strings.Contains(doc.Find("#f-reason").Text(), "晚上有空") || doc.Find(`input[value="yes"][checked]`).Length() != 1 {
		t.Error("the answer typed is lost")
	}
	fresh := doc.Find(`[name="version"]`).AttrOr("value", "")
	wantTo(t, b.post("/my-case/answer", "version", fresh, "answer", "yes"), "/my-case")
}
