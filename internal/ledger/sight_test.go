package ledger_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"doorstep/internal/ledger"
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// look gives the one row of somebody's list.
func (o *office) look(a mediation.Actor, f ledger.Filter) ledger.Row {
	o.Helper()
	page, err := o.ledger.Cases(o.ctx, a, f)
	if err != nil || len(page.Rows) != 1 {
		o.Fatalf("%d rows, %v; want one", len(page.Rows), err)
	}
	return page.Rows[0]
}

func names(r ledger.Row) []string {
	var all []string
	for _, p := range r.Parties {
		all = append(all, p.Name)
	}
	return all
}

func TestAListShowsNoMoreThanItsReaderMaySee(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	c := o.reach(1, "assign")
	code := func(side int, level mediation.Level) mediation.Actor {
		return mediation.CodeHolder(mediation.CodeAccess{Case: c.ID, Party: c.Parties[side].ID, Level: level})
	}
	for _, tt := range []struct {
		rule  string
		who   mediation.Actor
		title string
		names []string
	}{
		{"the chair reads title and names", o.chair, "楼上噪音", []string{"陈阿芬", "孙小明"}},
		{"the mediator too", o.mediator, "楼上噪音", []string{"陈阿芬", "孙小明"}},
		{"the applicant too", o.applicant, "楼上噪音", []string{"陈阿芬", "孙小明"}},
		{"the supervisor reads the register", o.supervisor, "", []string{"陈**", "孙**"}},
		{"legal staff who were not asked read the register", o.legal, "", []string{"陈**", "孙**"}},
		{"a code alone shows the own side's name", code(1, mediation.LevelCode), "楼上噪音", []string{"陈**", "孙小明"}},
		{"a code with a checked identity shows both", code(1, mediation.LevelChecked), "楼上噪音", []string{"陈阿芬", "孙小明"}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			row := o.look(tt.who, ledger.Filter{})
			if row.Title != tt.title || row.Type != "02" || row.Lead != "周老娘舅" || row.Number == "" || row.NextDue.Kind == "" {
				t.Errorf("row = %+v, want the title %q and the register", row, tt.title)
			}
			if diff := cmp.Diff(tt.names, names(row)); diff != "" {
				t.Errorf("names (-want +got):\n%s", diff)
			}
		})
	}
	o.exec(`UPDATE case_parties SET capacity = 'minor' WHERE name = '孙小明'`)
	t.Run("a minor's name is masked for everybody", func(t *testing.T) {
		for who, want := range map[string]string{"chair": "孙小*", "supervisor": "孙**"} {
			reader := map[string]mediation.Actor{"chair": o.chair, "supervisor": o.supervisor}[who]
			if got := names(o.look(reader, ledger.Filter{}))[1]; got != want {
				t.Errorf("the %s reads %q, want %q", who, got, want)
			}
		}
	})
	o.exec(`UPDATE cases SET restricted = true`)
	t.Run("of a restricted file the chair's list shows that it is there", func(t *testing.T) {
		row := o.look(o.chair, ledger.Filter{})
		if !row.Hidden() || row.Title+row.Lead+row.Area+row.Grade != "" || row.Number == "" || !row.Restricted {
			t.Errorf("row = %+v, want the number and no more", row)
		}
	})
	t.Run("the acting mediator and the party read it", func(t *testing.T) {
		for _, who := range []mediation.Actor{o.mediator, o.applicant} {
			if row := o.look(who, ledger.Filter{}); row.Title != "楼上噪音" || row.Hidden() {
				t.Errorf("%s reads %+v", who.Name, row)
			}
		}
	})
	t.Run("the clerk has no restricted file in his list", func(t *testing.T) {
		if page, err := o.ledger.Cases(o.ctx, o.clerk, ledger.Filter{}); err != nil || len(page.Rows) != 0 {
			t.Errorf("%d rows, %v", len(page.Rows), err)
		}
	})
}

func TestASearchAnswersOnlyWhatItsReaderMayRead(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	c := o.reach(1, "accept")
	found := func(a mediation.Actor, query string) bool {
		t.Helper()
		page, err := o.ledger.Cases(o.ctx, a, ledger.Filter{Query: query})
		if err != nil {
			t.Fatal(err)
		}
		return len(page.Rows) == 1
	}
	number := o.look(o.chair, ledger.Filter{}).Number
	for _, tt := range []struct {
		rule  string
		who   mediation.Actor
		query string
		want  bool
	}{
		{"the chair finds a name by one character", o.chair, "明", true},
		{"the chair finds a word of the title", o.chair, "噪音", true},
		{"the chair finds a number by its beginning", o.chair, " " + strings.TrimSuffix(number, "号") + " ", true},
		{"the supervisor finds a number", o.supervisor, number, true},
		{"the supervisor finds no name", o.supervisor, "孙小明", false},
		{"the supervisor finds no title", o.supervisor, "噪音", false},
		{"another committee finds nothing", o.otherChair, number, false},
		{"a sign of LIKE is a sign", o.chair, "%", false},
		{"so is the other", o.chair, "孙_明", false},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got := found(tt.who, tt.query); got != tt.want {
				t.Errorf("%q found: %t, want %t", tt.query, got, tt.want)
			}
		})
	}
	o.exec(`UPDATE cases SET restricted = true WHERE id = $1`, string(c.ID))
	if found(o.chair, "孙小明") {
		t.Error("the chair finds a name in a restricted file that his list hides")
	}
}

// found asks for a word and holds that the list and its count agree.
func (o *office) found(a mediation.Actor, f ledger.Filter) int {
	o.Helper()
	page, err := o.ledger.Cases(o.ctx, a, f)
	if err != nil {
		o.Fatal(err)
	}
	n, err := o.ledger.Found(o.ctx, a, f)
	if err != nil || n != len(page.Rows) && n <= ledger.PageSize {
		o.Errorf("%q: the count says %d, the list has %d rows, %v", f.Query, n, len(page.Rows), err)
	}
	return n
}

func TestASearchKnowsChinese(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	first, second := o.reach(1, "accept"), o.reach(2, "file")
	o.exec(`UPDATE cases SET title = '三单元402漏水，Ｗｉｆｉ机柜进水', place = '榆园东区' WHERE id = $1`, string(first.ID))
	o.exec(`UPDATE cases SET title = '水漏三天无人管' WHERE id = $1`, string(second.ID))
	for _, tt := range []struct {
		rule, query string
		want        int
	}{
		{"one character", "漏", 2},
		{"a pair in its order", "漏水", 1},
		{"the same pair turned round", "水漏", 1},
		{"three characters that only stand there in pieces", "单元漏", 0},
		{"several words, wherever they stand", "漏水 榆园东区", 1},
		{"words of two different cases", "漏水 无人管", 0},
		{"over a comma nothing reaches", "水W", 0},
		{"with the comma it does", "漏水，wifi", 1},
		{"full width and large letters", "ＷＩＦＩ", 1},
		{"half width and small ones", "wifi", 1},
		{"digits inside a title", "402", 1},
		{"the place", "东区", 1},
		{"a name and a word of the title", "孙小明 漏水", 1},
		{"signs alone", "，。", 0},
		{"a quote", "漏水'", 0},
		{"nothing of the kind", "宠物", 0},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got := o.found(o.chair, ledger.Filter{Query: tt.query}); got != tt.want {
				t.Errorf("%q finds %d, want %d", tt.query, got, tt.want)
			}
			if got := o.found(o.otherChair, ledger.Filter{Query: tt.query}); got != 0 {
				t.Errorf("%q finds %d cases of another committee", tt.query, got)
			}
		})
	}
}

func TestASearchFollowsTheFile(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	c := o.reach(1, "accept")
	step := func(rule string, who mediation.Actor, query string, want int) {
		t.Helper()
		if got := o.found(who, ledger.Filter{Query: query}); got != want {
			t.Errorf("%s: %q finds %d, want %d", rule, query, got, want)
		}
	}
	step("as filed", o.chair, "小明", 1)
	o.exec(`UPDATE case_parties SET name = '孙大明' WHERE name = '孙小明'`)
	step("the old name after a correction", o.chair, "小明", 0)
	step("the new one", o.chair, "孙大明", 1)
	o.exec(`UPDATE case_parties SET capacity = 'minor' WHERE name = '孙大明'`)
	step("a minor", o.chair, "大明", 0)
	step("a minor, for the party of his own case", o.applicant, "大明", 0)
	o.exec(`UPDATE case_parties SET capacity = 'natural', left_at = now() WHERE name = '孙大明'`)
	step("who has left", o.chair, "大明", 0)
	o.exec(`UPDATE cases SET restricted = true WHERE id = $1`, string(c.ID))
	step("a restricted file, for the chair", o.chair, "陈阿芬", 0)
	step("and for its party", o.applicant, "陈阿芬", 1)
	o.exec(`UPDATE cases SET restricted = false, stage = 'closed' WHERE id = $1`, string(c.ID))
	step("a closed case among the open ones", o.chair, "陈阿芬", 0)
	if got := o.found(o.chair, ledger.Filter{Query: "陈阿芬", Closed: true}); got != 1 {
		t.Errorf("among the closed ones it finds %d, want 1", got)
	}
	step("the supervisor, who reads the register", o.supervisor, "陈阿芬", 0)
}

// A word in very many files is looked for in another way than a rare one; both
// must say the same.
func TestACommonWordIsFoundLikeARareOne(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	c := o.reach(1, "accept")
	o.exec(`INSERT INTO cases SELECT (jsonb_populate_record(NULL::cases, to_jsonb(c) || jsonb_build_object('id', gen_random_uuid(),
			'number', '', 'intake_number', '登' || n, 'restricted', n % 2 = 0, 'title', CASE WHEN n <= 3 THEN '稀有' ELSE '寻常' END,
			'committee_id', CASE WHEN n % 4 = 1 THEN c.committee_id::text ELSE $2 END,
			'updated_at', c.updated_at - make_interval(secs => n)))).*
		FROM cases c, generate_series(1, 5600) n WHERE c.id = $1`, string(c.ID), string(o.otherChair.Grants[1].Committee))
	o.exec(`SELECT search_refresh((SELECT array_agg(id) FROM cases))`)
	if got := o.found(o.chair, ledger.Filter{Query: "稀有"}); got != 1 {
		t.Errorf("a rare word finds %d, want the one of this committee", got)
	}
	if got := o.found(o.chair, ledger.Filter{Query: "寻常"}); got != ledger.QueueMost+1 {
		t.Errorf("a common word counts %d, want the count to stop at %d", got, ledger.QueueMost+1)
	}
	seen, after := map[mediation.CaseID]bool{}, ""
	for {
		page, err := o.ledger.Cases(o.ctx, o.chair, ledger.Filter{Query: "寻常", After: after})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Rows {
			if r.Title != "寻常" || r.Restricted || seen[r.ID] {
				t.Fatalf("%+v came twice or is not to be found", r)
			}
			seen[r.ID] = true
		}
		if after = page.Next; after == "" {
			break
		}
	}
	if len(seen) != 1399 {
		t.Errorf("the pages hold %d cases, want all 1,399 of this committee", len(seen))
	}
}

func TestNobodyReadsNothing(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	book := reflect.ValueOf(o.ledger)
	for i := range book.NumMethod() {
		read, name := book.Method(i), book.Type().Method(i).Name
		if name == "MayUphold" { // whether to show a button: it reads nothing
			if o.ledger.MayUphold(mediation.Actor{}, ledger.Claim{}) {
				t.Error("nobody may uphold a complaint")
			}
			continue
		}
		values := []reflect.Value{reflect.ValueOf(o.ctx)}
		for j := 1; j < read.Type().NumIn(); j++ {
			values = append(values, reflect.Zero(read.Type().In(j)))
		}
		out := read.Call(values)
		err, _ := out[len(out)-1].Interface().(error)
		if mediation.KindOf(err) != mediation.Forbidden {
			t.Errorf("%s by nobody: %v, want Forbidden", name, err)
		}
	}
}

// The office's own reports stay out of what a party reads in its lists, as they do on
// the case's page; staff see them there.
func TestAPartysListsKeepTheOfficesReportsSecret(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	c := o.reach(1, "schedule")
	o.do(o.mediator, c.ID, &mediation.RiskFlag{Flag: "R3-CRIME", Facts: "扬言要动手"})
	secret := []statute.DeadlineID{statute.D04Report, statute.D21Major}
	for _, who := range []struct {
		actor mediation.Actor
		sees  bool
	}{{o.applicant, false}, {o.mediator, true}, {o.chair, true}} {
		page, err := o.ledger.Cases(o.ctx, who.actor, ledger.Filter{})
		if err != nil || len(page.Rows) != 1 {
			t.Fatalf("%s lists %d cases, %v", who.actor.Name, len(page.Rows), err)
		}
		if got := slices.Contains(secret, page.Rows[0].NextDue.Kind); got != who.sees {
			t.Errorf("%s is shown %s as the next day", who.actor.Name, page.Rows[0].NextDue.Kind)
		}
		seen := 0
		for _, when := range []ledger.When{ledger.DueToday, ledger.DueWeek, ledger.DueLate} {
			list, err := o.ledger.Deadlines(o.ctx, who.actor, when, "")
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range list.Rows {
				if slices.Contains(secret, r.Due.Kind) {
					seen++
				}
			}
		}
		if (seen > 0) != who.sees {
			t.Errorf("%s is shown %d reports among the deadlines", who.actor.Name, seen)
		}
	}
}
