package mediation_test

import (
	"slices"
	"strings"
	"testing"

	. "doorstep/internal/mediation"

	"github.com/google/go-cmp/cmp"
)

// row is one line of the procedure: an act from the stages it is allowed in,
// what it brings about, and every precondition without which it changes nothing.
type row struct {
	name    string
	from    string            // the stages that allow the act
	start   func(judge) *play // nil: the first of them, by real acts
	as      Role
	act     func(*play) Act
	to      Stage
	clocks  []string // what happens to the deadlines
	events  []string // what the history says
	then    func(*testing.T, *play)
	refuses []refusing
}

// refusing is one precondition taken away, and the answer.
type refusing struct {
	why    string
	spoil  func(*play)     // what is amiss with the case or the moment; nil: nothing
	act    func(*play) Act // nil: the act of the row
	as     Role            // "": the role of the row
	answer string          // the rule's key, or field=key
}

func (r row) begin(t judge) *play {
	t.Helper()
	if r.start != nil {
		return r.start(t)
	}
	return at(t, Stage(strings.Fields(r.from)[0]))
}

func (r row) run(t *testing.T) {
	t.Run(r.name, func(t *testing.T) {
		p := r.begin(t)
		before := copied(p.c)
		act := r.act(p)
		events, err := p.try(r.as, act)
		if err != nil {
			t.Fatalf("%s: %v", act.Action(), err)
		}
		if p.c.Stage != r.to {
			t.Errorf("stage %s, want %s", p.c.Stage, r.to)
		}
		if diff := cmp.Diff(sorted(r.clocks), clocks(before, p.c)); diff != "" {
			t.Errorf("deadlines (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(r.events, lines(events)); diff != "" {
			t.Errorf("history (-want +got):\n%s", diff)
		}
		if r.then != nil {
			r.then(t, p)
		}
		r.elsewhere(t, act.Action())
		for _, no := range r.refuses {
			r.refuse(t, no)
		}
	})
}

func sorted(all []string) []string {
	all = slices.Clone(all)
	slices.Sort(all)
	return all
}

// elsewhere performs the act from every other stage: a Conflict, and nothing
// moves.
func (r row) elsewhere(t *testing.T, action Action) {
	allowed := strings.Fields(r.from)
	for _, stage := range Stages {
		_, err := stage.Next(action)
		if slices.Contains(allowed, string(stage)) {
			if err != nil {
				t.Errorf("%s from %s: %v", action, stage, err)
			}
			continue
		}
		p := at(t, stage)
		before := copied(p.c)
		if _, err := p.try(goods[action].as, goods[action].make(p)); KindOf(err) != Conflict || KeyOf(err) != "error.stage_refuses" {
			t.Errorf("%s from %s: %v, want a Conflict", action, stage, err)
		}
		if diff := changed(before, p.c); diff != "" {
			t.Errorf("%s from %s changed the case:\n%s", action, stage, diff)
		}
	}
}

func (r row) refuse(t *testing.T, no refusing) {
	t.Run(no.why, func(t *testing.T) {
		p := r.begin(t)
		if no.spoil != nil {
			no.spoil(p)
		}
		make, as := r.act, r.as
		if no.act != nil {
			make = no.act
		}
		if no.as != "" {
			as = no.as
		}
		before := copied(p.c)
		_, err := p.try(as, make(p))
		if got := fault(err); KindOf(err) != Invalid || got != no.answer {
			t.Errorf("answer %q (%v), want %q", got, err, no.answer)
		}
		if diff := changed(before, p.c); diff != "" {
			t.Errorf("a refused act changed the case:\n%s", diff)
		}
	})
}

// The sets of stages the procedure speaks of, written out once more so that the
// tests do not read them off the table they test.
const (
	anyOpen       = "submitted supplement registered consent_pending accepted assigned recusal_review scheduled in_mediation adjourned escalated court_track agreement_draft effective followed_up"
	beforeEffect  = "submitted supplement registered consent_pending accepted assigned recusal_review scheduled in_mediation adjourned escalated court_track agreement_draft"
	sinceRegister = "registered consent_pending accepted assigned recusal_review scheduled in_mediation adjourned escalated court_track agreement_draft"
	withMediator  = "assigned scheduled in_mediation adjourned"
)
