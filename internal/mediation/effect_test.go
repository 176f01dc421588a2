package mediation_test

import (
	"testing"

	. "doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// TestEffectDate: which day an agreement takes effect is the track's rule, and
// the thirty days run from that day and not from the day it was typed.
//
// proves: duty.effect_written act.take_effect
func TestEffectDate(t *testing.T) {
	sign := func(side Side, on string) func(*play) {
		return func(p *play) { p.do(RoleMediator, Signing{Party: p.side(side), How: "paper", On: day(on)}) }
	}
	counter := func(on string) func(*play) {
		return func(p *play) { p.do(RoleMediator, Countersigning{On: day(on)}) }
	}
	seal := func(on string) func(*play) {
		return func(p *play) { p.do(RoleChair, Sealing{On: day(on)}) }
	}
	for _, v := range []struct {
		name  string
		mode  statute.CourtMode
		steps []func(*play)
		on    string
		rule  string
		d12   string
	}{
		{"the seal came last", "", []func(*play){sign(Applicant, "2026-05-11"), sign(Respondent, "2026-05-12"), counter("2026-05-13"), seal("2026-05-15")},
			"2026-05-15", "PML 29", "2026-06-15"},
		{"the seal was noted last but affixed first", "", []func(*play){sign(Applicant, "2026-05-13"), sign(Respondent, "2026-05-14"), counter("2026-05-13"), seal("2026-05-12")},
			"2026-05-14", "PML 29", "2026-06-15"},
		{"the mediator was last, noted first", "", []func(*play){counter("2026-05-20"), seal("2026-05-18"), sign(Respondent, "2026-05-19"), sign(Applicant, "2026-05-12")},
			"2026-05-20", "PML 29", "2026-06-22"},
		{"all on one day", "", []func(*play){seal("2026-05-11"), counter("2026-05-11"), sign(Respondent, "2026-05-11"), sign(Applicant, "2026-05-11")},
			"2026-05-11", "PML 29", "2026-06-10"},
		{"guidance by the court changes nothing", statute.C0, []func(*play){sign(Applicant, "2026-05-11"), sign(Respondent, "2026-05-12"), counter("2026-05-13"), seal("2026-05-15")},
			"2026-05-15", "PML 29", "2026-06-15"},
		{"delegated before filing: the parties alone", statute.C1, []func(*play){sign(Respondent, "2026-05-15"), sign(Applicant, "2026-05-12")},
			"2026-05-15", "INV16 24", "2026-06-15"},
		{"delegated before filing: a later mark does not move the day", statute.C1,
			[]func(*play){counter("2026-05-20"), seal("2026-05-20"), sign(Respondent, "2026-05-14"), sign(Applicant, "2026-05-15")}, "2026-05-15", "INV16 24", "2026-06-15"},
	} {
		t.Run(v.name, func(t *testing.T) {
			p := at(t, AgreementDraft)
			p.c.CourtMode = v.mode
			p.on("2026-05-20")
			for i, step := range v.steps {
				if p.c.Stage != AgreementDraft {
					t.Fatalf("it took effect before step %d of %d", i+1, len(v.steps))
				}
				step(p)
			}
			d := p.c.Clock(statute.D12Confirmation)
			if p.c.Stage != Effective || p.c.EffectiveOn != day(v.on) || p.c.EffectBy != v.rule || d == nil || due(*d) != v.d12 {
				t.Errorf("stage %s, in effect %s by %s, D-12 %+v; want %s by %s, %s", p.c.Stage, p.c.EffectiveOn, p.c.EffectBy, d, v.on, v.rule, v.d12)
			}
		})
	}
}

// TestMarksFollowTheEffect: where the court delegated, the parties' names alone
// bring the agreement about, yet the mediator's and the seal belong on the paper
// (INV16 24): they follow, move no day, and the case is not closed without the
// seal. Signed online by all, it is the rule of the online mediation (ONL22 19).
//
// proves: guard.in_effect guard.seal_first
func TestMarksFollowTheEffect(t *testing.T) {
	for how, rule := range map[string]string{"paper": "INV16 24", "online": "ONL22 19"} {
		p := at(t, AgreementDraft)
		p.c.CourtMode = statute.C1
		if how == "online" {
			for i := range p.c.Parties {
				q := &p.c.Parties[i]
				q.Identity = LevelChecked
				by := CodeHolder(CodeAccess{Case: p.c.ID, Party: q.ID, Level: LevelChecked})
				s := p.scene(RoleCodeHolder)
				s.By = by
				if _, err := p.c.Perform(Signing{Agreed: true, Mark: Mark{Drawing: scrawl}}, s); err != nil {
					t.Fatal(err)
				}
			}
		} else {
			p.do(RoleMediator, Signing{Party: p.side(Applicant), How: "paper"}).do(RoleMediator, Signing{Party: p.side(Respondent), How: "paper"})
		}
		if p.c.Stage != Effective || p.c.EffectBy != rule || !p.c.Offers(AffixSeal) || !p.c.Offers(Countersign) {
			t.Fatalf("%s: stage %s by %s, seal offered %v", how, p.c.Stage, p.c.EffectBy, p.c.Offers(AffixSeal))
		}
		on := p.c.EffectiveOn
		p.act(ReportPerformed, ReportPerformed, FollowUp)
		if _, err := p.try(RoleChair, closing(p)); fault(err) != "rule.seal_first" {
			t.Errorf("closed without the seal: %v", err)
		}
		p.on("2026-05-20").do(RoleMediator, Countersigning{}).do(RoleChair, Sealing{})
		if p.c.EffectiveOn != on || p.c.Offers(AffixSeal) || p.c.Offers(Countersign) {
			t.Errorf("in effect on %s, was %s; offered again %v", p.c.EffectiveOn, on, p.c.Offers(AffixSeal))
		}
		p.act(CloseCase)
	}
	p := at(t, Effective)
	for _, act := range []Act{Sealing{}, Countersigning{}} {
		if _, err := p.try(RoleChair, act); fault(err) != "rule.in_effect" || p.c.Offers(act.Action()) {
			t.Errorf("%s on the committee's own agreement in effect: %v", act.Action(), err)
		}
	}
}

// TestEffectDateOral: by word of mouth, the day it was agreed (PML 30).
//
// proves: duty.effect_oral
func TestEffectDateOral(t *testing.T) {
	for name, p := range map[string]*play{"after a session": at(t, InMediation), "on the spot": at(t, Registered)} {
		p.on("2026-05-20")
		said := oral(p)
		said.On = day("2026-05-18")
		var act Act = OralSettlement{said}
		if p.c.Stage == Registered {
			act = SettledAtOnce{Oral: said, Present: true, RightsTold: true}
		}
		p.do(RoleMediator, act)
		if p.c.EffectiveOn != day("2026-05-18") || p.c.EffectBy != "PML 30" || due(*p.c.Clock(statute.D12Confirmation)) != "2026-06-17" {
			t.Errorf("%s: in effect %s by %s", name, p.c.EffectiveOn, p.c.EffectBy)
		}
	}
}

// TestEffectDateCourt: before the court's mediator, the day the court names
// (INV16 24).
//
// proves: duty.effect_court
func TestEffectDateCourt(t *testing.T) {
	p := at(t, CourtTrack).on("2026-05-20")
	p.do(RoleCourtClerk, CourtSettled{Terms: terms(p), On: day("2026-05-15")})
	if p.c.EffectiveOn != day("2026-05-15") || p.c.EffectBy != "INV16 24" || due(*p.c.Clock(statute.D12Confirmation)) != "2026-06-15" {
		t.Errorf("in effect %s by %s", p.c.EffectiveOn, p.c.EffectBy)
	}
}

// TestBoundaryDays are the days the domain names: holidays move the last day.
func TestBoundaryDays(t *testing.T) {
	for _, v := range []struct{ accepted, due string }{
		{"2026-03-05", "2026-04-07"}, // 4 April is Qingming
		{"2026-04-01", "2026-05-06"}, // 1 May is Labour Day
		{"2026-05-11", "2026-06-10"},
		{"2026-05-14", "2026-06-15"}, // 13 June is a Saturday
	} {
		p := newPlay(t)
		p.on(v.accepted).begin(intake(), RoleResident).act(toAccepted...)
		if got := due(*p.c.Clock(statute.D06Mediation)); got != v.due {
			t.Errorf("accepted %s: due %s, want %s", v.accepted, got, v.due)
		}
	}
}

// TestMediationPeriod: the court's referral and labour have periods of their own;
// that of labour is counted from the application (LDMA 14).
func TestMediationPeriod(t *testing.T) {
	for _, v := range []struct {
		name, kind string
		mode       statute.CourtMode
		due        string
	}{
		{"ordinary", "02", "", "2026-06-10"},
		{"delegated before filing", "02", statute.C1, "2026-06-10"},
		{"entrusted, ordinary procedure", "02", statute.C2Ordinary, "2026-05-26"},
		{"entrusted, summary procedure", "02", statute.C2Summary, "2026-05-18"},
		{"wages: from the application of two days before", "10", "", "2026-05-25"}, // 24 May is a Sunday
		{"labour", "11", statute.C0, "2026-05-25"},
		{"labour that a court delegated", "11", statute.C1, "2026-06-10"},
	} {
		p := at(t, ConsentPending).act(GiveConsent)
		p.c.CourtMode, p.c.Type = v.mode, v.kind
		p.c.FiledAt = day("2026-05-09").Start()
		p.act(Accept)
		if got := due(*p.c.Clock(statute.D06Mediation)); got != v.due {
			t.Errorf("%s: due %s, want %s", v.name, got, v.due)
		}
	}
}
