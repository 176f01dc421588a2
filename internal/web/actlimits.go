package web

import (
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// What a form says of the committee's own limits, beside the choices they belong to.

// within adds to the kind of an answer how long the committee has for it.
func (s sheet) within(field, word string) string {
	clock, ok := map[string]statute.DeadlineID{mediation.SimpleFeedback: statute.D20Simple, mediation.ComplexFeedback: statute.D20Feedback}[word]
	if field != "feedback" || !ok {
		return ""
	}
	return s.page.Aside(termWords(s.page, s.view.Committee.Limits.Term(clock), false))
}

// retention is a class with the years the committee keeps it.
func (s sheet) retention(class string) string {
	label := s.page.Code(string(statute.Retention), class)
	if term, ends := s.view.Committee.Limits.Retention(class); ends {
		label += s.page.Aside(termWords(s.page, term, false))
	}
	return label
}

// keptUntil is the day on which a volume archived today under the class is due for
// appraisal; nothing for one that is kept for good.
func (s sheet) keptUntil(class string) string {
	term, ends := s.view.Committee.Limits.Retention(class)
	if !ends || s.calendar == nil {
		return ""
	}
	return s.page.Aside(s.page.T("act.archive.until", "date", s.page.Date(s.calendar.Reckon(s.view.Now, term).Due)))
}

// proposed gives the retention class the rules propose, and says in the field's
// help why.
func (s sheet) proposed(fields []Field) string {
	class, ground := s.view.Case.RetentionGround()
	for i := range fields {
		if fields[i].Name == "retention" {
			fields[i].Help = s.page.T("act.archive.proposed", "class", s.retention(class), "ground", s.page.Code(string(statute.RetentionGrounds), ground))
		}
	}
	return class
}
