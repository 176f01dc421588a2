package mediation

import (
	"slices"
	"strings"

	"doorstep/internal/statute"
)

// major is the grade of a dispute that is reported the same day and handled jointly.
const major = "L4"

// weight is what the grade of the case goes by.
func (c *Case) weight() statute.GradeFacts {
	facts := statute.GradeFacts{CrossCommunity: slices.Contains(c.GradeFacts, "cross_area"),
		LawUnclear: slices.Contains(c.GradeFacts, "law_unclear"), Disability: slices.Contains(c.GradeFacts, "injury"),
		Death: slices.Contains(c.GradeFacts, "death")}
	facts.Sides, facts.Persons = c.Sides()
	facts.Media = slices.Contains(c.GradeFacts, "media")
	a := c.Agreement()
	facts.Oral = a != nil && a.Form == "oral"
	facts.AmountFen, facts.Sessions = c.AmountFen, len(c.Sessions)
	for _, r := range c.Risks {
		facts.MassRisk = facts.MassRisk || r.Flag == "R2-MASS"
		facts.CrimeRisk = facts.CrimeRisk || r.Flag == "R3-CRIME"
	}
	return facts
}

// GradeGrounds are what makes the case a major one by the rules, codes of
// [statute.GradeReasons]; none where the chair alone holds it to be one.
func (c *Case) GradeGrounds() []string {
	if grade, why := statute.ProposeGrade(c.weight()); grade == major {
		return why
	}
	return nil
}

// Grading is the chair's word on the difficulty (decision of the committee;
// the rule only proposes).
type Grading struct {
	Grade  string `form:"grade"`
	Reason string `form:"reason"` // why a major dispute is none
}

// Action is the act's word.
func (Grading) Action() Action { return ConfirmGrade }

// Apply sets the grade for good. Taking back that of a major dispute calls the report
// off, and wants a reason.
func (a Grading) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.Choice("grade", a.Grade, statute.Grades)
	f.Limit("reason", a.Reason, MaxLine)
	lower := c.Grade == major && a.Grade != major
	if lower {
		f.Require("reason", a.Reason)
	}
	if err := f.Err(); err != nil {
		return err
	}
	c.Grade, c.GradeBy, c.GradeReason = a.Grade, "chair", ""
	if lower {
		c.GradeReason = strings.TrimSpace(a.Reason)
	}
	s.Code("grade", a.Grade)
	return nil
}

// graded follows what an act did to the grade. A dispute that becomes a major one is
// to be reported from that moment, whoever found it so and at whatever hour; one that
// is none any more is not. A grade that stood before is nobody's news: no clock is
// guessed for it.
//
// Source: local ([statute.D21Major]).
func (c *Case) graded(before string, s *Scene) {
	switch is, was := c.Grade == major, before == major; {
	case is && !was:
		c.startClock(s, statute.D21Major, "")
	case was && !is:
		if d := c.Clock(statute.D21Major); d != nil {
			d.Ended, d.Outcome = s.Now, "cancelled"
			s.Code("called_off", string(statute.D21Major))
		}
	}
}
