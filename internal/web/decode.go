package web

import (
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/go-playground/form/v4"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// newDecoder reads posted values into the acts' own structs. What a struct does
// not name is ignored, so a body can set nothing but what its form asks.
func newDecoder() *form.Decoder {
	d := form.NewDecoder()
	d.SetTagName("form")
	d.SetMaxArraySize(100)
	d.RegisterCustomTypeFunc(func(v []string) (any, error) {
		if blank(v) {
			return statute.Date{}, nil
		}
		day, err := statute.ParseDate(strings.TrimSpace(v[0]))
		if err != nil {
			return nil, errDate
		}
		return day, nil
	}, statute.Date{})
	d.RegisterCustomTypeFunc(func(v []string) (any, error) {
		if blank(v) {
			return time.Time{}, nil
		}
		for _, shape := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04"} {
			if at, err := time.ParseInLocation(shape, strings.TrimSpace(v[0]), statute.Shanghai); err == nil {
				return at, nil
			}
		}
		return nil, errMoment
	}, time.Time{})
	d.RegisterCustomTypeFunc(func(v []string) (any, error) { return !blank(v), nil }, false)
	return d
}

var (
	errDate   = errors.New("not a date")
	errMoment = errors.New("not a date and time")
)

func blank(v []string) bool { return len(v) == 0 || strings.TrimSpace(v[0]) == "" }

// decode fills an act or intake from posted values. A value that cannot be read
// is an Invalid error at its field, never a failure of the server.
func decode(into any, v url.Values) error {
	err := newDecoder().Decode(into, v)
	if err == nil {
		return nil
	}
	faults := mediation.Faults{}
	var many form.DecodeErrors
	if !errors.As(err, &many) {
		return &mediation.Error{Kind: mediation.Invalid, Key: "error.bad_request", Err: err}
	}
	for field, why := range many {
		faults.Mark(field, faultOf(why))
	}
	return faults.Err()
}

func faultOf(why error) string {
	switch {
	case strings.Contains(why.Error(), errMoment.Error()):
		return "error.datetime"
	case strings.Contains(why.Error(), errDate.Error()):
		return "error.date"
	}
	return "error.number"
}
