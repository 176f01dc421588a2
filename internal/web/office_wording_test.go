package web

import (
	"net/http"
	"strings"
	"testing"
)

func TestAnAdminPutsTheWordingOfPapersRight(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	f.site.Words = standardWording()
	committee := f.committee()
	list := f.get(committee + "/wording")
	if n := list.Find("tbody tr").Length(); n != len(f.site.Words) {
		t.Errorf("%d sentences are listed of %d", n, len(f.site.Words))
	}
	one := committee + "/wording/F24.late"
	blanks := committee + "/wording/F24.lead"
	if text := f.get(blanks).Find("main").Text(); !strings.Contains(text, "{filed}") || !strings.Contains(text, "{until}") {
		t.Errorf("the page names no blanks: %s", text)
	}
	rec := f.ask(http.MethodPost, blanks, values("text", "请于{until}前补充。", "before", ""))
	if doc := document(t, rec.Body.String()); rec.Code != http.StatusUnprocessableEntity || doc.Find("textarea").Text() != "请于{until}前补充。" {
		t.Errorf("%d, kept %q", rec.Code, doc.Find("textarea").Text())
	}
	if rec := f.ask(http.MethodPost, one, values("text", "到期不补的，按现有材料决定。", "before", "")); rec.Code != http.StatusSeeOther {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
	if text := f.get(one).Find("textarea").Text(); text != "到期不补的，按现有材料决定。" {
		t.Errorf("the page shows %q", text)
	}
	rec = f.ask(http.MethodPost, one, values("text", "另一位的说法", "before", ""))
	if body := rec.Body.String(); rec.Code != http.StatusConflict || !strings.Contains(body, "另一位的说法") || !strings.Contains(body, "到期不补的") {
		t.Errorf("%d, want both texts", rec.Code)
	}
	for _, path := range []string{"/wording/F99.x"} {
		if rec := f.ask(http.MethodGet, committee+path, nil); rec.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, rec.Code)
		}
	}
}
