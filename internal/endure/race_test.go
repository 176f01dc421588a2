package endure

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"doorstep/internal/pgserver"
)

// hands are the tabs and windows of people who change the same thing, some at
// another program on the same database.
func hands(t *testing.T, s, b *server, usernames ...string) []*person {
	t.Helper()
	var list []*person
	for i, name := range usernames {
		list = append(list, as(t, []*server{s, b}[i%2], name))
	}
	return list
}

// twin is a second program on the database of the first.
func twin(t *testing.T, s *server) *server {
	t.Helper()
	_, app, err := pgserver.Attach(s.data)
	if err != nil {
		t.Fatal(err)
	}
	return beside(t, s, app)
}

// allAtOnce lets everybody send his form at the same moment.
func allAtOnce(t *testing.T, path string, hands []*person, forms []url.Values) []*answer {
	t.Helper()
	answers := make([]*answer, len(hands))
	var wait sync.WaitGroup
	gun := make(chan struct{})
	for i, p := range hands {
		wait.Go(func() {
			<-gun
			a, err := p.insist(t.Context(), http.MethodPost, path, forms[i])
			if err != nil {
				t.Error(err)
			}
			answers[i] = a
		})
	}
	close(gun)
	wait.Wait()
	if t.Failed() {
		t.FailNow()
	}
	return answers
}

// winner finds the one whose change was taken, and holds that all others were told
// of it.
func winner(t *testing.T, answers []*answer) int {
	t.Helper()
	won, wins := -1, 0
	for i, a := range answers {
		switch {
		case a.status == http.StatusSeeOther:
			won = i
			wins++
		case a.status != http.StatusConflict:
			t.Errorf("a loser was answered %d: %.600s", a.status, a.body)
		}
	}
	if wins != 1 {
		t.Fatalf("%d of %d won", wins, len(answers))
	}
	return won
}

// P4: of eight tabs that revise the same agreement one wins; the others see what
// stands there now, and still have their own words.
func TestOfManyWhoReviseAnAgreementOneWins(t *testing.T) {
	s := house(t)
	b, r := twin(t, s), open(t, s)
	var id, name string
	err := r.db.QueryRowContext(t.Context(), `SELECT c.id, u.username FROM cases c
		JOIN assignments a ON a.case_id = c.id AND a.ended_at IS NULL AND a.lead
		JOIN users u ON u.id = a.mediator_id WHERE c.stage = 'agreement_draft' LIMIT 1`).Scan(&id, &name)
	if err != nil {
		t.Fatal(err)
	}
	page := "/cases/" + id + "/agreement/revision"
	tabs := hands(t, s, b, name, name, name, name)
	clause := func(round, i int) string {
		return fmt.Sprintf("第%d稿：第%d个窗口写的一条，双方同意。", round, i)
	}
	for round := range size(3, 1000) {
		drawn := tabs[0].get(t, page)
		wantStatus(t, drawn, http.StatusOK)
		form := drawn.form(t, page)
		for _, tick := range []string{"law_checked", "third_checked", "free_will"} {
			form.Set(tick, drawn.page(t).Find(fmt.Sprintf("input[name=%q]", tick)).AttrOr("value", ""))
		}
		was := form.Get("settled")
		forms := make([]url.Values, len(tabs))
		for i := range tabs {
			forms[i] = copied(form)
			forms[i].Set("settled", was+"\n"+clause(round, i))
		}
		answers := allAtOnce(t, page, tabs, forms)
		won := winner(t, answers)
		for i, a := range answers {
			if i == won {
				continue
			}
			if !strings.Contains(a.body, clause(round, won)) {
				t.Errorf("round %d: the loser does not see what the winner wrote", round)
			}
			if got := a.form(t, page).Get("settled"); !strings.HasSuffix(got, clause(round, i)) || strings.Contains(got, clause(round, won)) {
				t.Errorf("round %d: the loser's own words came back as %q", round, got)
			}
		}
		if now := tabs[0].get(t, page).body; !strings.Contains(now, clause(round, won)) {
			t.Errorf("round %d: what won does not stand there", round)
		}
	}
	r.sound(t)
}

func copied(form url.Values) url.Values {
	out := url.Values{}
	for name, values := range form {
		out[name] = append([]string(nil), values...)
	}
	return out
}

// P5: of two who assign the same case at once one wins, and there is one leading
// mediator.
func TestOfTwoWhoAssignACaseOneWins(t *testing.T) {
	s := house(t)
	b, r := twin(t, s), open(t, s)
	// The demonstration's clock has gone past the term of some: that is not what is tried here.
	if _, err := r.db.ExecContext(t.Context(), `UPDATE cases SET lapsed = false WHERE stage = 'accepted'`); err != nil {
		t.Fatal(err)
	}
	rows, err := r.db.QueryContext(t.Context(), `SELECT c.id FROM cases c WHERE c.stage = 'accepted' AND NOT c.lapsed AND EXISTS (SELECT FROM grants g
		JOIN users u ON u.id = g.user_id WHERE u.username = 'wangxiulan' AND g.role = 'chair' AND g.committee_id = c.committee_id) LIMIT 4`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	chairs := hands(t, s, b, "wangxiulan", "wangxiulan")
	rounds := 0
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			t.Fatal(err)
		}
		rounds++
		page := "/cases/" + id + "/assignment"
		drawn := chairs[0].get(t, page)
		wantStatus(t, drawn, http.StatusOK)
		mediators := options(t, drawn, "lead")
		if len(mediators) < 2 {
			t.Fatalf("there is nobody to choose from: %v", mediators)
		}
		forms := make([]url.Values, 2)
		for i := range forms {
			forms[i] = drawn.form(t, page)
			forms[i].Set("track", "party_member")
			forms[i].Set("lead", mediators[i])
			forms[i].Set("lead_relation", "none")
			forms[i].Set("chosen_by", "committee")
		}
		answers := allAtOnce(t, page, chairs, forms)
		won := winner(t, answers)
		got := r.one(t, `SELECT string_agg(mediator_id::text, ' ') FROM assignments WHERE case_id = $1 AND lead AND ended_at IS NULL`, id)
		if got != mediators[won] {
			t.Errorf("the case is led by %s, and %s won", got, mediators[won])
		}
	}
	if err := rows.Err(); err != nil || rounds == 0 {
		t.Fatalf("%d cases to be assigned: %v", rounds, err)
	}
	r.sound(t)
	s.verify(t)
}

// options are the values a choice offers.
func options(t *testing.T, a *answer, name string) []string {
	t.Helper()
	var list []string
	for _, n := range a.page(t).Find(fmt.Sprintf("select[name=%q] option", name)).EachIter() {
		if v := n.AttrOr("value", ""); v != "" {
			list = append(list, v)
		}
	}
	return list
}
