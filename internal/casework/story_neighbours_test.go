package casework_test

import (
	"slices"
	"testing"

	"doorstep/internal/ledger"
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// Story 1: noise. From the police's referral to the archive.
func TestStory1NoiseIsSettledPerformedAndArchived(t *testing.T) {
	w := tell(t, "1", map[string]onlooker{
		"ask_other_side": func(w *told, _ *mediation.Case) {
			w.try("王秀兰", &mediation.Acceptance{}, mediation.Invalid, "rule.consent_missing")
			w.try("李娜", &mediation.Acceptance{}, mediation.Forbidden, "")
		},
		"accept": func(w *told, c *mediation.Case) {
			w.wantClock(c, statute.D06Mediation, 1, "2026-06-10", "")
			w.wantClock(c, statute.D01Acceptance, 1, "2026-05-14", "met")
			w.try("李娜", &mediation.Appointment{Track: mediation.TrackPartyMember, Lead: w.Actor("陈国栋").User}, mediation.Forbidden, "")
			w.blind("陈国栋") // nobody's case yet
		},
		"schedule": func(w *told, c *mediation.Case) {
			came := []mediation.Attendance{{Party: c.Parties[0].ID, Present: true, Identity: true}, {Party: c.Parties[1].ID, Present: true, Identity: true}}
			w.try("陈国栋", &mediation.Opening{Attendance: came}, mediation.Invalid, "rule.rights_notice_first")
		},
		"log_session": func(w *told, _ *mediation.Case) {
			w.try("顾巧云", &mediation.Draft{}, mediation.NotFound, "")
			w.try("王秀兰", &mediation.Draft{}, mediation.Forbidden, "")
		},
		"countersign": func(w *told, c *mediation.Case) {
			if c.Stage != mediation.AgreementDraft {
				t.Errorf("without the seal the case stands at %s, want agreement_draft (PML 29)", c.Stage)
			}
			w.try("李娜", &mediation.Sealing{}, mediation.Forbidden, "")
			w.try("沈国强", &mediation.Sealing{}, mediation.NotFound, "")
		},
	})
	c := w.whole()
	w.wantStage(mediation.Archived)
	if c.Number != "榆园人调字〔2026〕第1号" || c.IntakeNumber != "榆园登〔2026〕1号" || c.Source != "police" || c.Channel != "police_110" {
		t.Errorf("register: %s, %s, %s, %s", c.Number, c.IntakeNumber, c.Source, c.Channel)
	}
	if c.EffectiveOn != statute.NewDate(2026, 5, 15) || c.EffectBy != "PML 29" || c.Agreement().Form != "written" || c.Grade != "L2" {
		t.Errorf("effect: %s by %s, %s, %s", c.EffectiveOn, c.EffectBy, c.Agreement().Form, c.Grade)
	}
	w.wantClock(c, statute.D06Mediation, 1, "2026-06-10", "met")
	w.wantClock(c, statute.D12Confirmation, 1, "2026-06-15", "cancelled") // 06-14 is a Sunday; archived before
	w.wantClock(c, statute.D14FollowUp, 1, "2026-05-22", "met")
	w.wantPromises("act 2026-05-15 0 performed 2026-05-15", "refrain 2026-05-15 0 performed 2026-05-15")
	w.wantHistory(`record register update_party ask_other_side consent consent confirm_grade accept assign schedule open_session log_session
		draft_agreement sign sign countersign affix_seal take_effect issue_paper report_performed report_performed follow_up close archive`)
	parties := "accept assign schedule draft_agreement take_effect report_performed report_performed close"
	w.wantNotices(map[string]string{"陈阿芬": "register " + parties, "邵立": parties, "陈国栋": "assign take_effect"})
	w.try("王秀兰", &mediation.Corrected{}, mediation.Forbidden, "")
	w.try("王秀兰", &mediation.Closing{}, mediation.Conflict, "error.stage_refuses") // an archive is never edited
	noiseAsOthersSeeIt(w)
}

// noiseAsOthersSeeIt holds what each reader gets of one and the same file.
func noiseAsOthersSeeIt(w *told) {
	for _, who := range []string{"顾巧云", "高永福", "沈国强", "罗正", "叶青", "周斌", "顾明", "王建国", "康宁", "谢文博"} {
		w.blind(who)
	}
	if c := w.sees("王秀兰"); len(c.Sessions) != 1 || len(c.Sessions[0].Statements) != 2 || c.Sessions[0].Negotiation == "" {
		w.t.Error("the chair does not read the record of the session")
	}
	if c := w.sees("李娜"); c.Facts == "" || slices.ContainsFunc(c.Sessions, func(s mediation.Session) bool { return len(s.Statements) > 0 }) {
		w.t.Error("the clerk reads the facts and not what was said in the session")
	}
	if c := w.sees("潘瑞林"); c.Facts != "" || c.Title != "" || c.Parties[0].Name != "陈**" || c.Stage != mediation.Archived || len(c.Agreements) > 0 {
		w.t.Errorf("the supervisor sees more than the register: %q %q %s", c.Title, c.Facts, c.Parties[0].Name)
	}
}

// Story 2: a leak, three parties, two sessions, an instalment six days late.
func TestStory2LateInstalmentIsUrgedAndPaid(t *testing.T) {
	w := tell(t, "2", map[string]onlooker{
		"add_party": func(w *told, c *mediation.Case) {
			if c.Party(c.Parties[2].ID).Side != mediation.Third {
				t.Errorf("the tenant is a %s", c.Parties[2].Side)
			}
		},
		"sign 2": func(w *told, c *mediation.Case) {
			w.try("陈国栋", &mediation.Signing{Party: c.Parties[0].ID, How: "paper"}, mediation.Invalid, "rule.already_signed")
		},
		"urge": func(w *told, c *mediation.Case) {
			visit := mediation.Visitation{Means: "phone", Situation: "还没付", Satisfaction: "fair"}
			w.try("陈国栋", &mediation.FinalVisit{Visitation: visit}, mediation.Invalid, "rule.still_to_perform")
			w.try("王建国", &mediation.Urging{}, mediation.Forbidden, "")
			w.wantClock(c, statute.D16Urge, 1, "2026-06-22", "met") // 06-19 is Dragon Boat
			if c.Performance() != "overdue" {
				t.Errorf("performance is %q, want overdue", c.Performance())
			}
		},
	})
	c := w.whole()
	w.wantStage(mediation.Closed)
	w.wantPromises("act 2026-06-01 0 performed 2026-05-30", "pay 2026-06-01 2100 performed 2026-06-01",
		"pay 2026-06-15 2100 performed 2026-06-21", "act 2026-06-01 0 performed 2026-05-30")
	w.wantClock(c, statute.D06Mediation, 1, "2026-06-10", "met")
	w.wantClock(c, statute.D13Performance, 3, "2026-06-15", "late")
	w.wantHistory(`file register add_party update_party update_party update_party ask_other_side consent consent confirm_grade accept
		issue_paper issue_paper issue_paper assign accept_mediator schedule issue_paper open_session log_session issue_paper investigate
		adjourn resume open_session log_session draft_agreement issue_paper issue_paper sign sign sign countersign affix_seal take_effect
		issue_paper report_performed report_performed report_performed remind_confirmation mark_overdue urge report_performed lapse_confirmation follow_up close`)
	events, err := w.DB.History(w.ctx, w.id())
	w.must(err)
	at := slices.IndexFunc(events, func(e mediation.Event) bool { return e.Action == mediation.MarkOverdue })
	if e := events[at]; e.Role != mediation.RoleSystem || statute.DateOf(e.At) != statute.NewDate(2026, 6, 16) {
		t.Errorf("overdue was noted by %q on %s, want the system on the day after", e.Role, e.At)
	}
	if mine := w.sees("王建国"); len(mine.Sessions) != 2 || mine.Sessions[1].Negotiation != "" || len(mine.Sessions[1].Statements) != 3 || mine.Inquiries != nil {
		t.Error("a party reads the joint records it sat in, and not the mediator's notes")
	}
	if c.Parties[1].Side != mediation.Respondent || w.sees("王建国").Parties[1].PhoneMask != "" {
		t.Error("a party sees the other side's telephone")
	}
	told := " adjourn resume draft_agreement issue_paper issue_paper take_effect reissue_paper report_performed report_performed report_performed remind_confirmation mark_overdue urge report_performed close"
	others := "accept assign schedule issue_paper" + told // a code alone does not open the notice of acceptance
	w.wantNotices(map[string]string{"王建国": "register accept issue_paper assign schedule issue_paper issue_paper" + told, "李敏": others, "赵强": others,
		"陈国栋": "assign take_effect remind_confirmation mark_overdue report_performed"})
}

// Story 3: the other side says no.
func TestStory3OneClearNoEndsIt(t *testing.T) {
	no := &mediation.Refusal{Ground: "NA04", Reason: "对方不同意", Told: true}
	w := tell(t, "3", map[string]onlooker{
		"ask_other_side": func(w *told, _ *mediation.Case) {
			w.try("王秀兰", no, mediation.Invalid, "rule.contact_first")
		},
		"decline": func(w *told, _ *mediation.Case) {
			w.try("王秀兰", &mediation.Acceptance{}, mediation.Invalid, "rule.refused_by_party")
			w.try("李娜", no, mediation.Forbidden, "")
			w.try("王秀兰", &mediation.Refusal{Ground: "NA04", Reason: "对方不同意"}, mediation.Invalid, "error.check_fields") // the other ways were not told
		},
	})
	c := w.whole()
	w.wantStage(mediation.NotAccepted)
	if c.Number != "" || c.IntakeNumber != "榆园登〔2026〕1号" || c.OutcomeCode != "NA04" || !c.AcceptedAt.IsZero() || c.Channel != "qr" {
		t.Errorf("registered and not accepted: number %q, intake %q, %s", c.Number, c.IntakeNumber, c.OutcomeCode)
	}
	if !slices.Contains(c.Remedies, "court_suit") || !slices.Contains(c.Remedies, "limitation") {
		t.Errorf("remedies: %v", c.Remedies)
	}
	w.wantHistory("file register ask_other_side decline refuse issue_paper")
	w.wantNotices(map[string]string{"周涛": "register refuse issue_paper", "钱伟": "refuse"})
}

// Story 4: a child's guardian acts for him, and lists do not give his name away.
func TestStory4AChildIsNamedByHisGuardian(t *testing.T) {
	w := tell(t, "4", map[string]onlooker{
		"register": func(w *told, c *mediation.Case) {
			alone := mediation.PartyEntry{Party: c.Parties[0].ID, Side: mediation.Applicant, Capacity: "minor", Name: "孙小宁"}
			w.try("李娜", &mediation.PartyChange{PartyEntry: alone}, mediation.Invalid, "error.check_fields")
		},
		"accept": func(w *told, c *mediation.Case) { w.wantClock(c, statute.D06Mediation, 1, "2026-06-10", "") },
	})
	c := w.whole()
	w.wantStage(mediation.Closed)
	if p := c.Parties[0]; p.GuardianName != "孙浩" || p.Capacity != "minor" || p.IDMask == "" {
		t.Errorf("the child: %+v", p)
	}
	w.wantPromises("pay 2026-05-13 2500 performed 2026-05-13")
	w.wantClock(c, statute.D14FollowUp, 1, "2026-05-20", "met")
	list, err := ledger.New(w.DB, w.Policy, w.Now).Cases(w.ctx, w.Actor("王秀兰"), ledger.Filter{Closed: true})
	w.must(err)
	if len(list.Rows) != 1 || !slices.ContainsFunc(list.Rows[0].Parties, func(p ledger.Party) bool { return p.Name == "孙小*" }) {
		t.Errorf("the list names the child: %+v", list.Rows)
	}
}

// Story 6: the committee's own initiative, settled by word of mouth.
func TestStory6AnOralAgreementTakesEffectTheDayItIsReached(t *testing.T) {
	w := tell(t, "6", map[string]onlooker{
		"log_session": func(w *told, c *mediation.Case) {
			late := mediation.Promise{By: c.Parties[1].ID, To: c.Parties[0].ID, Kind: "act", What: "腾空", Due: statute.NewDate(2026, 6, 30), How: "自行"}
			w.try("陈国栋", &mediation.OralSettlement{Oral: mediation.Oral{NoPaper: true, Terms: mediation.Terms{Settled: "腾空", LawChecked: true, ThirdChecked: true,
				FreeWill: true, Promises: []mediation.Promise{late}}}}, mediation.Invalid, "rule.must_be_written")
			w.try("周斌", &mediation.Caucus{}, mediation.Forbidden, "")
		},
	})
	c := w.whole()
	w.wantStage(mediation.Archived)
	if c.Source != "proactive" || c.Agreement().Form != "oral" || c.EffectBy != "PML 30" || c.EffectiveOn != statute.NewDate(2026, 5, 12) || len(c.Signatures) > 0 {
		t.Errorf("oral: %s, %s by %s on %s, %d signatures", c.Source, c.Agreement().Form, c.EffectBy, c.EffectiveOn, len(c.Signatures))
	}
	w.wantPromises("act 2026-05-14 0 performed 2026-05-14")
	w.wantHistory("record register ask_other_side consent consent confirm_grade accept assign schedule open_session log_session settle_orally report_performed follow_up close lapse_confirmation archive")
	if mine := w.sees("周斌"); mine.Facts == "" || len(mine.Sessions) > 0 && len(mine.Sessions[0].Statements) > 0 {
		t.Error("the grid worker follows his own report, and not what was said")
	}
}

// Story 13: taken back; the number stays.
func TestStory13WithdrawnKeepsItsNumber(t *testing.T) {
	w := tell(t, "13", map[string]onlooker{
		"accept": func(w *told, c *mediation.Case) { w.wantClock(c, statute.D06Mediation, 1, "2026-06-10", "") },
	})
	c := w.whole()
	w.wantStage(mediation.Closed)
	if c.EndedAs != mediation.Withdrawn || c.Number != "榆园人调字〔2026〕第1号" || c.OutcomeCode != "T11" || c.Agreement() != nil || c.EndedAt.IsZero() {
		t.Errorf("withdrawn: %s %s, agreement %v", c.Number, c.OutcomeCode, c.Agreement())
	}
	w.wantClock(c, statute.D06Mediation, 1, "2026-06-10", "cancelled")
	w.wantNotices(map[string]string{"高玲": "register accept assign withdraw close", "田甜": "accept assign withdraw close", "顾巧云": "assign withdraw"})
	w.try("高玲", &mediation.Withdrawal{}, mediation.Conflict, "error.stage_refuses")
	w.try("周涛", &mediation.Withdrawal{}, mediation.NotFound, "")
}
