package web

import (
	"bytes"
	"net/http"
	"net/url"
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
	post(supervisor, batch+"/looks/"+strings.TrimPrefix(claim, "/subsidies/"), nil, http.StatusSeeOther)
	file := tn.ask(supervisor, http.MethodGet, batch+"/file", "")
	book, err := excelize.OpenReader(bytes.NewReader(file.Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := book.GetRows("发放清单")
	if err != nil || rows[0][0] != "人民调解以案定补发放清单" || rows[4][4] != "88" || rows[5][0] != "合计" || rows[4][5] != rows[5][5] {
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
