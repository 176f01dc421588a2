package web

import (
	"net/url"
	"slices"

	"doorstep/internal/casework"
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// labelFields ask what the files of an upload are. A party is asked one thing in
// plain words; the office also whom they concern and of which paper they are the
// signed scan.
func labelFields(p Page, v *casework.View) []Field {
	title := Field{Name: "shows", Kind: FieldText, Label: p.T("field.shows"), Help: p.T("field.shows.help"), MaxLength: mediation.MaxLine}
	if v.Me != nil {
		what := Field{Name: "class", Kind: FieldRadio, Label: p.T("file.what"), Value: statute.Evidence}
		for _, class := range statute.OwnClasses() {
			o := Option{Value: class, Label: p.T("file.own." + class)}
			if class == statute.ProofOfIdentity {
				o.Help = p.T("file.identity_seen")
			}
			what.Options = append(what.Options, o)
		}
		return []Field{what, title}
	}
	class := Field{Name: "class", Kind: FieldSelect, Label: p.T("field.class"), Value: statute.Evidence}
	for _, k := range statute.Codes(statute.FileClasses) {
		class.Options = append(class.Options, Option{Value: k.Code, Label: k.Label(string(p.Lang))})
	}
	about := Field{Name: "about", Kind: FieldSelect, Label: p.T("field.about"), Help: p.T("field.about.help")}
	for _, party := range v.Case.Active() {
		about.Options = append(about.Options, Option{Value: string(party.ID), Label: sheet{page: p}.partyName(party)})
	}
	return []Field{class, about, {Name: "paper", Kind: FieldSelect, Label: p.T("field.paper"), Help: p.T("field.paper.help"), Options: scannable(p)}, title}
}

// labelOf is what was said of an upload.
func labelOf(typed url.Values) mediation.File {
	return mediation.File{Class: typed.Get("class"), About: mediation.PartyID(typed.Get("about")), Form: typed.Get("paper"), Title: typed.Get("shows")}
}

// otherwise says whether a file that lies there already was called something else
// than the one now sent: sending it again does not change that.
func otherwise(known, sent mediation.File) bool {
	return sent.Class != "" && known.Class != sent.Class
}

// scannable are the forms of which a signed scan may be laid to a case.
func scannable(p Page) []Option {
	var list []Option
	for _, f := range statute.Forms() {
		if statute.Scannable(f.Code) {
			list = append(list, Option{Value: f.Code, Label: f.Code + " " + f.Label(string(p.Lang))})
		}
	}
	return list
}

// className is what a file is, and of which paper or whom.
func className(p Page, c *mediation.Case, f mediation.File) string {
	name := p.Code(string(statute.FileClasses), f.Class)
	if form, ok := statute.FormOf(f.Form); ok {
		name += p.Aside(form.Label(string(p.Lang)))
	} else if party := c.Party(f.About); party != nil && party.Name != "" {
		name += p.Aside(party.Name)
	}
	return name
}

// fillLabel fills the form of a file's class with what it is now.
func fillLabel(f *Form, c *mediation.Case, id mediation.ItemID) {
	i := slices.IndexFunc(c.Files, func(x mediation.File) bool { return x.ID == id })
	if i < 0 {
		return
	}
	known := c.Files[i]
	values := map[string]string{"file": string(known.ID), "class": known.Class, "about": string(known.About), "paper": known.Form, "shows": known.Title}
	f.each(func(x *Field) {
		if v, ok := values[x.Name]; ok {
			x.Value = v
		}
	})
}
