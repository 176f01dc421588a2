package web

import (
	"bytes"
	"database/sql"
	"image"
	"image/color"
	"image/jpeg"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"doorstep/internal/account"
	"doorstep/internal/authz"
	"doorstep/internal/blob"
	"doorstep/internal/casework"
	"doorstep/internal/ledger"
	"doorstep/internal/mediation"
	"doorstep/internal/office"
	"doorstep/internal/pgtest"
	"doorstep/internal/postgres"
	"doorstep/internal/vault"
	"doorstep/policies"
)

// street is the whole site over a fresh database with one community, its
// committee, its clerk and its mediator; browsers come to it from the street.
type street struct {
	*hall
	area, committee string
	clerk           mediation.Actor
}

// ownPhone is the applicant's number in these stories; it must never reach the
// other side.
const ownPhone = "10012345678"

func openStreet(t *testing.T) *street {
	t.Helper()
	dsn, keys := pgtest.New(t), vault.TestKeys()
	db, err := postgres.Open(dsn.App, keys)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := sql.Open("postgres", dsn.App)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = db.Close(), raw.Close() })
	policy, err := authz.New(policies.Model, policies.Lines)
	if err != nil {
		t.Fatal(err)
	}
	blobs, err := blob.NewFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	const base = "http://localhost:8080"
	o := &hall{t: t, raw: raw, db: db, log: &bytes.Buffer{}, at: presentDay, h: vault.NewHasher(keys)}
	now, log := func() time.Time { return o.at }, NewLog(o.log, nil)
	offices := office.New(db, policy, o.h, now)
	o.site = &Site{Office: offices, Desk: casework.New(db, policy, keys, o.h, offices.Calendar, now), Ledger: ledger.New(db, policy, now),
		Accounts: account.New(db, policy, o.h, keys, now), Blobs: blobs, Drafts: db, Render: testRenderer(t), Can: policy.Can, Log: log,
		Now: now, Wall: now, BaseURL: base, Version: "test", Upload: 1 << 20}
	address, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	server, err := New(Options{Log: log, Now: time.Now, BaseURL: address, Classify: postgres.Classify})
	if err != nil {
		t.Fatal(err)
	}
	o.site.Mount(server)
	o.door = server.Handler()
	o.browser = o.browse("203.0.113.7")
	s := &street{hall: o, area: o.newID(), committee: o.newID()}
	s.settle()
	return s
}

// settle fills the street with what an office has set up.
func (s *street) settle() {
	s.t.Helper()
	s.exec(`INSERT INTO areas (id, kind, name, name_en, code, path) VALUES ($1, 'community', '榆园社区', 'Yuyuan', 'yy', 'yy/')`, s.area)
	s.exec(`INSERT INTO committees (id, area_id, name, short_name) VALUES ($1, $2, '榆园社区人民调解委员会', '榆园')`, s.committee, s.area)
	s.exec(`INSERT INTO service_points (id, area_id, committee_id, kind, name, address, phone, hours, services)
		VALUES ($1, $2, $3, 'mediation_station', '榆园调解工作站', '榆园路 1 号', '0571-81234567', '工作日 9:00–17:00', '')`, s.newID(), s.area, s.committee)
	s.clerk = s.staff("wang.clerk", "coordinator")
}

// staff registers somebody with one role at the committee.
func (s *street) staff(username, role string) mediation.Actor {
	s.t.Helper()
	id := s.register(username)
	s.exec(`INSERT INTO grants (id, user_id, role, committee_id, granted_at, confirmed_at) VALUES ($1, $2, $3, $4, $5, $5)`,
		s.newID(), string(id), role, s.committee, s.at)
	return mediation.Actor{User: id, Grants: []mediation.Grant{{Role: mediation.Role(role), Committee: mediation.CommitteeID(s.committee)}}}
}

// page asks for a page, which must be there and sound.
func (b *browser) page(target string) *goquery.Document {
	b.o.t.Helper()
	w := b.get(target)
	wantStatus(b.o.t, w, http.StatusOK)
	doc := document(b.o.t, w.Body.String())
	wantSound(b.o.t, w.Body.String())
	return doc
}

// filing is what a resident types at the least, under a key of its own.
func (s *street) filing(more ...string) url.Values {
	v := url.Values{"key": {formKey()}, "facts": {"楼上半夜弹玻璃珠，已经一个多月了"}, "area": {s.area}, "place": {"3 幢 402"}, "phone": {ownPhone}, "privacy": {"yes"}}
	for i := 0; i+1 < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return v
}

// shownCode is the receipt code as the page shows it.
func shownCode(doc *goquery.Document) string {
	var groups []string
	doc.Find(".receipt-code span").Each(func(_ int, g *goquery.Selection) { groups = append(groups, g.Text()) })
	return strings.Join(groups, " ")
}

// file sends a filing and gives its receipt code.
func (b *browser) file(v url.Values) string {
	b.o.t.Helper()
	wantTo(b.o.t, b.send(http.MethodPost, "/file", v), "/receipt")
	return shownCode(b.page("/receipt"))
}

// sent is one file of an upload.
type sent struct {
	name string
	data []byte
}

func (b *browser) upload(target string, v url.Values, files ...sent) *httptest.ResponseRecorder {
	b.o.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name := range v {
		if err := form.WriteField(name, v.Get(name)); err != nil {
			b.o.t.Fatal(err)
		}
	}
	for _, f := range files {
		part, err := form.CreateFormFile("photos", f.name)
		if err != nil {
			b.o.t.Fatal(err)
		}
		if _, err := part.Write(f.data); err != nil {
			b.o.t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		b.o.t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(b.o.t.Context(), http.MethodPost, target, &body)
	r.RemoteAddr = b.from + ":40000"
	r.Header.Set("Content-Type", form.FormDataContentType())
	b.carry(r)
	w := httptest.NewRecorder()
	b.o.door.ServeHTTP(w, r)
	b.keep(w)
	return w
}

// photograph is a small JPEG; the shade tells two of them apart.
func photograph(t *testing.T, shade uint8) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 32, 24))
	for i := range m.Pix {
		m.Pix[i] = shade
	}
	m.Set(1, 1, color.White)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// heic is the head of an iPhone's own format.
var heic = []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic")

// paperPDF is the least that passes for a PDF.
var paperPDF = []byte("%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")

// only is the id of the one case there is.
func (s *street) only() mediation.CaseID {
	s.t.Helper()
	if n := s.count(`SELECT count(*) FROM cases`); n != 1 {
		s.t.Fatalf("%d cases, want 1", n)
	}
	var id string
	if err := s.raw.QueryRowContext(s.t.Context(), `SELECT id FROM cases`).Scan(&id); err != nil {
		s.t.Fatal(err)
	}
	return mediation.CaseID(id)
}

// must does an act as somebody of the office.
func (s *street) must(a mediation.Actor, id mediation.CaseID, act mediation.Act) *mediation.Case {
	s.t.Helper()
	c, err := s.site.Desk.Do(s.t.Context(), a, id, 0, act)
	if err != nil {
		s.t.Fatalf("%s: %v", act.Action(), err)
	}
	return c
}

// asked brings the only case to where the other side is asked, and gives the
// link it gets.
func (s *street) asked() (id mediation.CaseID, other mediation.PartyID, link string) {
	s.t.Helper()
	id = s.only()
	c := s.must(s.clerk, id, &mediation.Registration{Title: "楼上噪音", Type: "02", Applicant: "陈阿芬", Respondent: "邵立", Request: "夜里安静", RiskScreen: true})
	other = c.Parties[1].ID
	s.must(s.clerk, id, &mediation.Question{ContactMade: mediation.ContactMade{Party: other, Means: "phone", Reached: true}})
	link, _, err := s.site.Desk.Invite(s.t.Context(), s.clerk, id, other)
	if err != nil {
		s.t.Fatal(err)
	}
	return id, other, link
}
