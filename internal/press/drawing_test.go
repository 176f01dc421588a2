package press

import (
	"bytes"
	"testing"

	"doorstep/internal/ink"
	"doorstep/internal/paper"
	"doorstep/templates"
)

func name(t *testing.T) []byte {
	t.Helper()
	d, err := ink.Parse("100,100 500,400;100,400 500,100;600,120 900,300")
	if err != nil {
		t.Fatal(err)
	}
	data, err := d.PNG()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func signed(picture []byte) *paper.Paper {
	return &paper.Paper{Title: "人民调解协议书", Blocks: []paper.Block{{Places: []paper.Place{
		{Role: "申请人签名", Name: "王建国", Done: "2026年5月15日已网上手写签名（协议文本摘要：0123456789ab）", Day: "2026年5月15日", Ink: picture},
		{Role: "被申请人签名", Name: "李敏", Finger: true}, {Role: "人民调解员签名", Name: "周明"}}}}}
}

// TestADrawnNameStandsClearOfWords: the picture keeps its shape, lies within its
// place and over no line of text.
func TestADrawnNameStandsClearOfWords(t *testing.T) {
	pages, err := testCuts(t).set(signed(name(t)))
	if err != nil {
		t.Fatal(err)
	}
	var d *drawing
	for _, m := range pages[0].marks {
		if v, ok := m.(drawing); ok {
			d = &v
		}
	}
	if d == nil {
		t.Fatal("the name is not drawn")
	}
	if d.wide > inkWidth || d.high > inkHeight || d.wide < inkWidth/2 || d.x < marginLeft || d.x+d.wide > marginLeft+placeWidth {
		t.Errorf("drawn at %+v", []float64{d.x, d.y, d.wide, d.high})
	}
	if c := float64(824) / 324; d.wide/d.high < c*0.95 || d.wide/d.high > c*1.05 {
		t.Errorf("%v by %v: out of shape", d.wide, d.high)
	}
	for _, m := range pages[0].marks {
		w, ok := m.(words)
		if ok && w.x < d.x+d.wide && w.x+w.run.width > d.x && w.y > d.y && w.y-w.size*0.8 < d.y+d.high {
			t.Errorf("%q lies under the name", w.run.text)
		}
	}
}

func TestADrawnNameIsPrinted(t *testing.T) {
	p := New(templates.Fonts)
	var with, without bytes.Buffer
	if err := p.Papers(&with, made, signed(name(t))); err != nil {
		t.Fatal(err)
	}
	if err := p.Papers(&without, made, signed(nil)); err != nil {
		t.Fatal(err)
	}
	image := []byte("/Subtype /Image")
	if !bytes.Contains(with.Bytes(), image) || bytes.Contains(without.Bytes(), image) {
		t.Errorf("a picture with %v and without %v", bytes.Contains(with.Bytes(), image), bytes.Contains(without.Bytes(), image))
	}
	if err := p.Papers(&with, made, signed([]byte("no picture"))); err == nil {
		t.Error("what is no picture was printed")
	}
}
