package casework_test

import (
	"bytes"
	"database/sql"
	"slices"
	"strings"
	"sync"
	"testing"

	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
	"doorstep/internal/statute"
	"doorstep/internal/vault"
)

// handTo is a transfer to a committee of the house.
func (w *told) handTo(short string) *mediation.Transferral {
	return &mediation.Transferral{Committee: w.Committee(short), Reason: "楼上的住户住在枫桥里", Agreed: true, AgreedBy: "沈国强主任", AgreedOn: statute.DateOf(w.Now()),
		AgreedHow: "phone", Ground: "consent"}
}

// next is the case that follows one, as the system reads it; nil when none does.
func (w *told) next(id mediation.CaseID) *mediation.Case {
	w.t.Helper()
	var next string
	err := w.raw.QueryRowContext(w.ctx, `SELECT id FROM cases WHERE linked_to = $1`, string(id)).Scan(&next)
	if err == sql.ErrNoRows { //nolint:errorlint // QueryRow gives it unwrapped
		return nil
	}
	w.must(err)
	c, err := w.DB.FindCase(w.ctx, next)
	w.must(err)
	return c
}

// Row 9, whole: what was told at 榆园 goes on at 枫桥里, and 榆园 reads no more of it
// than a number.
func TestAMatterHandedOnGoesOnThere(t *testing.T) {
	w := tell(t, "坠物", nil) // registered; recorded by 李娜 for 谭素芬
	first := w.whole()
	clerk, chair := w.Actor("李娜"), w.Actor("王秀兰")
	a, r := first.Parties[0].ID, first.Parties[1].ID
	holder := mediation.CodeHolder(mediation.CodeAccess{Case: w.id(), Party: a, Level: mediation.LevelCode})
	do := func(who mediation.Actor, act mediation.Act) {
		t.Helper()
		_, err := w.Desk.Do(w.ctx, who, w.id(), 0, act)
		w.must(err)
	}
	do(clerk, &mediation.PartyChange{PartyEntry: mediation.PartyEntry{Party: a, Side: mediation.Applicant, Capacity: "adult", Name: "谭素芬", Phone: "10012340321",
		Address: "榆园 7 幢 601 室", Account: "6222000000000000001", Sensitive: true}})
	do(holder, &mediation.Attached{File: mediation.File{Name: "被子.jpg", Kind: "image", Mime: "image/jpeg", Size: 7, Digest: strings.Repeat("ab", 32)}})
	do(clerk, &mediation.Attached{File: mediation.File{Name: "工作照.jpg", Kind: "image", Mime: "image/jpeg", Size: 9, Digest: strings.Repeat("cd", 32)}})
	do(clerk, &mediation.ContactMade{Party: r, Means: "phone", Note: "石磊说没空"})
	do(clerk, &mediation.RiskFlag{Flag: "R2-ESC", Facts: "扬言要上楼打人", Measures: "劝住了"})
	w.tryAs(chair, "王秀兰", w.handTo("枫桥里"), mediation.Invalid, "rule.report_first")
	do(clerk, &mediation.RiskReport{Risk: w.whole().Risks[0].ID, ToldTo: []string{"police"}, Receiver: "榆园派出所", Ref: "榆 7"})
	for _, who := range []string{"李娜", "陈国栋"} { // who may never do it
		w.try(who, w.handTo("枫桥里"), mediation.Forbidden, "")
	}
	w.try("沈国强", w.handTo("枫桥里"), mediation.NotFound, "") // the receiver cannot fetch it
	w.try("王秀兰", w.handTo("榆园"), mediation.Invalid, "error.check_fields")
	if w.next(w.id()) != nil {
		t.Fatal("a refused transfer opened a case")
	}
	do(chair, w.handTo("枫桥里"))
	w.try("王秀兰", w.handTo("枫桥里"), mediation.Conflict, "error.stage_refuses") // the second tap
	w.wantStage(mediation.ReferredOut)
	next := w.next(w.id())
	if next.Stage != mediation.Submitted || next.Committee != w.Committee("枫桥里") || !strings.HasPrefix(next.IntakeNumber, "枫桥里登〔2026〕") ||
		next.Source != mediation.FromCommittee || next.SourceRef != first.IntakeNumber || next.Facts != first.Facts || next.FiledBy != "" {
		t.Errorf("the case there: %+v", next)
	}
	if clock := next.Clock(statute.D01Acceptance); clock == nil || next.Clock(statute.D20Feedback) != nil {
		t.Errorf("clocks there: %+v", next.Deadlines)
	}
	if c := w.whole(); c.Clock(statute.D01Acceptance) != nil || len(c.Transfers) != 1 || c.Transfers[0].Receiver == "" || c.Transfers[0].By != chair.User {
		t.Errorf("the first case: %+v", c.Transfers)
	}
	w.whatCame(first, next)
	w.whoReadsWhat(next)
	w.wantNotices(map[string]string{"谭素芬": "register refer_out"}) // and 石磊 hears nothing
	var logged int
	w.must(w.raw.QueryRowContext(w.ctx, `SELECT count(*) FROM access_log WHERE case_id = $1 AND action = 'refer_out' AND reason <> ''`, string(w.id())).Scan(&logged))
	if logged != 1 {
		t.Errorf("the sharing stands in the log %d times", logged)
	}
}

// whatCame compares what the receiver got with what was to go: sealed anew in rows
// of its own, and nothing of the office's.
func (w *told) whatCame(first, next *mediation.Case) {
	t := w.t
	t.Helper()
	if len(next.Files) != 1 || next.Files[0].Name != "被子.jpg" || next.Files[0].Party != next.Parties[0].ID {
		t.Errorf("files there: %+v", next.Files)
	}
	if len(next.Risks) != 1 || next.Risks[0].Flag != "R2-ESC" || next.Risks[0].ReportRef != "榆 7" || next.Risks[0].Facts+next.Risks[0].Measures != "" || next.Risks[0].By != "" {
		t.Errorf("dangers there: %+v", next.Risks)
	}
	if len(next.Contacts)+len(next.Caucuses)+len(next.Transfers)+len(next.Issues) > 0 {
		t.Errorf("notes went along: %+v", next)
	}
	was := w.whole()
	for i, p := range next.Parties {
		old := was.Parties[i]
		if p.Person == old.Person || p.PhoneMask != old.PhoneMask || p.AddressMask != old.AddressMask || p.AccountMask != old.AccountMask || p.Name != old.Name {
			t.Errorf("party %d: %+v, was %+v", i, p, old)
		}
		w.resealed(old.Person, p.Person)
	}
	if next.Parties[0].Follows != first.Parties[0].ID || next.Parties[1].Follows != "" || next.Parties[0].Consent != "yes" || next.Parties[1].Consent != "" {
		t.Errorf("the parties there: %+v", next.Parties)
	}
}

// resealed wants what is sealed of a person to open under its new row alone, with
// the index that finds the same telephone in both.
func (w *told) resealed(old, now mediation.PersonID) {
	w.t.Helper()
	read := func(id mediation.PersonID) (sealed, index []byte) {
		w.must(w.raw.QueryRowContext(w.ctx, `SELECT phone_sealed, phone_index FROM persons WHERE id = $1`, string(id)).Scan(&sealed, &index))
		return sealed, index
	}
	before, was := read(old)
	after, is := read(now)
	if !bytes.Equal(was, is) || bytes.Equal(before, after) {
		w.t.Error("the telephone was not sealed anew")
	}
	open := func(row mediation.PersonID, sealed []byte) (string, error) {
		return w.Keys.Open(vault.AAD{Table: "persons", Column: "phone_sealed", Row: string(row)}, sealed)
	}
	plain, err := open(old, before)
	w.must(err)
	again, err := open(now, after)
	w.must(err)
	if plain == "" || plain != again {
		w.t.Errorf("the telephone came as %q, was %q", again, plain)
	}
	if _, err := open(old, after); err == nil {
		w.t.Error("what was sealed for the new row opens in the old one")
	}
}

// whoReadsWhat: each office reads its own file, and of the other's the number.
func (w *told) whoReadsWhat(next *mediation.Case) {
	t := w.t
	t.Helper()
	type sight struct{ first, next bool }
	for who, want := range map[string]sight{"王秀兰": {true, false}, "李娜": {true, false}, "沈国强": {false, true}, "周敏": {false, true},
		"潘瑞林": {true, true}, "陈国栋": {}, "高永福": {}, "贺梅": {}, "罗正": {}, "章建民": {}} {
		_, err := w.Desk.Case(w.ctx, w.Actor(who), w.id())
		v, err2 := w.Desk.Case(w.ctx, w.Actor(who), next.ID)
		if got := (sight{err == nil, err2 == nil}); got != want {
			t.Errorf("%s reads %+v, want %+v", who, got, want)
		}
		if who == "周敏" && (v.Case.Facts == "" || len(v.Case.Parties) != 2 || v.Case.Parties[0].PhoneMask == "" || len(v.Case.Risks) != 1) {
			t.Errorf("the receiver's clerk lacks some of what was sent: %+v", v.Case)
		}
	}
	v, err := w.Desk.Case(w.ctx, w.Actor("沈国强"), next.ID)
	w.must(err)
	if len(v.Case.Files) != 1 {
		t.Errorf("the receiver's chair reads %d files", len(v.Case.Files))
	}
	w.wantKin("沈国强", next.ID, postgres.Kin{Case: string(w.id()), Intake: w.whole().IntakeNumber, Earlier: true, Handed: true})
	w.wantKin("王秀兰", w.id(), postgres.Kin{Case: string(next.ID), Intake: next.IntakeNumber, Handed: true})
	w.wantKin("潘瑞林", w.id(), postgres.Kin{Case: string(next.ID), Intake: next.IntakeNumber, Handed: true, Seen: true})
}

// wantKin is the one case linked with another for a reader.
func (w *told) wantKin(who string, id mediation.CaseID, want postgres.Kin) {
	w.t.Helper()
	v, err := w.Desk.Case(w.ctx, w.Actor(who), id)
	w.must(err)
	if len(v.Kin) != 1 {
		w.t.Errorf("%s reads of %d linked cases", who, len(v.Kin))
		return
	}
	got := v.Kin[0]
	if got.Committee == "" {
		w.t.Errorf("%s is not told whose it is", who)
	}
	got.Committee, got.Phone, got.Address = "", "", ""
	if got != want {
		w.t.Errorf("%s reads of %+v, want %+v", who, got, want)
	}
}

// Of eight who hand it on at once one does, and one case comes of it.
func TestOfEightTransfersOneIsMade(t *testing.T) {
	w := tell(t, "坠物", nil)
	to := []string{"枫桥里", "柳溪"}
	var mu sync.Mutex
	var wg sync.WaitGroup
	won := 0
	for i := range 8 {
		act := w.handTo(to[i%2])
		wg.Go(func() {
			_, err := w.Desk.Do(w.ctx, w.Actor("王秀兰"), w.id(), 0, act)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				won++
			} else if mediation.KindOf(err) != mediation.Conflict {
				t.Errorf("a loser gets %v, want a Conflict", err)
			}
		})
	}
	wg.Wait()
	var cases int
	w.must(w.raw.QueryRowContext(w.ctx, `SELECT count(*) FROM cases WHERE linked_to = $1`, string(w.id())).Scan(&cases))
	if won != 1 || cases != 1 {
		t.Errorf("%d transfers were made and %d cases opened, want one of each", won, cases)
	}
}

// A committee that is closed, or that nobody chairs, or that is named in the text
// only, takes nothing; who may be picked is who would be taken.
func TestWhoCanTakeAMatter(t *testing.T) {
	w := tell(t, "坠物", nil)
	exec := func(statement string, args ...any) {
		t.Helper()
		_, err := w.raw.ExecContext(w.ctx, statement, args...)
		w.must(err)
	}
	offered := func() []string {
		t.Helper()
		list, err := w.Desk.Receivers(w.ctx, w.Actor("王秀兰"), w.whole())
		w.must(err)
		var ids []string
		for _, n := range list {
			ids = append(ids, n.ID)
		}
		return ids
	}
	if got := offered(); len(got) != 3 || slices.Contains(got, string(w.Committee("榆园"))) {
		t.Errorf("offered %v, want the three others", got)
	}
	fault := func(act *mediation.Transferral, field, key string) {
		t.Helper()
		_, err := w.Desk.Do(w.ctx, w.Actor("王秀兰"), w.id(), 0, act)
		e, _ := err.(*mediation.Error) //nolint:errorlint // the desk gives it unwrapped
		if e == nil || e.Fields[field] != key {
			t.Errorf("%v, want %s at %s", err, key, field)
		}
	}
	var name string
	w.must(w.raw.QueryRowContext(w.ctx, `SELECT name FROM committees WHERE id = $1`, string(w.Committee("枫桥里"))).Scan(&name))
	typed := w.handTo("枫桥里")
	typed.Committee, typed.Receiver = "", " "+name
	fault(typed, "receiver", "rule.receiver_is_here")
	unknown := w.handTo("枫桥里")
	unknown.Committee = "no id at all"
	fault(unknown, "committee", "error.choice")
	exec(`UPDATE committees SET closed_at = now() WHERE id = $1`, string(w.Committee("柳溪")))
	fault(w.handTo("柳溪"), "committee", "rule.receiver_closed")
	exec(`UPDATE users SET disabled_at = now() WHERE id = $1`, string(w.Actor("沈国强").User))
	fault(w.handTo("枫桥里"), "committee", "rule.receiver_no_chair")
	if got := offered(); !slices.Equal(got, []string{string(w.Committee("高新街道"))}) {
		t.Errorf("offered %v, want the sub-district alone", got)
	}
}

// Legal staff hand a matter on in their area without reading its file: they see the
// register, and the act is written down as theirs.
func TestLegalStaffHandOnWithoutReading(t *testing.T) {
	w := tell(t, "坠物", nil)
	officer := w.Actor("罗正")
	w.blind("罗正")
	v, err := w.Desk.ForAct(w.ctx, officer, w.id(), mediation.ReferOut)
	w.must(err)
	if v.Case.Facts != "" || v.Case.Title != "" || v.Case.Parties[0].PhoneMask != "" || !strings.HasSuffix(v.Case.Parties[0].Name, "*") || !v.May(mediation.ReferOut) {
		t.Errorf("legal staff read %+v", v.Case)
	}
	if _, err := w.Desk.ForAct(w.ctx, w.Actor("邱韵"), w.id(), mediation.ReferOut); mediation.KindOf(err) != mediation.NotFound {
		t.Errorf("legal staff of another area: %v, want NotFound", err)
	}
	_, err = w.Desk.Do(w.ctx, officer, w.id(), 0, w.handTo("枫桥里"))
	w.must(err)
	if next := w.next(w.id()); next == nil || next.FiledBy != "" {
		t.Errorf("the case there: %+v", next)
	}
}

// A code of the first case leads on, so the office that is done with it gives out
// no more of them.
func TestNoCodeIsGivenOutForAMatterHandedOn(t *testing.T) {
	w := tell(t, "坠物", nil)
	_, err := w.Desk.Do(w.ctx, w.Actor("王秀兰"), w.id(), 0, w.handTo("枫桥里"))
	w.must(err)
	party := w.whole().Parties[0].ID
	if _, err := w.Desk.NewCode(w.ctx, w.Actor("李娜"), w.id(), party); mediation.KeyOf(err) != "rule.moved_on" {
		t.Errorf("a code: %v", err)
	}
	if _, _, err := w.Desk.Invite(w.ctx, w.Actor("李娜"), w.id(), party); mediation.KeyOf(err) != "rule.moved_on" {
		t.Errorf("a link: %v", err)
	}
	next := w.next(w.id())
	if code, err := w.Desk.NewCode(w.ctx, w.Actor("周敏"), next.ID, next.Parties[0].ID); err != nil || code == "" {
		t.Errorf("the receiver gives out none: %v", err)
	}
	var alive int
	w.must(w.raw.QueryRowContext(w.ctx, `SELECT count(*) FROM receipt_codes WHERE case_id = $1 AND revoked_at IS NULL`, string(w.id())).Scan(&alive))
	if alive != 0 {
		t.Errorf("%d codes of the first case outlived the new one", alive)
	}
}
