package office_test

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"doorstep/internal/mediation"
	"doorstep/internal/office"
	"doorstep/internal/place"
	"doorstep/internal/statute"
	"doorstep/internal/vault"
)

func TestANewAccountHasAOneTimePasswordAndNoRight(t *testing.T) {
	h := open(t)
	id, password, err := h.office.AddUser(h.ctx, h.admin, office.NewUser{Username: " Li.Na ", Name: "李娜", Phone: "138 1234 5678"})
	h.must(err)
	if !regexp.MustCompile(`^([a-z2-7]{4}-){2}[a-z2-7]{4}$`).MatchString(password) {
		t.Errorf("password %q is not one to read out", password)
	}
	p, err := h.office.Person(h.ctx, h.admin, id)
	h.must(err)
	if p.Username != "li.na" || !p.MustChange || !p.Verified || p.PhoneMask != "138****5678" || len(p.Roles) != 0 || p.Mediator != nil {
		t.Errorf("stored: %+v", p)
	}
	var hash string
	var sealed []byte
	h.must(h.raw.QueryRowContext(h.ctx, `SELECT password_hash, phone_sealed FROM users WHERE id = $1`, string(id)).Scan(&hash, &sealed))
	if ok, _, err := vault.NewHasher(vault.TestKeys()).CheckPassword(h.ctx, hash, password); err != nil || !ok {
		t.Errorf("the password shown does not open the account: %v", err)
	}
	if bytes.Contains(sealed, []byte("13812345678")) {
		t.Error("the phone stands in the open")
	}
	for _, line := range []string{`SELECT count(*) FROM office_events WHERE codes::text LIKE '%138%' OR codes::text LIKE '%李%' OR codes::text LIKE '%' || $1 || '%'`} {
		if n := h.count(line, password); n != 0 {
			t.Error("the history holds what is personal or secret")
		}
	}
}

func TestWhatANewAccountNeeds(t *testing.T) {
	h := open(t)
	_, _, err := h.office.AddUser(h.ctx, h.admin, office.NewUser{Username: "李娜", Name: "", Phone: "12"})
	h.wantFields(err, map[string]string{"username": "error.username", "name": "error.required", "phone": "error.phone"})
	_, _, err = h.office.AddUser(h.ctx, h.admin, office.NewUser{Username: "13812345678", Name: "李娜"})
	h.wantFields(err, map[string]string{"username": "error.username"})
	h.user("lina")
	_, _, err = h.office.AddUser(h.ctx, h.admin, office.NewUser{Username: "LINA", Name: "另一个李娜"})
	h.wantFields(err, map[string]string{"username": "error.username_taken"})
	_, _, err = h.office.AddUser(h.ctx, h.admin, office.NewUser{Username: "one", Name: "甲", Phone: "13812345678"})
	h.must(err)
	_, _, err = h.office.AddUser(h.ctx, h.admin, office.NewUser{Username: "two", Name: "乙", Phone: "138-1234-5678"})
	h.wantFields(err, map[string]string{"phone": "error.phone_taken"})
}

func TestEachRoleNamesItsOwnKindOfPlace(t *testing.T) {
	h := open(t)
	area := h.community()
	grid, err := h.office.AddArea(h.ctx, h.admin, place.Area{Parent: string(area), Kind: place.Grid, Name: "第一网格", Code: "g1"})
	h.must(err)
	committee := h.committee(area)
	court, err := h.office.AddCourt(h.ctx, h.admin, office.Court{Area: area, Name: "拱墅区人民法院"})
	h.must(err)
	granted := 0
	for _, role := range mediation.Roles {
		all := office.NewGrant{Role: role, Committee: committee, Area: area, Court: court}
		if office.PlaceOf(role) == office.AtGrid {
			all.Area = grid
		}
		all.User = h.user("u" + strings.ReplaceAll(string(role), "_", "-"))
		bare := office.NewGrant{User: all.User, Role: role}
		_, err := h.office.Grant(h.ctx, h.admin, bare)
		field := map[office.PlaceKind]string{office.AtCommittee: "committee", office.AtArea: "area", office.AtGrid: "area", office.AtCourt: "court", "": "role"}
		h.wantFields(err, map[string]string{field[office.PlaceOf(role)]: "error.choose"})

		g, err := h.office.Grant(h.ctx, h.admin, all)
		if office.PlaceOf(role) == "" {
			h.wantFields(err, map[string]string{"role": "error.choose"})
			continue
		}
		h.must(err)
		granted++
		one := 0
		for _, set := range []bool{g.Committee != "", g.Area != "", g.Court != ""} {
			if set {
				one++
			}
		}
		if one != 1 {
			t.Errorf("%s names %d places: %+v", role, one, g)
		}
	}
	if granted != 10 {
		t.Errorf("%d roles were granted, want the ten of decision 12", granted)
	}
	_, err = h.office.Grant(h.ctx, h.admin, office.NewGrant{Username: "ugrid-worker", Role: mediation.RoleGridWorker, Area: area})
	h.wantFields(err, map[string]string{"area": "error.grid_needed"})
}

func TestAGrantIsNotGivenTwiceNorToNobody(t *testing.T) {
	h := open(t)
	committee := h.committee(h.community())
	h.user("lina")
	n := office.NewGrant{Username: " LiNa ", Role: mediation.RoleMediator, Committee: committee}
	_, err := h.office.Grant(h.ctx, h.admin, n)
	h.must(err)
	_, err = h.office.Grant(h.ctx, h.admin, n)
	h.wantKind(err, mediation.Conflict, "error.grant_exists")
	n.Username = "nobody"
	_, err = h.office.Grant(h.ctx, h.admin, n)
	h.wantFields(err, map[string]string{"username": "error.no_such_user"})
	members, err := h.office.Members(h.ctx, h.admin, committee)
	h.must(err)
	if len(members) != 1 || members[0].UserName != "某lina" || !members[0].Holds() {
		t.Errorf("members: %+v", members)
	}
}

func TestFromTheSecondAdminOnAGrantTakesTwo(t *testing.T) {
	h := open(t)
	area := h.community()
	committee := h.committee(area)
	second := h.secondAdmin(area)
	user := h.user("lina")
	g, err := h.office.Grant(h.ctx, h.admin, office.NewGrant{User: user, Role: mediation.RoleChair, Committee: committee})
	h.must(err)
	if g.Holds() {
		t.Fatal("one of two administrators granted alone")
	}
	h.wantKind(h.office.ConfirmGrant(h.ctx, h.admin, g.ID), mediation.Forbidden, "office.confirm_own")
	waiting, err := h.office.Unconfirmed(h.ctx, second)
	h.must(err)
	if len(waiting) != 1 || waiting[0].ID != g.ID || waiting[0].GrantedByName != "首任管理员" {
		t.Errorf("waiting: %+v", waiting)
	}
	if p, err := h.office.Person(h.ctx, h.admin, user); err != nil || len(p.Roles) != 0 {
		t.Errorf("a grant that waits counts as a role: %+v, %v", p, err)
	}
	h.must(h.office.ConfirmGrant(h.ctx, second, g.ID))
	h.wantKind(h.office.ConfirmGrant(h.ctx, second, g.ID), mediation.NotFound, "error.not_found")
	if p, err := h.office.Person(h.ctx, h.admin, user); err != nil || !slices.Equal(p.Roles, []string{"chair"}) {
		t.Errorf("roles after the confirmation: %+v, %v", p, err)
	}
	h.wantHistory("add_area", "set_up_committee", "add_user", "grant", "add_user", "grant", "confirm_grant")
}

func TestOneOfTwoAdminsCannotPutTheOtherOut(t *testing.T) {
	h := open(t)
	area := h.community()
	second := h.secondAdmin(area)
	grantOf := func(a mediation.Actor) string {
		p, err := h.office.Person(h.ctx, h.admin, a.User)
		h.must(err)
		return p.Grants[0].ID
	}
	h.wantKind(h.office.EndGrant(h.ctx, h.admin, grantOf(second)), mediation.Conflict, "office.keep_two_admins")
	h.wantKind(h.office.DisableUser(h.ctx, h.admin, second.User, false), mediation.Conflict, "office.keep_two_admins")
	_, err := h.office.ResetLink(h.ctx, h.admin, second.User)
	h.wantKind(err, mediation.Forbidden, "office.reset_admin")

	h.must(h.office.EndGrant(h.ctx, second, grantOf(second))) // whoever leaves ends his own
	h.wantKind(h.office.EndGrant(h.ctx, h.admin, grantOf(h.admin)), mediation.Conflict, "office.last_admin")
	h.wantKind(h.office.DisableUser(h.ctx, h.admin, h.admin.User, false), mediation.Conflict, "office.last_admin")
}

func TestOfThreeAdminsOneMayBePutOut(t *testing.T) {
	h := open(t)
	area := h.community()
	second := h.secondAdmin(area)
	third := h.user("third")
	g, err := h.office.Grant(h.ctx, h.admin, office.NewGrant{User: third, Role: mediation.RoleAdmin, Area: area})
	h.must(err)
	h.must(h.office.ConfirmGrant(h.ctx, second, g.ID))
	h.must(h.office.DisableUser(h.ctx, h.admin, third, false))
	h.must(h.office.EnableUser(h.ctx, h.admin, third))
	if p, err := h.office.Person(h.ctx, h.admin, third); err != nil || len(p.Roles) != 0 {
		t.Errorf("opening the account gave the right back, by one person: %+v, %v", p, err)
	}
}

func TestAnAdminAloneAgainConfirmsWhatWaited(t *testing.T) {
	h := open(t)
	area := h.community()
	committee := h.committee(area)
	second := h.secondAdmin(area)
	g, err := h.office.Grant(h.ctx, h.admin, office.NewGrant{User: h.user("lina"), Role: mediation.RoleMediator, Committee: committee})
	h.must(err)
	p, err := h.office.Person(h.ctx, second, second.User)
	h.must(err)
	h.must(h.office.EndGrant(h.ctx, second, p.Grants[0].ID))
	h.must(h.office.ConfirmGrant(h.ctx, h.admin, g.ID))
}

func TestAStoppedAccountIsSignedOutAtOnce(t *testing.T) {
	h := open(t)
	committee := h.committee(h.community())
	user := h.user("lina")
	_, err := h.office.Grant(h.ctx, h.admin, office.NewGrant{User: user, Role: mediation.RoleMediator, Committee: committee})
	h.must(err)
	h.exec(`INSERT INTO sign_ins (id, user_id, token_digest, created_at, seen_at, expires_at) VALUES ($1, $1, '\x01', $2, $2, $3)`, user, noon, noon.AddDate(0, 0, 1))
	_, err = h.office.ResetLink(h.ctx, h.admin, user)
	h.must(err)

	h.must(h.office.DisableUser(h.ctx, h.admin, user, false))

	if n := h.count(`SELECT count(*) FROM sign_ins WHERE revoked_at IS NULL`); n != 0 {
		t.Error("he is still signed in")
	}
	if n := h.count(`SELECT count(*) FROM one_time_links WHERE used_at IS NULL`); n != 0 {
		t.Error("a link to a new password still works")
	}
	_, err = h.office.ResetLink(h.ctx, h.admin, user)
	h.wantKind(err, mediation.Conflict, "office.user_disabled")
	_, err = h.office.Grant(h.ctx, h.admin, office.NewGrant{User: user, Role: mediation.RoleChair, Committee: committee})
	h.wantKind(err, mediation.Conflict, "office.user_disabled")

	h.must(h.office.EnableUser(h.ctx, h.admin, user))
	if p, err := h.office.Person(h.ctx, h.admin, user); err != nil || p.DisabledAt != nil || !slices.Equal(p.Roles, []string{"mediator"}) {
		t.Errorf("opened again: %+v, %v", p, err)
	}
	h.wantKind(h.office.DisableUser(h.ctx, h.admin, noSuch, false), mediation.NotFound, "error.not_found")
}

func TestTheResetLinkIsStoredByItsDigestAlone(t *testing.T) {
	h := open(t)
	user := h.user("lina")
	first, err := h.office.ResetLink(h.ctx, h.admin, user)
	h.must(err)
	token, err := h.office.ResetLink(h.ctx, h.admin, user)
	h.must(err)
	if n := h.count(`SELECT count(*) FROM one_time_links WHERE token_digest = $1 AND purpose = 'password' AND used_at IS NULL AND expires_at = $2`,
		vault.Digest(token), noon.Add(office.LinkLife)); n != 1 {
		t.Error("the link is not stored as it should be")
	}
	if n := h.count(`SELECT count(*) FROM one_time_links WHERE token_digest = $1 AND used_at IS NULL`, vault.Digest(first)); n != 0 {
		t.Error("the older link still works")
	}
}

func TestAMediatorsRecord(t *testing.T) {
	h := open(t)
	committee := h.committee(h.community())
	user := h.user("lina")
	good := office.MediatorRecord{User: user, Committee: committee, RegistrationNo: "拱司调〔2026〕12", RegisteredOn: statute.NewDate(2026, 1, 5),
		TermEnd: statute.NewDate(2029, 1, 4), FullTime: true, PartyMember: true, MaxCases: 20, Skills: "邻里、物业", Sex: "2", Schooling: "20"}
	h.must(h.office.RegisterMediator(h.ctx, h.admin, good))
	p, err := h.office.Person(h.ctx, h.admin, user)
	h.must(err)
	if p.Mediator == nil || *p.Mediator != good {
		t.Errorf("stored %+v, want %+v", p.Mediator, good)
	}
	for _, tt := range []struct {
		rule  string
		spoil func(*office.MediatorRecord)
		field string
	}{
		{"a committee is needed", func(m *office.MediatorRecord) { m.Committee = "" }, "committee"},
		{"the day of registration has a number", func(m *office.MediatorRecord) { m.RegistrationNo = "" }, "registration_no"},
		{"nobody is registered tomorrow", func(m *office.MediatorRecord) { m.RegisteredOn = statute.NewDate(2026, 5, 12) }, "registered_on"},
		{"a term ends after it began", func(m *office.MediatorRecord) { m.TermEnd = m.RegisteredOn }, "term_end"},
		{"the limit is not negative", func(m *office.MediatorRecord) { m.MaxCases = -1 }, "max_cases"},
		{"the limit has an end", func(m *office.MediatorRecord) { m.MaxCases = office.MaxCases + 1 }, "max_cases"},
		{"sex is a code of the list", func(m *office.MediatorRecord) { m.Sex = "0" }, "sex"},
		{"schooling is a code of the list", func(m *office.MediatorRecord) { m.Schooling = "大学" }, "schooling"},
		{"skills have an end", func(m *office.MediatorRecord) { m.Skills = strings.Repeat("调", 501) }, "skills"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			m := good
			tt.spoil(&m)
			if got := mediation.FieldsOf(h.office.RegisterMediator(h.ctx, h.admin, m)); got[tt.field] == "" || len(got) != 1 {
				t.Errorf("fields = %v, want %s alone", got, tt.field)
			}
		})
	}
	good.User = noSuch
	h.wantKind(h.office.RegisterMediator(h.ctx, h.admin, good), mediation.NotFound, "error.not_found")
}

func TestPeopleAreListedInPages(t *testing.T) {
	h := open(t)
	committee := h.committee(h.community())
	for i := range 35 {
		h.exec(`INSERT INTO users (id, username, name, password_hash, created_at) VALUES (gen_random_uuid(), $1, '居民', 'x', $2)`,
			fmt.Sprintf("r%02d", i), noon)
	}
	lina, _, err := h.office.AddUser(h.ctx, h.admin, office.NewUser{Username: "lina", Name: "李_娜", Phone: "13812345678"})
	h.must(err)
	_, err = h.office.Grant(h.ctx, h.admin, office.NewGrant{User: lina, Role: mediation.RoleMediator, Committee: committee})
	h.must(err)

	names := func(l office.UserList) (got []string, next string) {
		p, err := h.office.Users(h.ctx, h.admin, l)
		h.must(err)
		for _, u := range p.Users {
			got = append(got, u.Username)
		}
		return got, p.Next
	}
	if got, next := names(office.UserList{}); !slices.Equal(got, []string{"first", "lina"}) || next != "" {
		t.Errorf("people of the office: %v, next %q", got, next)
	}
	first, next := names(office.UserList{Everybody: true})
	rest, end := names(office.UserList{Everybody: true, After: next})
	all := slices.Concat(first, rest)
	if len(first) != 30 || len(all) != 37 || end != "" || !slices.IsSorted(all) || len(slices.Compact(all)) != 37 {
		t.Errorf("pages: %d and %d, next %q, then %q", len(first), len(rest), next, end)
	}
	for query, want := range map[string]int{"李_": 1, "_": 1, "%": 0, "lin": 1, "138 1234 5678": 1, "13812345679": 0, "居民": 30} {
		if got, _ := names(office.UserList{Everybody: true, Query: query}); len(got) != want {
			t.Errorf("search %q: %v, want %d", query, got, want)
		}
	}
}

func TestTheStepsLeadThroughSettingUp(t *testing.T) {
	h := open(t)
	wantNext := func(want office.StepID) {
		t.Helper()
		p, err := h.office.Progress(h.ctx, h.admin)
		h.must(err)
		if p.Next() != want {
			t.Errorf("next step is %q, want %q (%+v)", p.Next(), want, p)
		}
	}
	wantNext(office.StepArea)
	area := h.community()
	wantNext(office.StepCommittee)
	committee := h.committee(area)
	wantNext(office.StepPeople)
	user := h.user("lina")
	for _, role := range []mediation.Role{mediation.RoleChair, mediation.RoleCoordinator} { // one person, two hats
		wantNext(office.StepPeople)
		_, err := h.office.Grant(h.ctx, h.admin, office.NewGrant{User: user, Role: role, Committee: committee})
		h.must(err)
	}
	wantNext(office.StepMediators)
	_, err := h.office.Grant(h.ctx, h.admin, office.NewGrant{User: user, Role: mediation.RoleMediator, Committee: committee})
	h.must(err)
	wantNext(office.StepMediators)
	h.must(h.office.RegisterMediator(h.ctx, h.admin, office.MediatorRecord{User: user, Committee: committee, RegistrationNo: "1"}))
	wantNext(office.StepPoints)
	_, err = h.office.AddServicePoint(h.ctx, h.admin, place.ServicePoint{Area: string(area), Kind: place.LawSquare, Name: "法治广场", Address: "广场"})
	h.must(err)
	wantNext(office.StepSecondAdmin)
	h.secondAdmin(area)
	wantNext("")

	_, err = h.office.SetUpCommittee(h.ctx, h.admin, office.Committee{Area: area, Name: "柳园", ShortName: "柳园人调字", Kind: "community", Contacts: 3})
	h.must(err)
	p, err := h.office.Progress(h.ctx, h.admin)
	h.must(err)
	if p.Next() != office.StepPeople || len(p.Gaps) != 3 || p.Gaps[0].Name != "柳园" {
		t.Errorf("a second committee without people: next %q, gaps %+v", p.Next(), p.Gaps)
	}
}

func TestSecondFactorOfAnotherIsResetAndNoted(t *testing.T) {
	h := open(t)
	area := h.community()
	second := h.secondAdmin(area)
	for _, id := range []mediation.UserID{h.admin.User, second.User} {
		h.exec(`INSERT INTO second_factors (user_id, secret_sealed, confirmed_at) VALUES ($1, 'x', $2)`, id, noon)
	}
	h.wantKind(h.office.ResetFactor(h.ctx, h.admin, h.admin.User), mediation.Forbidden, "office.factor_self")
	h.wantKind(h.office.ResetFactor(h.ctx, mediation.Visitor(), second.User), mediation.Forbidden, "error.forbidden")
	h.must(h.office.ResetFactor(h.ctx, h.admin, second.User))
	h.wantKind(h.office.ResetFactor(h.ctx, h.admin, second.User), mediation.NotFound, "error.not_found")
	for id, want := range map[mediation.UserID]bool{h.admin.User: true, second.User: false} {
		if p, err := h.office.Person(h.ctx, h.admin, id); err != nil || p.FactorOn != want {
			t.Errorf("%s has a factor: %v, want %v (%v)", p.Username, p.FactorOn, want, err)
		}
	}
	lines, err := h.office.History(h.ctx, h.admin)
	h.must(err)
	if n := len(lines); n == 0 || lines[0].Action != "reset_factor" {
		t.Errorf("the last line of %d is %+v", n, lines[0])
	}
}

func TestSessionsOfAnotherAreEndedNotedAndTold(t *testing.T) {
	h := open(t)
	area := h.community()
	second := h.secondAdmin(area)
	h.exec(`INSERT INTO sign_ins (id, user_id, token_digest, created_at, seen_at, expires_at) VALUES ($1, $1, 'x', $2, $2, $3)`, second.User, noon, noon.AddDate(0, 0, 1))
	h.wantKind(h.office.EndSessions(h.ctx, mediation.Visitor(), second.User), mediation.Forbidden, "error.forbidden")
	h.wantKind(h.office.EndSessions(h.ctx, h.admin, "0197a000-0000-7000-8000-000000000000"), mediation.NotFound, "error.not_found")
	h.must(h.office.EndSessions(h.ctx, h.admin, second.User))
	var open, told int
	h.must(h.raw.QueryRowContext(h.ctx, `SELECT (SELECT count(*) FROM sign_ins WHERE revoked_at IS NULL),
		(SELECT count(*) FROM account_notices WHERE user_id = $1 AND kind = 'sessions_ended')`, string(second.User)).Scan(&open, &told))
	if open != 0 || told != 1 {
		t.Errorf("%d sessions live, told %d times", open, told)
	}
	lines, err := h.office.History(h.ctx, h.admin)
	h.must(err)
	if lines[0].Action != "end_sessions" {
		t.Errorf("the history says %+v", lines[0])
	}
}

func TestPersonIsToldOfTheLinkTheOfficeMade(t *testing.T) {
	h := open(t)
	user, _, err := h.office.AddUser(h.ctx, h.admin, office.NewUser{Username: "wang.er", Name: "王二"})
	h.must(err)
	_, err = h.office.ResetLink(h.ctx, h.admin, user)
	h.must(err)
	_, err = h.office.ResetLink(h.ctx, h.admin, h.admin.User) // one's own is no news
	h.must(err)
	var told int
	h.must(h.raw.QueryRowContext(h.ctx, `SELECT count(*) FROM account_notices WHERE kind = 'link_made'`).Scan(&told))
	if told != 1 {
		t.Errorf("told %d times", told)
	}
}
