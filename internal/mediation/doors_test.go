package mediation_test

import (
	"strings"
	"testing"

	. "doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// doorCases are what a file may hold that bears on who may be at its sessions.
var doorCases = []struct {
	name  string
	spoil func(*play)
	shut  string
}{
	{"an ordinary case", func(*play) {}, ""},
	{"a party asked for closed sessions", func(p *play) { p.do(RoleResident, ClosedAsked{}) }, "asked"},
	{"who left had asked", func(p *play) {
		p.c.Parties = append(p.c.Parties, Party{ID: "gone", Side: Third, ClosedAskedAt: p.now, LeftAt: p.now})
	}, ""},
	{"a party is a minor", func(p *play) { p.c.Parties[1].Capacity, p.c.Parties[1].GuardianName = "minor", "母亲" }, "minor"},
	{"an adult without full capacity", func(p *play) { p.c.Parties[1].Capacity, p.c.Parties[1].GuardianName = "limited", "儿子" }, ""},
	{"a child is in danger", func(p *play) { p.c.Risks = append(p.c.Risks, Risk{ID: "r", Flag: "R3-MINOR", ReportedAt: p.now}) }, "minor"},
	{"a restricted file", func(p *play) { p.c.Restricted = true }, "restricted"},
	{"a file restricted, and a party that asked", func(p *play) { p.c.Restricted = true; p.do(RoleResident, ClosedAsked{}) }, "asked"},
}

// doorAnswers are the answers of the form: what is chosen, and the two ticks.
var doorAnswers = []Doors{{}, {Openness: "closed"}, {Openness: "closed", Unopposed: true, NoSecrets: true}, {Openness: "open"}, {Openness: "open", Unopposed: true},
	{Openness: "open", NoSecrets: true}, {Openness: "open", Unopposed: true, NoSecrets: true}, {Openness: "ajar", Unopposed: true, NoSecrets: true}}

// answered is one answer in one case.
type answered struct {
	Doors
	shut, mode string
}

// want is the rule once more, written out: closed is always right, open only where
// nothing speaks against it.
func (d answered) want() string {
	switch {
	case d.Openness == "" || d.Openness == "closed":
		return "closed"
	case d.Openness != "open":
		return "openness=error.choice"
	case d.shut != "":
		return "openness=rule.doors_" + d.shut
	case d.mode == "caucus":
		return "openness=rule.doors_caucus"
	}
	var faults []string
	if !d.NoSecrets {
		faults = append(faults, "no_secrets=rule.doors_secrets")
	}
	if !d.Unopposed {
		faults = append(faults, "unopposed=rule.doors_unopposed")
	}
	if len(faults) > 0 {
		return strings.Join(faults, " ")
	}
	return "open"
}

// TestWhoMayBeAtASession is the whole grid: what the file holds × the act × the way
// of the session × what is answered (PML 23; MOJ02 29).
//
// proves: duty.doors guard.doors_asked guard.doors_minor guard.doors_restricted guard.doors_caucus guard.doors_secrets guard.doors_unopposed
func TestWhoMayBeAtASession(t *testing.T) {
	for _, kase := range doorCases {
		for _, mode := range []string{"joint", "caucus"} {
			for _, answer := range doorAnswers {
				for name, act := range map[string]func() (*play, Act){
					"schedule": func() (*play, Act) {
						m := Meeting{Place: "调解室", Mode: mode, Doors: answer}
						p := at(t, Assigned)
						m.At = p.now
						return p, Scheduling{m}
					},
					"resume": func() (*play, Act) {
						m := Meeting{Place: "调解室", Mode: mode, Doors: answer}
						p := at(t, Adjourned)
						m.At = p.now
						return p, Resumption{m}
					},
					"open_session": func() (*play, Act) {
						p := at(t, Scheduled)
						p.c.Sessions[0].Mode = mode
						a := opening(p)
						a.Doors = answer
						return p, a
					},
				} {
					p, doing := act()
					kase.spoil(p)
					if got := p.c.DoorsShut(); got != kase.shut {
						t.Fatalf("%s: shut for %q, want %q", kase.name, got, kase.shut)
					}
					events, err := p.try(RoleMediator, doing)
					got := fault(err)
					if last := len(p.c.Sessions) - 1; err == nil {
						got = p.c.Sessions[last].Doors
						if name == "open_session" {
							got = p.c.Sessions[last].OpenedDoors
						}
						if events[0].Codes["doors"] != got {
							t.Errorf("the history says %v of doors that are %s", events[0].Codes, got)
						}
					}
					if want := (answered{answer, kase.shut, mode}).want(); got != want {
						t.Errorf("%s, %s, %s, %+v: %s, want %s", kase.name, name, mode, answer, got, want)
					}
				}
			}
		}
	}
}

// openDoors is a case with a session planned open to others, or begun so.
func openDoors(t judge, begun bool) *play {
	p := at(t, Assigned)
	open := Doors{Openness: "open", Unopposed: true, NoSecrets: true}
	m := meeting(p)
	m.Doors = open
	p.do(RoleMediator, Scheduling{m})
	if begun {
		a := opening(p)
		a.Doors = open
		p.do(RoleMediator, a)
	}
	return p
}

// TestDoorsCloseByThemselves when what lets them be open is gone: at once, and for
// every session to come; a record that was written says what was.
func TestDoorsCloseByThemselves(t *testing.T) {
	for name, act := range map[string]func(*play) Act{
		"a party asks": func(*play) Act { return ClosedAsked{} },
		"a danger shows": func(*play) Act {
			return RiskFlag{Flag: "R3-MINOR", Facts: "孩子目睹"}
		},
	} {
		for _, begun := range []bool{false, true} {
			p := openDoors(t, begun)
			as := RoleResident
			if name != "a party asks" {
				as = RoleMediator
			}
			p.do(as, act(p))
			s := p.c.Sessions[0]
			if !begun && (s.Doors != statute.DoorsClosed || s.OpenedDoors != "") || begun && (s.Doors != statute.DoorsOpen || s.OpenedDoors != statute.DoorsClosed) {
				t.Errorf("%s, begun %v: planned %q, opened %q", name, begun, s.Doors, s.OpenedDoors)
			}
		}
	}
	p := openDoors(t, true).act(LogSession, AskClosed)
	if s := p.c.Sessions[0]; s.OpenedDoors != statute.DoorsOpen {
		t.Errorf("the record of an open session says %q", s.OpenedDoors)
	}
}

// TestClosedSessionsAreAskedFor by a party for itself, or by the office for the party
// it names, once, and the other side is not told who it was.
func TestClosedSessionsAreAskedFor(t *testing.T) {
	for _, r := range []row{
		// proves: act.ask_closed
		{name: "a party wants no others at the sessions", from: sinceRegister, as: RoleResident, start: func(t judge) *play { return at(t, Scheduled) },
			act: just(closedAsked), to: Scheduled, events: []string{"ask_closed scheduled>scheduled side=applicant"},
			then: func(t *testing.T, p *play) {
				if p.c.Parties[0].ClosedAskedAt.IsZero() || !p.c.Parties[1].ClosedAskedAt.IsZero() || !p.c.Offers(AskClosed) || p.c.OffersTo(p.actor(RoleResident), AskClosed) ||
					!p.c.OffersTo(p.actor(RoleCodeHolder), AskClosed) {
					t.Errorf("%+v", p.c.Parties)
				}
				all := func(string, Action) []Scope { return []Scope{ScopeOwnSide, ScopeShared} }
				if mine, theirs := p.c.For(p.actor(RoleResident), all), p.c.For(p.actor(RoleCodeHolder), all); mine.Parties[0].ClosedAskedAt.IsZero() || !theirs.Parties[0].ClosedAskedAt.IsZero() {
					t.Error("who asked is told to the other side, or kept from the one")
				}
				if p.act(AskClosed); p.c.Offers(AskClosed) {
					t.Error("offered when all have asked")
				}
			},
			refuses: []refusing{
				{why: "twice", spoil: func(p *play) { p.do(RoleResident, ClosedAsked{}) }, answer: "rule.closed_already"},
				{why: "for nobody here", as: RoleMediator, act: func(*play) Act { return ClosedAsked{Party: "id-999"} }, answer: "party=error.choice"},
			}},
	} {
		r.run(t)
	}
	p := at(t, Scheduled)
	p.do(RoleMediator, ClosedAsked{Party: p.side(Respondent)})
	if p.c.Parties[1].ClosedAskedAt.IsZero() {
		t.Error("noted for the wrong party")
	}
}
