package web

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"doorstep/internal/mediation"
)

// What is kept of a post that nobody was signed in for.
const (
	keptForm = "kept"
	keptLife = time.Hour
	keptMost = 64 << 10 // bytes of the form
)

// kept is a post that waits for its sender. The user or party is whose session
// had just ended, when one had: on a shared machine nobody is offered what
// another typed.
type kept struct {
	Path   string
	Values url.Values
	User   mediation.UserID
	Party  mediation.PartyID
}

// readEarly reads a visitor's form before the handler does, so that it is still
// there when the handler refuses it.
func (s *Site) readEarly(c echo.Context) {
	r, a := c.Request(), actor(c)
	if r.Method != http.MethodPost || a.SignedIn() || a.Code != nil || r.ContentLength > keptMost || !isForm(r) {
		return
	}
	_ = r.ParseForm() // the handler meets the same error and answers it
}

func isForm(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && kind == "application/x-www-form-urlencoded"
}

func (s *Site) keep(c echo.Context) error {
	r, ctx := c.Request(), c.Request().Context()
	path := local(r.URL.RequestURI())
	if path == "" || len(r.PostForm) == 0 {
		return nil
	}
	k := kept{Path: path, Values: url.Values{}}
	for name, values := range r.PostForm {
		if !opensAccount(name) {
			k.Values[name] = values
		}
	}
	var err error
	if k.User, err = s.Accounts.Owner(ctx, s.cookie(c, sessionCookie)); err != nil {
		return err
	}
	if k.Party, err = s.Accounts.CodeOwner(ctx, s.cookie(c, codeCookie)); err != nil {
		return err
	}
	body, err := json.Marshal(k)
	if err != nil {
		return fmt.Errorf("web: keep a form: %w", err)
	}
	token := rand.Text()
	if err := s.Drafts.SaveDraft(ctx, token, keptForm, string(body), s.Wall()); err != nil {
		return err
	}
	s.setCookie(c, keptCookie, token)
	return nil
}

// opensAccount says whether a field holds what opens an account or a case.
func opensAccount(name string) bool {
	return strings.Contains(name, "password") || name == "current" || name == "code"
}

func isFiles(r *http.Request) bool { return r.MultipartForm != nil }

func sortedNames(v url.Values) []string { return slices.Sorted(maps.Keys(v)) }

// waiting is the post kept for whoever has just come in; nil for none.
func (s *Site) waiting(c echo.Context, a mediation.Actor) (*kept, error) {
	token := s.cookie(c, keptCookie)
	if token == "" {
		return nil, nil //nolint:nilnil // nothing waits
	}
	body, at, err := s.Drafts.Draft(c.Request().Context(), token, keptForm)
	if err != nil || body == "" || s.Wall().Sub(at) > keptLife {
		return nil, err
	}
	k := &kept{}
	if err := json.Unmarshal([]byte(body), k); err != nil {
		return nil, fmt.Errorf("web: read a kept form: %w", err)
	}
	if !k.belongs(a) {
		return nil, s.forget(c)
	}
	return k, nil
}

// belongs says whether the actor may see what was typed: it is his own, or that
// of a browser nobody had come in with.
func (k *kept) belongs(a mediation.Actor) bool {
	if a.Code != nil {
		return forCode(k.Path) && k.Party == a.Code.Party
	}
	return a.SignedIn() && !forCode(k.Path) && (k.User == "" || k.User == a.User)
}

// forget drops what was kept.
func (s *Site) forget(c echo.Context) error {
	token := s.cookie(c, keptCookie)
	if token == "" {
		return nil
	}
	s.setCookie(c, keptCookie, "")
	return s.Drafts.DropDraft(c.Request().Context(), token, keptForm)
}

// keptPage offers what was typed before somebody had to sign in.
type keptPage struct {
	Page
	Form  Form
	Typed []string // the beginnings of what was typed, to recognise it by
	Drop  Action
}

// showKept gives the form back once: afterwards it is only in the browser.
func (s *Site) showKept(c echo.Context) error {
	k, err := s.waiting(c, actor(c))
	if err != nil {
		return err
	}
	if k == nil {
		return c.Redirect(http.StatusSeeOther, "/desk")
	}
	p := keptPage{Page: s.page(c), Form: Form{Action: k.Path}, Drop: Action{URL: "/kept/end", Post: true, Kind: ActionQuiet}}
	p.Form.Submit, p.Drop.Label = p.T("account.kept_send"), p.T("account.kept_drop")
	for name, values := range k.Values {
		for _, v := range values {
			p.Form.Fields = append(p.Form.Fields, Field{Name: name, Kind: FieldHidden, Value: v})
			if line, ok := excerpt(v); ok {
				p.Typed = append(p.Typed, line)
			}
		}
	}
	slices.SortFunc(p.Form.Fields, func(a, b Field) int { return strings.Compare(a.Name, b.Name) })
	slices.Sort(p.Typed)
	if err := s.forget(c); err != nil {
		return err
	}
	return s.show(c, http.StatusOK, "account/kept", p)
}

// excerpt is the beginning of a value a person wrote; ids and chosen words of
// the form are none.
func excerpt(v string) (string, bool) {
	if _, err := uuid.Parse(v); err == nil || utf8.RuneCountInString(v) < 4 {
		return "", false
	}
	r := []rune(v)
	if len(r) > 80 {
		return string(r[:80]) + "……", true
	}
	return v, true
}

func (s *Site) dropKept(c echo.Context) error {
	if err := s.forget(c); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/desk")
}
