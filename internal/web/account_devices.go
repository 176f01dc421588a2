package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"doorstep/internal/account"
	"doorstep/internal/mediation"
)

// devicePage is one's own account.
type devicePage struct {
	Page
	Facts    Facts
	Devices  []device
	Others   int
	Mail     bool
	Declares bool // somebody of the office, who declares what may ask for a recusal

	Happened []happening
	Unseen   int
}

type happening struct {
	Text, At string
	New      bool
}

type device struct {
	Name, Address, Since, Seen string
	Here                       bool
	End                        Action
}

func (s *Site) showAccount(c echo.Context) error {
	ctx, a := c.Request().Context(), actor(c)
	profile, err := s.Accounts.Profile(ctx, a)
	if err != nil {
		return err
	}
	list, err := s.Accounts.List(ctx, a)
	if err != nil {
		return err
	}
	p := devicePage{Page: s.page(c), Others: len(list) - 1, Mail: s.Mail, Declares: s.Can(a, "declaration", "declare")}
	checked := "account.unverified"
	if profile.Verified {
		checked = "account.verified"
	}
	p.Facts = Facts{[]Fact{
		{Label: p.T("account.name"), Value: profile.Name, Note: p.T(checked)},
		{Label: p.T("account.username"), Value: profile.Username},
		{Label: p.T("account.phone"), Value: profile.PhoneMask, Missing: profile.PhoneMask == "", Masked: profile.PhoneMask != ""},
		emailFact(p.Page, profile),
		{Label: p.T("account.roles"), Value: strings.Join(roleNames(p.Page, a), p.T("account.and"))},
	}}
	wall := p.Page
	wall.Now = s.Wall() // devices live in real time, also in a demonstration
	for _, in := range list {
		p.Devices = append(p.Devices, device{Name: in.Device, Address: in.Address, Since: wall.DateTime(in.CreatedAt),
			Seen: wall.DateTime(in.SeenAt), Here: in.ID == session(c).ID,
			End: Action{Label: p.T("account.end_device"), URL: "/account/devices/" + in.ID + "/end", Icon: "log-out", Post: true}})
	}
	happened, err := s.Accounts.Happenings(ctx, a)
	if err != nil {
		return err
	}
	for _, h := range happened {
		name := h.Device
		if name == "" {
			name = p.T("account.device_unknown")
		}
		p.Happened = append(p.Happened, happening{Text: p.T("account.happened_"+h.Kind, "device", name, "address", h.Address),
			At: wall.DateTime(h.At), New: !h.Seen})
	}
	p.Unseen = session(c).Unseen
	return s.show(c, http.StatusOK, "account/show", p)
}

func emailFact(p Page, profile account.Profile) Fact {
	f := Fact{Label: p.T("account.email"), Value: profile.EmailMask, Missing: profile.EmailMask == "", Masked: profile.EmailMask != ""}
	switch {
	case profile.EmailMask == "":
	case profile.EmailConfirmed:
		f.Note = p.T("account.email_good")
	default:
		f.Note = p.T("account.email_waiting")
	}
	return f
}

func roleNames(p Page, a mediation.Actor) []string {
	var names []string
	for _, g := range a.Grants {
		if name := p.Role(g.Role); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

func (s *Site) endDevice(c echo.Context) error {
	if err := s.Accounts.Revoke(c.Request().Context(), actor(c), c.Param("device")); err != nil {
		return err
	}
	return s.done(c, "/account", "device_ended")
}

func (s *Site) endDevices(c echo.Context) error {
	if _, err := s.Accounts.RevokeAll(c.Request().Context(), actor(c), session(c).ID); err != nil {
		return err
	}
	return s.done(c, "/account", "devices_ended")
}

// endEverywhere signs the actor out of every device, this one too.
func (s *Site) endEverywhere(c echo.Context) error {
	if _, err := s.Accounts.RevokeAll(c.Request().Context(), actor(c), ""); err != nil {
		return err
	}
	s.setCookie(c, sessionCookie, "")
	if err := s.forget(c); err != nil {
		return err
	}
	return s.done(c, s.wayOut(c), "signed_out_everywhere")
}

func (s *Site) seeHappenings(c echo.Context) error {
	if err := s.Accounts.SeeHappenings(c.Request().Context(), actor(c)); err != nil {
		return err
	}
	return s.done(c, "/account", "happenings_seen")
}
