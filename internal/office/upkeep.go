package office

import (
	"context"

	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
)

// Upkeep is how something stands that the program does for the whole house once
// a day by itself.
type Upkeep = postgres.Upkeep

// Trouble lists what the program should have done by itself of late and did not.
// Only the kinds that are on the schedule now are looked at: what was given up is
// no trouble.
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
		for _, kind := range scheduled {
			if u.Kind == kind && (u.Failed() || u.Late(o.now())) {
				trouble = append(trouble, u)
			}
		}
	}
	return trouble, nil
}
