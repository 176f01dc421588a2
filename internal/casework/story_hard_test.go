package casework_test

import (
	"slices"
	"testing"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// Story 5: many parties, a review, an extension, a settlement in part.
func TestStory5IsExtendedAndSettledInPart(t *testing.T) {
	w := tell(t, "5", map[string]onlooker{
		"accept": func(w *told, c *mediation.Case) {
			w.wantClock(c, statute.D06Mediation, 1, "2026-06-10", "")
			one := &mediation.Appointment{Track: mediation.TrackLegalAdvisor, Lead: w.Actor("严文清").User, ChosenBy: "committee", LeadRelation: "none"}
			w.try("王秀兰", one, mediation.Invalid, "error.check_fields") // L3 asks for two (INV16 13)
		},
		"log_session": func(w *told, _ *mediation.Case) { w.blind("罗正") },
		"escalate": func(w *told, c *mediation.Case) {
			w.wantClock(c, statute.D10Review, 1, "2026-05-25", "")
			w.sees("罗正")
			w.blind("邱韵") // the other sub-district's
			w.try("严文清", &mediation.Guidance{Opinion: "可以"}, mediation.Forbidden, "")
		},
		"invite_helper": func(w *told, _ *mediation.Case) {
			w.sees("顾明")
			w.blind("戴为民") // an assistant of the same office, not invited
		},
		"log_session 2": func(w *told, c *mediation.Case) {
			some := []mediation.PartyID{c.Parties[0].ID, c.Parties[1].ID}
			w.try("严文清", &mediation.LongerTime{Until: statute.NewDate(2026, 7, 10), Reason: "等报价", AgreedBy: some}, mediation.Invalid, "error.check_fields")
			w.try("罗正", &mediation.LongerTime{}, mediation.Forbidden, "")
		},
		"extend": func(w *told, c *mediation.Case) { w.wantClock(c, statute.D06Mediation, 1, "2026-07-10", "") },
		"draft_agreement": func(w *told, c *mediation.Case) {
			w.try("严文清", &mediation.Signing{Party: c.Parties[0].ID, How: "paper"}, mediation.Invalid, "rule.review_first")
		},
	})
	c := w.whole()
	w.wantStage(mediation.Effective)
	if a := c.Agreement(); !a.Partial || a.Unsettled == "" || a.ReviewedAt.IsZero() || a.Copies != 6 {
		t.Errorf("the agreement: partial %v, %d copies, reviewed %s", a.Partial, a.Copies, a.ReviewedAt)
	}
	if sides, persons := c.Sides(); sides != 2 || persons != 15 || len(c.Signed()) != 7 || c.EffectiveOn != statute.NewDate(2026, 7, 1) {
		t.Errorf("%d sides, %d persons, %d signatures, effective %s", sides, persons, len(c.Signed()), c.EffectiveOn)
	}
	w.wantClock(c, statute.D06Mediation, 1, "2026-07-10", "met")
	w.wantPromises("pay 2026-08-31 10000 pending", "pay 2026-08-31 10000 pending", "pay 2026-08-31 10000 pending", "act 2026-07-31 0 pending")
	w.wantHistory(`file register update_party add_party add_party add_party ask_other_side consent consent consent consent confirm_grade accept
		assign schedule open_session log_session escalate return_guided invite_helper investigate adjourn resume open_session log_session extend
		adjourn resume open_session log_session draft_agreement request_review review_agreement sign sign sign sign sign countersign affix_seal
		take_effect`)
	if len(c.Escalations) != 2 || len(c.Escalations[0].Snapshot) == 0 || c.Escalations[0].Outcome != "return" {
		t.Errorf("escalations: %+v", c.Escalations)
	}
}

// Story 9: a doctor is heard, and the period stands still for the appraisal.
func TestStory9AppraisalStopsTheClock(t *testing.T) {
	w := tell(t, "9", map[string]onlooker{
		"accept":        func(w *told, c *mediation.Case) { w.wantClock(c, statute.D06Mediation, 1, "2026-06-10", "") },
		"invite_helper": func(w *told, _ *mediation.Case) { w.sees("许文"); w.blind("丁兰") },
		"adjourn": func(w *told, c *mediation.Case) {
			if c.Clock(statute.D06Mediation).PausedAt.IsZero() {
				t.Error("the period runs on during the appraisal (ONL22 26)")
			}
		},
		"resume": func(w *told, c *mediation.Case) { w.wantClock(c, statute.D06Mediation, 1, "2026-07-01", "") },
		"report_performed 2": func(w *told, c *mediation.Case) {
			w.try("傅静", &mediation.JointApplication{Court: w.Court(), AppliedBy: []mediation.PartyID{c.Parties[0].ID}, Scanned: sheet("司法确认申请书")}, mediation.Invalid, "error.check_fields")
		},
	})
	c := w.whole()
	w.wantStage(mediation.Effective)
	if c.ConfirmationState() != mediation.ConfirmationFiled || c.Number != "枫桥里人调字〔2026〕第1号" {
		t.Errorf("confirmation %s, number %s", c.ConfirmationState(), c.Number)
	}
	w.wantClock(c, statute.D12Confirmation, 1, "2026-07-16", "met")
	w.wantClock(c, statute.D15CourtTake, 1, "2026-07-17", "")
	w.wantPromises("apologise 2026-06-19 0 performed 2026-06-16", "pay 2026-06-30 10000 performed 2026-06-29", "pay 2026-08-31 9000 pending")
	if len(c.Risks) > 0 || !c.RiskScreened || len(c.Inquiries) != 1 {
		t.Error("the screen found nothing and is documented")
	}
}

// Story 14: the mediator is a cousin; the parties ask for another.
func TestStory14TheCousinIsReplaced(t *testing.T) {
	w := tell(t, "14", map[string]onlooker{
		"accept": func(w *told, c *mediation.Case) { w.wantClock(c, statute.D06Mediation, 1, "2026-06-15", "") }, // 06-13 is a Saturday
		"assign": func(w *told, _ *mediation.Case) { w.sees("杜军"); w.blind("严文清") },
		"ask_recusal": func(w *told, c *mediation.Case) {
			w.wantClock(c, statute.D09Recusal, 1, "2026-05-19", "")
			w.try("杜军", &mediation.Rejection{Decision: "没关系"}, mediation.Forbidden, "")
			w.try("杜军", &mediation.Scheduling{}, mediation.Conflict, "error.stage_refuses")
			w.try("倪珍", &mediation.Replacement{Decision: "换人"}, mediation.Forbidden, "")
		},
		"replace_mediator": func(w *told, _ *mediation.Case) {
			w.blind("杜军")
			again := &mediation.Appointment{Track: mediation.TrackPartyMember, Lead: w.Actor("杜军").User, ChosenBy: "committee", LeadRelation: "none"}
			w.try("王秀兰", again, mediation.Invalid, "error.check_fields")
		},
	})
	c := w.whole()
	w.wantStage(mediation.Closed)
	var led []string
	for _, a := range c.Assignments {
		led = append(led, a.Name+" "+statute.DateOf(a.EndedAt).String()+" "+a.EndedWhy)
	}
	if !slices.Equal(led, []string{"杜军 2026-05-19 recusal", "严文清 2026-06-23 closed"}) {
		t.Errorf("who led: %v", led)
	}
	if r := c.Recusals[0]; r.State != "replaced" || r.Party != c.Parties[0].ID || statute.DateOf(r.DecidedAt) != statute.NewDate(2026, 5, 19) {
		t.Errorf("the recusal: %+v", r)
	}
	w.wantClock(c, statute.D06Mediation, 1, "2026-06-15", "met")
	w.wantClock(c, statute.D09Recusal, 1, "2026-05-19", "met")
	w.wantPromises("act 2026-06-15 0 performed 2026-06-12")
	w.wantNotices(map[string]string{"杜军": "assign ask_recusal", "严文清": "assign take_effect report_performed",
		"倪珍":    "register accept assign replace_mediator assign schedule draft_agreement take_effect report_performed close",
		"炭香烧烤店": "accept assign replace_mediator assign schedule draft_agreement take_effect report_performed close"})
	w.blind("杜军")
}

// Story 17: violence is reported within the hour and not mediated; the husband
// hears nothing.
func TestStory17ViolenceIsReportedAndTheHusbandHearsNothing(t *testing.T) {
	w := tell(t, "17", map[string]onlooker{
		"raise_risk": func(w *told, c *mediation.Case) {
			w.wantClock(c, statute.D04Report, 1, "2026-05-11", "")
			if !c.Hold || !c.Restricted {
				t.Errorf("hold %v, restricted %v", c.Hold, c.Restricted)
			}
			w.blind("周敏") // the clerk who took it in
			w.blind("高永福")
		},
		"register": func(w *told, c *mediation.Case) {
			if _, _, err := w.Desk.Invite(w.ctx, w.Actor("沈国强"), c.ID, c.Parties[1].ID); mediation.KeyOf(err) != "rule.no_joint_session" {
				t.Errorf("the husband is invited: %v", err)
			}
			w.try("沈国强", &mediation.SettledAtOnce{}, mediation.Forbidden, "")
			w.try("沈国强", &mediation.HoldLifted{Reason: "和好了"}, mediation.Invalid, "error.check_fields") // not on her free wish
		},
	})
	c := w.whole()
	w.wantStage(mediation.Terminated)
	if c.OutcomeCode != "T09" || c.Number != "" || len(c.Sessions) > 0 || len(c.Contacts) > 0 {
		t.Errorf("ended %s, number %q, %d sessions, %d contacts", c.OutcomeCode, c.Number, len(c.Sessions), len(c.Contacts))
	}
	for _, code := range []string{"police_110", "protection_order", "legal_aid_12348"} {
		if !slices.Contains(c.Remedies, code) {
			t.Errorf("remedies %v lack %s", c.Remedies, code)
		}
	}
	for _, r := range c.Risks {
		if took := r.ReportedAt.Sub(r.At); r.ReportedAt.IsZero() || took.Hours() >= 1 {
			t.Errorf("%s was reported after %s", r.Flag, took)
		}
	}
	w.wantHistory("record raise_risk raise_risk report_risk report_risk register terminate")
	w.wantNotices(map[string]string{"韩雪": "register terminate"})
	w.sees("沈国强")
	lines, err := w.Desk.Accesses(w.ctx, w.Actor("沈国强"), c.ID)
	w.must(err)
	if len(lines) != 1 || lines[0].Name != "沈国强" || lines[0].Action != "read" {
		t.Errorf("reading a restricted file leaves a line: %+v", lines)
	}
	if v := w.sees("潘瑞林"); v.Facts != "" || len(v.Risks) > 0 || v.Hold {
		t.Error("the supervisor reads of the danger")
	}
}

// Story 18: title to a flat is not for a court to confirm.
func TestStory18TitleIsWarnedOfAndTakenOut(t *testing.T) {
	w := tell(t, "18", map[string]onlooker{
		"accept": func(w *told, c *mediation.Case) { w.wantClock(c, statute.D06Mediation, 1, "2026-06-10", "") },
		"draft_agreement": func(w *told, c *mediation.Case) {
			if list := c.Unconfirmable(); len(list) == 0 || list[0].Code != "title" || list[0].Source != "CPLI 355(5)" {
				t.Errorf("no warning of title: %+v", list)
			}
		},
		"review_agreement": func(w *told, c *mediation.Case) {
			w.try("傅静", &mediation.Signing{Party: c.Parties[0].ID, How: "paper"}, mediation.Invalid, "rule.review_first")
		},
		"revise_agreement": func(w *told, c *mediation.Case) {
			if list := c.Unconfirmable(); len(list) > 0 {
				t.Errorf("use and payments are warned of: %+v", list)
			}
			w.try("傅静", &mediation.Signing{Party: c.Parties[0].ID, How: "paper", Agreement: c.Agreements[0].ID}, mediation.Conflict, "error.agreement_changed")
		},
	})
	c := w.whole()
	w.wantStage(mediation.Effective)
	if len(c.Agreements) != 2 || c.Agreements[0].VoidedAt.IsZero() || !c.Agreement().Partial || c.Agreement().Version != 2 {
		t.Errorf("the first draft stays as history: %+v", c.Agreements)
	}
	w.wantPromises("pay 2026-06-30 60000 performed 2026-06-29", "pay 2026-09-30 60000 pending")
	w.wantClock(c, statute.D11Sign, 1, "2026-05-25", "met")
	all := []mediation.PartyID{c.Parties[0].ID, c.Parties[1].ID, c.Parties[2].ID}
	late := &mediation.JointApplication{Court: w.Court(), AppliedBy: all, Scanned: sheet("司法确认申请书"), Receipt: sheet("收件回执").Scan, On: c.FilingTerm().Last.Add(1)}
	w.try("傅静", late, mediation.Invalid, "error.check_fields")
	_, err := w.Desk.Do(w.ctx, w.Actor("傅静"), w.id(), 0, late)
	if got := mediation.FieldsOf(err)["on"]; got != "rule.filed_late" { // thirty days are over (PML 33)
		t.Errorf("applied after the thirty days: %v", err)
	}
}
