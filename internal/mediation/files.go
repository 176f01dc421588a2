package mediation

import (
	"slices"
	"strings"

	"doorstep/internal/statute"
)

// Classified says anew what a file is, whom it concerns and what it shows. The
// file itself, who brought it and when stay as they are.
type Classified struct {
	File  ItemID  `form:"file"`
	Class string  `form:"class"` // code list "file_class"
	About PartyID `form:"about"` // whom it concerns; "" for the whole case
	Paper string  `form:"paper"` // of a signed paper: which, F01 to F26
	Title string  `form:"shows"` // in a few words
}

// Action is the act's word.
func (Classified) Action() Action { return ClassifyFile }

// Apply changes the label of one file. What turns out to be a proof of identity
// is no longer shared. The history keeps the classes, not the words.
func (a Classified) Apply(c *Case, s *Scene) error {
	i := slices.IndexFunc(c.Files, func(f File) bool { return f.ID == a.File })
	if i < 0 {
		return &Error{Kind: Invalid, Key: "error.check_fields", Fields: Faults{"file": "error.choice"}}
	}
	was, next := c.Files[i], c.Files[i]
	next.Class, next.About, next.Form, next.Title = a.Class, a.About, a.Paper, a.Title
	if err := c.classed(&next, nil); err != nil {
		return err
	}
	if next == was {
		return refuse("same_class", "PML 27")
	}
	next.Shared = was.Shared && next.Class != statute.ProofOfIdentity
	c.Files[i] = next
	s.About(next.ID)
	s.Code("class", next.Class)
	if next.Class != was.Class {
		s.Code("was", was.Class)
	}
	return nil
}

// classed judges the label of a file and makes it whole: without a class it is
// evidence; what a party brings of itself is about that party.
//
// Errors: Invalid with the fields class, about, paper, shows.
func (c *Case) classed(file *File, me *Party) error {
	f := Faults{}
	file.Title = strings.TrimSpace(file.Title)
	if file.Class == "" {
		file.Class = statute.Evidence
	}
	f.Choice("class", file.Class, statute.FileClasses)
	f.Limit("shows", file.Title, MaxLine)
	if me != nil {
		file.About = ""
		if statute.OfOneParty(file.Class) {
			file.About = me.ID
		}
		if !slices.Contains(statute.OwnClasses(), file.Class) {
			f.Mark("class", "error.choice")
		}
	}
	switch {
	case file.About != "" && c.Party(file.About) == nil:
		f.Mark("about", "error.choice")
	case file.About == "" && statute.OfOneParty(file.Class):
		f.Mark("about", "rule.file_of_whom")
	}
	if file.Class != statute.SignedPaper {
		file.Form = ""
	} else if file.Form != "" && !statute.Scannable(file.Form) {
		f.Mark("paper", "error.choice")
	}
	return f.Err()
}

// Sharable says whether the other side may yet be shown the file: a proof of
// identity never is.
func (f File) Sharable() bool { return !f.Shared && f.Class != statute.ProofOfIdentity }

// Named is what a file is called: what it shows, or the name it came with.
func (f File) Named() string {
	if f.Title != "" {
		return f.Title
	}
	return f.Name
}

// FilesAbout are the files of a class that concern a party, the oldest first.
func (c *Case) FilesAbout(class string, party PartyID) []File {
	return slices.DeleteFunc(slices.Clone(c.Files), func(f File) bool { return f.Class != class || f.About != party })
}

// Unproven are the parties of whom no proof of identity lies in the file. A
// reader who is shown none finds all of them.
func (c *Case) Unproven() []*Party {
	return slices.DeleteFunc(c.Active(), func(p *Party) bool { return len(c.FilesAbout(statute.ProofOfIdentity, p.ID)) > 0 })
}

// Unauthorised are the parties with an agent whose power of attorney does not
// lie in the file.
func (c *Case) Unauthorised() []*Party {
	return slices.DeleteFunc(c.Active(), func(p *Party) bool {
		return p.AgentName == "" || len(c.FilesAbout(statute.Authority, p.ID)) > 0
	})
}
