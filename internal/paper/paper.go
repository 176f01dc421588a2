// Package paper draws up the papers of a case as they are printed: the forms of
// the procedure in Chinese official layout, whatever the language of the reader,
// since they are Chinese legal documents. It is pure: a case goes in, as its
// reader may see it, and a paper made of blocks comes out, together with a list
// of everything that is not there yet. Nothing is left blank in silence.
package paper

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// Office is the committee as it stands on its papers.
type Office struct {
	Committee string // full name, as on the seal
	Address   string
	Phone     string
	ShortName string // the word in its numbers: 榆园
}

// Paper is one form, filled in as far as the case goes.
type Paper struct {
	Code    string // F01 to F29
	Title   string
	Office  string // who issues it, above the title
	Number  string // of the case, or of the intake register before acceptance
	Blocks  []Block
	Foot    string // the small line at the end: version and day of printing
	Version int    // of the agreement; 0 on other papers
	Draft   bool   // an agreement that has not taken effect
	Missing []Gap
}

// Block is one part of a paper. What it has is drawn in the order of its fields.
type Block struct {
	Head   string
	Facts  []Fact // a bordered table
	Paired bool   // two facts to a row of the table
	Text   []string
	Items  []string // already numbered
	Boxes  []Box
	Inline bool     // the boxes stand in one line
	Strong []string // a warning in a frame
	Places []Place
}

// Rows are the rows of the table: a fact each, or two.
func (b Block) Rows() [][]Fact {
	n := 1
	if b.Paired {
		n = 2
	}
	return slices.Collect(slices.Chunk(b.Facts, n))
}

// Fact is one row of a table. An empty value is a line to write on.
type Fact struct{ Label, Value string }

// Box is a tick box.
type Box struct {
	Text string
	On   bool
}

// Place is where somebody signs, or where the seal is put.
type Place struct {
	Role, Name string
	Seal       bool   // a place for a seal: the committee's or an organisation's
	Finger     bool   // a place for a fingerprint beside the name
	Done       string // when and how the signature was recorded; "" while open
	Day        string // the day already fixed; "" leaves it open
}

// Gap is something a paper wants and the case does not hold. What is a word of
// the locale (paper.gap.<What>). By hand says that the program never keeps it:
// it is written on the paper itself.
type Gap struct {
	What, Who string
	Party     mediation.PartyID // whose it is; "" for the case's own
	Hand      bool
}

// form is one kind of paper: whether the case can have it, for which items, and
// how it is drawn.
type form struct {
	inside bool // stays inside the office; parties get no copy
	items  func(*mediation.Case) []mediation.ItemID
	draw   func(*sheet)
}

// once is the list of items of a paper there is one of at most.
func once(can func(*mediation.Case) bool) func(*mediation.Case) []mediation.ItemID {
	return func(c *mediation.Case) []mediation.ItemID {
		if can(c) {
			return []mediation.ItemID{""}
		}
		return nil
	}
}

func forms() map[string]form {
	return map[string]form{
		"F03": {items: rightsItems, draw: rightsNotice},
		"F05": {items: once(canRefuse), draw: refusal},
		"F10": {items: recordItems, draw: record},
		"F11": {items: once(hasAgreement("written")), draw: agreement},
		"F12": {items: once(hasAgreement("oral")), draw: oralAgreement},
		"F14": {items: once(canTerminate), draw: termination},
		"F15": {inside: true, items: visitItems, draw: followUp},
		"F21": {inside: true, items: reviewItems, draw: review},
		"F25": {inside: true, items: once(canReport), draw: closingReport},
	}
}

// Forms lists the codes of the papers this package draws up, in order.
func Forms() []string { return slices.Sorted(maps.Keys(forms())) }

// ForParties says whether parties get the form. The records of visits, reviews
// and closing stay inside the office: they speak of risk (domain rules,
// confidentiality; PML 15).
func ForParties(code string) bool {
	f, ok := forms()[code]
	return ok && !f.inside
}

// Choice is one paper that can be printed now. Item is the session, visit or
// review it records; "" for a paper there is one of. Seq counts papers of the
// same form from 1, and On is the day they are about.
type Choice struct {
	Form string
	Item mediation.ItemID
	Seq  int
	On   statute.Date
}

// Choices lists what can be printed of a case as it stands, in the order of the
// forms. The notice of rights is listed once for all parties.
func Choices(c *mediation.Case) []Choice {
	var list []Choice
	for _, code := range Forms() {
		for i, item := range forms()[code].items(c) {
			if code == "F03" && item != "" {
				continue
			}
			list = append(list, Choice{Form: code, Item: item, Seq: i + 1, On: itemDay(c, item)})
		}
	}
	return list
}

func itemDay(c *mediation.Case, item mediation.ItemID) statute.Date {
	for _, s := range c.Sessions {
		if item != "" && s.ID == item {
			return statute.DateOf(s.At)
		}
	}
	for _, v := range c.FollowUps {
		if item != "" && v.ID == item {
			return v.On
		}
	}
	for _, e := range c.Escalations {
		if item != "" && e.ID == item {
			return statute.DateOf(e.AskedAt)
		}
	}
	return statute.Date{}
}

// Build draws up one form of a case as of today. names are the people of the
// office by id; item names the session (F10), visit (F15), review (F21) or party
// (F03, "" for all) it is about, and may be "" where there is one only.
//
// The case must already be redacted for its reader: what it does not hold cannot
// be printed, and notes of separate talks, of bargaining and of risk are never
// looked at.
//
// Errors: NotFound when there is no such form, or it makes no sense for the case.
func Build(code string, c *mediation.Case, o Office, names map[mediation.UserID]string, item mediation.ItemID,
	today statute.Date) (*Paper, error) {
	f, ok := forms()[code]
	if !ok {
		return nil, &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
	}
	items := f.items(c)
	if item == "" && len(items) == 1 {
		item = items[0]
	}
	if !slices.Contains(items, item) {
		return nil, &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
	}
	kind, _ := statute.FormOf(code)
	s := &sheet{c: c, o: o, names: names, item: item, today: today,
		paper: &Paper{Code: code, Title: kind.ZH, Office: o.Committee, Number: number(c)}}
	s.need(o.Committee, Gap{What: "committee"})
	s.need(s.paper.Number, Gap{What: "number"})
	f.draw(s)
	s.foot()
	return s.paper, nil
}

// number is what the paper is filed under: the case's number from acceptance on,
// that of the intake register before (a refused matter has no other).
func number(c *mediation.Case) string {
	if c.Number != "" {
		return c.Number
	}
	return c.IntakeNumber
}

// sheet is a paper while it is being written.
type sheet struct {
	c     *mediation.Case
	o     Office
	names map[mediation.UserID]string
	item  mediation.ItemID
	today statute.Date
	paper *Paper
}

func (s *sheet) add(blocks ...Block) { s.paper.Blocks = append(s.paper.Blocks, blocks...) }

// need gives the value back, and notes the gap when there is none.
func (s *sheet) need(value string, g Gap) string {
	if value = strings.TrimSpace(value); value == "" && !slices.Contains(s.paper.Missing, g) {
		s.paper.Missing = append(s.paper.Missing, g)
	}
	return value
}

// fact is a row whose value must be there.
func (s *sheet) fact(label, value, what string) Fact {
	return Fact{label, s.need(value, Gap{What: what})}
}

// byHand notes what has to be written or ticked on the paper.
func (s *sheet) byHand(what string) { s.need("", Gap{What: what, Hand: true}) }

// lines splits what people typed into its paragraphs; a line to write on when
// nothing was typed.
func (s *sheet) lines(text, what string) []string {
	if text = s.need(text, Gap{What: what}); text == "" {
		return []string{blank}
	}
	return strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' })
}

func (s *sheet) foot() {
	foot := "打印日期：" + day(s.today)
	if s.paper.Version > 0 {
		foot = fmt.Sprintf("协议文本第%d稿　%s", s.paper.Version, foot)
	}
	s.paper.Foot = foot
}
