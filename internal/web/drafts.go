package web

import (
	"crypto/rand"
	"io"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"doorstep/internal/mediation"
)

// draftCookie is a browser's own key for what a visitor types without an account.
const draftCookie = "doorstep-draft"

// maxDraft bounds what is kept of one form, in bytes.
const maxDraft = 64 << 10

// draftRoutes keep long forms while they are typed.
func (s *Site) draftRoutes() []route {
	return []route{{http.MethodPost, "/drafts/*", s.saveDraft, "public", ""}}
}

// draftOwner is whose drafts these are: the account's, else the browser's.
func draftOwner(c echo.Context) string {
	if a := actor(c); a.SignedIn() {
		return "user:" + string(a.User)
	}
	cookie, err := c.Cookie(draftCookie)
	if err != nil || len(cookie.Value) < 20 {
		return ""
	}
	return "browser:" + cookie.Value
}

// keepDrafts gives a visitor's browser a key of its own, so that what he types
// can be kept; the form must be drawn with it.
func (s *Site) keepDrafts(c echo.Context) {
	if draftOwner(c) != "" {
		return
	}
	cookie := &http.Cookie{Name: draftCookie, Value: rand.Text(), Path: "/", MaxAge: 30 * 24 * 60 * 60, HttpOnly: true,
		SameSite: http.SameSiteLaxMode, Secure: s.secure()}
	c.SetCookie(cookie)
	c.Request().AddCookie(cookie)
}

// saveDraft keeps a form as it is typed. A draft belongs to whoever typed it and
// changes nothing of any case, so it needs no right; without an owner there is
// nobody to keep it for.
func (s *Site) saveDraft(c echo.Context) error {
	key := strings.TrimPrefix(c.Request().URL.Path, "/drafts/")
	owner := draftOwner(c)
	if owner == "" || key == "" || len(key) > 120 {
		return &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
	}
	body, err := io.ReadAll(io.LimitReader(c.Request().Body, maxDraft+1))
	if err != nil {
		return &mediation.Error{Kind: mediation.Invalid, Key: "error.bad_request", Err: err}
	}
	if typed := c.Request().PostForm; len(body) == 0 && len(typed) > 0 {
		body = []byte(typed.Encode()) // a visitor's form was read before, see readEarly
	}
	if len(body) > maxDraft {
		return echo.ErrStatusRequestEntityTooLarge
	}
	if err := s.Drafts.SaveDraft(c.Request().Context(), owner, key, string(body), s.Wall()); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
