package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// tale is one story while it is told: its case as the last act left it, and the
// hour of the next one. The first act that fails ends it, so that a story reads
// as a tale and not as a list of errors.
type tale struct {
	*House
	ctx   context.Context //nolint:containedctx // a tale lives within one call of Play
	name  string
	yield func(time.Time) bool
	next  time.Time
	c     *mediation.Case
	err   error
}

// pace is the time between two acts of one sitting.
const pace = 4 * time.Minute

// on sets the day of 2026 and the hour of the acts that follow.
func (t *tale) on(month time.Month, day, hour int) {
	t.next = time.Date(2026, month, day, hour, 0, 0, 0, statute.Shanghai)
}

// wait lets the other stories come up to this one's hour.
func (t *tale) wait() {
	if !t.yield(t.next) {
		panic(errStopped)
	}
	t.next = t.next.Add(pace)
}

func (t *tale) fail(err error) {
	t.err = err
	panic(errStopped)
}

// file begins the case as a resident does it.
func (t *tale) file(who mediation.Actor, in mediation.Intake) {
	t.wait()
	in.Privacy = true
	r, err := t.Desk.File(t.ctx, who, in, t.key())
	t.begun(r.Case, r.Code, mediation.FileCase, err)
}

// record begins the case as the office does it for somebody.
func (t *tale) record(who mediation.Actor, in mediation.Intake) {
	t.wait()
	in.Privacy = true
	if in.Source == "" {
		in.Source, in.LegalGround = "application", "consent"
	}
	if in.Channel == "" {
		in.Channel = "window"
	}
	r, err := t.Desk.Record(t.ctx, who, in, t.key())
	t.begun(r.Case, r.Code, mediation.RecordCase, err)
}

func (t *tale) key() string { return "the filing of the story " + t.name }

func (t *tale) begun(id mediation.CaseID, code string, action mediation.Action, err error) {
	if err != nil {
		t.fail(fmt.Errorf("demo: story %s: %s: %w", t.name, action, err))
	}
	t.cases[t.name], t.codes[t.name] = id, code
}

// do performs the acts one after the other.
func (t *tale) do(who mediation.Actor, acts ...mediation.Act) {
	for _, act := range acts {
		t.wait()
		c, err := t.Desk.Do(t.ctx, who, t.cases[t.name], 0, act)
		if err != nil {
			t.fail(fmt.Errorf("demo: story %s: %s by %s: %w", t.name, act.Action(), who.Name, err))
		}
		t.c = c
		if t.Watch != nil {
			t.Watch(t.name, c, act.Action())
		}
	}
}

// party is a party of the case by name.
func (t *tale) party(name string) mediation.PartyID {
	for _, p := range t.c.Parties {
		if p.Name == name {
			return p.ID
		}
	}
	t.fail(fmt.Errorf("demo: story %s has no party %q", t.name, name))
	return ""
}

// first is the first party of a side.
func (t *tale) first(side mediation.Side) mediation.PartyID {
	for _, p := range t.c.Active() {
		if p.Side == side {
			return p.ID
		}
	}
	t.fail(fmt.Errorf("demo: story %s has no %s", t.name, side))
	return ""
}

func (t *tale) applicant() mediation.PartyID  { return t.first(mediation.Applicant) }
func (t *tale) respondent() mediation.PartyID { return t.first(mediation.Respondent) }

// all are the parties that take part.
func (t *tale) all() []mediation.PartyID {
	var ids []mediation.PartyID
	for _, p := range t.c.Active() {
		ids = append(ids, p.ID)
	}
	return ids
}

// invited sends a party the link by which it answers without an account, and is
// the party then.
func (t *tale) invited(by mediation.Actor, party mediation.PartyID) mediation.Actor {
	t.wait()
	if _, _, err := t.Desk.Invite(t.ctx, by, t.c.ID, party); err != nil {
		t.fail(fmt.Errorf("demo: story %s: invite: %w", t.name, err))
	}
	a := mediation.CodeHolder(mediation.CodeAccess{Case: t.c.ID, Party: party, Level: mediation.LevelCode})
	a.Name = "link"
	return a
}

// himself is a party at his own page, known by a checked identity.
func (t *tale) himself(party mediation.PartyID) mediation.Actor {
	a := mediation.CodeHolder(mediation.CodeAccess{Case: t.c.ID, Party: party, Level: mediation.LevelChecked})
	a.Name = "code"
	return a
}

// owed is the n-th promise of the agreement in force, from 1.
func (t *tale) owed(n int) mediation.ItemID {
	list := t.c.Promised()
	if n > len(list) {
		t.fail(fmt.Errorf("demo: story %s has no promise %d", t.name, n))
	}
	slices.SortFunc(list, func(a, b mediation.Obligation) int { return a.Seq - b.Seq })
	return list[n-1].ID
}

func day(month time.Month, d int) statute.Date { return statute.NewDate(2026, month, d) }

func hour(month time.Month, d, h int) time.Time {
	return time.Date(2026, month, d, h, 0, 0, 0, statute.Shanghai)
}
