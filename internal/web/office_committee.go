package web

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"doorstep/internal/mediation"
	"doorstep/internal/office"
	"doorstep/internal/place"
	"doorstep/internal/statute"
)

// showCommittees lists the committees.
func (s *Site) showCommittees(c echo.Context) error {
	committees, err := s.Office.Committees(c.Request().Context(), actor(c))
	if err != nil {
		return err
	}
	p := s.officePage(c, "committees", "")
	p.Heading, p.Lead, p.Crumbs = p.T("office.tab.committees"), p.T("office.committees_lead"), nil
	p.Title = p.Heading
	add := Action{Label: p.T("office.set_up_committee"), URL: "/admin/committees/new", Kind: ActionPrimary, Icon: "plus"}
	if len(committees) == 0 {
		p.Parts = append(p.Parts, OfficePart{Empty: &Empty{Icon: "house", Title: p.T("office.no_committees"), Text: p.T("office.no_committees_text"), Action: &add}})
		return s.show(c, http.StatusOK, "office/page", p)
	}
	p.Actions = &Actions{[]Action{add}}
	t := &Table{Caption: p.T("office.tab.committees"),
		Head: []string{p.T("office.committee_name"), p.T("office.short_name"), p.T("office.committee_kind"), p.T("office.area"), p.T("office.term_end")}}
	for _, k := range committees {
		end := Cell{Text: p.T("common.missing")}
		if !k.TermEnd.IsZero() {
			end.Text = p.Date(k.TermEnd)
		}
		t.Rows = append(t.Rows, []Cell{{Text: k.Name, URL: "/admin/committees/" + string(k.ID)}, {Text: k.ShortName}, {Text: p.Code(string(statute.CommitteeKinds), committeeKind(k))}, {Text: k.AreaName}, end})
	}
	p.Parts = append(p.Parts, OfficePart{Table: t})
	return s.show(c, http.StatusOK, "office/page", p)
}

func (s *Site) newCommittee(c echo.Context) error { return s.newCommitteePage(c, nil) }

func (s *Site) newCommitteePage(c echo.Context, fault error) error {
	p := s.officePage(c, "committees", "")
	p.Heading, p.Lead = p.T("office.set_up_committee"), p.T("office.set_up_lead")
	p.Title = p.Heading
	p.Crumbs = []Crumb{{p.T("office.tab.home"), "/admin"}, {p.T("office.tab.committees"), "/admin/committees"}}
	form, err := s.committeeForm(c, p.Page, office.Committee{Contacts: office.DefaultContacts})
	if err != nil {
		return err
	}
	form.Action, form.Cancel, form.Submit = "/admin/committees", "/admin/committees", p.T("office.set_up_committee")
	p.Parts = append(p.Parts, OfficePart{Form: form})
	return s.showOffice(c, p, form, fault)
}

// committeeForm asks for everything a committee settles. Fields of the limits
// stay blank where the committee follows the default.
func (s *Site) committeeForm(c echo.Context, p Page, k office.Committee) (*Form, error) {
	areas, err := s.areaOptions(c, p, func(kind string) bool { return place.Kind(kind).Root() })
	if err != nil {
		return nil, err
	}
	limits := Section{Title: p.T("office.limits"), Help: p.T("office.limits_help")}
	for _, rule := range statute.DeadlineRules() {
		if office.Settable(rule) {
			limits.Fields = append(limits.Fields, limitField(p, rule, k.Limits))
		}
	}
	return &Form{Version: k.Version, Fields: []Field{
		{Name: "name", Kind: FieldText, Label: p.T("office.committee_name"), Help: p.T("office.committee_name_help"), Value: k.Name, Required: true},
		{Name: "short_name", Kind: FieldText, Label: p.T("office.short_name"), Help: p.T("office.short_name_help", "example", "榆园人调字"), Value: k.ShortName, Required: true, Short: true},
		{Name: "kind", Kind: FieldSelect, Label: p.T("office.committee_kind"), Help: p.T("office.committee_kind_help"), Value: committeeKind(k),
			Options: listOf(p, statute.CommitteeKinds), Required: true},
		{Name: "area", Kind: FieldSelect, Label: p.T("office.area"), Help: p.T("office.committee_area_help"), Value: string(k.Area), Options: areas, Required: true},
		{Name: "phone", Kind: FieldTel, Label: p.T("office.phone"), Help: p.T("office.phone_help"), Value: k.Phone},
		{Name: "address", Kind: FieldText, Label: p.T("office.address"), Value: k.Address},
		{Name: "term_end", Kind: FieldDate, Label: p.T("office.term_end"), Help: p.T("office.term_help"), Value: k.TermEnd.String()},
		{Name: "contacts", Kind: FieldNumber, Label: p.T("office.contacts"), Help: p.T("office.contacts_help"), Value: strconv.Itoa(k.Contacts),
			Unit: p.T("office.times"), Required: true},
	}, Sections: []Section{limits}}, nil
}

// committeeKind is the kind of a committee as the return counts it; "" before it
// is set up.
func committeeKind(k office.Committee) string {
	if k.ID == "" {
		return k.Kind
	}
	return statute.CommitteeKind(k.Kind, k.AreaKind)
}

func limitField(p Page, rule statute.DeadlineRule, own statute.Limits) Field {
	unit := p.T("unit." + string(rule.Term.Unit))
	f := Field{Name: office.LimitField(rule.ID), Kind: FieldNumber, Label: rule.Name(string(p.Lang)), Unit: unit,
		Help: p.T("office.limit_help", "n", rule.Term.N, "unit", unit, "source", statute.Cite(rule.Source, string(p.Lang)),
			"status", p.Code(string(statute.Statuses), rule.Status))}
	if least := rule.Least(); least.N > 0 {
		f.Help += p.T("office.limit_kept", "n", least.N, "two", statute.Cite("CPL 250", string(p.Lang)), "three", statute.Cite("CC 188", string(p.Lang)))
	}
	if term, set := own[rule.ID]; set {
		f.Value = strconv.Itoa(term.N)
		f.Unit = p.T("unit." + string(term.Unit))
	}
	return f
}

// committee reads the form. A limit keeps the unit it had, or takes that of the
// default; a blank one follows the default.
func (in answers) committee(stored statute.Limits) office.Committee {
	k := office.Committee{Name: in.text("name"), ShortName: in.text("short_name"), Kind: in.text("kind"), Area: mediation.AreaID(in.text("area")), Phone: in.text("phone"),
		Address: in.text("address"), TermEnd: in.day("term_end"), Contacts: in.whole("contacts"), Version: in.whole("version"), Limits: statute.Limits{}}
	for _, rule := range statute.DeadlineRules() {
		name := office.LimitField(rule.ID)
		if !office.Settable(rule) || in.text(name) == "" {
			continue
		}
		unit := cmp.Or(stored[rule.ID].Unit, rule.Term.Unit)
		k.Limits[rule.ID] = statute.Term{N: in.whole(name), Unit: unit}
	}
	return k
}

func (s *Site) addCommittee(c echo.Context) error {
	in, err := officeInput(c)
	if err != nil {
		return err
	}
	var id mediation.CommitteeID
	k := in.committee(nil)
	if err = in.faults.Err(); err == nil {
		id, err = s.Office.SetUpCommittee(c.Request().Context(), actor(c), k)
	}
	if err != nil {
		return s.newCommitteePage(c, err)
	}
	return s.done(c, "/admin/committees/"+string(id), "committee_set_up")
}

// showCommittee shows a committee, its members and the form to change it.
func (s *Site) showCommittee(c echo.Context) error { return s.committeePage(c, nil) }

func (s *Site) committeePage(c echo.Context, fault error) error {
	ctx, a := c.Request().Context(), actor(c)
	k, err := s.Office.Committee(ctx, a, mediation.CommitteeID(c.Param("id")))
	if err != nil {
		return err
	}
	members, err := s.Office.Members(ctx, a, k.ID)
	if err != nil {
		return err
	}
	p := s.officePage(c, "committees", "")
	p.Heading, p.Lead = k.Name, p.T("office.committee_lead", "short", k.ShortName, "area", k.AreaName)
	p.Title = p.Heading
	p.Crumbs = []Crumb{{p.T("office.tab.home"), "/admin"}, {p.T("office.tab.committees"), "/admin/committees"}}
	form, err := s.committeeForm(c, p.Page, *k)
	if err != nil {
		return err
	}
	form.Action, form.Cancel, form.Submit = "/admin/committees/"+string(k.ID), "/admin/committees", p.T("common.save")
	p.Actions = &Actions{[]Action{{Label: p.T("office.wording"), URL: wordingURL(k.ID, ""), Icon: "pen-line"}}}
	p.Parts = append(p.Parts, memberPart(p.Page, k.ID, members), OfficePart{Title: p.T("office.settings"), Form: form})
	if mediation.KeyOf(fault) == "error.stale" {
		typed, err := c.FormParams()
		if err != nil {
			return err
		}
		form.each(func(f *Field) { // both texts: the box keeps what was typed, the help says what is stored now
			if f.Value != typed.Get(f.Name) {
				f.Help = p.T("office.stored_now", "value", cmp.Or(storedText(*f), p.T("common.none"))) + " " + f.Help
			}
		})
	}
	return s.showOffice(c, p, form, fault)
}

// storedText is a field's stored value as people read it.
func storedText(f Field) string {
	i := slices.IndexFunc(f.Options, func(o Option) bool { return o.Value == f.Value })
	if i >= 0 {
		return f.Options[i].Label
	}
	return f.Value
}

func memberPart(p Page, id mediation.CommitteeID, members []office.Grant) OfficePart {
	add := Action{Label: p.T("office.add_member"), URL: "/admin/committees/" + string(id) + "/members", Icon: "plus"}
	if len(members) == 0 {
		return OfficePart{Title: p.T("office.members"),
			Empty: &Empty{Icon: "users", Title: p.T("office.no_members"), Text: p.T("office.no_members_text"), Action: &add}}
	}
	t := &Table{Head: []string{p.T("office.person"), p.T("office.role"), p.T("office.state")}}
	for _, g := range members {
		t.Rows = append(t.Rows, []Cell{{Text: g.UserName, URL: personURL(g.User, "")}, {Text: p.Role(g.Role)}, {Pill: grantPill(p, g)}})
	}
	return OfficePart{Title: p.T("office.members"), Text: p.T("office.members_text"), Table: t, Actions: &Actions{[]Action{add}}}
}

func grantPill(p Page, g office.Grant) *Pill {
	switch {
	case g.EndedAt != nil:
		return &Pill{ToneQuiet, "ban", p.T("office.grant_ended_on", "date", p.ShortDate(g.EndedAt))}
	case g.ConfirmedAt == nil:
		return &Pill{ToneWait, "hourglass", p.T("office.grant_waits")}
	}
	return &Pill{ToneGood, "circle-check", p.T("office.grant_holds")}
}

func (s *Site) changeCommittee(c echo.Context) error {
	ctx, a := c.Request().Context(), actor(c)
	in, err := officeInput(c)
	if err != nil {
		return err
	}
	stored, err := s.Office.Committee(ctx, a, mediation.CommitteeID(c.Param("id")))
	if err != nil {
		return err
	}
	k := in.committee(stored.Limits)
	k.ID = stored.ID
	if err = in.faults.Err(); err == nil {
		err = s.Office.ChangeCommittee(ctx, a, k)
	}
	if err != nil {
		return s.committeePage(c, err)
	}
	return s.done(c, "/admin/committees/"+string(k.ID), "committee_changed")
}

// showMember asks who is to do what at a committee.
func (s *Site) showMember(c echo.Context) error { return s.memberPage(c, nil) }

func (s *Site) memberPage(c echo.Context, fault error) error {
	k, err := s.Office.Committee(c.Request().Context(), actor(c), mediation.CommitteeID(c.Param("id")))
	if err != nil {
		return err
	}
	p := s.officePage(c, "committees", "")
	p.Heading, p.Lead = p.T("office.add_member"), p.T("office.add_member_lead", "committee", k.Name)
	p.Title = p.Heading
	back := "/admin/committees/" + string(k.ID)
	p.Crumbs = []Crumb{{p.T("office.tab.committees"), "/admin/committees"}, {k.Name, back}}
	roles := Field{Name: "role", Kind: FieldRadio, Label: p.T("office.role"), Required: true}
	for _, r := range office.Grantable() {
		if r.At == office.AtCommittee {
			roles.Options = append(roles.Options, Option{Value: string(r.Role), Label: p.Role(r.Role), Help: p.T("office.role_help." + string(r.Role))})
		}
	}
	form := &Form{Action: back + "/members", Submit: p.T("office.add_member"), Cancel: back, Fields: []Field{
		{Name: "username", Kind: FieldText, Label: p.T("office.username"), Help: p.T("office.member_username_help"), Required: true, Short: true, Autocomplete: "off"}, roles}}
	p.Parts = append(p.Parts, OfficePart{Form: form,
		Actions: &Actions{[]Action{{Label: p.T("office.add_person"), URL: "/admin/people/new", Note: p.T("office.add_person_first")}}}})
	return s.showOffice(c, p, form, fault)
}

func (s *Site) addMember(c echo.Context) error {
	in, err := officeInput(c)
	if err != nil {
		return err
	}
	id := mediation.CommitteeID(c.Param("id"))
	g, err := s.Office.Grant(c.Request().Context(), actor(c),
		office.NewGrant{Username: in.text("username"), Role: mediation.Role(in.text("role")), Committee: id})
	if err != nil {
		return s.memberPage(c, err)
	}
	return s.done(c, "/admin/committees/"+string(id), grantFlash(g))
}

// grantFlash says whether a grant holds or waits.
func grantFlash(g office.Grant) string {
	if g.Holds() {
		return "granted"
	}
	return "grant_waits"
}
