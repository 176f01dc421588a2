package web

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"strings"
)

// NewLog writes JSON lines of the level and above, with the numbers of people
// struck out whoever logs them.
func NewLog(w io.Writer, level slog.Leveler) *slog.Logger {
	return slog.New(Redact(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level})))
}

// Redact wraps a handler so that no text passes with a run of eleven digits or
// more in it: ID numbers, phones, bank accounts and receipt codes. It is the
// net below the rule that nobody logs them, not a licence to do so: names and
// addresses have no shape that could be found.
func Redact(h slog.Handler) slog.Handler { return redactor{h} }

type redactor struct{ next slog.Handler }

// Enabled asks the wrapped handler.
func (r redactor) Enabled(ctx context.Context, level slog.Level) bool {
	return r.next.Enabled(ctx, level)
}

// Handle strikes out the message and every attribute, then passes them on.
func (r redactor) Handle(ctx context.Context, rec slog.Record) error {
	clean := slog.NewRecord(rec.Time, rec.Level, redactText(rec.Message), rec.PC)
	rec.Attrs(func(a slog.Attr) bool {
		clean.AddAttrs(redactAttr(a))
		return true
	})
	return r.next.Handle(ctx, clean)
}

// WithAttrs strikes out the attributes a logger carries along.
func (r redactor) WithAttrs(attrs []slog.Attr) slog.Handler {
	clean := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		clean[i] = redactAttr(a)
	}
	return redactor{r.next.WithAttrs(clean)}
}

// WithGroup opens a group in the wrapped handler.
func (r redactor) WithGroup(name string) slog.Handler { return redactor{r.next.WithGroup(name)} }

func redactAttr(a slog.Attr) slog.Attr {
	value := a.Value.Resolve()
	switch value.Kind() {
	case slog.KindString:
		if a.Key == requestKey && ownID.MatchString(value.String()) {
			return a // our own random id; striking it out would lose the request
		}
		return slog.String(a.Key, redactText(value.String()))
	case slog.KindGroup:
		members := value.Group()
		clean := make([]slog.Attr, len(members))
		for i, m := range members {
			clean[i] = redactAttr(m)
		}
		return slog.Attr{Key: a.Key, Value: slog.GroupValue(clean...)}
	case slog.KindAny:
		if value.Any() == nil {
			return a
		}
		return slog.String(a.Key, redactText(fmt.Sprint(value.Any())))
	}
	return slog.Attr{Key: a.Key, Value: value}
}

const struckOut = "***"

var (
	ownID = regexp.MustCompile(`^[0-9a-f]{16}$`)
	// An id of ours (first branch) is left alone. A number may be written with
	// single spaces, dashes or dots between its digits, and in full width.
	numbers = regexp.MustCompile(`[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}` +
		`|[0-9０-９](?:[ \-－·　]?[0-9０-９]){10,}[XxＸｘ]?`)
	uuidShape = regexp.MustCompile(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`)
)

func redactText(text string) string {
	if !strings.ContainsFunc(text, func(r rune) bool { return r >= '0' && r <= '9' || r >= '０' && r <= '９' }) {
		return text
	}
	return numbers.ReplaceAllStringFunc(text, func(found string) string {
		if uuidShape.MatchString(found) {
			return found
		}
		return struckOut
	})
}
