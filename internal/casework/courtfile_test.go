package casework_test

import (
	"slices"
	"strings"
	"testing"

	"doorstep/internal/blob"
	"doorstep/internal/demo"
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// sheet is the scan of a signed paper, told from others by its name.
func sheet(name string) mediation.Scanned {
	return mediation.Scanned{Scan: &mediation.File{Name: name + ".jpg", Kind: "image", Mime: "image/jpeg", Size: 1000, Digest: blob.DigestOf([]byte(name))}}
}

// act lets somebody perform an act that must succeed.
func (w *told) act(who string, act mediation.Act) {
	w.t.Helper()
	if _, err := w.Desk.Do(w.ctx, w.Actor(who), w.id(), 0, act); err != nil {
		w.t.Fatalf("%s by %s: %v", act.Action(), who, err)
	}
}

// enclosed are the names of the scans in the court's file as somebody opens it, or
// the kind of the refusal.
func (w *told) enclosed(who string) (string, mediation.Kind) {
	w.t.Helper()
	_, it, err := w.Desk.CourtFile(w.ctx, w.Actor(who), w.id())
	if err != nil {
		return "", mediation.KindOf(err)
	}
	var names []string
	list := it.Papers[len(it.Papers)-1].Texts()
	for _, f := range it.Files {
		names = append(names, f.Name)
		if !slices.Contains(list, f.Name) || !slices.Contains(list, f.Title) || !strings.Contains(strings.ReplaceAll(strings.Join(list, ""), " ", ""), f.Digest) {
			w.t.Errorf("the list of %s does not name %+v", who, f)
		}
	}
	return strings.Join(names, " "), 0
}

// TestTheCourtGetsTheSheetsItsApplicationWasSignedOn, as long as the application lies
// before it, and nothing else of the case; the next application has its own.
func TestTheCourtGetsTheSheetsItsApplicationWasSignedOn(t *testing.T) {
	w := tell(t, "9", nil)
	const first = "签字文书/01-司法确认申请书签字页.jpg"
	opens := []string{"傅静", "高永福", "沈国强", "叶青"} // the mediators, the chair, the court
	for _, p := range demo.People() {
		got, kind := w.enclosed(p.Name)
		if may := slices.Contains(opens, p.Name) && kind == 0; may != (got == first) || !may && kind != mediation.Forbidden && kind != mediation.NotFound {
			t.Errorf("%s gets %q, kind %d", p.Name, got, kind)
		}
	}
	c := w.whole()
	scan := c.Joinings[0].File
	if scan == "" || c.Joinings[1].File != scan || len(w.sees("叶青").Files) != 0 {
		t.Fatalf("joinings %+v, the court sees the files %+v", c.Joinings, w.sees("叶青").Files)
	}
	if _, err := w.Desk.TakeFile(w.ctx, w.Actor("叶青"), c.ID, scan); mediation.KindOf(err) != mediation.NotFound {
		t.Errorf("the court takes a file of the case past its own: %v", err)
	}
	w.act("叶青", &mediation.CourtTookNot{CourtStep: mediation.CourtStep{Note: "缺少监护人身份证明"}})
	if got, kind := w.enclosed("叶青"); kind != mediation.Conflict {
		t.Errorf("the court opens what no longer lies before it: %q, kind %d", got, kind)
	}
	if got, _ := w.enclosed("傅静"); got != first {
		t.Errorf("the office reads %q of what was filed", got)
	}
	w.applyAnew()
	const second = "签字文书/01-刘一诺的签字页.jpg 签字文书/02-小星幼儿园的签字页.jpg 签字文书/03-协议签字页.jpg 身份证明/01-户口簿.jpg"
	for _, who := range []string{"叶青", "傅静", "沈国强"} {
		if got, kind := w.enclosed(who); got != second {
			t.Errorf("%s gets %q, kind %d, want %q", who, got, kind, second)
		}
	}
}

// applyAnew lets both sides join a second application on sheets of their own, beside
// files that go to the court and files that do not, some of them laid too late.
func (w *told) applyAnew() {
	w.t.Helper()
	c := w.whole()
	child, school := c.Parties[0].ID, c.Parties[1].ID
	lay := func(name, class, form string, about mediation.PartyID) {
		f := *sheet(name).Scan
		f.Class, f.Form, f.About = class, form, about
		w.act("傅静", &mediation.Attached{File: f})
	}
	lay("户口簿", statute.ProofOfIdentity, "", child)
	lay("病历", statute.Evidence, "", "")
	lay("协议签字页", statute.SignedPaper, "F11", "")
	w.act("傅静", &mediation.Proposal{Court: w.Court()})
	w.try("傅静", &mediation.Joins{Party: child, How: "paper", Read: true, ServeTo: "枫桥里 3 幢"}, mediation.Invalid, "error.check_fields")
	w.act("傅静", &mediation.Joins{Party: child, How: "paper", Read: true, ServeTo: "枫桥里 3 幢", Scanned: sheet("刘一诺的签字页")})
	w.act("傅静", &mediation.Joins{Party: school, How: "paper", Read: true, ServeTo: "枫桥里 5 幢", Scanned: sheet("小星幼儿园的签字页")})
	if k := w.whole().Application(); k.State != mediation.ConfirmationFiled {
		w.t.Fatalf("the second application is %s", k.State)
	}
	lay("后来的证明", statute.ProofOfIdentity, "", school)
	lay("后来的签字页", statute.SignedPaper, "F11", "")
}

// TestWhatTheNextApplicationWants is told once the last one came back, while the
// thirty days run.
func TestWhatTheNextApplicationWants(t *testing.T) {
	w := tell(t, "9", nil)
	exec := func(statement string, args ...any) {
		t.Helper()
		_, err := w.raw.ExecContext(w.ctx, statement, args...)
		w.must(err)
	}
	exec(`UPDATE signatures SET how = 'paper' WHERE as_what = 'party'`) // and nobody scanned the sheet
	stand := func() (came bool, lacks []string, over bool) {
		t.Helper()
		v, err := w.Desk.Case(w.ctx, w.Actor("傅静"), w.id())
		w.must(err)
		st := w.Desk.CourtStand(v)
		for _, l := range st.Lacks {
			if !slices.Contains(lacks, l.What) {
				lacks = append(lacks, l.What)
			}
		}
		return st.Filed.CameBack(), lacks, st.Over
	}
	if came, lacks, over := stand(); came || lacks != nil || over {
		t.Errorf("before the court it came back %v, wants %v, is over %v", came, lacks, over)
	}
	w.act("叶青", &mediation.CourtWithdrawn{CourtStep: mediation.CourtStep{Note: "双方撤回"}})
	if came, lacks, over := stand(); !came || over || !slices.Contains(lacks, "proposal") || !slices.Contains(lacks, "sheet") || slices.Contains(lacks, "joining") {
		t.Errorf("withdrawn: it came back %v, wants %v, is over %v", came, lacks, over)
	}
	exec(`UPDATE deadlines SET ended_at = now(), outcome = 'lapsed' WHERE kind = $1 AND ended_at IS NULL`, string(statute.D12Confirmation))
	if came, lacks, over := stand(); !came || lacks != nil || !over {
		t.Errorf("after the thirty days: it came back %v, wants %v, is over %v", came, lacks, over)
	}
}
