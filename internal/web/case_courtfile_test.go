package web

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"testing"

	"doorstep/internal/blob"
	"doorstep/internal/locale"
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
	"doorstep/internal/vault"
)

// TestThePageSaysWhatTheCourtsFileWants and who sees to it, to each reader his own;
// there is one file, one address, and only who may open it is led there.
func TestThePageSaysWhatTheCourtsFileWants(t *testing.T) {
	t.Parallel()
	j := openJoining(t)
	blobs, err := blob.NewFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	j.site.Blobs = blobs
	court := func(a mediation.Actor, lang locale.Lang) (text string, rows []string, file int) {
		t.Helper()
		part := j.read(a, "/papers", lang).Find("#court")
		for _, row := range part.Find("tbody tr").EachIter() {
			rows = append(rows, strings.Join(strings.Fields(row.Text()), ""))
		}
		return part.Text(), rows, part.Find(`a[href$="/confirmation/file"]`).Length()
	}
	text, rows, file := court(j.mediator, "")
	for _, want := range []string{"还没有人提出申请任何一方当事人，或者调解员", "陈阿芬（申请人）的身份证明由陈阿芬（申请人）提供，调解员也可以代为放进案卷",
		"邵立（被申请人）的身份证明由邵立（被申请人）提供，调解员也可以代为放进案卷", "陈阿芬（申请人）：公民身份号码调解员补录"} {
		if !strings.Contains(strings.Join(rows, "\n"), want) {
			t.Errorf("the mediator reads %q, without %q", rows, want)
		}
	}
	if file != 1 || !strings.Contains(text, "申请还没有提出") {
		t.Errorf("the mediator reads %q", text)
	}
	_, rows, file = court(j.applicant, "")
	if all := strings.Join(rows, "\n"); file != 0 || strings.Contains(all, "邵立") || !strings.Contains(all, "陈阿芬（申请人）的身份证明") {
		t.Errorf("a party reads %q, and %d files", rows, file)
	}
	j.act(j.mediator, &mediation.Proposal{Court: mediation.CourtID(uid(60))})
	j.act(j.applicant, &mediation.Joins{Read: true, ServeTo: "榆园3幢502室"})
	if text, rows, _ := court(j.clerk, locale.EN); !strings.Contains(strings.Join(rows, "\n"), "邵立(Respondent)hasnotjoined") || strings.Contains(text, "陈阿芬 (Applicant) has not joined") {
		t.Errorf("after one has joined: %q", rows)
	}
	j.act(j.other, &mediation.Joins{Read: true})
	for who, want := range map[*mediation.Actor]int{&j.mediator: 1, &j.chair: 1, &j.clerk: 0, &j.applicant: 0, &j.other: 0} {
		text, rows, file := court(*who, "")
		if !strings.Contains(text, "已于 2026年6月") || !strings.Contains(text, "提交 高新区人民法院") || len(rows) != 0 || file != want {
			t.Errorf("%s reads %q with %d files, want %d", who.Name, text, file, want)
		}
	}
	for _, form := range []string{"F11", "F16", "F17"} {
		tools := j.read(j.applicant, "/papers/"+form, "").Find(".tools")
		if !strings.Contains(tools.Text(), "只印证件号、出生日期、电话和住址的一部分") || tools.Find(`a[href$="/papers#court"]`).Length() != 1 {
			t.Errorf("%s does not say that it is masked: %s", form, tools.Text())
		}
	}
	if tools := j.read(j.applicant, "/papers/F10", "").Find(".tools"); strings.Contains(tools.Text(), "只印证件号") {
		t.Error("a paper that is not for the court speaks of it")
	}
	if w := j.paper(j.mediator, "/papers/F16/bundle", ""); w.Code != http.StatusNotFound {
		t.Errorf("the second address: %d", w.Code)
	}
}

// TestTheCourtsFileIsOverAfterThirtyDays unless it was filed.
func TestTheCourtsFileIsOverAfterThirtyDays(t *testing.T) {
	t.Parallel()
	j := openJoining(t)
	j.exec(`UPDATE deadlines SET ended_at = now(), outcome = 'lapsed' WHERE kind = $1`, string(statute.D12Confirmation))
	part := j.read(j.mediator, "/papers", "").Find("#court")
	if !strings.Contains(part.Text(), "三十天的申请期限已过") || part.Find("a").Length() != 0 {
		t.Errorf("it says %q", part.Text())
	}
}

// TestTheCourtsFileStaysWordByWord whatever becomes of the office's words, names and
// people; what was filed before the words were kept is drawn from its frozen case.
func TestTheCourtsFileStaysWordByWord(t *testing.T) {
	t.Parallel()
	j := openJoining(t)
	blobs, err := blob.NewFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	j.site.Blobs = blobs
	v, err := j.site.Desk.Case(t.Context(), j.mediator, j.id)
	if err != nil {
		t.Fatal(err)
	}
	j.act(j.mediator, &mediation.PartyChange{PartyEntry: mediation.PartyEntry{Party: v.Case.Parties[0].ID, Side: mediation.Applicant, Capacity: "adult", Name: "陈阿芬",
		IDNumber: "990000195803120025", Ethnic: "11", Occupation: "退休教师"}})
	j.act(j.mediator, &mediation.Proposal{Court: mediation.CourtID(uid(60))})
	j.act(j.applicant, &mediation.Joins{Read: true, ServeTo: "榆园3幢502室", Online: true, OnlineTo: "afen@example.cn"})
	if text := j.courtText(j.mediator); !strings.Contains(text, "尚未提出，供核对和签名") {
		t.Errorf("before it is filed: %s", text)
	}
	j.act(j.other, &mediation.Joins{Read: true, ServeTo: "榆园7幢101室"})
	before, file := j.courtText(j.court), j.paper(j.court, "/confirmation/file", "").Body.Bytes()
	for _, want := range []string{"榆园3幢502室", "afen@example.cn", "榆园7幢101室", "1958年3月12日", "满族", "退休教师", "没有恶意串通", "提出　摘要"} {
		if !strings.Contains(before, want) {
			t.Errorf("the file lacks %q", want)
		}
	}
	j.exec(`UPDATE committees SET name = '改了名的调委会', address = '搬了家', phone = '10088887777',
		wording = '{"F16.pledge": "改过的承诺", "F16.request": "改过的请求{committee}{effective}{number}", "F17.close": "改过的结尾", "F11.copies": "改过的份数{n}"}'`)
	j.exec(`UPDATE courts SET name = '改了名的法院'`)
	j.exec(`UPDATE users SET name = '改了名的人'`)
	j.now = j.now.AddDate(1, 0, 0)
	for _, who := range []mediation.Actor{j.court, j.mediator} {
		if after := j.courtText(who); after != before {
			t.Errorf("a year later %s reads\n%s\nwant\n%s", who.Name, after, before)
		}
	}
	if !bytes.Equal(j.paper(j.court, "/confirmation/file", "").Body.Bytes(), file) {
		t.Error("the file itself is another one")
	}
	if v, err = j.site.Desk.Case(t.Context(), j.mediator, j.id); err != nil {
		t.Fatal(err)
	}
	if i := slices.IndexFunc(v.History, func(e mediation.Event) bool { return e.Action == mediation.FileConfirmation }); len(v.History[i].Codes["content"]) != 64 {
		t.Errorf("the history does not know the papers: %v", v.History[i].Codes)
	}
	other, err := vault.TestKeys().Seal(vault.AAD{Table: "confirmations", Column: "papers_sealed", Row: string(v.Case.Application().ID)},
		`{"format":"doorstep court file 1","papers":[{"code":"F16","title":"别的"}]}`)
	if err != nil {
		t.Fatal(err)
	}
	j.exec(`UPDATE confirmations SET papers_sealed = $1`, other)
	if w := j.paper(j.court, "/confirmation/file", ""); w.Code != http.StatusInternalServerError {
		t.Errorf("exchanged papers: %d", w.Code)
	}
	j.exec(`UPDATE confirmations SET papers_sealed = NULL`)
	if w := j.paper(j.court, "/confirmation/file", ""); w.Code != http.StatusInternalServerError {
		t.Errorf("papers taken away: %d", w.Code)
	}
	j.exec(`ALTER TABLE events DISABLE TRIGGER USER`)
	j.exec(`UPDATE events SET codes = codes - 'content' WHERE action = 'file_confirmation'`) // as it was filed before papers were kept
	if old := j.courtText(j.court); !strings.Contains(old, "改过的承诺") || !strings.Contains(old, "榆园7幢101室") || !strings.Contains(old, "打印日期") {
		t.Errorf("an old file says %s", old)
	}
}

// courtText is every word of the papers in the court's file as somebody opens it.
func (j *joining) courtText(a mediation.Actor) string {
	j.Helper()
	_, it, err := j.site.Desk.CourtFile(j.Context(), a, j.id)
	if err != nil {
		j.Fatal(err)
	}
	var all []string
	for _, p := range it.Papers {
		all = append(all, p.Texts()...)
	}
	return strings.Join(all, "\n")
}
