package mediation_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	. "doorstep/internal/mediation"
	"doorstep/internal/statute"

	"github.com/google/go-cmp/cmp"
)

// judge is the part of a test that a play needs; *testing.T and *rapid.T both
// have it.
type judge interface {
	Helper()
	Fatalf(format string, args ...any)
}

// play is one case with the people around it: acts are performed on it as the
// desk would, at a clock that stands still until it is moved.
type play struct {
	t        judge
	c        *Case
	now      time.Time
	ids      int
	drawn    map[string]int
	noDraw   error
	history  []Event
	days     []statute.Exception  // what the office added to the calendar
	paper    *Drawn               // what the desk draws for the next act
	volume   []Drawn              // what the desk draws of the volume when it is put away
	offList  bool                 // the office's list has nobody of the name
	found    map[UserID][]Finding // what the check finds at the next act
	legal    []UserID             // legal staff whom the next act may tell
	limits   statute.Limits       // the committee's own
	receiver *Receiver            // whom the next act hands the matter to
	pick     func(n int) int      // which of n equally good inputs; the first unless a walk draws
}

// The people of the play. One of each, with the flaws that shut a mediator out.
const (
	chen   UserID = "u-chen" // the applicant's account
	clerk  UserID = "u-clerk"
	du     UserID = "u-du" // mediators
	lin    UserID = "u-lin"
	zhou   UserID = "u-zhou" // the chair
	fang   UserID = "u-fang" // legal staff
	judgeY UserID = "u-court"

	yuyuan CommitteeID = "k-yuyuan"
	gaoxin CourtID     = "court-gx"
	gusu   CourtID     = "court-gs"
)

var seat = Seat{Committee: yuyuan, Area: "a-yy", AreaPath: "city/gx/yy/"}

// calendar is read once for all plays; nothing changes it.
var calendar = statute.DefaultCalendar()

// monday is the day on which a play begins: 11 May 2026, ten in the morning.
func monday() time.Time { return time.Date(2026, time.May, 11, 10, 0, 0, 0, statute.Shanghai) }

func day(text string) statute.Date {
	d, err := statute.ParseDate(text)
	if err != nil {
		panic(err)
	}
	return d
}

func newPlay(t judge) *play {
	return &play{t: t, now: monday(), drawn: map[string]int{}, pick: func(int) int { return 0 }}
}

func mediators() map[UserID]Mediator {
	fit := func(id UserID) Mediator {
		return Mediator{User: id, Name: string(id), Committee: yuyuan, Registered: true, Active: true, MaxCases: 5}
	}
	all := map[UserID]Mediator{}
	for _, id := range []UserID{du, lin, zhou, "u-full", "u-idle", "u-late", "u-new", "u-far"} {
		all[id] = fit(id)
	}
	flaw := func(id UserID, change func(*Mediator)) { m := all[id]; change(&m); all[id] = m }
	flaw("u-full", func(m *Mediator) { m.OpenCases = 5 })
	flaw("u-idle", func(m *Mediator) { m.Active = false })
	flaw("u-late", func(m *Mediator) { m.TermEnd = day("2026-05-10") })
	flaw("u-new", func(m *Mediator) { m.Registered = false })
	flaw("u-far", func(m *Mediator) { m.Committee = "k-elsewhere" })
	return all
}

// actor is the person who plays a role. The code holder is the respondent.
func (p *play) actor(as Role) Actor {
	user := map[Role]UserID{RoleResident: chen, RoleCoordinator: clerk, RoleMediator: du, RoleChair: zhou, RoleLegalOfficer: fang, RoleCourtClerk: judgeY}
	switch as {
	case RoleSystem:
		return System()
	case RoleCodeHolder:
		return CodeHolder(CodeAccess{Case: p.c.ID, Party: p.side(Respondent), Level: LevelChecked})
	}
	g := Grant{Role: as, Committee: yuyuan}
	switch as {
	case RoleLegalOfficer:
		g = Grant{Role: as, AreaPath: "city/gx/"}
	case RoleCourtClerk:
		g = Grant{Role: as, Court: gaoxin}
	}
	return Actor{User: user[as], Name: string(as), Grants: []Grant{g}}
}

func (p *play) scene(as Role) *Scene {
	var by Actor
	if p.c != nil || as != RoleCodeHolder {
		by = p.actor(as)
	}
	list := ""
	if !p.offList {
		list = "何平"
	}
	found, drawn, volume, receiver, legal := p.found, p.paper, p.volume, p.receiver, p.legal
	p.found, p.paper, p.volume, p.receiver, p.legal = nil, nil, nil, nil, nil
	return &Scene{By: by, Role: as, Now: p.now, Findings: found, Paper: drawn, Volume: volume, Receiver: receiver, Invited: list, Legal: legal, Mediators: mediators(),
		Courts: map[CourtID]string{gaoxin: "高新区人民法院", gusu: "姑苏区人民法院"}, Areas: map[CourtID]string{gaoxin: "city/gx/", gusu: "city/gs/"},
		Office: Office{Committee: yuyuan, AreaPath: "city/gx/yy/", ShortName: "榆园人调字", Contacts: 3, Limits: p.limits, Calendar: calendar.With(p.days...)},
		NewID:  func() string { p.ids++; return fmt.Sprintf("id-%03d", p.ids) },
		Draw: func(kind string) (string, error) {
			if p.noDraw != nil {
				return "", p.noDraw
			}
			p.drawn[kind]++
			return fmt.Sprintf("%s-%d", kind, p.drawn[kind]), nil
		}}
}

// try performs an act and gives its events or its error.
func (p *play) try(as Role, act Act) ([]Event, error) {
	events, err := p.c.Perform(act, p.scene(as))
	p.history = append(p.history, events...)
	return events, err
}

// do performs an act that must succeed.
func (p *play) do(as Role, act Act) *play {
	p.t.Helper()
	if _, err := p.try(as, act); err != nil {
		p.t.Fatalf("%s in stage %s: %v", act.Action(), p.c.Stage, err)
	}
	return p
}

// on moves the clock to ten in the morning of a day.
func (p *play) on(text string) *play {
	p.now = day(text).Start().Add(10 * time.Hour)
	return p
}

func (p *play) today() statute.Date { return statute.DateOf(p.now) }

func (p *play) side(s Side) PartyID {
	for _, v := range p.c.Active() {
		if v.Side == s {
			return v.ID
		}
	}
	return ""
}

func (p *play) all() []PartyID {
	var ids []PartyID
	for _, v := range p.c.Active() {
		ids = append(ids, v.ID)
	}
	return ids
}

// copied is a deep copy made by reflection, so that a test of "nothing changed"
// does not lean on the code it tests.
func copied[T any](v T) T {
	return deep(reflect.ValueOf(v)).Interface().(T)
}

func deep(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			to := reflect.New(v.Type().Elem())
			to.Elem().Set(deep(v.Elem()))
			out.Set(to)
		}
	case reflect.Slice:
		if !v.IsNil() {
			out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
			for i := range v.Len() {
				out.Index(i).Set(deep(v.Index(i)))
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			switch v.Field(i).Kind() { // the rest came with the struct itself
			case reflect.Slice, reflect.Struct, reflect.Pointer:
				if out.Field(i).CanSet() {
					out.Field(i).Set(deep(v.Field(i)))
				}
			}
		}
	}
	return out
}

// changed is the difference between two states of a case; "" when there is none.
func changed(before, after *Case) string {
	if reflect.DeepEqual(before, after) {
		return ""
	}
	return cmp.Diff(before, after, cmp.Comparer(func(a, b statute.Date) bool { return a == b }))
}

// clocks says in words what an act did to the deadlines: "+D-06 2026-06-10" was
// started, "-D-07 met" was ended, "D-01 paused", "D-01 runs to 2026-05-18".
func clocks(before, after *Case) []string {
	old := map[ItemID]Deadline{}
	for _, d := range before.Deadlines {
		old[d.ID] = d
	}
	var lines []string
	for _, d := range after.Deadlines {
		was, known := old[d.ID]
		switch {
		case !known:
			lines = append(lines, fmt.Sprintf("+%s %s", d.Kind, due(d)))
		case was.Open() && !d.Open():
			lines = append(lines, fmt.Sprintf("-%s %s", d.Kind, d.Outcome))
		case was.PausedAt.IsZero() && !d.PausedAt.IsZero():
			lines = append(lines, fmt.Sprintf("%s paused", d.Kind))
		case !was.Due.Equal(d.Due) || was.PausedAt.IsZero() != d.PausedAt.IsZero():
			lines = append(lines, fmt.Sprintf("%s runs to %s", d.Kind, due(d)))
		}
	}
	slices.Sort(lines)
	return lines
}

func due(d Deadline) string {
	at := d.Due.In(statute.Shanghai)
	if d.Term.Unit == statute.Hours {
		return at.Format("2006-01-02 15:04")
	}
	if !at.Equal(statute.DateOf(at).End()) {
		return at.Format("2006-01-02 15:04:05") // a day's term ends with its day
	}
	return at.Format(time.DateOnly)
}

// lines is what the history says: action, stages, codes.
func lines(events []Event) []string {
	var all []string
	for _, e := range events {
		text := fmt.Sprintf("%s %s>%s", e.Action, e.From, e.To)
		for _, k := range slices.Sorted(maps.Keys(e.Codes)) {
			value := e.Codes[k]
			if len(value) == 64 && k != "content" { // the digest of a text depends on the ids in it
				value = "#"
			}
			text += fmt.Sprintf(" %s=%s", k, value)
		}
		all = append(all, text)
	}
	return all
}

// fault is an error as the tests write it: the marked fields, else the key.
func fault(err error) string {
	fields := FieldsOf(err)
	if len(fields) == 0 {
		return KeyOf(err)
	}
	var all []string
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		all = append(all, name+"="+fields[name])
	}
	return strings.Join(all, " ")
}
