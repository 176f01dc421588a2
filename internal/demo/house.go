package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"doorstep/internal/casework"
	"doorstep/internal/docket"
	"doorstep/internal/mediation"
	"doorstep/internal/office"
	"doorstep/internal/paper"
	"doorstep/internal/place"
	"doorstep/internal/postgres"
	"doorstep/internal/statute"
	"doorstep/templates"
)

// House is the office of the demonstration with its clock, in which stories are
// played. It is not safe for concurrent use: it has one clock.
type House struct {
	Deps
	Desk *casework.Desk // at the house's clock
	// Watch, when set, sees every case after every act of a story, with the
	// story's name: tests look on at each step.
	Watch func(story string, c *mediation.Case, act mediation.Action)

	office     *office.Office
	docket     *docket.Docket
	admin      mediation.Actor
	now        time.Time
	round      time.Time // when the docket looks next
	areas      map[string]mediation.AreaID
	paths      map[string]string // area paths by the area's short name
	committees map[string]mediation.CommitteeID
	court      mediation.CourtID
	actors     map[string]mediation.Actor
	cases      map[string]mediation.CaseID
	codes      map[string]string
}

// Open sets the office up in an empty database and opens the house on the
// morning before the first story.
func Open(ctx context.Context, d Deps) (*House, error) {
	h := &House{Deps: d, now: time.Date(2026, 4, 1, 9, 0, 0, 0, statute.Shanghai),
		areas: map[string]mediation.AreaID{}, paths: map[string]string{}, committees: map[string]mediation.CommitteeID{},
		actors: map[string]mediation.Actor{}, cases: map[string]mediation.CaseID{}, codes: map[string]string{}}
	h.office = office.New(d.DB, d.Policy, d.Hasher, h.Now)
	words, err := paper.LoadWording(templates.FS)
	if err != nil {
		return nil, err
	}
	h.Desk = casework.New(d.DB, d.Policy, d.Keys, d.Hasher, h.office.Calendar, h.Now).Wording(words)
	h.docket = docket.New(d.DB, h.Desk, d.Log, h.Now)
	for _, step := range []func(context.Context) error{h.people, h.places, h.rights, h.secondPair} {
		if err := step(ctx); err != nil {
			return nil, fmt.Errorf("demo: open the office: %w", err)
		}
	}
	h.now = time.Date(2026, 5, 11, 8, 0, 0, 0, statute.Shanghai)
	h.round = time.Date(2026, 5, 12, 0, 10, 0, 0, statute.Shanghai)
	return h, nil
}

// Now is the house's clock.
func (h *House) Now() time.Time { return h.now }

// Actor is a person of the cast by name, with the grants he signs in with.
func (h *House) Actor(name string) mediation.Actor { return h.actors[name] }

// Case is the case a story is about; "" before it is told.
func (h *House) Case(story string) mediation.CaseID { return h.cases[story] }

// Code is the receipt code that the filing of a story was answered with.
func (h *House) Code(story string) string { return h.codes[story] }

// Committee is a committee of the house by its short name, such as "榆园".
func (h *House) Committee(short string) mediation.CommitteeID { return h.committees[short] }

// Court is the one court of the house.
func (h *House) Court() mediation.CourtID { return h.court }

// people makes every account at once, under one hash: a hash is slow on purpose,
// and here all know the password.
func (h *House) people(ctx context.Context) error {
	hash, err := h.Hasher.HashPassword(ctx, Password)
	if err != nil {
		return err
	}
	admins := []actorCard{{username: "xiewenbo", name: firstAdmin}, {username: "fangxiaolan", name: secondAdmin}}
	return h.DB.InTx(ctx, func(tx postgres.Tx) error {
		for i, p := range append(append(admins, staff()...), residents()...) {
			id := mediation.UserID(newID())
			err := tx.InsertAccount(ctx, postgres.Account{ID: id, Username: p.username, Name: p.name, Phone: phoneOf(i), PasswordHash: hash,
				Verified: len(p.jobs) > 0, CreatedAt: h.now})
			if err != nil {
				return err
			}
			h.actors[p.name] = mediation.Actor{User: id, Name: p.name, Grants: []mediation.Grant{{Role: mediation.RoleResident}}}
		}
		h.admin = h.actors[firstAdmin]
		h.admin.Grants = append(h.admin.Grants, mediation.Grant{Role: mediation.RoleAdmin})
		h.actors[firstAdmin] = h.admin
		return tx.InsertFirstAdmin(ctx, newID(), newID(), h.admin.User, h.now)
	})
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }

// places draws the tree of areas and sets the committees, the court and the
// service points into it.
func (h *House) places(ctx context.Context) error {
	for _, p := range plots() {
		id, err := h.office.AddArea(ctx, h.admin, p.area(h.areas[p.above]))
		if err != nil {
			return fmt.Errorf("area %s: %w", p.short, err)
		}
		h.areas[p.short], h.paths[p.short] = id, place.PathUnder(h.above(p), p.code)
	}
	for _, c := range bodies() {
		short := string(c.Area)
		c.Area = h.areas[short]
		id, err := h.office.SetUpCommittee(ctx, h.admin, c)
		if err != nil {
			return fmt.Errorf("committee %s: %w", c.Name, err)
		}
		h.committees[short] = id
	}
	court, err := h.office.AddCourt(ctx, h.admin, office.Court{Area: h.areas[atDistrict], Name: theCourt})
	if err != nil {
		return err
	}
	h.court = court
	for _, p := range points() {
		p.Area, p.Committee = string(h.areas[p.Area]), string(h.committees[p.Committee])
		if _, err := h.office.AddServicePoint(ctx, h.admin, p); err != nil {
			return fmt.Errorf("point %s: %w", p.Name, err)
		}
	}
	return nil
}

func (h *House) above(p plot) *place.Area {
	if p.above == "" {
		return nil
	}
	return &place.Area{Path: h.paths[p.above]}
}

// rights grants everybody of the offices what he does there, and puts the
// mediators on the bureau's list.
func (h *House) rights(ctx context.Context) error {
	for _, p := range staff() {
		for _, j := range p.jobs {
			if err := h.grant(ctx, p.name, j); err != nil {
				return fmt.Errorf("right of %s: %w", p.name, err)
			}
		}
		if p.mediates == nil {
			continue
		}
		l := p.mediates
		err := h.office.RegisterMediator(ctx, h.admin, office.MediatorRecord{User: h.actors[p.name].User,
			Committee: h.committees[p.jobs[0].place], RegistrationNo: l.number, RegisteredOn: statute.NewDate(2025, 3, 1),
			TermEnd: statute.NewDate(2028, 2, 29), FullTime: l.fullTime, PartyMember: l.party, LegalAdvisor: l.law, MaxCases: l.mostAtATime,
			Skills: l.skills, Sex: l.sex, Schooling: l.schooling})
		if err != nil {
			return fmt.Errorf("mediator %s: %w", p.name, err)
		}
	}
	return nil
}

func (h *House) grant(ctx context.Context, name string, j job) error {
	actor := h.actors[name]
	_, err := h.office.Grant(ctx, h.admin, office.NewGrant{User: actor.User, Role: j.role, Committee: h.committees[j.place],
		Area: h.areas[j.place], Court: h.court})
	if err != nil {
		return err
	}
	g := mediation.Grant{Role: j.role}
	switch office.PlaceOf(j.role) {
	case office.AtCommittee:
		g.Committee = h.committees[j.place]
	case office.AtCourt:
		g.Court = h.court
	case office.AtArea, office.AtGrid:
		g.AreaPath = h.paths[j.place]
	}
	actor.Grants = append(actor.Grants, g)
	h.actors[name] = actor
	return nil
}

// secondPair makes the second administrator, after whom a right needs two; one
// waits for that second pair of eyes, so that the desk shows what it means.
func (h *House) secondPair(ctx context.Context) error {
	if err := h.grant(ctx, secondAdmin, job{mediation.RoleAdmin, atDistrict}); err != nil {
		return err
	}
	_, err := h.office.Grant(ctx, h.admin, office.NewGrant{User: h.actors["汤云"].User, Role: mediation.RoleAssistant,
		Committee: h.committees[atYuyuan]})
	return err
}

// bureau is one committee with the people who work there.
type bureau struct {
	area         mediation.AreaID
	clerk, chair mediation.Actor
	uncle        mediation.Actor // 党员老娘舅
	advisor      mediation.Actor // a mediator with legal training
	third        mediation.Actor // a further mediator
	grid         mediation.Actor
	counsel      mediation.Actor // invited with the parties' consent
	legal        mediation.Actor // of the judicial office above
}

func (h *House) yuyuan() bureau {
	return bureau{h.areas[atYuyuan], h.actors["李娜"], h.actors["王秀兰"], h.actors["陈国栋"], h.actors["严文清"], h.actors["顾巧云"],
		h.actors["周斌"], h.actors["顾明"], h.actors["罗正"]}
}

func (h *House) fengqiao() bureau {
	return bureau{h.areas[atFengqiao], h.actors["周敏"], h.actors["沈国强"], h.actors["高永福"], h.actors["傅静"], h.actors["施建华"],
		h.actors["毛蓉"], h.actors["许文"], h.actors["罗正"]}
}

func (h *House) liuxi() bureau {
	return bureau{h.areas[atLiuxi], h.actors["贺梅"], h.actors["贺梅"], h.actors["余大海"], h.actors["金芳"], h.actors["余大海"],
		h.actors["唐磊"], h.actors["丁兰"], h.actors["邱韵"]}
}
