package volume

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"doorstep/internal/mediation"
	"doorstep/internal/paper"
	"doorstep/internal/press"
	"doorstep/internal/statute"
	"doorstep/internal/vault"
	"doorstep/templates"
)

var now = time.Date(2026, 7, 1, 9, 0, 0, 0, statute.Shanghai)

// office binds a settled case with a photo, a drawing and a document.
type office struct {
	testing.TB
	keys  *vault.Keys
	blobs map[string][]byte
	c     *mediation.Case
	b     Binder
}

func openOffice(tb testing.TB) *office {
	tb.Helper()
	keys, err := vault.OpenKeys(filepath.Join(tb.TempDir(), "keys"), true)
	if err != nil {
		tb.Fatal(err)
	}
	words, err := paper.LoadWording(templates.FS)
	if err != nil {
		tb.Fatal(err)
	}
	o := &office{TB: tb, keys: keys, blobs: map[string][]byte{}}
	o.c = &mediation.Case{ID: "c", Number: "榆园人调字〔2026〕第12号", IntakeNumber: "榆园登〔2026〕12号", Stage: mediation.Closed, Type: "02", Subtype: "02-noise", Source: "application",
		Title: "楼上噪音", Facts: "晚上拖拽椅子。", Request: "停止影响", FiledAt: now, RegisteredAt: now, AcceptedAt: now, EffectiveOn: statute.DateOf(now), ChainSeq: 7, ChainHead: "ab12",
		Parties: []mediation.Party{{ID: "p1", Name: "陈阿芬", Side: mediation.Applicant, GroupSize: 1}, {ID: "p2", Name: "邵立", Side: mediation.Respondent, GroupSize: 1}}}
	photo := image.NewRGBA(image.Rect(0, 0, 300, 200))
	for i := range photo.Pix {
		photo.Pix[i] = byte(i)
	}
	var j, p bytes.Buffer
	if err := errors.Join(jpeg.Encode(&j, photo, nil), png.Encode(&p, wide())); err != nil {
		tb.Fatal(err)
	}
	o.lay("现场照片.jpg", "image", "image/jpeg", j.Bytes())
	o.lay("平面图.png", "image", "image/png", p.Bytes())
	o.lay("../../报价 单.pdf", "document", "application/pdf", []byte("%PDF-1.4 原件"))
	o.b = Binder{Press: press.New(templates.Fonts), Setting: paper.Setting{Office: paper.Office{Committee: "榆园社区人民调解委员会"}, Words: words, Today: statute.DateOf(now)},
		Sign: keys.Sign, Now: now, Open: func(f mediation.File) (io.ReadCloser, error) {
			data, ok := o.blobs[f.Digest]
			if !ok {
				return nil, &mediation.Error{Kind: mediation.Unavailable, Key: "file.missing"}
			}
			return io.NopCloser(bytes.NewReader(data)), nil
		}}
	return o
}

// wide is a drawing larger than a page can show.
func wide() image.Image {
	m := image.NewNRGBA(image.Rect(0, 0, 2400, 900))
	for x := range 2400 {
		for y := range 900 {
			m.Set(x, y, color.NRGBA{uint8(x), uint8(y), 0, 128})
		}
	}
	return m
}

func (o *office) lay(name, kind, mime string, data []byte) {
	digest := fmt.Sprintf("%064d", len(o.blobs)+1)
	o.blobs[digest] = data
	o.c.Files = append(o.c.Files, mediation.File{ID: mediation.ItemID(name), Name: name, Kind: kind, Mime: mime, Size: int64(len(data)), Digest: digest, At: now})
}

func (o *office) bind() []byte {
	o.Helper()
	var file bytes.Buffer
	if _, err := o.b.Bind(&file, o.c); err != nil {
		o.Fatal(err)
	}
	return file.Bytes()
}

func (o *office) verify(file []byte) (*Manifest, error) {
	return Verify(bytes.NewReader(file), int64(len(file)), o.keys.Verify)
}

func TestABoundVolumeIsWhole(t *testing.T) {
	o := openOffice(t)
	m, err := o.verify(o.bind())
	if err != nil {
		t.Fatal(err)
	}
	if m.Number != o.c.Number || m.ChainSeq != 7 || m.ChainHead != "ab12" || len(m.Files) != 4 || m.Pages < 8 {
		t.Errorf("%+v", m)
	}
	if got := m.Files[3].Name; got != "originals/003-报价 单.pdf" {
		t.Errorf("an original is named %q: no way may lead out of the folder", got)
	}
	o.c.Files[0].Class = "identity"
	if m, err := o.verify(o.bind()); err != nil || m.Files[1].Class != "identity" || m.Files[0].Class != "" {
		t.Errorf("%v %+v: the list does not say what an original is", err, m.Files)
	}
	if !strings.Contains(strings.Join(m.Lacking, ";"), "ID must") {
		t.Errorf("lacking = %v, want the proof of identity", m.Lacking)
	}
}

// rewritten is the file with one change made by do; nil content drops the entry.
func rewritten(t *testing.T, file []byte, do func(name string, content []byte) (string, []byte)) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		name, content := do(f.Name, content)
		if content == nil {
			continue
		}
		e, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := e.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestAChangedVolumeIsFound(t *testing.T) {
	o := openOffice(t)
	file := o.bind()
	for _, tt := range []struct {
		rule string
		do   func(name string, content []byte) (string, []byte)
		want error
	}{
		{"nothing changed", func(n string, c []byte) (string, []byte) { return n, c }, nil},
		{"a byte of the volume", func(n string, c []byte) (string, []byte) {
			if n == VolumeName {
				c[len(c)/2] ^= 1
			}
			return n, c
		}, ErrChanged},
		{"an original left out", func(n string, c []byte) (string, []byte) {
			if strings.HasSuffix(n, ".jpg") {
				return n, nil
			}
			return n, c
		}, ErrChanged},
		{"an original under another name", func(n string, c []byte) (string, []byte) { return strings.ReplaceAll(n, "现场", "别处"), c }, ErrChanged},
		{"a word of the list", func(n string, c []byte) (string, []byte) {
			if n == ManifestName {
				c = bytes.Replace(c, []byte(`"chain_seq": 7`), []byte(`"chain_seq": 6`), 1)
			}
			return n, c
		}, vault.ErrCheckpoint},
		{"no signature", func(n string, c []byte) (string, []byte) {
			if n == SignatureName {
				return n, nil
			}
			return n, c
		}, ErrUnsigned},
		{"no list", func(n string, c []byte) (string, []byte) {
			if n == ManifestName {
				return n, nil
			}
			return n, c
		}, ErrNoVolume},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if _, err := o.verify(rewritten(t, file, tt.do)); !errors.Is(err, tt.want) {
				t.Errorf("err = %v, want %v", err, tt.want)
			}
		})
	}
	if _, err := o.verify([]byte("no zip")); !errors.Is(err, ErrNoVolume) {
		t.Errorf("err = %v, want ErrNoVolume", err)
	}
}

func TestAVolumeWithoutAnOriginalIsNotBound(t *testing.T) {
	o := openOffice(t)
	clear(o.blobs)
	if _, err := o.b.Bind(io.Discard, o.c); mediation.KindOf(err) != mediation.Unavailable {
		t.Errorf("err = %v, want Unavailable", err)
	}
}

// TestTheVolumeIsNumberedThrough reads the volume with another's reader: each
// numbered page bears its number, and the index names the page a piece begins on.
func TestTheVolumeIsNumberedThrough(t *testing.T) {
	reader, err := exec.LookPath("pdftotext")
	if err != nil {
		if os.Getenv("REQUIRE_POPPLER") == "1" {
			t.Fatal(err)
		}
		t.Skip("no pdftotext (package poppler-utils)")
	}
	o := openOffice(t)
	var file bytes.Buffer
	bound, err := o.b.PDF(&file, o.c)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "volume.pdf")
	if err := os.WriteFile(path, file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("DOORSTEP_KEEP_PAPERS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, "volume.pdf"), file.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.CommandContext(t.Context(), reader, "-raw", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	pages := strings.Split(strings.TrimSuffix(string(out), "\f"), "\f")
	if len(pages) != bound.Pages+2 || !strings.Contains(pages[0], "卷宗封面") || !strings.Contains(pages[0], fmt.Sprintf("共%d页", bound.Pages)) || !strings.Contains(pages[1], "卷内目录") {
		t.Fatalf("%d pages for %d numbered ones: %q", len(pages), bound.Pages, pages[0])
	}
	indexed(t, bound, pages[1:2])
	for i, text := range pages[2:] {
		if !strings.Contains("\n"+text+"\n", fmt.Sprintf("\n%d\n", i+1)) {
			t.Errorf("page %d of the volume does not bear its number: %q", i+1, text)
		}
	}
	for _, l := range bound.Lines[:len(bound.Lines)-1] {
		title, _, _ := strings.Cut(l.Title, "（")
		if text := strings.NewReplacer("\n", "", " ", "").Replace(pages[l.From+1]); !strings.Contains(text, strings.ReplaceAll(title, " ", "")) && l.Note == "" {
			t.Errorf("%s does not begin on page %d: %q", l.Title, l.From, text)
		}
	}
}

// indexed reads the printed index: each piece stands in it once, in its order, with
// the pages it was bound on.
func indexed(t *testing.T, bound *paper.Binding, index []string) {
	t.Helper()
	solid := func(text string) string {
		return strings.NewReplacer("\n", "", " ", "", "\f", "").Replace(text)
	}
	text, at := solid(strings.Join(index, "")), 0
	for i, l := range bound.Lines {
		pages := strconv.Itoa(l.From)
		if l.To > l.From {
			pages += "—" + strconv.Itoa(l.To)
		}
		row := solid(strconv.Itoa(i+1) + l.Title + pages)
		n := strings.Index(text[at:], row)
		if n < 0 {
			t.Fatalf("the index does not say %q after the rows before it: %q", row, text[at:])
		}
		at += n + len(row)
		if after := text[at:]; after != "" && after[0] >= '0' && after[0] <= '9' && i+1 < len(bound.Lines) && !strings.HasPrefix(after, strconv.Itoa(i+2)) {
			t.Errorf("the pages of %s go on: %.12q", l.Title, after)
		}
	}
}

// TestALongIndexKeepsItsNumbers: an index that runs on to a second page names the
// pages as they are, and its head stands again.
func TestALongIndexKeepsItsNumbers(t *testing.T) {
	reader, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("no pdftotext (package poppler-utils)")
	}
	o := openOffice(t)
	for i := range 45 {
		o.lay(fmt.Sprintf("照片%d.jpg", i), "image", "image/jpeg", o.blobs[fmt.Sprintf("%064d", 1)])
	}
	var file bytes.Buffer
	bound, err := o.b.PDF(&file, o.c)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "volume.pdf")
	if err := os.WriteFile(path, file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), reader, "-raw", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	pages := strings.Split(strings.TrimSuffix(string(out), "\f"), "\f")
	front := len(pages) - bound.Pages
	if front < 3 {
		t.Fatalf("%d unnumbered pages: the index does not run on", front)
	}
	for i, text := range pages[2:front] {
		head := strings.Index(text, "备注")
		if head < 0 {
			t.Fatalf("page %d of the index has no head", i+2)
		}
		pages[2+i] = text[head+len("备注"):]
	}
	for i := 1; i < front; i++ { // without the foot, which stands between
		pages[i] = regexp.MustCompile(`第\d+页\s*共\d+页|打印日期：[^\n]*`).ReplaceAllString(pages[i], "")
	}
	indexed(t, bound, pages[1:front])
	for _, l := range bound.Lines {
		if text := pages[front-1+l.From]; !strings.Contains("\n"+text+"\n", fmt.Sprintf("\n%d\n", l.From)) {
			t.Errorf("%s: page %d bears another number", l.Title, l.From)
		}
	}
}

// BenchmarkVolume binds sixty pages, a third of them photos.
func BenchmarkVolume(b *testing.B) {
	o := openOffice(b)
	for i := range 18 {
		o.lay(fmt.Sprintf("照片%d.jpg", i), "image", "image/jpeg", o.blobs[fmt.Sprintf("%064d", 1)])
	}
	o.c.Facts = strings.Repeat("晚上拖拽椅子，影响休息，多次沟通没有结果。", 1300)
	for b.Loop() {
		bound, err := o.b.PDF(io.Discard, o.c)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(bound.Pages), "pages")
	}
}
