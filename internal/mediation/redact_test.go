package mediation_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"doorstep/internal/authz"
	. "doorstep/internal/mediation"
	"doorstep/internal/statute"
	"doorstep/policies"
)

// sight is who may read what of a case, by the real policy. A line is a text of
// the case; the readers, in the order of the head:
//
//	A2 A1  the applicant, identity checked, or with a code alone
//	R2 R1  the other side likewise
//	as     an invited assistant       cl  the intake clerk
//	m1     the lead, who wrote the caucus note       m2  the second mediator
//	ch     the chair                  le  legal staff asked for a review
//	lo     legal staff who opened the file with a reason
//	co     the court clerk            su  the supervisor
//	ad     admin, auditor, visitor: nothing of a case is theirs
//
// @A and @R are what belongs to one side, @both what was shared or sat in by both.
const sight = `
                               A2 A1 R2 R1 as cl m1 m2 ch le lo co su ad
title                          x  x  x  x  x  x  x  x  x  x  x  .  .  .
facts                          x  x  .  .  x  x  x  x  x  x  x  .  .  .
place                          x  x  .  .  x  x  x  x  x  x  x  .  .  .
request                        x  x  .  .  x  x  x  x  x  x  x  .  .  .
respondent_hint                x  x  .  .  x  x  x  x  x  x  x  .  .  .
outcome_text                   .  .  .  .  x  x  x  x  x  x  x  .  .  .
missing_papers                 .  .  .  .  x  x  x  x  x  x  x  .  .  .
closing_summary                .  .  .  .  x  x  x  x  x  x  x  .  .  .
retention_reason               .  .  .  .  x  x  x  x  x  x  x  .  .  .
grade_reason                   .  .  .  .  x  x  x  x  x  x  x  .  .  .
parties.name@A                 x  x  x  .  x  x  x  x  x  x  x  .  .  .
parties.name@R                 x  .  x  x  x  x  x  x  x  x  x  .  .  .
parties.guardian_name@A        x  x  x  .  x  x  x  x  x  x  x  .  .  .
parties.guardian_name@R        x  .  x  x  x  x  x  x  x  x  x  .  .  .
parties.agent_name@A           x  x  x  .  x  x  x  x  x  x  x  .  .  .
parties.agent_name@R           x  .  x  x  x  x  x  x  x  x  x  .  .  .
parties.legal_rep@A            x  x  x  .  x  x  x  x  x  x  x  .  .  .
parties.legal_rep@R            x  .  x  x  x  x  x  x  x  x  x  .  .  .
parties.legal_post@A           x  x  x  .  x  x  x  x  x  x  x  .  .  .
parties.legal_post@R           x  .  x  x  x  x  x  x  x  x  x  .  .  .
parties.credit_code@A          x  x  x  .  x  x  x  x  x  x  x  .  .  .
parties.credit_code@R          x  .  x  x  x  x  x  x  x  x  x  .  .  .
parties.phone_mask@A           x  x  .  .  .  x  x  x  x  x  .  .  .  .
parties.phone_mask@R           .  .  x  x  .  x  x  x  x  x  .  .  .  .
parties.id_mask@A              x  x  .  .  .  x  x  x  x  x  .  .  .  .
parties.id_mask@R              .  .  x  x  .  x  x  x  x  x  .  .  .  .
parties.birth_mask@A           x  x  .  .  .  x  x  x  x  x  .  .  .  .
parties.birth_mask@R           .  .  x  x  .  x  x  x  x  x  .  .  .  .
parties.sex@A                  x  x  .  .  .  x  x  x  x  x  .  .  .  .
parties.sex@R                  .  .  x  x  .  x  x  x  x  x  .  .  .  .
parties.ethnic@A               x  x  .  .  .  x  x  x  x  x  .  .  .  .
parties.ethnic@R               .  .  x  x  .  x  x  x  x  x  .  .  .  .
parties.occupation@A           x  x  .  .  .  x  x  x  x  x  .  .  .  .
parties.occupation@R           .  .  x  x  .  x  x  x  x  x  .  .  .  .
parties.address_mask@A         x  x  .  .  .  x  x  x  x  x  .  .  .  .
parties.address_mask@R         .  .  x  x  .  x  x  x  x  x  .  .  .  .
parties.account_mask@A         x  x  .  .  .  x  x  x  x  x  .  .  .  .
parties.account_mask@R         .  .  x  x  .  x  x  x  x  x  .  .  .  .
parties.Fresh@A                .  .  .  .  .  .  .  .  .  .  .  .  .  .
parties.Fresh@R                .  .  .  .  .  .  .  .  .  .  .  .  .  .
files.name@A                   x  x  .  .  .  .  x  x  x  x  .  .  .  .
files.name@R                   .  .  x  x  .  .  x  x  x  x  .  .  .  .
files.name@both                x  x  x  .  .  .  x  x  x  x  .  .  .  .
files.name@ID                  x  .  .  .  .  .  x  x  x  x  .  .  .  .
files.title@A                  x  x  .  .  .  .  x  x  x  x  .  .  .  .
files.title@R                  .  .  x  x  .  .  x  x  x  x  .  .  .  .
files.title@both               x  x  x  .  .  .  x  x  x  x  .  .  .  .
files.title@ID                 x  .  .  .  .  .  x  x  x  x  .  .  .  .
contacts.note                  .  .  .  .  .  x  x  x  x  x  .  .  .  .
risks.facts                    .  .  .  .  .  x  x  x  x  x  x  .  .  .
risks.measures                 .  .  .  .  .  x  x  x  x  x  x  .  .  .
risks.receiver                 .  .  .  .  .  x  x  x  x  x  x  .  .  .
risks.report_ref               .  .  .  .  .  x  x  x  x  x  x  .  .  .
helpers.name                   x  x  x  x  x  x  x  x  x  x  x  .  .  .
recusals.reason@A              x  x  .  .  x  x  x  x  x  x  x  .  .  .
recusals.reason@R              .  .  x  x  x  x  x  x  x  x  x  .  .  .
recusals.decision@A            x  x  .  .  x  x  x  x  x  x  x  .  .  .
recusals.decision@R            .  .  x  x  x  x  x  x  x  x  x  .  .  .
sessions.place@both            x  x  x  x  x  .  x  x  x  x  x  .  .  .
sessions.bring@both            x  x  x  x  x  .  x  x  x  x  x  .  .  .
sessions.recorder@both         x  x  x  x  x  .  x  x  x  x  x  .  .  .
sessions.statements@both       x  .  x  .  x  .  x  x  x  x  x  .  .  .
sessions.confirmed_facts@both  x  .  x  .  x  .  x  x  x  x  x  .  .  .
sessions.negotiation_notes@both .  .  .  .  .  .  x  x  x  x  x  .  .  .
sessions.doors@both            x  x  x  x  x  .  x  x  x  x  x  .  .  .
sessions.opened_doors@both     x  x  x  x  x  .  x  x  x  x  x  .  .  .
sessions.doors@R               .  .  x  x  .  .  x  x  x  x  x  .  .  .
sessions.opened_doors@R        .  .  x  x  .  .  x  x  x  x  x  .  .  .
sessions.place@R               .  .  x  x  .  .  x  x  x  x  x  .  .  .
sessions.bring@R               .  .  x  x  .  .  x  x  x  x  x  .  .  .
sessions.recorder@R            .  .  x  x  .  .  x  x  x  x  x  .  .  .
sessions.statements@R          .  .  .  .  .  .  x  x  x  x  x  .  .  .
sessions.confirmed_facts@R     .  .  .  .  .  .  x  x  x  x  x  .  .  .
sessions.negotiation_notes@R   .  .  .  .  .  .  x  x  x  x  x  .  .  .
caucus_notes.Text              .  .  .  .  .  .  x  .  .  .  .  .  .  .
investigations.place           .  .  .  .  x  .  x  x  x  x  x  .  .  .
investigations.asked           .  .  .  .  x  .  x  x  x  x  x  .  .  .
investigations.content         .  .  .  .  x  .  x  x  x  x  x  .  .  .
investigations.present         .  .  .  .  x  .  x  x  x  x  x  .  .  .
investigations.recorder        .  .  .  .  x  .  x  x  x  x  x  .  .  .
extensions.reason              x  x  x  x  x  x  x  x  x  x  x  .  .  .
escalations.summary            .  .  .  .  .  x  x  x  x  x  x  .  .  .
escalations.snapshot           .  .  .  .  .  x  x  x  x  x  x  .  .  .
escalations.opinion            .  .  .  .  .  x  x  x  x  x  x  .  .  .
major_reports.receiver         .  .  .  .  .  x  x  x  x  x  x  .  .  .
major_reports.how              .  .  .  .  .  x  x  x  x  x  x  .  .  .
major_reports.who              .  .  .  .  .  x  x  x  x  x  x  .  .  .
major_reports.measures         .  .  .  .  .  x  x  x  x  x  x  .  .  .
major_reports.ref              .  .  .  .  .  x  x  x  x  x  x  .  .  .
major_reports.joint            .  .  .  .  .  x  x  x  x  x  x  .  .  .
referrals.pack                 .  .  .  .  .  .  x  x  x  x  x  x  .  .
referrals.court_ref            .  .  .  .  .  .  x  x  x  x  x  x  .  .
referrals.result               .  .  .  .  .  .  x  x  x  x  x  x  .  .
transfers.receiver             x  x  .  .  x  x  x  x  x  x  x  .  x  .
transfers.reason               x  x  .  .  x  x  x  x  x  x  x  .  .  .
transfers.agreed_by            .  .  .  .  x  x  x  x  x  x  x  .  .  .
agreements.facts               x  .  x  .  x  x  x  x  x  x  x  .  .  .
agreements.settled             x  .  x  .  x  x  x  x  x  x  x  .  .  .
agreements.unsettled           x  .  x  .  x  x  x  x  x  x  x  .  .  .
agreements.performance         x  .  x  .  x  x  x  x  x  x  x  .  .  .
obligations.what               x  .  x  .  x  x  x  x  x  x  x  .  .  .
obligations.how                x  .  x  .  x  x  x  x  x  x  x  .  .  .
obligations.proof              x  .  x  .  x  x  x  x  x  x  x  .  .  .
confirmations.pack             .  .  .  .  .  .  x  x  x  x  x  x  .  .
obligations.dispute            x  .  x  .  x  x  x  x  x  x  x  .  .  .
confirmations.court_ref        x  .  x  .  x  x  x  x  x  x  x  x  .  .
confirmations.note             x  .  x  .  x  x  x  x  x  x  x  x  .  .
joinings.serve_mask@A          x  .  .  .  .  x  x  x  x  x  .  .  .  .
joinings.serve_mask@R          .  .  x  .  .  x  x  x  x  x  .  .  .  .
joinings.online_mask@A         x  .  .  .  .  x  x  x  x  x  .  .  .  .
joinings.online_mask@R         .  .  x  .  .  x  x  x  x  x  .  .  .  .
joinings.Fresh@A               .  .  .  .  .  .  .  .  .  .  .  .  .  .
joinings.Fresh@R               .  .  .  .  .  .  .  .  .  .  .  .  .  .
follow_ups.situation           .  .  .  .  x  x  x  x  x  x  x  .  .  .
follow_ups.suit_result         .  .  .  .  x  x  x  x  x  x  x  .  .  .
follow_ups.wrong_note          .  .  .  .  x  x  x  x  x  x  x  .  .  .
follow_ups.measures            .  .  .  .  x  x  x  x  x  x  x  .  .  .
addenda.text                   .  .  .  .  x  x  x  x  x  x  x  .  .  .
addenda.told_by                .  .  .  .  x  x  x  x  x  x  x  .  .  .
data_requests.body@A           x  x  .  .  .  x  x  x  x  x  .  .  .  .
data_requests.body@R           .  .  x  x  .  x  x  x  x  x  .  .  .  .
data_requests.answer@A         x  x  .  .  .  x  x  x  x  x  .  .  .  .
data_requests.answer@R         .  .  x  x  .  x  x  x  x  x  .  .  .  .
corrections.text               .  .  .  .  x  .  x  x  x  x  x  .  .  .
issues.number@A                x  .  .  .  .  .  x  x  x  x  .  .  .  .
issues.number@R                .  .  x  .  .  .  x  x  x  x  .  .  .  .
issues.number@both             x  x  x  x  .  x  x  x  x  x  .  .  .  .
issues.digest@A                x  .  .  .  .  .  x  x  x  x  .  .  .  .
issues.digest@R                .  .  x  .  .  .  x  x  x  x  .  .  .  .
issues.digest@both             x  x  x  x  .  x  x  x  x  x  .  .  .  .
issues.reason@A                .  .  .  .  .  .  x  x  x  x  .  .  .  .
issues.reason@R                .  .  .  .  .  .  x  x  x  x  .  .  .  .
issues.reason@both             .  .  .  .  .  x  x  x  x  x  .  .  .  .
clock of the report            .  .  .  .  .  x  x  x  x  x  x  .  .  .
`

// codes are the texts of a case that are no words of anybody: states, codes,
// numbers, digests, and who leads the case, which its people must know.
const codes = `intake_number number area_path type subtype source source_ref channel grade grade_by grade_facts effect_rule outcome_code remedies chain_head
	parties.capacity parties.agent_scope parties.consent parties.consent_how parties.rights_how parties.identity_how parties.legal_ground
	files.kind files.mime files.digest files.preview files.class files.form contacts.means risks.flag risks.told
	assignments.name assignments.chosen_by assignments.relation assignments.accepted_by assignments.ended_why
	conflicts.relation helpers.as_what recusals.relation recusals.state sessions.mode sessions.state sessions.result sessions.attendance
	transfers.agreed_how transfers.legal_ground escalations.kind escalations.reason escalations.outcome referrals.state referrals.pack_digest
	agreements.form agreements.checklist agreements.digest signatures.digest signatures.image_digest signatures.as_what signatures.how obligations.kind obligations.state obligations.every
	issues.form issues.needs
	confirmations.state confirmations.ground confirmations.pack_digest joinings.state joinings.how joinings.agreement_digest data_requests.data_right data_requests.means data_requests.outcome data_requests.ground follow_ups.means follow_ups.satisfaction follow_ups.wrong deadlines.outcome deadlines.term deadlines.reckoning`

// rich is a case with a row in every list, as both sides see different things.
func rich(t judge) *play {
	p := at(t, Effective)
	c := p.c
	a, r := &c.Parties[0], &c.Parties[1]
	a.User = chen
	c.Hold = true
	at := c.Sessions[0].Attendance
	c.Sessions = append(c.Sessions, Session{ID: "s-2", Seq: 2, Mode: "caucus", State: "recorded", Statements: []Statement{{Party: r.ID}},
		Attendance: []Attendance{{Party: r.ID, Present: true}, {Party: a.ID}}})
	c.Sessions[0].Attendance = at
	c.Files = []File{{ID: "f-1", Side: Applicant, Party: a.ID}, {ID: "f-2", Side: Respondent, Party: r.ID}, {ID: "f-3", Side: Applicant, Party: a.ID, Shared: true},
		{ID: "f-4", Side: Applicant, Party: a.ID, About: a.ID, Class: statute.ProofOfIdentity, Shared: true}} // even if a mark of sharing were left on it
	c.Risks = []Risk{{ID: "r-1", Flag: "R3-DV", By: du}}
	c.Assignments = append(c.Assignments, Assignment{ID: "as-2", Mediator: lin, Relation: "none", StartedAt: p.now})
	c.Helpers = []Helper{{ID: "h-1", User: "u-he", As: "elder"}}
	c.Conflicts = []Interest{{ID: "k-1", User: "u-other", Relation: "relative"}}
	c.Recusals = []Recusal{{ID: "rec-1", Party: a.ID, State: "rejected"}, {ID: "rec-2", Party: r.ID, State: "rejected"}}
	c.Caucuses = []CaucusNote{{ID: "n-1", Party: r.ID, By: du}}
	c.Inquiries, c.Extensions = []Investigation{{ID: "i-1"}}, []Extension{{ID: "x-1"}}
	c.Escalations = []Escalation{{ID: "e-1", Kind: "case", AskedBy: du, AskedAt: p.now}}
	c.MajorReports = []MajorReport{{ID: "mr-1", How: OnPaper}}
	c.Referrals = []Referral{{ID: "rf-1", Court: gaoxin, State: ReferralTaken}}
	c.Transfers = []Transfer{{ID: "tr-1"}}
	c.Confirmations, c.FollowUps, c.Corrections = []Confirmation{{ID: "cf-1", Court: gaoxin}}, []Visited{{ID: "v-1"}}, []Correction{{ID: "cr-1"}}
	c.Addenda = []Addendum{{ID: "ad-1", Seq: 1}}
	c.DataRequests = []DataRequest{{ID: "dr-1", Party: a.ID}, {ID: "dr-2", Party: r.ID}}
	c.Joinings = []Joining{{ID: "j-1", Confirmation: "cf-1", Party: a.ID}, {ID: "j-2", Confirmation: "cf-1", Party: r.ID}}
	c.Issues = []Issue{{ID: "p-1", Form: "F10", Item: "s-1", Seq: 1, Needs: []string{"session"}, Parties: []PartyID{a.ID}},
		{ID: "p-2", Form: "F10", Item: "s-2", Seq: 1, Needs: []string{"session"}, Parties: []PartyID{r.ID}}, // the record of a talk with one side
		{ID: "p-3", Form: "F03", Seq: 1, Needs: []string{"facts"}, Parties: []PartyID{a.ID, r.ID}}}
	c.Deadlines = append(c.Deadlines, Deadline{ID: "d-4", Kind: statute.D04Report, Starts: p.now, Due: p.now.Add(time.Hour)})
	return p
}

// sides names whose each row of a list is.
var sides = map[string][]string{"parties": {"A", "R"}, "files": {"A", "R", "both", "ID"}, "recusals": {"A", "R"}, "issues": {"A", "R", "both"}, "sessions": {"both", "R"},
	"joinings": {"A", "R"}, "data_requests": {"A", "R"}}

// plant writes a text into every field of words that names the field itself, and
// gives the names of all fields it met.
func plant(v reflect.Value, path, tag string, met map[string]bool) {
	switch v.Kind() {
	case reflect.String:
		plain := v.Type() == reflect.TypeFor[string]()
		if plain {
			met[path+tag] = true
		}
		if plain && !isCode(path) {
			v.SetString("«" + path + tag + "»")
		}
	case reflect.Pointer:
		if v.Type() == reflect.TypeFor[*Contactable]() {
			v.Set(reflect.ValueOf(&Contactable{Phone: "«" + path + tag + "»"}))
			met[path+tag] = true
		}
	case reflect.Slice:
		if v.Type() == reflect.TypeFor[json.RawMessage]() {
			v.SetBytes([]byte(`"«` + path + tag + `»"`))
			met[path+tag] = true
			return
		}
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return
		}
		for i := range v.Len() {
			next := tag
			if names := sides[path]; names != nil && tag == "" {
				next = "@" + names[i]
			}
			plant(v.Index(i), path, next, met)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if !f.IsExported() {
				continue
			}
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name == "-" || name == "" {
				name = f.Name
			}
			if path != "" && strings.Count(path, ".") == 0 {
				name = path + "." + name
			} else if path != "" {
				name = path // deeper: the list's own name says it
			}
			plant(v.Field(i), name, tag, met)
		}
	}
}

func isCode(path string) bool { return slices.Contains(strings.Fields(codes), path) }

// words gathers every text a reader got, also those no JSON shows.
func words(v reflect.Value, into *strings.Builder) {
	switch v.Kind() {
	case reflect.String:
		into.WriteString(v.String())
	case reflect.Pointer:
		if !v.IsNil() {
			words(v.Elem(), into)
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			into.Write(v.Bytes())
			return
		}
		for i := range v.Len() {
			words(v.Index(i), into)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				words(v.Field(i), into)
			}
		}
	}
}

type reader struct {
	actor Actor
	level Level // of the party, when he is one
	extra []string
}

func readers(p *play) map[string]reader {
	code := func(side Side) Actor {
		return CodeHolder(CodeAccess{Case: p.c.ID, Party: p.side(side), Level: LevelCode})
	}
	staff := func(as Role, id UserID) Actor {
		a := p.actor(as)
		a.User = id
		return a
	}
	area := Grant{AreaPath: "city/gx/"}
	with := func(as Role) Actor { g := area; g.Role = as; return Actor{User: UserID("u-" + as), Grants: []Grant{g}} }
	return map[string]reader{
		"A2": {actor: p.actor(RoleResident), level: LevelChecked}, "A1": {actor: code(Applicant), level: LevelCode},
		"R2": {actor: code(Respondent), level: LevelChecked}, "R1": {actor: code(Respondent), level: LevelCode},
		"as": {actor: staff(RoleAssistant, "u-he")}, "cl": {actor: p.actor(RoleCoordinator)}, "m1": {actor: p.actor(RoleMediator)},
		"m2": {actor: staff(RoleMediator, lin)}, "ch": {actor: p.actor(RoleChair)}, "le": {actor: p.actor(RoleLegalOfficer)},
		"lo": {actor: p.actor(RoleLegalOfficer), extra: []string{"facts", "session", "agreement", "deadline", "escalation", "referral", "risk"}},
		"co": {actor: p.actor(RoleCourtClerk)}, "su": {actor: with(RoleSupervisor)}, "ad": {actor: with(RoleAdmin)},
	}
}

// reads is the case for one reader, by the policy as the desk asks it.
func reads(policy *authz.Policy, p *play, r reader) *Case {
	c := copied(p.c)
	if r.extra != nil { // nobody asked him: no review lies open
		c.Escalations[0].AnsweredAt = p.now.Add(-2 * EscalatedFor)
	}
	if me := c.ActorParty(r.actor); me != nil {
		me.Identity = r.level
	}
	row := c.Row()
	return c.For(r.actor, func(object string, action Action) []Scope {
		var scopes []Scope
		for _, right := range policy.Scope(r.actor, object, action) {
			if right.Allows(r.actor, row, p.now) {
				scopes = append(scopes, right.Scope)
			}
		}
		if slices.Contains(r.extra, object) {
			scopes = append(scopes, ScopeSupervised)
		}
		return scopes
	})
}

// TestSight plants a word in every text of a rich case and looks which of them
// each reader gets. A field added to a case without a line here fails.
//
// proves: duty.confidence
func TestSight(t *testing.T) {
	policy, err := authz.New(policies.Model, policies.Lines)
	if err != nil {
		t.Fatal(err)
	}
	p := rich(t)
	met := map[string]bool{}
	plant(reflect.ValueOf(p.c).Elem(), "", "", met)
	rows := strings.Split(strings.TrimSpace(sight), "\n")
	who := strings.Fields(rows[0])
	seen := map[string]*Case{}
	for name, r := range readers(p) {
		seen[name] = reads(policy, p, r)
	}
	for _, line := range rows[1:] {
		cells := strings.Fields(line)
		what := strings.Join(cells[:len(cells)-len(who)], " ")
		delete(met, what)
		for i, name := range who {
			if got, want := gets(seen[name], what), cells[len(cells)-len(who)+i] == "x"; got != want {
				t.Errorf("%s: %s sees it %v, want %v", what, name, got, want)
			}
		}
	}
	for field := range met {
		path, _, _ := strings.Cut(field, "@")
		if !isCode(path) {
			t.Errorf("nobody has decided who sees %s", field)
		}
	}
}

func gets(c *Case, what string) bool {
	if what == "clock of the report" {
		return slices.ContainsFunc(c.Deadlines, func(d Deadline) bool { return d.Kind == statute.D04Report })
	}
	var all strings.Builder
	words(reflect.ValueOf(c).Elem(), &all)
	return strings.Contains(all.String(), "«"+what+"»")
}

// TestSightCopies: what a reader gets is a copy; cutting it down takes nothing
// from the case.
func TestSightCopies(t *testing.T) {
	policy, err := authz.New(policies.Model, policies.Lines)
	if err != nil {
		t.Fatal(err)
	}
	p := rich(t)
	plant(reflect.ValueOf(p.c).Elem(), "", "", map[string]bool{})
	before := copied(p.c)
	for name, r := range readers(p) {
		row := p.c.Row()
		p.c.For(r.actor, func(object string, action Action) []Scope {
			var scopes []Scope
			for _, right := range policy.Scope(r.actor, object, action) {
				if right.Allows(r.actor, row, p.now) {
					scopes = append(scopes, right.Scope)
				}
			}
			return scopes
		})
		if diff := changed(before, p.c); diff != "" {
			t.Fatalf("reading as %s changed the case:\n%s", name, diff)
		}
	}
}

// TestSightOfNobody: without a right to anything, no name, no word.
func TestSightOfNobody(t *testing.T) {
	p := rich(t)
	plant(reflect.ValueOf(p.c).Elem(), "", "", map[string]bool{})
	v := p.c.For(Actor{}, func(string, Action) []Scope { return nil })
	var all strings.Builder
	words(reflect.ValueOf(v).Elem(), &all)
	if i := strings.Index(all.String(), "«"); i >= 0 && !strings.HasPrefix(all.String()[i:], "«**") {
		t.Errorf("nobody reads %q", fmt.Sprint(all.String()[i:min(len(all.String()), i+60)]))
	}
}
