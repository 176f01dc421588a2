package mediation

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Kind says what a caller can do about an error. The zero Kind is Internal,
// so an error nobody classified is never shown to a user.
type Kind int

// The kinds. The web has the one table from kind to status.
const (
	Internal        Kind = iota // our fault: log it, show nothing
	NotFound                    // absent, or outside the actor's scope
	Invalid                     // the input breaks a rule; Fields says which
	Conflict                    // the case moved on, or its stage does not allow the act
	Forbidden                   // the role may never do this
	Unauthenticated             // nobody is signed in, or the session ended
	TooMany                     // a limit against guessing or flooding was met
	Unavailable                 // the database or another part is away; try again
)

// Error is the one error type of the program. Key chooses the message and the
// reader's language chooses its words, so rules never carry text.
type Error struct {
	Kind   Kind
	Key    string            // locale key of the message, e.g. "error.stage_refuses"
	Fields map[string]string // form field -> locale key
	Args   map[string]string // values for the placeholders of the message
	Source string            // the article a refusal rests on, e.g. "PML 29"; may be empty
	Err    error             // the cause, for the log only
}

// Error describes the error for the log; it is never shown to a user.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Key)
	for _, name := range slices.Sorted(maps.Keys(e.Fields)) {
		fmt.Fprintf(&b, " %s=%s", name, e.Fields[name])
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	return b.String()
}

// Unwrap gives the cause to errors.Is and errors.As.
func (e *Error) Unwrap() error { return e.Err }

// KindOf is the kind of the first Error in err's chain; Internal without one.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// KeyOf is the locale key of the first Error in err's chain; "" without one.
func KeyOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Key
	}
	return ""
}

// FieldsOf is the marked fields of the first Error in err's chain; nil without one.
func FieldsOf(err error) map[string]string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Fields
	}
	return nil
}
