package pgserver

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestParseVersion(t *testing.T) {
	for _, tt := range []struct {
		rule, line, version string
		major               int
	}{
		{"Debian adds its own", "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n", "15.18", 15},
		{"plain", "postgres (PostgreSQL) 18.4\n", "18.4", 18},
		{"a beta", "postgres (PostgreSQL) 19beta1\n", "19beta1", 19},
		{"something else", "mysqld 8.0\n", "", 0},
	} {
		version, major, err := parseVersion(tt.line)
		if version != tt.version || major != tt.major || (err != nil) != (tt.major == 0) {
			t.Errorf("%s: %q %d %v", tt.rule, version, major, err)
		}
	}
}

// pretend makes a folder whose programs only know their version.
func pretend(t *testing.T, version string, programs ...string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), version, "bin")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, program := range programs {
		script := fmt.Sprintf("#!/bin/sh\necho '%s (PostgreSQL) %s'\n", program, version)
		if err := os.WriteFile(filepath.Join(dir, program), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestBinariesOnTheMachine(t *testing.T) {
	both := []string{"initdb", "postgres"}
	v14, v15, v17 := pretend(t, "14.9", both...), pretend(t, "15.18", both...), pretend(t, "17.2", both...)
	half := pretend(t, "18.1", "postgres")
	links := t.TempDir()
	if err := os.Symlink(filepath.Join(v15, "postgres"), filepath.Join(links, "postgres")); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		rule  string
		path  string
		globs []string
		major int
		want  string
	}{
		{"the newest of the usual places", "", []string{v15, v17}, 0, v17},
		{"the PATH before the usual places", v15, []string{v17}, 0, v15},
		{"links of the PATH are followed to initdb", links, nil, 0, v15},
		{"a folder without initdb does not count", half, []string{half, v15}, 0, v15},
		{"too old does not count", v14, []string{v14}, 0, ""},
		{"an existing cluster admits its own version only", v17, []string{v15, v17}, 15, v15},
		{"and none when that one is absent", v17, []string{v17}, 16, ""},
	} {
		b, ok := onMachine(t.Context(), tt.path, tt.globs, tt.major)
		if ok != (tt.want != "") || (ok && b.dir != tt.want) {
			t.Errorf("%s: %q %v, want %q", tt.rule, b.dir, ok, tt.want)
		}
	}
}

func TestRefusalsSayWhatToDo(t *testing.T) {
	old := pretend(t, "14.9", "initdb", "postgres")
	fine := pretend(t, "17.2", "initdb", "postgres")
	made := func(version string) string {
		dir := t.TempDir()
		data := filepath.Join(dir, "pg", "cluster", "data")
		if err := os.MkdirAll(data, 0o700); err != nil {
			t.Fatal(err)
		}
		if version != "" {
			if err := os.WriteFile(filepath.Join(data, "PG_VERSION"), []byte(version+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return dir
	}
	for _, tt := range []struct {
		rule string
		o    Options
		want []string
	}{
		{"the set folder is too old", Options{Dir: t.TempDir(), Binaries: old}, []string{old, "版本不低于 15", "version 15 or newer"}},
		{"the set folder is empty", Options{Dir: t.TempDir(), Binaries: t.TempDir()}, []string{"initdb"}},
		{"the cluster is of another version", Options{Dir: made("15"), Binaries: fine}, []string{"请安装这个版本", "apt install postgresql-15"}},
		{"the bundle cannot open it either", Options{Dir: made("16"), Binaries: BundleOnly}, []string{"PostgreSQL 16"}},
		{"the folder is no cluster", Options{Dir: made(""), Binaries: fine}, []string{"请把它移开", "move it away"}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			tt.o.Mirror = NoFetch
			_, err := Start(t.Context(), tt.o)
			if err == nil {
				t.Fatal("started")
			}
			for _, part := range tt.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q lacks %q", err, part)
				}
			}
			if _, err := os.Stat(filepath.Join(tt.o.Dir, "pg", "cluster", "data.new")); !errors.Is(err, os.ErrNotExist) {
				t.Error("a cluster was begun")
			}
		})
	}
}
