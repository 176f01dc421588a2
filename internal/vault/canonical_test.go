package vault

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"
)

type word string

type grade uint8

type base struct {
	Case string `json:"case"`
}

type entry struct {
	base
	At     time.Time    `json:"at"`
	Action word         `json:"action"`
	Codes  []string     `json:"codes"`
	Ended  *time.Time   `json:"ended"`
	Note   string       `json:"note,omitempty"`
	Due    time.Time    `json:"due,omitzero"`
	Skip   float64      `json:"-"`
	Args   map[word]any `json:"args"`
	Digest [4]byte      `json:"digest"`
	Grades []grade      `json:"grades"`
	Plain  int
	hidden string
}

func TestCanonicalVectors(t *testing.T) {
	shanghai := time.FixedZone("Asia/Shanghai", 8*3600)
	noon := time.Date(2026, 3, 5, 12, 0, 0, 120_000_000, shanghai)
	for _, tt := range []struct {
		rule string
		in   any
		want string
	}{
		{"nothing", nil, `null`},
		{"keys are sorted by bytes", map[string]int{"b": 1, "a": 2, "B": 3, "甲": 4}, `{"B":3,"a":2,"b":1,"甲":4}`},
		{"a time is UTC with six decimals", noon, `"2026-03-05T04:00:00.120000Z"`},
		{"strings keep what JSON lets stand", "<a&b>/甲\u2028", "\"<a&b>/甲\u2028\""},
		{"strings escape what JSON must", "a\"\\\n\x01", `"a\"\\\u000a\u0001"`},
		{"bytes are hex", []byte{0, 255}, `"00ff"`},
		{"an id is its text", uuid.MustParse("0197F2D0-0000-7000-8000-000000000001"), `"0197f2d0-0000-7000-8000-000000000001"`},
		{"a nil list is an empty list", []string(nil), `[]`},
		{"a nil map is an empty map", map[string]int(nil), `{}`},
		{"whole numbers keep all digits", []any{int64(-9223372036854775808), uint64(18446744073709551615)}, `[-9223372036854775808,18446744073709551615]`},
		{"the empty struct", struct{}{}, `{}`},
		{"a record", entry{base: base{"c1"}, At: noon, Action: "file", Codes: []string{"T01", "D-06"}, Skip: 1.5, hidden: "x",
			Args: map[word]any{"n": 3, "ok": true}, Digest: [4]byte{1, 2, 3, 4}, Grades: []grade{7, 16}},
			`{"Plain":0,"action":"file","args":{"n":3,"ok":true},"at":"2026-03-05T04:00:00.120000Z","case":"c1","codes":["T01","D-06"],"digest":"01020304","ended":null,"grades":"0710"}`},
		{"a record with its optional fields", &entry{Note: "n", Due: noon, At: noon, Ended: &noon},
			`{"Plain":0,"action":"","args":{},"at":"2026-03-05T04:00:00.120000Z","case":"","codes":[],"digest":"00000000","due":"2026-03-05T04:00:00.120000Z","ended":"2026-03-05T04:00:00.120000Z","grades":"","note":"n"}`},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			got, err := Canonical(tt.in)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(got)); diff != "" {
				t.Error(diff)
			}
			if !json.Valid(got) {
				t.Errorf("not JSON: %s", got)
			}
		})
	}
}

func TestCanonicalRefusesWhatWouldNotComeBackTheSame(t *testing.T) {
	type loop struct{ Next *loop }
	self := &loop{}
	self.Next = self
	type twice struct {
		base
		Other int `json:"case"`
	}
	for _, tt := range []struct {
		rule string
		in   any
		says string
	}{
		{"a float", map[string]any{"a": []any{1, 1.5}}, "a[1]"},
		{"text that is not UTF-8", "a\xff", "UTF-8"},
		{"a key that is not UTF-8", map[string]int{"\xff": 1}, "UTF-8"},
		{"a time below a microsecond", time.Date(2026, 1, 1, 0, 0, 0, 1500, time.UTC), "Truncate"},
		{"a year of five digits", time.Date(12026, 1, 1, 0, 0, 0, 0, time.UTC), "4 digits"},
		{"a map without string keys", map[int]int{1: 1}, "string keys"},
		{"a function", func() {}, "func()"},
		{"a value that holds itself", self, "itself"},
		{"one name for two fields", twice{}, "twice"},
		{"a struct that shows nothing", struct{ a int }{1}, "no field"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			got, err := Canonical(tt.in)
			if !errors.Is(err, ErrCanonical) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("= %s, %v; want ErrCanonical saying %q", got, err, tt.says)
			}
		})
	}
}

func TestCanonicalHangsOnNothingButTheValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.MapOf(rapid.String(), rapid.Int64()).Draw(t, "map")
		at := time.UnixMicro(rapid.Int64Range(-62135596800_000000, 253402300799_000000).Draw(t, "at"))
		zone := time.FixedZone("", rapid.IntRange(-50000, 50000).Draw(t, "zone"))
		a := must(Canonical(map[string]any{"m": m, "at": at.UTC()}))
		b := must(Canonical(map[string]any{"at": at.In(zone), "m": maps.Clone(m)}))
		if string(a) != string(b) {
			t.Fatalf("one value, two forms:\n%s\n%s", a, b)
		}
		var back struct {
			M  map[string]int64 `json:"m"`
			At time.Time        `json:"at"`
		}
		if err := json.Unmarshal(a, &back); err != nil {
			t.Fatal(err)
		}
		if !maps.Equal(back.M, m) || !back.At.Equal(at) {
			t.Fatalf("%s reads back as %v at %v", a, back.M, back.At)
		}
	})
}

func TestCanonicalTellsTextsApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.SliceOf(rapid.String()).Draw(t, "a")
		b := rapid.SliceOf(rapid.String()).Draw(t, "b")
		same := string(must(Canonical(a))) == string(must(Canonical(b)))
		if same != slices.Equal(a, b) {
			t.Fatalf("%q and %q: same form is %v", a, b, same)
		}
	})
}
