package demo

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"
)

// Play tells the stories of these names side by side, each act at its own hour:
// what happens on Tuesday in one is done before what happens on Wednesday in
// another, so numbers are drawn in the order of days and the docket, which looks
// in the small hours of every day, finds the same house as in life.
func (h *House) Play(ctx context.Context, names ...string) error {
	var voices []*voice
	defer func() {
		for _, v := range voices {
			v.stop()
		}
	}()
	for _, name := range names {
		s, err := find(name)
		if err != nil {
			return err
		}
		v := h.voice(ctx, s)
		voices = append(voices, v)
		if err := v.step(); err != nil {
			return err
		}
	}
	for {
		v := earliest(voices)
		if v == nil {
			return nil
		}
		if v.at.Before(h.now) {
			return fmt.Errorf("demo: story %s goes back from %s to %s", v.tale.name, h.now, v.at)
		}
		if err := h.until(ctx, v.at); err != nil {
			return err
		}
		if err := v.step(); err != nil {
			return err
		}
	}
}

// until lets the clock run to a moment; the docket does its rounds on the way.
func (h *House) until(ctx context.Context, moment time.Time) error {
	for !h.round.After(moment) {
		h.now = h.round
		if _, err := h.docket.RunOnce(ctx); err != nil {
			return fmt.Errorf("demo: docket of %s: %w", h.round.Format(time.DateOnly), err)
		}
		h.round = h.round.AddDate(0, 0, 1)
	}
	h.now = moment
	return nil
}

// voice is a story while it is told: it stops before each act and says when the
// act is.
type voice struct {
	tale *tale
	next func() (time.Time, bool)
	stop func()
	at   time.Time
	live bool
}

// errStopped ends a tale from within: it failed, or another did.
var errStopped = errors.New("demo: the tale was stopped")

func (h *House) voice(ctx context.Context, s story) *voice {
	t := &tale{House: h, ctx: ctx, name: s.name}
	told := func(yield func(time.Time) bool) {
		defer func() {
			if r := recover(); r != nil && r != errStopped { //nolint:errorlint // a panic's value, compared as it was thrown
				panic(r)
			}
		}()
		t.yield = yield
		s.tell(t)
	}
	v := &voice{tale: t, live: true}
	v.next, v.stop = iter.Pull(told)
	return v
}

// step tells the story up to its next act.
func (v *voice) step() error {
	v.at, v.live = v.next()
	return v.tale.err
}

func earliest(voices []*voice) *voice {
	var first *voice
	for _, v := range voices {
		if v.live && (first == nil || v.at.Before(first.at)) {
			first = v
		}
	}
	return first
}
