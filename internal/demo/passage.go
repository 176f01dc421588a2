package demo

import (
	"slices"
	"strconv"
	"time"

	"doorstep/internal/mediation"
	"doorstep/internal/paper"
	"doorstep/internal/statute"
)

// Passages are what most stories have in common; what makes each its own stands
// in its file.

// register completes the intake after the risk screen.
func (t *tale) register(by mediation.Actor, r mediation.Registration) {
	r.RiskScreen = true
	t.do(by, &r)
}

// known completes a party's particulars, kept sealed.
func (t *tale) known(by mediation.Actor, e mediation.PartyEntry) {
	t.do(by, &mediation.PartyChange{PartyEntry: told(e)})
}

// joins adds a party.
func (t *tale) joins(by mediation.Actor, e mediation.PartyEntry) {
	if e.Capacity == "" {
		e.Capacity = "adult"
	}
	t.do(by, &mediation.NewParty{PartyEntry: told(e)})
}

// ask speaks to the other side for the first time.
func (t *tale) ask(by mediation.Actor, means, note string) {
	t.do(by, &mediation.Question{ContactMade: mediation.ContactMade{Party: t.respondent(), Means: means, Reached: true, Note: note}})
}

// agree writes down the yes of everybody who has not given it yet.
func (t *tale) agree(by mediation.Actor, how string) {
	for _, p := range t.c.Active() {
		if p.Consent != "yes" {
			t.do(by, &mediation.Willing{Answer: mediation.Answer{Party: p.ID, How: how}})
		}
	}
}

// accept makes it a case, with its grade settled by the chair; the clerk sends the
// notices of acceptance.
func (t *tale) accept(o bureau, grade string) {
	t.do(o.chair, &mediation.Grading{Grade: grade}, &mediation.Acceptance{})
	t.gives(o.clerk, "F04")
}

// inform hands the notice of rights to those who were accepted and have none yet,
// where no session will do it.
func (t *tale) inform(by mediation.Actor, who ...mediation.PartyID) {
	for _, id := range who {
		t.do(by, &mediation.RightsGiven{Party: id, How: "signed"})
	}
}

// assign appoints the lead; with a second where the grade asks for two.
func (t *tale) assign(o bureau, track mediation.Track, lead mediation.Actor, second ...mediation.Actor) {
	a := &mediation.Appointment{Track: track, Lead: lead.User, ChosenBy: "committee", LeadRelation: "none"}
	if len(second) > 0 {
		a.Second, a.SecondRelation = second[0].User, "none"
	}
	t.do(o.chair, a)
}

// plan sets the first joint session and tells everybody.
func (t *tale) plan(by mediation.Actor, at time.Time, place string) {
	t.do(by, &mediation.Scheduling{Meeting: mediation.Meeting{At: at, Place: place, Mode: "joint", Bring: "请带身份证和手头的材料"}})
	t.gives(by, "F08")
}

// again plans a further joint session after an adjournment.
func (t *tale) again(by mediation.Actor, at time.Time, place string) {
	t.do(by, &mediation.Resumption{Meeting: mediation.Meeting{At: at, Place: place, Mode: "joint", Bring: "请带身份证和手头的材料"}})
	t.gives(by, "F08")
}

// begin opens the session with everybody there, papers looked at and rights told.
func (t *tale) begin(by mediation.Actor) {
	var came []mediation.Attendance
	for _, p := range t.c.Active() {
		came = append(came, mediation.Attendance{Party: p.ID, Present: true, ByAgent: p.AgentName != "", Identity: true, Rights: "signed"})
	}
	t.do(by, &mediation.Opening{Attendance: came})
	t.proofs(by)
}

// said is what the parties said, by turns of name and words.
func (t *tale) said(turns ...string) []mediation.Statement {
	var list []mediation.Statement
	for i := 0; i+1 < len(turns); i += 2 {
		list = append(list, mediation.Statement{Party: t.party(turns[i]), Text: turns[i+1]})
	}
	return list
}

// minutes writes the record of the open session, in which the mediator said who he
// is and what a broken word may bring, and reads it to the parties.
func (t *tale) minutes(by mediation.Actor, r mediation.Report) {
	r.Introduced, r.RisksTold, r.ReadBack, r.Recorder = true, true, true, by.Name
	t.do(by, &r)
	if r.Result == "continues" { // of one that settled the record has the agreement in it
		t.gives(by, "F10")
	}
}

// draft puts the agreement in writing, after the three checks.
func (t *tale) draft(by mediation.Actor, terms mediation.Terms) {
	t.do(by, &mediation.Draft{Terms: checked(terms)})
	t.gives(by, "F10")
}

func checked(terms mediation.Terms) mediation.Terms {
	terms.LawChecked, terms.ThirdChecked, terms.FreeWill = true, true, true
	return terms
}

// reviewed lets legal staff read the draft, which L3 and L4 must have.
func (t *tale) reviewed(o bureau, lead mediation.Actor, opinion string) {
	t.do(lead, &mediation.ReviewAsked{Summary: "请司法所审阅协议草案。"})
	t.next = t.next.Add(90 * time.Minute) // who reads takes his time
	t.do(o.legal, &mediation.DraftReviewed{Outcome: "approved", Opinion: opinion})
}

// sign lets all parties and the mediator put their names to it: drawn on the
// mediator's telephone, or on the printed sheet where the law wants a hand (ESL 3).
func (t *tale) sign(lead mediation.Actor) {
	for _, id := range t.all() {
		a := &mediation.Signing{Party: id, How: "paper"}
		if !t.c.HandOnly() {
			a.How, a.Agreed, a.Drawing = "in_person", true, scrawl(hand(t.c.Party(id)))
		}
		t.do(lead, a)
	}
	mine := &mediation.Countersigning{}
	if !t.c.HandOnly() {
		mine.Drawing = scrawl(lead.Name)
	}
	t.do(lead, mine)
}

// hand is who writes a name for a party: itself, or whoever speaks for it.
func hand(p *mediation.Party) string {
	for _, name := range []string{p.AgentName, p.GuardianName, p.LegalRep} {
		if name != "" {
			return name
		}
	}
	return p.Name
}

// seal affixes the committee's seal, the last condition of effect (PML 29).
// Everybody gets the agreement as it took effect.
func (t *tale) seal(o bureau) {
	t.do(o.chair, &mediation.Sealing{})
	t.gives(o.chair, "F11")
}

// kept reports a promise as done.
func (t *tale) kept(by mediation.Actor, n int, on statute.Date, proof string) {
	t.do(by, &mediation.Performed{Obligation: t.owed(n), On: on, Proof: proof})
	t.lay(by, mediation.File{Class: statute.Performance, Title: proof}, "日期："+on.String(), "第"+strconv.Itoa(n)+"项已履行")
}

// issue keeps the papers of a form as they stand: those that were never issued,
// or with a reason those that were, each with its next number.
func (t *tale) issue(by mediation.Actor, form, reason string) {
	for _, ch := range paper.Choices(t.c) {
		if ch.Form == form && (t.c.InForce(form, ch.Item) == nil) == (reason == "") {
			t.do(by, &mediation.Issuing{Paper: form + "/" + string(ch.Item), Reason: reason})
		}
	}
}

// gives issues the papers of a form that were never issued. Where the stories are
// told without pictures there are no proofs of identity to take a paper's
// particulars from, and none is issued.
func (t *tale) gives(by mediation.Actor, form string) {
	if t.Files != nil {
		t.issue(by, form, "")
	}
}

// visit is the follow-up after everything was performed.
func (t *tale) visit(by mediation.Actor, means, situation string) {
	t.do(by, &mediation.FinalVisit{Visitation: mediation.Visitation{Means: means, Situation: situation, Satisfaction: "satisfied"}})
	t.gives(by, "F15")
}

// look is a follow-up on the way: one instalment was paid, others are due.
func (t *tale) look(by mediation.Actor, situation string) {
	t.do(by, &mediation.InterimVisit{Visitation: mediation.Visitation{Means: "phone", Situation: situation, Satisfaction: "satisfied"}})
	t.gives(by, "F15")
}

// shut closes the case with every paper the check-list asks for.
func (t *tale) shut(o bureau, summary string) { t.shutWithout(o, summary, "") }

// shutWithout closes the case without the forms named, and says why they are not
// there.
func (t *tale) shutWithout(o bureau, summary, why string, forms ...string) {
	var papers []string
	for _, p := range t.c.PapersDue() {
		if p.Need == statute.Must && !slices.Contains(forms, p.Form) {
			papers = append(papers, p.Form)
		}
	}
	t.do(o.chair, &mediation.Closing{Papers: papers, Missing: why, Summary: summary})
}

// archive puts the volume away, in the class its facts ask for.
func (t *tale) archive(o bureau, pages int) {
	t.do(o.chair, &mediation.Archiving{Retention: t.c.ProposedRetention(), Pages: pages, Checked: true})
}
