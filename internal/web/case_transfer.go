package web

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"doorstep/internal/casework"
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// sends is what the form of a transfer shows of the parcel: exactly what goes to a
// committee of this installation, and what does not (PIPL 23).
type sends struct {
	Goes  Facts
	Stays []string
}

// sends draws the parcel as its reader may see it. Whoever does not read the file
// (legal staff) is told of each kind that something goes, not what.
func (s *Site) sends(p Page, v *casework.View) *sends {
	page, parcel := casePage{Page: p, View: v, C: v.Case}, v.Case.Parcel()
	goes := Facts{}
	add := func(key, value string) {
		if value != "" {
			goes.Facts = append(goes.Facts, Fact{Label: p.T(key), Value: value})
		}
	}
	reads := v.Objects["facts"]
	for _, party := range parcel.Parties {
		fact := Fact{Label: p.T("side." + string(party.Side)), Value: page.sentOf(*party)}
		if !reads {
			fact.Note = p.T("transfer.contacts_too")
		}
		goes.Facts = append(goes.Facts, fact)
	}
	if reads {
		add("field.title", v.Case.Title)
		goes.Facts = append(goes.Facts, page.Story().Facts...)
	} else {
		add("case.story", p.T("transfer.unseen_story"))
	}
	var files []string
	for _, f := range parcel.Files {
		files = append(files, f.Named())
	}
	if n := v.SendsFiles(); len(files) < n {
		files = []string{p.T("transfer.unseen_files", "n", n)}
	}
	add("transfer.files", strings.Join(files, "\n"))
	var dangers []string
	for _, r := range parcel.Risks {
		text := p.Code(string(statute.RiskFlags), r.Flag)
		if !r.ReportedAt.IsZero() {
			text += p.Aside(p.T("case.reported", "receiver", r.Receiver, "time", p.DateTime(r.ReportedAt)))
		}
		dangers = append(dangers, text)
	}
	add("transfer.dangers", strings.Join(dangers, "\n"))
	return &sends{Goes: goes, Stays: strings.Split(p.T("transfer.stays"), "\n")}
}

// sentOf is a party of the parcel in a few lines: who it is, and which of what is
// kept sealed goes along, masked as everywhere.
func (p casePage) sentOf(party mediation.Party) string {
	lines := []string{orElse(party.Name, p.T("case.unnamed"))}
	if party.GuardianName != "" {
		lines = append(lines, p.T("case.guardian", "name", party.GuardianName))
	}
	if party.LegalRep != "" {
		lines = append(lines, p.T("case.legal_rep", "name", party.LegalRep))
	}
	for _, sealed := range []struct{ name, mask string }{{"phone", party.PhoneMask}, {"id_number", party.IDMask}, {"address", party.AddressMask},
		{"bank_account", party.AccountMask}} {
		if sealed.mask != "" {
			lines = append(lines, p.T("field."+sealed.name)+p.T("common.colon")+sealed.mask)
		}
	}
	if told := p.personal(party); told != "" {
		lines = append(lines, told)
	}
	return strings.Join(lines, "\n")
}

// kinLine is a case linked with this one. Whoever may not open it learns its
// number and whose it is, and no more.
type kinLine struct {
	Text, Note, URL string
}

// Kin are the cases this one follows and those that follow it.
func (p casePage) Kin() []kinLine {
	var list []kinLine
	for _, k := range p.View.Kin {
		key := map[[2]bool]string{{true, true}: "handed_from", {true, false}: "follows", {false, true}: "handed_to", {false, false}: "followed_by"}[[2]bool{k.Earlier, k.Handed}]
		line := kinLine{Text: p.T("kin."+key, "committee", k.Committee, "number", kinNumber(k))}
		if k.Seen {
			line.URL = casePath(mediation.CaseID(k.Case), "")
		} else if p.View.Me == nil {
			line.Note = p.T("kin.unseen")
		}
		list = append(list, line)
	}
	return list
}

func kinNumber(k casework.Kin) string { return orElse(k.Number, k.Intake) }

// HandedOver is how a matter was handed on, as far as the reader may know it.
func (p casePage) HandedOver() []Facts {
	var list []Facts
	for _, t := range p.C.Transfers {
		f := Facts{}
		add := func(key, value string) {
			if value != "" {
				f.Facts = append(f.Facts, Fact{Label: p.T(key), Value: value})
			}
		}
		add("transfer.receiver", t.Receiver)
		add("field.reason", t.Reason)
		if t.AgreedBy != "" {
			add("transfer.agreed", strings.Join([]string{t.AgreedBy, p.Date(t.AgreedOn), p.Code(string(statute.ContactMeans), t.AgreedHow)}, " · "))
			add("transfer.ground", p.T("word.ground."+t.Ground))
			add("transfer.when", p.DateTime(t.At)+" · "+p.Name(t.By))
		}
		list = append(list, f)
	}
	return list
}

// movedOn is the case to which a matter was handed, for the applicant; nil when it
// was not, or lies with a body outside.
func movedOn(v *casework.View) *casework.Kin {
	if v.Me == nil || v.Me.Side != mediation.Applicant || v.Case.Handed() == nil {
		return nil
	}
	for i := range v.Kin {
		if k := &v.Kin[i]; k.Handed && !k.Earlier {
			return k
		}
	}
	return nil
}

// movedNotice tells the applicant where his matter lies now, under which number,
// and what comes next; the notice of the stage where it went nowhere.
func movedNotice(p Page, v *casework.View, n Notice) Notice {
	k := movedOn(v)
	if k == nil {
		if ts := v.Case.Transfers; v.Me != nil && len(ts) > 0 {
			n.Text = p.T("transfer.sent_out", "receiver", ts[len(ts)-1].Receiver)
		}
		return n
	}
	n.Title = p.T("transfer.moved_title", "committee", k.Committee)
	n.Text = p.T("transfer.moved_text", "number", kinNumber(*k))
	if k.Phone != "" {
		n.Text += "\n" + p.T("transfer.moved_phone", "phone", k.Phone)
	}
	if k.Address != "" {
		n.Text += "\n" + p.T("transfer.moved_address", "address", k.Address)
	}
	if k.Seen {
		n.Links = []Action{{Label: p.T("transfer.onward"), URL: casePath(mediation.CaseID(k.Case), "")}}
	}
	return n
}

// goOnward leads whoever came by a code from the case he filed to the one that
// follows it: the same visit, the same side, no more right than the code gives.
func (s *Site) goOnward(c echo.Context) error {
	if a := actor(c); a.Code == nil {
		if a.SignedIn() {
			return c.Redirect(http.StatusSeeOther, "/cases")
		}
		return &mediation.Error{Kind: mediation.Unauthenticated, Key: "error.unauthenticated"}
	}
	token, err := s.Accounts.Onward(c.Request().Context(), s.cookie(c, codeCookie))
	if err != nil {
		return err
	}
	if err := s.holdCode(c, token); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/my-case")
}
