package demo

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"doorstep/internal/blob"
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
	"doorstep/templates"
)

// lay lays a drawn sample to the case, as what the label says. Without a store of
// files the stories are told without pictures.
func (t *tale) lay(by mediation.Actor, label mediation.File, lines ...string) {
	if t.Files == nil {
		return
	}
	f, err := t.sample(label, lines)
	if err != nil {
		t.fail(fmt.Errorf("demo: story %s: %s: %w", t.name, label.Title, err))
	}
	t.do(by, &mediation.Attached{File: f})
}

// sheet is the drawn scan of a paper that was signed. An act may need it where the
// stories are told without pictures too; then it is known by its name alone.
func (t *tale) sheet(title string, lines ...string) mediation.Scanned {
	if t.Files == nil {
		return mediation.Scanned{Scan: &mediation.File{Name: title + ".jpg", Kind: "image", Mime: "image/jpeg", Title: title, Digest: blob.DigestOf([]byte(title))}}
	}
	f, err := t.sample(mediation.File{Title: title}, lines)
	if err != nil {
		t.fail(fmt.Errorf("demo: story %s: %s: %w", t.name, title, err))
	}
	return mediation.Scanned{Scan: &f}
}

func (t *tale) sample(f mediation.File, lines []string) (mediation.File, error) {
	picture, err := drawn(f.Title, lines)
	if err != nil {
		return f, err
	}
	up, err := blob.Admit(bytes.NewReader(picture), 10<<20)
	if err != nil {
		return f, err
	}
	for _, content := range [][]byte{up.Preview, up.Bytes} {
		if _, err := t.Files.Put(t.ctx, bytes.NewReader(content), int64(len(content))); err != nil {
			return f, err
		}
	}
	f.Name, f.Kind, f.Mime, f.Size = f.Title+up.Ext, "image", up.Mime, int64(len(up.Bytes))
	f.Digest, f.Preview = blob.DigestOf(up.Bytes), blob.DigestOf(up.Preview)
	return f, nil
}

// proofs lays a proof of identity of everybody to the case, enters what it says,
// and lays the power of attorney of whoever comes by an agent, as it is done when a
// session begins. With sides named, only theirs.
func (t *tale) proofs(by mediation.Actor, sides ...mediation.Side) {
	if t.Files == nil {
		return
	}
	for _, id := range t.all() {
		p := t.c.Party(id)
		if len(sides) > 0 && !slices.Contains(sides, p.Side) {
			continue
		}
		t.enter(by, p)
		p = t.c.Party(id)
		if len(t.c.FilesAbout(statute.ProofOfIdentity, p.ID)) > 0 {
			continue
		}
		title, holder := "居民身份证", p.Name
		switch {
		case p.Capacity == "organisation":
			title = "营业执照"
			if strings.HasPrefix(p.CreditCode, "52") { // a private school or kindergarten is no company
				title = "民办非企业单位登记证书"
			}
		case p.GuardianName != "":
			title, holder = "户口簿", p.Name+"　监护人："+p.GuardianName
		}
		t.lay(by, mediation.File{Class: statute.ProofOfIdentity, About: p.ID, Title: p.Name + title}, "姓名（名称）："+holder, "号码："+orNone(p.IDMask+p.CreditCode))
		if p.AgentName != "" {
			t.lay(by, mediation.File{Class: statute.Authority, About: p.ID, Title: p.Name + "授权委托书"}, "委托人："+p.Name, "受托人："+p.AgentName, "权限：代为参加调解、签署协议")
		}
	}
}

func orNone(text string) string {
	if text == "" {
		return "（样张从略）"
	}
	return text
}

// cut is the type the samples are drawn in, read once.
var cut = sync.OnceValues(func() (*opentype.Font, error) {
	data, err := fs.ReadFile(templates.Fonts, "fonts/serif.ttf")
	if err != nil {
		return nil, err
	}
	return opentype.Parse(data)
})

// The size of a sample in pixels.
const sampleWide, sampleHigh = 900, 560

// drawn is a sheet with a title and lines, marked as a sample, as a JPEG.
func drawn(title string, lines []string) ([]byte, error) {
	f, err := cut()
	if err != nil {
		return nil, err
	}
	sheet := image.NewRGBA(image.Rect(0, 0, sampleWide, sampleHigh))
	draw.Draw(sheet, sheet.Bounds(), image.NewUniform(color.RGBA{250, 247, 238, 255}), image.Point{}, draw.Src)
	write := func(text string, size float64, y int, shade uint8) error {
		face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72})
		if err != nil {
			return err
		}
		pen := font.Drawer{Dst: sheet, Src: image.NewUniform(color.Gray{shade}), Face: face, Dot: fixed.P(60, y)}
		pen.DrawString(text)
		return face.Close()
	}
	size := 44.0
	if n := len([]rune(title)); n > 16 { // what is longer is written smaller, not cut
		size = size * 16 / float64(n)
	}
	err = errors.Join(write(title, size, 110, 30), write("样张　仅供演示", 36, sampleHigh-50, 170))
	for i, l := range lines {
		err = errors.Join(err, write(l, 30, 200+i*60, 60))
	}
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = jpeg.Encode(&out, sheet, nil)
	return out.Bytes(), err
}
