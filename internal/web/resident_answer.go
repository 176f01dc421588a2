package web

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"doorstep/internal/casework"
	"doorstep/internal/mediation"
	"doorstep/internal/office"
)

// answerPage asks a party whether it is willing to mediate.
type answerPage struct {
	Page
	About  Facts
	Who    string // the side that asks, as far as the reader may know it
	Means  []helpPart
	Form   Form
	Said   string // what he answered before; "" when he has not
	Points []office.Point
	Stale  bool
	Back   string
}

// toAnswer is the short address that stands in a message. The page itself lies
// under one's own case, where the code goes before a signed-in account.
func (s *Site) toAnswer(c echo.Context) error {
	return c.Redirect(http.StatusSeeOther, "/my-case/answer")
}

func (s *Site) askAnswer(c echo.Context) error {
	v, err := s.answerable(c)
	if err != nil {
		return err
	}
	if v == nil {
		return c.Redirect(http.StatusSeeOther, "/my-case")
	}
	p, err := s.answerPage(c, v)
	if err != nil {
		return err
	}
	return s.show(c, http.StatusOK, "resident/answer", p)
}

// answerable reads the case if its reader may answer now; nil when there is
// nothing to answer, and his case says where it stands.
func (s *Site) answerable(c echo.Context) (*casework.View, error) {
	v, err := s.byMyCode(c)
	if err != nil || v == nil {
		return nil, err
	}
	if !v.May(mediation.GiveConsent) && !v.May(mediation.Decline) {
		return nil, nil //nolint:nilnil // the time for answering is over
	}
	return v, nil
}

func (s *Site) answerPage(c echo.Context, v *casework.View) (answerPage, error) {
	p := answerPage{Page: s.page(c), About: about(s.page(c), v), Said: v.Me.Consent, Back: "/my-case"}
	p.Title, p.Means = p.T("resident.answer_title"), helpParts(p.Page, "resident.answer_means")
	p.Who = p.T("resident.asked_by_committee", "committee", v.Committee.Name)
	for _, party := range v.Case.Active() {
		if party.Side == mediation.Applicant && party.ID != v.Me.ID && party.Consent == "yes" {
			p.Who = p.T("resident.asked_by", "name", orElse(party.Name, p.T("resident.a_resident")))
		}
	}
	p.Form = Form{Action: "/my-case/answer", Submit: p.T("resident.answer_send"), Cancel: p.Back, Version: v.Case.Version, Fields: []Field{
		{Name: "answer", Kind: FieldRadio, Label: p.T("resident.answer_question"), Required: true, Options: []Option{
			{Value: "yes", Label: p.T("resident.answer_yes"), Help: p.T("resident.answer_yes_help")},
			{Value: "no", Label: p.T("resident.answer_no"), Help: p.T("resident.answer_no_help")}}},
		{Name: "reason", Kind: FieldTextArea, Label: p.T("resident.answer_reason"), Help: p.T("resident.answer_reason_help"), Rows: 3,
			MaxLength: mediation.MaxStory},
	}}
	var err error
	p.Points, err = s.pointsOf(c, v.Case.Committee)
	return p, err
}

// giveAnswer notes a yes or a no. Neither accepts or ends anything by itself:
// the chair does that, in due form.
func (s *Site) giveAnswer(c echo.Context) error {
	a := actor(c)
	if a.Code == nil {
		return &mediation.Error{Kind: mediation.Unauthenticated, Key: "error.unauthenticated"}
	}
	typed, err := c.FormParams()
	if err != nil {
		return &mediation.Error{Kind: mediation.Invalid, Key: "error.bad_request", Err: err}
	}
	answer := mediation.Answer{Reason: typed.Get("reason")}
	var act mediation.Act
	switch typed.Get("answer") {
	case "yes":
		act = &mediation.Willing{Answer: answer}
	case "no":
		act = &mediation.Unwilling{Answer: answer}
	default:
		return s.answerAgain(c, typed, &mediation.Error{Kind: mediation.Invalid, Key: "error.check_fields",
			Fields: mediation.Faults{"answer": "error.choose"}})
	}
	seen, _ := strconv.Atoi(typed.Get("version"))
	if _, err := s.Desk.Do(c.Request().Context(), a, a.Code.Case, seen, act); err != nil {
		return s.answerAgain(c, typed, err)
	}
	return s.done(c, "/my-case", "answer_"+typed.Get("answer"))
}

// answerAgain draws the page once more: for a fault, or because the case moved
// on meanwhile, which the page tells beside the answer.
func (s *Site) answerAgain(c echo.Context, typed url.Values, why error) error {
	stale := mediation.KeyOf(why) == "error.stale"
	if mediation.KindOf(why) != mediation.Invalid && !stale {
		return why
	}
	v, err := s.answerable(c)
	if err != nil {
		return err
	}
	if v == nil {
		return why
	}
	p, err := s.answerPage(c, v)
	if err != nil {
		return err
	}
	p.Form.Fill(typed)
	status := http.StatusUnprocessableEntity
	if stale {
		status, p.Stale, p.Form.Problem = http.StatusConflict, true, p.Message(why)
	}
	p.Form.Mark(p.Page, why)
	return s.show(c, status, "resident/answer", p)
}
