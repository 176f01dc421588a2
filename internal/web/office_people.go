package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"doorstep/internal/mediation"
	"doorstep/internal/office"
)

// showPeople lists the people of the office; the filters live in the address.
func (s *Site) showPeople(c echo.Context) error {
	list := office.UserList{Everybody: c.QueryParam("who") == "everybody", Query: c.QueryParam("q"), After: c.QueryParam("after")}
	users, err := s.Office.Users(c.Request().Context(), actor(c), list)
	if err != nil {
		return err
	}
	p := s.officePage(c, "people", "")
	p.Heading, p.Lead, p.Crumbs = p.T("office.tab.people"), p.T("office.people_lead"), nil
	p.Title = p.Heading
	p.Actions = &Actions{[]Action{{Label: p.T("office.add_person"), URL: "/admin/people/new", Kind: ActionPrimary, Icon: "plus"}}}
	who := "office"
	if list.Everybody {
		who = "everybody"
	}
	form := &Form{Action: "/admin/people", Method: "get", Submit: p.T("common.search"), Fields: []Field{
		{Name: "q", Kind: FieldText, Label: p.T("office.search"), Help: p.T("office.search_help"), Value: list.Query, Autocomplete: "off"},
		{Name: "who", Kind: FieldRadio, Label: p.T("office.who"), Value: who, Options: []Option{
			{Value: "office", Label: p.T("office.who_office")}, {Value: "everybody", Label: p.T("office.who_everybody")}}},
	}}
	p.Parts = append(p.Parts, OfficePart{Form: form}, userTable(p.Page, users))
	if users.Next != "" || list.After != "" {
		p.Parts = append(p.Parts, OfficePart{Pager: userPager(list, users)})
	}
	return s.show(c, http.StatusOK, "office/page", p)
}

// userPager leads on after the last one shown, and back to the beginning.
func userPager(list office.UserList, users office.UserPage) *Pager {
	filters := url.Values{}
	if list.Everybody {
		filters.Set("who", "everybody")
	}
	if list.Query != "" {
		filters.Set("q", list.Query)
	}
	var pager Pager
	if list.After != "" {
		pager.Newer = "/admin/people?" + filters.Encode()
	}
	if users.Next != "" {
		filters.Set("after", users.Next)
		pager.Older = "/admin/people?" + filters.Encode()
	}
	return &pager
}

func userTable(p Page, users office.UserPage) OfficePart {
	if len(users.Users) == 0 {
		return OfficePart{Empty: &Empty{Icon: "users", Title: p.T("office.nobody"), Text: p.T("office.nobody_text")}}
	}
	t := &Table{Caption: p.T("office.tab.people"), Head: []string{p.T("office.person"), p.T("office.username"), p.T("office.roles"), p.T("office.state")}}
	for _, u := range users.Users {
		roles := make([]string, len(u.Roles))
		for i, r := range u.Roles {
			roles[i] = p.Role(mediation.Role(r))
		}
		t.Rows = append(t.Rows, []Cell{{Text: u.Name, URL: personURL(u.ID, "")}, {Text: u.Username},
			{Text: strings.Join(roles, p.T("office.comma"))}, {Pill: userPill(p, u)}})
	}
	return OfficePart{Table: t}
}

func userPill(p Page, u office.User) *Pill {
	switch {
	case u.DisabledAt != nil:
		return &Pill{ToneQuiet, "ban", p.T("office.user_stopped")}
	case u.MustChange:
		return &Pill{ToneWait, "hourglass", p.T("office.user_fresh")}
	}
	return &Pill{ToneGood, "circle-check", p.T("office.user_open")}
}

func (s *Site) newPerson(c echo.Context) error { return s.newPersonPage(c, nil) }

func (s *Site) newPersonPage(c echo.Context, fault error) error {
	p := s.officePage(c, "people", "")
	p.Heading, p.Lead = p.T("office.add_person"), p.T("office.add_person_lead")
	p.Title = p.Heading
	p.Crumbs = []Crumb{{p.T("office.tab.home"), "/admin"}, {p.T("office.tab.people"), "/admin/people"}}
	form := &Form{Action: "/admin/people", Submit: p.T("office.add_person"), Cancel: "/admin/people", Fields: []Field{
		{Name: "name", Kind: FieldText, Label: p.T("office.full_name"), Required: true, Autocomplete: "off"},
		{Name: "username", Kind: FieldText, Label: p.T("office.username"), Help: p.T("office.username_help"), Required: true, Short: true, Autocomplete: "off"},
		{Name: "phone", Kind: FieldTel, Label: p.T("office.mobile"), Help: p.T("office.mobile_help"), Autocomplete: "off"},
	}}
	p.Parts = append(p.Parts, OfficePart{Form: form})
	return s.showOffice(c, p, form, fault)
}

// SecretPage shows once what is stored nowhere: a one-time password or a link.
type SecretPage struct {
	Page
	Heading string
	Text    string
	Secret  string
	Next    Actions
}

// addPerson makes an account and shows its one-time password. It answers the
// post with a page: to redirect, the password would have to be kept somewhere.
func (s *Site) addPerson(c echo.Context) error {
	in, err := officeInput(c)
	if err != nil {
		return err
	}
	n := office.NewUser{Username: in.text("username"), Name: in.text("name"), Phone: in.text("phone")}
	id, password, err := s.Office.AddUser(c.Request().Context(), actor(c), n)
	if err != nil {
		return s.newPersonPage(c, err)
	}
	p := s.page(c)
	return s.show(c, http.StatusCreated, "office/secret", SecretPage{Page: p, Heading: p.T("office.person_added", "name", n.Name),
		Text: p.T("office.password_once", "username", strings.ToLower(n.Username)), Secret: password, Next: Actions{[]Action{
			{Label: p.T("office.add_grant"), URL: personURL(id, "/grants"), Kind: ActionPrimary, Icon: "arrow-right"},
			{Label: p.T("office.look"), URL: personURL(id, "")}}}})
}

// resetLink makes a link that sets a new password and shows it once.
func (s *Site) resetLink(c echo.Context) error {
	id := mediation.UserID(c.Param("id"))
	token, err := s.Office.ResetLink(c.Request().Context(), actor(c), id)
	if err != nil {
		return err
	}
	p := s.page(c)
	link := strings.TrimSuffix(s.BaseURL, "/") + "/set-password/" + token
	return s.show(c, http.StatusCreated, "office/secret", SecretPage{Page: p, Heading: p.T("office.reset_link"),
		Text: p.T("office.link_once", "minutes", strconv.Itoa(int(office.LinkLife.Minutes()))), Secret: link,
		Next: Actions{[]Action{{Label: p.T("office.look"), URL: personURL(id, "")}}}})
}

// resetFactor takes the second factor of a person who lost his telephone away.
func (s *Site) resetFactor(c echo.Context) error {
	id := mediation.UserID(c.Param("id"))
	if err := s.Office.ResetFactor(c.Request().Context(), actor(c), id); err != nil {
		return err
	}
	return s.done(c, personURL(id, ""), "factor_reset")
}

// endSessions signs a person out of every device.
func (s *Site) endSessions(c echo.Context) error {
	id := mediation.UserID(c.Param("id"))
	if err := s.Office.EndSessions(c.Request().Context(), actor(c), id); err != nil {
		return err
	}
	return s.done(c, personURL(id, ""), "sessions_ended")
}

// showPerson shows an account with its rights and its mediator's record.
func (s *Site) showPerson(c echo.Context) error {
	x, err := s.Office.Person(c.Request().Context(), actor(c), mediation.UserID(c.Param("id")))
	if err != nil {
		return err
	}
	p := s.personPage(c, x, x.Name)
	p.Crumbs = p.Crumbs[:2]
	p.Actions = &Actions{[]Action{{Label: p.T("office.add_grant"), URL: personURL(x.ID, "/grants"), Icon: "plus"},
		{Label: p.T("office.edit_record"), URL: personURL(x.ID, "/mediator"), Icon: "pen-line"}}}
	facts := userFacts(p.Page, x.User)
	if s.SSO != nil {
		facts.Facts = append(facts.Facts, s.identityFact(p.Page, x.Identity))
		p.Actions.Actions = append(p.Actions.Actions, Action{Label: p.T("office.link_identity"), URL: personURL(x.ID, "/identity"), Icon: "key-round"})
	}
	p.Parts = append(p.Parts, OfficePart{Title: p.T("office.account"), Facts: facts})
	p.Parts = append(p.Parts, grantParts(p.Page, x)...)
	p.Parts = append(p.Parts, OfficePart{Title: p.T("office.record"), Facts: mediatorFacts(p.Page, x.Mediator)})
	p.Danger = personDanger(p.Page, x.User)
	return s.show(c, http.StatusOK, "office/page", p)
}

// personPage begins a page about a person, with the way back to him.
func (s *Site) personPage(c echo.Context, x *office.Person, heading string) OfficePage {
	p := s.officePage(c, "people", heading)
	p.Crumbs = []Crumb{{p.T("office.tab.home"), "/admin"}, {p.T("office.tab.people"), "/admin/people"}, {x.Name, personURL(x.ID, "")}}
	return p
}

func userFacts(p Page, u office.User) *Facts {
	factor := p.T("office.factor_off")
	if u.FactorOn {
		factor = p.T("office.factor_on")
	}
	return &Facts{[]Fact{
		{Label: p.T("office.username"), Value: u.Username},
		{Label: p.T("office.mobile"), Value: u.PhoneMask, Masked: u.PhoneMask != "", Missing: u.PhoneMask == ""},
		{Label: p.T("office.state"), Value: userPill(p, u).Text},
		{Label: p.T("office.since"), Value: p.Date(u.CreatedAt)},
		{Label: p.T("office.factor"), Value: factor},
	}}
}

func grantParts(p Page, x *office.Person) []OfficePart {
	if len(x.Grants) == 0 {
		return []OfficePart{{Title: p.T("office.grants"),
			Empty: &Empty{Icon: "lock", Title: p.T("office.no_grants"), Text: p.T("office.no_grants_text")}}}
	}
	t := &Table{Head: []string{p.T("office.right"), p.T("office.granted_by"), p.T("office.state"), p.T("common.actions")}}
	parts := []OfficePart{{Title: p.T("office.grants"), Table: t}}
	for _, g := range x.Grants {
		end := Cell{Text: p.T("common.none")}
		if g.EndedAt == nil {
			end = Cell{Text: p.T("office.end_grant"), URL: personURL(x.ID, "/grants/"+g.ID+"/ending")}
		}
		t.Rows = append(t.Rows, []Cell{{Text: grantWord(p, g)}, {Text: g.GrantedByName, Sub: p.ShortDate(g.GrantedAt)}, {Pill: grantPill(p, g)}, end})
		if g.ConfirmedAt == nil && g.EndedAt == nil && g.GrantedBy != p.Actor.User {
			parts = append(parts, OfficePart{Actions: &Actions{[]Action{{Label: p.T("office.confirm_this", "right", grantWord(p, g)),
				URL: "/admin/grants/" + g.ID + "/confirmation", Post: true, Icon: "check"}}}})
		}
	}
	return parts
}

func personDanger(p Page, u office.User) *Danger {
	if u.DisabledAt != nil {
		return &Danger{Title: p.T("office.stopped_title"), Text: p.T("office.stopped_text", "date", p.Date(u.DisabledAt)), Actions: []Action{
			{Label: p.T("office.enable"), URL: personURL(u.ID, "/reinstatement"), Post: true}}}
	}
	d := &Danger{Text: p.T("office.danger_text"), Actions: []Action{
		{Label: p.T("office.reset_link"), URL: personURL(u.ID, "/reset-link"), Post: true, Note: p.T("office.reset_note")}}}
	if u.ID != p.Actor.User {
		d.Actions = append(d.Actions, Action{Label: p.T("office.end_sessions"), URL: personURL(u.ID, "/devices/end"), Post: true,
			Note: p.T("office.end_sessions_note")})
	}
	if u.FactorOn && u.ID != p.Actor.User {
		d.Actions = append(d.Actions, Action{Label: p.T("office.factor_reset"), URL: personURL(u.ID, "/factor-reset"), Post: true,
			Note: p.T("office.factor_reset_note")})
	}
	d.Actions = append(d.Actions, Action{Label: p.T("office.disable"), URL: personURL(u.ID, "/suspension"), Kind: ActionDanger, Icon: "ban"})
	return d
}

// askDisable asks once more before an account is stopped.
func (s *Site) askDisable(c echo.Context) error { return s.disablePage(c, nil) }

func (s *Site) disablePage(c echo.Context, fault error) error {
	x, err := s.Office.Person(c.Request().Context(), actor(c), mediation.UserID(c.Param("id")))
	if err != nil {
		return err
	}
	p := s.personPage(c, x, "")
	p.Heading = p.T("office.disable_of", "name", x.Name)
	p.Title, p.Lead = p.Heading, p.T("office.disable_lead")
	form := &Form{Action: personURL(x.ID, "/suspension"), Submit: p.T("office.disable"), Cancel: personURL(x.ID, ""), Danger: true}
	work, err := s.Office.OpenWork(c.Request().Context(), actor(c), x.ID)
	if err != nil {
		return err
	}
	if len(work) > 0 {
		open := &Facts{}
		for _, w := range work {
			open.Facts = append(open.Facts, Fact{Label: w.Committee, Value: p.T("office.count_cases", "n", w.Cases)})
		}
		p.Parts = append(p.Parts, OfficePart{Title: p.T("office.open_work"), Text: p.T("office.open_work_text"), Facts: open})
		form.Fields = []Field{{Name: "at_once", Kind: FieldCheckbox, Value: "yes", Label: p.T("office.at_once"), Help: p.T("office.at_once_help")}}
	}
	p.Parts = append(p.Parts, OfficePart{Form: form})
	return s.showOffice(c, p, form, fault)
}

func (s *Site) disablePerson(c echo.Context) error {
	id := mediation.UserID(c.Param("id"))
	if err := s.Office.DisableUser(c.Request().Context(), actor(c), id, c.FormValue("at_once") != ""); err != nil {
		return s.disablePage(c, err)
	}
	return s.done(c, personURL(id, ""), "person_disabled")
}

func (s *Site) enablePerson(c echo.Context) error {
	id := mediation.UserID(c.Param("id"))
	if err := s.Office.EnableUser(c.Request().Context(), actor(c), id); err != nil {
		return err
	}
	return s.done(c, personURL(id, ""), "person_enabled")
}
