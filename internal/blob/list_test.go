package blob

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestEachNamesEveryKeptFileAndNothingElse(t *testing.T) {
	dir := t.TempDir()
	f, err := NewFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	var want []Info
	for _, text := range []string{"a", "bb", "ccc", ""} {
		info, err := f.Put(t.Context(), strings.NewReader(text), 10)
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, info)
	}
	for _, name := range []string{"incoming/x.part", "note.txt", want[0].Digest[:2] + "/note.txt"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	slices.SortFunc(want, func(a, b Info) int { return strings.Compare(a.Digest, b.Digest) })
	var got []Info
	err = f.Each(t.Context(), func(i Info) error { got = append(got, i); return nil })
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("listed %v, %v; want %v", got, err, want)
	}
	stop := errors.New("enough")
	if err := f.Each(t.Context(), func(Info) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("the caller's error became %v", err)
	}
}
