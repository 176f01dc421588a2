package ledger_test

import (
	"context"
	"database/sql"
	"fmt"
	"testing"
	"time"

	_ "github.com/lib/pq" // the driver

	"doorstep/internal/authz"
	"doorstep/internal/casework"
	"doorstep/internal/ledger"
	"doorstep/internal/mediation"
	"doorstep/internal/pgtest"
	"doorstep/internal/postgres"
	"doorstep/internal/statute"
	"doorstep/internal/vault"
	"doorstep/policies"
)

// office is a small place with one person a role, and the desk to play stories.
type office struct {
	*testing.T
	ctx    context.Context
	raw    *sql.DB
	db     *postgres.DB
	desk   *casework.Desk
	ledger *ledger.Ledger
	policy *authz.Policy
	now    time.Time

	clerk, chair, mediator, legal, court, supervisor, admin, auditor, applicant, otherChair mediation.Actor
}

func id(n int) string { return fmt.Sprintf("00000000-0000-7000-8000-%012d", n) }

func openOffice(t *testing.T) *office {
	t.Helper()
	dsn, keys := pgtest.New(t), vault.TestKeys()
	db, err := postgres.Open(dsn.App, keys)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := sql.Open("postgres", dsn.Owner)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = db.Close(), raw.Close() })
	policy, err := authz.New(policies.Model, policies.Lines)
	if err != nil {
		t.Fatal(err)
	}
	o := &office{T: t, ctx: t.Context(), raw: raw, db: db, policy: policy, now: time.Date(2026, 5, 11, 9, 0, 0, 0, statute.Shanghai)}
	clock := func() time.Time { return o.now }
	calendar := func(context.Context) (*statute.Calendar, error) { return statute.DefaultCalendar(), nil }
	o.desk = casework.New(db, policy, keys, vault.NewHasher(keys), calendar, clock)
	o.ledger = ledger.New(db, policy, clock)
	o.furnish()
	return o
}

func (o *office) furnish() {
	o.Helper()
	o.exec(`INSERT INTO areas (id, kind, name, code, path) VALUES ($1, 'district', '高新区', 'gx', 'gx/')`, id(1))
	o.exec(`INSERT INTO areas (id, parent_id, kind, name, code, path) VALUES ($1, $3, 'community', '榆园', 'yy', 'gx/yy/'), ($2, $3, 'community', '桐里', 'tl', 'gx/tl/')`,
		id(2), id(3), id(1))
	o.exec(`INSERT INTO committees (id, area_id, name, short_name) VALUES ($1, $3, '榆园社区调委会', '榆园'), ($2, $4, '桐里社区调委会', '桐里')`, id(4), id(5), id(2), id(3))
	o.exec(`INSERT INTO courts (id, area_id, name) VALUES ($1, $2, '高新区人民法院')`, id(6), id(1))
	person := func(n int, name string, grants ...mediation.Grant) mediation.Actor {
		o.Helper()
		o.exec(`INSERT INTO users (id, username, name, password_hash, created_at) VALUES ($1, $2, $3, 'x', now())`, id(n), fmt.Sprintf("user%d", n), name)
		return mediation.Actor{User: mediation.UserID(id(n)), Name: name, Grants: append([]mediation.Grant{{Role: mediation.RoleResident}}, grants...)}
	}
	committee, court := mediation.CommitteeID(id(4)), mediation.CourtID(id(6))
	o.clerk = person(10, "小李", mediation.Grant{Role: mediation.RoleCoordinator, Committee: committee})
	o.chair = person(11, "王主任", mediation.Grant{Role: mediation.RoleChair, Committee: committee})
	o.mediator = person(12, "周老娘舅", mediation.Grant{Role: mediation.RoleMediator, Committee: committee})
	o.legal = person(13, "司法所", mediation.Grant{Role: mediation.RoleLegalOfficer, AreaPath: "gx/"})
	o.court = person(14, "书记员", mediation.Grant{Role: mediation.RoleCourtClerk, Court: court})
	o.supervisor = person(15, "监督员", mediation.Grant{Role: mediation.RoleSupervisor, AreaPath: "gx/"})
	o.admin = person(16, "管理员", mediation.Grant{Role: mediation.RoleAdmin})
	o.auditor = person(17, "审计员", mediation.Grant{Role: mediation.RoleAuditor, AreaPath: "gx/"})
	o.applicant = person(18, "陈阿芬")
	o.otherChair = person(19, "桐里主任", mediation.Grant{Role: mediation.RoleChair, Committee: mediation.CommitteeID(id(5))})
	o.exec(`INSERT INTO mediators (user_id, committee_id, registration_no) VALUES ($1, $2, 'T1')`, id(12), id(4))
	o.exec(`INSERT INTO grants (id, user_id, role, committee_id, granted_at, confirmed_at) VALUES ($1, $2, 'mediator', $3, now(), now())`, id(20), id(12), id(4))
}

func (o *office) exec(statement string, values ...any) {
	o.Helper()
	if _, err := o.raw.ExecContext(o.ctx, statement, values...); err != nil {
		o.Fatalf("%s: %v", statement, err)
	}
}

// do performs an act an hour after the last one.
func (o *office) do(a mediation.Actor, c mediation.CaseID, act mediation.Act) *mediation.Case {
	o.Helper()
	o.now = o.now.Add(time.Hour)
	done, err := o.desk.Do(o.ctx, a, c, 0, act)
	if err != nil {
		o.Fatalf("%s: %v", act.Action(), err)
	}
	return done
}

// file lets the applicant file a dispute with 孙小明 of the floor above.
func (o *office) file(n int) mediation.CaseID {
	o.Helper()
	o.now = o.now.Add(time.Hour)
	r, err := o.desk.File(o.ctx, o.applicant, mediation.Intake{Facts: "楼上半夜拖椅子", Place: "3-502", Phone: "10012345678", Area: mediation.AreaID(id(2)),
		Privacy: true, Name: "陈阿芬"}, fmt.Sprintf("key-%020d", n))
	if err != nil {
		o.Fatal(err)
	}
	return r.Case
}

func (o *office) register(c mediation.CaseID) *mediation.Case {
	o.Helper()
	return o.do(o.clerk, c, &mediation.Registration{Title: "楼上噪音", Type: "02", Subtype: "02-noise", Respondent: "孙小明", Request: "安静", RiskScreen: true})
}

// agree lets the other side say yes, so that the chair may accept.
func (o *office) agree(c *mediation.Case) {
	o.Helper()
	other := c.Parties[1].ID
	o.do(o.clerk, c.ID, &mediation.Question{ContactMade: mediation.ContactMade{Party: other, Means: "phone", Reached: true}})
	o.do(o.clerk, c.ID, &mediation.Willing{Answer: mediation.Answer{Party: other, How: "phone"}})
}

func (o *office) assign(c mediation.CaseID) {
	o.Helper()
	o.do(o.chair, c, &mediation.Appointment{Track: "party_member", Lead: o.mediator.User, ChosenBy: "committee", LeadRelation: "none"})
}

// reach files a case and brings it to where the last step named stands.
func (o *office) reach(n int, last string) *mediation.Case {
	o.Helper()
	filed := o.file(n)
	if last == "file" {
		return &mediation.Case{ID: filed}
	}
	c := o.register(filed)
	steps := []struct {
		name string
		take func()
	}{
		{"register", func() {}},
		{"agree", func() { o.agree(c) }},
		{"accept", func() { o.do(o.chair, c.ID, &mediation.Acceptance{}) }},
		{"assign", func() { o.assign(c.ID) }},
		{"schedule", func() {
			o.do(o.mediator, c.ID, &mediation.Scheduling{Meeting: mediation.Meeting{At: o.now.Add(48 * time.Hour), Place: "调解室", Mode: "joint"}})
		}},
	}
	for _, step := range steps {
		step.take()
		if step.name == last {
			return c
		}
	}
	o.Fatalf("there is no step %q", last)
	return nil
}

// draft brings a scheduled case to an agreement signed by all but the seal.
func (o *office) draft(c *mediation.Case) {
	o.Helper()
	a, b := c.Parties[0].ID, c.Parties[1].ID
	o.do(o.mediator, c.ID, &mediation.Opening{Attendance: []mediation.Attendance{
		{Party: a, Present: true, Identity: true, Rights: "signed"}, {Party: b, Present: true, Identity: true, Rights: "oral"}}})
	o.do(o.mediator, c.ID, &mediation.Report{Statements: []mediation.Statement{{Party: a, Text: "吵"}}, Result: "settled", ReadBack: true})
	due := statute.DateOf(o.now).Add(9)
	o.do(o.mediator, c.ID, &mediation.Draft{Terms: mediation.Terms{Settled: "铺地垫", LawChecked: true, ThirdChecked: true, FreeWill: true,
		Promises: []mediation.Promise{{By: b, To: a, Kind: "act", What: "铺地垫", Due: due, How: "自行"}}}})
	o.do(o.mediator, c.ID, &mediation.Signing{Party: a, How: "paper"})
	o.do(o.mediator, c.ID, &mediation.Signing{Party: b, How: "paper"})
	o.do(o.mediator, c.ID, &mediation.Countersigning{})
}

// waiting tells which cases stand in a queue of somebody's desk page.
func (o *office) waiting(a mediation.Actor, queue string) []mediation.CaseID {
	o.Helper()
	desk, err := o.ledger.Queues(o.ctx, a)
	if err != nil {
		o.Fatal(err)
	}
	ids := []mediation.CaseID{}
	for _, q := range desk.Queues {
		if q.Name != queue {
			continue
		}
		if q.Count != len(q.Rows) {
			o.Errorf("%s counts %d and shows %d", queue, q.Count, len(q.Rows))
		}
		for _, r := range q.Rows {
			ids = append(ids, r.ID)
		}
	}
	return ids
}
