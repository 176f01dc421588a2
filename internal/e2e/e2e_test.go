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
	t.Run("a resident files and follows by mouse", func(t *testing.T) { h.fileAndFollow(t, manner{script: true}) })
	t.Run("a resident files and follows without script", func(t *testing.T) { h.fileAndFollow(t, manner{}) })
	t.Run("a resident files and follows by keys alone", func(t *testing.T) { h.fileAndFollow(t, manner{script: true, keys: true}) })
	t.Run("a dispute goes from filing to closing, with an escalation on the way", func(t *testing.T) {
		h.fromFilingToClosing(t, manner{script: true, axe: true})
	})
	t.Run("a dispute goes from filing to the court without script", func(t *testing.T) { h.fromFilingToCourt(t, manner{}) })
	t.Run("the front pages hold no barrier", h.front)
	t.Run("English is English for", h.inEnglish)
}
