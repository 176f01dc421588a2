package web

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"doorstep/internal/mediation"
	"doorstep/internal/office"
	"doorstep/internal/statute"
)

// stepURL is where each step of setting the office up is done.
var stepURL = map[office.StepID]string{
	office.StepArea: "/admin/areas", office.StepCommittee: "/admin/committees/new", office.StepPeople: "/admin/people",
	office.StepMediators: "/admin/people", office.StepPoints: "/admin/points/new", office.StepSecondAdmin: "/admin/people/new",
}

// officeHome shows how far the office is set up, what comes next, and the rights
// that wait for a second person.
func (s *Site) officeHome(c echo.Context) error {
	ctx, a := c.Request().Context(), actor(c)
	progress, err := s.Office.Progress(ctx, a)
	if err != nil {
		return err
	}
	waiting, err := s.Office.Unconfirmed(ctx, a)
	if err != nil {
		return err
	}
	history, err := s.Office.History(ctx, a)
	if err != nil {
		return err
	}
	p := s.officePage(c, "home", "")
	trouble, err := s.upkeepTrouble(c, p.Page)
	if err != nil {
		return err
	}
	for _, n := range trouble {
		p.Parts = append(p.Parts, OfficePart{Notice: &n})
	}
	mails, err := s.mailTrouble(c, p.Page)
	if err != nil {
		return err
	}
	p.Parts = append(p.Parts, mails...)
	p.Heading = p.T("office.home")
	p.Title, p.Lead, p.Crumbs = p.Heading, p.T("office.home_lead"), nil
	p.Parts = append(p.Parts, nextStep(p.Page, progress), allSteps(p.Page, progress))
	if len(waiting) > 0 {
		p.Parts = append(p.Parts, waitingGrants(p.Page, waiting)...)
	}
	if len(progress.Gaps) > 0 {
		p.Parts = append(p.Parts, gapTable(p.Page, progress.Gaps))
	}
	if len(history) > 0 {
		p.Parts = append(p.Parts, OfficePart{Title: p.T("office.history"), History: officeHistory(p.Page, history)})
	}
	return s.show(c, http.StatusOK, "office/page", p)
}

// nextStep says the one thing to do now.
func nextStep(p Page, progress office.Progress) OfficePart {
	next := progress.Next()
	if next == "" {
		return OfficePart{Notice: &Notice{Tone: ToneGood, Title: p.T("office.all_set"), Text: p.T("office.all_set_text")}}
	}
	key := "office.step." + string(next)
	n := Notice{Tone: ToneWait, Title: p.T("office.next", "step", p.T(key)), Text: p.T(key + ".why")}
	return OfficePart{
		Notice:  &n,
		Actions: &Actions{[]Action{{Label: p.T(key + ".do"), URL: stepURL[next], Kind: ActionPrimary, Icon: "arrow-right"}}},
	}
}

func allSteps(p Page, progress office.Progress) OfficePart {
	steps := &Steps{}
	for _, step := range progress.Steps {
		state := StepNext
		switch {
		case step.Done:
			state = StepDone
		case step.ID == progress.Next():
			state = StepNow
		}
		steps.Steps = append(steps.Steps, Step{Label: p.T("office.step." + string(step.ID)), State: state, Note: stepNote(p, progress, step.ID)})
	}
	return OfficePart{Title: p.T("office.steps"), Steps: steps}
}

// stepNote counts what there is, where counting says something.
func stepNote(p Page, progress office.Progress, id office.StepID) string {
	counts := map[office.StepID]int{office.StepArea: progress.Areas, office.StepCommittee: progress.Committees,
		office.StepPeople: progress.People, office.StepMediators: progress.Registered, office.StepPoints: progress.Points}
	n, counted := counts[id]
	if !counted || n == 0 {
		return ""
	}
	if n >= 1000 {
		return p.T("office.count_many")
	}
	return p.T("office.count", "n", n)
}

func waitingGrants(p Page, waiting []office.Grant) []OfficePart {
	parts := []OfficePart{{Title: p.T("office.waiting"), Text: p.T("office.waiting_text")}}
	for _, g := range waiting {
		part := OfficePart{Facts: &Facts{[]Fact{
			{Label: p.T("office.person"), Value: g.UserName},
			{Label: p.T("office.right"), Value: grantWord(p, g)},
			{Label: p.T("office.granted_by"), Value: g.GrantedByName, Note: p.DateTime(g.GrantedAt), Missing: g.GrantedByName == ""},
		}}}
		actions := []Action{{Label: p.T("office.look"), URL: personURL(g.User, "")}}
		if g.GrantedBy != p.Actor.User {
			actions = append(actions, Action{Label: p.T("office.confirm_grant"), URL: "/admin/grants/" + g.ID + "/confirmation", Post: true, Icon: "check"})
		}
		part.Actions = &Actions{actions}
		parts = append(parts, part)
	}
	return parts
}

func gapTable(p Page, gaps []office.Gap) OfficePart {
	t := &Table{Caption: p.T("office.gaps"), Head: []string{p.T("office.committee"), p.T("office.missing_role")}}
	for _, g := range gaps {
		t.Rows = append(t.Rows, []Cell{{Text: g.Name, URL: "/admin/committees/" + string(g.Committee)}, {Text: p.Role(g.Role)}})
	}
	return OfficePart{Table: t}
}

func officeHistory(p Page, lines []office.Line) *Timeline {
	t := &Timeline{}
	for _, l := range lines {
		what := p.T("office.event.unknown")
		if key := "office.event." + l.Action; p.Has(key) {
			what = p.T(key)
		}
		detail := l.Subject
		if l.Role != "" {
			detail = p.T("office.role_at", "role", p.Role(mediation.Role(l.Role)), "place", l.Subject)
		}
		t.Events = append(t.Events, Event{When: l.At, What: what, Who: l.Who, Detail: detail, Icon: "history", Tone: ToneQuiet})
	}
	return t
}

// showCalendar lists the office's own days and takes one more.
func (s *Site) showCalendar(c echo.Context) error { return s.calendarPage(c, nil) }

func (s *Site) calendarPage(c echo.Context, fault error) error {
	ctx, a := c.Request().Context(), actor(c)
	days, err := s.Office.CalendarDays(ctx, a)
	if err != nil {
		return err
	}
	calendar, err := s.Office.Calendar(ctx)
	if err != nil {
		return err
	}
	p := s.officePage(c, "calendar", "")
	p.Heading = p.T("office.tab.calendar")
	p.Title, p.Lead, p.Crumbs = p.Heading, p.T("office.calendar_lead"), nil
	p.Parts = append(p.Parts, publishedYears(p.Page, calendar))
	if len(days) == 0 {
		p.Parts = append(p.Parts, OfficePart{Empty: &Empty{Icon: "calendar-days", Title: p.T("office.no_days"), Text: p.T("office.no_days_text")}})
	} else {
		p.Parts = append(p.Parts, OfficePart{Table: dayTable(p.Page, days)})
	}
	form := &Form{Action: "/admin/calendar", Submit: p.T("office.add_day"), Fields: []Field{
		{Name: "day", Kind: FieldDate, Label: p.T("office.day"), Required: true},
		{Name: "work", Kind: FieldRadio, Label: p.T("office.day_kind"), Required: true, Value: "off", Options: []Option{
			{Value: "off", Label: p.T("office.day_off")}, {Value: "work", Label: p.T("office.day_work")}}},
		{Name: "name_zh", Kind: FieldText, Label: p.T("office.day_name"), Help: p.T("office.day_name_help"), Required: true},
		{Name: "name_en", Kind: FieldText, Label: p.T("office.name_en"), Help: p.T("office.name_en_help")},
	}}
	p.Parts = append(p.Parts, OfficePart{Title: p.T("office.add_day"), Form: form,
		Actions: &Actions{[]Action{{Label: p.T("office.import_notice"), URL: "/admin/calendar/notice", Icon: "upload"}}}})
	return s.showOffice(c, p, form, fault)
}

// publishedYears warns of a year whose notice is missing: deadlines in it may
// still move.
func publishedYears(p Page, calendar *statute.Calendar) OfficePart {
	this := statute.DateOf(p.Now).Year()
	for _, year := range []int{this, this + 1} {
		if !calendar.Published(year) {
			return OfficePart{Notice: &Notice{Tone: ToneWait, Title: p.T("office.year_missing", "year", strconv.Itoa(year)),
				Text: p.T("office.year_missing_text")}}
		}
	}
	return OfficePart{Notice: &Notice{Tone: ToneGood, Title: p.T("office.years_known", "year", strconv.Itoa(this+1))}}
}

func dayTable(p Page, days []statute.Exception) *Table {
	t := &Table{Caption: p.T("office.own_days"), Head: []string{p.T("office.day"), p.T("office.day_kind"), p.T("office.day_name")}}
	for _, d := range days {
		kind, name := p.T("office.day_off"), d.NameZH
		if d.Work {
			kind = p.T("office.day_work")
		}
		if p.English() && d.NameEN != "" {
			name = d.NameEN
		}
		t.Rows = append(t.Rows, []Cell{{Text: p.Date(d.Day)}, {Text: kind}, {Text: name}})
	}
	return t
}

func (s *Site) addCalendarDay(c echo.Context) error {
	in, err := officeInput(c)
	if err != nil {
		return err
	}
	d := statute.Exception{Day: in.day("day"), Work: in.text("work") == "work", NameZH: in.text("name_zh"), NameEN: in.text("name_en")}
	if err := s.Office.AddCalendarDay(c.Request().Context(), actor(c), d); err != nil {
		return s.calendarPage(c, err)
	}
	return s.done(c, "/admin/calendar", "calendar_saved")
}

// noticeExample is one line of a notice as statute.ReadExceptions reads it.
const noticeExample = "2027-01-01,off,元旦,New Year's Day"

// showNotice takes a whole yearly notice at once.
func (s *Site) showNotice(c echo.Context) error { return s.noticePage(c, nil) }

func (s *Site) noticePage(c echo.Context, fault error) error {
	p := s.officePage(c, "calendar", "")
	p.Heading = p.T("office.import_notice")
	p.Title, p.Lead = p.Heading, p.T("office.import_lead")
	p.Crumbs = []Crumb{{p.T("office.tab.home"), "/admin"}, {p.T("office.tab.calendar"), "/admin/calendar"}}
	form := &Form{Action: "/admin/calendar/notice", Submit: p.T("office.import_notice"), Cancel: "/admin/calendar", Fields: []Field{
		{Name: "notice", Kind: FieldTextArea, Rows: 14, Label: p.T("office.notice_text"), Help: p.T("office.notice_help", "off", "off", "work", "work", "example", noticeExample), Required: true}}}
	p.Parts = append(p.Parts, OfficePart{Form: form})
	return s.showOffice(c, p, form, fault)
}

func (s *Site) importCalendar(c echo.Context) error {
	in, err := officeInput(c)
	if err != nil {
		return err
	}
	if _, err := s.Office.ImportCalendar(c.Request().Context(), actor(c), in.text("notice")); err != nil {
		return s.noticePage(c, err)
	}
	return s.done(c, "/admin/calendar", "calendar_saved")
}
