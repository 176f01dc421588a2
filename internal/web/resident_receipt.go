package web

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"doorstep/internal/account"
	"doorstep/internal/casework"
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// The receipt waits for its reader sealed in the database; the browser holds only
// a random key to it. A code never stands in an address or in a cookie.
const (
	receiptCookie = "doorstep-receipt"
	receiptForm   = "receipt"
)

// slip is a receipt until its reader has put it away.
type slip struct {
	Case     mediation.CaseID
	Number   string
	Code     string // grouped; "" when it can no longer be shown
	Due      time.Time
	User     mediation.UserID // who may see it; "" for whoever came without an account
	Session  bool             // a visit by code was opened with it, and it is shown only while that lasts
	Again    bool             // the filing had already been taken
	Recorded bool             // made for somebody at the window or on the phone
	Renewed  bool             // a new code in place of an old one
	Kept     int              // photos laid to the case
	Faults   []fileFault
}

// mine says whether the asker is the one the receipt was made for. Leaving or
// signing out takes it off a screen that others come to.
func (s *Site) mine(c echo.Context, r slip) (bool, error) {
	switch {
	case r.User != "":
		return actor(c).User == r.User, nil
	case r.Session:
		holder, err := s.byCode(c) // also when an account is signed in beside it
		return holder.Code != nil && holder.Code.Case == r.Case, err
	}
	return !actor(c).SignedIn(), nil
}

// slipOf makes the receipt of a filing and opens the way to it: a visitor gets
// the short visit his new code opens, whoever is signed in has his own.
// Whatever fails here is no fault of the filing, which stands already.
func (s *Site) slipOf(c echo.Context, who mediation.Actor, r casework.Receipt) (slip, mediation.Actor) {
	out := slip{Case: r.Case, Number: r.IntakeNumber, Code: r.Code, Again: r.Again, User: who.User}
	reader := who
	if !who.SignedIn() {
		reader = s.enterByCode(c, r.Code)
		out.Session = reader.Code != nil
	}
	out.Due = s.answerDue(c, reader, r.Case)
	return out, reader
}

// enterByCode opens the short visit of a code just given; without one the actor
// is nobody.
func (s *Site) enterByCode(c echo.Context, code string) mediation.Actor {
	if code == "" {
		return mediation.Actor{}
	}
	ctx := c.Request().Context()
	token, err := s.Accounts.OpenNew(ctx, code)
	if err != nil {
		s.Log.Warn("no visit opened with a new code", "request_id", requestID(c), "cause", err)
		return mediation.Actor{}
	}
	a, err := s.Accounts.CodeActor(ctx, token)
	if err != nil {
		s.Log.Warn("no visit opened with a new code", "request_id", requestID(c), "cause", err)
		return mediation.Actor{}
	}
	s.setCookie(c, codeCookie, token)
	return a
}

// answerDue is when the committee says at the latest whether it accepts (D-01);
// zero when the reader cannot be told.
func (s *Site) answerDue(c echo.Context, reader mediation.Actor, id mediation.CaseID) time.Time {
	if reader.Code == nil && !reader.SignedIn() {
		return time.Time{}
	}
	v, err := s.Desk.Case(c.Request().Context(), reader, id)
	if err != nil {
		return time.Time{}
	}
	if clock := v.Case.Clock(statute.D01Acceptance); clock != nil {
		return clock.Due
	}
	return time.Time{}
}

// layPhotos lays the photos of a filing to its case and notes their faults on the
// receipt.
func (s *Site) layPhotos(c echo.Context, r *slip, reader mediation.Actor, pictures studio, photos []*multipart.FileHeader) {
	if len(photos) == 0 {
		return
	}
	if reader.Code == nil && !reader.SignedIn() {
		for _, h := range photos {
			r.Faults = append(r.Faults, fileFault{Name: fileName(h.Filename), Key: "file.later"})
		}
		return
	}
	leaveTurn(c) // pictures wait for the studio
	var err error
	r.Kept, r.Faults, err = s.layFiles(c.Request().Context(), laying{by: reader, id: r.Case, pictures: pictures}, photos)
	if err != nil {
		s.Log.Warn("photos of a filing not kept", "request_id", requestID(c), "cause", err)
	}
}

// giveReceipt leads to the receipt.
func (s *Site) giveReceipt(c echo.Context, r slip) error {
	body, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("web: receipt: %w", err)
	}
	token := rand.Text()
	if err := s.Drafts.SaveDraft(c.Request().Context(), token, receiptForm, string(body), s.Wall()); err != nil {
		return err
	}
	s.setCookie(c, receiptCookie, token)
	return c.Redirect(http.StatusSeeOther, "/receipt")
}

// receiptPage shows a receipt for reading, writing down and printing.
type receiptPage struct {
	Page
	slip
	Groups []string // of the code, four digits each
	Steps  []helpPart
	Lost   []Fact // photos that were not kept, and why
	Go     string // where the case is followed
}

// receipt reads the receipt that waits for the asker; nil for none.
func (s *Site) receipt(c echo.Context) (*slip, error) {
	token := s.cookie(c, receiptCookie)
	if token == "" {
		return nil, nil //nolint:nilnil // nothing waits
	}
	body, at, err := s.Drafts.Draft(c.Request().Context(), token, receiptForm)
	if err != nil || body == "" || s.Wall().Sub(at) > account.CodeSessionLife {
		return nil, err
	}
	r := &slip{}
	if err := json.Unmarshal([]byte(body), r); err != nil {
		return nil, fmt.Errorf("web: read a receipt: %w", err)
	}
	if own, err := s.mine(c, *r); err != nil || !own {
		return nil, err // somebody else's at this screen
	}
	return r, nil
}

// showReceipt shows the receipt until it is put away or its visit ends, so that a
// page closed by mistake loses nothing. Only now is the draft dropped: had the
// answer to the filing been lost on the way, the same form would have led here.
func (s *Site) showReceipt(c echo.Context) error {
	r, err := s.receipt(c)
	if err != nil {
		return err
	}
	if r == nil {
		return s.noReceipt(c)
	}
	form := filingDraft
	if r.Recorded {
		form = recordDraft
	}
	if owner := draftOwner(c); owner != "" && !r.Renewed {
		if err := s.Drafts.DropDraft(c.Request().Context(), owner, form); err != nil {
			return err
		}
	}
	p := receiptPage{Page: s.page(c), slip: *r, Groups: strings.Fields(r.Code), Go: r.follow()}
	p.Title, p.Steps = p.T("resident.receipt_title"), helpParts(p.Page, "resident.way")
	if r.Renewed {
		p.Title = p.T("resident.receipt_renewed")
	}
	for _, f := range r.Faults {
		p.Lost = append(p.Lost, Fact{Label: f.Name, Value: f.text(p.Page, s.Upload)})
	}
	return s.show(c, http.StatusOK, "resident/receipt", p)
}

// follow is where the reader of the receipt sees the case.
func (r slip) follow() string {
	if r.User != "" {
		return casePath(r.Case, "")
	}
	if r.Session {
		return "/my-case"
	}
	return "/follow"
}

// noReceipt leads to where a case is followed: there is no second look at a
// receipt.
func (s *Site) noReceipt(c echo.Context) error {
	to := "/follow"
	switch {
	case actor(c).Code != nil:
		to = "/my-case"
	case actor(c).SignedIn():
		to = "/desk"
	}
	return c.Redirect(http.StatusSeeOther, to)
}

// putReceiptAway forgets the code once its reader says he has it.
func (s *Site) putReceiptAway(c echo.Context) error {
	r, err := s.receipt(c)
	if err != nil {
		return err
	}
	if token := s.cookie(c, receiptCookie); token != "" {
		if err := s.Drafts.DropDraft(c.Request().Context(), token, receiptForm); err != nil {
			return err
		}
		s.setCookie(c, receiptCookie, "")
	}
	if r == nil {
		return s.noReceipt(c)
	}
	return c.Redirect(http.StatusSeeOther, r.follow())
}
