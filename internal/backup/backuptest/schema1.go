// Package backuptest holds an installation as the first schema kept it: four
// disputes played through the acts of that time (noise, which went up to legal
// staff and was settled; violence, which ended at once; a loan and a parking place
// half way), their people, and live sign-ins, a link and a session. Tests bring it
// into today's program.
package backuptest

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	_ "embed" // the rows
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"doorstep/internal/backup"
	"doorstep/internal/postgres"
	"doorstep/internal/vault"
)

// rows is, table after table, a line with its name and columns and then a line
// for each row, as a backup has them. Values were sealed with vault.TestKeys.
//
//go:embed schema1.jsonl
var rows []byte

// Schema1 writes the installation as an unencrypted backup, made on 1 August
// 2026 at schema 1, and gives the file and the number of its rows.
func Schema1(tb testing.TB) (file string, n int) {
	tb.Helper()
	head := backup.Head{Format: "doorstep-backup/1", Schema: 1, MadeAt: time.Date(2026, 8, 1, 2, 30, 0, 0, time.UTC), Keys: map[vault.Purpose][]string{}}
	for _, p := range vault.Purposes() {
		head.Keys[p] = vault.TestKeys().IDs(p)
	}
	m := backup.Manifest{Tables: map[string]backup.Count{}}
	lines := map[string]*bytes.Buffer{}
	for in := bufio.NewScanner(bytes.NewReader(rows)); in.Scan(); {
		if in.Bytes()[0] == '[' {
			t := head.Tables[len(head.Tables)-1].Name
			var row []*string
			must(tb, json.Unmarshal(in.Bytes(), &row))
			line, err := json.Marshal(row) // as the program writes it
			must(tb, err)
			lines[t].Write(append(line, '\n'))
			m.Tables[t] = backup.Count{Rows: m.Tables[t].Rows + 1}
			n++
			continue
		}
		var t struct {
			Table   string
			Columns []string
		}
		must(tb, json.Unmarshal(in.Bytes(), &t))
		head.Tables = append(head.Tables, postgres.Table{Name: t.Table, Columns: t.Columns})
		lines[t.Table], m.Tables[t.Table] = &bytes.Buffer{}, backup.Count{}
	}
	for name, c := range m.Tables {
		sum := sha256.Sum256(lines[name].Bytes())
		m.Tables[name] = backup.Count{Rows: c.Rows, Digest: hex.EncodeToString(sum[:])}
	}
	file = filepath.Join(tb.TempDir(), "schema1.backup")
	out, err := os.Create(file)
	must(tb, err)
	zip := gzip.NewWriter(out)
	to := tar.NewWriter(zip)
	put := func(name string, data []byte) {
		must(tb, to.WriteHeader(&tar.Header{Name: name, Size: int64(len(data)), Mode: 0o600, ModTime: head.MadeAt, Format: tar.FormatPAX}))
		_, err := to.Write(data)
		must(tb, err)
	}
	put("head.json", encoded(tb, head))
	for _, t := range head.Tables {
		put("tables/"+t.Name+"/000001.jsonl", lines[t.Name].Bytes())
	}
	put("manifest.json", encoded(tb, m))
	for _, c := range []io.Closer{to, zip, out} {
		must(tb, c.Close())
	}
	return file, n
}

func encoded(tb testing.TB, value any) []byte {
	tb.Helper()
	data, err := json.Marshal(value)
	must(tb, err)
	return data
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal("backuptest:", err)
	}
}
