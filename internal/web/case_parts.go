package web

import (
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"doorstep/internal/mediation"
	"doorstep/internal/paper"
	"doorstep/internal/statute"
)

func mapsKeys(m map[string]string) iter.Seq[string] { return maps.Keys(m) }

// Sees says whether the reader sees a kind of thing; templates ask it for
// headings, since the things themselves are already gone.
func (p casePage) Sees(object string) bool { return p.View.Objects[object] }

// Prints says whether the reader gets a form about an item of the case: a record
// only stands as a paper when it holds what the paper needs.
func (p casePage) Prints(form string, item mediation.ItemID) bool {
	return p.Sees("paper") && handed(p.View, p.Actor, form) &&
		slices.ContainsFunc(paper.Choices(p.View.Case), func(ch paper.Choice) bool { return ch.Form == form && ch.Item == item })
}

// Bound says whether the reader may have the volume of the case bound.
func (p casePage) Bound() bool { return p.Sees("volume") && p.View.Case.Bindable() }

// May says whether the reader may do an act now.
func (p casePage) May(action string) bool { return !p.Opened && p.View.May(mediation.Action(action)) }

// URL is the address of something under this case.
func (p casePage) URL(noun string) string { return casePath(p.C.ID, noun) }

// Name is a person of the office by id.
func (p casePage) Name(id mediation.UserID) string { return p.View.Names[id] }

// PartyName is a party of the case with its side.
func (p casePage) PartyName(id mediation.PartyID) string {
	if party := p.C.Party(id); party != nil {
		return sheet{page: p.Page}.partyName(party)
	}
	return ""
}

// Word is a stored word in the reader's language.
func (p casePage) Word(field, word string) string { return wordOf(p.Page, field, word) }

// Register is what the register holds of the case.
func (p casePage) Register() Facts {
	c := p.C
	f := Facts{}
	add := func(key, value string) {
		if value != "" {
			f.Facts = append(f.Facts, Fact{Label: p.T("case." + key), Value: value})
		}
	}
	add("type", p.Code(string(statute.DisputeTypes), c.Type))
	if c.Subtype != "" {
		add("subtype", p.Code(string(statute.DisputeSubtypes), c.Subtype))
	}
	add("source", p.Code(string(statute.Sources), c.Source))
	add("channel", p.Code(string(statute.Channels), c.Channel))
	add("source_ref", c.SourceRef)
	add("intake_number", c.IntakeNumber)
	add("number", c.Number)
	add("area", p.View.Area)
	add("committee", p.View.Committee.Name)
	add("filed_at", p.DateTime(c.FiledAt))
	if !c.AcceptedAt.IsZero() {
		add("accepted_at", p.Date(c.AcceptedAt))
	}
	if !c.EffectiveOn.IsZero() {
		add("effective_on", p.Date(c.EffectiveOn)+p.Source(c.EffectBy))
	}
	return f
}

// Story is the filing in its own words, for those who may read it.
func (p casePage) Story() Facts {
	c := p.C
	f := Facts{}
	add := func(key, value string) {
		if value != "" {
			f.Facts = append(f.Facts, Fact{Label: p.T("case." + key), Value: value})
		}
	}
	add("facts", c.Facts)
	add("place", c.Place)
	add("request", c.Request)
	add("respondent_hint", c.Respondent)
	if c.AmountFen > 0 {
		add("amount", p.Money(c.AmountFen))
	}
	return f
}

// Person is a party as it is drawn: name, side, where its consent, identity and
// rights notice stand.
func (p casePage) Person(party mediation.Party) Person {
	it := Person{Name: orElse(party.Name, p.T("case.unnamed")), Part: p.T("side." + string(party.Side)), Contact: party.PhoneMask,
		Masked: party.PhoneMask != ""}
	note := func(key string, args ...any) { it.Notes = append(it.Notes, p.T(key, args...)) }
	if party.Capacity != "" && party.Capacity != "adult" {
		it.Notes = append(it.Notes, p.Code(string(statute.PartyCapacity), party.Capacity))
	}
	if party.GroupSize > 1 {
		note("case.stands_for", "n", party.GroupSize)
	}
	if party.GuardianName != "" {
		note("case.guardian", "name", party.GuardianName)
	}
	if party.AgentName != "" {
		note("case.agent", "name", party.AgentName)
		if !party.AgentUntil.IsZero() {
			note("case.agent_until", "date", p.Date(party.AgentUntil))
		}
	}
	if party.LegalRep != "" {
		rep := party.LegalRep
		if party.LegalPost != "" {
			rep += p.Aside(party.LegalPost)
		}
		note("case.legal_rep", "name", rep)
	}
	if !party.PrivacyAt.IsZero() {
		note("case.privacy_told", "date", p.Date(statute.DateOf(party.PrivacyAt)), "n", max(1, party.PrivacyVersion))
	}
	if !party.SensitiveAt.IsZero() {
		note("case.sensitive", "date", p.Date(statute.DateOf(party.SensitiveAt)))
	}
	note("consent." + orElse(party.Consent, "open"))
	if party.RightsAt.IsZero() {
		note("case.rights_open")
	} else {
		note("case.rights_told", "date", p.Date(party.RightsAt), "how", wordOf(p.Page, "how", party.RightsHow))
	}
	if party.Identity >= mediation.LevelChecked {
		note("case.identity_checked")
	} else {
		note("case.identity_open")
	}
	if told := p.personal(party); told != "" {
		it.Notes = append(it.Notes, told)
	}
	if party.IDMask != "" {
		note("case.id_number", "mask", party.IDMask)
	}
	if party.AddressMask != "" {
		note("case.address", "mask", party.AddressMask)
	}
	if party.AccountMask != "" {
		note("case.bank_account", "mask", party.AccountMask)
	}
	return it
}

// personal is what is told of a person besides name, number and address, in one
// line; "" where nothing is.
func (p casePage) personal(party mediation.Party) string {
	var told []string
	if party.Sex != "" {
		told = append(told, wordOf(p.Page, "sex", party.Sex))
	}
	if party.Ethnic != "" {
		told = append(told, p.Code(string(statute.EthnicGroups), party.Ethnic))
	}
	if party.BirthMask != "" {
		told = append(told, p.T("case.born", "year", party.BirthMask))
	}
	if party.Occupation != "" {
		told = append(told, party.Occupation)
	}
	return strings.Join(told, " · ")
}

func orElse(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}

// Clocks are the deadlines, open ones first.
func (p casePage) Clocks() []mediation.Deadline {
	var open, ended []mediation.Deadline
	for _, d := range p.C.Deadlines {
		if d.Open() {
			open = append(open, d)
		} else {
			ended = append(ended, d)
		}
	}
	return append(open, ended...)
}

// ClockDue tells how a clock stands.
func (p casePage) ClockDue(d mediation.Deadline) Due { return clockDue(p.Page, d.Kind, d.Due) }

// clockDue tells how a clock stands: one of hours ends within a day, so the time is
// told with it.
func clockDue(p Page, kind statute.DeadlineID, at time.Time) Due {
	due := p.Due(at)
	if rule, ok := statute.Deadline(kind); ok && rule.Term.Unit == statute.Hours {
		due.Date += " " + p.Clock(at)
	}
	return due
}

// ClockName is the name of a clock in the reader's language.
func (p casePage) ClockName(id statute.DeadlineID) string { return clockName(p.Page, id) }

func clockName(p Page, id statute.DeadlineID) string {
	rule, ok := statute.Deadline(id)
	if !ok {
		return string(id)
	}
	if p.English() {
		return rule.NameEN
	}
	return rule.NameZH
}

// Why is the reckoning of a clock in words: every step of the sum with its
// article.
func (p casePage) Why(d mediation.Deadline) []string {
	var list []string
	for _, step := range d.Reckoning {
		text := p.Code(string(statute.ReckonRules), step.Rule)
		if step.N > 0 {
			text += p.T(reckonUnit(step.Rule), "n", step.N)
		}
		if !step.Day.IsZero() {
			text += p.T("reckon.day", "day", p.Date(step.Day))
		}
		list = append(list, text+p.Source(step.Source))
	}
	if d.Guess {
		list = append(list, p.T("reckon.provisional"))
	}
	return list
}

// reckonUnit is the message that gives the number of a step its unit.
func reckonUnit(rule string) string {
	switch rule {
	case "count_hours":
		return "reckon.hours"
	case "count_years":
		return "reckon.years"
	}
	return "reckon.days"
}

// Past is the history as a timeline.
func (p casePage) Past() Timeline { return timeline(p.Page, p.View, p.View.History) }

// SinceAsked is what happened after a review was asked for: the file as it stood
// then lies beside.
func (p casePage) SinceAsked(e mediation.Escalation) Timeline {
	var later []mediation.Event
	for _, line := range p.View.History {
		if line.Seq > e.AskedSeq+1 {
			later = append(later, line)
		}
	}
	return timeline(p.Page, p.View, later)
}

// Remedies are the other lawful routes that were told.
func (p casePage) Remedies() []string {
	var list []string
	for _, r := range statute.RemediesFor(orElse(p.C.OutcomeCode, "T02"), p.C.Type) {
		text := r.ZH
		if p.English() {
			text = r.EN
		}
		list = append(list, text+p.Source(r.Source))
	}
	return list
}

// Outcome is the ground a case ended on, in words.
func (p casePage) Outcome() string {
	for _, list := range []statute.List{statute.NonAcceptance, statute.Terminations} {
		if code, ok := statute.Lookup(list, p.C.OutcomeCode); ok {
			return code.Label(string(p.Lang))
		}
	}
	return ""
}

// Warnings are the clauses a court would not confirm and, for the office, what
// the lint found in the text.
func (p casePage) Warnings() []string {
	return warnings(p.Page, p.C, p.View.Me == nil)
}

func warnings(p Page, c *mediation.Case, office bool) []string {
	var list []string
	add := func(word, label, source string) {
		if word != "" {
			label = p.T("case.quoted", "word", word) + label
		}
		list = append(list, label+p.Source(source))
	}
	for _, w := range c.Unconfirmable() {
		add(w.Word, clauseName(p, w.Clause)+w.Label(string(p.Lang)), w.Source)
	}
	if office {
		for _, f := range c.Lint() {
			add(f.Word, f.Label(string(p.Lang)), f.Source)
		}
	}
	return list
}

// MissingSignatures names who has not signed the version in force yet.
func (p casePage) MissingSignatures() []string {
	if p.C.Stage != mediation.AgreementDraft || p.C.Agreement() == nil {
		return nil
	}
	var list []string
	signed := p.C.Signed()
	has := func(as string, party mediation.PartyID) bool {
		for _, v := range signed {
			if v.As == as && v.Party == party {
				return true
			}
		}
		return false
	}
	for _, party := range p.C.Active() {
		if !has("party", party.ID) {
			list = append(list, p.PartyName(party.ID))
		}
	}
	for _, as := range []string{"mediator", "seal"} {
		if p.C.CourtMode != statute.C1 && !has(as, "") {
			list = append(list, p.T("word.as."+as))
		}
	}
	return list
}
