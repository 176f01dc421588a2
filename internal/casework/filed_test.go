package casework_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"doorstep/internal/mediation"
	"doorstep/internal/paper"
	"doorstep/internal/vault"
)

// bound is what the papers of the volume say to a reader, by form and item.
func (w *told) bound(who string) map[string]string {
	w.t.Helper()
	v, err := w.Desk.Volume(w.ctx, w.Actor(who), w.id(), false)
	w.must(err)
	pieces, err := paper.Contents(v.Case, w.Desk.Setting(v))
	w.must(err)
	all := map[string]string{}
	for _, p := range pieces {
		if p.Paper != nil && paper.Issuable(p.Form) {
			all[p.Form+"/"+string(p.Item)] = text(w.t, p.Paper) + p.Paper.Foot
		}
	}
	return all
}

// proves: duty.kept_volume
//
// TestAnArchivedVolumeSaysWhatItSaid the day it was put away, whatever the
// committee words and calls itself later; each paper says that it was kept, and
// none that it is a draft. Nobody outside the office is handed one.
func TestAnArchivedVolumeSaysWhatItSaid(t *testing.T) {
	w := tell(t, "6", nil)
	before := w.bound("王秀兰")
	if len(before) < 8 {
		t.Fatalf("only %d papers are bound", len(before))
	}
	for paper, says := range before {
		if strings.Contains(says, "草稿") || !strings.Contains(says, "归卷留存") && !strings.Contains(says, "次出具") {
			t.Errorf("%s says %s", paper, says)
		}
	}
	if _, err := w.raw.ExecContext(w.ctx, `UPDATE committees SET name = '新名称调委会', wording = '{"F03.rights": "新的说法", "F10.read": "新的说法"}'`); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, w.bound("王秀兰")); diff != "" {
		t.Errorf("the volume changed after it was put away:\n%s", diff)
	}
	c := w.whole()
	filed := 0
	for _, n := range c.Issues {
		if !n.Filed {
			continue
		}
		filed++
		if n.Number != "" || n.Seq != 1 || len(n.Parties) > 0 {
			t.Errorf("%s was kept as %+v", n.Form, n)
		}
	}
	if filed == 0 {
		t.Error("no paper was kept")
	}
	for _, p := range c.Active() {
		v, err := w.Desk.Case(w.ctx, mediation.CodeHolder(mediation.CodeAccess{Case: w.id(), Party: p.ID, Level: mediation.LevelChecked}), w.id())
		w.must(err)
		for _, n := range v.Case.Issues {
			if n.Filed {
				t.Errorf("%s is handed %s", p.Name, n.Form)
			}
		}
	}
	w.try("王秀兰", &mediation.Issuing{Paper: "F02"}, mediation.Conflict, "")
}

// TestAChangedPaperOfAVolumeIsFound: one whose content was exchanged, also with its
// digest, one that was taken away, and all of them.
func TestAChangedPaperOfAVolumeIsFound(t *testing.T) {
	w := tell(t, "6", nil)
	broken := func() string {
		t.Helper()
		b := w.broken()
		if b.Why != "" && b.Case != w.id() {
			t.Errorf("it names %+v", b)
		}
		return b.Why
	}
	if why := broken(); why != "" {
		t.Fatalf("a whole volume is %s", why)
	}
	var n mediation.Issue
	for _, one := range w.whole().Issues {
		if one.Filed {
			n = one
		}
	}
	other := `{"format": "doorstep paper 1"}`
	sealed, err := vault.TestKeys().Seal(vault.AAD{Table: "paper_contents", Column: "content_sealed", Row: string(n.ID)}, other)
	w.must(err)
	exec := func(statement string, values ...any) {
		t.Helper()
		_, err := w.raw.ExecContext(w.ctx, statement, values...)
		w.must(err)
	}
	exec(`ALTER TABLE paper_issues DISABLE TRIGGER USER; ALTER TABLE paper_contents DISABLE TRIGGER USER`)
	exec(`UPDATE paper_contents SET content_sealed = $1 WHERE issue_id = $2`, sealed, string(n.ID))
	if why := broken(); why != "changed" {
		t.Errorf("another content: %q", why)
	}
	exec(`UPDATE paper_issues SET digest = encode(sha256($1), 'hex') WHERE id = $2`, []byte(other), string(n.ID))
	if why := broken(); why != "unlisted" {
		t.Errorf("another content with its digest: %q", why)
	}
	exec(`DELETE FROM paper_contents WHERE issue_id = $1`, string(n.ID))
	exec(`DELETE FROM paper_issues WHERE id = $1`, string(n.ID))
	if why := broken(); why != "unlisted" {
		t.Errorf("one taken away: %q", why)
	}
	exec(`DELETE FROM paper_contents WHERE issue_id IN (SELECT id FROM paper_issues WHERE filed)`)
	exec(`DELETE FROM paper_issues WHERE filed`)
	if why := broken(); why != "gone" {
		t.Errorf("all taken away: %q", why)
	}
}
