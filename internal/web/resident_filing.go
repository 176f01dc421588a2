package web

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"doorstep/internal/casework"
	"doorstep/internal/mediation"
)

// The draft of a filing. A visitor's is offered for a day only: the next one at
// the same screen is somebody else.
const (
	filingDraft     = "file"
	filingDraftLife = 24 * time.Hour
)

// filingPage is the form of a filing: three questions, the rest folded.
type filingPage struct {
	Page
	Form    Form
	Waiting *Notice // a text begun earlier; it is never shown without being asked for
	Forget  Action  // drops that text
	Notice  []string
	Max     string // of one photo
}

// First are the three questions.
func (p filingPage) First() []Field { return p.Form.Fields }

// More are those that may wait until registration.
func (p filingPage) More() Section { return p.Form.Sections[0] }

// Photos is the box for pictures.
func (p filingPage) Photos() Section { return p.Form.Sections[1] }

// Consent is the privacy notice with its box.
func (p filingPage) Consent() Section { return p.Form.Sections[2] }

// Unfolded says whether the folded part holds something or lacks something.
func (p filingPage) Unfolded() bool {
	for _, f := range p.More().Fields {
		if f.Value != "" || f.Error != "" {
			return true
		}
	}
	return false
}

// formKey is the idempotency key of one drawn form: 130 random bits.
func formKey() string { return rand.Text() }

// filer is who files. Whoever follows one case by code files another as anybody
// may; the code opens that one case and nothing else.
func filer(c echo.Context) mediation.Actor {
	if a := actor(c); a.SignedIn() {
		return a
	}
	return mediation.Visitor()
}

func (s *Site) askFiling(c echo.Context) error {
	s.keepDrafts(c)
	p, err := s.filingPage(c, formKey())
	if err != nil {
		return err
	}
	body, at, err := s.Drafts.Draft(c.Request().Context(), draftOwner(c), filingDraft)
	if err != nil {
		return err
	}
	typed, bad := url.ParseQuery(body)
	if body == "" || bad != nil || s.Wall().Sub(at) > filingDraftLife || typed.Get("facts") == "" {
		return s.show(c, http.StatusOK, "resident/file", p)
	}
	if c.QueryParam("resume") == "" {
		wall := p.Page
		wall.Now = s.Wall()
		p.Waiting = &Notice{Tone: ToneInform, Title: p.T("resident.draft_title"), Text: p.T("resident.draft_text", "time", wall.DateTime(at))}
		return s.show(c, http.StatusOK, "resident/file", p)
	}
	p.Form.Fill(typed)
	if key := typed.Get("key"); len(key) >= 16 && len(key) <= 64 {
		p.setKey(key) // the same text sent twice stays one filing
	}
	return s.show(c, http.StatusOK, "resident/file", p)
}

// dropFilingDraft forgets what was begun.
func (s *Site) dropFilingDraft(c echo.Context) error {
	if owner := draftOwner(c); owner != "" {
		if err := s.Drafts.DropDraft(c.Request().Context(), owner, filingDraft); err != nil {
			return err
		}
	}
	return s.done(c, "/file", "draft_dropped")
}

func (p *filingPage) setKey(key string) {
	for i := range p.Form.Fields {
		if p.Form.Fields[i].Name == "key" {
			p.Form.Fields[i].Value = key
		}
	}
}

func (s *Site) filingPage(c echo.Context, key string) (filingPage, error) {
	p := filingPage{Page: s.page(c), Max: sizeText(s.Upload)}
	areas, err := s.areaChoices(c, p.Page)
	if err != nil {
		return p, err
	}
	p.Title = p.T("resident.file_title")
	p.Forget = Action{Label: p.T("resident.draft_forget"), URL: "/file/draft-removal", Kind: ActionQuiet, Icon: "trash-2", Post: true}
	p.Notice = p.Lines(p.T("resident.privacy_short"))
	p.Form = Form{Action: "/file", Submit: p.T("resident.file_send"), Multipart: true, Autosave: filingDraft, Fields: []Field{
		{Name: "key", Kind: FieldHidden, Value: key},
		{Name: "facts", Kind: FieldTextArea, Label: p.T("resident.facts"), Help: p.T("resident.facts_help"), Required: true, Rows: 7,
			MaxLength: mediation.MaxStory},
		{Name: "area", Kind: FieldSelect, Label: p.T("resident.area"), Options: areas, Value: c.QueryParam("area")},
		{Name: "place", Kind: FieldText, Label: p.T("resident.place"), Help: p.T("resident.place_help"), MaxLength: mediation.MaxLine,
			Autocomplete: "off"},
		{Name: "phone", Kind: FieldTel, Label: p.T("resident.phone"), Help: p.T("resident.phone_help"), Required: true, Autocomplete: "tel"},
	}, Sections: []Section{
		{Title: p.T("resident.more"), Help: p.T("resident.more_help"), Fields: moreFields(p.Page)},
		{Fields: []Field{{Name: "photos", Kind: FieldFile, Label: p.T("resident.photos"), Multiple: true, Accept: acceptPhotos,
			Help: p.T("resident.photos_help", "n", maxPhotos, "max", p.Max)}}},
		{Title: p.T("resident.privacy_title"), Fields: []Field{{Name: "privacy", Kind: FieldCheckbox, Label: p.T("resident.privacy_box"),
			Required: true}}},
	}}
	if c.QueryParam("from") == "qr" {
		p.Form.Fields = append(p.Form.Fields, Field{Name: "from", Kind: FieldHidden, Value: "qr"})
	}
	return p, nil
}

func moreFields(p Page) []Field {
	return []Field{
		{Name: "name", Kind: FieldText, Label: p.T("resident.name"), Autocomplete: "name", MaxLength: mediation.MaxName, Short: true},
		{Name: "respondent", Kind: FieldText, Label: p.T("resident.respondent"), Help: p.T("resident.respondent_help"),
			MaxLength: mediation.MaxLine, Autocomplete: "off"},
		{Name: "request", Kind: FieldTextArea, Label: p.T("resident.request"), Help: p.T("resident.request_help"), Rows: 3,
			MaxLength: mediation.MaxStory},
	}
}

// intakeOf takes of a post what a resident may say and nothing else: source,
// channel and the court's part are not his to set.
func intakeOf(typed url.Values) mediation.Intake {
	in := mediation.Intake{Facts: typed.Get("facts"), Place: typed.Get("place"), Phone: strings.TrimSpace(typed.Get("phone")),
		Area: areaOf(typed), Name: typed.Get("name"), Respondent: typed.Get("respondent"), Request: typed.Get("request"),
		Privacy: typed.Has("privacy")}
	if typed.Get("from") == "qr" {
		in.Channel = "qr"
	}
	return in
}

func areaOf(typed url.Values) mediation.AreaID {
	if id := typed.Get("area"); id != elsewhere {
		return mediation.AreaID(id)
	}
	return ""
}

// takeFiling takes a filing. Its photos come after it: whatever is wrong with
// them, the filing stands, and the receipt tells their faults.
func (s *Site) takeFiling(pictures studio) echo.HandlerFunc {
	return func(c echo.Context) error {
		typed, photos, err := upload(c, "photos")
		if err != nil {
			return err
		}
		who := filer(c)
		r, err := s.file(c, who, typed)
		if err != nil {
			return s.fileAgain(c, typed, err)
		}
		slip, reader := s.slipOf(c, who, r)
		s.layPhotos(c, &slip, reader, pictures, photos)
		return s.giveReceipt(c, slip)
	}
}

// file takes a filing, or finds the receipt of one that was taken before: a retry
// is no new filing for the limit of an address.
func (s *Site) file(c echo.Context, who mediation.Actor, typed url.Values) (casework.Receipt, error) {
	ctx, in, key := c.Request().Context(), intakeOf(typed), typed.Get("key")
	taken, err := s.Desk.Filed(ctx, who, in, key)
	if err != nil {
		return casework.Receipt{}, err
	}
	if taken != nil {
		return *taken, nil
	}
	if err := s.Accounts.MayFile(ctx, c.RealIP()); err != nil {
		return casework.Receipt{}, err
	}
	return s.Desk.File(ctx, who, in, key)
}

// fileAgain draws the form once more with everything that was typed. A form whose
// key is worn out gets a new one, so that pressing once more is enough.
func (s *Site) fileAgain(c echo.Context, typed url.Values, why error) error {
	status := http.StatusUnprocessableEntity
	switch mediation.KindOf(why) {
	case mediation.Invalid:
	case mediation.TooMany: // his words stay on the page until he may send them
		status = http.StatusTooManyRequests
	default:
		return why
	}
	s.keepDrafts(c)
	worn := mediation.KeyOf(why) == "error.key_reused" || mediation.KeyOf(why) == "error.form_key"
	key := typed.Get("key")
	if worn {
		key = formKey()
	}
	p, err := s.filingPage(c, key)
	if err != nil {
		return err
	}
	p.Form.Fill(typed)
	p.Form.Mark(p.Page, why)
	if status == http.StatusTooManyRequests {
		p.Form.Problem = p.Message(why)
	}
	if worn {
		p.Form.Problem = p.T("resident.key_worn")
	}
	if m := c.Request().MultipartForm; m != nil && len(m.File["photos"]) > 0 {
		box := &p.Form.Sections[1].Fields[0]
		box.Help = p.T("resident.photos_again") + box.Help // no browser takes files back
	}
	return s.show(c, status, "resident/file", p)
}
