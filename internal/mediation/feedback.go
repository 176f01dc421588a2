package mediation

import "doorstep/internal/statute"

// How soon whoever passed a matter on wants to hear of it. What is simple is answered
// within hours, the rest within days; which of the two a matter is, the clerk says.
// Nobody has said so until then, and the longer term runs.
//
// Source: D-20; NB15 19; local practice.
const (
	SimpleFeedback  = "simple"
	ComplexFeedback = "complex"
)

// feedbacks are the clocks of an answer; one of them runs at most.
var feedbacks = []statute.DeadlineID{statute.D20Feedback, statute.D20Simple}

// feedbackClock is the clock of an answer that is simple or not.
func feedbackClock(kind string) statute.DeadlineID {
	if kind == SimpleFeedback {
		return statute.D20Simple
	}
	return statute.D20Feedback
}

// Feedback is the running clock of the answer to whoever passed the matter on; nil
// when nobody waits for one.
func (c *Case) Feedback() *Deadline {
	for _, id := range feedbacks {
		if d := c.Clock(id); d != nil {
			return d
		}
	}
	return nil
}

// FeedbackKind is how soon the answer that is waited for is due; "" when nobody waits.
func (c *Case) FeedbackKind() string {
	switch d := c.Feedback(); {
	case d == nil:
		return ""
	case d.Kind == statute.D20Simple:
		return SimpleFeedback
	}
	return ComplexFeedback
}

// checkFeedback marks what is no kind of answer; "" leaves it open.
func checkFeedback(f Faults, kind string) {
	if kind != "" {
		f.OneOf("feedback", kind, SimpleFeedback, ComplexFeedback)
	}
}

// answerAs changes how soon the answer is due. Both terms run from the moment the
// matter came, so that one said to be simple late may be late at once: the body that
// waits counts from there too.
func (c *Case) answerAs(s *Scene, kind string) {
	d := c.Feedback()
	if d == nil || kind == "" || c.FeedbackKind() == kind {
		return
	}
	d.Ended, d.Outcome = s.Now, "cancelled"
	c.startClock(s, feedbackClock(kind), "")
	s.Code("feedback", kind)
}

// answered ends the clock of the answer, whichever of the two runs.
func (c *Case) answered(s *Scene) {
	for _, id := range feedbacks {
		c.endClock(s, id, "")
	}
}
