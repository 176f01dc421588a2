package mediation_test

import (
	"errors"
	"testing"
	"time"

	. "doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// A report reaches whom its law names: for violence against somebody without full
// capacity, for a minor and for a crime nobody but the police will do (ADVL 14;
// MPL 11; PML 25); for the rest the police or another authority (PML 25).
//
// proves: guard.police_first
func TestAReportReachesWhomTheLawNames(t *testing.T) {
	police := map[string]bool{"R3-DV-CAP": true, "R3-MINOR": true, "R3-CRIME": true}
	sets := [][]string{{"police"}, {"civil_affairs"}, {"subdistrict", "judicial_office"}, {"family", "police"}, {"womens_federation"}}
	for _, code := range statute.Codes(statute.RiskFlags) {
		for _, told := range sets {
			p := filed(t)
			p.do(RoleMediator, RiskFlag{Flag: code.Code, Facts: "看到伤痕"})
			a := riskReport(p)
			a.ToldTo = told
			_, err := p.try(RoleMediator, a)
			reached := !police[code.Code]
			for _, to := range told {
				reached = reached || to == "police"
			}
			rule, _ := statute.Risk(code.Code)
			switch {
			case reached && err != nil:
				t.Errorf("%s told to %v: %v", code.Code, told, err)
			case !reached && (fault(err) != "told_to=rule.police_first" || sourceOf(err) != rule.Source):
				t.Errorf("%s told to %v: %v from %q", code.Code, told, err, sourceOf(err))
			}
		}
	}
}

// The clock of the report ends when it was received, not when that was written
// down: told at once and noted in the evening is in time, noted at once of a call
// that came too late is not.
func TestAReportIsAsTimelyAsItWasReceived(t *testing.T) {
	for _, row := range []struct {
		received, noted time.Duration // after the danger was noted
		outcome         string
	}{
		{-20 * time.Minute, 10 * time.Minute, "met"}, // at the scene, before anything was written
		{10 * time.Minute, 10 * time.Minute, "met"},
		{59 * time.Minute, 9 * time.Hour, "met"},
		{60 * time.Minute, 9 * time.Hour, "met"},
		{61 * time.Minute, 9 * time.Hour, "late"},
		{9 * time.Hour, 9 * time.Hour, "late"},
	} {
		p := filed(t).act(RaiseRisk)
		a := riskReport(p)
		a.At = p.now.Add(row.received)
		p.now = p.now.Add(row.noted)
		p.do(RoleMediator, a)
		for _, d := range p.c.Deadlines {
			if d.Kind == statute.D04Report && (d.Outcome != row.outcome || d.Ended != p.now) {
				t.Errorf("received after %v, noted after %v: %s, ended %v", row.received, row.noted, d.Outcome, d.Ended)
			}
		}
		if r := p.c.Risks[0]; r.ReportedAt != a.At {
			t.Errorf("received at %v, kept %v", a.At, r.ReportedAt)
		}
	}
}

// A matter that is handed over for a crime or a mandatory report has its note of
// danger: that alone starts the clock and the paper of the report.
//
// proves: guard.danger_first
func TestNothingIsHandedOverWithoutItsDangerNoted(t *testing.T) {
	for _, flag := range []string{"", "R1", "R2-ESC", "R3-DV", "R3-CRIME", "R3-MINOR"} {
		for _, end := range []struct {
			as   Role
			make func(*play) Act
		}{
			{RoleChair, func(*play) Act {
				return Termination{Ending{Code: "T09", Reason: "涉嫌犯罪，已移交", Told: true}}
			}},
			{RoleMediator, func(*play) Act { return Failure{Ending{Code: "T09", Reason: "涉嫌犯罪，已移交", Told: true}} }},
		} {
			p := at(t, InMediation)
			if flag != "" {
				p.do(RoleMediator, RiskFlag{Flag: flag, Facts: "看到伤痕"})
			}
			_, err := p.try(end.as, end.make(p))
			if noted := flag != "" && flag != "R1"; noted != (err == nil) || !noted && KeyOf(err) != "rule.danger_first" {
				t.Errorf("T09 by %s after %q: %v", end.as, flag, err)
			}
		}
	}
}

// sourceOf is the article a refusal names.
func sourceOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Source
	}
	return ""
}
