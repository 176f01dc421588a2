// Package casework is what people do to a case. Desk.Do is the one doorway: may
// this role, is this row in reach, do the rules agree, what changed, what the
// history says and who is told: all in one transaction.
package casework

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"doorstep/internal/authz"
	"doorstep/internal/mediation"
	"doorstep/internal/paper"
	"doorstep/internal/postgres"
	"doorstep/internal/statute"
	"doorstep/internal/vault"
)

// Calendars gives the legal calendar with the office's own days.
type Calendars func(ctx context.Context) (*statute.Calendar, error)

// Desk changes and reads cases. It keeps nothing of its own.
type Desk struct {
	db       *postgres.DB
	policy   *authz.Policy
	keys     *vault.Keys
	hasher   *vault.Hasher
	calendar Calendars
	now      func() time.Time
	wall     func() time.Time // real time: what a link's end is told by
	quota    mediation.Quota
	words    paper.Wording // standing sentences of the papers
}

// New makes a desk over a database. The clock is that of the cases: in a
// demonstration it may stand elsewhere than the wall's.
func New(db *postgres.DB, policy *authz.Policy, keys *vault.Keys, hasher *vault.Hasher, calendar Calendars, now func() time.Time) *Desk {
	return &Desk{db: db, policy: policy, keys: keys, hasher: hasher, calendar: calendar, now: now, wall: now}
}

// OnWall tells the desk the real time where the cases' clock stands elsewhere, as
// in a demonstration: links end by the wall, deadlines by the cases.
func (d *Desk) OnWall(wall func() time.Time) *Desk {
	d.wall = wall
	return d
}

// Within bounds what cases and committees may keep in files; without it the
// default holds.
func (d *Desk) Within(q mediation.Quota) *Desk {
	d.quota = q
	return d
}

// At is the same desk at another time; the demonstration plays its stories with
// it.
func (d *Desk) At(now func() time.Time) *Desk {
	other := *d
	other.now = now
	return &other
}

// Do performs an act on a case. It is the only way to change one: pages, duties
// and the command line all pass here. Seen is the version the actor looked at; 0
// does not ask.
//
// Errors: Forbidden when no role of the actor may ever do it, NotFound when the
// case is absent or out of reach, Conflict when the stage does not allow it or
// the case moved on since it was seen, Invalid with fields or a rule's key.
func (d *Desk) Do(ctx context.Context, a mediation.Actor, id mediation.CaseID, seen int, act mediation.Act) (*mediation.Case, error) {
	rights, err := d.policy.Check(a, "case", act.Action())
	if err != nil {
		return nil, err
	}
	now := d.now()
	var done *mediation.Case
	err = d.db.InTx(ctx, func(tx postgres.Tx) error {
		c, before, err := tx.LockCase(ctx, a, rights, id, now)
		if err != nil {
			return err
		}
		if seen != 0 && seen != c.Version {
			return &mediation.Error{Kind: mediation.Conflict, Key: "error.stale", Args: map[string]string{"stage": string(c.Stage)}}
		}
		scene, err := d.scene(ctx, tx, a, role(rights, a, c, now), c.Committee, named(act, a), now)
		if err != nil {
			return err
		}
		if err := d.gather(ctx, tx, a, c, act, scene); err != nil {
			return err
		}
		if err := d.perform(ctx, tx, c, before, act, scene); err != nil {
			return err
		}
		done = c
		return nil
	})
	return done, err
}

// gather puts on the scene what only some acts want to see.
func (d *Desk) gather(ctx context.Context, tx postgres.Tx, a mediation.Actor, c *mediation.Case, act mediation.Act, scene *mediation.Scene) (err error) {
	if scene.Findings, err = ties(ctx, tx, c, act, a); err != nil {
		return err
	}
	if scene.OnFile, err = onFile(ctx, tx, c, act); err != nil {
		return err
	}
	if scene.Invited, err = invited(ctx, tx, c, act); err != nil {
		return err
	}
	if hands, ok := act.(mediation.Hands); ok {
		committee, name := hands.HandedTo()
		if scene.Receiver, err = tx.Receiver(ctx, committee, name); err != nil {
			return err
		}
	}
	if reporting, ok := act.(mediation.TellsLegal); ok && reporting.ReportsMajor() {
		if scene.Legal, err = legalStaff(ctx, tx, c); err != nil {
			return err
		}
	}
	if lays(act) {
		if scene.Stored, err = tx.LockStored(ctx, c.Committee); err != nil {
			return err
		}
	}
	if issuing, ok := act.(*mediation.Issuing); ok {
		if scene.Paper, err = d.toIssue(ctx, tx, a, c, issuing); err != nil {
			return err
		}
	}
	if act.Action() == mediation.Archive {
		if scene.Volume, err = d.toFile(ctx, tx, a, c); err != nil {
			return err
		}
	}
	return nil
}

// lays says whether the act lays a file to the case, for which there must be room.
func lays(act mediation.Act) bool {
	if carrier, ok := act.(mediation.Carrier); ok {
		return carrier.Laid() != nil
	}
	_, attached := act.(*mediation.Attached)
	return attached
}

// onFile opens the identity number kept of the party whose particulars an act
// writes, for the rules alone: nobody is shown it, so it is no reveal.
func onFile(ctx context.Context, tx postgres.Tx, c *mediation.Case, act mediation.Act) (string, error) {
	names, ok := act.(mediation.Identifies)
	if !ok {
		return "", nil
	}
	p := c.Party(names.Identified())
	if p == nil || p.IDMask == "" {
		return "", nil
	}
	return tx.OpenPerson(ctx, p.Person, "id_number")
}

// invited is the name of whom an act invites of the list of the case's committee.
func invited(ctx context.Context, tx postgres.Tx, c *mediation.Case, act mediation.Act) (string, error) {
	names, ok := act.(mediation.Invites)
	if !ok || names.Invited() == "" {
		return "", nil
	}
	return tx.Helper(ctx, c.Committee, names.Invited())
}

// perform lets the rules judge and stores what they changed.
func (d *Desk) perform(ctx context.Context, tx postgres.Tx, c *mediation.Case, before postgres.Before, act mediation.Act, s *mediation.Scene) error {
	events, err := c.Perform(act, s)
	if err != nil {
		return err
	}
	if events[0].Digest, err = d.digest(act); err != nil {
		return err
	}
	if err := d.freezePapers(ctx, tx, c, events, s.Now); err != nil {
		return err
	}
	if err := tx.AddEvents(ctx, c, events); err != nil {
		return err
	}
	if err := tx.SaveCase(ctx, before, c); err != nil {
		return err
	}
	if err := tx.AddNotices(ctx, append(notices(c, events), majorNotices(c, events, s.Legal)...)); err != nil {
		return err
	}
	switch act := act.(type) {
	case *mediation.Reopening:
		next, first, err := c.Linked(act.Reason, s)
		if err != nil {
			return err
		}
		return insertNew(ctx, tx, next, first)
	case *mediation.Transferral:
		if c.Handed() != nil {
			return d.handOn(ctx, tx, c, s)
		}
	}
	return nil
}

// role is the grant's role by which the act was allowed, for the history.
func role(rights []mediation.Right, a mediation.Actor, c *mediation.Case, now time.Time) mediation.Role {
	for _, r := range rights {
		if r.Allows(a, c.Row(), now) {
			return r.Grant.Role
		}
	}
	return ""
}

// named is whom the rules must know as mediators: those the act names, and the
// actor himself, who may assign himself when he settles a matter on the spot.
func named(act mediation.Act, a mediation.Actor) []mediation.UserID {
	var ids []mediation.UserID
	if a.User != "" {
		ids = append(ids, a.User)
	}
	if wants, ok := act.(mediation.Wants); ok {
		for _, id := range wants.MediatorsNamed() {
			if id != "" {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// digest is a keyed digest of what was typed: the history can prove which words
// went with an act without holding any of them.
func (d *Desk) digest(act any) (string, error) {
	typed, err := json.Marshal(act)
	if err != nil {
		return "", fmt.Errorf("casework: digest: %w", err)
	}
	return hex.EncodeToString(d.keys.Index("act", string(typed))), nil
}

// scene gathers what the rules see beside the case.
func (d *Desk) scene(ctx context.Context, tx postgres.Tx, a mediation.Actor, as mediation.Role, committee mediation.CommitteeID,
	mediators []mediation.UserID, now time.Time) (*mediation.Scene, error) {
	calendar, err := d.calendar(ctx)
	if err != nil {
		return nil, err
	}
	office, courts, people, err := tx.Scenery(ctx, committee, mediators)
	if err != nil {
		return nil, err
	}
	office.Calendar = calendar
	return &mediation.Scene{By: a, Role: as, Now: now, Office: office, Mediators: people, Courts: courts.Names(), Areas: courts.Areas(),
		Quota: d.quota, NewID: newID,
		Draw: func(kind string) (string, error) { return draw(ctx, tx, office, kind, now) }}, nil
}

// newID makes a UUIDv7: ids begin with their time, so rows lie in the order in
// which they were made.
func newID() string { return uuid.Must(uuid.NewV7()).String() }

// draw takes the next number of the committee's register for the year in
// Asia/Shanghai, in the act's own transaction: a number that is rolled back was
// never given.
func draw(ctx context.Context, tx postgres.Tx, office mediation.Office, kind string, now time.Time) (string, error) {
	year := statute.DateOf(now).Year()
	n, err := tx.Draw(ctx, office.Committee, kind, year)
	if err != nil {
		return "", err
	}
	switch kind {
	case "case":
		return statute.CaseNumber(office.ShortName, year, n), nil
	case "intake":
		return statute.IntakeNumber(office.ShortName, year, n), nil
	}
	return statute.NoticeNumber(office.ShortName, kind, year, n), nil
}
