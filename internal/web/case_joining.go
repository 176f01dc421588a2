package web

import (
	"slices"
	"strings"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// joinPage is what a party reads before it joins: to which court, the agreement,
// and the statement of the application, which is a Chinese legal text.
type joinPage struct {
	Court     string
	Settled   string
	Promises  []string
	Statement []string
}

func (s *Site) joinPage(p Page, sh sheet) *joinPage {
	c := sh.view.Case
	k, draft := c.Application(), c.Agreement()
	if k == nil || draft == nil {
		return nil
	}
	it := &joinPage{Settled: draft.Settled, Court: p.T("confirmation.to_court", "court", sh.view.Courts[k.Court])}
	if clock := c.Clock(statute.D12Confirmation); clock != nil {
		it.Court = p.T("confirmation.to_court_until", "court", sh.view.Courts[k.Court], "last", p.Date(clock.Due))
	}
	names := casePage{Page: p, C: c, View: sh.view}
	for _, o := range c.Promised() {
		line := names.PartyName(o.By) + " → " + names.PartyName(o.To) + p.T("common.colon") + o.What
		if o.AmountFen > 0 {
			line += " " + p.Money(o.AmountFen)
		}
		it.Promises = append(it.Promises, line+" · "+p.Date(o.Due)+" · "+o.How)
	}
	it.Statement = strings.Split(s.Words.With(sh.view.Committee.Wording)["F16.pledge"], "\n")
	return it
}

// joining lists the parties whose part in the application the act can move.
func (s sheet) joining(a mediation.Action) []Option {
	var list []Option
	c := s.view.Case
	k := c.Application()
	if k == nil {
		return nil
	}
	for _, p := range c.Active() {
		state := mediation.JoiningAsked
		if j := c.JoiningOf(k.ID, p.ID); j != nil {
			state = j.State
		}
		if _, ok := mediation.JoiningMoves()[state][a]; ok {
			list = append(list, Option{Value: string(p.ID), Label: s.partyName(p)})
		}
	}
	return list
}

// joinFields leaves out what this case has no question for, and says what is on
// file already, so that nothing is asked twice.
func (s sheet) joinFields(fields []Field) []Field {
	c, me := s.view.Case, s.view.Me
	agent := slices.ContainsFunc(c.Active(), func(p *mediation.Party) bool { return p.AgentName != "" && (me == nil || me.ID == p.ID) })
	fields = slices.DeleteFunc(fields, func(f Field) bool {
		return f.Name == "by_agent" && !agent || f.Name == "scope_told" && len(c.Unconfirmable()) == 0
	})
	if me == nil {
		return s.sheetFields(fields)
	}
	for i := range fields {
		f := &fields[i]
		switch {
		case f.Name == "serve_to" && me.AddressMask != "":
			f.Help = s.page.T("act.join_confirmation.on_file", "value", me.AddressMask)
		case f.Name == "serve_to":
			f.Help, f.Required = s.page.T("act.join_confirmation.serve_to.none"), true
		case f.Name == "online_to" && me.PhoneMask != "":
			f.Help = s.page.T("act.join_confirmation.on_file", "value", me.PhoneMask)
		case f.Name == "by_agent":
			f.Label = s.page.T("act.join_confirmation.by_agent.own", "name", me.AgentName)
		}
	}
	return fields
}

// sheetFields says of the scan of a signed sheet how it is to be made.
func (s sheet) sheetFields(fields []Field) []Field {
	for i := range fields {
		if fields[i].Kind == FieldFile {
			fields[i].Help = s.page.T("act.join_confirmation.file_help", "max", sizeText(s.upload))
		}
	}
	return fields
}

// joiner is one party's part in an application as it is shown.
type joiner struct {
	Name  string
	Pill  Pill
	Meta  string
	Lines []string
	Scan  string // address of the sheet it signed, for whom it may be shown
}

// Joiners are the parties of an application, each with where it stands and, for
// its own side and the office, where the court serves it.
func (p casePage) Joiners(k mediation.Confirmation) []joiner {
	var list []joiner
	for _, j := range p.C.Joinings {
		if j.Confirmation != k.ID {
			continue
		}
		tone := map[string]Tone{mediation.JoiningJoined: ToneGood, mediation.JoiningDeclined: ToneAlarm}[j.State]
		one := joiner{Name: p.PartyName(j.Party), Pill: Pill{orTone(tone, ToneWait), "users", p.Word("joining", j.State)}}
		if j.State == mediation.JoiningJoined {
			meta := []string{p.Date(j.On), wordOf(p.Page, "how", j.How)}
			if party := p.C.Party(j.Party); j.ByAgent && party != nil {
				meta = append(meta, p.T("confirmation.by_agent", "name", party.AgentName))
			}
			one.Meta = strings.Join(meta, " · ")
			one.Lines = p.servedAt(j)
			if f := p.FileOf(j.File); f != nil {
				one.Scan = f.URL
			}
		}
		list = append(list, one)
	}
	return list
}

// servedAt says where the court serves a party; nothing for whoever may not see
// it.
func (p casePage) servedAt(j mediation.Joining) []string {
	party := p.C.Party(j.Party)
	if party == nil {
		return nil
	}
	var lines []string
	if at := orElse(j.ServeMask, party.AddressMask); at != "" {
		lines = append(lines, p.T("confirmation.served_at", "where", at))
	}
	if to := orElse(j.OnlineMask, party.PhoneMask); j.Online && to != "" {
		lines = append(lines, p.T("confirmation.served_online", "where", to))
	}
	return lines
}

// JoinNext says what is awaited of whom while an application is joined; nil
// otherwise.
func (p casePage) JoinNext(k mediation.Confirmation) *Notice {
	if k.State != mediation.ConfirmationProposed {
		return nil
	}
	var names []string
	mine := false
	for _, party := range p.C.Active() {
		if !p.C.Awaits(party) {
			continue
		}
		if p.View.Me != nil && p.View.Me.ID == party.ID {
			mine = true
			continue
		}
		names = append(names, p.PartyName(party.ID))
	}
	n := &Notice{Tone: ToneWait, Text: p.T("confirmation.awaits", "names", strings.Join(names, p.T("resident.list_comma")))}
	switch {
	case mine:
		n.Text = p.T("confirmation.awaits_you")
	case p.View.Me != nil:
		n.Tone, n.Text = ToneInform, p.T("confirmation.you_joined", "names", strings.Join(names, p.T("resident.list_comma")))
	}
	for _, a := range []mediation.Action{mediation.JoinConfirmation, mediation.DeclineConfirmation, mediation.LeaveConfirmation} {
		if d, ok := deedOf(a); ok && p.View.May(a) && p.View.Me != nil {
			n.Links = append(n.Links, *button(p.Page, p.C, d, ActionPlain))
		}
	}
	return n
}
