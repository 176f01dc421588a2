package casework_test

import (
	"database/sql"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"doorstep/internal/casework"
	"doorstep/internal/mediation"
	"doorstep/internal/paper"
	"doorstep/internal/postgres"
	"doorstep/internal/vault"
)

// issueAll issues every paper of the story's case that somebody can, and says
// how many.
func (w *told) issueAll(who string) int {
	w.t.Helper()
	n := 0
	for _, ch := range paper.Choices(w.sees(who)) {
		_, err := w.Desk.Do(w.ctx, w.Actor(who), w.id(), 0, &mediation.Issuing{Paper: ch.Form + "/" + string(ch.Item), Reason: "按现在的内容出具"})
		switch mediation.KeyOf(err) {
		case "":
			w.must(err)
			n++
		case "rule.issue_unchanged": // the story itself issued it
			n++
		case "rule.paper_lacks", "error.check_fields": // no such paper to issue: cover, index, statement
		default:
			w.must(err)
		}
	}
	return n
}

// text is what a paper says, without the small print of its issue.
func text(t *testing.T, p *paper.Paper) string {
	t.Helper()
	body, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// reading is one reader and what is compared with his issues: the papers as he
// would have drawn them himself at the moment of the issue.
type reading struct {
	name string
	view *casework.View
}

func (w *told) readings() []reading {
	w.t.Helper()
	readers := map[string]mediation.Actor{}
	for _, name := range []string{"王秀兰", "陈国栋", "顾巧云", "李娜", "周敏", "沈国强", "高永福", "罗正", "潘瑞林", "谢文博", "叶青"} {
		readers[name] = w.Actor(name)
	}
	for _, p := range w.whole().Parties {
		for level, name := range map[mediation.Level]string{mediation.LevelCode: "code of ", mediation.LevelChecked: "checked code of "} {
			readers[name+p.Name] = mediation.CodeHolder(mediation.CodeAccess{Case: w.id(), Party: p.ID, Level: level})
		}
		if p.User != "" {
			readers["account of "+p.Name] = mediation.Actor{User: p.User, Grants: []mediation.Grant{{Role: mediation.RoleResident}}}
		}
	}
	var all []reading
	for name, a := range readers {
		if v, err := w.Desk.Case(w.ctx, a, w.id()); err == nil {
			all = append(all, reading{name, v})
		}
	}
	return all
}

// TestAnIssueShowsNobodyMoreThanHisOwnDraw: of every paper of stories with all
// that is kept from somebody, each reader gets by the issue exactly the text he
// would have drawn himself, or no issue at all. And it is kept from nobody who
// would have drawn the same.
func TestAnIssueShowsNobodyMoreThanHisOwnDraw(t *testing.T) {
	t.Parallel()
	w := open(t)
	issuers := map[string]string{"2": "王秀兰", "5": "陈国栋", "17": "沈国强", "15": "沈国强", "19": "沈国强"}
	w.must(w.Play(w.ctx, slices.Collect(maps.Keys(issuers))...))
	opened, copies, kept := 0, 0, 0
	for story := range issuers {
		w.name = story
		if w.issueAll(issuers[story]) < 3 {
			t.Errorf("story %s: hardly anything was issued", story)
		}
		whole := w.whole()
		for _, r := range w.readings() {
			for _, n := range whole.Issues {
				if whole.InForce(n.Form, n.Item).ID != n.ID {
					continue // drawn from the case as it was
				}
				own := draws(w, r.view, n)
				_, got, err := w.Desk.Issued(w.ctx, r.view, n.ID)
				switch {
				case err != nil && mediation.KindOf(err) != mediation.NotFound:
					t.Fatal(err)
				case err == nil && (own == nil || text(t, got) != text(t, own)):
					t.Errorf("%s reads %s of story %s otherwise than he would draw it", r.name, n.Form, story)
				case err == nil:
					opened++
					if main := w.mainText(n); text(t, got) != main {
						copies++
					}
				case own != nil && r.view.Objects["paper"] && text(t, own) == w.mainText(n):
					t.Errorf("%s is kept from %s of story %s, which he would have drawn alike", r.name, n.Form, story)
				default:
					kept++
				}
			}
		}
	}
	if opened < 100 || copies < 10 || kept < 50 {
		t.Errorf("%d issues were opened, %d as a party's own copy, %d kept: the readers do not differ", opened, copies, kept)
	}
}

// draws is the paper of an issue as a reader draws it himself; nil when he gets
// none, for what a code alone shows is the notice of rights (decision on levels).
func draws(w *told, v *casework.View, n mediation.Issue) *paper.Paper {
	item := n.Item
	if !v.Objects["paper"] {
		return nil
	}
	if v.Me != nil {
		own, ok := paper.For(n.Form, v.Me)
		if !ok || own != "" && item != "" && item != own || n.Form != "F03" && !known(v) {
			return nil
		}
		if own != "" {
			item = own
		}
	}
	p, err := paper.Build(n.Form, v.Case, item, w.Desk.Setting(v))
	if err != nil {
		return nil
	}
	p.Notice = n.Number // which it got by being issued
	return p
}

// known says whether a party's identity was checked, or it has an account.
func known(v *casework.View) bool {
	return v.As == mediation.RoleResident || v.Me.Identity >= mediation.LevelChecked
}

// mainText is what an issue says to its issuer.
func (w *told) mainText(n mediation.Issue) string {
	w.t.Helper()
	contents, err := w.DB.IssueContents(w.ctx, []mediation.Issue{n})
	w.must(err)
	c, err := paper.ReadContent(contents[n.ID])
	w.must(err)
	c.Paper.Notice = n.Number
	return text(w.t, c.Paper)
}

// TestAnIssueStaysAsItWas whatever becomes of the case and of the committee's
// own words, until a correction takes its place, and then beside it.
func TestAnIssueStaysAsItWas(t *testing.T) {
	w := tell(t, "5", nil)
	lead, f10 := w.Actor("陈国栋"), ""
	for _, ch := range paper.Choices(w.sees("陈国栋")) {
		if ch.Form == "F10" && f10 == "" {
			f10 = "F10/" + string(ch.Item)
		}
	}
	issue := func(what, reason string) mediation.Issue {
		t.Helper()
		c, err := w.Desk.Do(w.ctx, lead, w.id(), 0, &mediation.Issuing{Paper: what, Reason: reason})
		w.must(err)
		return c.Issues[len(c.Issues)-1]
	}
	reads := func(n mediation.Issue) (*casework.View, *paper.Paper) {
		t.Helper()
		v, err := w.Desk.Case(w.ctx, lead, w.id())
		w.must(err)
		_, p, err := w.Desk.Issued(w.ctx, v, n.ID)
		w.must(err)
		return v, p
	}
	record, rights := issue(f10, ""), issue("F03", "")
	_, before := reads(record)
	_, told := reads(rights)
	if !strings.Contains(before.Foot, "第1次出具") || !strings.Contains(before.Foot, record.Digest[:8]) || before.Mark != "" {
		t.Errorf("the foot says %q, the mark %q", before.Foot, before.Mark)
	}
	w.try("陈国栋", &mediation.Issuing{Paper: f10, Reason: "再来一份"}, mediation.Invalid, "rule.issue_unchanged")

	c := w.whole()
	_, err := w.Desk.Do(w.ctx, lead, w.id(), 0, &mediation.PartyChange{PartyEntry: mediation.PartyEntry{Party: c.Parties[0].ID, Side: c.Parties[0].Side,
		Capacity: "adult", Name: "郑慧慧", Phone: "10012340199"}})
	w.must(err)
	if _, err := w.raw.ExecContext(w.ctx, `UPDATE committees SET wording = '{"F03.rights": "新的说法"}'`); err != nil {
		t.Fatal(err)
	}
	v, after := reads(record)
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("the issue changed with the case:\n%s", diff)
	}
	if _, again := reads(rights); cmp.Diff(told, again) != "" || text(t, again) == "" {
		t.Error("the issue changed with the committee's words")
	}
	form, item, _ := strings.Cut(f10, "/")
	if st := w.Desk.Standing(v, form, mediation.ItemID(item)); st.Last == nil || !st.Changed {
		t.Errorf("the change is not told: %+v", st)
	}
	w.try("陈国栋", &mediation.Issuing{Paper: f10}, mediation.Invalid, "error.check_fields")
	second := issue(f10, "当事人姓名登记有误")
	v, former := reads(record)
	if former.Mark != "（本件已被第2次出具替代）" || text(t, former) != text(t, before) {
		t.Errorf("the former issue says %q", former.Mark)
	}
	if _, now := reads(second); !strings.Contains(text(t, now), "郑慧慧") || strings.Contains(text(t, former), "郑慧慧") {
		t.Error("the correction does not say what was corrected")
	}
	if st := w.Desk.Standing(v, form, mediation.ItemID(item)); st.Last.ID != second.ID || st.Changed || len(st.Issues) != 2 {
		t.Errorf("after the correction: %+v", st)
	}
}

// TestAVolumeBindsTheIssuesThatStand, those of papers that can no longer be drawn
// among them; what was never issued says so.
func TestAVolumeBindsTheIssuesThatStand(t *testing.T) {
	w := tell(t, "2", nil)
	v, err := w.Desk.Volume(w.ctx, w.Actor("王秀兰"), w.id(), false)
	w.must(err)
	v.Case.Sessions[0].State = "planned" // as if the record had gone: its issue has not
	pieces, err := paper.Contents(v.Case, w.Desk.Setting(v))
	w.must(err)
	got := map[string]string{}
	for _, p := range pieces {
		if p.Paper != nil {
			_, said, _ := strings.Cut(p.Paper.Foot, "次出具")
			got[p.Form] += strings.TrimSuffix(p.Paper.Foot, said) + " "
		}
	}
	for form, want := range map[string]string{"F04": "第1次出具 第1次出具 第1次出具 ", "F10": "第1次出具 第1次出具 ", "F11": "协议文本第1稿　第2次出具 "} {
		if got[form] != want {
			t.Errorf("%s is bound as %q, want %q", form, got[form], want)
		}
	}
	if !strings.Contains(got["F02"], "草稿，未出具") {
		t.Errorf("F02 was never issued and says %q", got["F02"])
	}
}

// TestTheHistoryKeepsNoWordOfAnIssue: form, number and digest only.
func TestTheHistoryKeepsNoWordOfAnIssue(t *testing.T) {
	w := tell(t, "5", nil)
	c, err := w.Desk.Do(w.ctx, w.Actor("陈国栋"), w.id(), 0, &mediation.Issuing{Paper: "F02"})
	w.must(err)
	events, err := w.DB.History(w.ctx, w.id())
	w.must(err)
	last := events[len(events)-1]
	n := c.Issues[0]
	if diff := cmp.Diff(map[string]string{"form": "F02", "number": "1", "content": n.Digest}, last.Codes); diff != "" || last.Subject != n.ID {
		t.Errorf("subject %s, codes (-want +got):\n%s", last.Subject, diff)
	}
	for _, statement := range []string{`UPDATE paper_issues SET digest = repeat('0', 64)`, `DELETE FROM paper_contents`, `DELETE FROM paper_issues`,
		`UPDATE paper_contents SET issue_id = gen_random_uuid()`, `TRUNCATE paper_contents`, `TRUNCATE paper_issues CASCADE`} {
		for who, db := range map[string]*sql.DB{"the owner": w.raw, "the program": w.own} {
			if _, err := db.ExecContext(w.ctx, statement); err == nil {
				t.Errorf("%s: %s went through", who, statement)
			}
		}
	}
}

// broken is the first kept paper that does not hold; one without a reason when all do.
func (w *told) broken() postgres.BrokenIssue {
	w.t.Helper()
	_, b, err := w.DB.VerifyIssues(w.ctx)
	w.must(err)
	if b == nil {
		return postgres.BrokenIssue{}
	}
	return *b
}

// TestAChangedIssueIsFound by the check of the history, and is shown to nobody.
func TestAChangedIssueIsFound(t *testing.T) {
	w := tell(t, "5", nil)
	c, err := w.Desk.Do(w.ctx, w.Actor("陈国栋"), w.id(), 0, &mediation.Issuing{Paper: "F02"})
	w.must(err)
	n := c.Issues[0]
	broken := func() string {
		t.Helper()
		b := w.broken()
		if b.Why != "" && (b.Case != w.id() || b.Issue != n.ID || b.Form != "F02" || b.Seq != 1) {
			t.Errorf("it names %+v", b)
		}
		return b.Why
	}
	put := func(sealed []byte) {
		t.Helper()
		_, err := w.raw.ExecContext(w.ctx, `UPDATE paper_contents SET content_sealed = $1`, sealed)
		w.must(err)
	}
	seal := func(row, plain string) []byte {
		t.Helper()
		sealed, err := vault.TestKeys().Seal(vault.AAD{Table: "paper_contents", Column: "content_sealed", Row: row}, plain)
		w.must(err)
		return sealed
	}
	if why := broken(); why != "" {
		t.Fatalf("a whole issue is %s", why)
	}
	whole, err := w.DB.IssueContents(w.ctx, c.Issues)
	w.must(err)
	put(seal(string(n.ID), strings.Replace(string(whole[n.ID]), "F02", "F04", 1)))
	if why := broken(); why != "changed" {
		t.Errorf("another content: %q", why)
	}
	v, err := w.Desk.Case(w.ctx, w.Actor("陈国栋"), w.id())
	w.must(err)
	if _, _, err := w.Desk.Issued(w.ctx, v, n.ID); err == nil || mediation.KindOf(err) != mediation.Internal {
		t.Errorf("another content is shown: %v", err)
	}
	put(seal(string(w.id()), string(whole[n.ID])))
	if why := broken(); why != "sealed" {
		t.Errorf("a content from another place: %q", why)
	}
	for _, step := range []struct{ statement, why string }{
		{`ALTER TABLE paper_issues DISABLE TRIGGER USER; ALTER TABLE paper_contents DISABLE TRIGGER USER; UPDATE paper_issues SET number = '榆园人调受〔2026〕9号'`, "unlisted"},
		{`UPDATE paper_issues SET number = ''`, ""},
		{`UPDATE paper_issues SET at = at - interval '1 day'`, "unlisted"},
		{`DELETE FROM paper_contents`, "gone"},
		{`DELETE FROM paper_issues`, "gone"},
	} {
		put(seal(string(n.ID), string(whole[n.ID])))
		if _, err := w.raw.ExecContext(w.ctx, step.statement); err != nil {
			t.Fatal(err)
		}
		if why := broken(); why != step.why {
			t.Errorf("%s: %q, want %q", step.statement, why, step.why)
		}
	}
}

// TestNoticesHaveNumbersOfTheirOwn, per form and year without a gap, which a
// correction keeps, which stand on the sheet before that of the case, and which the
// history knows.
func TestNoticesHaveNumbersOfTheirOwn(t *testing.T) {
	w := tell(t, "5", nil)
	by := w.Actor("陈国栋")
	issue := func(paper, reason string) mediation.Issue {
		t.Helper()
		c, err := w.Desk.Do(w.ctx, by, w.id(), 0, &mediation.Issuing{Paper: paper, Reason: reason})
		w.must(err)
		return c.Issues[len(c.Issues)-1]
	}
	parties := w.whole().Active()
	first, second := issue("F04/"+string(parties[0].ID), ""), issue("F04/"+string(parties[1].ID), "")
	if first.Number != "榆园人调受〔2026〕1号" || second.Number != "榆园人调受〔2026〕2号" {
		t.Errorf("notices of acceptance are %q and %q", first.Number, second.Number)
	}
	if n := issue("F02", ""); n.Number != "" {
		t.Errorf("a registration has the number %q", n.Number)
	}
	if _, err := w.Desk.Do(w.ctx, by, w.id(), 0, &mediation.Issuing{Paper: "F04/" + string(parties[0].ID)}); err == nil {
		t.Error("the same is issued twice")
	}
	c := w.whole()
	v, err := w.Desk.Case(w.ctx, by, w.id())
	w.must(err)
	_, sheet, err := w.Desk.Issued(w.ctx, v, second.ID)
	w.must(err)
	if want := "榆园人调受〔2026〕2号（" + c.Number + "）"; sheet.Numbers() != want {
		t.Errorf("the sheet bears %q, want %q", sheet.Numbers(), want)
	}
	for _, n := range c.Issues {
		i := slices.IndexFunc(v.History, func(e mediation.Event) bool { return e.Subject == n.ID })
		if i < 0 || v.History[i].Codes["notice"] != n.Number {
			t.Errorf("the history knows another number of %s than %q", n.Form, n.Number)
		}
	}
	if _, broken, err := w.DB.VerifyIssues(w.ctx); err != nil || broken != nil {
		t.Errorf("verified: %+v, %v", broken, err)
	}
}

// TestWhoCanOpenAPaperIsToldOfIt when it is issued and when it is corrected, once
// each person and issue, and nobody else: not who gets no such paper, not who could
// not open it, and on the quiet path not the other side.
func TestWhoCanOpenAPaperIsToldOfIt(t *testing.T) {
	w := tell(t, "5", nil)
	c := w.whole()
	first, second := c.Parties[0], c.Parties[1]
	exec := func(statement string, values ...any) {
		t.Helper()
		_, err := w.raw.ExecContext(w.ctx, statement, values...)
		w.must(err)
	}
	exec(`UPDATE case_parties SET identity_level = 2 WHERE id = $1`, string(second.ID))
	exec(`UPDATE case_parties SET left_at = now() WHERE case_id = $1 AND id NOT IN ($2, $3)`, string(w.id()), string(first.ID), string(second.ID))
	issue := func(form, reason string) map[string]string {
		t.Helper()
		exec(`DELETE FROM notices`)
		_, err := w.Desk.Do(w.ctx, w.Actor("陈国栋"), w.id(), 0, &mediation.Issuing{Paper: form, Reason: reason})
		w.must(err)
		rows, err := w.raw.QueryContext(w.ctx, `SELECT coalesce(p.name, 'the office'), n.action FROM notices n LEFT JOIN case_parties p ON p.id = n.party_id`)
		w.must(err)
		defer rows.Close()
		told := map[string]string{}
		for rows.Next() {
			var who, what string
			w.must(rows.Scan(&who, &what))
			told[who] += what
		}
		w.must(rows.Err())
		return told
	}
	rename := func(name string) {
		t.Helper()
		_, err := w.Desk.Do(w.ctx, w.Actor("陈国栋"), w.id(), 0, &mediation.PartyChange{PartyEntry: mediation.PartyEntry{Party: first.ID, Side: first.Side,
			Capacity: "adult", Name: name, Phone: "10012340199"}})
		w.must(err)
	}
	want := func(rule string, got, want map[string]string) {
		t.Helper()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", rule, diff)
		}
	}
	want("a paper of the office is for nobody else", issue("F09", ""), map[string]string{})
	want("an application is its filer's", issue("F02", ""), map[string]string{first.Name: "issue_paper"})
	want("the notice of rights is everybody's", issue("F03", ""), map[string]string{first.Name: "issue_paper", second.Name: "issue_paper"})
	rename("郑慧慧")
	want("a correction is told as one", issue("F03", "姓名登记有误"), map[string]string{"郑慧慧": "reissue_paper", second.Name: "reissue_paper"})
	want("who is known can open the appointment", issue("F06", ""), map[string]string{"郑慧慧": "issue_paper", second.Name: "issue_paper"})
	exec(`UPDATE case_parties SET identity_level = 1, user_id = NULL WHERE id = $1`, string(second.ID))
	rename("郑慧")
	want("who has a code alone cannot", issue("F06", "姓名登记有误"), map[string]string{"郑慧": "reissue_paper"})
	exec(`UPDATE case_parties SET user_id = $1 WHERE case_id = $2`, string(first.User), string(w.id()))
	rename("郑慧慧")
	want("one person for both is told once", issue("F06", "姓名登记有误"), map[string]string{"郑慧慧": "reissue_paper"})
	exec(`UPDATE case_parties SET user_id = NULL, identity_level = 2 WHERE id = $1`, string(second.ID))
	exec(`UPDATE cases SET hold = TRUE`)
	rename("郑慧")
	want("on the quiet path the other side hears nothing", issue("F03", "姓名登记有误"), map[string]string{"郑慧": "reissue_paper"})
}
