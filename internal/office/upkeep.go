package office

import (
	"context"
	"slices"
	"time"

	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
)

// Upkeep is how something stands that the program does for the whole house once
// a day by itself.
type Upkeep = postgres.Upkeep

// Trouble lists what the program should have done by itself of late and did not.
// Only what is on the schedule now is looked at, by postgres.Upkeep's Name: what
// was given up is no trouble.
func (o *Office) Trouble(ctx context.Context, a mediation.Actor, scheduled []string) ([]Upkeep, error) {
	if err := o.may(a, officeObject, manage); err != nil {
		return nil, err
	}
	all, err := o.db.Upkeep(ctx)
	if err != nil {
		return nil, err
	}
	var trouble []Upkeep
	for _, u := range all {
		if slices.Contains(scheduled, u.Name()) && (u.Failed() || u.Late(o.now())) {
			trouble = append(trouble, u)
		}
	}
	return trouble, nil
}

// LostMail is what somebody was to be mailed and was not.
type LostMail = postgres.LostMail

// MailsWaiting are the mails that a server did not take so far.
type MailsWaiting = postgres.MailsWaiting

// What is told of mails, on the administrator's desk and by the doctor command.
const (
	LostFor    = 7 * 24 * time.Hour // how long a mail that was given up is told of
	WaitingFor = time.Hour          // a mail that waits longer is trouble and no hiccup
)

// MailTrouble tells for whom mails were given up of late, and what has waited for
// longer than a mail server is usually away.
func (o *Office) MailTrouble(ctx context.Context, a mediation.Actor) ([]LostMail, MailsWaiting, error) {
	if err := o.may(a, officeObject, manage); err != nil {
		return nil, MailsWaiting{}, err
	}
	lost, err := o.db.LostMails(ctx, o.now().Add(-LostFor))
	if err != nil {
		return nil, MailsWaiting{}, err
	}
	waiting, err := o.db.MailsWaiting(ctx)
	if err != nil || waiting.Since == nil || o.now().Sub(*waiting.Since) < WaitingFor {
		return lost, MailsWaiting{}, err
	}
	return lost, waiting, nil
}
