package main

import (
	"bytes"
	"crypto/rand"
	"database/sql"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/pquerna/otp/totp"

	"doorstep/internal/config"
	"doorstep/internal/demo"
	"doorstep/internal/ink"
	"doorstep/internal/postgres"
)

// What the canary test plants. Each stands for one kind of thing that is sealed or
// hashed; none is met by chance.
var planted = map[string]string{
	"ID number":      "990000196606060064",
	"birth date":     "1966-06-06", // as the ID number has it
	"amiss":          "1966-06-16", // typed for it and refused
	"phone":          "10077331199",
	"own phone":      "10077331188",
	"account phone":  "10077331177",
	"exact address":  "鹭鸶弄 91 号 7 单元 2604 室",
	"bank account":   "6222991177335599113",
	"private talk":   "鹤鸣私下说心里其实只想听一声道歉",
	"danger noted":   "左肘青紫三处据其小姑电话告知",
	"danger handled": "已请雁门派出所上门并安排去姐姐家暂住",
	"password":       "鸬鹚捕鱼在三更-7391",
	"unsent draft":   "还没想好要不要写上鹈鹕的事",
	"wrong password": "鸳鸯戏水猜错了-1",
	"mail address":   "pelican.7391@example.cn",
	"paper":          "此信只给调解员看：鸵鸟蛋二十四枚",
	"drawn name":     "137,291 731,517 913,119 351,467 229,83",
}

// control stands in a column that is not sealed: what finds it is able to find.
const control = "白鹳筑巢于烟囱顶端"

// visitor is somebody at a browser.
type visitor struct {
	t      *testing.T
	url    string
	client *http.Client
}

func visit(t *testing.T, base string) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t, base, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

func (v *visitor) do(method, path, kind string, body io.Reader, want int) *goquery.Document {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), method, v.url+path, body)
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	w, err := v.client.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer w.Body.Close()
	doc, err := goquery.NewDocumentFromReader(w.Body)
	if err != nil || w.StatusCode != want {
		v.t.Fatalf("%s %s: %d, want %d; %v: %s", method, path, w.StatusCode, want, err, strings.Join(strings.Fields(doc.Find("main").Text()), " "))
	}
	return doc
}

func (v *visitor) get(path string) *goquery.Document {
	v.t.Helper()
	return v.do(http.MethodGet, path, "", http.NoBody, http.StatusOK)
}

func (v *visitor) post(path string, want int, pairs ...string) *goquery.Document {
	v.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return v.do(http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()), want)
}

// act sends the form of an act as it stands on its page, with the pairs typed in.
func (v *visitor) act(path string, pairs ...string) {
	v.t.Helper()
	bare, _, _ := strings.Cut(path, "?")
	page := v.get(path)
	var filled []string
	for _, box := range page.Find(`main form[method="post"]`).First().Find("input, textarea, select").EachIter() {
		name, value := box.AttrOr("name", ""), box.AttrOr("value", "")
		_, checked := box.Attr("checked")
		switch kind := box.AttrOr("type", ""); {
		case name == "" || kind == "file" || (kind == "checkbox" || kind == "radio") && !checked:
			continue
		case goquery.NodeName(box) == "textarea":
			value = strings.TrimPrefix(box.Text(), "\n")
		case goquery.NodeName(box) == "select":
			value = box.Find("option[selected]").AttrOr("value", "")
		}
		filled = append(filled, name, value)
	}
	v.post(bare, http.StatusSeeOther, append(filled, pairs...)...)
}

// scene is a demonstration's office that really serves, with the canaries set out.
type scene struct {
	t       *testing.T
	environ []string
	data    string
	temp    string
	server  *running
	raw     *sql.DB
	found   map[string]string // what was made on the way and must not be met either
}

func (s *scene) one(statement string, values ...any) (text string) {
	s.t.Helper()
	if err := s.raw.QueryRowContext(s.t.Context(), statement, values...).Scan(&text); err != nil {
		s.t.Fatalf("%s: %v", statement, err)
	}
	return text
}

func openScene(t *testing.T) *scene {
	t.Helper()
	s := &scene{t: t, temp: t.TempDir(), found: map[string]string{}}
	t.Setenv("TMPDIR", s.temp)
	s.environ = append(quietEnv(t), "DOORSTEP_SECOND_FACTOR=off", "DOORSTEP_LOG_LEVEL=debug",
		"DOORSTEP_SMTP_HOST=127.0.0.1:9", "DOORSTEP_SMTP_TLS=none", "DOORSTEP_SMTP_FROM=tiaojie@example.cn") // nobody answers: what is tried is logged
	s.data = strings.TrimPrefix(s.environ[0], "DOORSTEP_DATA=")
	if got := run(t, s.environ, "migrate"); got.code != 0 {
		needPostgres(t, got.errout)
		t.Fatalf("%+v", got)
	}
	s.inside(func(h house) { furnish(t, h, 0, "摔倒", "工伤") })
	s.server = serve(t, s.environ)
	at, err := beside(config.Config{Data: s.data})
	if err != nil {
		t.Fatal(err)
	}
	if s.raw, err = sql.Open("postgres", at.owner); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.raw.Close() })
	return s
}

// inside opens the installation as the commands do, for a while.
func (s *scene) inside(do func(house)) {
	s.t.Helper()
	p := &program{Main: Main{Environ: s.environ, Now: time.Now, Random: rand.Reader}, ctx: s.t.Context(), stdout: io.Discard, stderr: io.Discard,
		sources: config.Sources{Environ: s.environ, ReadFile: os.ReadFile}}
	_, h, done, err := p.strongroom()
	if err != nil {
		s.t.Fatal(err)
	}
	do(h)
	if err := done(); err != nil {
		s.t.Fatal(err)
	}
}

// file files a dispute with a paper, and keeps the receipt code and the cookie.
func (s *scene) file(resident *visitor) (caseID string) {
	s.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	key := resident.get("/file").Find(`input[name="key"]`).AttrOr("value", "")
	for name, value := range map[string]string{"key": key, "facts": "楼道里的事", "area": s.one(`SELECT area_id FROM committees WHERE short_name = '榆园人调字'`),
		"place": control, "phone": planted["own phone"], "name": "鹤鸣", "privacy": "yes"} {
		if err := form.WriteField(name, value); err != nil {
			s.t.Fatal(err)
		}
	}
	part, err := form.CreateFormFile("photos", "信.pdf")
	if err == nil {
		_, err = part.Write([]byte("%PDF-1.4\n1 0 obj<<>>endobj\n% " + planted["paper"] + "\ntrailer<<>>\n%%EOF\n"))
	}
	if err != nil || form.Close() != nil {
		s.t.Fatal(err)
	}
	resident.do(http.MethodPost, "/file", form.FormDataContentType(), &body, http.StatusSeeOther)
	var groups []string
	for _, g := range resident.get("/receipt").Find(".receipt-code span").EachIter() {
		groups = append(groups, g.Text())
	}
	if len(groups) != 6 {
		s.t.Fatalf("receipt code: %v", groups)
	}
	s.found["receipt code"], s.found["receipt code in groups"] = strings.Join(groups, ""), strings.Join(groups, " ")
	base, err := url.Parse(s.server.url)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, c := range resident.client.Jar.Cookies(base) {
		s.found["cookie "+c.Name] = c.Value
	}
	return s.one(`SELECT id FROM cases WHERE place = $1`, control)
}

// register makes an account with a second factor, a mail address and a draft.
func (s *scene) register(v *visitor) {
	s.t.Helper()
	v.post("/register", http.StatusSeeOther, "name", "雁南", "username", "yan.nan", "phone", planted["account phone"],
		"password", planted["password"], "password_again", planted["password"])
	v.post("/account/second-factor/new", http.StatusSeeOther, "current", planted["password"])
	secret := strings.ReplaceAll(v.get("/account/second-factor").Find(".secret-text").Text(), " ", "")
	code, err := totp.GenerateCode(secret, time.Now())
	if err != nil || len(secret) != 32 {
		s.t.Fatal(secret, err)
	}
	s.found["authenticator key"] = secret
	w := v.post("/account/second-factor/confirmation", http.StatusCreated, "code", code)
	for i, c := range w.Find(".codes code").EachIter() {
		s.found["recovery code "+string(rune('a'+i))] = c.Text()
	}
	v.do(http.MethodPost, "/drafts/file", "application/x-www-form-urlencoded", strings.NewReader("facts="+url.QueryEscape(planted["unsent draft"])), http.StatusNoContent)
}

// play sets the canaries out: through pages, as the people whose work it is.
func (s *scene) play() {
	s.t.Helper()
	resident, clerk, mediator := visit(s.t, s.server.url), visit(s.t, s.server.url), visit(s.t, s.server.url)
	id := s.file(resident)
	s.register(visit(s.t, s.server.url))
	clerk.post("/sign-in", http.StatusUnprocessableEntity, "login", "lina", "password", planted["wrong password"])
	clerk.post("/sign-in", http.StatusSeeOther, "login", "lina", "password", demo.Password)
	at := "/cases/" + id
	party := s.one(`SELECT id FROM case_parties WHERE case_id = $1`, id)
	clerk.post(at+"/party-details", http.StatusUnprocessableEntity, "party", party, "side", "applicant", "capacity", "adult", "name", "鹤鸣",
		"id_number", planted["ID number"], "birth", planted["amiss"])
	clerk.act(at+"/party-details?party="+party, "sensitive", "1", "side", "applicant", "capacity", "adult", "name", "鹤鸣", "phone", planted["phone"],
		"id_number", planted["ID number"], "address", planted["exact address"], "bank_account", planted["bank account"])
	for what, name := range map[string]string{"phone": "phone", "id_number": "ID number", "birth": "birth date", "address": "exact address", "bank_account": "bank account"} {
		page := clerk.post(at+"/parties/"+party+"/identity", http.StatusOK, "what", what, "reason", "核对")
		if got := page.Find(".secret-text").Text(); got != planted[name] {
			s.t.Errorf("the %s comes back as %q", name, got)
		}
	}
	clerk.act(at+"/risks", "flag", "R3-DV", "facts", planted["danger noted"], "measures", planted["danger handled"])
	chair := visit(s.t, s.server.url)
	chair.post("/sign-in", http.StatusSeeOther, "login", "wangxiulan", "password", demo.Password)
	if text := chair.get(at).Find("main").Text(); !strings.Contains(text, planted["danger noted"]) || !strings.Contains(text, planted["danger handled"]) {
		s.t.Error("the chair does not read the note of danger")
	}
	for _, word := range []string{"phone", "exact address", "ID number", "danger noted"} {
		clerk.get("/cases?q=" + url.QueryEscape(planted[word]))
	}
	mediator.post("/sign-in", http.StatusSeeOther, "login", "chenguodong", "password", demo.Password)
	slip := s.one(`SELECT id FROM cases WHERE title = '超市门口滑倒受伤'`)
	mediator.act("/cases/"+slip+"/caucus-notes", "party", s.one(`SELECT id FROM case_parties WHERE case_id = $1 AND side = 'applicant'`, slip), "text", planted["private talk"])
	if text := mediator.get("/cases/" + slip).Find("main").Text(); !strings.Contains(text, planted["private talk"]) {
		s.t.Error("the mediator does not read his own note")
	}
	helped := s.one(`SELECT id FROM cases WHERE title = '帮忙搬家受伤'`)
	mediator.act("/cases/"+helped+"/agreement/revision", "law_checked", "yes", "third_checked", "yes", "free_will", "yes",
		"obligations[0].due", time.Now().AddDate(0, 1, 0).Format("2006-01-02")) // all are to sign anew
	mediator.act("/cases/"+helped+"/agreement/signature", "party", s.one(`SELECT id FROM case_parties WHERE case_id = $1 AND side = 'applicant'`, helped),
		"how", "in_person", "agreed", "yes", "drawing", planted["drawn name"])
	name, err := ink.Parse(planted["drawn name"])
	if err != nil {
		s.t.Fatal(err)
	}
	picture, err := name.PNG()
	if err != nil {
		s.t.Fatal(err)
	}
	if n := s.one(`SELECT count(*) FROM signatures WHERE case_id = $1 AND voided_at IS NULL AND image_digest <> ''`, helped); n != "1" {
		s.t.Fatalf("%s drawn names were kept", n)
	}
	s.found["its picture"] = string(picture[len(picture)/2:])
	mediator.post("/account/email", http.StatusSeeOther, "email", planted["mail address"], "current", demo.Password)
}

// tables is every row of every table, as a dump writes them.
func (s *scene) tables() []byte {
	s.t.Helper()
	var text bytes.Buffer
	line := func(row []*string) error {
		for _, v := range row {
			if v != nil {
				text.WriteString(*v + "\t")
			}
		}
		return text.WriteByte('\n')
	}
	s.inside(func(h house) {
		err := h.DB.InTx(s.t.Context(), func(tx postgres.Tx) error {
			if err := tx.Snapshot(s.t.Context()); err != nil {
				return err
			}
			all, err := tx.Tables(s.t.Context())
			for _, t := range all {
				if err == nil {
					err = tx.EachRow(s.t.Context(), t, line)
				}
			}
			return err
		})
		if err != nil {
			s.t.Fatal(err)
		}
	})
	return text.Bytes()
}

// TestNothingSealedIsMetOutside plants values of every sealed kind through the
// pages of a running server and then looks where a thief would: in a dump of all
// tables with the search's, in the database's files and its WAL after a checkpoint,
// in the log and in the folder for temporary files. Files that people laid to a
// case are kept as they are and are found in their own folder only.
func TestNothingSealedIsMetOutside(t *testing.T) {
	s := openScene(t)
	s.play()
	dump := s.tables()
	if code := s.server.end(); code != 0 { // PostgreSQL writes a checkpoint as it stops
		t.Fatalf("the server ended with %d: %s", code, s.server.err)
	}
	everything := map[string]string{"control": control}
	for _, m := range []map[string]string{planted, s.found} {
		for name, v := range m {
			everything[name] = v
		}
	}
	f := newFinder(everything)
	only := func(where string, names []string, want string) {
		t.Helper()
		if got := strings.Join(names, ", "); got != want {
			t.Errorf("%s holds %q, want %q", where, got, want)
		}
	}
	only("the dump", f.in(dump), "control")
	only("the search's table", f.in([]byte(s.searchOf(dump))), "control")
	only("the log", f.in([]byte(s.server.err.String()+s.server.out.String())), "")
	if lines := strings.Count(s.server.err.String(), "\n"); lines < 20 {
		t.Errorf("the log has %d lines: nothing was logged", lines)
	}
	found, n := f.under(t, s.data, filepath.Join(s.data, "files"))
	for name, paths := range found {
		if name != "control" {
			t.Errorf("%s stands in %v", name, paths)
		}
	}
	wal := func(path string) bool { return strings.Contains(path, "pg_wal") }
	if p := found["control"]; len(p) < 2 || !anyOf(p, wal) || !anyOf(p, func(path string) bool { return strings.Contains(path, "/base/") }) {
		t.Errorf("what is not sealed was found in %v, want tables and WAL", p)
	}
	kept, _ := f.under(t, filepath.Join(s.data, "files"))
	if len(kept) != 1 || len(kept["paper"]) != 1 {
		t.Errorf("the folder of files holds %v, want the paper alone", kept)
	}
	left, _ := f.under(t, s.temp, s.data)
	if len(left) > 0 {
		t.Errorf("temporary files hold %v", left)
	}
	t.Logf("%d values looked for in a dump of %d KB and %d MB of files; the control in %d of them", len(everything), len(dump)>>10, n>>20, len(found["control"]))
}

func anyOf(list []string, is func(string) bool) bool {
	for _, s := range list {
		if is(s) {
			return true
		}
	}
	return false
}

// searchOf is the part of the dump the search reads: its lines hold the control.
func (s *scene) searchOf(dump []byte) string {
	s.t.Helper()
	var lines []string
	for line := range strings.Lines(string(dump)) {
		if strings.Contains(line, "{") && strings.Contains(line, control) {
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 {
		s.t.Error("the search knows no place of the case")
	}
	return strings.Join(lines, "")
}
