package mediation_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"doorstep/internal/authz"
	. "doorstep/internal/mediation"
	"doorstep/policies"
)

// people are the actions that some human role may perform, by the real policy.
func people(t *testing.T) map[Action][]Role {
	policy, err := authz.New(policies.Model, policies.Lines)
	if err != nil {
		t.Fatal(err)
	}
	all := map[Action][]Role{}
	for _, a := range Actions() {
		for _, r := range Roles {
			if r != RoleSystem && policy.Can(Actor{Grants: []Grant{{Role: r}}}, "case", a) {
				all[a] = append(all[a], r)
			}
		}
	}
	return all
}

// waysOn are the offered acts that lead a case out of its stage and that some
// person may perform.
func waysOn(c *Case, may map[Action][]Role) []Action {
	return slices.DeleteFunc(Actions(), func(a Action) bool {
		to, err := c.Stage.Next(a)
		return err != nil || to == "same" || len(may[a]) == 0 || !c.Offers(a)
	})
}

// TestNoDeadEnd: in every stage but the archive, however the case came to stand
// there, some person is offered an act that leads on.
func TestNoDeadEnd(t *testing.T) {
	may := people(t)
	cases := map[string]*play{}
	for _, s := range Stages {
		if s != Archived {
			cases[string(s)] = at(t, s)
		}
	}
	for _, outcome := range []string{"reassign", "court", "terminate"} {
		cases["advised "+outcome] = advised(outcome)(t)
	}
	for _, s := range strings.Fields(sinceRegister) {
		cases[s+" after a no"] = no(Stage(s), Respondent)(t)
	}
	for _, s := range strings.Fields(lapsing39) {
		cases[s+" lapsed"] = over(Stage(s))(t).act(Lapse)
	}
	cases["offered to the court"] = offered("C1")(t)
	cases["sent by a court"] = sentByCourt(t)
	cases["sent by a court for its own hearing"] = sentAndAccepted(t)
	cases["sent by a court for its own hearing"].c.CourtMode = "C3"
	cases["declined by the court"] = offered("C1")(t).act(DeclineReferral)
	cases["session open"] = at(t, Scheduled).act(OpenSession)
	cases["declared conflict"] = at(t, Assigned).act(DeclareConflict)
	cases["breached"] = breached(t)
	cases["difficult draft"] = difficult(t)
	cases["on hold"] = at(t, Assigned).act(RaiseRisk)
	for name, p := range cases {
		if len(waysOn(p.c, may)) == 0 && !leadsOnInStage(p, may) {
			t.Errorf("%s: nobody can go on", name)
		}
	}
}

// leadsOnInStage: some stages end by rows of their own, as an agreement in
// effect does by its promises; then one of these acts must be offered.
func leadsOnInStage(p *play, may map[Action][]Role) bool {
	for _, a := range []Action{ReportPerformed, Urge, MarkDefaulted, WaiveObligation} {
		if len(may[a]) > 0 && p.c.Offers(a) {
			return true
		}
	}
	return false
}

// TestEveryActionHasSomebody: what the procedure knows, a person or a duty may
// do, and each line of it in the stage where it begins.
func TestEveryActionHasSomebody(t *testing.T) {
	may := people(t)
	duties := []Action{LapseSupplement, Lapse, LapseConfirmation, MarkOverdue, TakeEffect, Rereckon, FindConflict, RemindDue, FileConfirmation, RemindConfirmation}
	for _, a := range Actions() {
		if got, duty := len(may[a]) > 0, slices.Contains(duties, a); got == duty {
			t.Errorf("%s: people may %v, a duty %v", a, may[a], duty)
		}
	}
}

// TestOffersAgreeWithActs: in every case these tests can build, a good input of
// an offered act is taken, and one of an act not offered is refused; what
// differs is written out with its reason.
func TestOffersAgreeWithActs(t *testing.T) {
	var got []string
	for _, s := range Stages {
		for _, a := range Actions() {
			good, ok := goods[a]
			if _, err := s.Next(a); err != nil || !ok {
				continue
			}
			p := at(t, s)
			offered := p.c.Offers(a)
			_, err := p.try(good.as, good.make(p))
			if offered != (err == nil) {
				got = append(got, fmt.Sprintf("%s in %s: offered %v, answer %q", a, s, offered, fault(err)))
			}
		}
	}
	slices.Sort(got)
	golden(t, "offers.txt", strings.Join(got, "\n")+"\n")
}
