package ledger

import (
	"context"
	"slices"
	"strings"

	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
)

// The sizes of the desk page.
const (
	QueueRows = 5   // rows shown of a queue
	QueueMost = 100 // beyond it a count says "100+"
)

// Queue is what waits at a desk for one kind of act.
type Queue struct {
	Desk  string // "intake", "chair", "mediator", "legal", "court", "supervisor", "own"
	Name  string // of Filter.Queue and of its words: "chair.to_seal"
	Count int    // at most QueueMost
	More  bool   // there are more than QueueMost
	Rows  []Row  // the first QueueRows, most pressing first
}

// Desk is the signed-in home: the queues of all the reader's grants, and for
// those who watch over many, the figures.
type Desk struct {
	Queues      []Queue // in the order of the desks; empty ones too
	Communities []Community
	Office      *postgres.OfficeState // for the administrator; else nil
	Audits      bool                  // the reader may read the history's lines
	Unread      int                   // notices, at most QueueMost+1
}

// Community is how much lies in one community, by stage.
type Community struct {
	Path, Name, NameEN string
	Stages             map[mediation.Stage]int
	Cases, Late        int
}

// queueSpec is one queue: which desk shows it, over which of the reader's
// scopes, in which order. What stands in it is said in package postgres.
type queueSpec struct {
	name   string
	scopes []mediation.Scope
	byDue  bool
}

// desk is the part before the dot; it is also the policy's action on the object
// "desk", so that no role is named here.
func (q queueSpec) desk() string {
	desk, _, _ := strings.Cut(q.name, ".")
	return desk
}

// ownDesk needs no office: it is everybody's who is in a case himself.
const ownDesk = "own"

// queueSpecs is every queue in the order the desk page shows them.
func queueSpecs() []queueSpec {
	committee := []mediation.Scope{mediation.ScopeCommittee, mediation.ScopeCommitteeOpen}
	assigned := []mediation.Scope{mediation.ScopeAssigned}
	escalated := []mediation.Scope{mediation.ScopeEscalated}
	referred := []mediation.Scope{mediation.ScopeReferred}
	area := []mediation.Scope{mediation.ScopeArea}
	return []queueSpec{
		{"intake.submitted", committee, false},
		{"intake.supplement", committee, false},
		{"intake.registered", committee, false},
		{"intake.consent_pending", committee, false},
		{"intake.late", committee, true},
		{"chair.unreported", committee, true},
		{"chair.to_accept", committee, false},
		{"chair.to_refuse", committee, false},
		{"chair.to_assign", committee, false},
		{"chair.recusal", committee, false},
		{"chair.to_hand_over", committee, true},
		{"chair.to_seal", committee, false},
		{"chair.advised", committee, false},
		{"chair.lapsed", committee, false},
		{"chair.to_close", committee, false},
		{"mediator.mine", assigned, true},
		{"mediator.sessions", assigned, true},
		{"mediator.to_sign", assigned, true},
		{"mediator.overdue", assigned, true},
		{"mediator.follow_up", assigned, true},
		{"legal.major", escalated, true},
		{"legal.reviews", escalated, true},
		{"legal.agreements", escalated, true},
		{"court.offered", referred, false},
		{"court.taken", referred, true},
		{"supervisor.unreported", area, true},
		{"supervisor.late", area, true},
		{"supervisor.lapsed", area, false},
		{"own.party", []mediation.Scope{mediation.ScopeParty}, true},
		{"own.invited", []mediation.Scope{mediation.ScopeInvited}, true},
		{"own.reported", []mediation.Scope{mediation.ScopeAuthor}, true},
	}
}

// rightsOf gives the rights by which the actor has a queue: those of the grants
// that hold the desk, in the queue's scopes. None for a queue that is not his.
func (l *Ledger) rightsOf(a mediation.Actor, name string) []mediation.Right {
	for _, q := range queueSpecs() {
		if q.name == name {
			return l.queueRights(a, q)
		}
	}
	return nil
}

func (l *Ledger) queueRights(a mediation.Actor, q queueSpec) []mediation.Right {
	desks := l.policy.Scope(a, "desk", mediation.Action(q.desk()))
	var rights []mediation.Right
	for _, r := range l.policy.Scope(a, "case", "list") {
		mine := q.desk() == ownDesk || slices.ContainsFunc(desks, func(d mediation.Right) bool { return d.Grant == r.Grant })
		if mine && slices.Contains(q.scopes, r.Scope) {
			rights = append(rights, r)
		}
	}
	return rights
}

// Queues reads the desk page: three statements at most beside the notices, each
// bounded, however many queues there are.
//
// Errors: Forbidden for somebody who neither holds a desk nor lists cases.
func (l *Ledger) Queues(ctx context.Context, a mediation.Actor) (Desk, error) {
	if err := l.mayEnter(a); err != nil {
		return Desk{}, err
	}
	var desk Desk
	var wanted []postgres.Queue
	for _, q := range queueSpecs() {
		if rights := l.queueRights(a, q); len(rights) > 0 {
			wanted = append(wanted, postgres.Queue{Name: q.name, Rights: rights, ByDue: q.byDue})
			desk.Queues = append(desk.Queues, Queue{Desk: q.desk(), Name: q.name})
		}
	}
	rows, err := l.db.Queues(ctx, l.reader(a, nil), wanted, QueueRows, QueueMost+1)
	if err != nil {
		return Desk{}, err
	}
	if err := desk.fill(a, rows); err != nil {
		return Desk{}, err
	}
	return desk, l.figures(ctx, a, &desk)
}

// desks are the desks that have figures beside or instead of queues.
const (
	supervisorDesk = "supervisor"
	auditDesk      = "audit"
	adminDesk      = "admin"
)

// mayEnter is the gate of the desk page: a list of cases or any desk opens it.
func (l *Ledger) mayEnter(a mediation.Actor) error {
	for _, desk := range []mediation.Action{auditDesk, adminDesk} {
		if l.policy.Can(a, "desk", desk) {
			return nil
		}
	}
	_, err := l.policy.Check(a, "case", "list")
	return err
}

func (d *Desk) fill(a mediation.Actor, rows []postgres.QueueRow) error {
	for _, r := range rows {
		at := slices.IndexFunc(d.Queues, func(q Queue) bool { return q.Name == r.Queue })
		row, err := shownRow(a, r.ListRow)
		if err != nil {
			return err
		}
		q := &d.Queues[at]
		q.Count, q.More, q.Rows = min(r.Size, QueueMost), r.Size > QueueMost, append(q.Rows, row)
	}
	return nil
}

func (l *Ledger) figures(ctx context.Context, a mediation.Actor, d *Desk) error {
	var err error
	if l.policy.Can(a, "desk", supervisorDesk) {
		if d.Communities, err = l.communities(ctx, a); err != nil {
			return err
		}
	}
	if l.policy.Can(a, "desk", adminDesk) {
		state, err := l.db.OfficeState(ctx, QueueMost+1)
		if err != nil {
			return err
		}
		d.Office = &state
	}
	d.Audits = l.policy.Can(a, "desk", auditDesk)
	if l.policy.Can(a, "notice", "read") {
		d.Unread, err = l.Unread(ctx, a)
	}
	return err
}

// communities reads what lies where and what is late, in the supervisor's areas.
func (l *Ledger) communities(ctx context.Context, a mediation.Actor) ([]Community, error) {
	rights := l.queueRights(a, queueSpec{name: supervisorDesk + ".load", scopes: []mediation.Scope{mediation.ScopeArea}})
	counts, err := l.db.Load(ctx, l.reader(a, rights))
	if err != nil {
		return nil, err
	}
	var all []Community
	for _, n := range counts {
		if len(all) == 0 || all[len(all)-1].Path != n.Path {
			all = append(all, Community{Path: n.Path, Name: n.Name, NameEN: n.NameEN, Stages: map[mediation.Stage]int{}})
		}
		last := &all[len(all)-1]
		last.Stages[n.Stage] += n.Cases
		last.Cases, last.Late = last.Cases+n.Cases, last.Late+n.Late
	}
	return all, nil
}
