package web

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// recordDraft is the draft of a filing that is written for somebody.
const recordDraft = "record"

// recordPage is the form by which the office files for whoever called or came,
// for a referral, or of its own motion.
type recordPage struct {
	Page
	Form     Form
	Restored *Notice
	Aloud    []string // the privacy notice, to be read out
}

func (s *Site) askRecord(c echo.Context) error {
	if err := s.mayRecord(c); err != nil {
		return err
	}
	p, err := s.recordPage(c, formKey())
	if err != nil {
		return err
	}
	p.Form.came(c.QueryParam("source"), c.QueryParam("channel"))
	if c.QueryParam("fresh") == "" {
		if err := s.restoreRecord(c, &p); err != nil {
			return err
		}
	}
	return s.show(c, http.StatusOK, "resident/record", p)
}

// restoreRecord fills the form with what was typed before and never sent, under
// the key it was typed with.
func (s *Site) restoreRecord(c echo.Context, p *recordPage) error {
	body, at, err := s.Drafts.Draft(c.Request().Context(), draftOwner(c), recordDraft)
	if err != nil {
		return err
	}
	typed, bad := url.ParseQuery(body)
	if bad != nil || typed.Get("facts") == "" {
		return nil
	}
	p.Form.Fill(typed)
	if key := typed.Get("key"); len(key) >= 16 && len(key) <= 64 {
		p.Form.Fields[0].Value = key
	}
	wall := p.Page
	wall.Now = s.Wall()
	p.Restored = &Notice{Tone: ToneInform, Text: p.T("act.restored", "time", wall.DateTime(at)),
		Links: []Action{{Label: p.T("act.start_afresh"), URL: "/record?fresh=1"}}}
	return nil
}

// mayRecord spares whoever may not record the typing; the desk judges again.
func (s *Site) mayRecord(c echo.Context) error {
	switch a := actor(c); {
	case !a.SignedIn():
		return &mediation.Error{Kind: mediation.Unauthenticated, Key: "error.unauthenticated"}
	case !s.Can(a, "case", mediation.RecordCase):
		return &mediation.Error{Kind: mediation.Forbidden, Key: "error.forbidden"}
	}
	return nil
}

func (s *Site) recordPage(c echo.Context, key string) (recordPage, error) {
	p := recordPage{Page: s.page(c)}
	areas, err := s.areaChoices(c, p.Page)
	if err != nil {
		return p, err
	}
	p.Title, p.Aloud = p.T("resident.record_title"), p.Lines(p.T("resident.privacy_short"))
	more := moreFields(p.Page)
	name, others := more[0], more[1:]
	p.Form = Form{Action: "/record", Submit: p.T("resident.record_send"), Cancel: "/desk", Autosave: recordDraft,
		Fields: []Field{{Name: "key", Kind: FieldHidden, Value: key}},
		Sections: []Section{
			{Title: p.T("resident.record_what"), Fields: []Field{
				{Name: "facts", Kind: FieldTextArea, Label: p.T("resident.record_facts"), Help: p.T("resident.record_facts_help"), Required: true,
					Rows: 7, MaxLength: mediation.MaxStory},
				{Name: "area", Kind: FieldSelect, Label: p.T("resident.area"), Options: areas},
				{Name: "place", Kind: FieldText, Label: p.T("resident.place"), MaxLength: mediation.MaxLine, Autocomplete: "off"}}},
			{Title: p.T("resident.record_who"), Fields: append([]Field{name,
				{Name: "phone", Kind: FieldTel, Label: p.T("resident.record_phone"), Help: p.T("resident.record_phone_help"), Autocomplete: "off"}},
				others...)},
			{Title: p.T("resident.record_how"), Fields: cameFields(p.Page)},
			{Title: p.T("resident.record_notice"), Fields: []Field{
				{Name: "legal_ground", Kind: FieldRadio, Label: p.T("resident.legal_ground"), Required: true, Value: "consent", Options: []Option{
					{Value: "consent", Label: p.T("resident.ground_consent"), Help: p.T("resident.ground_consent_help")},
					{Value: "statutory_duty", Label: p.T("resident.ground_duty"), Help: p.T("resident.ground_duty_help")}}},
				{Name: "privacy", Kind: FieldCheckbox, Label: p.T("resident.record_privacy_box"), Required: true}}},
		}}
	for i := range p.Form.Sections[1].Fields { // whoever is typing is not whom it is about
		x := &p.Form.Sections[1].Fields[i]
		x.Autocomplete = "off"
		if key := "resident.record_" + x.Name; p.Has(key) {
			x.Label = p.T(key)
		}
	}
	return p, nil
}

// cameFields ask how the matter came to the office.
func cameFields(p Page) []Field {
	return []Field{
		{Name: "source", Kind: FieldSelect, Label: p.T("case.source"), Required: true, Options: listOf(p, statute.Sources), Value: "application"},
		{Name: "channel", Kind: FieldSelect, Label: p.T("case.channel"), Required: true, Options: listOf(p, statute.Channels), Value: "window"},
		{Name: "source_ref", Kind: FieldText, Label: p.T("case.source_ref"), Help: p.T("resident.source_ref_help"), MaxLength: mediation.MaxLine,
			Autocomplete: "off"},
		{Name: "feedback", Kind: FieldRadio, Label: p.T("resident.feedback"), Help: p.T("resident.feedback_help"), Options: []Option{
			{Value: mediation.SimpleFeedback, Label: p.T("word.feedback.simple") + p.Aside(p.T("resident.feedback_default", "term", termWords(p, defaultTerm(statute.D20Simple), false)))},
			{Value: mediation.ComplexFeedback, Label: p.T("word.feedback.complex") + p.Aside(p.T("resident.feedback_default", "term", termWords(p, defaultTerm(statute.D20Feedback), false)))}}},
		{Name: "referral_letter", Kind: FieldCheckbox, Label: p.T("resident.referral_letter")},
		{Name: "court_mode", Kind: FieldSelect, Label: p.T("resident.court_mode"), Help: p.T("resident.court_mode_help"),
			Options: listOf(p, statute.CourtModes)},
	}
}

// defaultTerm is what a clock runs before a committee set its own.
func defaultTerm(id statute.DeadlineID) statute.Term { return statute.Limits(nil).Term(id) }

// came chooses how the matter came, where a page that leads here knows it.
func (f *Form) came(source, channel string) {
	f.each(func(x *Field) {
		switch {
		case x.Name == "source" && statute.Valid(statute.Sources, source):
			x.Value = source
		case x.Name == "channel" && statute.Valid(statute.Channels, channel):
			x.Value = channel
		}
	})
}

func listOf(p Page, list statute.List) []Option {
	var options []Option
	for _, code := range statute.Codes(list) {
		options = append(options, Option{Value: code.Code, Label: code.Label(string(p.Lang))})
	}
	return options
}

// takeRecord files for somebody and shows the code to hand over.
func (s *Site) takeRecord(c echo.Context) error {
	typed, err := c.FormParams()
	if err != nil {
		return &mediation.Error{Kind: mediation.Invalid, Key: "error.bad_request", Err: err}
	}
	var in mediation.Intake
	if err = decode(&in, typed); err != nil {
		return s.recordAgain(c, typed, err)
	}
	in.Area = areaOf(typed)
	r, err := s.Desk.Record(c.Request().Context(), actor(c), in, typed.Get("key"))
	if err != nil {
		return s.recordAgain(c, typed, err)
	}
	slip, _ := s.slipOf(c, actor(c), r)
	slip.Recorded = true
	return s.giveReceipt(c, slip)
}

func (s *Site) recordAgain(c echo.Context, typed url.Values, why error) error {
	if mediation.KindOf(why) != mediation.Invalid {
		return why
	}
	worn := mediation.KeyOf(why) == "error.key_reused" || mediation.KeyOf(why) == "error.form_key"
	key := typed.Get("key")
	if worn {
		key = formKey()
	}
	p, err := s.recordPage(c, key)
	if err != nil {
		return err
	}
	p.Form.Fill(typed)
	p.Form.Mark(p.Page, why)
	if worn {
		p.Form.Problem = p.T("resident.key_worn")
	}
	return s.show(c, http.StatusUnprocessableEntity, "resident/record", p)
}
