package office

import (
	"context"
	"slices"

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
