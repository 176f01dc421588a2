package web

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"doorstep/internal/casework"
	"doorstep/internal/mediation"
	"doorstep/internal/paper"
)

// signs says whether the act puts a name under the very version that was read.
func signs(a mediation.Action) bool {
	return a == mediation.Sign || a == mediation.Countersign || a == mediation.AffixSeal
}

// agreementText is the text that is signed, as it stands above the form.
type agreementText struct {
	Title    string
	Parts    []textPart
	Promises []Fact // who to whom; what, how much, by when and how
	Digest   string // the first digits
}

// textPart is one part of a text, in paragraphs.
type textPart struct {
	Title string
	Text  string
}

// shownDigest is how many digits of a digest people are shown.
const shownDigest = 12

// agreementText is the version in force; nil where the reader may not read it.
func (s sheet) agreementText() *agreementText {
	c := s.view.Case
	draft := c.Agreement()
	if draft == nil {
		return nil
	}
	t := &agreementText{Title: s.page.T("sign.text", "n", draft.Version), Digest: draft.Digest[:min(shownDigest, len(draft.Digest))]}
	for _, part := range []textPart{{s.page.T("field.facts"), draft.Facts}, {s.page.T("field.settled"), draft.Settled}, {s.page.T("field.unsettled"), draft.Unsettled}} {
		if part.Text != "" {
			t.Parts = append(t.Parts, part)
		}
	}
	name := func(id mediation.PartyID) string {
		if p := c.Party(id); p != nil {
			return p.Name
		}
		return ""
	}
	for _, o := range c.Promised() {
		what := o.What
		if o.AmountFen > 0 {
			what += " " + s.page.Money(o.AmountFen)
		}
		t.Promises = append(t.Promises, Fact{Label: fmt.Sprintf("%d. %s → %s", o.Seq, name(o.By), name(o.To)),
			Value: what + " · " + s.page.Date(o.Due) + " · " + o.How})
	}
	return t
}

// signing fits the questions of a signature to the case and to who signs: no
// field to draw in where the law wants a hand, and a party has to say yes.
func (s sheet) signing(fields []Field) []Field {
	hand := s.view.Case.HandOnly()
	fields = slices.DeleteFunc(fields, func(f Field) bool {
		return hand && (f.Kind == FieldDrawing || f.Name == "agreed" && s.view.Me == nil)
	})
	for i := range fields {
		f := &fields[i]
		switch f.Name {
		case "file":
			f.Help = s.page.T("sign.file_help", "max", sizeText(s.upload))
			f.Required = hand && s.view.Me != nil
		case "agreed":
			f.Required = s.view.Me != nil
			if s.view.Me == nil {
				f.Label = s.page.T("sign.agreed_before_me")
			}
		case "how":
			if hand {
				f.Options = slices.DeleteFunc(f.Options, func(o Option) bool { return o.Value != "paper" })
				f.Value = "paper"
			}
		}
	}
	return fields
}

// signature is one line of those in force.
type signature struct {
	Who, When, How string
	Picture, Alt   string // address of what was drawn, for whom it may be shown
	Hidden         bool   // something was drawn and is not shown
	Scan           string // address of the scanned sheet, for whom it may be shown
}

// Signatures are those under the version in force.
func (p casePage) Signatures() []signature {
	var list []signature
	for _, v := range p.C.Signed() {
		line := signature{Who: p.PartyName(v.Party), When: p.Date(v.On), How: p.Word("how", v.How)}
		if v.Party == "" {
			line.Who = p.Word("as", v.As)
		}
		if v.Image != "" {
			line.How += p.Aside(p.T("sign.drawn"))
			if line.Hidden = !p.Sees("signature") || p.Opened; !line.Hidden {
				line.Picture, line.Alt = p.URL("signatures/"+string(v.ID)), p.T("sign.picture_of", "who", line.Who)
			}
		}
		if slices.ContainsFunc(p.C.Files, func(f mediation.File) bool { return f.ID == v.File && v.File != "" }) {
			line.Scan = p.URL("files/" + string(v.File))
		}
		list = append(list, line)
	}
	return list
}

// withInk puts the pictures of the signatures onto papers before they are printed,
// for a reader who may see them.
func (s *Site) withInk(c echo.Context, v *casework.View, papers ...*paper.Paper) error {
	if !slices.ContainsFunc(papers, (*paper.Paper).Drawn) {
		return nil
	}
	pictures, err := s.Desk.Ink(c.Request().Context(), actor(c), v, nil)
	for _, p := range papers {
		p.Inked(pictures)
	}
	return err
}

// sendInk gives the picture of a signature to a reader of the case who may see
// it; to anybody else, and once the signature is void, it is not there.
func (s *Site) sendInk(c echo.Context) error {
	id, err := caseID(c)
	if err != nil {
		return err
	}
	ctx, a := c.Request().Context(), actor(c)
	v, err := s.Desk.Case(ctx, a, id)
	if err != nil {
		return err
	}
	which := mediation.ItemID(c.Param("signature"))
	pictures, err := s.Desk.Ink(ctx, a, v, []mediation.ItemID{which})
	if err != nil {
		return err
	}
	picture := pictures[which]
	if picture == nil {
		return &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
	}
	c.Response().Header().Set("Content-Security-Policy", sandboxPolicy)
	c.Response().Header().Set(echo.HeaderContentDisposition, "inline")
	return c.Blob(http.StatusOK, "image/png", picture)
}
