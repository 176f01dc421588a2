package casework_test

import (
	"slices"
	"testing"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// Story 7: a company by its agent, talks with each side alone, confirmed.
func TestStory7IsConfirmedByTheCourt(t *testing.T) {
	w := tell(t, "7", map[string]onlooker{
		"accept": func(w *told, c *mediation.Case) { w.wantClock(c, statute.D06Mediation, 1, "2026-06-10", "") },
		"affix_seal": func(w *told, c *mediation.Case) {
			w.wantClock(c, statute.D12Confirmation, 1, "2026-06-22", "") // 06-19 to 06-21 is Dragon Boat
			one := []mediation.PartyID{c.Parties[1].ID}
			w.try("傅静", &mediation.JointApplication{Court: w.Court(), AppliedBy: one, Scanned: sheet("司法确认申请书")}, mediation.Invalid, "error.check_fields") // CPL 205: jointly
			w.try("周敏", &mediation.JointApplication{}, mediation.Forbidden, "")
			w.try("沈国强", &mediation.CourtConfirmed{CourtStep: mediation.CourtStep{Ref: "1"}}, mediation.Invalid, "rule.confirmation_state")
		},
		"confirmation_taken": func(w *told, c *mediation.Case) {
			w.try("沈国强", &mediation.Closing{}, mediation.Conflict, "error.stage_refuses")
			w.wantClock(c, statute.D15bCourtRule, 1, "2026-06-22", "")
		},
	})
	c := w.whole()
	w.wantStage(mediation.Closed)
	if c.ConfirmationState() != mediation.ConfirmationConfirmed || c.Confirmations[0].FiledOn != statute.NewDate(2026, 6, 3) {
		t.Errorf("confirmation: %+v", c.Confirmations)
	}
	if p := c.Parties[0]; p.Capacity != "organisation" || p.LegalRep == "" || p.AgentName == "" || p.AgentScope != "settle" || p.CreditCode == "" {
		t.Errorf("the company: %+v", p)
	}
	w.wantClock(c, statute.D12Confirmation, 1, "2026-06-22", "met")
	w.wantPromises("pay 2026-06-30 4600 performed 2026-06-26", "act 2026-06-30 0 performed 2026-06-30")
	w.wantHistory(`record register update_party update_party ask_other_side consent confirm_grade accept assign schedule open_session note_caucus
		note_caucus log_session adjourn resume open_session log_session draft_agreement sign sign countersign affix_seal take_effect
		propose_confirmation join_confirmation join_confirmation file_confirmation confirmation_taken confirmation_granted report_performed report_performed lapse_confirmation follow_up close`)
	notes, err := w.Desk.Caucus(w.ctx, w.Actor("高永福"), c.ID)
	if mediation.KindOf(err) != mediation.NotFound {
		t.Errorf("another mediator opens the notes: %v, %v", notes, err)
	}
	if _, err := w.Desk.Caucus(w.ctx, w.Actor("沈国强"), c.ID); mediation.KindOf(err) != mediation.Forbidden {
		t.Errorf("the chair opens the mediator's notes: %v", err)
	}
	if chair := w.sees("沈国强"); len(chair.Caucuses) > 0 {
		t.Error("the chair sees that talks with one side were noted")
	}
	sealed := 0
	w.must(w.raw.QueryRowContext(w.ctx, `SELECT count(*) FROM caucus_notes WHERE position(convert_to('手头', 'UTF8') in body_sealed) = 0
		AND position(convert_to('授权', 'UTF8') in body_sealed) = 0`).Scan(&sealed))
	if sealed != 2 {
		t.Errorf("%d notes are sealed, want 2", sealed)
	}
}

// Story 15: five instalments, two late, the second of them urged twice.
func TestStory15TwoLateInstalmentsAndASecondReminder(t *testing.T) {
	w := tell(t, "15", map[string]onlooker{
		"accept":           func(w *told, c *mediation.Case) { w.wantClock(c, statute.D06Mediation, 1, "2026-06-10", "") },
		"report_performed": func(w *told, c *mediation.Case) { w.wantClock(c, statute.D14FollowUp, 1, "2026-06-08", "") },
		"urge 2": func(w *told, c *mediation.Case) {
			late := c.Promised()[3]
			w.try("傅静", &mediation.Defaulting{Obligation: late.ID}, mediation.Invalid, "error.check_fields") // the other ways were not told
			w.try("周敏", &mediation.Defaulting{Obligation: late.ID, Told: true}, mediation.Forbidden, "")
		},
	})
	c := w.whole()
	w.wantStage(mediation.Closed)
	w.wantPromises("pay 2026-05-31 3000 performed 2026-05-30", "pay 2026-06-10 3000 performed 2026-06-13", "pay 2026-06-20 3000 performed 2026-06-20",
		"pay 2026-06-30 3000 performed 2026-07-07", "pay 2026-07-10 3000 performed 2026-07-10")
	var urged []int
	for _, o := range c.Promised() {
		urged = append(urged, o.Urged)
	}
	if !slices.Equal(urged, []int{0, 1, 0, 2, 0}) || c.Performance() != "performed" {
		t.Errorf("urged %v, performance %s", urged, c.Performance())
	}
	warned := slices.ContainsFunc(statute.RemediesFor("", c.Type), func(r statute.Remedy) bool { return r.Code == "limitation" && r.Source == "CC 188" })
	if !warned {
		t.Error("a loan comes without the warning of limitation")
	}
	w.wantClock(c, statute.D14FollowUp, 1, "2026-06-08", "met") // after the first instalment, paid on 30 May; the sixth of June is a Saturday
	w.wantClock(c, statute.D14FollowUp, 5, "2026-07-17", "met") // after the last
	if n := len(c.FollowUps); n != 5 || !c.FollowUps[4].Final {
		t.Errorf("visited %d times: %+v", n, c.FollowUps)
	}
	w.wantHistory(`record register ask_other_side consent confirm_grade accept assign schedule open_session log_session draft_agreement sign sign
		countersign affix_seal take_effect report_performed remind_confirmation visit mark_overdue urge report_performed lapse_confirmation visit report_performed visit mark_overdue
		urge urge report_performed visit report_performed follow_up close`)
}

// Story 19: nine members, and a gym that cannot be reached any more.
func TestStory19UnreachableAfterThreeTries(t *testing.T) {
	end := &mediation.Termination{Ending: mediation.Ending{Code: "T05", Reason: "联系不上", Told: true}}
	w := tell(t, "19", map[string]onlooker{
		"accept":        func(w *told, c *mediation.Case) { w.wantClock(c, statute.D06Mediation, 1, "2026-06-15", "") },
		"log_contact 2": func(w *told, _ *mediation.Case) { w.try("沈国强", end, mediation.Invalid, "rule.contact_first") },
		"log_contact 3": func(w *told, _ *mediation.Case) { w.try("施建华", end, mediation.Forbidden, "") },
	})
	c := w.whole()
	w.wantStage(mediation.Closed)
	if c.EndedAs != mediation.Terminated || c.OutcomeCode != "T05" || c.Tries(c.Parties[1].ID) != 3 || c.Parties[0].GroupSize != 9 {
		t.Errorf("ended %s after %d tries, for %d members", c.OutcomeCode, c.Tries(c.Parties[1].ID), c.Parties[0].GroupSize)
	}
	for _, code := range []string{"consumer_12315", "court_suit"} {
		if !slices.Contains(c.Remedies, code) {
			t.Errorf("remedies %v lack %s", c.Remedies, code)
		}
	}
	w.wantHistory("file register update_party ask_other_side consent confirm_grade accept give_rights assign log_contact log_contact log_contact terminate close")
	w.wantNotices(map[string]string{"林芳": "register accept assign terminate close", "力动健身房": "accept assign terminate close", "施建华": "assign terminate"})
}
