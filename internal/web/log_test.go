package web

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNumbersOfPeopleAreStruckOut(t *testing.T) {
	for _, tt := range []struct{ rule, text, want string }{
		{"an ID number", "身份证110105194912310021已登记", "身份证***已登记"},
		{"an ID number ending in X", "id 11010519491231002X.", "id ***."},
		{"a phone", "tel:13812345678", "tel:***"},
		{"a phone in groups", "138-1234-5678 or 138 1234 5678", "*** or ***"},
		{"a phone in full width", "电话１３８１２３４５６７８", "电话***"},
		{"a receipt code", "9900 1234 5678 9012 3456 7890", "***"},
		{"a landline with its area", "0571-87654321", "***"},
		{"a time stays", "2026-05-11 15:30:00", "2026-05-11 15:30:00"},
		{"a case number stays", "榆园人调字〔2026〕第12号", "榆园人调字〔2026〕第12号"},
		{"an id of ours stays", "case 01976f3e-1234-7123-8123-123456789012 gone", "case 01976f3e-1234-7123-8123-123456789012 gone"},
		{"ten digits stay", "1234567890", "1234567890"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got := redactText(tt.text); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

type caller struct{ Phone string }

type lazy struct{}

func (lazy) LogValue() slog.Value { return slog.GroupValue(slog.String("phone", phone)) }

const phone = "10012345678"

func TestNoWayRoundTheRedaction(t *testing.T) {
	for _, tt := range []struct {
		rule string
		log  func(*slog.Logger)
	}{
		{"the message", func(l *slog.Logger) { l.Info("call " + phone) }},
		{"an attribute", func(l *slog.Logger) { l.Info("x", "a", phone) }},
		{"an error", func(l *slog.Logger) { l.Info("x", "a", errors.New("no "+phone)) }},
		{"a struct", func(l *slog.Logger) { l.Info("x", "a", caller{phone}) }},
		{"a slice", func(l *slog.Logger) { l.Info("x", "a", []string{phone}) }},
		{"a group", func(l *slog.Logger) { l.Info("x", slog.Group("g", "a", phone)) }},
		{"a value that makes itself", func(l *slog.Logger) { l.Info("x", "a", lazy{}) }},
		{"an attribute carried along", func(l *slog.Logger) { l.With("a", phone).Info("x") }},
		{"inside an open group", func(l *slog.Logger) { l.WithGroup("g").With("a", phone).Info("x", "b", phone) }},
		{"a request id that is none of ours", func(l *slog.Logger) { l.Info("x", "request_id", phone) }},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			var out bytes.Buffer
			tt.log(NewLog(&out, slog.LevelInfo))
			if strings.Contains(out.String(), phone) || !strings.Contains(out.String(), struckOut) {
				t.Errorf("logged %s", out.String())
			}
		})
	}
}

func TestOtherValuesKeepTheirKind(t *testing.T) {
	var out bytes.Buffer
	NewLog(&out, slog.LevelInfo).Info("x", "n", 7, "ok", true, "none", nil, "request_id", "1234567890123456")
	for _, want := range []string{`"n":7`, `"ok":true`, `"none":null`, `"request_id":"1234567890123456"`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s is missing in %s", want, out.String())
		}
	}
}

func TestLevelIsKept(t *testing.T) {
	var out bytes.Buffer
	l := NewLog(&out, slog.LevelWarn)
	l.Info("quiet")
	l.Warn("loud")
	if strings.Contains(out.String(), "quiet") || !strings.Contains(out.String(), "loud") {
		t.Errorf("logged %s", out.String())
	}
}

func TestEveryPhoneInAnyTextIsStruckOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before := rapid.StringMatching(`[a-z\x{4e00}-\x{4e20} :=(]{0,8}`).Draw(t, "before")
		number := rapid.StringMatching(`1[0-9]{10}`).Draw(t, "number")
		after := rapid.StringMatching(`[a-z\x{4e00}-\x{4e20} ,)]{0,8}`).Draw(t, "after")
		if got := redactText(before + number + after); strings.Contains(got, number) {
			t.Fatalf("%q is left in %q", number, got)
		}
	})
}
