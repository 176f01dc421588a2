package web

import (
	"strings"

	"github.com/labstack/echo/v4"

	"doorstep/internal/mediation"
)

// upkeepTrouble tells an administrator what the program should have done by
// itself and did not. The cause is a system's own words and stands where its
// keeper looks: in the log and in doctor.
func (s *Site) upkeepTrouble(c echo.Context, p Page) ([]Notice, error) {
	if len(s.Scheduled) == 0 {
		return nil, nil
	}
	trouble, err := s.Office.Trouble(c.Request().Context(), p.Actor, s.Scheduled)
	var notices []Notice
	told := map[string]bool{}
	for _, u := range trouble {
		if told[u.Kind] {
			continue // another target of the same kind
		}
		told[u.Kind] = true
		text := p.T("office.upkeep.never")
		if u.Good != nil {
			text = p.T("office.upkeep.since", "when", p.DateTime(*u.Good))
		}
		notices = append(notices, Notice{Tone: ToneAlarm, Title: p.T("office.upkeep." + u.Kind), Text: text + p.T("office.upkeep.look", "command", "doorstep doctor")})
	}
	return notices, err
}

// mailTrouble tells for whom mails were given up and what waits for the server.
func (s *Site) mailTrouble(c echo.Context, p Page) ([]OfficePart, error) {
	if !s.Mail {
		return nil, nil
	}
	lost, waiting, err := s.Office.MailTrouble(c.Request().Context(), p.Actor)
	if err != nil {
		return nil, err
	}
	var parts []OfficePart
	if waiting.Count > 0 {
		parts = append(parts, OfficePart{Notice: &Notice{Tone: ToneAlarm, Title: p.T("office.mail.waiting", "n", countText(waiting.Count)),
			Text: p.T("office.mail.since", "when", p.DateTime(*waiting.Since)) + p.T("office.mail.why."+faultWord(waiting.Fault)) +
				p.T("office.mail.look", "command", "doorstep doctor")}})
	}
	if len(lost) == 0 {
		return parts, nil
	}
	t := &Table{Head: []string{p.T("office.mail.to"), p.T("office.mail.given_up"), p.T("office.mail.why"), p.T("office.mail.last")}}
	for _, m := range lost {
		to := Cell{Text: p.T("office.mail.somebody")}
		if m.User != "" {
			to = Cell{Text: m.Name, URL: personURL(mediation.UserID(m.User), "")}
		}
		t.Rows = append(t.Rows, []Cell{to, {Text: countText(m.Count), Number: true}, {Text: p.T("office.mail.why." + faultWord(m.Fault))}, {Text: p.DateTime(m.Last)}})
	}
	return append(parts, OfficePart{Title: p.T("office.mail.lost"), Text: p.T("office.mail.lost_text"), Table: t}), nil
}

// faultWord names the reason a mail was not taken by who can do something: the
// address, the mail server, or the line to it.
func faultWord(fault string) string {
	switch {
	case strings.HasPrefix(fault, "smtp 5"):
		return "refused"
	case strings.HasPrefix(fault, "smtp "):
		return "later"
	}
	return "away"
}
