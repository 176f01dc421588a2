package ledger_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"doorstep/internal/ledger"
	"doorstep/internal/mediation"
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

func TestNobodyReadsNothing(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	book := reflect.ValueOf(o.ledger)
	for i := range book.NumMethod() {
		read, name := book.Method(i), book.Type().Method(i).Name
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
