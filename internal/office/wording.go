package office

import (
	"context"
	"slices"
	"strings"

	"doorstep/internal/mediation"
	"doorstep/internal/paper"
	"doorstep/internal/postgres"
)

// maxSentence bounds a committee's own sentence, in characters.
const maxSentence = 2000

// Sentence is a standing sentence of the papers as a committee wants it. Text ""
// goes back to the standard; Before is its own text as the writer saw it.
type Sentence struct {
	Key, Text, Before string
}

// Wording gives the sentences a committee put in its own words, by key.
//
// Errors: Forbidden, NotFound.
func (o *Office) Wording(ctx context.Context, a mediation.Actor, id mediation.CommitteeID) (map[string]string, error) {
	if _, err := o.Committee(ctx, a, id); err != nil {
		return nil, err
	}
	return o.db.Wording(ctx, id)
}

// SetSentence puts one standing sentence of the papers into a committee's own
// words. It must keep every blank of the standard, and may have no others: what
// the case holds must not fall out of a paper.
//
// Errors: Forbidden; NotFound for a key or committee nobody knows; Invalid at
// "text"; Conflict when somebody changed the sentence since.
func (o *Office) SetSentence(ctx context.Context, a mediation.Actor, id mediation.CommitteeID, standard paper.Wording, n Sentence) error {
	if err := o.may(a, officeObject, manage); err != nil {
		return err
	}
	if _, err := o.Committee(ctx, a, id); err != nil {
		return err
	}
	usual, known := standard[n.Key]
	if !known {
		return notFound()
	}
	n.Text = strings.TrimSpace(strings.ReplaceAll(n.Text, "\r\n", "\n"))
	if n.Text == usual {
		n.Text = ""
	}
	f := mediation.Faults{}
	f.Limit("text", n.Text, maxSentence)
	if n.Text != "" && !slices.Equal(paper.Blanks(n.Text), paper.Blanks(usual)) {
		f.Mark("text", "rule.wording_blanks")
	}
	if err := f.Err(); err != nil {
		return err
	}
	return o.change(ctx, a, "change_wording", func(tx postgres.Tx, e *postgres.OfficeEvent) error {
		e.Subject = string(id)
		return tx.SetSentence(ctx, id, n.Key, n.Text, n.Before)
	})
}
