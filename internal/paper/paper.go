// Package paper draws up the papers of a case as they are printed: the forms of
// the procedure in Chinese official layout, whatever the language of the reader,
// since they are Chinese legal documents. It is pure: a case goes in, as its
// reader may see it, and a paper made of blocks comes out, together with a list
// of everything that is not there yet. Nothing is left blank in silence.
package paper

import (
	"cmp"
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

// Setting is what a paper says besides the case: the committee, the names of the
// people of the office and of the courts by id, and the day of printing.
type Setting struct {
	Office Office
	Names  map[mediation.UserID]string
	Courts map[mediation.CourtID]string
	Words  Wording
	Limits statute.Limits // the committee's own
	Today  statute.Date
	Served map[mediation.PartyID]mediation.Served // what stands open before the court; without it papers show masks
	Bound  *Binding                               // the volume the paper is bound into; nil where it stands alone
	Kept   []Kept                                 // issues in force, as they were issued; a volume binds them
	Told   map[mediation.ItemID]statute.Date      // sessions, by the day on which their notice was given

	Ink map[mediation.ItemID][]byte // pictures of signatures, PNG; none where the reader may not see them
}

// Paper is one form, filled in as far as the case goes. The JSON names are those
// in which an issued paper is kept: a field added later must be omitted while
// empty, and none may get another meaning.
type Paper struct {
	Code    string  `json:"code"` // F01 to F29
	Title   string  `json:"title"`
	Office  string  `json:"office,omitempty"` // who issues it, above the title
	Number  string  `json:"number,omitempty"` // of the case, or of the intake register before acceptance
	Notice  string  `json:"notice,omitempty"` // of an issued notice, in its own register
	Blocks  []Block `json:"blocks"`
	Version int     `json:"version,omitempty"` // of the agreement; 0 on other papers
	Draft   bool    `json:"draft,omitempty"`   // an agreement that has not taken effect
	Foot    string  `json:"-"`                 // the small print at the end: which issue, or that it is none, and the day
	Mark    string  `json:"-"`                 // above the title: that a later issue stands in its place
	Missing []Gap   `json:"-"`
}

// Block is one part of a paper. What it has is drawn in the order of its fields.
type Block struct {
	Head   string   `json:"head,omitempty"`
	Facts  []Fact   `json:"facts,omitempty"`  // a bordered table
	Paired bool     `json:"paired,omitempty"` // two facts to a row of the table
	Text   []string `json:"text,omitempty"`
	Items  []string `json:"items,omitempty"` // already numbered
	Boxes  []Box    `json:"boxes,omitempty"`
	Inline bool     `json:"inline,omitempty"` // the boxes stand in one line
	Strong []string `json:"strong,omitempty"` // a warning in a frame
	Places []Place  `json:"places,omitempty"`
	Grid   Grid     `json:"grid,omitzero"`
}

// Grid is a table with a head, its columns as wide as their shares.
type Grid struct {
	Head   []string   `json:"head"`
	Shares []int      `json:"shares"`
	Rows   [][]string `json:"rows"`
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
type Fact struct {
	Label string `json:"label"`
	Value string `json:"value,omitempty"`
}

// Box is a tick box.
type Box struct {
	Text string `json:"text"`
	On   bool   `json:"on,omitempty"`
}

// Place is where somebody signs, or where the seal is put.
type Place struct {
	Role   string `json:"role"`
	Name   string `json:"name,omitempty"`
	Seal   bool   `json:"seal,omitempty"`   // a place for a seal: the committee's or an organisation's
	Finger bool   `json:"finger,omitempty"` // a place for a fingerprint beside the name
	Done   string `json:"done,omitempty"`   // when and how the signature was recorded; "" while open
	Day    string `json:"day,omitempty"`    // the day already fixed; "" leaves it open

	Sign   mediation.ItemID `json:"sign,omitempty"` // the drawn signature that stands here; "" for none
	Ink    []byte           `json:"-"`              // its picture, PNG, while the paper is printed
	Issued string           `json:"-"`              // the day of the issue, where the place has no day of its own
}

// On is the day at a place; "" for one that is open.
func (p Place) On() string { return cmp.Or(p.Day, p.Issued) }

// Gap is something a paper wants and the case does not hold. What is a word of
// the locale (paper.gap.<What>). By hand says that it may be written on the paper
// itself, and holds up no issue.
type Gap struct {
	What, Who string
	Party     mediation.PartyID // whose it is; "" for the case's own
	Hand      bool
}

// Recorded says whether the office may write it down once for all papers, among
// the particulars of the party.
func (g Gap) Recorded() bool {
	return g.Party != "" && slices.Contains([]string{"name", "id_number", "phone", "address", "guardian", "credit_code", "legal_rep",
		"legal_post", "sex", "ethnic", "birth", "occupation"}, g.What)
}

// Personal says whether it is what a party is not shown of another side.
func (g Gap) Personal() bool {
	return g.Party != "" && slices.Contains([]string{"id_number", "phone", "address", "sex", "ethnic", "birth", "occupation"}, g.What)
}

// audience is who is handed a paper.
type audience int

const (
	all    audience = iota // every party
	each                   // each party its own copy, named by the item
	filers                 // those who applied: it tells their story, or answers it
	inside                 // stays inside the office
)

// form is one kind of paper: who gets it, for which items the case can have it,
// and how it is drawn.
type form struct {
	to    audience
	items func(*mediation.Case) []mediation.ItemID
	draw  func(*sheet)
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
		"F01": {filers, once(canApply), application},
		"F02": {filers, once(canRegister), registration},
		"F03": {each, rightsItems, rightsNotice},
		"F04": {each, acceptedParties, acceptance},
		"F05": {filers, once(canRefuse), refusal},
		"F06": {all, once(hasMediator), appointment},
		"F07": {all, recusalItems, recusal},
		"F08": {all, meetingItems, meeting},
		"F09": {inside, inquiryItems, inquiry},
		"F10": {all, recordItems, record},
		"F11": {all, once(hasAgreement("written")), agreement},
		"F12": {all, once(hasAgreement("oral")), oralAgreement},
		"F13": {all, extensionItems, extension},
		"F14": {all, once(canTerminate), termination},
		"F15": {inside, visitItems, followUp},
		"F16": {all, once(canConfirm), confirmation},
		"F17": {all, once(canConfirm), proofForCourt},
		"F18": {all, receiptItems, receipt},
		"F19": {each, agentItems, attorney},
		"F20": {all, lateItems, reminder},
		"F21": {inside, reviewItems, review},
		"F22": {inside, dangerItems, danger},
		"F23": {inside, referralItems, referral},
		"F24": {filers, once(canSupplement), supplement},
		"F25": {inside, once(canReport), closingReport},
		"F26": {inside, servedItems, service},
		"F27": {inside, once((*mediation.Case).Bindable), cover},
		"F28": {inside, once((*mediation.Case).Bindable), contents},
		"F29": {inside, once((*mediation.Case).Bindable), statement},
	}
}

// Forms lists the codes of the papers this package draws up, in order.
func Forms() []string { return slices.Sorted(maps.Keys(forms())) }

// For says whether a party gets the form, and for which item; "" is whichever
// there is. What speaks of risk or of the office's own work stays inside (domain
// rules, confidentiality; PML 15), the story goes to who told it, and what is
// addressed to one party is for nobody else.
func For(code string, p *mediation.Party) (item mediation.ItemID, ok bool) {
	f, known := forms()[code]
	switch {
	case !known || f.to == inside:
		return "", false
	case f.to == each:
		return mediation.ItemID(p.ID), true
	}
	return "", f.to == all || p.Side == mediation.Applicant
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

// Build draws up one form of a case. item names the session (F10), visit (F15),
// review (F21) or party (F03, "" for all) it is about, and may be "" where there
// is one only.
//
// The case must already be redacted for its reader: what it does not hold cannot
// be printed, and notes of separate talks, of bargaining and of risk are never
// looked at.
//
// Errors: NotFound when there is no such form, or it makes no sense for the case.
func Build(code string, c *mediation.Case, item mediation.ItemID, in Setting) (*Paper, error) {
	item, err := Which(code, c, item)
	if err != nil {
		return nil, err
	}
	kind, _ := statute.FormOf(code)
	s := &sheet{c: c, in: in, item: item, paper: &Paper{Code: code, Title: kind.ZH, Office: in.Office.Committee, Number: number(c)}}
	s.need(in.Office.Committee, Gap{What: "committee"})
	s.need(s.paper.Number, Gap{What: "number"})
	forms()[code].draw(s)
	s.foot()
	s.paper.Inked(in.Ink)
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
	in    Setting
	item  mediation.ItemID
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

func (s *sheet) foot() { s.paper.Foot = s.paper.draftFoot(s.in.Today) }

// Texts is every text of the paper, in the order in which it is read.
func (p *Paper) Texts() []string {
	all := []string{p.Mark, p.Office, p.Title, p.Numbers(), p.Foot}
	for _, b := range p.Blocks {
		all = append(all, b.Head)
		for _, f := range b.Facts {
			all = append(all, f.Label, f.Value)
		}
		all = append(all, b.Grid.Head...)
		for _, row := range b.Grid.Rows {
			all = append(all, row...)
		}
		all = append(append(append(all, b.Text...), b.Items...), b.Strong...)
		for _, x := range b.Boxes {
			all = append(all, x.Text)
		}
		for _, s := range b.Places {
			all = append(all, s.Role, s.Name, s.Done, s.Day)
		}
	}
	return all
}
