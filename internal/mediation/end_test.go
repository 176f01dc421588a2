package mediation_test

import (
	"testing"

	. "doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// TestEndLeavesNothingWaiting: whatever way a case ends before an agreement took
// effect, no draft, promise, request or session of it goes on.
func TestEndLeavesNothingWaiting(t *testing.T) {
	for name, p := range map[string]*play{
		"failed over a draft":          at(t, AgreementDraft).act(Sign, RequestReview, Fail),
		"terminated over a draft":      at(t, AgreementDraft).act(Sign, RequestReview).do(RoleChair, Termination{Ending{Code: "T01", Reason: "不再同意", Told: true}}),
		"withdrawn over a draft":       at(t, AgreementDraft).act(Sign, RequestReview, Withdraw),
		"withdrawn while under review": at(t, Escalated).act(Withdraw),
		"terminated under review":      at(t, Escalated).act(RaiseRisk).do(RoleChair, Termination{Ending{Code: "T09", Reason: "移送", Told: true}}),
		"withdrawn before the session": at(t, Scheduled).act(Withdraw),
		"withdrawn in the session":     at(t, Scheduled).act(OpenSession, Withdraw),
	} {
		c := p.c
		if c.Agreement() != nil || len(c.Promised()) != 0 || len(c.Signed()) != 0 || c.Performance() != "" {
			t.Errorf("%s: promises %+v, performance %q", name, c.Promised(), c.Performance())
		}
		if c.OpenReview("case") != nil || c.OpenReview("agreement") != nil || c.NextSession() != nil || c.OpenSession() != nil {
			t.Errorf("%s: somebody still waits for a review or a session", name)
		}
	}
}

// TestADeathIsMajorAndKeptForGood: what is told at registration decides the grade
// and the class of the volume until the chair and the archive say otherwise.
//
// proves: duty.grade duty.retention
func TestADeathIsMajorAndKeptForGood(t *testing.T) {
	for _, v := range []struct {
		told                 func(*Registration)
		grade, class, ground string
	}{
		{func(*Registration) {}, "L2", statute.Keep10, "ordinary"},
		{func(a *Registration) { a.Injury = true }, "L3", statute.Keep30, "injury"},
		{func(a *Registration) { a.Injury, a.Death = true, true }, "L4", statute.KeepForever, "death"},
	} {
		p := at(t, Submitted)
		p.do(RoleCoordinator, but(registration, v.told)(p))
		if class, ground := p.c.RetentionGround(); p.c.Grade != v.grade || class != v.class || ground != v.ground {
			t.Errorf("grade %s, kept %s by %s; want %s, %s by %s", p.c.Grade, class, ground, v.grade, v.class, v.ground)
		}
	}
}

// A volume keeps the years its committee had set when it was archived, whatever is
// set later and however often the calendar changes; one kept for good has no end.
//
// proves: duty.retention
func TestAVolumeKeepsTheYearsItWasArchivedWith(t *testing.T) {
	own := statute.Limits{statute.D18Oral: {N: 6, Unit: statute.Years}, statute.D18Short: {N: 15, Unit: statute.Years}, statute.D18Long: {N: 40, Unit: statute.Years}}
	for _, tt := range []struct {
		class string
		set   statute.Limits
		years int
		due   string
	}{
		{statute.Keep5, nil, 5, "2031-05-12"}, {statute.Keep10, nil, 10, "2036-05-12"}, {statute.Keep30, nil, 30, "2056-05-11"},
		{statute.Keep5, own, 6, "2032-05-11"}, {statute.Keep10, own, 15, "2041-05-13"}, {statute.Keep30, own, 40, "2066-05-11"},
		{statute.Keep5, statute.Limits{statute.D18Oral: {N: 2, Unit: statute.Years}}, 5, "2031-05-12"}, // less than the law can need it
		{statute.KeepForever, own, 0, ""},
	} {
		p := at(t, Closed)
		scene := p.scene(RoleChair)
		scene.Office.Limits = tt.set
		if _, err := p.c.Perform(Archiving{Retention: tt.class, Why: "涉及楼龄长的房屋", Pages: 3, Checked: true}, scene); err != nil {
			t.Fatal(err)
		}
		var kept []Deadline
		for _, d := range p.c.Deadlines {
			if d.Open() {
				kept = append(kept, d)
			}
		}
		if tt.years == 0 {
			if len(kept) != 0 {
				t.Errorf("%s runs %v", tt.class, kept)
			}
			continue
		}
		class, ok := statute.RetentionOf(kept[0].Kind, kept[0].Term)
		if len(kept) != 1 || !ok || class != tt.class || kept[0].Term != (statute.Term{N: tt.years, Unit: statute.Years}) || statute.DateOf(kept[0].Due).String() != tt.due {
			t.Errorf("%s under %v is kept %+v", tt.class, tt.set, kept)
		}
		later := p.scene(RoleSystem)
		later.Office.Limits = statute.Limits{kept[0].Kind: {N: 99, Unit: statute.Years}}
		if _, err := p.c.Perform(Rereckoning{}, later); KeyOf(err) != "rule.nothing_moved" {
			t.Errorf("%s moved when the setting changed: %v", tt.class, err)
		}
	}
}
