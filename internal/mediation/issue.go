package mediation

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"doorstep/internal/statute"
)

// Issue is a paper of a case as it was issued once: which form, about what, which
// time, and the digest its kept content is known by. The content itself lies
// sealed in a place of its own and never changes; a correction is a new issue.
//
// Source: PML 27.
type Issue struct {
	ID       ItemID    `json:"id"`
	Form     string    `json:"form"` // F01 to F26
	Item     ItemID    `json:"item"` // the session, visit, review or party it is about; "" for a paper there is one of
	Seq      int       `json:"seq"`  // within case, form and item, from 1
	At       time.Time `json:"at"`
	By       UserID    `json:"by_user,omitzero"`
	Number   string    `json:"number"`            // in the register of notices, kept by a correction; "" for a form without one
	Digest   string    `json:"digest"`            // SHA-256 of the content, hex
	Replaces ItemID    `json:"replaces,omitzero"` // the issue before
	Reason   string    `json:"reason"`            // why it was issued again; "" for the first
	Needs    []string  `json:"needs"`             // what one must see of the case to have drawn this very text
	Parties  []PartyID `json:"parties"`           // to whom it is handed
	Content  []byte    `json:"-"`                 // of an issue just made: canonical JSON, sealed when the case is saved
	Filed    bool      `json:"filed"`             // never issued, but kept with the volume as it stood when that was put away
	Replaced int       `json:"-"`                 // in what a reader sees: the issue that took its place; 0 while it stands
}

// Drawn is a paper the desk drew up to be issued, from what its issuer may see.
type Drawn struct {
	Form    string
	Item    ItemID
	Content []byte
	Digest  string   // SHA-256 of the content, hex
	Gaps    int      // facts it wants and the case does not hold
	Sight   []string // what its issuer sees of the case
	Needs   []string // as in Issue
	Parties []PartyID
}

// Issuing keeps a paper as it stands and gives it the next number (出具).
type Issuing struct {
	Paper  string `form:"paper"`  // form, or form/item
	Reason string `form:"reason"` // of a correction
}

// Action is the act's word.
func (Issuing) Action() Action { return IssuePaper }

// Which are form and item of the paper that was chosen.
func (a Issuing) Which() (form string, item ItemID) {
	form, rest, _ := strings.Cut(a.Paper, "/")
	return form, ItemID(rest)
}

// Apply refuses a paper that lacks a fact, one that says what the issue in force
// says already, and one by somebody who may not read what he would replace.
func (a Issuing) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.Limit("reason", a.Reason, MaxLine)
	d := s.Paper
	if d == nil {
		f.Mark("paper", "rule.no_such_paper")
		return f.Err()
	}
	if d.Gaps > 0 {
		return &Error{Kind: Invalid, Key: "rule.paper_lacks", Args: map[string]string{"n": strconv.Itoa(d.Gaps)}, Source: "PML 27"}
	}
	next := Issue{Form: d.Form, Item: d.Item, Seq: 1, At: s.Now, By: s.By.User, Digest: d.Digest, Needs: d.Needs, Parties: d.Parties, Content: d.Content}
	if last := c.InForce(d.Form, d.Item); last != nil {
		switch {
		case !containsAll(d.Sight, last.Needs):
			return refuse("issue_beyond", "PML 15")
		case last.Digest == d.Digest:
			return &Error{Kind: Invalid, Key: "rule.issue_unchanged", Args: map[string]string{"n": strconv.Itoa(last.Seq)}, Source: "PML 27"}
		}
		f.Require("reason", a.Reason)
		next.Seq, next.Replaces, next.Reason, next.Number = last.Seq+1, last.ID, strings.TrimSpace(a.Reason), last.Number
	}
	if err := f.Err(); err != nil {
		return err
	}
	if next.Number == "" && statute.NoticeWord(next.Form) != "" {
		number, err := s.Draw(next.Form)
		if err != nil {
			return err
		}
		next.Number = number
	}
	next.ID = s.item()
	c.Issues = append(c.Issues, next)
	if next.Form == "F23" && next.Item == "" { // the answer to who sent the case
		c.answered(s)
	}
	s.Code("form", next.Form)
	s.Code("number", strconv.Itoa(next.Seq))
	s.Code("content", next.Digest)
	s.Code("notice", next.Number)
	return nil
}

// filePapers keeps the papers of the volume that were never issued as they stand
// when it is put away, and lets the line of the history that does so name the
// digest of them all. They are handed to nobody and take no number.
//
// Source: PML 27; ARCH 37.
func (c *Case) filePapers(s *Scene) {
	var filed []Issue
	for _, d := range s.Volume {
		filed = append(filed, Issue{ID: ItemID(s.NewID()), Form: d.Form, Item: d.Item, Seq: 1, At: s.Now, By: s.By.User, Digest: d.Digest,
			Needs: d.Needs, Parties: []PartyID{}, Content: d.Content, Filed: true})
	}
	c.Issues = append(c.Issues, filed...)
	s.Code("papers", filedDigest(filed))
}

// filedDigest is the SHA-256, in hex, of the lines "id digest" of the papers kept
// with a volume, in the order of their ids; "" for none.
func filedDigest(filed []Issue) string {
	if len(filed) == 0 {
		return ""
	}
	var lines []string
	for _, n := range filed {
		lines = append(lines, string(n.ID)+" "+n.Digest)
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return hex.EncodeToString(sum[:])
}

// InForce is the last issue of a paper, which stands until it is replaced; nil
// when it was never issued.
func (c *Case) InForce(form string, item ItemID) *Issue {
	var last *Issue
	for i := range c.Issues {
		if n := &c.Issues[i]; n.Form == form && n.Item == item && (last == nil || n.Seq > last.Seq) {
			last = n
		}
	}
	return last
}

// seenWhole are the kinds of things For shows staff or keeps from them, each with
// what it takes to be shown all of it.
var seenWhole = []struct {
	object string
	action Action
	all    func([]Scope) bool
}{
	{"facts", "read", some}, {"contact", "read", whole}, {"file", "read", whole}, {"session", "read", wholeRecord}, {"identity", "read_masked", whole},
	{"agreement", "read", some}, {"deadline", "read", some}, {"risk", "read", some}, {"escalation", "read", some}, {"referral", "read", whole},
}

func some(scopes []Scope) bool { return len(scopes) > 0 }

// wholeRecord says whether one of the scopes covers more than the joint sessions.
func wholeRecord(scopes []Scope) bool {
	return whole(slices.DeleteFunc(slices.Clone(scopes), func(s Scope) bool { return s == ScopeInvited }))
}

// Seen lists what a reader of the office sees whole of a case; For shows two
// readers with the same list the same case, but for their own notes of talks.
func Seen(sees Sight) []string {
	list := []string{}
	for _, o := range seenWhole {
		if o.all(sees(o.object, o.action)) {
			list = append(list, o.object)
		}
	}
	return list
}

// Only narrows what a reader sees to the objects listed.
func Only(sees Sight, objects []string) Sight {
	return func(object string, action Action) []Scope {
		if !slices.Contains(objects, object) {
			return nil
		}
		return sees(object, action)
	}
}

// issuesFor leaves the issues a reader may open. Staff who print papers open what
// they could have drawn themselves: their sight holds all the issue needs. A
// party opens what is handed to it; one known by a code alone the notice of its
// rights only (decision on levels: notices, records and agreement want a checked
// identity). Why a paper was corrected is the office's own.
func (c *Case) issuesFor(me *Party, known bool, sees Sight) []Issue {
	if len(sees("paper", "print")) == 0 {
		return nil
	}
	list := slices.Clone(c.Issues)
	for i, n := range list {
		if c.InForce(n.Form, n.Item).Seq > n.Seq {
			list[i].Replaced = n.Seq + 1
		}
	}
	if me == nil {
		seen := Seen(sees)
		return slices.DeleteFunc(list, func(n Issue) bool { return !containsAll(seen, n.Needs) })
	}
	list = slices.DeleteFunc(list, func(n Issue) bool { return !n.handedTo(me, known) })
	for i := range list {
		list[i].Reason, list[i].Needs, list[i].Parties = "", nil, []PartyID{me.ID}
	}
	return list
}

// handedTo says whether an issue is for a party, and known enough of it to be shown.
func (n Issue) handedTo(p *Party, known bool) bool {
	return slices.Contains(n.Parties, p.ID) && (known || n.Form == "F03")
}

// OpenTo says whether a party can open the issue by the best way it has to the case:
// an account, or a code with what the office checked of its identity.
func (n Issue) OpenTo(p *Party) bool {
	return n.handedTo(p, p.User != "" || p.Identity >= LevelChecked)
}

func containsAll(all, some []string) bool {
	return !slices.ContainsFunc(some, func(s string) bool { return !slices.Contains(all, s) })
}
