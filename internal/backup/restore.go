package backup

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"strings"

	"filippo.io/age"

	"doorstep/internal/postgres"
)

// Faults of a backup file; match them with errors.Is.
var (
	ErrKey     = errors.New("the file is encrypted to another key")
	ErrDamaged = errors.New("the file is cut short or was changed")
	ErrFormat  = errors.New("the file is no backup of this program")
)

// ageMark begins every age file.
const ageMark = "age-encryption.org/"

// Check reads a whole backup and compares it with its manifest, touching nothing.
//
// Errors: ErrKey, ErrDamaged, ErrFormat.
func Check(r io.Reader, identities []age.Identity) (Head, Manifest, error) {
	var head Head
	counted, got := map[string]*counter{}, Manifest{Tables: map[string]Count{}}
	want, err := walk(r, identities, visitor{
		head: func(h Head) error {
			head = h
			for _, t := range h.Tables {
				counted[t.Name] = newCounter()
			}
			return nil
		},
		row: func(table string, row []*string) error {
			c := counted[table]
			if c == nil {
				return fmt.Errorf("backup: table %q: %w", table, ErrDamaged)
			}
			_, err := c.add(row)
			return err
		},
		file: func(digest string, r io.Reader) error {
			sum := sha256.New()
			n, err := io.Copy(sum, r)
			if err == nil && hex.EncodeToString(sum.Sum(nil)) != digest {
				err = fmt.Errorf("backup: file %s: %w", digest, ErrDamaged)
			}
			got.Files, got.Bytes = got.Files+1, got.Bytes+n
			return err
		},
	})
	if err != nil {
		return head, want, err
	}
	for name, c := range counted {
		got.Tables[name] = c.count()
	}
	if !maps.Equal(got.Tables, want.Tables) || got.Files != want.Files || got.Bytes != want.Bytes {
		return head, want, fmt.Errorf("backup: it holds other rows or files than its manifest says: %w", ErrDamaged)
	}
	return head, want, nil
}

// Load puts a checked backup into a house whose database stands fresh at the
// backup's schema. All rows come in one transaction, which is committed only
// when every table, read again, has the digest of the manifest. The same
// transaction then ends the sign-ins, sessions and one-time links among them, so
// that nobody ever comes in by what was open on the day of the backup; it says
// how many.
//
// Errors: as Check; ErrDamaged when a table came out other than it went in.
func Load(ctx context.Context, h House, r io.Reader, identities []age.Identity) (ended int64, err error) {
	err = h.DB.InTx(ctx, func(tx postgres.Tx) error {
		l := loader{House: h, ctx: ctx, tx: tx}
		if err := l.begin(); err != nil {
			return err
		}
		m, err := walk(r, identities, visitor{head: l.head, row: l.row, file: l.file})
		if err != nil {
			return err
		}
		if err := l.end(m); err != nil {
			return err
		}
		ended, err = tx.EndVisits(ctx, l.tables)
		return err
	})
	return ended, err
}

type loader struct {
	House
	ctx    context.Context //nolint:containedctx // lives for one Load
	tx     postgres.Tx
	tables []postgres.Table
	into   map[string]postgres.Table
	open   string // the table whose COPY runs
	copy   *postgres.CopyIn
}

func (l *loader) begin() (err error) {
	if l.tables, err = l.tx.Tables(l.ctx); err != nil {
		return err
	}
	return l.tx.BeginLoad(l.ctx, l.tables)
}

func (l *loader) head(h Head) error {
	l.into = map[string]postgres.Table{}
	for _, t := range h.Tables {
		l.into[t.Name] = t
	}
	return nil
}

func (l *loader) row(table string, row []*string) (err error) {
	if l.open != table {
		if err := l.closeCopy(); err != nil {
			return err
		}
		if l.copy, err = l.tx.CopyIn(l.ctx, l.into[table]); err != nil {
			return err
		}
		l.open = table
	}
	return l.copy.Add(l.ctx, row)
}

func (l *loader) closeCopy() error {
	if l.copy == nil {
		return nil
	}
	running := l.copy
	l.copy, l.open = nil, ""
	return running.Close(l.ctx)
}

func (l *loader) file(digest string, r io.Reader) error {
	info, err := l.Files.Put(l.ctx, r, math.MaxInt64)
	if err == nil && info.Digest != digest {
		err = fmt.Errorf("backup: file %s: %w", digest, ErrDamaged)
	}
	return err
}

// end reads every table again: what counts is what the database gives back.
func (l *loader) end(m Manifest) error {
	if err := l.closeCopy(); err != nil {
		return err
	}
	if err := l.tx.EndLoad(l.ctx, l.tables); err != nil {
		return err
	}
	for _, t := range l.tables {
		c := newCounter()
		err := l.tx.EachRow(l.ctx, t, func(row []*string) error {
			_, err := c.add(row)
			return err
		})
		if err != nil {
			return err
		}
		if c.count() != m.Tables[t.Name] {
			return fmt.Errorf("backup: table %s came back with other rows: %w", t.Name, ErrDamaged)
		}
	}
	return nil
}

// visitor is told what a backup holds, in its order.
type visitor struct {
	head func(Head) error
	row  func(table string, row []*string) error
	file func(digest string, r io.Reader) error
}

// walk reads a backup to its last byte and gives its manifest. Whatever cannot be
// read is ErrDamaged, for age and gzip both notice a changed or missing byte.
func walk(r io.Reader, identities []age.Identity, v visitor) (m Manifest, err error) {
	plain, err := decrypt(r, identities)
	if err != nil {
		return m, err
	}
	unzipped, err := gzip.NewReader(plain)
	if err != nil {
		return m, fmt.Errorf("backup: %w: %w", ErrFormat, err)
	}
	source := &noting{Reader: unzipped}
	in, begun, ended := tar.NewReader(source), false, false
	for {
		entry, err := in.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil && (ended || begun == (entry.Name == headName)) {
			err = ErrFormat
			if begun {
				err = ErrDamaged
			}
		}
		if err == nil {
			begun = true
			ended, err = visit(entry.Name, in, v, &m)
		}
		if source.err != nil || errors.Is(err, tar.ErrHeader) {
			return m, fmt.Errorf("backup: %w: %w", ErrDamaged, errors.Join(source.err, err))
		}
		if err != nil {
			return m, fmt.Errorf("backup: %w", err)
		}
	}
	if _, err := io.Copy(io.Discard, source); err != nil || !ended {
		return m, errors.Join(fmt.Errorf("backup: %w", ErrDamaged), err)
	}
	if _, err := io.Copy(io.Discard, plain); err != nil {
		return m, fmt.Errorf("backup: %w: %w", ErrDamaged, err)
	}
	return m, nil
}

// visit hands one entry on and says whether it was the manifest.
func visit(name string, r io.Reader, v visitor, m *Manifest) (last bool, err error) {
	switch {
	case name == headName:
		var h Head
		if err := json.NewDecoder(r).Decode(&h); err != nil || h.Format != format {
			return false, errors.Join(ErrFormat, err)
		}
		return false, v.head(h)
	case name == manifestName:
		if err := json.NewDecoder(r).Decode(m); err != nil {
			return true, fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		return true, nil
	case strings.HasPrefix(name, filesDir):
		return false, v.file(strings.TrimPrefix(name, filesDir), r)
	}
	table, _, _ := strings.Cut(strings.TrimPrefix(name, tablesDir), "/")
	rows := json.NewDecoder(r)
	for {
		var row []*string
		err := rows.Decode(&row)
		if errors.Is(err, io.EOF) {
			return false, nil
		}
		if err != nil {
			return false, fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		if err := v.row(table, row); err != nil {
			return false, err
		}
	}
}

func decrypt(r io.Reader, identities []age.Identity) (io.Reader, error) {
	buffered := bufio.NewReader(r)
	mark, err := buffered.Peek(len(ageMark))
	if err != nil {
		return nil, fmt.Errorf("backup: %w: %w", ErrDamaged, err)
	}
	if !bytes.Equal(mark, []byte(ageMark)) {
		return buffered, nil
	}
	if len(identities) == 0 {
		return nil, fmt.Errorf("backup: no key was given: %w", ErrKey)
	}
	plain, err := age.Decrypt(buffered, identities...)
	if _, other := errors.AsType[*age.NoIdentityMatchError](err); other {
		return nil, fmt.Errorf("backup: %w: %w", ErrKey, err)
	}
	if err != nil {
		return nil, fmt.Errorf("backup: %w: %w", ErrDamaged, err)
	}
	return plain, nil
}

// noting remembers the fault of a source, so that a file that cannot be read is
// told apart from a database that would not take the rows.
type noting struct {
	io.Reader
	err error
}

func (n *noting) Read(p []byte) (int, error) {
	got, err := n.Reader.Read(p)
	if err != nil && err != io.EOF {
		n.err = err
	}
	return got, err
}
