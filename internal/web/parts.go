package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"doorstep/internal/mediation"
)

// The structs of this file are what the partials of templates/partials show,
// each under its own name. Their texts are already in the reader's language.

// Tone is the colour family of a part. It never stands alone: an icon and words
// say the same.
type Tone string

// The tones.
const (
	ToneQuiet  Tone = "quiet"  // over, or of no matter now
	ToneFresh  Tone = "fresh"  // came in, nobody's turn yet
	ToneWait   Tone = "wait"   // somebody else's answer is awaited, or time is short
	ToneLive   Tone = "live"   // being worked on
	ToneGood   Tone = "good"   // settled
	ToneAlarm  Tone = "alarm"  // late or dangerous
	ToneInform Tone = "inform" // an explanation
)

// Pill is a short state: icon, word, colour.
type Pill struct {
	Tone Tone
	Icon string
	Text string
}

var stagePills = map[mediation.Stage]Pill{
	mediation.Submitted:      {ToneFresh, "inbox", ""},
	mediation.Supplement:     {ToneWait, "file-question-mark", ""},
	mediation.Registered:     {ToneFresh, "file-text", ""},
	mediation.ConsentPending: {ToneWait, "phone", ""},
	mediation.NotAccepted:    {ToneQuiet, "ban", ""},
	mediation.ReferredOut:    {ToneQuiet, "send", ""},
	mediation.Accepted:       {ToneLive, "circle-check", ""},
	mediation.Assigned:       {ToneLive, "user-round-check", ""},
	mediation.RecusalReview:  {ToneWait, "scale", ""},
	mediation.Scheduled:      {ToneLive, "calendar-days", ""},
	mediation.InMediation:    {ToneLive, "messages-square", ""},
	mediation.Adjourned:      {ToneWait, "pause", ""},
	mediation.Escalated:      {ToneWait, "scale", ""},
	mediation.CourtTrack:     {ToneLive, "landmark", ""},
	mediation.AgreementDraft: {ToneWait, "pen-line", ""},
	mediation.Effective:      {ToneGood, "handshake", ""},
	mediation.FollowedUp:     {ToneGood, "footprints", ""},
	mediation.Terminated:     {ToneQuiet, "ban", ""},
	mediation.Withdrawn:      {ToneQuiet, "undo-2", ""},
	mediation.Closed:         {ToneQuiet, "check", ""},
	mediation.Archived:       {ToneQuiet, "archive", ""},
}

// Stage is the pill of a stage of the case.
func (p Page) Stage(s mediation.Stage) Pill {
	pill, ok := stagePills[s]
	if !ok {
		pill = Pill{Tone: ToneQuiet, Icon: "info"}
	}
	pill.Text = p.T("stage." + string(s))
	return pill
}

// Role is the name of a role.
func (p Page) Role(r mediation.Role) string { return p.T("role." + string(r)) }

// SoonDays is how many days before its end a deadline turns to the warning
// tone. A choice of the product; no law says it.
const SoonDays = 3

// Due is a deadline as a chip: how much is left, and the day.
type Due struct {
	Tone Tone
	Icon string
	Text string // "还有 3 天"
	Date string // "6月10日"; "" without a deadline
	ISO  string
}

// Due tells how the deadline v stands at the page's moment. It takes what Date
// takes; a civil date ends with its last moment.
func (p Page) Due(v any) Due {
	t, ok := moment(v)
	if end, isDay := v.(interface{ End() time.Time }); ok && isDay {
		t = end.End()
	}
	if !ok {
		return Due{Tone: ToneQuiet, Icon: "clock", Text: p.T("due.none")}
	}
	d := Due{Tone: ToneLive, Icon: "clock", Text: p.words.Due(p.Lang, t, p.Now), Date: p.ShortDate(t), ISO: p.ISO(t)}
	switch {
	case t.Before(p.Now):
		d.Tone, d.Icon = ToneAlarm, "triangle-alert"
	case t.Before(p.Now.AddDate(0, 0, SoonDays+1)):
		d.Tone, d.Icon = ToneWait, "hourglass"
	}
	return d
}

// Notice is a box that explains, confirms or warns. Links stand below the text.
type Notice struct {
	Tone  Tone // ToneInform, ToneGood, Wait or ToneAlarm
	Title string
	Text  string
	Links []Action
}

// Icon is the picture of the notice's tone.
func (n Notice) Icon() string {
	switch n.Tone {
	case ToneGood:
		return "circle-check"
	case ToneWait:
		return "triangle-alert"
	case ToneAlarm:
		return "shield-alert"
	}
	return "info"
}

// Key is the locale key of the word that stands for the tone.
func (n Notice) Key() string {
	switch n.Tone {
	case ToneGood:
		return "notice.success"
	case ToneWait:
		return "notice.warning"
	case ToneAlarm:
		return "notice.danger"
	}
	return "notice.info"
}

// Event is one line of the history.
type Event struct {
	When   time.Time
	What   string
	Who    string
	Detail string
	Icon   string
	Tone   Tone
}

// Timeline is the history of a case, in the order given.
type Timeline struct{ Events []Event }

// Fact is one line of a definition list. Missing shows "not filled in yet" in
// place of an empty value; Masked says that part of the value is hidden.
type Fact struct {
	Label, Value, Note string
	Missing, Masked    bool
}

// Facts is a definition list.
type Facts struct{ Facts []Fact }

// Cell is one cell of a table: a text with an optional second line, or a pill,
// or a deadline. URL makes the text a link.
type Cell struct {
	Text, Sub, URL string
	Number         bool // set flush right
	Pill           *Pill
	Due            *Due
}

// Table becomes one card a row on a narrow screen. Every row has as many cells
// as Head has columns.
type Table struct {
	Caption string
	Head    []string
	Rows    [][]Cell
}

// NumberColumn says whether the column holds numbers, by its first row.
func (t Table) NumberColumn(i int) bool {
	return len(t.Rows) > 0 && i < len(t.Rows[0]) && t.Rows[0][i].Number
}

// Pager leads to the neighbours of a list by key; "" when there is none.
type Pager struct{ Newer, Older string }

// Empty is what a list says when nothing is in it, and what to do next.
type Empty struct {
	Icon, Title, Text string
	Action            *Action
}

// StepState says where a step of the progress stands.
type StepState string

// The states of a step.
const (
	StepDone    StepState = "done"
	StepNow     StepState = "now"
	StepNext    StepState = "next"
	StepStopped StepState = "stopped"
)

// Step is one station of a resident's progress.
type Step struct {
	Label string
	State StepState
	Note  string // a day or a short explanation
}

// Steps is the way of a case as a resident sees it.
type Steps struct{ Steps []Step }

// Person is a chip with a name: who, in what part, how to be reached.
type Person struct {
	Name, Part, Contact, URL string
	Masked                   bool
	Notes                    []string
}

// Initial is the first character of the name, for the seal beside it.
func (p Person) Initial() string {
	for _, r := range p.Name {
		return string(r)
	}
	return "？"
}

// Tab is one section of a page that has several, as a link.
type Tab struct {
	Label, URL string
	Current    bool
	Count      int
}

// Tabs is the row of sections.
type Tabs struct{ Tabs []Tab }

// ActionKind says how much weight an action carries.
type ActionKind string

// The kinds of action; the zero kind is an ordinary button. A page has one
// primary action at most.
const (
	ActionPlain   ActionKind = ""
	ActionPrimary ActionKind = "primary"
	ActionDanger  ActionKind = "danger"
	ActionQuiet   ActionKind = "quiet"
)

// Action is something the reader can do: a link, or with Post a button that
// posts to the address.
type Action struct {
	Label, URL, Icon string
	Kind             ActionKind
	Post             bool
	Note             string // one line below, for what is not plain
}

// Actions is a row of actions.
type Actions struct{ Actions []Action }

// Confirm asks once more before an act that cannot be taken back.
type Confirm struct {
	Title, Text  string
	Consequences []string
	Form         Form
}

// Danger is the corner of a page for acts that end something.
type Danger struct {
	Title, Text string
	Actions     []Action
}

// FailurePage is the page "error".
type FailurePage struct {
	Page
	Status  int
	Message string // of the error, in the reader's language; "" for the general text
	Source  string // the article a refusal rests on
	Max     string // the largest size, for 413
	Back    string // where to go on; "" for the home page only
	Busy    bool   // more people than the server can serve just now
	Again   *Form  // what was typed, to be sent once more
}

// errorStatuses have texts of their own; any other is told as 500, or as 400
// when the reader's side is at fault.
var errorStatuses = []int{400, 401, 403, 404, 405, 408, 409, 413, 415, 422, 429, 500, 503}

// Say is the text of a part (title, text, next) of the page for its status.
func (e FailurePage) Say(part string) string {
	return e.T("error_page."+e.told()+"."+part, "max", e.Max)
}

func asError(err error) *mediation.Error {
	if e, ok := errors.AsType[*mediation.Error](err); ok {
		return e
	}
	return nil
}

func (e FailurePage) told() string {
	switch {
	case e.Busy:
		return "busy"
	case slices.Contains(errorStatuses, e.Status):
		return strconv.Itoa(e.Status)
	case e.Status >= http.StatusBadRequest && e.Status < http.StatusInternalServerError:
		return "400"
	}
	return "500"
}
