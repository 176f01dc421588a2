package paper

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// Issuable says whether papers of the form are issued by themselves. Cover, index
// and statement belong to the volume, which is signed as a whole.
func Issuable(code string) bool {
	_, ok := forms()[code]
	return ok && !slices.Contains([]string{"F27", "F28", "F29"}, code)
}

// Content is what is kept of an issued paper: the paper as it was drawn for its
// issuer and, where a party may see less of it, as it was drawn for that party at
// the same moment. Its canonical JSON is what the digest of an issue is made of.
type Content struct {
	Format string            `json:"format"` // "doorstep paper 1"
	Form   string            `json:"form"`
	Item   mediation.ItemID  `json:"item,omitempty"`
	Paper  *Paper            `json:"paper"`
	Copies map[string]*Paper `json:"copies,omitempty"` // by party
}

// contentFormat is that of Content.
const contentFormat = "doorstep paper 1"

// NewContent is the content of an issue before any copies are laid to it.
func NewContent(p *Paper, item mediation.ItemID) *Content {
	return &Content{Format: contentFormat, Form: p.Code, Item: item, Paper: p, Copies: map[string]*Paper{}}
}

// ReadContent reads content as it was kept.
//
// Errors: Internal when it is no content of a known format.
func ReadContent(kept []byte) (*Content, error) {
	c := &Content{}
	if err := json.Unmarshal(kept, c); err != nil {
		return nil, fmt.Errorf("paper: content of an issue: %w", err)
	}
	if c.Format != contentFormat || c.Paper == nil {
		return nil, fmt.Errorf("paper: content of an issue has the format %q", c.Format)
	}
	return c, nil
}

// For is the paper as one reader gets it: a party's own copy where there is one.
func (c *Content) For(party mediation.PartyID) *Paper {
	if own := c.Copies[string(party)]; own != nil {
		return own
	}
	return c.Paper
}

// Kept is an issue with its paper.
type Kept struct {
	Issue mediation.Issue
	Paper *Paper
}

// Issued is a kept paper with the small print of its issue: which it is, of which
// day, and the digest by which two sheets can be told to be the same, short to
// compare by eye and whole below it. One that was replaced says so above its title;
// one that was only kept with its volume is no issue and does not call itself one.
func (p *Paper) Issued(n mediation.Issue) *Paper {
	one := *p
	became := fmt.Sprintf("第%d次出具", n.Seq)
	if n.Filed {
		became = "归卷留存"
	}
	one.Foot = fmt.Sprintf("%s%s　%s　摘要 %s\n完整摘要（SHA-256） %s", p.edition(), became, day(statute.DateOf(n.At)), ShortDigest(n.Digest), Spaced(n.Digest, 8))
	one.Notice = n.Number
	if !n.Filed {
		one.Blocks = sealedOn(one.Blocks, statute.DateOf(n.At))
	}
	if n.Replaced > 0 {
		one.Mark = fmt.Sprintf("（本件已被第%d次出具替代）", n.Replaced)
	}
	return &one
}

// sealedOn are the blocks with the day of issue at the committee's seal where no act
// gave one. The day is no part of what is kept: a draft of tomorrow would differ by it.
func sealedOn(blocks []Block, on statute.Date) []Block {
	blocks = slices.Clone(blocks)
	for i := range blocks {
		for j, p := range blocks[i].Places {
			if p.Role == committeeSeal && p.Day == "" {
				blocks[i].Places = slices.Clone(blocks[i].Places)
				blocks[i].Places[j].Issued = day(on)
			}
		}
	}
	return blocks
}

// Numbers is the number a paper goes by: that of its case, and before it its own
// where it has one.
func (p *Paper) Numbers() string {
	if p.Notice == "" {
		return p.Number
	}
	return p.Notice + bracketing(p.Number)
}

// draftFoot is the small print of a paper that was not issued, so that nobody
// takes it for one that was.
func (p *Paper) draftFoot(today statute.Date) string {
	printed := "打印日期：" + day(today)
	if !Issuable(p.Code) {
		return printed
	}
	return p.edition() + "草稿，未出具　" + printed
}

// edition is which text of an agreement the paper is; "" for other papers.
func (p *Paper) edition() string {
	if p.Version == 0 {
		return ""
	}
	return fmt.Sprintf("协议文本第%d稿　", p.Version)
}

// ShortDigest is enough of a digest to compare by eye: sixteen signs in fours.
func ShortDigest(digest string) string { return Spaced(shortDigest(digest), 4) }

// Spaced sets a digest in groups of n signs.
func Spaced(digest string, n int) string {
	var groups []string
	for group := range slices.Chunk([]byte(digest), n) {
		groups = append(groups, string(group))
	}
	return strings.Join(groups, " ")
}

// Which is the item of a paper that was named by its form alone, where there is
// one only.
//
// Errors: NotFound as Build.
func Which(code string, c *mediation.Case, item mediation.ItemID) (mediation.ItemID, error) {
	f, ok := forms()[code]
	if !ok {
		return "", &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
	}
	items := f.items(c)
	if item == "" && len(items) == 1 {
		item = items[0]
	}
	if !slices.Contains(items, item) {
		return "", &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
	}
	return item, nil
}

// Lacks counts the facts a paper wants and the case does not hold; what is
// written on the sheet by hand is not among them.
func (p *Paper) Lacks() int {
	n := 0
	for _, g := range p.Missing {
		if !g.Hand {
			n++
		}
	}
	return n
}

// withIssued are the papers of a form: those the case can have now, and those
// that were issued when it could.
func withIssued(choices []Choice, form string, issues []Kept) []Choice {
	var list []Choice
	for _, ch := range choices {
		if ch.Form == form {
			list = append(list, ch)
		}
	}
	for _, k := range issues {
		same := func(ch Choice) bool { return ch.Item == k.Issue.Item }
		if k.Issue.Form == form && !slices.ContainsFunc(list, same) {
			list = append(list, Choice{Form: form, Item: k.Issue.Item, Seq: len(list) + 1})
		}
	}
	return list
}

// inForce is the issue of a paper that stands; nil when it was never issued.
func inForce(issues []Kept, ch Choice) *Paper {
	for _, k := range issues {
		if k.Issue.Form == ch.Form && k.Issue.Item == ch.Item {
			return k.Paper
		}
	}
	return nil
}
