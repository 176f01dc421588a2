package mediation

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"doorstep/internal/statute"
)

// Addendum is a fact that came after the case was closed. It stands beside the
// volume, which stays as it was bound.
type Addendum struct {
	ID   ItemID       `json:"id"`
	Seq  int          `json:"seq"`     // from 1, by case
	On   statute.Date `json:"on_day"`  // the day of the fact, or on which it was told
	From string       `json:"told_by"` // who told it; "" for the office itself
	Text string       `json:"text"`
	File ItemID       `json:"file_id,omitzero"` // what came with it
	By   UserID       `json:"by_user,omitzero"`
	At   time.Time    `json:"at"`
}

// LateFact adds an addendum to a case that is closed or archived. Nothing else
// of the case changes; what goes on anew is a linked case (Reopening).
type LateFact struct {
	On   statute.Date `form:"on"`
	From string       `form:"told_by"`
	Text string       `form:"text"`
	File *File        `form:"-"` // what came with it; nil without
}

// Action is the act's word.
func (LateFact) Action() Action { return AddAddendum }

// Laid is the file that came with it.
func (a LateFact) Laid() *File { return a.File }

// Carry takes the file that came with it.
func (a *LateFact) Carry(f File) { a.File = &f }

// Carrier is an act that may lay one file to the case in the same breath. Laid is
// nil when none came.
type Carrier interface {
	Laid() *File
	Carry(f File)
}

// Apply writes the addendum down and lays its file beside it.
func (a LateFact) Apply(c *Case, s *Scene) error {
	f := Faults{}
	a.On = f.signedOn(a.On, s)
	f.Require("text", a.Text)
	f.Limit("text", a.Text, MaxStory)
	f.Limit("told_by", a.From, MaxLine)
	if err := f.Err(); err != nil {
		return err
	}
	row := Addendum{Seq: len(c.Addenda) + 1, On: a.On, From: strings.TrimSpace(a.From), Text: strings.TrimSpace(a.Text), By: s.By.User, At: s.Now}
	if a.File != nil {
		room := s.Quota.Room(c, s.Stored)
		if err := room.Take(a.File.Size); err != nil {
			return err
		}
		file := *a.File
		file.ID, file.By, file.At, file.Class = s.item(), s.By.User, s.Now, statute.OtherFile
		c.Files = append(c.Files, file)
		row.File = file.ID
		s.Code("kind", file.Kind)
	}
	row.ID = s.item()
	c.Addenda = append(c.Addenda, row)
	s.Code("no", strconv.Itoa(row.Seq))
	s.Code("on", row.On.String())
	return nil
}

// LateFile says whether a file came with an addendum, and so is no part of the volume
// as it was bound.
func (c *Case) LateFile(id ItemID) bool {
	return slices.ContainsFunc(c.Addenda, func(a Addendum) bool { return a.File == id && id != "" })
}
