package web

import (
	"context"
	"errors"
	"mime/multipart"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"doorstep/internal/mediation"
)

// How many requests are worked on at once when nobody says otherwise, and how
// long one more waits for its turn before it is told to come back. Two cores do
// no more of them sooner; they only keep each other waiting.
const (
	AtOnce   = 16
	turnTime = 750 * time.Millisecond
)

// places are those at the work. One in eight is kept for the routes by which
// staff come in, so that a flood of readers does not lock them out.
type places struct{ all, common chan struct{} }

func newPlaces(n int) places {
	return places{all: make(chan struct{}, n), common: make(chan struct{}, max(1, n-max(1, n/8)))}
}

// take waits for a place and gives the way to leave it, which may be called
// twice; nil when the context ended first.
func (p places) take(ctx context.Context, reserved bool) (leave func()) {
	if !reserved {
		select {
		case p.common <- struct{}{}:
		case <-ctx.Done():
			return nil
		}
	}
	select {
	case p.all <- struct{}{}:
	case <-ctx.Done():
		if !reserved {
			<-p.common
		}
		return nil
	}
	return sync.OnceFunc(func() {
		<-p.all
		if !reserved {
			<-p.common
		}
	})
}

// turn lets only so many requests work at once, so that none of them waits for a
// connection to the database and all have enough of the processor. The place is
// left when the answer begins: a phone that takes it in slowly holds nobody up.
func (s *Server) turn(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if unasked(c.Request().URL.Path) {
			return next(c)
		}
		ctx, cancel := context.WithTimeout(c.Request().Context(), turnTime)
		leave := s.places.take(ctx, slices.Contains(s.o.Reserved, c.Path()))
		cancel()
		if leave == nil {
			if gone := c.Request().Context().Err(); errors.Is(gone, context.Canceled) {
				return gone
			}
			return s.busy()
		}
		defer leave()
		c.Set(turnKey, leave)
		c.Response().Before(leave)
		return next(c)
	}
}

// leaveTurn gives the place to somebody else before a wait that has nothing to do
// with the database.
func leaveTurn(c echo.Context) {
	if leave, ok := c.Get(turnKey).(func()); ok {
		leave()
	}
}

// wordsOnly as the memory of a form with files lets its words take formBody and
// lays every file down: the standard library adds ten MiB for the words, of which
// twenty senders at once would fill half a GiB.
const wordsOnly = formBody - 10<<20

// takeIn reads a form with files while its sender still holds no place. The files
// wait in a temporary file, which goes with the request. The time of the route is
// for this reading first.
func (s *Server) takeIn(c echo.Context, next echo.HandlerFunc) error {
	r := c.Request()
	defer s.held.Add(-2 * formBody)
	if s.held.Add(2*formBody) > maxHeld {
		return s.busy()
	}
	if allowed := s.allowance(c).Time; allowed > 0 {
		s.extend(c.Response(), allowed)
	}
	err := r.ParseMultipartForm(wordsOnly)
	if m := r.MultipartForm; m != nil {
		defer func() { _ = m.RemoveAll() }() // they lie in the system's folder for such files, which is swept
	}
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return err
	}
	if errors.Is(err, multipart.ErrMessageTooLarge) {
		return &http.MaxBytesError{Limit: formBody}
	}
	if err != nil {
		return &mediation.Error{Kind: mediation.Invalid, Key: "error.bad_request", Err: err}
	}
	return next(c)
}
