package mediation_test

import (
	"strings"
	"testing"
	"time"

	. "doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// TestHowSoonTheSenderIsAnswered is the grid of what is said at recording and at
// registration of a matter: hours for a simple one, days for the rest, counted from
// the moment it came, by the committee's own setting; nothing where nobody waits.
//
// proves: D-20 D-20s
func TestHowSoonTheSenderIsAnswered(t *testing.T) {
	const simple, complex5 = "D-20s 2026-05-12 16:20", "D-20 2026-05-18 23:59" // the fifth day is a Saturday
	own := statute.Limits{statute.D20Simple: {N: 8, Unit: statute.Hours}, statute.D20Feedback: {N: 10, Unit: statute.CalendarDays}}
	ownSimple, ownComplex := "D-20s 2026-05-12 00:20", "D-20 2026-05-21 23:59"
	for _, tt := range []struct {
		why            string
		source, chan_  string
		said, again    string // at recording and at registration
		set            statute.Limits
		first, then    string // the clock after each
		fault, refusal string
	}{
		{why: "nobody said", source: "application", chan_: "hotline_12345", first: complex5, then: complex5},
		{why: "a simple call", source: "application", chan_: "hotline_12345", said: SimpleFeedback, first: simple, then: simple},
		{why: "said at registration", source: "police", chan_: "police_110", again: SimpleFeedback, first: complex5, then: simple},
		{why: "taken back at registration", source: "police", chan_: "police_110", said: SimpleFeedback, again: ComplexFeedback, first: simple, then: complex5},
		{why: "said twice", source: "petitions", chan_: "petition", said: SimpleFeedback, again: SimpleFeedback, first: simple, then: simple},
		{why: "complex", source: "other_agency", chan_: "other", said: ComplexFeedback, again: ComplexFeedback, first: complex5, then: complex5},
		{why: "the committee's own hours", source: "application", chan_: "police_110", said: SimpleFeedback, set: own, first: ownSimple, then: ownSimple},
		{why: "and its own days", source: "application", chan_: "police_110", set: own, first: ownComplex, then: ownComplex},
		{why: "changed under its own", source: "application", chan_: "police_110", again: SimpleFeedback, set: own, first: ownComplex, then: ownSimple},
		{why: "nobody waits for a walk-in", source: "application", chan_: "window", said: SimpleFeedback, again: SimpleFeedback},
		{why: "a court has its own term", source: "court", chan_: "court", said: SimpleFeedback, again: SimpleFeedback},
		{why: "no such kind", source: "police", chan_: "police_110", said: "urgent", fault: "feedback=error.choice"},
		{why: "nor at registration", source: "police", chan_: "police_110", again: "L1", first: complex5, refusal: "feedback=error.choice"},
	} {
		t.Run(tt.why, func(t *testing.T) {
			p := newPlay(t)
			p.now = time.Date(2026, time.May, 11, 16, 20, 0, 0, statute.Shanghai)
			in := recorded()
			in.Source, in.Channel, in.ReferralOK, in.Feedback = tt.source, tt.chan_, true, tt.said
			scene := p.scene(RoleCoordinator)
			scene.Office.Limits = tt.set
			c, events, err := NewCase(in, true, Seat{Committee: yuyuan, Area: "a-yy"}, scene)
			if fault(err) != tt.fault {
				t.Fatalf("recorded: %q, want %q", fault(err), tt.fault)
			}
			if tt.fault != "" {
				return
			}
			if got := feedbackOf(c); got != tt.first || events[0].Codes["feedback"] != kindOf(tt.first) {
				t.Errorf("recorded: %q, the history says %q, want %q", got, events[0].Codes["feedback"], tt.first)
			}
			p.c, p.now = c, p.now.Add(3*time.Hour)
			reg := registration(p)
			reg.Feedback = tt.again
			later := p.scene(RoleCoordinator)
			later.Office.Limits = tt.set
			events, err = p.c.Perform(reg, later)
			if fault(err) != tt.refusal {
				t.Fatalf("registered: %q, want %q", fault(err), tt.refusal)
			}
			if tt.refusal != "" {
				return
			}
			changed := map[bool]string{true: tt.again}[tt.first != tt.then]
			if got := feedbackOf(p.c); got != tt.then || events[0].Codes["feedback"] != changed {
				t.Errorf("registered: %q, the history says %q, want %q", got, events[0].Codes["feedback"], tt.then)
			}
			for _, d := range p.c.Deadlines {
				if old := strings.HasPrefix(string(d.Kind), "D-20") && !d.Open(); old != (strings.HasPrefix(string(d.Kind), "D-20") && changed != "" && kindOf(string(d.Kind)) != tt.again) || old && d.Outcome != "cancelled" {
					t.Errorf("%s ended %v as %q", d.Kind, d.Ended, d.Outcome)
				}
			}
		})
	}
}

func feedbackOf(c *Case) string {
	d := c.Feedback()
	if d == nil {
		return ""
	}
	return string(d.Kind) + " " + d.Due.In(statute.Shanghai).Format("2006-01-02 15:04")
}

func kindOf(clock string) string {
	kind, _, _ := strings.Cut(clock, " ")
	return map[string]string{"D-20": ComplexFeedback, "D-20s": SimpleFeedback}[kind]
}

// A simple matter said to be so a day late is late at once, and its answer ends it
// like the other: closing waits for it, and it outlives the dispute.
//
// proves: D-20s
func TestASimpleAnswerIsOwedLikeTheOther(t *testing.T) {
	in := recorded()
	in.Source, in.Channel, in.ReferralOK = "police", "police_110", true
	p := newPlay(t).begin(in, RoleCoordinator)
	p.now = p.now.Add(30 * time.Hour)
	reg := registration(p)
	reg.Feedback = SimpleFeedback
	p.do(RoleCoordinator, reg)
	if d := p.c.Feedback(); d == nil || !p.c.Late(p.now) || d.Starts != p.c.FiledAt {
		t.Fatalf("the hours run from %+v", d)
	}
	p.do(RoleChair, Refusal{Ground: "NA01", Reason: "已由公安机关处理", Told: true})
	if _, err := p.try(RoleChair, but(closing, func(a *Closing) { a.Missing = "" })(p)); fault(err) != "missing=rule.answer_sender" {
		t.Errorf("closed with the sender unanswered: %v", err)
	}
	q := *p
	q.c = copied(p.c)
	if q.do(RoleChair, but(closing, func(a *Closing) { a.Missing = "已电话反馈" })(&q)); q.c.Feedback() == nil {
		t.Error("closing with a reason ends what is still owed")
	} else if q.act(Archive); q.c.Feedback() != nil {
		t.Error("the answer is still awaited from the archive")
	}
	p.paper = drawnPaper("answer")
	p.paper.Form, p.paper.Item = "F23", ""
	p.do(RoleChair, Issuing{Paper: "F23/"})
	if p.c.Feedback() != nil || p.c.FeedbackKind() != "" {
		t.Error("the answer ends no clock")
	}
	for _, d := range p.c.Deadlines {
		if d.Kind == statute.D20Simple && d.Outcome != "late" {
			t.Errorf("answered after thirty hours: %q", d.Outcome)
		}
	}
}
