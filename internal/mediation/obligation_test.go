package mediation_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	. "doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// paying is a case in effect whose money, 4,200 yuan, stands in one state.
func paying(t judge, state string) (*play, *Obligation) {
	p := at(t, Effective)
	money := func() *Obligation {
		i := slices.IndexFunc(p.c.Obligations, func(o Obligation) bool { return o.Kind == "pay" && o.State != ObligationVoid })
		return &p.c.Obligations[i]
	}
	part := func() {
		p.do(RoleMediator, PartPerformed{Obligation: money().ID, On: p.today(), Amount: "1000", Proof: "收条"})
	}
	late := func() { p.on("2026-06-02").do(RoleSystem, Overdue{Obligation: money().ID}) }
	switch state {
	case ObligationPartly:
		part()
	case ObligationPerformed:
		p.do(RoleMediator, Performed{Obligation: money().ID, On: p.today(), Proof: "收条"})
	case ObligationOverdue:
		late()
	case ObligationDisputed:
		p.do(RoleMediator, Disputing{Party: money().By, Obligation: money().ID, Reason: "不欠"})
	case ObligationDefaulted:
		late()
		p.do(RoleMediator, Urging{Obligation: money().ID, Means: "phone"})
		p.do(RoleMediator, Defaulting{Obligation: money().ID, Told: true})
	case ObligationWaived:
		p.do(RoleMediator, Waiving{Obligation: money().ID, Confirmed: true})
	}
	if money().State != state {
		t.Fatalf("the money stands at %s, want %s", money().State, state)
	}
	return p, money()
}

var obligationStates = []string{ObligationPending, ObligationPartly, ObligationPerformed, ObligationOverdue, ObligationDisputed, ObligationDefaulted, ObligationWaived}

// TestEveryObligationMoveIsInTheTable is the whole grid: every act on a promise
// from every state, by the act itself and not by the table. What it leads to is
// written out.
func TestEveryObligationMoveIsInTheTable(t *testing.T) {
	acts := map[Action]func(o *Obligation, p *play) Act{
		ReportPerformed: func(o *Obligation, p *play) Act { return Performed{Obligation: o.ID, On: p.today(), Proof: "收条"} },
		ReportPart: func(o *Obligation, p *play) Act {
			return PartPerformed{Obligation: o.ID, On: p.today(), Amount: "100", Proof: "收条"}
		},
		MarkOverdue:       func(o *Obligation, _ *play) Act { return Overdue{Obligation: o.ID} },
		Urge:              func(o *Obligation, _ *play) Act { return Urging{Obligation: o.ID, Means: "phone"} },
		MarkDefaulted:     func(o *Obligation, _ *play) Act { return Defaulting{Obligation: o.ID, Told: true} },
		WaiveObligation:   func(o *Obligation, _ *play) Act { return Waiving{Obligation: o.ID, Confirmed: true} },
		DisputeObligation: func(o *Obligation, _ *play) Act { return Disputing{Party: o.To, Obligation: o.ID, Reason: "没收到"} },
		SettleDispute: func(o *Obligation, _ *play) Act {
			return DisputeSettled{Obligation: o.ID, Outcome: "owed", Note: "核对过"}
		},
		Reschedule: func(o *Obligation, p *play) Act {
			return Rescheduling{Obligation: o.ID, Due: p.today().Add(30), Reason: "商定", AgreedBy: []PartyID{o.By, o.To}}
		},
	}
	want := map[string]string{
		ObligationPending:   "dispute_obligation>disputed report_part>partly report_performed>performed reschedule>pending waive_obligation>waived",
		ObligationPartly:    "dispute_obligation>disputed report_part>partly report_performed>performed reschedule>partly waive_obligation>waived",
		ObligationPerformed: "dispute_obligation>disputed",
		ObligationOverdue:   "dispute_obligation>disputed report_part>overdue report_performed>performed reschedule>pending urge>overdue waive_obligation>waived",
		ObligationDisputed:  "reschedule>pending settle_dispute>pending waive_obligation>waived",
		ObligationDefaulted: "report_part>defaulted report_performed>performed reschedule>pending waive_obligation>waived",
		ObligationWaived:    "",
	}
	for _, from := range obligationStates {
		var got []string
		for a, make := range acts {
			p, o := paying(t, from)
			act := make(o, p)
			id := o.ID
			if _, err := p.try(RoleMediator, act); err != nil {
				if key := fault(err); key != "rule.obligation_state" && key != "rule.not_due_yet" && key != "rule.urge_first" {
					t.Errorf("%s from %s: %s", a, from, key)
				}
				continue
			}
			for _, v := range p.c.Obligations {
				if v.ID == id {
					got = append(got, string(a)+">"+v.State)
				}
			}
		}
		slices.Sort(got)
		if strings.Join(got, " ") != want[from] {
			t.Errorf("from %s:\n got %s\nwant %s", from, strings.Join(got, " "), want[from])
		}
	}
}

// TestPartsAddUp: parts make the whole, the last of them performs the promise,
// more than the rest is refused, and a part does not move the day.
// proves: act.report_part
func TestPartsAddUp(t *testing.T) {
	p, o := paying(t, ObligationPending)
	id, due := o.ID, o.Due
	pay := func(amount string) string {
		_, err := p.try(RoleMediator, PartPerformed{Obligation: id, On: p.today(), Amount: amount, Proof: "收条 " + amount})
		return fault(err)
	}
	for _, bad := range []string{"", "0", "-5", "4200.01", "十块"} {
		if got := pay(bad); !strings.HasPrefix(got, "amount=") {
			t.Errorf("%q: %q", bad, got)
		}
	}
	if got := pay("4000"); got != "" || p.c.Performance() != "running" {
		t.Fatalf("%q, %s", got, p.c.Performance())
	}
	o = stood(p, id)
	if o.State != ObligationPartly || o.Rest() != 20000 || o.Due != due || o.Proof != "2026-05-11 收条 4000" {
		t.Errorf("%+v", o)
	}
	if got := pay("300"); got != "amount=rule.more_than_owed" {
		t.Errorf("more than the rest: %q", got)
	}
	p.on("2026-06-01").do(RoleSystem, Overdue{Obligation: id})
	if o = stood(p, id); o.State != ObligationOverdue || o.PaidFen != 400000 {
		t.Errorf("late with a rest: %+v", o)
	}
	if got := pay("200"); got != "" {
		t.Fatal(got)
	}
	if o = stood(p, id); o.State != ObligationPerformed || o.Rest() != 0 || o.PerformedOn != day("2026-06-01") || !strings.HasSuffix(o.Proof, "\n收条 200") {
		t.Errorf("the last part: %+v", o)
	}
	if d := clockOf(p, statute.D13Performance, id); d.Open() || d.Outcome != "late" {
		t.Errorf("its clock: %+v", d)
	}
}

func stood(p *play, id ItemID) *Obligation {
	for i := range p.c.Obligations {
		if p.c.Obligations[i].ID == id {
			return &p.c.Obligations[i]
		}
	}
	return nil
}

func clockOf(p *play, kind statute.DeadlineID, id ItemID) Deadline {
	last := Deadline{}
	for _, d := range p.c.Deadlines {
		if d.Kind == kind && d.Subject == id {
			last = d
		}
	}
	return last
}

// TestADisputeStopsTheDefaultAndLeadsBackToItsDay.
// proves: act.dispute_obligation act.settle_dispute
func TestADisputeStopsTheDefaultAndLeadsBackToItsDay(t *testing.T) {
	for _, tt := range []struct{ from, on, outcome, want string }{
		{ObligationPending, "2026-05-20", "owed", ObligationPending},
		{ObligationPartly, "2026-05-20", "owed", ObligationPartly},
		{ObligationPending, "2026-06-05", "owed", ObligationOverdue},
		{ObligationPerformed, "2026-06-05", "owed", ObligationOverdue},
		{ObligationOverdue, "2026-06-05", "performed", ObligationPerformed},
		{ObligationPerformed, "2026-05-20", "performed", ObligationPerformed},
	} {
		p, o := paying(t, tt.from)
		id := o.ID
		p.do(RoleResident, Disputing{Obligation: id, Reason: "收到的是假钞"})
		if p.c.Performance() != "disputed" || stood(p, id).DisputedBy != p.side(Applicant) {
			t.Errorf("%s disputed: %s, %+v", tt.from, p.c.Performance(), stood(p, id))
		}
		p.on(tt.on)
		if _, err := p.try(RoleSystem, Overdue{Obligation: id}); err == nil {
			t.Errorf("%s: in default while it is disputed", tt.from)
		}
		if _, err := p.try(RoleMediator, finalVisit(p)); fault(err) != "rule.still_to_perform" {
			t.Errorf("%s: followed up while it is disputed: %q", tt.from, fault(err))
		}
		p.do(RoleMediator, DisputeSettled{Obligation: id, Outcome: tt.outcome, On: p.today(), Note: "双方核对过"})
		o = stood(p, id)
		if o.State != tt.want || o.Dispute == "" {
			t.Errorf("%s, %s on %s: %+v", tt.from, tt.outcome, tt.on, o)
		}
		if d := clockOf(p, statute.D13Performance, id); d.Open() != (tt.outcome == "owed") {
			t.Errorf("%s, %s: the clock of the day %+v", tt.from, tt.outcome, d)
		}
		if d := clockOf(p, statute.D16Urge, id); (d.ID != "" && d.Open()) != (tt.want == ObligationOverdue) {
			t.Errorf("%s, %s: the clock to urge %+v", tt.from, tt.outcome, d)
		}
	}
	p, third := at(t, Effective), PartyID("p-third")
	p.c.Parties = append(p.c.Parties, Party{ID: third, Side: Third, Name: "看热闹的"})
	if _, err := p.try(RoleMediator, Disputing{Party: third, Obligation: obligation(p, ObligationPending), Reason: "与我有关"}); fault(err) != "rule.not_bound" {
		t.Errorf("by one it does not bind: %q", fault(err))
	}
}

// TestAnotherDayNeedsBoth: the new day starts the clocks anew, keeps the first
// and moves the visit; one alone cannot agree.
// proves: act.reschedule
func TestAnotherDayNeedsBoth(t *testing.T) {
	p, o := paying(t, ObligationDefaulted)
	id, first := o.ID, o.Due
	good := Rescheduling{Obligation: id, Due: day("2026-07-31"), Reason: "手头紧", AgreedBy: []PartyID{o.By, o.To}}
	for want, change := range map[string]func(*Rescheduling){
		"agreed_by=rule.both_bound": func(a *Rescheduling) { a.AgreedBy = a.AgreedBy[:1] },
		"due=rule.in_the_past":      func(a *Rescheduling) { a.Due = p.today() },
		"due=error.required":        func(a *Rescheduling) { a.Due = statute.Date{} },
		"reason=error.required":     func(a *Rescheduling) { a.Reason = "" },
	} {
		a := good
		change(&a)
		if _, err := p.try(RoleMediator, a); fault(err) != want {
			t.Errorf("%q, want %q", fault(err), want)
		}
	}
	p.do(RoleMediator, good)
	o = stood(p, id)
	if o.State != ObligationPending || o.Due != day("2026-07-31") || o.FirstDue != first || o.Urged != 0 {
		t.Errorf("%+v", o)
	}
	if d := clockOf(p, statute.D13Performance, id); !d.Open() || statute.DateOf(d.Due) != day("2026-07-31") {
		t.Errorf("its clock: %+v", d)
	}
	if d := clockOf(p, statute.D14FollowUp, ""); statute.DateOf(d.Due) != day("2026-08-07") {
		t.Errorf("the visit: %s", statute.DateOf(d.Due))
	}
	p.do(RoleMediator, Rescheduling{Obligation: id, Due: day("2026-08-31"), Reason: "再宽一月", AgreedBy: good.AgreedBy})
	if o = stood(p, id); o.FirstDue != first {
		t.Errorf("the day first agreed on was lost: %s", o.FirstDue)
	}
}

// TestReminders walks the days around a promise: once before its day, then three
// times a week apart while it is late, counted from the last word in the matter.
// proves: act.remind_due
func TestReminders(t *testing.T) {
	p, o := paying(t, ObligationPending) // due on 31 May
	id := o.ID
	walk := func(from, to string) string {
		var got []string
		for d := day(from); !d.After(day(to)); d = d.Add(1) {
			p.on(d.String())
			o := stood(p, id)
			if o.State == ObligationPending && d.After(o.Due) {
				p.do(RoleSystem, Overdue{Obligation: id})
			}
			when := stood(p, id).Reminder(d)
			_, err := p.try(RoleSystem, Reminded{Obligation: id})
			if (err == nil) != (when != "") || err != nil && fault(err) != "rule.no_reminder_due" {
				t.Fatalf("%s: %q, %v", d, when, err)
			}
			if when != "" {
				got = append(got, fmt.Sprintf("%s %s", d, when))
			}
		}
		return strings.Join(got, ", ")
	}
	if got := walk("2026-05-20", "2026-06-09"); got != "2026-05-28 soon, 2026-06-08 late" {
		t.Errorf("reminded on %s", got)
	}
	p.on("2026-06-10").do(RoleMediator, Urging{Obligation: id, Means: "phone"})
	if got := walk("2026-06-10", "2026-07-20"); got != "2026-06-17 late, 2026-06-24 late" {
		t.Errorf("after the office urged, reminded on %s", got)
	}
	for _, state := range []string{ObligationPerformed, ObligationDisputed, ObligationDefaulted, ObligationWaived} {
		p, o := paying(t, state)
		for d := day("2026-05-11"); d.Before(day("2026-08-01")); d = d.Add(1) {
			if o.Reminder(d) != "" {
				t.Errorf("%s is reminded of on %s", state, d)
			}
		}
		_ = p
	}
}

// TestWaysOnDefault: each way with its article, and whether it is still open, in
// the states in which a promise is in trouble.
func TestWaysOnDefault(t *testing.T) {
	show := func(p *play, o *Obligation) string {
		var list []string
		for _, w := range p.c.Ways(*o, p.today()) {
			if w.Source == "" || w.Open == (w.Why != "") || !w.Open && w.Action != "" {
				t.Errorf("%+v", w)
			}
			line := w.Key
			if !w.Open {
				line += "(" + w.Why + ")"
			}
			if !w.Until.IsZero() {
				line += " " + w.Until.String()
			}
			list = append(list, line)
		}
		return strings.Join(list, ", ")
	}
	confirmed := func(p *play) { p.act(ApplyConfirmation, ConfirmTake, ConfirmGrant) }
	for _, tt := range []struct {
		name, state, on string
		change          func(*play)
		want            string
	}{
		{"late while the thirty days run", ObligationOverdue, "2026-06-02", nil,
			"remind, talk, confirm 2026-06-10, enforce(not_confirmed), payment_order, sue 2029-05-31"},
		{"late after them", ObligationOverdue, "2026-06-11", nil,
			"remind, talk, confirm(late) 2026-06-10, enforce(not_confirmed), payment_order, sue 2029-05-31"},
		{"disputed", ObligationDisputed, "2026-06-02", nil,
			"remind(not_overdue), talk, confirm 2026-06-10, enforce(not_confirmed), payment_order(disputed), sue 2029-05-31"},
		{"in default and confirmed", ObligationDefaulted, "2026-06-02", confirmed,
			"remind(not_overdue), talk, confirm(confirmed), enforce 2028-05-31, payment_order, sue 2029-05-31"},
		{"confirmed, two years later", ObligationDefaulted, "2028-06-01", confirmed,
			"remind(not_overdue), talk, confirm(confirmed), enforce(late) 2028-05-31, payment_order, sue 2029-05-31"},
		{"after the limitation", ObligationDefaulted, "2029-06-01", nil,
			"remind(not_overdue), talk, confirm(late) 2026-06-10, enforce(not_confirmed), payment_order, sue(late) 2029-05-31"},
		{"asked of the court", ObligationOverdue, "2026-06-02", func(p *play) { p.act(ApplyConfirmation) },
			"remind, talk, confirm(asked), enforce(not_confirmed), payment_order, sue 2029-05-31"},
		{"work and not money", ObligationOverdue, "2026-06-02", func(p *play) { p.c.Obligations[0].Kind = "act" },
			"remind, talk, confirm 2026-06-10, enforce(not_confirmed), payment_order(not_money), sue 2029-05-31"},
	} {
		p, o := paying(t, tt.state)
		if tt.change != nil {
			tt.change(p)
		}
		p.on(tt.on)
		if got := show(p, stood(p, o.ID)); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
		}
	}
	p, o := paying(t, ObligationOverdue)
	p.c.Type = "10"
	if ways := p.c.Ways(*o, p.today()); ways[4].Source != "LDMA 16; CPL 225" {
		t.Errorf("unpaid wages: %+v", ways[4])
	}
}

// TestASeriesRunsToItsEnd: a promise that comes again is one obligation a time,
// each with its own day and clock, and the agreement is performed with the last.
func TestASeriesRunsToItsEnd(t *testing.T) {
	p := at(t, InMediation)
	monthly := but(draft, func(a *Draft) {
		a.Promises = a.Promises[:1]
		a.Promises[0].Due, a.Promises[0].Every, a.Promises[0].Times = day("2026-05-31"), "month", 4
	})
	for field, change := range map[string]func(*Promise){
		"times=rule.series_times":  func(q *Promise) { q.Times = 1 },
		"times=rule.series_times ": func(q *Promise) { q.Times = MaxSeries + 1 },
		"every=error.choice":       func(q *Promise) { q.Every = "day" },
	} {
		a := monthly(p).(Draft)
		a.Promises = slices.Clone(a.Promises)
		change(&a.Promises[0])
		if _, err := p.try(RoleMediator, a); fault(err) != "obligations[0]."+strings.TrimSpace(field) {
			t.Errorf("%q, want %q", fault(err), field)
		}
	}
	p.do(RoleMediator, monthly(p)).act(Sign, Sign, Countersign, AffixSeal)
	var days []string
	for _, o := range p.c.Promised() {
		days = append(days, fmt.Sprintf("%s %d/%d", o.Due, o.SeriesNo, o.SeriesOf))
		if d := clockOf(p, statute.D13Performance, o.ID); !d.Open() || statute.DateOf(d.Due) != o.Due {
			t.Errorf("the clock of %s: %+v", o.Due, d)
		}
	}
	if got := strings.Join(days, ", "); got != "2026-05-31 1/4, 2026-06-30 2/4, 2026-07-31 3/4, 2026-08-31 4/4" {
		t.Errorf("the series: %s", got)
	}
	for i, o := range p.c.Promised() {
		if got := p.c.Performance(); got != "running" {
			t.Errorf("before the %d.: %s", i+1, got)
		}
		p.on(o.Due.String()).do(RoleMediator, Performed{Obligation: o.ID, On: o.Due, Proof: "转账"})
	}
	if got := p.c.Performance(); got != "performed" {
		t.Errorf("after the last: %s", got)
	}
	p.do(RoleMediator, finalVisit(p))
}

// TestStandingOnADay: what nobody has done is not due, or due.
func TestStandingOnADay(t *testing.T) {
	for _, state := range obligationStates {
		_, o := paying(t, state)
		for on, want := range map[string]string{"2026-05-30": "not_due", "2026-05-31": "due"} {
			if state != ObligationPending {
				want = state
			}
			if got := o.Standing(day(on)); got != want {
				t.Errorf("%s on %s: %s, want %s", state, on, got, want)
			}
		}
		troubled := state == ObligationOverdue || state == ObligationDisputed || state == ObligationDefaulted
		if o.Troubled() != troubled {
			t.Errorf("%s troubled: %v", state, o.Troubled())
		}
	}
}
