package mediation

import (
	"slices"
	"strings"
	"time"

	"doorstep/internal/statute"
)

// MajorReport is one report of a major dispute: by word of mouth first, then on
// paper, or to the legal staff of the area in the program itself.
type MajorReport struct {
	ID       ItemID    `json:"id"`
	At       time.Time `json:"at"` // written down
	By       UserID    `json:"by_user,omitzero"`
	ToldAt   time.Time `json:"told_at"`
	To       string    `json:"receiver"` // judicial_office or subdistrict, codes of [statute.ReportTargets]
	Who      string    `json:"who"`      // who took it; "" through the program
	How      string    `json:"how"`
	Measures string    `json:"measures"` // what was done meanwhile
	Ref      string    `json:"ref"`      // number of the paper, or of the note at the other end
	SeenAt   time.Time `json:"seen_at,omitzero"`
	SeenBy   UserID    `json:"seen_by,omitzero"`
	Joint    string    `json:"joint"` // how it is handled jointly
}

// The ways to report.
const (
	ThroughSystem = "system" // to the legal staff of the area, who find it on their desk
	ByPhone       = "phone"
	InPerson      = "in_person"
	OnPaper       = "paper"
)

// Waiting says whether the report lies on the desk of legal staff.
func (r MajorReport) Waiting() bool { return r.How == ThroughSystem && r.SeenAt.IsZero() }

// reportedInWriting says whether a report stands somewhere in writing; one by word of
// mouth is followed by one that does.
func (c *Case) reportedInWriting() bool {
	return slices.ContainsFunc(c.MajorReports, func(r MajorReport) bool { return r.How == ThroughSystem || r.How == OnPaper })
}

// MajorReported records that the judicial office or the sub-district was told of a
// major dispute: to whom, when, how and by whom (F22). Through the program it is told
// by the act itself.
type MajorReported struct {
	To       string    `form:"to"`
	How      string    `form:"way"`
	Who      string    `form:"who"`
	ToldAt   time.Time `form:"told_at"` // zero: now
	Measures string    `form:"measures"`
	Ref      string    `form:"ref"`
}

// Action is the act's word.
func (MajorReported) Action() Action { return ReportMajor }

// TellsLegal is implemented by acts that may be told to the legal staff of the area,
// so that the desk finds who they are.
type TellsLegal interface{ ReportsMajor() bool }

// ReportsMajor says whether this one is.
func (a MajorReported) ReportsMajor() bool { return a.How == ThroughSystem }

// Apply ends the clock by when the report was made, not by when it was written down.
// Through the program there must be somebody to find it.
//
// Source: local (domain of grades: the same day, joint handling).
func (a MajorReported) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.OneOf("to", a.To, "judicial_office", "subdistrict")
	f.OneOf("way", a.How, ThroughSystem, ByPhone, InPerson, OnPaper)
	f.Limit("who", a.Who, MaxLine)
	f.Limit("ref", a.Ref, MaxLine)
	f.Limit("measures", a.Measures, MaxStory)
	told := a.ToldAt
	if a.How == ThroughSystem {
		told = s.Now
		switch {
		case a.To == "subdistrict":
			f.Mark("way", "rule.system_judicial_office")
		case len(s.Legal) == 0:
			f.Mark("way", "rule.no_legal_staff")
		}
	} else {
		f.Require("who", a.Who)
	}
	switch {
	case told.IsZero():
		told = s.Now
	case told.After(s.Now):
		f.Mark("told_at", "rule.in_the_future")
	case told.Before(statute.DateOf(c.FiledAt).Start()):
		f.Mark("told_at", "rule.before_filing")
	}
	if err := f.Err(); err != nil {
		return err
	}
	if c.Grade != major {
		return refuse("not_major", "local")
	}
	r := MajorReport{ID: s.item(), At: s.Now, By: s.By.User, ToldAt: told, To: a.To, How: a.How, Measures: strings.TrimSpace(a.Measures), Ref: strings.TrimSpace(a.Ref)}
	if a.How != ThroughSystem {
		r.Who = strings.TrimSpace(a.Who)
	}
	c.MajorReports = append(c.MajorReports, r)
	c.stopClock(s, statute.D21Major, "", told)
	s.Code("receiver", a.To)
	s.Code("way", a.How)
	return nil
}

// MajorTaken is the word of legal staff that a report reached them and how the dispute
// is handled jointly.
type MajorTaken struct {
	Joint string `form:"joint"`
}

// Action is the act's word.
func (MajorTaken) Action() Action { return TakeMajorReport }

// Apply answers every report that waits. Nobody takes his own report.
//
// Source: PML 5; local.
func (a MajorTaken) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.Require("joint", a.Joint)
	f.Limit("joint", a.Joint, MaxStory)
	if err := f.Err(); err != nil {
		return err
	}
	taken := false
	for i := range c.MajorReports {
		r := &c.MajorReports[i]
		if !r.Waiting() {
			continue
		}
		if r.By != "" && r.By == s.By.User {
			return refuse("own_report", "PML 5")
		}
		r.SeenAt, r.SeenBy, r.Joint, taken = s.Now, s.By.User, strings.TrimSpace(a.Joint), true
		s.About(r.ID)
	}
	if !taken {
		return refuse("no_major_report", "local")
	}
	return nil
}
