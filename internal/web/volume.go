package web

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"doorstep/internal/casework"
	"doorstep/internal/mediation"
	"doorstep/internal/paper"
	"doorstep/internal/statute"
	"doorstep/internal/volume"
)

// volumeTime is what binding a volume may take: one of many photos is minutes of
// drawing on a small machine.
const volumeTime = 3 * time.Minute

// volumeRoutes are the bound volume of a case: what will be in it, and the files.
func (s *Site) volumeRoutes() []route {
	b := bindings{site: s, turn: make(chan struct{}, volumeAtOnce)}
	return []route{
		{http.MethodGet, "/cases/:case/volume", s.showVolume, "volume", "export"},
		{http.MethodGet, "/cases/:case/volume/pdf", b.take("pdf"), "volume", "export"},
		{http.MethodGet, "/cases/:case/volume/zip", b.take("zip"), "volume", "export"},
		{http.MethodGet, "/cases/:case/volume/binding", s.showBinding, "volume", "export"},
		{http.MethodGet, "/cases/:case/volume/bound", s.sendBinding, "volume", "export"},
	}
}

// volumePage says what the volume holds and what it lacks before it is bound.
type volumePage struct {
	Page
	Notice  Notice
	Pieces  Table
	Late    Table
	Lacking Table
	Kept    Facts
	PDF     string
	ZIP     string
	Back    string
}

// bound reads the case for its volume.
func (s *Site) bound(c echo.Context, taken bool) (*casework.View, error) {
	id, err := caseID(c)
	if err != nil {
		return nil, err
	}
	return s.Desk.Volume(c.Request().Context(), actor(c), id, taken)
}

func (s *Site) binder(ctx context.Context, v *casework.View) (volume.Binder, error) {
	in := s.setting(v)
	var err error
	in.Ink, err = s.Desk.VolumeInk(ctx, v)
	return volume.Binder{Press: s.Press, Setting: in, Sign: s.Desk.SignVolume, Now: v.Now,
		Open: func(f mediation.File) (io.ReadCloser, error) {
			content, err := s.Blobs.Get(ctx, f.Digest)
			if err != nil {
				return nil, &mediation.Error{Kind: mediation.Unavailable, Key: "file.missing", Err: err}
			}
			return content, nil
		}}, err
}

func (s *Site) showVolume(c echo.Context) error {
	v, err := s.bound(c, false)
	if err != nil {
		return err
	}
	p, err := s.volumePage(c, v)
	if err != nil {
		return err
	}
	return s.show(c, http.StatusOK, "paper/volume", p)
}

func (s *Site) volumePage(c echo.Context, v *casework.View) (volumePage, error) {
	p := volumePage{Page: s.page(c), Back: casePath(v.Case.ID, ""), PDF: casePath(v.Case.ID, "volume/pdf"), ZIP: casePath(v.Case.ID, "volume/zip")}
	p.Title = p.T("volume.title")
	p.Crumbs = s.crumbs(p.Page, v)
	pieces, err := paper.Contents(v.Case, s.setting(v))
	if err != nil {
		return p, err
	}
	p.Pieces.Head = []string{p.T("volume.seq"), p.T("paper.list.paper"), p.T("volume.gaps")}
	for i, piece := range pieces {
		row := p.piece(v, i, piece)
		if n := v.Case.InForce(piece.Form, piece.Item); n != nil {
			row[2] = Cell{Text: p.nth(*n), URL: issuePath(v.Case.ID, *n)}
			if s.Desk.Standing(v, piece.Form, piece.Item).Changed {
				row[2].Sub = p.T("paper.issue.changed", "n", n.Seq)
			}
		}
		p.Pieces.Rows = append(p.Pieces.Rows, row)
	}
	p.Late.Head = p.Pieces.Head
	p.late(v.Case)
	must := 0
	p.Lacking.Head = []string{p.T("paper.list.paper"), p.T("paper.list.need")}
	for _, due := range paper.Lacking(v.Case, pieces) {
		name := due.Label(string(p.Lang))
		if _, numbered := statute.FormOf(due.Form); numbered {
			name = due.Form + " " + name
		}
		if due.Need == statute.Must {
			must++
		}
		p.Lacking.Rows = append(p.Lacking.Rows, []Cell{{Text: name}, {Text: p.Code(string(statute.PaperNeeds), due.Need)}})
	}
	p.Notice = Notice{Tone: ToneGood, Title: p.T("volume.whole")}
	if must > 0 {
		p.Notice = Notice{Tone: ToneWait, Title: p.T("volume.lacks", "n", strconv.Itoa(must)), Text: p.T("volume.lacks_text")}
	}
	if v.Case.Missing != "" {
		p.Kept.Facts = append(p.Kept.Facts, Fact{Label: p.T("volume.why"), Value: v.Case.Missing})
	}
	return p, nil
}

// late lists what came after closing, each with its file.
func (p *volumePage) late(c *mediation.Case) {
	row := func(cell Cell) {
		p.Late.Rows = append(p.Late.Rows, []Cell{{Text: strconv.Itoa(len(p.Late.Rows) + 1)}, cell, {Text: "–"}})
	}
	for _, a := range c.Addenda {
		row(Cell{Text: p.T("case.addendum_n", "n", a.Seq) + " · " + p.Date(a.On)})
		for _, f := range c.Files {
			if f.ID == a.File && a.File != "" {
				row(Cell{Text: f.Named(), URL: casePath(c.ID, "files/"+string(f.ID))})
			}
		}
	}
}

// named is a piece in the reader's language, with what tells it from others of
// its form: a day, a promise, or words of the index.
func (p *volumePage) named(v *casework.View, piece paper.Piece) string {
	name := piece.Form + " " + formName(p.Page, piece.Form)
	if !piece.On.IsZero() {
		return name + " · " + p.Date(piece.On)
	}
	if i := slices.IndexFunc(v.Case.Obligations, func(o mediation.Obligation) bool { return o.ID == piece.Item }); i >= 0 {
		return name + " · " + p.T("volume.promise", "n", v.Case.Obligations[i].Seq)
	}
	if _, which, ok := strings.Cut(strings.TrimPrefix(piece.Title, piece.Paper.Title), "（"); ok {
		name += " · " + strings.TrimSuffix(which, "）")
	}
	return name
}

// piece is one line of the contents: a paper opens as its page, an original as
// the file itself.
func (p *volumePage) piece(v *casework.View, i int, piece paper.Piece) []Cell {
	state := Cell{Text: "–"}
	var cell Cell
	if piece.File != nil {
		cell = Cell{Text: className(p.Page, v.Case, *piece.File) + p.T("common.colon") + piece.File.Named(), URL: casePath(v.Case.ID, "files/"+string(piece.Item))}
	} else {
		cell = Cell{Text: p.named(v, piece), URL: paperPath(v.Case.ID, paper.Choice{Form: piece.Form, Item: piece.Item})}
		gaps := 0
		for _, g := range piece.Paper.Missing {
			if !g.Hand {
				gaps++
			}
		}
		if gaps > 0 {
			state.Text = p.T("volume.gaps_n", "n", strconv.Itoa(gaps))
		}
	}
	return []Cell{{Text: strconv.Itoa(i + 1)}, cell, state}
}

// unbound tells on the page of the volume why it cannot be bound.
func (s *Site) unbound(c echo.Context, v *casework.View, why error) error {
	if mediation.KindOf(why) != mediation.Invalid {
		return why
	}
	p, err := s.volumePage(c, v)
	if err != nil {
		return err
	}
	p.Notice = Notice{Tone: ToneAlarm, Title: p.T("paper.no_pdf"), Text: p.Message(why)}
	return s.show(c, http.StatusUnprocessableEntity, "paper/volume", p)
}
