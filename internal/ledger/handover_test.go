package ledger_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"doorstep/internal/mediation"
	bureau "doorstep/internal/office"
	"doorstep/internal/vault"
)

func TestWhatALeaverHoldsIsHandedOver(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	c := o.reach(1, "schedule")
	ended := o.reach(2, "assign")
	o.exec(`UPDATE cases SET stage = 'closed' WHERE id = $1`, string(ended.ID))
	o.exec(`INSERT INTO users (id, username, name, password_hash, created_at) VALUES ($1, 'user30', '何老师', 'x', now())`, id(30))
	o.exec(`INSERT INTO mediators (user_id, committee_id, registration_no) VALUES ($1, $2, 'T2')`, id(30), id(4))
	o.exec(`INSERT INTO grants (id, user_id, role, committee_id, granted_at, confirmed_at) VALUES ($1, $2, 'mediator', $3, now(), now())`, id(31), id(30), id(4))
	next := mediation.Actor{User: mediation.UserID(id(30)), Name: "何老师", Grants: []mediation.Grant{
		{Role: mediation.RoleResident}, {Role: mediation.RoleMediator, Committee: mediation.CommitteeID(id(4))}}}
	house := bureau.New(o.db, o.policy, vault.NewHasher(vault.TestKeys()), func() time.Time { return o.now })

	err := house.DisableUser(o.ctx, o.admin, o.mediator.User, false)
	if mediation.KindOf(err) != mediation.Conflict || mediation.KeyOf(err) != "office.has_open_cases" {
		t.Fatalf("stopped with an open case: %v", err)
	}
	work, err := house.OpenWork(o.ctx, o.admin, o.mediator.User)
	if err != nil || len(work) != 1 || work[0].Cases != 1 || work[0].Committee != "榆园社区调委会" {
		t.Errorf("open work %+v, %v; the closed case lies with nobody", work, err)
	}
	if got := o.waiting(o.chair, "chair.to_hand_over"); len(got) != 0 {
		t.Errorf("the mediator is there, and %v waits to be handed over", got)
	}
	if err := house.DisableUser(o.ctx, o.admin, o.mediator.User, true); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]mediation.CaseID{c.ID}, o.waiting(o.chair, "chair.to_hand_over")); diff != "" {
		t.Errorf("the chair's desk (-want +got):\n%s", diff)
	}
	if got := o.waiting(o.otherChair, "chair.to_hand_over"); len(got) != 0 {
		t.Errorf("another committee's chair has %v", got)
	}
	_, err = o.desk.Do(o.ctx, next, c.ID, 0, &mediation.Handover{To: next.User, Relation: "none", Reason: "left"})
	if mediation.KindOf(err) != mediation.Forbidden {
		t.Errorf("a mediator took a case for himself: %v", err)
	}
	o.do(o.chair, c.ID, &mediation.Handover{From: o.mediator.User, To: next.User, Relation: "none", Reason: "left"})
	if got := o.waiting(o.chair, "chair.to_hand_over"); len(got) != 0 {
		t.Errorf("handed over, and still on the desk: %v", got)
	}
	if diff := cmp.Diff([]mediation.CaseID{c.ID}, o.waiting(next, "mediator.mine")); diff != "" {
		t.Errorf("the successor's desk (-want +got):\n%s", diff)
	}
	view, err := o.desk.Case(o.ctx, next, c.ID)
	if err != nil || view.Case.Stage != mediation.Scheduled {
		t.Fatalf("the successor reads the case: %v", err)
	}
	o.exec(`UPDATE users SET disabled_at = NULL WHERE id = $1`, string(o.mediator.User))
	if _, err := o.desk.Case(o.ctx, o.mediator, c.ID); mediation.KindOf(err) != mediation.NotFound {
		t.Errorf("the one who left reads it still: %v", err)
	}
}
