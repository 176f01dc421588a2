package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"doorstep/internal/figures"
	"doorstep/internal/ledger"
	"doorstep/internal/mediation"
)

const (
	reportsURL = "/figures/months"
	reportURL  = "/figures/month"
)

// reportRoutes are the closed months on their way up.
func (s *Site) reportRoutes() []route {
	return []route{
		{http.MethodGet, reportsURL, s.listReports, "stats", "read"},
		{http.MethodGet, reportURL, s.showReport, "stats", "read"},
		{http.MethodPost, reportURL + "/submission", s.stepReport(figures.Submit), "stats", "submit"},
		{http.MethodPost, reportURL + "/approval", s.stepReport(figures.Approve), "stats", "approve"},
		{http.MethodPost, reportURL + "/return", s.stepReport(figures.SendBack), "stats", "send_back"},
	}
}

var reportNouns = map[figures.Step]string{figures.Submit: "/submission", figures.Approve: "/approval", figures.SendBack: "/return"}

func monthURL(unit string, m figures.Month) string {
	return reportURL + "?" + url.Values{"unit": {unit}, "period": {m.String()}}.Encode()
}

func monthName(p Page, m figures.Month) string {
	return periodName(p, figures.PeriodOf(figures.ByMonth, m))
}

// reportPills are the looks of the states; a late month is red whatever its state.
var reportPills = map[figures.State]Pill{
	figures.Due: {ToneWait, "hourglass", ""}, figures.Submitted: {ToneLive, "inbox", ""}, figures.Returned: {ToneWait, "undo-2", ""},
	figures.Approved: {ToneGood, "circle-check", ""}, figures.Corrected: {ToneWait, "pen-line", ""},
}

func reportPill(p Page, r ledger.MonthReport) *Pill {
	pill := reportPills[r.State]
	pill.Text = p.T("figures.state." + stateWord(r.State))
	if r.Late {
		pill.Tone, pill.Icon = ToneAlarm, "triangle-alert"
		pill.Text = p.T("figures.late", "state", pill.Text)
	}
	return &pill
}

func stateWord(s figures.State) string {
	if s == figures.Due {
		return "due"
	}
	return string(s)
}

func (s *Site) listReports(c echo.Context) error {
	all := c.QueryParam("show") == "all"
	list, err := s.Ledger.Reports(c.Request().Context(), actor(c), s.CloseDay, all)
	if err != nil {
		return err
	}
	p := OfficePage{Page: s.page(c)}
	p.Heading, p.Lead = p.T("figures.months"), p.T("figures.months_lead")
	p.Title = p.Heading
	p.Crumbs = []Crumb{{p.T("figures.title"), "/figures"}}
	p.Tabs = &Tabs{Tabs: []Tab{{Label: p.T("figures.months_open"), URL: reportsURL, Current: !all}, {Label: p.T("figures.months_all"), URL: reportsURL + "?show=all", Current: all}}}
	part := OfficePart{Empty: &Empty{Icon: "circle-check", Title: p.T("figures.months_none"), Text: p.T("figures.months_none_text")}}
	if len(list) > 0 {
		t := &Table{Caption: p.T("figures.months")}
		for _, head := range []string{"month", "committee", "state", "since"} {
			t.Head = append(t.Head, p.T("figures.head."+head))
		}
		for _, r := range list {
			since := Cell{Text: p.T("ledger.nothing")}
			if r.Since != nil {
				since.Text = p.ShortDate(*r.Since)
			}
			t.Rows = append(t.Rows, []Cell{{Text: monthName(p.Page, r.Month()), URL: monthURL(string(r.At), r.Month())}, {Text: r.Committee}, {Pill: reportPill(p.Page, r)}, since})
		}
		part = OfficePart{Table: t}
	}
	p.Parts = []OfficePart{part}
	return s.show(c, http.StatusOK, "office/page", p)
}

// lateParts tell how many months are late in the reader's reach, and lead to the
// months that go up.
func (s *Site) lateParts(c echo.Context, p Page) ([]OfficePart, error) {
	list, err := s.Ledger.Reports(c.Request().Context(), actor(c), s.CloseDay, false)
	if err != nil {
		return nil, err
	}
	part := OfficePart{Actions: &Actions{[]Action{{Label: p.T("figures.see_months"), URL: reportsURL, Icon: "list-checks"}}}}
	late := 0
	for _, r := range list {
		if r.Late {
			late++
		}
	}
	if late > 0 {
		part.Notice = &Notice{Tone: ToneAlarm, Title: p.T("figures.late_months", "n", strconv.Itoa(late)), Text: p.T("figures.late_text") + p.Source("local")}
	}
	return []OfficePart{part}, nil
}

func (s *Site) showReport(c echo.Context) error { return s.reportPage(c, c.QueryParams(), "", nil) }

// reportPage shows a month with its two returns, what stands out, and the forms of
// what the reader may do; the form of the step that failed keeps what was typed.
func (s *Site) reportPage(c echo.Context, q url.Values, failed figures.Step, fault error) error {
	v, err := s.Ledger.Report(c.Request().Context(), actor(c), figuresAsked(q), s.CloseDay)
	if err != nil {
		return err
	}
	p := OfficePage{Page: s.page(c)}
	p.Heading, p.Lead = v.Committee+p.T("figures.gap")+monthName(p.Page, v.Month()), p.T("figures.month_lead")
	p.Title = p.Heading
	p.Crumbs = []Crumb{{p.T("figures.title"), "/figures"}, {p.T("figures.months"), reportsURL}}
	p.Parts = []OfficePart{{Notice: reportNotice(p.Page, v)}}
	for _, which := range figures.Returns {
		p.Parts = append(p.Parts, OfficePart{Title: p.T("figures.return." + string(which)), Notice: checkNotice(p.Page, which, v.Values)})
	}
	p.Parts = append(p.Parts, warningParts(p.Page, v)...)
	var marked *Form
	for _, step := range v.Offer {
		form := reportForm(p.Page, v, step)
		if step == failed {
			marked = form
		}
		p.Parts = append(p.Parts, OfficePart{Title: p.T("figures.do." + string(step)), Text: p.T("figures.do_text." + string(step)), Form: form})
	}
	f := &ledger.Figures{Unit: v.Unit, Period: figures.PeriodOf(figures.ByMonth, v.Month()), Values: v.Values, Opens: true, People: v.People}
	for _, which := range figures.Returns {
		parts := figureTables(p.Page, f, which, s.SmallFigures)
		parts[0].Title = p.T("figures.return_title." + string(which))
		p.Parts = append(p.Parts, parts...)
	}
	if len(v.Steps) > 0 {
		p.Parts = append(p.Parts, OfficePart{Title: p.T("figures.history"), History: reportHistory(p.Page, v)})
	}
	if marked == nil {
		if fault != nil {
			return fault
		}
		return s.show(c, http.StatusOK, "office/page", p)
	}
	return s.showOffice(c, p, marked, fault)
}

// reportNotice says where the month stands and whose turn it is.
func reportNotice(p Page, v *ledger.ReportView) *Notice {
	n := &Notice{Tone: ToneWait, Title: p.T("figures.state." + stateWord(v.State)), Text: p.T("figures.turn." + stateWord(v.State))}
	switch {
	case v.Late:
		n.Tone, n.Title = ToneAlarm, p.T("figures.late", "state", n.Title)
	case v.State == figures.Approved:
		n.Tone = ToneGood
	}
	if v.State.Waits() {
		n.Text += "\n" + p.T("figures.due_on", "day", p.Date(v.Due))
	}
	if last := len(v.Steps) - 1; last >= 0 && v.Steps[last].Reason != "" {
		n.Text += "\n" + p.T("figures.reason_was", "reason", v.Steps[last].Reason)
	}
	return n
}

// warningParts tell what stands out and, once it was submitted, what the chair
// says to it.
func warningParts(p Page, v *ledger.ReportView) []OfficePart {
	if len(v.Warnings) == 0 {
		return nil
	}
	t := &Facts{}
	for _, w := range v.Warnings {
		said := v.Said[w]
		t.Facts = append(t.Facts, Fact{Label: p.T("figures.warning." + string(w)), Value: said, Missing: said == ""})
	}
	return []OfficePart{{Title: p.T("figures.warnings"), Text: p.T("figures.warnings_text"), Facts: t}}
}

func reportForm(p Page, v *ledger.ReportView, step figures.Step) *Form {
	form := &Form{Action: reportURL + reportNouns[step], Submit: p.T("figures.do." + string(step)), Fields: []Field{
		{Name: "unit", Kind: FieldHidden, Value: v.Unit.Key}, {Name: "period", Kind: FieldHidden, Value: v.Month().String()},
		{Name: "seq", Kind: FieldHidden, Value: strconv.Itoa(v.Seq)}}}
	switch step {
	case figures.Submit:
		for _, w := range v.Warnings {
			form.Fields = append(form.Fields, Field{Name: "explained." + string(w), Kind: FieldTextArea, Rows: 2, Label: p.T("figures.warning." + string(w)),
				Help: p.T("figures.explain"), Value: v.Said[w], Required: true, MaxLength: ledger.MaxReason})
		}
	case figures.SendBack:
		form.Fields = append(form.Fields, reasonField(p, "reason"))
	case figures.Approve, figures.Correct:
	}
	return form
}

func reportHistory(p Page, v *ledger.ReportView) *Timeline {
	t := &Timeline{}
	for _, step := range v.Steps {
		pill := reportPills[step.State]
		e := Event{When: step.When, What: p.T("figures.did." + string(step.Step)), Who: step.Who, Detail: step.Reason, Icon: pill.Icon, Tone: pill.Tone}
		var said []string
		for _, w := range []figures.Warning{figures.SumsOfCases, figures.SumsOfTeam, figures.Quiet, figures.Jump, figures.NoMediators} {
			if text := step.Explained.V[w]; text != "" {
				said = append(said, p.T("figures.explained", "warning", p.T("figures.warning."+string(w)), "text", text))
			}
		}
		if len(said) > 0 {
			e.Detail = strings.Join(said, "\n")
		}
		t.Events = append(t.Events, e)
	}
	return t
}

// stepReport takes a month one step on.
func (s *Site) stepReport(step figures.Step) echo.HandlerFunc {
	return func(c echo.Context) error {
		in, err := officeInput(c)
		if err != nil {
			return err
		}
		period, ok := figures.ParsePeriod(in.text("period"))
		if !ok || period.Span != figures.ByMonth {
			return &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
		}
		change := ledger.ReportStep{Unit: in.text("unit"), Month: period.From, Step: step, Seq: in.whole("seq"), Reason: in.text("reason"), Explained: map[figures.Warning]string{}}
		for name := range in.v {
			if w, found := strings.CutPrefix(name, "explained."); found {
				change.Explained[figures.Warning(w)] = in.text(name)
			}
		}
		if err = in.faults.Err(); err == nil {
			err = s.Ledger.StepReport(c.Request().Context(), actor(c), change)
		}
		if kind := mediation.KindOf(err); err != nil && (kind == mediation.Invalid || kind == mediation.Conflict) {
			return s.reportPage(c, in.v, step, err)
		}
		if err != nil {
			return err
		}
		return s.done(c, monthURL(change.Unit, change.Month), "month_"+string(step))
	}
}
