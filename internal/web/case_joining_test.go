package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"doorstep/internal/mediation"
)

// joining is a settled case with a court, seen by both sides and the office: the
// applicant by account, the respondent by a code with a checked identity.
type joining struct {
	*printed
	court mediation.Actor
	other mediation.Actor
}

func openJoining(t *testing.T) *joining {
	t.Helper()
	p := openPrinted(t)
	p.exec(`INSERT INTO courts (id, area_id, name) VALUES ($1, $2, '高新区人民法院')`, uid(60), uid(2))
	other := mediation.CodeHolder(mediation.CodeAccess{Case: p.id, Party: p.respondent, Level: mediation.LevelChecked})
	court := mediation.Actor{User: mediation.UserID(uid(61)), Name: "叶青", Grants: []mediation.Grant{{Role: mediation.RoleCourtClerk, Court: mediation.CourtID(uid(60))}}}
	p.exec(`INSERT INTO users (id, username, name, password_hash, created_at) VALUES ($1, 'courtyard', '叶青', 'x', now())`, uid(61))
	return &joining{p, court, other}
}

func (j *joining) send(a mediation.Actor, noun string, pairs ...string) (int, string) {
	j.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	w := j.walk(a, http.MethodPost, "/cases/"+string(j.id)+"/"+noun, form.Encode())
	return w.Code, w.Body.String()
}

func (j *joining) page(a mediation.Actor, noun string) *goquery.Document {
	j.Helper()
	w := j.walk(a, http.MethodGet, strings.TrimSuffix("/cases/"+string(j.id)+"/"+noun, "/"), "")
	doc, err := goquery.NewDocumentFromReader(w.Body)
	if err != nil || w.Code != http.StatusOK {
		j.Fatalf("%s: %d, %v", noun, w.Code, err)
	}
	return doc
}

// TestBothSidesJoinFromTheirOwnPages: one side proposes, each reads and joins on
// its own page, and what one of them typed of its door the other never sees.
func TestBothSidesJoinFromTheirOwnPages(t *testing.T) {
	t.Parallel()
	j := openJoining(t)
	if code, body := j.send(j.applicant, "confirmation/proposal", "court", uid(60)); code != http.StatusSeeOther {
		t.Fatalf("proposed: %d %s", code, body)
	}
	if text := j.page(j.other, "").Find("#confirmation").Text(); !strings.Contains(text, "等您决定") || !strings.Contains(text, "最后一天") {
		t.Errorf("the other side reads %q", text)
	}
	form := j.page(j.applicant, "confirmation/joining")
	if text := form.Find("main").Text(); !strings.Contains(text, "高新区人民法院") || !strings.Contains(text, "地垫钱") || !strings.Contains(text, "没有恶意串通") ||
		form.Find("[name=serve_to]").Length() != 1 || form.Find("[name=party], [name=how], [name=by_agent], [name=scope_told]").Length() != 0 {
		t.Errorf("what is read and asked: %s", text)
	}
	answers := []string{"serve_to", "榆园3幢502室", "serve_online", "1", "online_to", "afen@example.cn"}
	if code, body := j.send(j.applicant, "confirmation/joining", answers...); code != http.StatusUnprocessableEntity || !strings.Contains(body, "再打勾") || !strings.Contains(body, "榆园3幢502室") {
		t.Errorf("unread: %d", code)
	}
	digest, _ := form.Find("[name=digest]").Attr("value")
	version, _ := form.Find("[name=version]").Attr("value")
	answers = append(answers, "read", "1", "digest", digest, "version", version)
	if code, body := j.send(j.applicant, "confirmation/joining", answers...); code != http.StatusSeeOther {
		t.Fatalf("joined: %d %s", code, body)
	}
	if code, _ := j.send(j.applicant, "confirmation/joining", answers...); code != http.StatusConflict {
		t.Errorf("from the second tab: %d", code)
	}
	if text := j.page(j.applicant, "").Find("#confirmation").Text(); !strings.Contains(text, "您已加入") || !strings.Contains(text, "a***@example.cn") || strings.Contains(text, "502室") {
		t.Errorf("its own part: %s", text)
	}
	if text := j.page(j.other, "").Text(); strings.Contains(text, "example.cn") || strings.Contains(text, "送达地址") || !strings.Contains(text, "已加入") {
		t.Errorf("the other side sees where the first is served: %s", text)
	}
	if w := j.walk(j.court, http.MethodGet, "/cases/"+string(j.id), ""); w.Code != http.StatusNotFound {
		t.Errorf("a court that was only named: %d", w.Code)
	}
	if code, body := j.send(j.other, "confirmation/joining", "read", "1"); code != http.StatusSeeOther {
		t.Fatalf("the last joined: %d %s", code, body)
	}
	if text := j.page(j.mediator, "").Find("#confirmation").Text(); !strings.Contains(text, "已申请") || !strings.Contains(text, "榆园4幢") {
		t.Errorf("filed: %s", text)
	}
	if text := j.page(j.court, "").Find("#confirmation").Text(); !strings.Contains(text, "已申请") || strings.Contains(text, "榆园4幢") {
		t.Errorf("the court reads %s", text)
	}
}

// TestTheOfficeWritesAJoiningDown: on paper, for whom it names among those awaited;
// one no ends the proposal, and the wrong court can be taken back.
func TestTheOfficeWritesAJoiningDown(t *testing.T) {
	t.Parallel()
	j := openJoining(t)
	must := func(a mediation.Actor, noun string, pairs ...string) {
		t.Helper()
		if code, body := j.send(a, noun, pairs...); code != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", noun, code, body)
		}
	}
	must(j.mediator, "confirmation/proposal", "court", uid(60))
	if code, _ := j.send(j.other, "confirmation/proposal/withdrawal", "reason", "不要了"); code != http.StatusUnprocessableEntity {
		t.Errorf("a party drops what the office proposed: %d", code)
	}
	must(j.mediator, "confirmation/joining", "party", string(j.respondent), "how", "paper", "read", "1")
	options := j.page(j.mediator, "confirmation/joining").Find("select[name=party] option[value!='']")
	if options.Length() != 1 || !strings.Contains(options.Text(), "陈阿芬") {
		t.Errorf("awaited: %s", options.Text())
	}
	must(j.mediator, "confirmation/proposal/withdrawal", "reason", "法院写错了")
	must(j.mediator, "confirmation/proposal", "court", uid(60))
	must(j.other, "confirmation/refusal", "reason", "想再等等")
	if text := j.page(j.applicant, "").Find("#confirmation").Text(); !strings.Contains(text, "有一方不加入") || !strings.Contains(text, "想再等等") || !strings.Contains(text, "法院写错了") {
		t.Errorf("both ends: %s", text)
	}
	must(j.applicant, "confirmation/proposal", "court", uid(60))
	must(j.other, "confirmation/joining", "read", "1")
	must(j.other, "confirmation/joining/withdrawal")
	j.now = j.now.AddDate(0, 0, 31)
	if code, body := j.send(j.other, "confirmation/joining", "read", "1"); code != http.StatusUnprocessableEntity || !strings.Contains(body, "三十天的申请期限已过") || !strings.Contains(body, "《民事诉讼法》第205条") {
		t.Errorf("after thirty days: %d %s", code, fmt.Sprint(len(body)))
	}
}
