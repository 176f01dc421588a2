// Package volume binds a case into one file that can be handed over and checked
// later without this program's database: the volume as a PDF, the originals as
// they were laid to the case, and a signed list with the digest of each.
package volume

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"doorstep/internal/mediation"
	"doorstep/internal/paper"
	"doorstep/internal/press"
)

// The names inside the file.
const (
	VolumeName    = "volume.pdf"
	ManifestName  = "manifest.json"
	SignatureName = "manifest.sig"
	originals     = "originals/"
)

// Manifest is the list of what the file holds, and which state of the case it
// was made from.
type Manifest struct {
	Format    string    `json:"format"` // "doorstep volume 1"
	Number    string    `json:"number"` // of the case
	Case      string    `json:"case"`
	Committee string    `json:"committee"`
	Made      time.Time `json:"made"`
	ChainSeq  int       `json:"chain_seq"`  // the last line of the case's history
	ChainHead string    `json:"chain_head"` // and its digest, hex
	Pages     int       `json:"pages"`      // of the numbered part
	Lacking   []string  `json:"lacking"`    // papers the check-list wants: form and need
	Files     []Entry   `json:"files"`
}

// Entry is one file of the list.
type Entry struct {
	Name   string `json:"name"` // inside the file
	Title  string `json:"title"`
	Class  string `json:"class,omitempty"` // of an original: what it is
	Size   int64  `json:"size"`            // bytes
	SHA256 string `json:"sha256"`          // hex
}

// format is that of the list.
const format = "doorstep volume 1"

// Binder has what a volume is made with. Sign signs the digest of the list; a
// nil one leaves the list unsigned.
type Binder struct {
	Press   *press.Press
	Setting paper.Setting
	Open    func(mediation.File) (io.ReadCloser, error)
	Sign    func(digest []byte) ([]byte, error)
	Now     time.Time
	Told    func(done, of int) // hears after each piece how many are drawn; may be nil
}

// PDF prints the volume of a case as its reader may see it.
//
// Errors: those of the press.
func (b Binder) PDF(w io.Writer, c *mediation.Case) (*paper.Binding, error) {
	pieces, err := paper.Contents(c, b.Setting)
	if err != nil {
		return nil, err
	}
	lacking := paper.Lacking(c, pieces)
	return b.Press.Volume(w, press.Volume{Pieces: pieces, Open: b.Open, Made: b.Now, Told: b.Told,
		Late: paper.Supplements(c, b.Setting), LateIndex: func(lines []paper.BoundLine) *paper.Paper { return paper.LateIndex(c, b.Setting, lines) },
		Sheet: func(f mediation.File) *paper.Paper { return paper.SheetFor(c, f, b.Setting) },
		Bound: func(form string, bound *paper.Binding) (*paper.Paper, error) {
			in := b.Setting
			bound.Lacking, in.Bound = lacking, bound
			return paper.Build(form, c, "", in)
		}})
}

// Bind writes the whole file, a ZIP, and gives its list. Nothing is written
// before the PDF is whole.
//
// Errors: those of the press and of Open.
func (b Binder) Bind(w io.Writer, c *mediation.Case) (*Manifest, error) {
	var pdf bytes.Buffer
	bound, err := b.PDF(&pdf, c)
	if err != nil {
		return nil, err
	}
	m := &Manifest{Format: format, Number: number(c), Case: string(c.ID), Committee: b.Setting.Office.Committee, Made: b.Now.UTC(), ChainSeq: c.ChainSeq,
		ChainHead: c.ChainHead, Pages: bound.Pages, Lacking: []string{}}
	for _, due := range bound.Lacking {
		m.Lacking = append(m.Lacking, due.Form+" "+due.Need)
	}
	z := zip.NewWriter(w)
	if err := m.put(z, VolumeName, "卷宗", &pdf, b.Now); err != nil {
		return nil, err
	}
	for i, f := range c.Files {
		content, err := b.Open(f)
		if err != nil {
			return nil, err
		}
		err = m.put(z, fmt.Sprintf("%s%03d-%s", originals, i+1, paper.PlainName(f.Name)), f.Named(), content, b.Now)
		m.Files[len(m.Files)-1].Class = f.Class
		if err = errors.Join(err, content.Close()); err != nil {
			return nil, err
		}
	}
	return m, b.seal(z, m)
}

func number(c *mediation.Case) string {
	if c.Number != "" {
		return c.Number
	}
	return c.IntakeNumber
}

// put adds a file and its line of the list. What is inside is packed already, so
// it is stored.
func (m *Manifest) put(z *zip.Writer, name, title string, r io.Reader, at time.Time) error {
	w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store, Modified: at})
	if err != nil {
		return err
	}
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(w, h), r)
	m.Files = append(m.Files, Entry{Name: name, Title: title, Size: n, SHA256: hex.EncodeToString(h.Sum(nil))})
	return err
}

// seal writes the list and its signature and closes the file.
func (b Binder) seal(z *zip.Writer, m *Manifest) error {
	list, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	w, err := z.CreateHeader(&zip.FileHeader{Name: ManifestName, Method: zip.Deflate, Modified: b.Now})
	if err != nil {
		return err
	}
	if _, err := w.Write(list); err != nil {
		return err
	}
	if b.Sign != nil {
		digest := sha256.Sum256(list)
		signature, err := b.Sign(digest[:])
		if err != nil {
			return err
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: SignatureName, Method: zip.Store, Modified: b.Now})
		if err != nil {
			return err
		}
		if _, err := io.WriteString(w, hex.EncodeToString(signature)+"\n"); err != nil {
			return err
		}
	}
	return z.Close()
}
