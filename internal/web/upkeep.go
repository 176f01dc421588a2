package web

import "github.com/labstack/echo/v4"

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
