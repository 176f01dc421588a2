package web

import (
	"time"

	"doorstep/internal/mediation"
)

// StyleguidePage shows every part once, with names as long as real ones get.
// People and events are invented.
type StyleguidePage struct {
	Page
	Pills    []Pill
	Dues     []Due
	Notices  []Notice
	Steps    Steps
	Facts    Facts
	People   []Person
	Timeline Timeline
	Table    Table
	Pager    Pager
	Empty    Empty
	Tabs     Tabs
	Actions  Actions
	Danger   Danger
	Form     Form
	Faulty   Form
	Confirm  Confirm
}

// Styleguide fills the page "styleguide" for whoever works on the looks. It is
// served only when a setting is on.
func (p Page) Styleguide() StyleguidePage {
	s := StyleguidePage{Page: p, Pager: Pager{Newer: "#newer", Older: "#older"}}
	for _, stage := range mediation.Stages {
		s.Pills = append(s.Pills, p.Stage(stage))
	}
	for _, days := range []int{24, 3, 0, -6} {
		s.Dues = append(s.Dues, p.Due(p.Now.AddDate(0, 0, days).Add(time.Hour)))
	}
	s.Notices = p.sampleNotices()
	s.Steps = p.sampleSteps()
	s.Facts, s.People = p.sampleFacts(), p.samplePeople()
	s.Timeline, s.Table = p.sampleTimeline(), p.sampleTable()
	s.Empty = Empty{
		Icon: "inbox", Title: p.T("styleguide.empty_title"), Text: p.T("styleguide.empty_text"),
		Action: &Action{Label: p.T("nav.file"), URL: "#file", Kind: ActionPlain, Icon: "file-plus"},
	}
	s.Tabs = Tabs{[]Tab{
		{Label: p.T("common.details"), URL: "#a", Current: true},
		{Label: p.T("common.history"), URL: "#b", Count: 12},
		{Label: p.T("nav.deadlines"), URL: "#c"},
	}}
	s.Actions = Actions{[]Action{
		{Label: p.T("styleguide.act_main"), URL: "#d", Kind: ActionPrimary, Icon: "pen-line"},
		{Label: p.T("styleguide.act_other"), URL: "#e", Icon: "calendar-days", Note: p.T("styleguide.act_note")},
		{Label: p.T("common.back"), URL: "#f", Kind: ActionQuiet},
	}}
	end := Action{Label: p.T("styleguide.end"), URL: "#end", Kind: ActionDanger, Post: true}
	s.Danger = Danger{Text: p.T("styleguide.danger_text"), Actions: []Action{end}}
	s.Form, s.Faulty = p.sampleForm(), p.faultyForm()
	s.Confirm = Confirm{
		Title: p.T("styleguide.end"), Text: p.T("styleguide.danger_text"),
		Consequences: []string{p.T("styleguide.consequence_1"), p.T("styleguide.consequence_2")},
		Form: Form{Action: "#confirm", Submit: p.T("styleguide.end"), Cancel: "#back", Danger: true, Fields: []Field{
			{Name: "reason", Kind: FieldTextArea, Label: p.T("styleguide.f_reason"), Required: true, Rows: 3},
		}},
	}
	return s
}

func (p Page) sampleNotices() []Notice {
	var all []Notice
	for _, tone := range []Tone{ToneInform, ToneGood, ToneWait, ToneAlarm} {
		n := Notice{Tone: tone, Text: p.T("styleguide.notice_" + string(tone))}
		if tone == ToneWait {
			n.Title = p.T("styleguide.notice_title")
			n.Links = []Action{{Label: p.T("styleguide.why"), URL: "#why"}}
		}
		all = append(all, n)
	}
	return all
}

func (p Page) sampleSteps() Steps {
	return Steps{[]Step{
		{Label: p.T("stage.submitted"), State: StepDone, Note: p.ShortDate(p.Now.AddDate(0, 0, -9))},
		{Label: p.T("stage.registered"), State: StepDone, Note: p.ShortDate(p.Now.AddDate(0, 0, -8))},
		{Label: p.T("stage.consent_pending"), State: StepNow, Note: p.T("styleguide.step_note")},
		{Label: p.T("stage.in_mediation"), State: StepNext},
		{Label: p.T("stage.effective"), State: StepNext},
	}}
}

func (p Page) sampleFacts() Facts {
	return Facts{[]Fact{
		{Label: p.T("styleguide.f_number"), Value: "榆园人调字〔2026〕第12号"},
		{Label: p.T("styleguide.f_request"), Value: p.T("styleguide.request")},
		{Label: p.T("styleguide.f_phone"), Value: "100****0007", Masked: true, Note: p.T("styleguide.phone_note")},
		{Label: p.T("styleguide.f_amount"), Value: p.Money(680000)},
		{Label: p.T("styleguide.f_address"), Missing: true},
	}}
}

func (p Page) samplePeople() []Person {
	return []Person{
		{Name: "阿卜杜热合曼·买买提伊明", Part: p.T("styleguide.applicant"), Contact: "100****0007", Masked: true, URL: "#person"},
		{Name: p.T("styleguide.company"), Part: p.T("styleguide.respondent"), Notes: []string{p.T("styleguide.company_note")}},
	}
}

func (p Page) sampleTimeline() Timeline {
	return Timeline{[]Event{
		{When: p.Now.Add(-3 * time.Hour), What: p.T("stage.consent_pending"), Who: "沈玉兰", Icon: "phone", Tone: ToneWait, Detail: p.T("styleguide.event_detail")},
		{When: p.Now.AddDate(0, 0, -8), What: p.T("stage.registered"), Who: "周敏", Icon: "file-text", Tone: ToneFresh},
		{When: p.Now.AddDate(0, 0, -9), What: p.T("stage.submitted"), Who: "阿卜杜热合曼·买买提伊明", Icon: "inbox", Tone: ToneFresh},
	}}
}

func (p Page) sampleTable() Table {
	t := Table{
		Caption: p.T("styleguide.table_caption"),
		Head: []string{
			p.T("styleguide.f_matter"), p.T("styleguide.f_number"), p.T("styleguide.f_stage"), p.T("styleguide.f_due"), p.T("styleguide.f_amount"),
		},
	}
	for i, stage := range []mediation.Stage{mediation.InMediation, mediation.ConsentPending, mediation.Effective} {
		pill, due := p.Stage(stage), p.Due(p.Now.AddDate(0, 0, 12-9*i))
		t.Rows = append(t.Rows, []Cell{
			{Text: p.T("styleguide.matter"), URL: "#case", Sub: "阿卜杜热合曼·买买提伊明"},
			{Text: "榆园人调字〔2026〕第12号"},
			{Pill: &pill},
			{Due: &due},
			{Text: p.Money(680000 * int64(i+1)), Number: true},
		})
	}
	return t
}

func (p Page) sampleForm() Form {
	return Form{
		Action: "#form", Submit: p.T("common.submit"), Cancel: "#back", Multipart: true, Autosave: "styleguide", Version: 3,
		Fields: []Field{
			{Name: "what", Kind: FieldTextArea, Label: p.T("styleguide.f_what"), Help: p.T("styleguide.h_what"), Required: true, MaxLength: 2000},
			{Name: "phone", Kind: FieldTel, Label: p.T("styleguide.f_phone"), Help: p.T("styleguide.h_phone"), Autocomplete: "tel", Required: true},
			{Name: "where", Kind: FieldSelect, Label: p.T("styleguide.f_address"), Value: "3", Options: []Option{
				{Value: "3", Label: "榆园社区 3 幢"}, {Value: "4", Label: "榆园社区 4 幢"},
			}},
			{Name: "how", Kind: FieldRadio, Label: p.T("styleguide.f_how"), Required: true, Value: "joint", Options: []Option{
				{Value: "joint", Label: p.T("styleguide.o_joint"), Help: p.T("styleguide.o_joint_help")},
				{Value: "caucus", Label: p.T("styleguide.o_caucus"), Help: p.T("styleguide.o_caucus_help")},
			}},
			{Name: "needs", Kind: FieldCheckboxes, Label: p.T("styleguide.f_needs"), Values: []string{"hear"}, Options: []Option{
				{Value: "hear", Label: p.T("styleguide.o_hear")}, {Value: "stairs", Label: p.T("styleguide.o_stairs")},
			}},
			{Name: "when", Kind: FieldDate, Label: p.T("styleguide.f_when"), Value: "2026-05-11", Max: "2026-06-30"},
			{Name: "photos", Kind: FieldFile, Label: p.T("styleguide.f_photos"), Help: p.T("styleguide.h_photos"), Accept: "image/*,application/pdf", Multiple: true},
			{Name: "read", Kind: FieldCheckbox, Label: p.T("styleguide.f_read"), Required: true},
		},
	}
}

func (p Page) faultyForm() Form {
	row := func(n string, who, amount string) []Field {
		return []Field{
			{Name: "obligations[" + n + "].who", Kind: FieldText, Label: p.T("styleguide.f_who"), Value: who, Required: true},
			{Name: "obligations[" + n + "].amount", Kind: FieldMoney, Label: p.T("styleguide.f_amount"), Value: amount},
		}
	}
	f := Form{
		Action: "#faulty", Submit: p.T("common.save"),
		Fields: []Field{{Name: "day", Kind: FieldText, Label: p.T("styleguide.f_when"), Value: "31/02", Short: true, Required: true}},
		Sections: []Section{{Title: p.T("styleguide.f_terms"), Help: p.T("styleguide.h_terms"), Rows: &Rows{
			Name: "obligations", Legend: p.T("styleguide.f_obligations"), Min: 1, Max: 5,
			Groups: []Group{
				{Fields: row("0", "阿卜杜热合曼·买买提伊明", "6800.00")}, {Fields: row("1", "", "sixty")},
			},
		}}},
	}
	f.Mark(p, &mediation.Error{Kind: mediation.Invalid, Key: "error.check_fields", Fields: map[string]string{
		"day": "error.date", "obligations[1].who": "error.required", "obligations[1].amount": "error.amount",
	}})
	return f
}
