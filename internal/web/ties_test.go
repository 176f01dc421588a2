package web

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"doorstep/internal/casework"
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// bench is a street with a chair and mediators, and a case between a resident
// and a property company that waits for a mediator.
type bench struct {
	*street
	chair, lin, du mediation.Actor
	id             mediation.CaseID
	first, second  mediation.PartyID
}

func openBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{street: openStreet(t)}
	b.chair, b.lin, b.du = b.staff("zhou.chair", "chair"), b.staff("lin.mediator", "mediator"), b.staff("du.mediator", "mediator")
	for i, m := range []mediation.Actor{b.lin, b.du} {
		b.exec(`INSERT INTO mediators (user_id, committee_id, registration_no) VALUES ($1, $2, $3)`, string(m.User), b.committee, "T"+string(rune('1'+i)))
	}
	b.exec(`UPDATE users SET name = '林和' WHERE username = 'lin.mediator'`)
	b.exec(`UPDATE users SET name = '杜军' WHERE username = 'du.mediator'`)
	b.id = b.dispute("枫桥里3幢2单元502室")
	return b
}

// dispute brings a case to the chair, who has accepted it.
func (b *bench) dispute(address string) mediation.CaseID {
	b.t.Helper()
	receipt, err := b.site.Desk.File(b.t.Context(), mediation.Visitor(), mediation.Intake{Facts: "物业费没有打扫", Place: "枫桥里3幢", Phone: "10012345678",
		Area: mediation.AreaID(b.area), Privacy: true, Name: "朱明"}, "key-"+b.newID())
	if err != nil {
		b.t.Fatal(err)
	}
	b.id = receipt.Case
	c := b.act(b.clerk, &mediation.Registration{Title: "物业费", Type: "17", Subtype: "17-fee", Respondent: "恒安物业服务有限公司", Request: "打扫", RiskScreen: true})
	b.first, b.second = c.Parties[0].ID, c.Parties[1].ID
	b.act(b.clerk, &mediation.PartyChange{PartyEntry: mediation.PartyEntry{Party: b.first, Side: mediation.Applicant, Capacity: "adult", Name: "朱明",
		IDNumber: "990000198509301013", Address: address}})
	b.act(b.clerk, &mediation.PartyChange{PartyEntry: mediation.PartyEntry{Party: b.second, Side: mediation.Respondent, Capacity: "organisation",
		Name: "恒安物业服务有限公司", CreditCode: "91990000MA00000001", LegalRep: "何总", Phone: "10099990000"}})
	b.act(b.clerk, &mediation.Question{ContactMade: mediation.ContactMade{Party: b.second, Means: "phone", Reached: true}})
	b.act(b.clerk, &mediation.Willing{Answer: mediation.Answer{Party: b.second, How: "phone"}})
	b.act(b.chair, &mediation.Acceptance{})
	return b.id
}

func (b *bench) act(a mediation.Actor, act mediation.Act) *mediation.Case {
	b.t.Helper()
	c, err := b.site.Desk.Do(b.t.Context(), a, b.id, 0, act)
	if err != nil {
		b.t.Fatalf("%s: %v", act.Action(), err)
	}
	b.at = b.at.Add(time.Minute)
	return c
}

func (b *bench) declare(a mediation.Actor, n casework.Declaration) int {
	b.t.Helper()
	shut, err := b.site.Desk.Declare(b.t.Context(), a, n)
	if err != nil {
		b.t.Fatal(err)
	}
	return shut
}

// facts are what the check finds against a mediator: "fact" of the applicant,
// "fact/respondent" of the other side.
func (b *bench) facts(m mediation.Actor) []string {
	b.t.Helper()
	v, err := b.site.Desk.Case(b.t.Context(), b.chair, b.id)
	if err != nil {
		b.t.Fatal(err)
	}
	list, err := b.site.Desk.Candidates(b.t.Context(), b.chair, v.Case)
	if err != nil {
		b.t.Fatal(err)
	}
	i := slices.IndexFunc(list, func(c casework.Candidate) bool { return c.User == m.User })
	facts := []string{}
	for _, f := range list[i].Findings {
		facts = append(facts, string(f.Fact)+map[bool]string{true: "/respondent"}[f.Party == b.second])
	}
	slices.Sort(facts)
	return facts
}

// TestFactsAreFoundWithoutOpeningWhatIsSealed: every kind of tie, from what a
// mediator declared or what earlier cases hold, against the parties of a case.
func TestFactsAreFoundWithoutOpeningWhatIsSealed(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	home := func(address string) func() {
		return func() { b.declare(b.lin, casework.Declaration{Kind: "home", Address: address}) }
	}
	relative := func(name, phone, id string) func() {
		return func() {
			b.declare(b.lin, casework.Declaration{Kind: "relative", Kinship: "sibling", Name: name, Phone: phone, IDNumber: id})
		}
	}
	organisation := func(kind, name, code string) func() {
		return func() {
			b.declare(b.lin, casework.Declaration{Kind: kind, Office: "property_company", Name: name, CreditCode: code})
		}
	}
	for _, tt := range []struct {
		name  string
		begin func()
		want  string
	}{
		{"nothing declared", func() {}, ""},
		{"the same door, written otherwise", home("江苏省苏州市高新区枫桥街道枫桥里 3-2-502"), "household"},
		{"the same door without estate and unit", home("3-502"), "household_likely"},
		{"another door of the floor", home("枫桥里3幢1单元501室"), "same_floor"},
		{"another floor", home("枫桥里3幢2单元602室"), ""},
		{"the same numbers in another estate", home("春晓苑3幢2单元502室"), ""},
		{"a relative by his phone", relative("朱小明", "100 1234 5678", ""), "kin"},
		{"a relative by his identity number", relative("朱小明", "", "990000198509301013"), "kin"},
		{"by a number typed in wide digits", relative("朱小明", "", "９９００００１９８５０９３０１０１３"), "kin"},
		{"by a phone typed in wide digits", relative("朱小明", "１００１２３４５６７８", ""), "kin"},
		{"a relative of the same name", relative("朱 明", "10000000000", ""), "kin_name"},
		{"nobody's relative", relative("朱小明", "10000000000", ""), ""},
		{"employed by a party, by its code", organisation("employer", "恒安物业", "91990000ma00000001"), "employer/respondent"},
		{"employed by a party, by its name", organisation("employer", "恒安物业服务有限公司", ""), "employer/respondent"},
		{"another company of that name", organisation("employer", "恒安物业服务有限公司", "91990000MA00000002"), ""},
		{"in office at a party", organisation("office", "恒安物业服务有限公司", "91990000MA00000001"), "office/respondent"},
		{"his own phone is a party's", func() {
			b.exec(`UPDATE users SET phone_index = (SELECT s.phone_index FROM persons s WHERE s.id = $1) WHERE id = $2`, string(b.second), string(b.lin.User))
		}, "same_phone/respondent"},
		{"he is a party", func() {
			b.exec(`UPDATE users SET phone_index = NULL WHERE id = $1`, string(b.lin.User))
			b.exec(`UPDATE case_parties SET user_id = $1 WHERE id = $2`, string(b.lin.User), string(b.second))
		}, "self/respondent"},
	} {
		b.exec(`UPDATE declared_ties SET ended_at = $1 WHERE ended_at IS NULL`, b.at)
		tt.begin()
		if got := strings.Join(b.facts(b.lin), " "); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
		if got := b.facts(b.du); len(got) != 0 {
			t.Errorf("%s: found against somebody else: %v", tt.name, got)
		}
	}
	b.exec(`UPDATE declared_ties SET ended_at = $1 WHERE ended_at IS NULL`, b.at)
	b.exec(`UPDATE case_parties SET user_id = NULL WHERE id = $1`, string(b.second))

	// The same two sides meet again: what happened in the first case counts now.
	old, oldFirst, oldSecond := b.id, b.first, b.second
	b.dispute("枫桥里3幢2单元502室")
	b.exec(`INSERT INTO helpers (id, case_id, area_root, user_id, name, as_what, at) VALUES ($1, $2, 'yy', $3, '林和', 'counsel', $4)`,
		b.newID(), string(old), string(b.lin.User), b.at)
	if got := strings.Join(b.facts(b.lin), " "); got != "earlier_counsel earlier_counsel/respondent" {
		t.Errorf("counsel in an earlier case: %q", got)
	}
	b.exec(`DELETE FROM helpers`)
	b.exec(`INSERT INTO conflicts (id, case_id, area_root, user_id, relation, at, party_id) VALUES ($1, $2, 'yy', $3, 'relative', $4, $5)`,
		b.newID(), string(old), string(b.lin.User), b.at, string(oldFirst))
	if got := strings.Join(b.facts(b.lin), " "); got != "earlier_conflict" {
		t.Errorf("stepped back earlier: %q", got)
	}
	b.exec(`UPDATE case_parties SET user_id = $1 WHERE id = $2`, string(b.lin.User), string(oldSecond))
	b.exec(`DELETE FROM conflicts`)
	if got := strings.Join(b.facts(b.lin), " "); !strings.Contains(got, "open_case") || strings.Contains(got, "earlier_case") {
		t.Errorf("against a party in an open case: %q", got)
	}
	b.exec(`UPDATE cases SET ended_at = $1 WHERE id = $2`, b.at, string(old))
	if got := strings.Join(b.facts(b.lin), " "); !strings.Contains(got, "earlier_case") || strings.Contains(got, "open_case") {
		t.Errorf("against a party in an ended case: %q", got)
	}
}

// TestTheChairSeesWhoIsBlockedBeforeHeChooses walks the page of an assignment.
func TestTheChairSeesWhoIsBlockedBeforeHeChooses(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	b.declare(b.lin, casework.Declaration{Kind: "employer", Name: "恒安物业服务有限公司"})
	b.declare(b.du, casework.Declaration{Kind: "home", Address: "枫桥里3幢2单元501室"})
	chair := b.browse("203.0.113.20")
	wantStatus(t, chair.post("/sign-in", "login", "zhou.chair", "password", hallPassword), http.StatusSeeOther)
	path := "/cases/" + string(b.id) + "/assignment"
	doc := chair.page(path)
	lines := told(doc, ".candidates li")
	if len(lines) != 2 || !strings.Contains(strings.Join(lines, ""), "林和 须回避") {
		t.Fatalf("candidates %q", lines)
	}
	for _, want := range []string{"恒安物业服务有限公司（被申请人）：当事人是其工作单位（《最高人民法院关于人民法院特邀调解的规定》第15条）", "杜军 须说明", "与当事人同幢同层"} {
		if !strings.Contains(strings.Join(lines, " "), want) {
			t.Errorf("%q does not say %q", lines, want)
		}
	}
	form := []string{"track", "party_member", "chosen_by", "committee", "lead_relation", "none", "lead"}
	w := chair.post(path, append(form, string(b.lin.User))...)
	wantStatus(t, w, http.StatusUnprocessableEntity)
	if !strings.Contains(w.Body.String(), "当事人是他的工作单位，应当回避") {
		t.Errorf("the refusal does not name the tie: %s", w.Body)
	}
	w = chair.post(path, append(form, string(b.du.User))...)
	wantStatus(t, w, http.StatusUnprocessableEntity)
	if !strings.Contains(w.Body.String(), "核对发现有关系要说明") {
		t.Errorf("the refusal does not ask to tell: %s", w.Body)
	}
	wantTo(t, chair.post(path, append(append(form, string(b.du.User)), "disclosed", "yes")...), "/cases/"+string(b.id))
	page := chair.page("/cases/" + string(b.id)).Text()
	for _, want := range []string{"须说明", "与当事人同幢同层", "回避核对：须向各方说明", "发现：与当事人同幢同层"} {
		if !strings.Contains(page, want) {
			t.Errorf("the case page does not say %q", want)
		}
	}
}

// TestATieTakesTheFileAwayAtOnce: declared by the mediator on the case, found
// when a party joins, or declared on his account: the next request of his finds
// nothing, and an act of his is refused the same way.
func TestATieTakesTheFileAwayAtOnce(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	b.exec(`UPDATE grants SET role = 'mediator' WHERE user_id = $1`, string(b.du.User))
	for name, tie := range map[string]func(him *browser, path string){
		"declared on the case": func(him *browser, path string) {
			wantTo(t, him.post(path+"/conflict", "relation", "relative", "reason", "申请人是我表弟"), "/desk")
		},
		"found when a party joins": func(him *browser, _ string) {
			wantTo(t, him.post(tiesURL+"/relative", "kinship", "child", "name", "林小和", "phone", "10055554444"), tiesURL)
			b.act(b.clerk, &mediation.NewParty{PartyEntry: mediation.PartyEntry{Side: mediation.Third, Capacity: "adult", Name: "林小和", Phone: "10055554444"}})
		},
		"declared on the account": func(him *browser, _ string) {
			wantTo(t, him.post(tiesURL+"/office", "office", "property_company", "name", "恒安物业服务有限公司"), tiesURL)
		},
	} {
		b.exec(`UPDATE declared_ties SET ended_at = $1 WHERE ended_at IS NULL`, b.at)
		b.dispute("枫桥里3幢2单元502室")
		b.act(b.chair, &mediation.Appointment{Track: mediation.TrackPartyMember, Lead: b.lin.User, ChosenBy: "committee", LeadRelation: "none"})
		him := b.browse("203.0.113.21")
		wantStatus(t, him.post("/sign-in", "login", "lin.mediator", "password", hallPassword), http.StatusSeeOther)
		path := "/cases/" + string(b.id)
		wantStatus(t, him.get(path), http.StatusOK)
		tie(him, path)
		for _, w := range []int{him.get(path).Code, him.get(path + "/sessions").Code, him.get(path + "/papers").Code,
			him.post(path+"/sessions", "place", "调解室", "mode", "joint").Code} {
			if w != http.StatusNotFound {
				t.Errorf("%s: %d after the tie, want 404", name, w)
			}
		}
		c := b.act(b.chair, &mediation.Replacement{Decision: "更换"})
		if c.Stage != mediation.Accepted || c.Assignments[0].EndedWhy != "recusal" || c.Recusals[0].State != "replaced" {
			t.Errorf("%s: %s, %+v, %+v", name, c.Stage, c.Assignments, c.Recusals)
		}
		c = b.act(b.chair, &mediation.Appointment{Track: mediation.TrackPartyMember, Lead: b.du.User, ChosenBy: "committee", LeadRelation: "none"})
		if len(c.Assignments) != 2 || c.Assignments[0].Mediator != b.lin.User || c.Lead().Verdict != mediation.VerdictClear {
			t.Errorf("%s: assignments %+v", name, c.Assignments)
		}
		b.exec(`UPDATE cases SET stage = 'closed' WHERE id = $1`, string(b.id)) // the next round has nothing to do with it
		b.exec(`UPDATE case_parties SET credit_code = '', person_id = NULL WHERE case_id = $1`, string(b.id))
		b.exec(`UPDATE assignments SET ended_at = $1 WHERE ended_at IS NULL`, b.at)
	}
}

// TestDeclarationsAreAsked holds the account page: each kind asks for its own,
// what is kept is masked, and what is taken back is no longer compared.
// proves: list.tie_kind list.kinship list.office_held
func TestDeclarationsAreAsked(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	him := b.browse("203.0.113.22")
	wantStatus(t, him.post("/sign-in", "login", "lin.mediator", "password", hallPassword), http.StatusSeeOther)
	if text := him.page("/account").Text(); !strings.Contains(text, "我的回避申报") {
		t.Error("the account does not lead to the declarations")
	}
	for _, k := range statute.Codes(statute.TieKinds) {
		him.page(tiesURL + "/" + k.Code)
		wantStatus(t, him.post(tiesURL+"/"+k.Code), http.StatusUnprocessableEntity)
	}
	wantStatus(t, him.get(tiesURL+"/fortune"), http.StatusNotFound)
	w := him.post(tiesURL+"/home", "address", "枫桥里旁边")
	wantStatus(t, w, http.StatusUnprocessableEntity)
	if !strings.Contains(w.Body.String(), "请写到几幢几室") || !strings.Contains(w.Body.String(), "枫桥里旁边") {
		t.Errorf("the refusal: %s", w.Body)
	}
	wantTo(t, him.post(tiesURL+"/home", "address", "枫桥里3幢2单元502室"), tiesURL)
	wantTo(t, him.post(tiesURL+"/relative", "kinship", "spouse", "name", "何美丽", "phone", "10022223333"), tiesURL)
	doc := him.page(tiesURL)
	if text := doc.Text(); !strings.Contains(text, "枫桥里3幢***") || strings.Contains(text, "何美丽") || strings.Contains(text, "502") {
		t.Errorf("the list: %s", text)
	}
	if n := b.count(`SELECT count(*) FROM declared_ties WHERE body_sealed::text LIKE '%' || encode('何美丽', 'hex') || '%'`); n != 0 {
		t.Error("a relative's name lies open")
	}
	if got := strings.Join(b.facts(b.lin), " "); got != "household" {
		t.Errorf("compared: %q", got)
	}
	other := b.browse("203.0.113.23")
	wantStatus(t, other.post("/sign-in", "login", "du.mediator", "password", hallPassword), http.StatusSeeOther)
	end, _ := doc.Find(".devices form").Last().Attr("action")
	wantStatus(t, other.post(end), http.StatusNotFound)
	wantTo(t, him.post(end), tiesURL)
	if got := b.facts(b.lin); len(got) != 0 {
		t.Errorf("taken back and still compared: %v", got)
	}
}
