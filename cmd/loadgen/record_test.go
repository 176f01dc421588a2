package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

func text(s string) *string { return &s }

func TestTheLogIsReadBack(t *testing.T) {
	for _, tt := range []struct {
		rule, detail string
		want         []*string
	}{
		{"none", "", nil},
		{"texts and nothing", `Parameters: $1 = 'a', $2 = NULL, $3 = ''`, []*string{text("a"), nil, text("")}},
		{"a quote", `parameters: $1 = 'it''s', $2 = 'b'`, []*string{text("it's"), text("b")}},
		{"what looks like the next value", `parameters: $1 = 'x, $2 = ''y''', $2 = 'z'`, []*string{text("x, $2 = 'y'"), text("z")}},
		{"lines", "parameters: $1 = 'a\nb'", []*string{text("a\nb")}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			got := parameters(tt.detail)
			if len(got) != len(tt.want) {
				t.Fatalf("%d values, want %d", len(got), len(tt.want))
			}
			for i := range got {
				if (got[i] == nil) != (tt.want[i] == nil) || got[i] != nil && *got[i] != *tt.want[i] {
					t.Errorf("value %d is not what was sent", i+1)
				}
			}
		})
	}
	for message, want := range map[string]string{
		"statement: BEGIN READ WRITE":        "BEGIN READ WRITE",
		"execute <unnamed>: SELECT 1 AS a":   "SELECT 1 AS a",
		"execute 7: SELECT ': ' ":            "SELECT ': ' ",
		"duration: 3 ms":                     "",
		"checkpoint starting: time":          "",
		"could not receive data from client": "",
	} {
		if got, ok := statementOf(message); ok != (want != "") || ok && got != want {
			t.Errorf("%q gives %q, %t", message, got, ok)
		}
	}
}

func TestALineCutByTheReadingIsLeftOut(t *testing.T) {
	d := &database{role: "app"}
	line := `{"user":"app","message":"statement: SELECT 1"}` + "\n"
	for place, text := range map[string]string{
		"whole":       line,
		"its end":     `age":"statement: SELECT 0"}` + "\n" + line,
		"a bare word": "statement\n" + line,
		"its start":   line + `{"user":"app","mess`,
	} {
		calls, err := d.parse(text)
		if err != nil || len(calls) != 1 || calls[0].text != "SELECT 1" {
			t.Errorf("%s: %v, %v", place, calls, err)
		}
	}
	if _, err := d.parse("{not a log}\n"); err == nil {
		t.Error("what is no log is read")
	}
}

func TestARequestSentAgainHasIdsOfItsOwn(t *testing.T) {
	old, began := uuid.Must(uuid.NewV7()).String(), time.Now().Add(time.Second)
	later := time.UnixMilli(began.UnixMilli() + 5)
	made := uuid.Must(uuid.NewV7())
	for i := range 6 { // an id made after the recording began
		made[i] = byte(later.UnixMilli() >> (40 - 8*i))
	}
	digest := `\x` + strings.Repeat("ab", 32)
	s := script{since: began, calls: []call{
		{"INSERT 1", []*string{text(made.String()), text(old), nil, text(digest)}},
		{"INSERT 2", []*string{text(`{"id":"` + made.String() + `","intake_number":"榆园登字〔2026〕第12号"}`), text("123456789"), text(digest)}},
		{"INSERT 3", []*string{text("榆园登字〔2026〕第12号")}},
	}}
	first, second := s.again(), s.again()
	at := func(calls []call, i, j int) string { return *calls[i].values[j] }
	if at(first, 0, 1) != old || first[0].values[2] != nil || first[0].text != "INSERT 1" {
		t.Error("what was there before the request must stay")
	}
	for _, place := range [][2]int{{0, 0}, {0, 3}, {1, 1}, {2, 0}} {
		if at(first, place[0], place[1]) == at(second, place[0], place[1]) || at(first, place[0], place[1]) == *s.calls[place[0]].values[place[1]] {
			t.Errorf("statement %d, value %d came again", place[0]+1, place[1]+1)
		}
	}
	if !strings.Contains(at(first, 1, 0), at(first, 0, 0)) || !strings.Contains(at(first, 1, 0), at(first, 2, 0)) || at(first, 0, 3) != at(first, 1, 2) {
		t.Error("what was one value must stay one")
	}
}
