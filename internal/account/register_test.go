package account_test

import (
	"strings"
	"testing"
	"time"

	"doorstep/internal/account"
	"doorstep/internal/mediation"
)

func TestWhatAnAccountNeeds(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.register("taken.name")
	if _, err := o.Register(t.Context(), account.NewAccount{Name: "王二", Username: "wang.er", Phone: "13800138001", Password: good, Address: cafe}); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		rule       string
		spoil      func(*account.NewAccount)
		field, key string
	}{
		{"a name", func(n *account.NewAccount) { n.Name = "　" }, "name", "error.required"},
		{"a name of 60 characters at most", func(n *account.NewAccount) { n.Name = strings.Repeat("英", 61) }, "name", "error.person_name"},
		{"a name in one line", func(n *account.NewAccount) { n.Name = "李\n英" }, "name", "error.person_name"},
		{"a user name", func(n *account.NewAccount) { n.Username = "" }, "username", "error.required"},
		{"a user name of Latin letters", func(n *account.NewAccount) { n.Username = "李阿英" }, "username", "error.username"},
		{"a user name that is no phone", func(n *account.NewAccount) { n.Username = "13800138002" }, "username", "error.username"},
		{"a user name nobody has", func(n *account.NewAccount) { n.Username = "TAKEN.name" }, "username", "error.username_taken"},
		{"a phone that is one", func(n *account.NewAccount) { n.Phone = "12345" }, "phone", "error.phone"},
		{"a phone nobody has", func(n *account.NewAccount) { n.Phone = "138 0013 8001" }, "phone", "error.phone_taken"},
		{"a password", func(n *account.NewAccount) { n.Password = "" }, "password", "error.required"},
		{"ten characters", func(n *account.NewAccount) { n.Password = "青山绿水九个字啊呀" }, "password", "error.password_short"},
		{"1024 bytes at most", func(n *account.NewAccount) { n.Password = strings.Repeat("abcdefg ", 129) }, "password", "error.password_long"},
		{"not the user name", func(n *account.NewAccount) { n.Username, n.Password = "li.aying.home", "Li.Aying.Home" }, "password", "error.password_own"},
		{"not the user name twice", func(n *account.NewAccount) { n.Password = username + username }, "password", "error.password_own"},
		{"not the phone", func(n *account.NewAccount) { n.Phone, n.Password = "13800138009", "13800138009" }, "password", "error.password_own"},
		{"not a common one", func(n *account.NewAccount) { n.Password = "Password123!" }, "password", "error.password_common"},
		{"not a common one in disguise", func(n *account.NewAccount) { n.Password = "P@$$w0rd123" }, "password", "error.password_common"},
		{"not a Chinese habit", func(n *account.NewAccount) { n.Password = "woaini1314" }, "password", "error.password_common"},
		{"not in full width either", func(n *account.NewAccount) { n.Password = "ｗｏａｉｎｉ１３１４" }, "password", "error.password_common"},
		{"not a run", func(n *account.NewAccount) { n.Password = "bcdefghijkl" }, "password", "error.password_common"},
		{"not a run downwards", func(n *account.NewAccount) { n.Password = "kjihgfedcb" }, "password", "error.password_common"},
		{"not three characters only", func(n *account.NewAccount) { n.Password = "aabbccaabb" }, "password", "error.password_common"},
		{"not a piece repeated", func(n *account.NewAccount) { n.Password = "dog4dog4dog4" }, "password", "error.password_common"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			n := account.NewAccount{Name: "李阿英", Username: username, Password: good, Address: home + tt.rule}
			tt.spoil(&n)
			_, err := o.Register(t.Context(), n)
			wantField(t, err, tt.field, tt.key)
		})
	}
}

func TestPasswordsNeedNoComposition(t *testing.T) {
	t.Parallel()
	o := open(t)
	for i, password := range []string{"门前老槐树下乘凉的人们", "thirty white horses", "qwertz uiop asd", "1956年3月12日搬来"} {
		n := account.NewAccount{Name: "李阿英", Username: "li" + string(rune('a'+i)), Password: password, Address: home}
		if _, err := o.Register(t.Context(), n); err != nil {
			t.Errorf("%q: %v", password, err)
		}
	}
}

func TestResidentIsUnverifiedAndHasNoGrant(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.register(username)
	a, _, err := o.Actor(t.Context(), o.in(username))
	if err != nil || len(a.Grants) != 1 || a.Grants[0].Role != mediation.RoleResident {
		t.Errorf("actor %+v, %v; want a resident and nothing else", a, err)
	}
	p, err := o.Profile(t.Context(), a)
	if err != nil || p.Verified || p.Username != username {
		t.Errorf("profile %+v, %v; want unverified", p, err)
	}
	_, err = o.Profile(t.Context(), mediation.Visitor())
	wantKind(t, err, mediation.Unauthenticated, "error.unauthenticated")
}

func TestPhoneIsSealedAndMasked(t *testing.T) {
	t.Parallel()
	o := open(t)
	_, err := o.Register(t.Context(), account.NewAccount{Name: "李阿英", Username: username, Phone: "13800138000", Password: good, Address: home})
	if err != nil {
		t.Fatal(err)
	}
	a, _, err := o.Actor(t.Context(), o.in(username))
	if err != nil {
		t.Fatal(err)
	}
	if p, err := o.Profile(t.Context(), a); err != nil || p.PhoneMask != "138****8000" {
		t.Errorf("profile %+v, %v", p, err)
	}
	if n := o.ask(`SELECT count(*) FROM users u WHERE u::text LIKE '%13800138000%' OR position('13800138000'::bytea IN phone_sealed) > 0`); n != 0 {
		t.Error("the phone stands in the table")
	}
}

func TestTenRegistrationsAnHourFromOneAddress(t *testing.T) {
	t.Parallel()
	o := open(t)
	more := func(name, address string) error {
		_, err := o.Register(t.Context(), account.NewAccount{Name: "李阿英", Username: name, Password: good, Address: address})
		return err
	}
	for i := range 10 {
		if err := more("li"+string(rune('a'+i)), home); err != nil {
			t.Fatal(err)
		}
	}
	wantKind(t, more("one.more", home), mediation.TooMany, "error.wait")
	if err := more("one.more", cafe); err != nil {
		t.Errorf("another address: %v", err)
	}
	o.pass(time.Hour + time.Second)
	if err := more("yet.another", home); err != nil {
		t.Errorf("after the hour: %v", err)
	}
}

func TestChangingThePasswordEndsTheOtherSessions(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.register(username)
	desk, phone := o.in(username), o.in(username)
	me, here, err := o.Actor(t.Context(), desk)
	if err != nil {
		t.Fatal(err)
	}
	const fresh = "门前老槐树下乘凉的人们"
	change := func(current, password string) error {
		return o.ChangePassword(t.Context(), me, account.PasswordChange{Current: current, Password: password, Address: home, Keep: here.ID})
	}
	wantField(t, change("not the present one", fresh), "current", "error.password_current")
	wantField(t, change(good, good), "password", "error.password_unchanged")
	wantField(t, change(good, "woaini1314"), "password", "error.password_common")
	wantField(t, change("", ""), "current", "error.required")
	o.sql(`UPDATE users SET must_change = true`)
	if err := change(good, fresh); err != nil {
		t.Fatal(err)
	}
	if _, s, err := o.Actor(t.Context(), desk); err != nil || s.MustChange {
		t.Errorf("this session: %+v, %v", s, err)
	}
	_, _, err = o.Actor(t.Context(), phone)
	wantKind(t, err, mediation.Unauthenticated, "error.unauthenticated")
	_, err = o.signIn(username, good, home)
	wantKind(t, err, mediation.Invalid, "error.credentials")
	if _, err := o.signIn(username, fresh, home); err != nil {
		t.Error(err)
	}
	wantKind(t, o.ChangePassword(t.Context(), mediation.Actor{}, account.PasswordChange{}), mediation.Unauthenticated, "error.unauthenticated")
}

func TestPresentPasswordCannotBeGuessedAtAnOpenDesk(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.register(username)
	me, here, err := o.Actor(t.Context(), o.in(username))
	if err != nil {
		t.Fatal(err)
	}
	guess := func(current string) error {
		return o.ChangePassword(t.Context(), me, account.PasswordChange{Current: current, Password: "门前老槐树下乘凉的人们", Address: cafe, Keep: here.ID})
	}
	for range 5 {
		wantField(t, guess("not the present one"), "current", "error.password_current")
	}
	wantKind(t, guess(good), mediation.TooMany, "error.wait")
}
