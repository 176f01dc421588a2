package paper

import (
	"fmt"
	"slices"
	"strconv"

	"doorstep/internal/mediation"
)

// LateMark stands before the page numbers of what came after the volume was
// closed: 补1.
const LateMark = "补"

// Supplements are the sheets of what came after the case was closed, each with
// the file that came with it. They stand behind the back cover: the volume itself
// and its numbering stay as they were bound.
func Supplements(c *mediation.Case, in Setting) []Piece {
	var pieces []Piece
	for _, a := range c.Addenda {
		title := fmt.Sprintf("补充材料%d", a.Seq)
		pieces = append(pieces, Piece{Form: "AD", Item: a.ID, Title: title + "（" + day(a.On) + "）", Paper: lateSheet(c, a, in)})
		if i := slices.IndexFunc(c.Files, func(f mediation.File) bool { return f.ID == a.File && a.File != "" }); i >= 0 {
			piece := original(c, &c.Files[i], "AD")
			piece.Title = title + "附件：" + c.Files[i].Named()
			pieces = append(pieces, piece)
		}
	}
	return pieces
}

// lateSheet is one addendum.
func lateSheet(c *mediation.Case, a mediation.Addendum, in Setting) *Paper {
	s := &sheet{c: c, in: in, paper: &Paper{Code: "AD", Title: "补充材料", Office: in.Office.Committee, Number: number(c)}}
	by := in.Names[a.By]
	attached := "无"
	for _, f := range c.Files {
		if f.ID == a.File && a.File != "" {
			attached = f.Named()
		}
	}
	s.add(Block{Facts: []Fact{
		{"序号", "第" + strconv.Itoa(a.Seq) + "号"},
		{"案件结案时间", orElse(dayOf(c.EndedAt), openDay)},
		{"情况发生（得知）日期", day(a.On)},
		{"提供人", orElse(a.From, "调委会")},
		{"附件", attached},
	}})
	s.add(Block{Head: "补充内容", Text: s.lines(a.Text, "story")})
	s.add(Block{Text: []string{"本页是结案后补充的材料，放在封底之后，页号另编；原卷的内容和页号不变。"},
		Places: []Place{{Role: "记录人签名", Name: by, Day: dayOf(a.At)}, {Role: "调委会主任签名"}}})
	s.foot()
	return s.paper
}

// LateIndex lists what stands behind the back cover.
func LateIndex(c *mediation.Case, in Setting, lines []BoundLine) *Paper {
	s := &sheet{c: c, in: in, paper: &Paper{Code: "AD", Title: "补充材料目录", Office: in.Office.Committee, Number: number(c)}}
	s.add(Block{Grid: indexGrid(lines, LateMark)})
	s.foot()
	return s.paper
}

// indexGrid is an index, its page numbers behind a mark.
func indexGrid(lines []BoundLine, mark string) Grid {
	g := Grid{Head: []string{"序号", "材料名称", "页号", "备注"}, Shares: []int{9, 61, 14, 16}}
	for i, l := range lines {
		pages := mark + strconv.Itoa(l.From)
		if l.To > l.From {
			pages += "—" + mark + strconv.Itoa(l.To)
		}
		g.Rows = append(g.Rows, []string{strconv.Itoa(i + 1), l.Title, pages, l.Note})
	}
	return g
}
