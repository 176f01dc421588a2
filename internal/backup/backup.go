// Package backup writes a whole installation into one file and brings it back:
// every row of every table as of one moment, and every kept file. The keys stay
// outside, so that the file alone opens no sealed value.
//
// The file is a gzipped tar, encrypted with age to somebody's public key:
// head.json, then tables/NAME/NUMBER.jsonl (a row a line, a JSON array of texts
// as PostgreSQL writes them, null for NULL), then files/DIGEST, and at the very
// end manifest.json with the counts and digests of what came before.
package backup

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"time"

	"filippo.io/age"

	"doorstep/internal/blob"
	"doorstep/internal/postgres"
	"doorstep/internal/vault"
)

// format names the form of the file; another form gets another name.
const format = "doorstep-backup/1"

// piece is about how many bytes of rows stand in one entry of the tar, which
// wants to know lengths beforehand.
const piece = 1 << 20

const (
	headName     = "head.json"
	manifestName = "manifest.json"
	tablesDir    = "tables/"
	filesDir     = "files/"
)

// Head is what has to be known before anything is loaded.
type Head struct {
	Format string                     `json:"format"`
	Schema int64                      `json:"schema"` // last migration applied
	MadeAt time.Time                  `json:"made_at"`
	Keys   map[vault.Purpose][]string `json:"keys"` // ids of the keys that open it; the keys are not in the file
	Tables []postgres.Table           `json:"tables"`
}

// Manifest counts what the file holds. The heads of the histories are columns
// of the table cases, so its digest covers them.
type Manifest struct {
	Tables map[string]Count `json:"tables"`
	Files  int              `json:"files"`
	Bytes  int64            `json:"bytes"` // of all files together
}

// Rows is the number of rows in all tables.
func (m Manifest) Rows() int {
	n := 0
	for _, c := range m.Tables {
		n += c.Rows
	}
	return n
}

// Count is the rows of one table and the SHA-256 of its lines.
type Count struct {
	Rows   int    `json:"rows"`
	Digest string `json:"sha256"` // 64 hex digits
}

// House is the installation that is written or loaded. DB is opened as the role
// that owns the tables.
type House struct {
	DB    *postgres.DB
	Files blob.Store
	Keys  *vault.Keys
}

// Write puts the installation into w, encrypted to the recipients; with none it
// is readable by whoever gets the file. It reads one moment while others work
// on, and holds a few megabytes whatever the size.
//
// Errors: blob.ErrDamaged when a kept file is not what was put, blob.ErrAway or
// blob.ErrRefused when a store on the network is at fault; else Internal.
func Write(ctx context.Context, h House, now time.Time, recipients []age.Recipient, w io.Writer) (Manifest, error) {
	m := Manifest{Tables: map[string]Count{}}
	schema, _, err := postgres.SchemaVersion(ctx, h.DB)
	if err != nil {
		return m, err
	}
	outer := io.WriteCloser(nopCloser{w})
	if len(recipients) > 0 {
		if outer, err = age.Encrypt(w, recipients...); err != nil {
			return m, fmt.Errorf("backup: encrypt: %w", err)
		}
	}
	zip := gzip.NewWriter(outer)
	out := &writer{Writer: tar.NewWriter(zip), now: now}
	err = h.DB.InTx(ctx, func(tx postgres.Tx) error {
		if err := tx.Snapshot(ctx); err != nil {
			return err
		}
		tables, err := tx.Tables(ctx)
		if err != nil {
			return err
		}
		keys := map[vault.Purpose][]string{}
		for _, p := range vault.Purposes() {
			keys[p] = h.Keys.IDs(p)
		}
		if err := out.json(headName, Head{format, schema, now, keys, tables}); err != nil {
			return err
		}
		for _, t := range tables {
			if m.Tables[t.Name], err = out.table(ctx, tx, t); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return m, err
	}
	// A file is kept before its row is written, so the store now holds what the
	// rows of the snapshot name.
	if err := out.files(ctx, h.Files, &m); err != nil {
		return m, err
	}
	if err := out.json(manifestName, m); err != nil {
		return m, err
	}
	for _, c := range []io.Closer{out, zip, outer} {
		if err := c.Close(); err != nil {
			return m, fmt.Errorf("backup: %w", err)
		}
	}
	return m, nil
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

type writer struct {
	*tar.Writer
	now time.Time
}

func (w *writer) entry(name string, size int64) error {
	err := w.WriteHeader(&tar.Header{Name: name, Size: size, Mode: 0o600, ModTime: w.now, Format: tar.FormatPAX})
	if err != nil {
		return fmt.Errorf("backup: %s: %w", name, err)
	}
	return nil
}

func (w *writer) put(name string, data []byte) error {
	if err := w.entry(name, int64(len(data))); err != nil {
		return err
	}
	_, err := w.Write(data)
	return err
}

func (w *writer) json(name string, value any) error {
	data, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return fmt.Errorf("backup: %s: %w", name, err)
	}
	return w.put(name, data)
}

func (w *writer) table(ctx context.Context, tx postgres.Tx, t postgres.Table) (Count, error) {
	var lines bytes.Buffer
	number, counted := 0, newCounter()
	flush := func() error {
		number++
		err := w.put(fmt.Sprintf("%s%s/%06d.jsonl", tablesDir, t.Name, number), lines.Bytes())
		lines.Reset()
		return err
	}
	err := tx.EachRow(ctx, t, func(row []*string) error {
		line, err := counted.add(row)
		if err != nil {
			return err
		}
		lines.Write(line)
		if lines.Len() >= piece {
			return flush()
		}
		return nil
	})
	if err == nil && lines.Len() > 0 {
		err = flush()
	}
	return counted.count(), err
}

func (w *writer) files(ctx context.Context, files blob.Store, m *Manifest) error {
	return files.Each(ctx, func(i blob.Info) error {
		file, err := files.Get(ctx, i.Digest)
		if err != nil {
			return err
		}
		defer file.Close()
		if err := w.entry(filesDir+i.Digest, i.Size); err != nil {
			return err
		}
		m.Files, m.Bytes = m.Files+1, m.Bytes+i.Size
		_, err = io.Copy(w.Writer, file)
		return err
	})
}

// counter counts the rows of a table and takes their digest.
type counter struct {
	rows int
	sum  hash.Hash
}

func newCounter() *counter { return &counter{sum: sha256.New()} }

// add takes a row in and gives its line.
func (c *counter) add(row []*string) ([]byte, error) {
	line, err := json.Marshal(row)
	if err != nil {
		return nil, fmt.Errorf("backup: row: %w", err)
	}
	line = append(line, '\n')
	c.rows++
	c.sum.Write(line)
	return line, nil
}

func (c *counter) count() Count { return Count{c.rows, hex.EncodeToString(c.sum.Sum(nil))} }
