package paper

import (
	"slices"
	"strconv"
	"strings"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// Piece is one thing bound into a volume: a paper drawn from the case, or an
// original that was laid to it.
type Piece struct {
	Form  string // F01 to F26; for an original the place of its class (statute.BoundAt)
	Item  mediation.ItemID
	Title string
	On    statute.Date // the day it is about, where that tells it from others of its form
	Note  string       // in the last column of the index
	Paper *Paper
	File  *mediation.File
}

// Binding is what a volume knows of itself once its pages are counted.
type Binding struct {
	Pages   int // of the numbered part, from the first piece to the statement
	Lines   []BoundLine
	Lacking []statute.RequiredPaper
	Late    []BoundLine // what stands behind the back cover, under numbers of its own
}

// BoundLine is a line of the index: what it is and which pages it stands on.
type BoundLine struct {
	Title    string
	From, To int
	Note     string
}

// order is that of the pieces inside the volume (VOL); an original stands behind
// the papers of its place. What a danger report says stays out of the volume and
// is kept apart.
var order = []string{"F01", "F02", "F24", "F03", "ID", "F19", "F04", "F05", "F06", "F07", "F08", "F13", "F26", "F09", "EV", "F10", "F21", "F11", "F12", "F14",
	"F18", "F20", "F15", "F16", "F17", "CT", "F23", "F25", "AX"}

// filled says whether a form goes into the volume by itself. What is an empty
// sheet for somebody to write on does not: the written one is laid in.
func filled(c *mediation.Case, ch Choice) bool {
	switch ch.Form {
	case "F26", "F19":
		return false
	case "F16", "F17":
		return len(c.Confirmations) > 0
	case "F18":
		i := slices.IndexFunc(c.Obligations, func(o mediation.Obligation) bool { return o.ID == ch.Item })
		return i >= 0 && c.Obligations[i].State == mediation.ObligationPerformed
	case "F25": // a report of a case that is not at its end would have no day and no result
		return !finished(c).IsZero()
	}
	return true
}

// Contents are the pieces of the volume of a case as its reader may see it, in
// the order in which they are bound.
//
// Source: PML 27; VOL; domain list 3.3.
func Contents(c *mediation.Case, in Setting) ([]Piece, error) {
	choices := Choices(c)
	var pieces []Piece
	for _, form := range order {
		for _, ch := range withIssued(choices, form, in.Kept) {
			p := inForce(in.Kept, ch)
			if p == nil && !filled(c, ch) {
				continue
			}
			if p == nil {
				var err error
				if p, err = Build(form, c, ch.Item, in); err != nil {
					return nil, err
				}
			}
			p.Inked(in.Ink)
			pieces = append(pieces, Piece{Form: form, Item: ch.Item, Title: bound(c, p.Title, ch), On: toldBy(c, ch), Paper: p})
		}
		pieces = append(pieces, originalsAt(c, form)...)
	}
	return pieces, nil
}

// originalsAt are the files whose class stands at a place of the volume, in the
// order in which they came.
func originalsAt(c *mediation.Case, place string) []Piece {
	var pieces []Piece
	for i := range c.Files {
		f := &c.Files[i]
		if statute.BoundAt(f.Class, f.Form) == place && !c.LateFile(f.ID) {
			pieces = append(pieces, original(c, f, place))
		}
	}
	return pieces
}

func original(c *mediation.Case, f *mediation.File, place string) Piece {
	piece := Piece{Form: place, Item: f.ID, Title: fileTitle(c, *f), File: f}
	if f.Kind != "image" {
		piece.Note = "原件另附"
	}
	return piece
}

// fileTitle names an original in the index: what it is, of which paper or whom,
// and what it shows.
func fileTitle(c *mediation.Case, f mediation.File) string {
	title := className(f)
	if form, ok := statute.FormOf(f.Form); ok {
		title += "（" + form.ZH + "）"
	} else if p := c.Party(f.About); p != nil && p.Name != "" {
		title += "（" + p.Name + "）"
	}
	return title + "：" + f.Named()
}

// className is the class in words; what was laid before there were classes is
// evidence.
func className(f mediation.File) string {
	if f.Class == "" {
		return zh(statute.FileClasses, statute.Evidence)
	}
	return zh(statute.FileClasses, f.Class)
}

// bound names a piece so that two of a form can be told apart: by whose it is,
// by the promise kept, or by its day.
func bound(c *mediation.Case, title string, ch Choice) string {
	if p := c.Party(mediation.PartyID(ch.Item)); p != nil && ch.Item != "" {
		return title + "（" + p.Name + "）"
	}
	for _, o := range c.Obligations {
		if o.ID == ch.Item && ch.Item != "" {
			return title + "（第" + strconv.Itoa(o.Seq) + "项）"
		}
	}
	if on := toldBy(c, ch); !on.IsZero() {
		return title + "（" + day(on) + "）"
	}
	return title
}

// toldBy is the day by which a piece is told from others of its form; none where
// that is a person or a promise.
func toldBy(c *mediation.Case, ch Choice) statute.Date {
	promise := slices.ContainsFunc(c.Obligations, func(o mediation.Obligation) bool { return o.ID == ch.Item && ch.Item != "" })
	if promise || ch.Item != "" && c.Party(mediation.PartyID(ch.Item)) != nil {
		return statute.Date{}
	}
	return ch.On
}

// SheetFor stands in the volume for an original that cannot be drawn on a page.
func SheetFor(c *mediation.Case, f mediation.File, in Setting) *Paper {
	side := "工作人员"
	if f.Side != "" {
		side = sideName(f.Side)
	}
	return &Paper{Code: statute.BoundAt(f.Class, f.Form), Title: className(f) + "说明页", Office: in.Office.Committee, Blocks: []Block{{Facts: []Fact{
		{"材料名称", fileTitle(c, f)}, {"文件名", f.Name}, {"提交人", side}, {"提交时间", moment(f.At)}, {"文件类型", f.Mime}, {"大小", strconv.FormatInt(f.Size, 10) + "字节"}, {"校验码（SHA-256）", f.Digest}},
		Text: []string{"本材料是电子文件，原件与本卷一并保存，内容以原件为准。核对原件时，请比对上列校验码。"}}}}
}

// Lacking are the papers the check-list wants and the pieces do not have, those
// that must be there first.
func Lacking(c *mediation.Case, pieces []Piece) []statute.RequiredPaper {
	var list []statute.RequiredPaper
	for _, due := range c.PapersDue() {
		if !statute.Scannable(due.Form) && slices.Contains(Forms(), due.Form) {
			continue // a report of danger is kept apart and missed by no volume
		}
		var of []*mediation.Party
		switch due.Form {
		case "ID":
			of = c.Unproven()
		case "F19":
			of = c.Unauthorised()
		case "F16":
			if of = c.UnscannedJoinings(); len(of) > 0 {
				due.ZH, due.EN = due.ZH+"签字扫描件", due.EN+": scan of the signed sheet"
			}
		}
		if len(of) > 0 || !slices.ContainsFunc(pieces, func(p Piece) bool { return p.Form == due.Form }) {
			list = append(list, dueFrom(c, due, of))
		}
	}
	slices.SortStableFunc(list, func(a, b statute.RequiredPaper) int { return needRank(a.Need) - needRank(b.Need) })
	return list
}

// dueFrom names in a line of the check-list whose paper is wanted, where others
// have brought theirs.
func dueFrom(c *mediation.Case, due statute.RequiredPaper, of []*mediation.Party) statute.RequiredPaper {
	if len(of) == len(c.Active()) {
		return due
	}
	var names []string
	for _, p := range of {
		if p.Name != "" {
			names = append(names, p.Name)
		}
	}
	if len(names) > 0 {
		due.ZH += "（" + strings.Join(names, "、") + "）"
		due.EN += " (" + strings.Join(names, ", ") + ")"
	}
	return due
}

func needRank(need string) int {
	return slices.Index([]string{statute.Must, statute.IfApplicable, statute.AsNeeded}, need)
}

// cover is F27.
//
// Source: VOL; ARCH 21.
func cover(s *sheet) {
	c := s.c
	names := strings.TrimSpace(s.namesOf(mediation.Applicant) + "、" + s.namesOf(mediation.Respondent))
	filer := s.filer()
	s.add(Block{Facts: []Fact{
		{"卷名", strings.Trim(names, "、") + "　" + s.need(dispute(c), Gap{What: "type"})},
		s.fact("卷号", s.paper.Number, "number"),
		{"人民调解员", orNone(s.mediatorNames(mediators(c)))},
		{"起止日期", orElse(dayOf(c.RegisteredAt), dayOf(c.FiledAt)) + "至" + orElse(knownDay(finished(c)), openDay)},
		{"本卷页数", s.pages()},
		{"保管期限", orBlank(s.need(s.kept(), Gap{What: "retention"}))},
		{"立卷人", filer},
		{"立卷日期", orElse(filedOn(c), openDay)},
		{"备注", s.changedClass()},
	}})
}

// lacking is what the volume wants, as it was found at binding or, for the paper
// alone, is found now.
func (s *sheet) lacking() []statute.RequiredPaper {
	if s.in.Bound != nil {
		return s.in.Bound.Lacking
	}
	pieces, _ := Contents(s.c, s.in)
	return Lacking(s.c, pieces)
}

func (s *sheet) pages() string {
	if s.in.Bound == nil {
		s.byHand("pages")
		return ""
	}
	return "共" + strconv.Itoa(s.in.Bound.Pages) + "页"
}

// keeps is the clock under which an archived volume is kept, and its class; nil
// before it is archived and for one kept for good.
func keeps(c *mediation.Case) (*mediation.Deadline, string) {
	for i := range c.Deadlines {
		if class, ok := statute.RetentionOf(c.Deadlines[i].Kind, c.Deadlines[i].Term); ok {
			return &c.Deadlines[i], class
		}
	}
	return nil, ""
}

// kept is the retention class: that chosen at archiving, with the years it was
// archived with, or the one proposed, with those the committee has set.
func (s *sheet) kept() string {
	c := s.c
	if d, class := keeps(c); d != nil {
		return withYears(class, d.Term) + "，至" + dayOf(d.Due) + "鉴定"
	}
	if c.Stage == mediation.Archived {
		return zh(statute.Retention, statute.KeepForever)
	}
	return s.proposedClass() + "（拟定）"
}

func withYears(class string, t statute.Term) string {
	return zh(statute.Retention, class) + "（" + strconv.Itoa(t.N) + "年）"
}

func (s *sheet) proposedClass() string {
	class := s.c.ProposedRetention()
	if term, ends := s.in.Limits.Retention(class); ends {
		return withYears(class, term)
	}
	return zh(statute.Retention, class)
}

// changedClass says on the cover why the volume is kept for another class than
// the rules propose.
func (s *sheet) changedClass() string {
	if s.c.RetentionWhy == "" {
		return ""
	}
	return "保管期限拟定为" + s.proposedClass() + "，改定原因：" + s.c.RetentionWhy
}

// filedOn is the day the volume was put away: that from which it is kept.
func filedOn(c *mediation.Case) string {
	if !c.ArchivedAt.IsZero() {
		return dayOf(c.ArchivedAt)
	}
	if d, _ := keeps(c); d != nil {
		return dayOf(d.Starts)
	}
	return ""
}

// contents is F28.
func contents(s *sheet) {
	var bound []BoundLine
	if s.in.Bound != nil {
		bound = s.in.Bound.Lines
	}
	g := indexGrid(bound, "")
	if s.in.Bound == nil {
		s.byHand("pages")
		pieces, _ := Contents(s.c, s.in)
		for i, p := range pieces {
			g.Rows = append(g.Rows, []string{strconv.Itoa(i + 1), p.Title, "", p.Note})
		}
	}
	s.add(Block{Grid: g})
}

// statement is F29: what is missing and why, how many pages, and the back cover
// on which filer and checker sign.
//
// Source: VOL.
func statement(s *sheet) {
	c := s.c
	var lacking []string
	for _, due := range s.lacking() {
		if due.Need == statute.Must { // what may be there and is not, no volume lacks
			lacking = append(lacking, due.ZH+"（"+zh(statute.PaperNeeds, due.Need)+"）")
		}
	}
	why := orNone(c.Missing)
	if len(lacking) > 0 && c.Missing == "" {
		why = "" // to be written
	}
	filer := s.filer()
	s.add(Block{Head: "卷宗情况说明", Facts: []Fact{
		{"未入卷的材料", orNone(strings.Join(lacking, "\n"))},
		{"缺少材料的原因", why},
		{"以原件存放的材料", orNone(s.originals())},
		{"需要说明的情况", orNone(s.late())},
	}})
	s.add(Block{Head: "封底", Facts: []Fact{{"本卷页数", s.pages()}, {"保管期限", s.kept()}}, Places: []Place{
		{Role: "立卷人签名", Name: filer, Day: filedOn(s.c)}, {Role: "检查人签名"}, s.seal(statute.DateOf(s.c.ArchivedAt))}})
}

// filer is who put the volume away; "" before, when it is left to the hand.
func (s *sheet) filer() string {
	name := s.in.Names[s.c.ArchivedBy]
	if name == "" {
		s.byHand("filer")
	}
	return name
}

// originals are the files that cannot be drawn on a page.
func (s *sheet) originals() string {
	var list []string
	for _, f := range s.c.Files {
		if f.Kind != "image" && !s.c.LateFile(f.ID) {
			list = append(list, f.Named()+"（校验码"+shortDigest(f.Digest)+"）")
		}
	}
	return strings.Join(list, "\n")
}

// late are the corrections made to the records.
func (s *sheet) late() string {
	var list []string
	for _, k := range s.c.Corrections {
		list = append(list, dayOf(k.At)+"更正："+k.Text)
	}
	return strings.Join(list, "\n")
}
