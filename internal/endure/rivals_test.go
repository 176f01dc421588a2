package endure

import (
	"crypto/rand"
	"fmt"
	mathrand "math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// move is one act by somebody, as it leaves his browser.
type move struct {
	who    *person
	action string // as the history calls it
	noun   string // of its address
	form   url.Values
	photo  []byte
}

// ready opens the page of the act and fills it in.
func ready(t *testing.T, who *person, id, action, noun string, typed url.Values) move {
	t.Helper()
	path := "/cases/" + id + "/" + noun
	page := who.get(t, path)
	wantStatus(t, page, http.StatusOK)
	m := move{who: who, action: action, noun: noun, form: page.form(t, path)}
	for name, values := range typed {
		m.form[name] = values
	}
	return m
}

// made sends it. An answer may be late, never missing.
func (m move) made(t *testing.T, id string) (*answer, error) {
	path := "/cases/" + id + "/" + m.noun
	if m.photo == nil {
		return m.who.insist(t.Context(), http.MethodPost, path, m.form)
	}
	body, kind := withPhotos(m.form, m.photo)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, m.who.s.url+path, body)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", kind)
	return m.who.ask(r)
}

// act does one act that must succeed.
func act(t *testing.T, who *person, id, noun string, typed url.Values) {
	t.Helper()
	a, err := ready(t, who, id, "", noun, typed).made(t, id)
	if err != nil {
		t.Fatal(err)
	}
	if a.status != http.StatusSeeOther {
		t.Fatalf("%s: %d %s", noun, a.status, said(t, a))
	}
}

// said is what the page of an answer says, in one line.
func said(t *testing.T, a *answer) string {
	t.Helper()
	if a == nil {
		return "nothing"
	}
	return strings.Join(strings.Fields(a.page(t).Find("main").Text()), " ")
}

// yard is a committee at work: its clerk, its chair, and cases brought up for them.
type yard struct {
	s, b             *server
	r                register
	clerk, chair     *person
	area             string
	leadName, leadID string // a mediator whom nothing ties to the parties
}

func openYard(t *testing.T) *yard {
	t.Helper()
	y := &yard{s: house(t)}
	y.b, y.r = twin(t, y.s), open(t, y.s)
	y.clerk, y.chair = as(t, y.s, "lina"), as(t, y.b, "wangxiulan")
	y.area = y.r.one(t, `SELECT k.area_id FROM committees k JOIN grants g ON g.committee_id = k.id JOIN users u ON u.id = g.user_id
		WHERE u.username = 'wangxiulan' AND g.role = 'chair' LIMIT 1`)
	return y
}

// accepted brings a new quarrel as far as the assignment of its mediator. Its people
// are new to the register: who once declared to be tied to one is not given him again.
func (y *yard) accepted(t *testing.T) (id string) {
	t.Helper()
	mark := rand.Text()
	applicant, respondent, phone := "陈"+mark[:6], "高"+mark[:6], fmt.Sprintf("139%08d", mathrand.IntN(1e8))
	f := quarrel(mark)
	for name, value := range map[string]string{"area": y.area, "name": applicant, "respondent": respondent, "phone": phone} {
		f.form.Set(name, value)
	}
	if err := f.send(t.Context(), someone(y.s)); err != nil {
		t.Fatal(err)
	}
	id = y.r.one(t, `SELECT id FROM cases WHERE intake_number = $1`, f.number)
	act(t, y.clerk, id, "registration", url.Values{"title": {"楼上半夜拖桌椅"}, "type": {"02"}, "applicant": {applicant}, "respondent": {respondent},
		"capacity": {"adult"}, "phone": {phone}, "request": {"夜里不再拖桌椅。"}, "risk_screen": {"yes"}})
	other := y.r.one(t, `SELECT id FROM case_parties WHERE case_id = $1 AND side = 'respondent'`, id)
	means := options(t, y.clerk.get(t, "/cases/"+id+"/question"), "means")
	act(t, y.clerk, id, "question", url.Values{"party": {other}, "means": means[:1], "reached": {"yes"}})
	act(t, y.clerk, id, "consent", url.Values{"party": {other}, "how": means[:1]})
	act(t, y.chair, id, "acceptance", nil)
	return id
}

// assignment is the chair's choice of a mediator for an accepted case.
func (y *yard) assignment(t *testing.T, id string) move {
	t.Helper()
	if y.leadID == "" {
		leads := options(t, y.chair.get(t, "/cases/"+id+"/assignment"), "lead")
		y.leadID = leads[0]
		y.leadName = y.r.one(t, `SELECT username FROM users WHERE id = $1`, y.leadID)
	}
	return ready(t, y.chair, id, "assign", "assignment", url.Values{"track": {"party_member"}, "lead": {y.leadID},
		"lead_relation": {"none"}, "chosen_by": {"committee"}})
}

var closing = url.Values{"missing": {"身份证明在家中，撤回时没有带来。"}, "summary": {"申请人撤回。"}}

// clear ends what is left open, so that the mediators' hands do not fill up.
func (y *yard) clear(t *testing.T, id string) {
	t.Helper()
	stage := y.r.one(t, `SELECT stage FROM cases WHERE id = $1`, id)
	if stage == "closed" || stage == "agreement_draft" {
		return
	}
	if stage != "withdrawn" {
		page := y.clerk.get(t, "/cases/"+id+"/withdrawal")
		act(t, y.clerk, id, "withdrawal", url.Values{"how": options(t, page, "how")[:1]})
	}
	act(t, y.chair, id, "closure", closing)
}

func (y *yard) withdrawal(t *testing.T, id string) move {
	t.Helper()
	page := y.clerk.get(t, "/cases/"+id+"/withdrawal")
	return ready(t, y.clerk, id, "withdraw", "withdrawal", url.Values{"how": options(t, page, "how")[:1], "reason": {"自己说开了。"}})
}

// rivals are two acts that must not both be done on what their doers saw.
var rivals = []struct {
	name   string
	set    func(t *testing.T, y *yard) (id string, moves [2]move)
	both   bool   // in one order both may be done
	refuse []int  // answers to the one who came too late
	never  string // what must not be found of the case afterwards
}{
	{"an assignment and a withdrawal", func(t *testing.T, y *yard) (string, [2]move) {
		id := y.accepted(t)
		return id, [2]move{y.assignment(t, id), y.withdrawal(t, id)}
	}, false, []int{http.StatusConflict}, `SELECT count(*) FROM assignments a JOIN cases c ON c.id = a.case_id
		WHERE c.id = $1 AND c.stage = 'withdrawn' AND a.ended_at IS NULL`},

	// Who declares a conflict loses the case at once, so a page drawn before may be
	// answered as if it were not there.
	{"a hand-over to a mediator and the conflict he declares", func(t *testing.T, y *yard) (string, [2]move) {
		id := y.accepted(t)
		if a, err := y.assignment(t, id).made(t, id); err != nil || a.status != http.StatusSeeOther {
			t.Fatalf("assign: %v %s", err, said(t, a))
		}
		lead := as(t, y.s, y.leadName)
		page := y.chair.get(t, "/cases/"+id+"/handover")
		others := options(t, page, "successor")
		to := others[slices.IndexFunc(others, func(o string) bool { return o != y.leadID })]
		return id, [2]move{
			ready(t, y.chair, id, "hand_over", "handover", url.Values{"mediator": {y.leadID}, "successor": {to}, "relation": {"none"}, "reason": {"load"}}),
			ready(t, lead, id, "declare_conflict", "conflict", url.Values{"relation": {options(t, lead.get(t, "/cases/"+id+"/conflict"), "relation")[1]},
				"reason": {"被申请人是我的表弟。"}}),
		}
	}, false, []int{http.StatusConflict, http.StatusForbidden, http.StatusNotFound},
		`SELECT count(*) FROM assignments a JOIN events e ON e.case_id = a.case_id AND e.action = 'declare_conflict' AND e.by_user = a.mediator_id
			WHERE a.case_id = $1 AND a.ended_at IS NULL AND (SELECT stage FROM cases WHERE id = $1) <> 'recusal_review'`},

	// A file laid a moment before the end belongs to the case; after it there is none.
	{"a closure and a new file", func(t *testing.T, y *yard) (string, [2]move) {
		id := y.accepted(t)
		if a, err := y.withdrawal(t, id).made(t, id); err != nil || a.status != http.StatusSeeOther {
			t.Fatalf("withdraw: %v %s", err, said(t, a))
		}
		file := ready(t, y.clerk, id, "attach_file", "files", nil)
		file.photo = square(64 + len(rand.Text()))
		return id, [2]move{ready(t, y.chair, id, "close", "closure", closing), file}
	}, true, []int{http.StatusConflict, http.StatusForbidden},
		`SELECT count(*) FROM events f JOIN events c ON c.case_id = f.case_id AND c.action = 'close'
			WHERE f.case_id = $1 AND f.action = 'attach_file' AND f.seq > c.seq`},

	// Nobody signs a text he has not seen.
	{"a signature and a revision", func(t *testing.T, y *yard) (string, [2]move) {
		id := y.r.one(t, `SELECT id FROM cases WHERE stage = 'agreement_draft' AND committee_id IN (SELECT g.committee_id FROM grants g
			JOIN users u ON u.id = g.user_id WHERE u.username = 'wangxiulan' AND g.role = 'chair') LIMIT 1`)
		name := y.r.one(t, `SELECT u.username FROM assignments a JOIN users u ON u.id = a.mediator_id
			WHERE a.case_id = $1 AND a.lead AND a.ended_at IS NULL`, id)
		desk, phone := as(t, y.s, name), as(t, y.b, name)
		revision := func() move {
			m := ready(t, desk, id, "revise_agreement", "agreement/revision",
				url.Values{"law_checked": {"yes"}, "third_checked": {"yes"}, "free_will": {"yes"}})
			was, _, _ := strings.Cut(m.form.Get("settled"), "\n另外约定：")
			m.form.Set("settled", was+"\n另外约定："+rand.Text()+"。")
			return m
		}
		if a, err := revision().made(t, id); err != nil || a.status != http.StatusSeeOther { // takes back who has signed
			t.Fatalf("revise: %v %s", err, said(t, a))
		}
		parties := options(t, phone.get(t, "/cases/"+id+"/agreement/signature"), "party")
		return id, [2]move{ready(t, phone, id, "sign", "agreement/signature", url.Values{"party": parties[:1], "how": {"paper"}, "agreed": {"yes"}}),
			revision()}
	}, false, []int{http.StatusConflict}, `SELECT count(*) FROM events s JOIN events r ON r.case_id = s.case_id AND r.action = 'revise_agreement' AND r.seq = s.seq - 1
		WHERE s.case_id = $1 AND s.action = 'sign' AND s.seq > $2 AND r.seq > $2`},
}

// P5: of two acts that exclude each other one is done, whoever is quicker; the
// history holds what was acknowledged and nothing else, in a row the lifecycle can
// have gone.
func TestOfRivalActsOneIsDone(t *testing.T) {
	y := openYard(t)
	for _, pair := range rivals {
		t.Run(pair.name, func(t *testing.T) {
			won := [2]int{}
			for range size(4, 250) {
				id, moves := pair.set(t, y)
				before := y.r.one(t, `SELECT max(seq) FROM events WHERE case_id = $1`, id)
				answers := meet(t, id, moves)
				done := 0
				for i, a := range answers {
					var want string
					switch {
					case a.status == http.StatusSeeOther:
						want = "1"
						won[i]++
						done++
					case !slices.Contains(pair.refuse, a.status):
						t.Errorf("%s was answered %d: %s", moves[i].action, a.status, said(t, a))
						continue
					default:
						want = "0"
					}
					if got := y.r.one(t, `SELECT count(*) FROM events WHERE case_id = $1 AND seq > $2 AND action = $3`, id, before, moves[i].action); got != want {
						t.Errorf("%s was answered %d and stands in the history %s times", moves[i].action, a.status, got)
					}
				}
				if done != 1 && (done != 2 || !pair.both) {
					t.Errorf("%d of the two were done", done)
				}
				args := []any{id}
				if strings.Contains(pair.never, "$2") {
					args = append(args, before)
				}
				if n := y.r.one(t, pair.never, args...); n != "0" {
					t.Errorf("%s found that must never be", n)
				}
				if n := y.r.one(t, `SELECT count(*) FROM events a JOIN events b ON b.case_id = a.case_id AND b.seq = a.seq + 1
					WHERE a.case_id = $1 AND a.to_stage <> b.from_stage`, id); n != "0" {
					t.Errorf("the history leaps %s times", n)
				}
				y.clear(t, id)
			}
			t.Logf("won: %d and %d", won[0], won[1])
		})
	}
	y.r.sound(t)
	y.s.verify(t)
}

// meet sends both at the same moment, or nearly: of two acts one always takes longer
// on its way to the register, and both orders are wanted.
func meet(t *testing.T, id string, moves [2]move) (answers [2]*answer) {
	t.Helper()
	var wait sync.WaitGroup
	gun := make(chan struct{})
	for i, m := range moves {
		wait.Go(func() {
			<-gun
			time.Sleep(time.Duration(mathrand.IntN(80)) * time.Millisecond)
			a, err := m.made(t, id)
			if err != nil {
				t.Error(fmt.Errorf("%s: %w", m.action, err))
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
