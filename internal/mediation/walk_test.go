package mediation_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	. "doorstep/internal/mediation"
	"doorstep/internal/statute"

	"pgregory.net/rapid"
)

// walker is a random walk of one case with what must hold all the way.
type walker struct {
	*play
	rt  *rapid.T
	no  map[PartyID]bool // said no and did not take it back
	may map[Action][]Role
}

// TestWalks: whatever people do in whatever order, the procedure's promises
// hold. Each round is a hundred walks; -rapid.checks makes it
// more, -short fewer.
func TestWalks(t *testing.T) {
	been, may := map[Stage]int{}, people(t)
	rounds := rounds
	if testing.Short() {
		rounds = min(rounds, 3)
	}
	defer func() { t.Logf("%v", been) }()
	for round := range rounds {
		t.Run(fmt.Sprint(round), func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) { walk(rt, been, may) })
		})
	}
	for _, s := range Stages {
		if rounds >= 30 && been[s] < 10 {
			t.Errorf("%d steps came to %s: the walks do not go everywhere (%v)", been[s], s, been)
		}
	}
}

// walk takes one case through up to sixty steps and counts where it has been.
func walk(rt *rapid.T, been map[Stage]int, may map[Action][]Role) {
	p := newPlay(rt)
	seed := rapid.Uint64().Draw(rt, "seed") // one draw for all choices: they must be even, and many
	p.pick = rand.New(rand.NewPCG(seed, seed)).IntN
	if p.pick(3) == 0 {
		in := recorded()
		in.Source, in.Channel, in.CourtMode, in.ReferralOK = "court", "court", one(p, statute.C1, statute.C2Ordinary), true
		p.begin(in, RoleCoordinator)
	} else {
		p.begin(intake(), RoleResident)
	}
	w := &walker{play: p, rt: rt, no: map[PartyID]bool{}, may: may}
	for range rapid.IntRange(20, 50).Draw(rt, "steps") {
		if p.c.Stage == Archived && p.pick(3) == 0 {
			break
		}
		if days := p.pick(8); days > 5 {
			p.now = p.now.AddDate(0, 0, one(p, 1, 4, 12, 31))
		}
		w.step()
		w.meddle()
		been[p.c.Stage]++
	}
}

// onward are the acts that lead a case towards an agreement or an answer. They
// are drawn far more often than the rest, or no walk would ever come to a draft.
var onward = []Action{
	GiveSupplement, RegisterCase, AskOtherSide, GiveConsent, Accept, Assign, Schedule, OpenSession, LogSession, Resume, DraftAgreement,
	RequestReview, ReviewAgreement, Sign, Countersign, AffixSeal, ReportRisk, LiftHold, DecideReview, ReturnGuided, Reassign, ReferToCourt,
	TakeReferral, CourtAgreed, ReplaceMediator, RejectRecusal, WaiveRecusal, ReportPerformed, FollowUp, CloseCase,
}

// step performs one of the acts the case offers, with a good input.
func (w *walker) step() {
	var all []Action
	for _, a := range Actions() {
		if _, ok := goods[a]; !ok {
			continue
		}
		_, err := w.c.Stage.Next(a)
		byTime := a == Lapse || a == LapseSupplement || a == LapseConfirmation || a == MarkOverdue || a == FindConflict || a == RemindDue || a == RemindConfirmation // no page offers what comes due
		if err != nil || !byTime && !w.c.Offers(a) {
			continue
		}
		all = append(all, a)
		if slices.Contains(onward, a) {
			all = append(all, slices.Repeat([]Action{a}, 19)...)
		}
	}
	if len(all) > 0 {
		a := one(w.play, all...)
		w.perform(goods[a].as, goods[a].make(w.play))
	}
}

// meddle performs any act at all as anybody, in good or empty form: most are
// refused, and a refused act leaves no trace.
func (w *walker) meddle() {
	all := Actions()
	a := one(w.play, all...)
	act, ok := NewAct(a)
	if !ok {
		return
	}
	as := one(w.play, RoleResident, RoleCoordinator, RoleMediator, RoleChair, RoleLegalOfficer, RoleCourtClerk, RoleSystem)
	switch a {
	case Withdraw, Terminate, Fail, Refuse, ReferOut, Decline:
	default:
		if good, ok := goods[a]; ok && w.pick(2) == 0 {
			act = good.make(w.play)
		}
	}
	w.perform(as, act)
}

func (w *walker) perform(as Role, act Act) {
	before := copied(w.c)
	events, err := w.try(as, act)
	if err != nil {
		if diff := changed(before, w.c); diff != "" {
			w.rt.Fatalf("%s failed (%v) and changed the case:\n%s", act.Action(), err, diff)
		}
		if KindOf(err) == Internal {
			w.rt.Fatalf("%s in %s: %v", act.Action(), before.Stage, err)
		}
		return
	}
	if before.Stage == Archived && act.Action() != Reopen && act.Action() != LapseConfirmation && // a ruling's own clocks run on
		act.Action() != AskData && act.Action() != AnswerData && // as does what a party asks of its own data
		act.Action() != AddAddendum { // stands beside the archive
		w.rt.Fatalf("%s changed an archived case", act.Action())
	}
	w.count(events)
	w.holds(before, events)
}

// count keeps who said no, by the history alone.
func (w *walker) count(events []Event) {
	for _, e := range events {
		switch e.Action {
		case Decline:
			w.no[PartyID(e.Subject)] = true
		case GiveConsent:
			delete(w.no, PartyID(e.Subject))
		}
	}
}

func (w *walker) holds(before *Case, events []Event) {
	c := w.c
	fail := func(format string, args ...any) {
		w.rt.Helper()
		w.rt.Fatalf("after %v in stage %s: %s", lines(events), c.Stage, fmt.Sprintf(format, args...))
	}
	leads := 0
	for _, a := range c.Assignments {
		if a.Lead && a.EndedAt.IsZero() {
			leads++
		}
	}
	if led := slices.Contains([]Stage{Assigned, Scheduled, InMediation, Adjourned, AgreementDraft}, c.Stage); led && leads != 1 || leads > 1 {
		fail("%d leads", leads)
	}
	if c.IntakeNumber == "" || !c.AcceptedAt.IsZero() != (c.Number != "") {
		fail("numbers %q and %q", c.IntakeNumber, c.Number)
	}
	for _, s := range c.Sessions {
		for _, here := range s.Attendance {
			if v := c.Party(here.Party); here.Present && (v.RightsAt.IsZero() || v.RightsAt.After(s.OpenedAt) && v.RightsHow == "") {
				fail("a session opened without the rights of %s told", here.Party)
			}
		}
	}
	if slices.Contains([]Stage{NotAccepted, ReferredOut, Terminated, Withdrawn}, c.Stage) {
		if len(c.Remedies) == 0 {
			fail("an ended case names no other way")
		}
		if c.Agreement() != nil || c.NextSession() != nil {
			fail("an ended case goes on")
		}
	}
	if before.Stage != Effective && c.Stage == Effective {
		w.takesEffect(fail)
	}
	w.clocksHold(fail)
	if c.Stage != Archived && len(waysOn(c, w.may)) == 0 && !leadsOnInStage(w.play, w.may) {
		fail("nobody can go on")
	}
}

// takesEffect is what must be true the moment an agreement takes effect.
func (w *walker) takesEffect(fail func(string, ...any)) {
	c := w.c
	if len(w.no) > 0 {
		fail("it took effect over the no of %v", w.no)
	}
	if c.EffectiveOn.IsZero() || c.EffectiveOn.After(w.today()) {
		fail("in effect on %v", c.EffectiveOn)
	}
	a := c.Agreement()
	if a == nil || a.Form == "oral" || c.EffectBy == "INV16 24" && c.Track == TrackCircuitCourt && c.Lead() == nil {
		return // by word of mouth, or before the court's own mediator
	}
	if c.Lead() == nil {
		fail("without a lead")
	}
	marks := map[string]int{}
	for _, s := range c.Signed() {
		marks[s.As]++
	}
	if marks["party"] != len(c.Active()) {
		fail("%d of %d parties signed", marks["party"], len(c.Active()))
	}
	if c.CourtMode != statute.C1 && (marks["mediator"] != 1 || marks["seal"] != 1) {
		fail("a written agreement on the committee's track without mediator or seal: %v", marks)
	}
}

// clocksHold: an ended case keeps only what outlives it, and no clock of a kind
// runs twice but those of single promises and reports.
func (w *walker) clocksHold(fail func(string, ...any)) {
	running := map[statute.DeadlineID]int{}
	for _, d := range w.c.Deadlines {
		if d.Open() {
			running[d.Kind]++
		}
	}
	for kind, n := range running {
		many := kind == statute.D13Performance || kind == statute.D16Urge || kind == statute.D04Report || kind == statute.D30DataAnswer
		if n > 1 && !many {
			fail("%s runs %d times", kind, n)
		}
		keeps := slices.Contains([]statute.DeadlineID{statute.D04Report, statute.D15cObjection, statute.D15dEnforcement, statute.D17Volume, statute.D30DataAnswer, statute.D18Oral, statute.D18Short, statute.D18Long}, kind) ||
			(kind == statute.D12Confirmation || kind == statute.D21Major) && w.c.Stage != Archived
		if w.c.Stage.Final() && !keeps {
			fail("%s goes on after the end", kind)
		}
	}
}

// TestEmptyActsNeverPanic: an empty form of every act in every stage is an
// answer and not a crash.
func TestEmptyActsNeverPanic(t *testing.T) {
	for _, stage := range Stages {
		for _, a := range Actions() {
			act, ok := NewAct(a)
			if !ok {
				continue
			}
			for _, as := range []Role{RoleResident, RoleCodeHolder, RoleMediator, RoleSystem} {
				p := at(t, stage)
				before := copied(p.c)
				if _, err := p.try(as, act); err != nil {
					if diff := changed(before, p.c); diff != "" || KindOf(err) == Internal {
						t.Errorf("%s in %s by %s: %v\n%s", a, stage, as, err, diff)
					}
				}
			}
		}
	}
}
