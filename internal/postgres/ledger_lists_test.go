package postgres

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"doorstep/internal/authz"
	"doorstep/internal/mediation"
	"doorstep/policies"
)

// listed is one list whose cost is looked at.
type listed struct {
	name string
	rows float64 // the page at both sizes
	list func() (string, args)
	any  bool // the rows are told and not judged
	most int  // pages, where what is found grows with the table up to a bound of its own
}

// reader gives somebody's rights to a list as the policy has them.
func (w *town) reader(t *testing.T) func(mediation.Actor, string, mediation.Action) Reader {
	t.Helper()
	policy, err := authz.New(policies.Model, policies.Lines)
	if err != nil {
		t.Fatal(err)
	}
	return func(a mediation.Actor, object string, action mediation.Action) Reader {
		return Reader{Actor: a, Rows: policy.Scope(a, object, action), Facts: policy.Scope(a, "facts", "read"), Now: w.now}
	}
}

// person gives somebody of the town a grant.
func (w *town) person(t *testing.T) func(string, mediation.Grant) mediation.Actor {
	t.Helper()
	return func(who string, g mediation.Grant) mediation.Actor {
		return mediation.Actor{User: mediation.UserID(w.named(t, who)), Grants: []mediation.Grant{{Role: mediation.RoleResident}, g}}
	}
}

// queues are the queues of each desk, one list a queue.
func (w *town) queues(t *testing.T) []listed {
	t.Helper()
	reader, person := w.reader(t), w.person(t)
	committee := mediation.CommitteeID(w.named(t, "committee3"))
	desks := map[string]mediation.Actor{
		"intake":     person("resident7", mediation.Grant{Role: mediation.RoleCoordinator, Committee: committee}),
		"chair":      person("resident7", mediation.Grant{Role: mediation.RoleChair, Committee: committee}),
		"mediator":   person("mediator10", mediation.Grant{Role: mediation.RoleMediator, Committee: committee}),
		"legal":      person("resident8", mediation.Grant{Role: mediation.RoleLegalOfficer, AreaPath: "c/"}),
		"court":      person("resident9", mediation.Grant{Role: mediation.RoleCourtClerk, Court: mediation.CourtID(w.named(t, "court"))}),
		"supervisor": person("resident9", mediation.Grant{Role: mediation.RoleSupervisor, AreaPath: "c/x3/"}),
		"own":        person("resident81", mediation.Grant{Role: mediation.RoleResident}),
	}
	var all []listed
	for _, name := range slices.Sorted(maps.Keys(queueConditions)) {
		desk, rest, _ := strings.Cut(name, ".")
		r := reader(desks[desk], "case", "list")
		q := Queue{Name: name, Rights: r.Rows, ByDue: rest == "late" || desk == "mediator" || desk == "own"}
		all = append(all, listed{name: name, list: func() (string, args) { return queueHeads(r, []Queue{q}, 5, 101) }, any: true, most: 8 * 101}) // eight for each row it counts
	}
	return all
}

// lists are the lists of the program as their readers ask for them.
func (w *town) lists(t *testing.T) []listed {
	t.Helper()
	reader, person := w.reader(t), w.person(t)
	committee := mediation.CommitteeID(w.named(t, "committee3"))
	chair := person("resident7", mediation.Grant{Role: mediation.RoleChair, Committee: committee})
	mediator := person("mediator10", mediation.Grant{Role: mediation.RoleMediator, Committee: committee})
	busy := person("mediator1", mediation.Grant{Role: mediation.RoleMediator, Committee: committee})
	supervisor := person("resident9", mediation.Grant{Role: mediation.RoleSupervisor, AreaPath: "c/x3/"})
	resident := mediation.Actor{User: mediation.UserID(w.named(t, "resident81")), Grants: []mediation.Grant{{Role: mediation.RoleResident}}}

	cases := func(a mediation.Actor, s Selection) func() (string, args) {
		return func() (string, args) { return caseList(reader(a, "case", "list"), s, Mark{}, 31) }
	}
	count := func(a mediation.Actor, s Selection) func() (string, args) {
		return func() (string, args) { return caseCount(reader(a, "case", "list"), s, 101) }
	}
	due := func(from, until time.Time) func() (string, args) {
		return func() (string, args) { return deadlineList(reader(chair, "deadline", "read"), from, until, Mark{}, 31) }
	}
	day := today(w.now)
	return []listed{
		{name: "the committee's cases", rows: 31, list: cases(chair, Selection{})},
		{name: "the committee's closed cases", rows: 31, list: cases(chair, Selection{Closed: true})},
		{name: "the mediator's cases", rows: 12, list: cases(mediator, Selection{})},
		{name: "the area's cases", rows: 31, list: cases(supervisor, Selection{})},
		{name: "a party's cases", rows: 3, list: cases(resident, Selection{})},
		{name: "the next page, by its mark", rows: 31, list: func() (string, args) {
			mark := Mark{At: time.Date(2026, 1, 6, 0, 0, 0, 0, time.UTC), ID: w.named(t, "case1500")}
			return caseList(reader(chair, "case", "list"), Selection{Closed: true}, mark, 31)
		}},
		{name: "the committee's deadlines of the week", rows: 31, list: due(day, day.AddDate(0, 0, 7))},
		{name: "the committee's late deadlines", rows: 31, list: due(time.Time{}, w.now)},
		{name: "search for a number", rows: 1, list: cases(chair, Selection{Closed: true, Text: "案0000803"})},
		{name: "search for the beginning of all numbers", rows: 31, list: cases(chair, Selection{Closed: true, Text: "案"})},
		{name: "search for a rare name", rows: 1, list: cases(chair, Selection{Closed: true, Text: "欧阳鼎"})},
		{name: "search for a name nobody has", rows: 0, list: cases(chair, Selection{Text: "硾硿"})},
		{name: "search for a common word", rows: 31, list: cases(chair, Selection{Text: "噪音"})},
		{name: "search for one common character", rows: 31, list: cases(chair, Selection{Text: "陈"})},
		{name: "search for a word in one case of 500", list: cases(chair, Selection{Closed: true, Text: "树根 化粪池"}), most: 3000},
		{name: "count of a common word", rows: 1, list: count(chair, Selection{Text: "噪音"})},
		{name: "count of a rare name", rows: 1, list: count(chair, Selection{Closed: true, Text: "欧阳"})},
		{name: "the notices of a busy mediator", rows: 31, list: func() (string, args) { return noticeList(reader(busy, "case", "list"), Mark{}, 31) }},
		{name: "his unread notices", rows: 1, list: func() (string, args) { return unreadCount(busy, 101) }},
		{name: "who opened a much read case", rows: 100, list: func() (string, args) { return accessLines, args{w.named(t, "case3"), nil} }},
	}
}
