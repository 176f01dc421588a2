package web

import (
	"bytes"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"doorstep/internal/mediation"
)

// A case of the demonstration is claimed, checked, scored, approved and paid over
// the pages, each by whose turn it is.
func TestAClaimIsWalkedThroughThePages(t *testing.T) {
	t.Parallel()
	tn := openTown(t)
	mediator, chair := tn.seatOf(t, mediation.RoleMediator), tn.seatOf(t, mediation.RoleChair)
	legal, supervisor := tn.seatOf(t, mediation.RoleLegalOfficer), tn.seatOf(t, mediation.RoleSupervisor)
	post := func(g guest, path string, form url.Values, want int) string {
		t.Helper()
		w := tn.ask(g, http.MethodPost, path, form.Encode())
		if w.Code != want {
			t.Fatalf("%s as %s: %d, want %d", path, g.name, w.Code, want)
		}
		if want == http.StatusSeeOther {
			return w.Header().Get("Location")
		}
		return w.Body.String()
	}
	page := func(g guest, path string, words ...string) string {
		t.Helper()
		w := tn.ask(g, http.MethodGet, path, "")
		for _, word := range words {
			if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), word) {
				t.Errorf("%s as %s: %d, without %q", path, g.name, w.Code, word)
			}
		}
		return w.Body.String()
	}

	list := page(mediator, "/subsidies", "可以申报的案件", "没有申报")
	_, rest, _ := strings.Cut(list, `name="case" value="`)
	id, _, found := strings.Cut(rest, `"`)
	if !found {
		t.Fatal("the mediator is offered no case")
	}
	claim := post(mediator, "/subsidies", url.Values{"case": {id}}, http.StatusSeeOther)
	post(mediator, "/subsidies", url.Values{"case": {id}}, http.StatusConflict)
	page(mediator, claim, "等调委会主任核对", "撤回申报", "满分")
	post(mediator, claim+"/check", nil, http.StatusForbidden)

	page(chair, "/subsidies", "已申报")
	post(chair, claim+"/return", url.Values{}, http.StatusUnprocessableEntity)
	post(chair, claim+"/check", nil, http.StatusSeeOther)
	if body := post(legal, claim+"/score", url.Values{"score": {"59"}}, http.StatusUnprocessableEntity); !strings.Contains(body, `value="59"`) || !strings.Contains(body, "不到 60 分请退回补正") {
		t.Error("a score too low is not kept and told at its field")
	}
	post(legal, claim+"/score", url.Values{"score": {"88"}}, http.StatusSeeOther)
	page(legal, claim, "88 分", "80%")
	post(supervisor, claim+"/approval", nil, http.StatusSeeOther)

	batch := post(supervisor, "/subsidies/batches", nil, http.StatusSeeOther)
	body := page(supervisor, batch, "抽查", "已复查，没有问题")
	if strings.Contains(body, "/payment") {
		t.Error("a batch can be paid before its sample was looked at")
	}
	post(supervisor, batch+"/payment", nil, http.StatusConflict)
	looks := regexp.MustCompile(regexp.QuoteMeta(batch)+`/looks/[0-9a-f-]{36}`).FindAllString(body, -1)
	if len(looks) != 1 { // of this claim and the one the demonstration has approved
		t.Fatalf("%d of two are to be looked at once more, want one", len(looks))
	}
	post(supervisor, looks[0], nil, http.StatusSeeOther)
	file := tn.ask(supervisor, http.MethodGet, batch+"/file", "")
	book, err := excelize.OpenReader(bytes.NewReader(file.Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := book.GetRows("发放清单")
	if err != nil || len(rows) != 8 || rows[0][0] != "人民调解以案定补发放清单" || !slices.Equal(rows[5][4:6], []string{"88", "24.00"}) ||
		rows[6][0] != "合计" || !slices.Equal(rows[6][4:6], []string{"2", "54.00"}) {
		t.Errorf("the list for the treasury reads %v, %v", rows, err)
	}
	post(supervisor, batch+"/payment", nil, http.StatusSeeOther)
	page(mediator, claim, "已发放", "列入清单发放")
	page(supervisor, "/subsidies/batches", "已交发放")
	for _, g := range []guest{mediator, chair, legal} {
		if w := tn.ask(g, http.MethodGet, batch, ""); w.Code != http.StatusForbidden {
			t.Errorf("%s reads the batch: %d", g.name, w.Code)
		}
	}
}

// The bureau sets what is paid; everybody who claims or decides reads it, with
// what held before.
func TestTheTermsAreSetAndReadOverThePages(t *testing.T) {
	t.Parallel()
	tn := openTown(t)
	mediator, legal, supervisor := tn.seatOf(t, mediation.RoleMediator), tn.seatOf(t, mediation.RoleLegalOfficer), tn.seatOf(t, mediation.RoleSupervisor)
	read := func(g guest, path string, words ...string) {
		t.Helper()
		w := tn.ask(g, http.MethodGet, path, "")
		for _, word := range words {
			if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), word) {
				t.Errorf("%s as %s: %d, without %q", path, g.name, w.Code, word)
			}
		}
	}
	read(mediator, termsURL, "还没有设定", "¥80.00", "每 10 件抽一件")
	if w := tn.ask(mediator, http.MethodGet, termsURL+"/new", ""); w.Code != http.StatusForbidden {
		t.Errorf("a mediator sets what he is paid: %d", w.Code)
	}
	page := tn.ask(supervisor, http.MethodGet, termsURL+"/new", "").Body.String()
	page = page[strings.LastIndex(page, `name="area"`):] // behind the choice of the place
	form := url.Values{}
	for _, name := range []string{"community.L1", "community.L2", "community.L3", "community.L4", "others.L1", "others.L2", "others.L3", "others.L4",
		"bands[0].from", "bands[0].share", "bands[1].from", "bands[1].share", "bands[2].from", "bands[2].share", "unsettled", "oral", "month_most", "sample", "area", "seen"} {
		_, rest, found := strings.Cut(page, `name="`+name+`"`)
		_, rest, _ = strings.Cut(rest, `value="`)
		value, _, _ := strings.Cut(rest, `"`)
		if !found {
			t.Errorf("the form lacks %s", name)
		}
		form.Set(name, value)
	}
	form.Set("community.L3", "20")
	form.Set("from", "2020-01-01")
	bad := tn.ask(supervisor, http.MethodPost, termsURL, form.Encode())
	for _, word := range []string{"要从今天或者以后的一天起", "更难的案件不能比容易的补得少", `value="20"`} {
		if !strings.Contains(bad.Body.String(), word) || bad.Code != http.StatusUnprocessableEntity {
			t.Errorf("%d, without %q", bad.Code, word)
		}
	}
	form.Set("community.L3", "￥95元")
	form.Set("from", tn.site.Now().AddDate(0, 0, 1).Format("2006-01-02"))
	form.Set("basis", "高新司〔2026〕12号")
	if w := tn.ask(supervisor, http.MethodPost, termsURL, form.Encode()); w.Code != http.StatusSeeOther {
		t.Fatalf("setting the terms: %d %s", w.Code, w.Body)
	}
	if w := tn.ask(supervisor, http.MethodPost, termsURL, form.Encode()); w.Code != http.StatusConflict {
		t.Errorf("written a second time unseen: %d", w.Code)
	}
	list := tn.ask(legal, http.MethodGet, termsURL, "").Body.String()
	id, _, _ := strings.Cut(list[strings.LastIndex(list, termsURL+"?id=")+len(termsURL+"?id="):], `"`) // those of next month stand above
	if !strings.Contains(list, "还没有设定") || !strings.Contains(list, "高新司〔2026〕12号") {
		t.Error("what begins tomorrow is not told beside what holds today")
	}
	read(mediator, termsURL+"?id="+id, "高新司〔2026〕12号", "¥95.00")
	read(legal, "/law/settings", "司法局设定", termsURL)
}
