package mediation_test

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"testing"

	. "doorstep/internal/mediation"

	"github.com/google/go-cmp/cmp"
)

// issued is a case in mediation whose record was issued once.
func issued(t judge) *play {
	p := at(t, InMediation)
	p.paper = drawnPaper("first")
	return p.do(RoleMediator, Issuing{Paper: "F10/s-1"})
}

// proves: act.issue_paper
func TestIssuePaper(t *testing.T) {
	const anyButArchived = anyOpen + " not_accepted referred_out terminated withdrawn closed"
	draws := func(text string, change func(*Drawn)) func(*play) {
		return func(p *play) {
			p.paper = drawnPaper(text)
			if change != nil {
				change(p.paper)
			}
		}
	}
	row{
		name: "the first issue", from: anyButArchived, as: RoleCoordinator,
		act: func(p *play) Act { p.paper = drawnPaper("first"); return Issuing{Paper: "F10/s-1"} },
		to:  Submitted, events: []string{"issue_paper submitted>submitted content=" + drawnPaper("first").Digest + " form=F10 number=1"},
		then: func(t *testing.T, p *play) {
			want := []Issue{{ID: p.c.Issues[0].ID, Form: "F10", Item: "s-1", Seq: 1, At: p.now, By: clerk, Digest: drawnPaper("first").Digest,
				Needs: []string{"session"}, Parties: []PartyID{"p-1"}, Content: []byte("first")}}
			if diff := cmp.Diff(want, p.c.Issues); diff != "" {
				t.Error(diff)
			}
		},
		refuses: []refusing{
			{why: "the case has no such paper", act: func(*play) Act { return Issuing{Paper: "F99"} }, answer: "paper=rule.no_such_paper"},
			{why: "the paper lacks a fact", act: func(p *play) Act { draws("first", func(d *Drawn) { d.Gaps = 2 })(p); return Issuing{Paper: "F10/s-1"} },
				answer: "rule.paper_lacks"},
		},
	}.run(t)
	row{
		name: "a correction is a new issue", from: anyButArchived, start: issued, as: RoleMediator,
		act: func(p *play) Act {
			p.paper = drawnPaper("second")
			return Issuing{Paper: "F10/s-1", Reason: " 日期写错 "}
		},
		to: InMediation, events: []string{"issue_paper in_mediation>in_mediation content=" + drawnPaper("second").Digest + " form=F10 number=2"},
		then: func(t *testing.T, p *play) {
			first, second := p.c.Issues[0], p.c.Issues[1]
			if second.Seq != 2 || second.Replaces != first.ID || second.Reason != "日期写错" || string(first.Content) != "first" {
				t.Errorf("%+v replaces %+v", second, first)
			}
			if p.c.InForce("F10", "s-1").ID != second.ID || p.c.InForce("F10", "") != nil {
				t.Error("the second does not stand")
			}
		},
		refuses: []refusing{
			{why: "without a reason", act: func(p *play) Act { p.paper = drawnPaper("second"); return Issuing{Paper: "F10/s-1", Reason: " "} },
				answer: "reason=error.required"},
			{why: "nothing has changed", act: func(p *play) Act {
				p.paper = drawnPaper("first")
				return Issuing{Paper: "F10/s-1", Reason: "再来一份"}
			},
				answer: "rule.issue_unchanged"},
			{why: "by somebody who may not read what he would replace", act: func(p *play) Act {
				draws("second", func(d *Drawn) { d.Sight = []string{"facts"} })(p)
				return Issuing{Paper: "F10/s-1", Reason: "日期写错"}
			}, answer: "rule.issue_beyond"},
		},
	}.run(t)
}

// A notice draws a number of its own when it is first issued; a correction keeps it,
// and one that had none, issued before there were numbers, draws it then.
func TestANoticeDrawsItsNumberOnce(t *testing.T) {
	p := at(t, InMediation)
	for i, step := range []struct{ text, reason, want string }{{"first", "", "F15-1"}, {"second", "日期写错", "F15-1"}, {"third", "再改", "F15-1"}} {
		p.paper = drawnPaper(step.text)
		p.paper.Form = "F15"
		p.do(RoleMediator, Issuing{Paper: "F15/s-1", Reason: step.reason})
		if n := p.c.Issues[i]; n.Number != step.want {
			t.Errorf("issue %d is %q, want %q", n.Seq, n.Number, step.want)
		}
	}
	p.c.Issues[2].Number = ""
	p.paper = drawnPaper("fourth")
	p.paper.Form = "F15"
	if n := p.do(RoleMediator, Issuing{Paper: "F15/s-1", Reason: "补号"}).c.Issues[3]; n.Number != "F15-2" {
		t.Errorf("a paper from before the numbers is corrected as %q", n.Number)
	}
}

// Archiving keeps the papers that were never issued as they stand: without a number,
// for nobody, and with one digest of them all in its line of the history.
func TestArchivingKeepsThePapersOfTheVolume(t *testing.T) {
	p := at(t, Closed)
	record, report := *drawnPaper("record"), *drawnPaper("report")
	report.Form, report.Item = "F25", ""
	p.volume = []Drawn{record, report}
	events, err := p.try(RoleChair, archiving(p))
	if err != nil {
		t.Fatal(err)
	}
	kept := p.c.Issues[len(p.c.Issues)-2:]
	for i, d := range []Drawn{record, report} {
		want := Issue{ID: kept[i].ID, Form: d.Form, Item: d.Item, Seq: 1, At: p.now, By: zhou, Digest: d.Digest, Needs: d.Needs,
			Parties: []PartyID{}, Content: d.Content, Filed: true}
		if diff := cmp.Diff(want, kept[i]); diff != "" || kept[i].ID == "" {
			t.Error(diff)
		}
	}
	sum := sha256.Sum256([]byte(string(kept[0].ID) + " " + record.Digest + "\n" + string(kept[1].ID) + " " + report.Digest))
	if got, want := events[0].Codes["papers"], hex.EncodeToString(sum[:]); got != want || len(events) != 1 {
		t.Errorf("the history names %q in %d lines, want %q in one", got, len(events), want)
	}
}

// Two papers of a form are numbered each by itself.
func TestIssuesAreNumberedByPaper(t *testing.T) {
	p := issued(t)
	for i, item := range []ItemID{"s-2", "s-2", ""} {
		p.paper = drawnPaper(string(rune('a' + i)))
		p.paper.Item = item
		p.do(RoleMediator, Issuing{Paper: "F10/" + string(item), Reason: "更正"})
	}
	var got []int
	for _, n := range p.c.Issues {
		got = append(got, n.Seq)
	}
	if diff := cmp.Diff([]int{1, 1, 2, 1}, got); diff != "" {
		t.Error(diff)
	}
}

// TestSeenIsAllThatIsAsked: For asks about nothing but what Seen tells of, so two
// readers of the office who see the same of it get the same case.
func TestSeenIsAllThatIsAsked(t *testing.T) {
	p := rich(t)
	asked := map[string]bool{}
	p.c.For(p.actor(RoleMediator), func(object string, _ Action) []Scope { asked[object] = true; return nil })
	delete(asked, "paper") // issues are no part of a paper
	for _, object := range Seen(func(string, Action) []Scope { return []Scope{ScopeAssigned} }) {
		if !asked[object] {
			t.Errorf("nobody asks about %s", object)
		}
		delete(asked, object)
	}
	if len(asked) > 0 {
		t.Errorf("Seen does not tell of %v", asked)
	}
	for _, tt := range []struct {
		scope Scope
		want  []string
	}{
		{ScopeCommittee, []string{"facts", "contact", "file", "session", "identity", "agreement", "deadline", "risk", "escalation", "referral"}},
		{ScopeAuthor, []string{"facts", "agreement", "deadline", "risk", "escalation"}},
		{ScopeInvited, []string{"facts", "contact", "file", "identity", "agreement", "deadline", "risk", "escalation", "referral"}}, // joint sessions only
	} {
		if diff := cmp.Diff(tt.want, Seen(func(string, Action) []Scope { return []Scope{tt.scope} })); diff != "" {
			t.Errorf("%s: %s", tt.scope, diff)
		}
	}
}

// TestAReplacedIssueSaysSo also to a reader who may not open the one that stands.
func TestAReplacedIssueSaysSo(t *testing.T) {
	p := rich(t)
	p.c.Issues = []Issue{{ID: "1", Form: "F04", Seq: 1, Needs: []string{"facts"}}, {ID: "2", Form: "F04", Seq: 2, Needs: []string{"session"}},
		{ID: "3", Form: "F04", Seq: 3, Needs: []string{"facts", "session"}}}
	sees := func(objects ...string) Sight {
		return func(object string, _ Action) []Scope {
			if object == "paper" || slices.Contains(objects, object) {
				return []Scope{ScopeCommittee}
			}
			return nil
		}
	}
	for _, tt := range []struct {
		rule string
		sees Sight
		want []int // the one that took the place of each he sees
	}{
		{"all", sees("facts", "session"), []int{2, 3, 0}},
		{"the first alone, and it is not in force", sees("facts"), []int{2}},
		{"none without the facts it tells", sees("risk"), nil},
		{"none to whom prints no papers", func(object string, _ Action) []Scope { return sees("facts", "session")(object, "")[:0] }, nil},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			var got []int
			for _, n := range p.c.For(p.actor(RoleChair), tt.sees).Issues {
				got = append(got, n.Replaced)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
