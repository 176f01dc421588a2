package paper

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// Enclosure is an original that goes to the court with the papers of an
// application: the name under which it lies there, what it is, and the digest of
// what it holds.
type Enclosure struct {
	Name   string `json:"name"`
	Title  string `json:"title"`
	Digest string `json:"digest"`
}

// The folders of the file for the court.
const (
	sheetsFolder    = "签字文书/"
	authorityFolder = "授权委托书/"
	proofsFolder    = "身份证明/"
)

// Enclosures are the originals of a case as [mediation.Case.ForCourt] lays it before
// the court: the signed sheets, the application's first, the powers of the agents,
// the proofs of identity.
func Enclosures(c *mediation.Case) []Enclosure {
	files := slices.Clone(c.Files)
	slices.SortStableFunc(files, func(a, b mediation.File) int {
		return cmp.Or(cmp.Compare(enclosedAt(a), enclosedAt(b)), cmp.Compare(b.Form, a.Form))
	})
	counts := map[string]int{}
	var list []Enclosure
	for _, f := range files {
		folder := []string{sheetsFolder, authorityFolder, proofsFolder}[enclosedAt(f)]
		counts[folder]++
		list = append(list, Enclosure{fmt.Sprintf("%s%02d-%s", folder, counts[folder], PlainName(f.Name)), enclosedTitle(c, f), f.Digest})
	}
	return list
}

func enclosedAt(f mediation.File) int {
	return max(0, slices.Index([]string{statute.SignedPaper, statute.Authority, statute.ProofOfIdentity}, f.Class))
}

// enclosedTitle says what an original is and whose.
func enclosedTitle(c *mediation.Case, f mediation.File) string {
	title := className(f)
	if form, ok := statute.FormOf(f.Form); ok && f.Class == statute.SignedPaper {
		title = form.ZH + "签字扫描件"
	}
	if p := c.Party(f.About); p != nil && p.Name != "" {
		title += "（" + p.Name + "）"
	}
	return title
}

// enclosureList is the paper that names what goes to the court beside the papers;
// nil where nothing does.
func enclosureList(c *mediation.Case) *Paper {
	all := Enclosures(c)
	if len(all) == 0 {
		return nil
	}
	g := Grid{Head: []string{"序号", "材料", "文件", "校验码（SHA-256）"}, Shares: []int{9, 29, 32, 30}}
	for i, e := range all {
		g.Rows = append(g.Rows, []string{strconv.Itoa(i + 1), e.Title, e.Name, inFours(e.Digest)})
	}
	return &Paper{Code: "CT", Title: "随申请提交的扫描件清单", Number: number(c), Blocks: []Block{
		{Text: []string{"下列扫描件与申请书、证明和协议一并提交。核对文件时，请比对校验码。"}, Grid: g}}}
}

// inFours parts a digest so that it can be read and broken into lines.
func inFours(digest string) string {
	var parts []string
	for part := range slices.Chunk([]byte(digest), 4) {
		parts = append(parts, string(part))
	}
	return strings.Join(parts, " ")
}

// PlainName is a name that no unpacking program can take for a way elsewhere.
func PlainName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	return strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_'
		}
		return r
	}, strings.TrimLeft(name, "."))
}
