package casework

import (
	"bytes"
	"context"
	"slices"

	"doorstep/internal/mediation"
	"doorstep/internal/paper"
	"doorstep/internal/postgres"
	"doorstep/internal/statute"
	"doorstep/internal/vault"
)

// Wording tells the desk what the papers it issues say in every case; without it
// the standing sentences of an issue are blank.
func (d *Desk) Wording(words paper.Wording) *Desk {
	d.words = words
	return d
}

// Setting is what a paper of a case says besides the case.
func (d *Desk) Setting(v *View) paper.Setting {
	return paper.Setting{Office: paper.Office{Committee: v.Committee.Name, Address: v.Committee.Address, Phone: v.Committee.Phone},
		Names: v.Names, Courts: v.Courts, Words: d.words.With(v.Committee.Wording), Limits: v.Committee.Limits, Today: statute.DateOf(v.Now), Kept: v.Kept,
		Told: announced(v.all)}
}

// announced are the sessions of a case by the day on which each was planned, and so its
// notice given: the history keeps it, also of sessions long past.
func announced(history []mediation.Event) map[mediation.ItemID]statute.Date {
	days := map[mediation.ItemID]statute.Date{}
	for _, e := range history {
		if e.Action == mediation.Schedule || e.Action == mediation.Resume {
			days[e.Subject] = statute.DateOf(e.At)
		}
	}
	return days
}

// toIssue draws up the paper an act wants to issue, from what its issuer may see
// and inside the act's transaction; nil when the case has no such paper.
func (d *Desk) toIssue(ctx context.Context, tx postgres.Tx, a mediation.Actor, c *mediation.Case, act *mediation.Issuing) (*mediation.Drawn, error) {
	v, err := d.viewIn(ctx, tx, a, c, d.now(), nil)
	if err != nil {
		return nil, err
	}
	form, item := act.Which()
	drawn, err := d.drawn(v, form, item)
	if mediation.KindOf(err) == mediation.NotFound {
		return nil, nil //nolint:nilnil // the act says that there is no such paper
	}
	return drawn, err
}

// toFile draws up the papers of the volume that were never issued, as whoever puts
// it away sees them.
func (d *Desk) toFile(ctx context.Context, tx postgres.Tx, a mediation.Actor, c *mediation.Case) ([]mediation.Drawn, error) {
	v, err := d.viewIn(ctx, tx, a, c, d.now(), nil)
	if err != nil {
		return nil, err
	}
	pieces, err := paper.Contents(v.Case, d.Setting(v))
	if err != nil {
		return nil, err
	}
	var list []mediation.Drawn
	for _, p := range pieces {
		if p.Paper == nil || !paper.Issuable(p.Form) || c.InForce(p.Form, p.Item) != nil {
			continue
		}
		one, err := d.drawnFor(v, p.Form, p.Item, nil)
		if err != nil {
			return nil, err
		}
		list = append(list, *one)
	}
	return list, nil
}

// drawn is a paper with everything an issue of it would keep. Beside the text
// itself these are the texts as its parties may see them, and what of the case
// one must see to have drawn the same: each kind of thing is taken away in turn,
// and what changes the text is needed.
//
// Errors: NotFound as paper.Build.
func (d *Desk) drawn(v *View, form string, item mediation.ItemID) (*mediation.Drawn, error) {
	return d.drawnFor(v, form, item, v.whole.Active())
}

func (d *Desk) drawnFor(v *View, form string, item mediation.ItemID, parties []*mediation.Party) (*mediation.Drawn, error) {
	item, err := paper.Which(form, v.Case, item)
	if err != nil {
		return nil, err
	}
	if v.Me != nil || !paper.Issuable(form) {
		return nil, &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
	}
	in := d.Setting(v)
	one, err := paper.Build(form, v.Case, item, in)
	if err != nil {
		return nil, err
	}
	text, err := vault.Canonical(one)
	if err != nil {
		return nil, err
	}
	kept, n := paper.NewContent(one, item), &mediation.Drawn{Form: form, Item: item, Gaps: one.Lacks(), Sight: mediation.Seen(v.sees), Parties: []mediation.PartyID{}}
	for _, p := range parties {
		own := d.copyFor(v, p, form, item)
		if own == nil {
			continue
		}
		n.Parties = append(n.Parties, p.ID)
		if same, err := vault.Canonical(own); err != nil || !bytes.Equal(same, text) {
			kept.Copies[string(p.ID)] = own
		}
	}
	n.Needs = d.needs(v, n, in, text)
	if n.Content, err = vault.Canonical(kept); err != nil {
		return nil, err
	}
	n.Digest = digestOf(n.Content)
	return n, nil
}

// needs is what of the issuer's sight the text hangs on. What is left over alone
// must give the text again; if it did not, all of the sight would be needed.
func (d *Desk) needs(v *View, n *mediation.Drawn, in paper.Setting, text []byte) []string {
	same := func(objects []string) bool {
		one, err := paper.Build(n.Form, v.whole.For(v.actor, mediation.Only(v.sees, objects)), n.Item, in)
		if err != nil {
			return false
		}
		got, err := vault.Canonical(one)
		return err == nil && bytes.Equal(got, text)
	}
	needs := []string{}
	for _, object := range n.Sight {
		if !same(slices.DeleteFunc(slices.Clone(n.Sight), func(o string) bool { return o == object })) {
			needs = append(needs, object)
		}
	}
	if !same(needs) {
		return n.Sight
	}
	return needs
}

// copyFor is the paper as a party may see it that is known to the office; nil
// when the party gets no such paper. It is drawn as for an account of the party's
// own, whether it has one or not.
func (d *Desk) copyFor(v *View, p *mediation.Party, form string, item mediation.ItemID) *paper.Paper {
	own, ok := paper.For(form, p)
	if !ok || own != "" && item != "" && own != item {
		return nil
	}
	if own == "" {
		own = item
	}
	c, a := *v.whole, mediation.Actor{User: mediation.UserID(p.ID), Grants: []mediation.Grant{{Role: mediation.RoleResident}}}
	c.Parties = slices.Clone(c.Parties)
	c.Party(p.ID).User = a.User
	sees := d.sight(a, c.Row(), v.Now, nil, map[string]bool{})
	their := &View{Case: c.For(a, sees), Me: c.Party(p.ID), Objects: map[string]bool{}, Now: v.Now}
	in := d.Setting(v)
	in.Names = map[mediation.UserID]string{}
	for _, id := range people(&c, d.told(their, slices.Clone(v.all))) {
		in.Names[id] = v.Names[id]
	}
	one, err := paper.Build(form, their.Case, own, in)
	if err != nil {
		return nil
	}
	return one
}

// Standing tells how a paper stands: its issues, and whether it would be another
// one if the reader issued it now.
type Standing struct {
	Item    mediation.ItemID
	Issues  []mediation.Issue // the reader may open, the first one first
	Last    *mediation.Issue  // in force; nil when none is, or it is not the reader's to open
	Changed bool              // since the one in force, as far as this reader can tell
}

// Standing says how a paper of a case stands for a reader. Only staff who could
// issue it are told of changes. What was issued for all parties on one sheet is
// every party's own.
func (d *Desk) Standing(v *View, form string, item mediation.ItemID) Standing {
	if which, err := paper.Which(form, v.Case, item); err == nil {
		item = which
	}
	s := Standing{Item: item}
	for _, n := range v.Case.Issues {
		if n.Form == form && (n.Item == item || v.Me != nil && n.Item == "") {
			s.Issues = append(s.Issues, n)
		}
	}
	for i := range s.Issues {
		if s.Issues[i].Replaced == 0 {
			s.Last = &s.Issues[i]
		}
	}
	if s.Last != nil && v.Me == nil && !s.Last.Filed { // a volume that is put away changes no more
		n, err := d.drawn(v, form, item)
		s.Changed = err == nil && n.Digest != s.Last.Digest
	}
	return s
}

// Issued opens an issue of a paper as its reader gets it: exactly the text that
// was kept, whatever became of the case.
//
// Errors: NotFound when it is not there or not for this reader; Internal when
// what is kept is not what was issued.
func (d *Desk) Issued(ctx context.Context, v *View, id mediation.ItemID) (*mediation.Issue, *paper.Paper, error) {
	i := slices.IndexFunc(v.Case.Issues, func(n mediation.Issue) bool { return n.ID == id })
	if i < 0 {
		return nil, nil, &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
	}
	n := &v.Case.Issues[i]
	all, err := d.kept(ctx, v, []mediation.Issue{*n})
	if err != nil {
		return nil, nil, err
	}
	return n, all[0].Paper, nil
}

// inForce opens every issue that stands, for the volume that binds them.
func (d *Desk) inForce(ctx context.Context, v *View) ([]paper.Kept, error) {
	return d.kept(ctx, v, slices.DeleteFunc(slices.Clone(v.Case.Issues), func(n mediation.Issue) bool { return n.Replaced > 0 }))
}

func (d *Desk) kept(ctx context.Context, v *View, issues []mediation.Issue) ([]paper.Kept, error) {
	contents, err := d.db.IssueContents(ctx, issues)
	if err != nil {
		return nil, err
	}
	all := make([]paper.Kept, len(issues))
	for i, n := range issues {
		content, err := paper.ReadContent(contents[n.ID])
		if err != nil {
			return nil, err
		}
		one := content.Paper
		if v.Me != nil {
			one = content.For(v.Me.ID)
		}
		all[i] = paper.Kept{Issue: n, Paper: one.Issued(n)}
	}
	return all, nil
}
