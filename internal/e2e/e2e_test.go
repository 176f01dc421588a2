package e2e

import (
	"testing"
)

// house is the program and the browser that its stories share.
type house struct {
	*program
	*browser
}

// TestDoorstep starts the program once and lets people use it.
func TestDoorstep(t *testing.T) {
	b := startBrowser(t)
	h := &house{startProgram(t), b}
	for name, m := range map[string]manner{"by mouse": {script: true}, "without script": {}, "by keys alone": {script: true, keys: true}} {
		t.Run("a resident files and follows "+name, func(t *testing.T) { h.visitor(t, h.program, "resident", m).fileAndFollow() })
	}
	t.Run("a dispute goes from filing to closing, with an escalation on the way", func(t *testing.T) {
		h.office(t, manner{script: true, axe: true}).fromFilingToClosing()
	})
	t.Run("a dispute goes from filing to closing without script", func(t *testing.T) { h.office(t, manner{}).fromFilingToClosing() })
	t.Run("a dispute goes from filing to the court by keys alone", func(t *testing.T) {
		h.office(t, manner{script: true, keys: true}).fromFilingToCourt()
	})
	t.Run("both sides ask the court to confirm what they agreed on", func(t *testing.T) {
		h.office(t, manner{script: true}).fromFilingToConfirmation()
	})
	t.Run("a mediator adds a second step to his sign-in", h.secondStep)
	t.Run("the front pages hold no barrier", h.front)
	t.Run("no page holds a barrier for", h.everywhere)
	t.Run("every page was looked at", h.nothingLeft)
}
