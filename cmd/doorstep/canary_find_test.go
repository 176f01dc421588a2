package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// traces are a value in the forms it could be met in.
func traces(value string) [][]byte {
	raw := []byte(value)
	all := [][]byte{raw, []byte(hex.EncodeToString(raw)), []byte(strings.ToUpper(hex.EncodeToString(raw))), []byte(url.QueryEscape(value))}
	for shift := range 3 { // base64 depends on where in a text the value begins
		text := base64.StdEncoding.EncodeToString(append(bytes.Repeat([]byte("x"), shift), raw...))
		from, to := (shift*8+5)/6, (shift+len(raw))*8/6
		all = append(all, []byte(text[from:to]))
	}
	var wide []byte
	for _, r := range value {
		wide = append(wide, byte(r), byte(r>>8))
	}
	return append(all, wide)
}

// finder looks for values in bytes.
type finder map[string][][]byte

func newFinder(values map[string]string) finder {
	f := finder{}
	for name, v := range values {
		f[name] = traces(v)
	}
	return f
}

func (f finder) in(data []byte) (names []string) {
	for name, forms := range f {
		for _, form := range forms {
			if len(form) > 6 && bytes.Contains(data, form) {
				names = append(names, name)
				break
			}
		}
	}
	return names
}

// under looks through every file below a folder and tells where each value was
// found. Some folders are passed over.
func (f finder) under(t *testing.T, root string, but ...string) (found map[string][]string, bytesRead int) {
	t.Helper()
	found = map[string][]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		for _, b := range but {
			if path == b {
				return fs.SkipDir
			}
		}
		if !d.Type().IsRegular() {
			return nil
		}
		data, err := os.ReadFile(path)
		bytesRead += len(data)
		for _, name := range f.in(data) {
			found[name] = append(found[name], strings.TrimPrefix(path, root))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found, bytesRead
}

func TestTheFinderFinds(t *testing.T) {
	f := newFinder(map[string]string{"x": planted["exact address"]})
	v := planted["exact address"]
	for form, text := range map[string]string{
		"as it is": "a" + v + "b", "hex": hex.EncodeToString([]byte("a" + v + "b")), "HEX": strings.ToUpper(hex.EncodeToString([]byte("a" + v))),
		"base64": base64.StdEncoding.EncodeToString([]byte(v)), "base64 after one": base64.StdEncoding.EncodeToString([]byte("a" + v + "bcd")),
		"base64 after two": base64.StdEncoding.EncodeToString([]byte("ab" + v + "c")), "in an address": url.QueryEscape(v),
	} {
		if len(f.in([]byte(text))) != 1 {
			t.Errorf("%s: not found", form)
		}
	}
	if names := f.in([]byte(v[:len(v)-8] + v[:3])); len(names) != 0 {
		t.Errorf("found where it is not: %v", names)
	}
}
