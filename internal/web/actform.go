package web

import (
	"fmt"
	"slices"

	"doorstep/internal/casework"
	"doorstep/internal/mediation"
	"doorstep/internal/paper"
	"doorstep/internal/statute"
)

// maxPromises bounds the obligations one agreement may hold in the form.
const maxPromises = 30

// sheet is what a form is drawn from: the page, the case as its reader sees it,
// and the people the office offers.
type sheet struct {
	page      Page
	view      *casework.View
	mediators []mediation.Mediator
	others    []Option // committees a case may go to
	receivers []Option // committees a matter may be handed to
	helpers   []Option // people who may be invited
	phrases   paper.Phrase
	calendar  *statute.Calendar // where a form shows days that are not reckoned yet
	upload    int64             // bytes of one file
}

// buildForm draws the form of a deed for one case and reader.
func (s sheet) buildForm(d deed) Form {
	c := s.view.Case
	f := Form{Action: casePath(c.ID, d.noun), Submit: s.page.T("act." + string(d.action) + ".button"), Cancel: casePath(c.ID, ""),
		Version: c.Version, Danger: d.danger, Multipart: d.carries()}
	if d.saves() {
		f.Autosave = draftKey(c.ID, d.noun)
	}
	switch d.action {
	case mediation.OpenSession:
		f.Sections = append(f.Sections, s.attendance())
	case mediation.LogSession:
		f.Sections = append(f.Sections, s.statements())
	case mediation.DraftAgreement, mediation.ReviseAgreement, mediation.CourtAgreed, mediation.SettleOrally, mediation.SettleAtOnce:
		s.terms(&f, d.action)
	case mediation.CloseCase:
		f.Fields = append(f.Fields, s.papers())
	}
	var fields []Field
	for _, a := range d.asks {
		if a.name == "feedback" && c.Feedback() == nil { // nobody waits for an answer
			continue
		}
		if !a.staff || s.view.Me == nil {
			fields = append(fields, s.field(d.action, a))
		}
	}
	switch d.action {
	case mediation.JoinConfirmation:
		fields = s.joinFields(fields)
	case mediation.ApplyConfirmation:
		fields = s.applyFields(fields)
	case mediation.Schedule, mediation.Resume, mediation.OpenSession:
		fields = s.doorFields(d.action, fields)
	}
	s.prefill(d.action, fields)
	if signs(d.action) {
		fields = s.signing(fields)
	}
	if len(f.Sections) > 0 && d.action != mediation.SettleAtOnce {
		f.Sections = append(f.Sections, Section{Fields: fields})
	} else {
		f.Fields = append(f.Fields, fields...)
	}
	if draft := c.Agreement(); draft != nil && (signs(d.action) || d.action == mediation.JoinConfirmation) {
		f.Fields = append(f.Fields, Field{Name: "agreement", Kind: FieldHidden, Value: string(draft.ID)},
			Field{Name: "digest", Kind: FieldHidden, Value: draft.Digest})
	}
	return f
}

func casePath(id mediation.CaseID, noun string) string {
	if noun == "" {
		return "/cases/" + string(id)
	}
	return "/cases/" + string(id) + "/" + noun
}

func draftKey(id mediation.CaseID, noun string) string { return "case/" + string(id) + "/" + noun }

// label finds the words of a field: the act's own, or the common ones.
func (s sheet) label(a mediation.Action, name string) string {
	if key := "act." + string(a) + "." + name; name != "title" && s.page.Has(key) { // act.*.title is the page's own
		return s.page.T(key)
	}
	return s.page.T("field." + name)
}

func (s sheet) help(a mediation.Action, name string) string {
	for _, key := range []string{"act." + string(a) + "." + name + ".help", "field." + name + ".help"} {
		if s.page.Has(key) {
			return s.page.T(key)
		}
	}
	return ""
}

func (s sheet) field(a mediation.Action, q ask) Field {
	f := Field{Name: q.name, Kind: q.kind, Label: s.label(a, q.name), Help: s.help(a, q.name), Required: q.must}
	if q.kind == FieldHidden {
		f.Label, f.Help = "", ""
	}
	if q.kind == FieldFile {
		f.Accept = acceptPhotos
	}
	if q.today {
		f.Value = statute.DateOf(s.view.Now).String()
	}
	f.Options = s.options(a, q)
	if len(f.Options) == 1 && q.must && q.kind == FieldSelect {
		f.Value = f.Options[0].Value
	}
	return f
}

func (s sheet) options(a mediation.Action, q ask) []Option {
	switch {
	case q.list != "":
		return s.codes(a, q.list)
	case len(q.words) > 0:
		var list []Option
		for _, w := range q.words {
			list = append(list, Option{Value: w, Label: s.word(q.name, w) + s.within(q.name, w), Help: s.help(a, q.name+"."+w)})
		}
		return list
	}
	return s.fromCase(a, q.from)
}

// word is a choice in the reader's language.
func (s sheet) word(field, w string) string { return wordOf(s.page, field, w) }

func wordOf(p Page, field, w string) string {
	if key := "word." + field + "." + w; p.Has(key) {
		return p.T(key)
	}
	return p.T("word." + w)
}

// codes lists a code list; the modes of the court leave out guidance, which is
// no referral, and grounds that the stage cannot have.
func (s sheet) codes(a mediation.Action, list statute.List) []Option {
	var options []Option
	for _, code := range statute.Codes(list) {
		if a == mediation.ReferToCourt && (code.Code == string(statute.C0) || code.Code == "") {
			continue
		}
		if s.view.Case.Hold && list == statute.SessionModes && code.Code == "joint" {
			continue
		}
		if list == statute.Relations && code.Code == "none" && (a == mediation.DeclareConflict || a == mediation.AskRecusal) {
			continue // a reason to step back is what is asked for
		}
		label := code.Label(string(s.page.Lang))
		if list == statute.Retention {
			label = s.retention(code.Code) + s.keptUntil(code.Code)
		}
		if list == statute.DisputeSubtypes {
			if parent, ok := statute.Lookup(statute.DisputeTypes, code.Parent); ok {
				label = parent.Label(string(s.page.Lang)) + " · " + label
			}
		}
		if !slices.Contains(unnumbered, list) {
			label = code.Code + " " + label
		}
		options = append(options, Option{Value: code.Code, Label: label})
	}
	return options
}

// unnumbered are the code lists whose codes nobody writes on paper: their words stand
// alone.
var unnumbered = []statute.List{statute.ContactMeans, statute.SessionModes, statute.SessionDoors, statute.Relations, statute.ObligationKinds,
	statute.PartyCapacity, statute.Retention, statute.FileClasses, statute.DisputeSubtypes, statute.EthnicGroups, statute.ReportTargets,
	statute.DataRights, statute.DataAnswers, statute.DataRefusals}

func (s sheet) fromCase(a mediation.Action, from source) []Option {
	c := s.view.Case
	var list []Option
	switch from {
	case fromParties:
		for _, p := range c.Active() {
			if a != mediation.AskClosed || p.ClosedAskedAt.IsZero() {
				list = append(list, Option{Value: string(p.ID), Label: s.partyName(p)})
			}
		}
	case fromMediators:
		for _, m := range s.mediators {
			if m.Registered && m.Active {
				list = append(list, Option{Value: string(m.User), Label: s.page.T("act.mediator_load", "name", m.Name, "n", m.OpenCases)})
			}
		}
	case fromActing:
		for _, m := range c.Assignments {
			if m.EndedAt.IsZero() {
				list = append(list, Option{Value: string(m.Mediator), Label: m.Name})
			}
		}
	case fromObligations:
		list = s.obligations(a)
	case fromFiles:
		for _, file := range c.Files {
			if a == mediation.ClassifyFile || file.Sharable() {
				list = append(list, Option{Value: string(file.ID), Label: file.Named() + s.page.Aside(className(s.page, c, file))})
			}
		}
	case fromForms:
		list = scannable(s.page)
	case fromRisks:
		for _, r := range c.Risks {
			if r.ReportedAt.IsZero() {
				list = append(list, Option{Value: string(r.ID), Label: s.page.Code(string(statute.RiskFlags), r.Flag) + " · " + s.page.DateTime(r.At)})
			}
		}
	case fromCourts:
		list = s.courts(a == mediation.ApplyConfirmation || a == mediation.ProposeConfirmation)
	case fromJoining:
		list = s.joining(a)
	case fromRecords:
		list = s.records()
	case fromCommittees:
		list = s.others
	case fromReceivers:
		list = s.receivers
	case fromHelpers:
		list = s.helpers
	case fromDataAsked:
		list = s.dataAsked()
	case fromPapers:
		list = s.papersToIssue()
	}
	return list
}

// dataAsked lists the requests about personal data that wait for an answer.
func (s sheet) dataAsked() []Option {
	var list []Option
	for _, r := range s.view.Case.DataRequests {
		if p := s.view.Case.Party(r.Party); r.Open() && p != nil {
			list = append(list, Option{Value: string(r.ID), Label: s.partyName(p) + " · " + s.page.Code(string(statute.DataRights), r.Right) + " · " + s.page.Date(r.At)})
		}
	}
	return list
}

func (s sheet) partyName(p *mediation.Party) string {
	name := p.Name
	if name == "" {
		name = s.page.T("case.unnamed")
	}
	return name + s.page.Aside(s.page.T("side."+string(p.Side)))
}

// obligations lists those the act can move from where they stand.
func (s sheet) obligations(a mediation.Action) []Option {
	var list []Option
	for _, o := range s.view.Case.Promised() {
		if _, ok := mediation.ObligationMoves()[o.State][a]; ok {
			list = append(list, Option{Value: string(o.ID), Label: fmt.Sprintf("%d. %s · %s", o.Seq, o.What, s.page.Date(o.Due))})
		}
	}
	return list
}

func (s sheet) records() []Option {
	var list []Option
	for _, v := range s.view.Case.Sessions {
		if v.State == "recorded" {
			list = append(list, Option{Value: string(v.ID), Label: s.page.T("case.session_n", "n", v.Seq) + " · " + s.page.Date(v.At)})
		}
	}
	for _, v := range s.view.Case.Inquiries {
		list = append(list, Option{Value: string(v.ID), Label: s.page.T("case.investigation") + " · " + s.page.Date(v.On)})
	}
	for _, v := range s.view.Case.FollowUps {
		list = append(list, Option{Value: string(v.ID), Label: s.page.T("case.visit") + " · " + s.page.Date(v.On)})
	}
	return list
}

// attendance asks for each party who came, who was checked and who was told.
func (s sheet) attendance() Section {
	rows := &Rows{Name: "attendance", Legend: s.page.T("act.open_session.attendance"), Help: s.page.T("act.open_session.attendance.help")}
	for i, p := range s.view.Case.Active() {
		at := fmt.Sprintf("attendance[%d].", i)
		ways := []Option{{Value: "signed", Label: s.page.T("word.signed")}, {Value: "oral", Label: s.page.T("word.oral")}}
		if !p.RightsAt.IsZero() {
			ways = append(ways, Option{Value: "before", Label: s.page.T("word.rights.told"), Selected: true})
		}
		fields := []Field{
			{Name: at + "party", Kind: FieldHidden, Value: string(p.ID)},
			{Name: at + "present", Kind: FieldCheckbox, Label: s.page.T("field.present"), Value: "1", Checked: true},
		}
		if p.AgentName != "" {
			fields = append(fields, Field{Name: at + "by_agent", Kind: FieldCheckbox, Label: s.page.T("field.by_agent", "name", p.AgentName), Value: "1"})
		}
		fields = append(fields,
			Field{Name: at + "identity", Kind: FieldCheckbox, Label: s.page.T("field.identity"), Value: "1", Checked: p.Identity >= mediation.LevelChecked},
			Field{Name: at + "rights", Kind: FieldRadio, Label: s.page.T("field.rights"), Options: ways})
		rows.Groups = append(rows.Groups, Group{Legend: s.partyName(p), Fields: fields})
	}
	rows.Min, rows.Max = len(rows.Groups), len(rows.Groups)
	return Section{Rows: rows}
}

// statements asks for what each side said; each in its own box, in its own words.
func (s sheet) statements() Section {
	section := Section{Title: s.page.T("act.log_session.statements"), Help: s.page.T("act.log_session.statements.help")}
	for i, p := range s.view.Case.Active() {
		at := fmt.Sprintf("statements[%d].", i)
		section.Fields = append(section.Fields,
			Field{Name: at + "party", Kind: FieldHidden, Value: string(p.ID)},
			Field{Name: at + "text", Kind: FieldTextArea, Label: s.partyName(p), Rows: 4})
	}
	return section
}

// papers is the check-list of the volume.
func (s sheet) papers() Field {
	f := Field{Name: "papers", Kind: FieldCheckboxes, Label: s.page.T("act.close.papers"), Help: s.page.T("act.close.papers.help")}
	for _, paper := range s.view.Case.PapersDue() {
		name := paper.ZH
		if s.page.English() {
			name = paper.EN
		}
		f.Options = append(f.Options, Option{Value: paper.Form, Label: paper.Form + " " + name, Help: s.page.Code(string(statute.PaperNeeds), paper.Need)})
	}
	return f
}

// prefill puts in what the case already knows.
func (s sheet) prefill(a mediation.Action, fields []Field) {
	c := s.view.Case
	known := map[string]string{}
	switch a {
	case mediation.RegisterCase:
		known = map[string]string{"title": c.Title, "request": c.Request, "respondent": c.Respondent, "type": c.Type, "capacity": "adult", "feedback": c.FeedbackKind()}
		if parties := c.Active(); len(parties) > 0 {
			known["applicant"] = parties[0].Name
		}
	case mediation.AskOtherSide, mediation.LogContact, mediation.GiveConsent, mediation.Decline:
		for _, p := range c.Active() {
			if p.Side == mediation.Respondent && p.Consent == "" {
				known["party"] = string(p.ID)
				break
			}
		}
	case mediation.Assign:
		known = map[string]string{"lead_relation": "none", "chosen_by": "committee", "track": string(c.Track)}
	case mediation.ConfirmGrade:
		known["grade"] = c.Grade
	case mediation.ReportMajor:
		known = map[string]string{"to": "judicial_office", "way": mediation.ThroughSystem}
		if len(c.MajorReports) > 0 { // told by word of mouth, and now on paper
			known["way"] = mediation.OnPaper
		}
	case mediation.Resume, mediation.Schedule:
		if n := len(c.Sessions); n > 0 {
			known = map[string]string{"place": c.Sessions[n-1].Place, "mode": c.Sessions[n-1].Mode}
		}
	case mediation.Archive:
		known["retention"] = s.proposed(fields)
	case mediation.AddParty:
		known = map[string]string{"side": "respondent", "capacity": "adult", "group_size": "1"}
	}
	for i := range fields {
		if v := known[fields[i].Name]; v != "" && v != "99" {
			fields[i].Value = v
		}
	}
}
