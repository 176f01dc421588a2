package mediation

import (
	"slices"
	"strings"
	"time"

	"doorstep/internal/statute"
)

// Sight says by which scopes an actor may see one kind of thing of a case; none
// means not at all. It is the policy's answer for this very row.
type Sight func(object string, action Action) []Scope

// whole says whether one of the scopes covers every item, not only those of the
// reader's own side.
func whole(scopes []Scope) bool {
	return slices.ContainsFunc(scopes, func(s Scope) bool {
		return s != ScopeOwnSide && s != ScopeShared && s != ScopeAuthor
	})
}

// For is the case as one reader may see it: a copy from which everything else is
// gone, so that no page, export or print can show what it never got.
func (c *Case) For(a Actor, sees Sight) *Case {
	v := *c
	me := c.actorParty(a)
	known := me == nil || me.Identity >= LevelChecked || a.Code == nil // a code alone shows no names (level 1)
	facts := sees("facts", "read")
	if len(facts) == 0 {
		v.withoutNarrative()
	}
	v.Parties = c.partiesFor(me, known, sees)
	if !whole(sees("contact", "read")) {
		v.Contacts = nil
	}
	v.Files = c.filesFor(me, known, sees("file", "read"), whole(sees("identity", "reveal")))
	v.Sessions = c.sessionsFor(me, known, sees("session", "read"))
	if !whole(sees("session", "read")) {
		v.Inquiries, v.Corrections = nil, nil
	}
	v.Caucuses = slices.DeleteFunc(slices.Clone(c.Caucuses), func(n CaucusNote) bool {
		return me != nil || a.User == "" || n.By != a.User // nobody but the author, whatever his role
	})
	if len(sees("agreement", "read")) == 0 || !known {
		v.Agreements, v.Signatures, v.Obligations = nil, nil, nil
	}
	if !known || len(facts) == 0 && !whole(sees("referral", "read")) { // the court reads its own steps
		v.Confirmations = nil
	}
	v.Confirmations = v.applicationsFor(a, sees("referral", "read"))
	v.Joinings = v.joiningsFor(me, whole(sees("identity", "read_masked")))
	if len(sees("deadline", "read")) == 0 {
		v.Deadlines = nil
	}
	if len(sees("risk", "read")) == 0 {
		v.withoutDanger()
	}
	if len(sees("escalation", "read")) == 0 {
		v.Escalations, v.MajorReports = nil, nil
	}
	switch scopes := sees("referral", "read"); {
	case len(scopes) == 0:
		v.Referrals = nil
	case byCourt(scopes):
		v.Referrals = slices.DeleteFunc(slices.Clone(c.Referrals), func(r Referral) bool { return !ofCourt(a, r.Court) })
	}
	v.DataRequests = c.dataRequestsFor(me, whole(sees("contact", "read")))
	clocks := sees("deadline", "read") // whoever reads the register has them
	v.handedFor(me, len(facts) > 0, len(facts) > 0 || whole(clocks) && !byCourt(clocks))
	v.Issues = c.issuesFor(me, known, sees)
	if me != nil {
		v.forParty(me)
	}
	return &v
}

// dataRequestsFor are what was asked of personal data: a party's own, and all of them
// for those of the office who deal with the parties.
func (c *Case) dataRequestsFor(me *Party, office bool) []DataRequest {
	return slices.DeleteFunc(slices.Clone(c.DataRequests), func(r DataRequest) bool { return me == nil && !office || me != nil && r.Party != me.ID })
}

// byCourt says whether the scopes are those of a court and of nobody else.
func byCourt(scopes []Scope) bool {
	return len(scopes) > 0 && !slices.ContainsFunc(scopes, func(s Scope) bool { return s != ScopeReferred })
}

func ofCourt(a Actor, court CourtID) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool { return g.Court != "" && g.Court == court })
}

// handedFor leaves of a transfer what a reader may know: whoever reads the register
// where the matter went, and the applicant why as well. Who spoke for the receiver
// is the office's own. The other side hears of it from the receiver, when that
// asks it (row 7).
func (c *Case) handedFor(me *Party, facts, register bool) {
	if me == nil && !register || me != nil && me.Side != Applicant {
		c.Transfers, c.LinkedTo = nil, ""
		return
	}
	c.Transfers = slices.Clone(c.Transfers)
	for i := range c.Transfers {
		t := &c.Transfers[i]
		if !facts {
			t.Reason = ""
		}
		if !facts || me != nil {
			t.AgreedBy, t.AgreedHow, t.By = "", "", ""
		}
	}
}

// applicationsFor are the applications as a reader may see them. What went to a
// court is that court's and the office's; another court, and one that was only
// named, reads nothing of it.
func (c *Case) applicationsFor(a Actor, scopes []Scope) []Confirmation {
	if whole(scopes) && !byCourt(scopes) {
		return c.Confirmations
	}
	list := slices.Clone(c.Confirmations)
	if byCourt(scopes) {
		return slices.DeleteFunc(list, func(k Confirmation) bool { return !k.Filed() || !ofCourt(a, k.Court) })
	}
	for i := range list {
		list[i].Pack = ""
	}
	return list
}

// joiningsFor are the parts of the parties in the applications a reader sees.
// Where the court serves a party is for the court and that party's own side.
func (c *Case) joiningsFor(me *Party, masks bool) []Joining {
	var list []Joining
	for _, j := range c.Joinings {
		if !slices.ContainsFunc(c.Confirmations, func(k Confirmation) bool { return k.ID == j.Confirmation }) {
			continue
		}
		j.Fresh = nil
		p := c.Party(j.Party)
		if own := me != nil && p != nil && p.Side == me.Side; !own && (me != nil || !masks) {
			j.ServeMask, j.OnlineMask, j.Online = "", "", false
		}
		list = append(list, j)
	}
	return list
}

// forParty leaves a party its own filing, what it signed and what it asked, and
// takes the office's own notes.
func (c *Case) forParty(me *Party) {
	c.Conflicts, c.FollowUps, c.Addenda = nil, nil, nil
	c.withoutFindings()
	c.Recusals = slices.DeleteFunc(slices.Clone(c.Recusals), func(r Recusal) bool { return r.Party != me.ID })
	c.Missing, c.Summary, c.RetentionWhy, c.GradeReason = "", "", "", ""
	c.Deadlines = slices.DeleteFunc(slices.Clone(c.Deadlines), func(d Deadline) bool { return d.Kind == statute.D21Major })
	if c.Stage != Supplement && !c.Stage.Final() {
		c.OutcomeText = ""
	}
	if me.Side != Applicant && c.EndedAs == ReferredOut {
		c.OutcomeText = ""
	}
	if me.Side != Applicant { // the other side is told the matter, not the story as it was filed
		c.Facts, c.Place, c.Request, c.Respondent = "", "", "", ""
	}
}

// withoutFindings takes what the check found: where a mediator lives and who his
// relatives are is his own; the parties are told of a tie by the chair.
func (c *Case) withoutFindings() {
	c.Assignments = slices.Clone(c.Assignments)
	for i := range c.Assignments {
		c.Assignments[i].Findings, c.Assignments[i].Verdict = nil, ""
	}
}

// withoutDanger takes whatever shows that a danger was noted: who reported to
// the police is kept secret (ADVL 14), so its clock is no more to be seen than
// the note itself.
func (c *Case) withoutDanger() {
	c.Risks, c.Hold, c.Restricted = nil, false, false
	c.Deadlines = slices.DeleteFunc(slices.Clone(c.Deadlines), func(d Deadline) bool { return d.Kind == statute.D04Report })
}

// withoutNarrative leaves the fields of the register and takes the story, and
// who besides the parties and mediators had a part in it.
func (c *Case) withoutNarrative() {
	c.Recusals, c.Conflicts, c.FollowUps, c.Extensions, c.Helpers, c.Addenda = nil, nil, nil, nil, nil, nil
	c.withoutFindings()
	c.Title, c.Facts, c.Place, c.Request, c.Respondent, c.OutcomeText, c.Missing, c.Summary, c.RetentionWhy, c.GradeReason = "", "", "", "", "", "", "", "", "", ""
}

// partiesFor masks names for readers of the register and keeps phone, ID, address
// and what else is told of a person from everybody but staff who may see masks and
// the party's own side.
func (c *Case) partiesFor(me *Party, known bool, sees Sight) []Party {
	masks, own := sees("identity", "read_masked"), sees("facts", "read")
	all := slices.Clone(c.Parties)
	for i := range all {
		p := &all[i]
		p.Fresh = nil
		mine := me != nil && me.Side == p.Side
		if !whole(masks) && (!mine || len(masks) == 0) {
			p.PhoneMask, p.IDMask, p.BirthMask, p.AddressMask, p.AccountMask = "", "", "", "", ""
			p.Sex, p.Ethnic, p.Occupation = "", "", ""
		}
		if len(own) == 0 || (!known && !mine) {
			p.Name, p.GuardianName, p.AgentName, p.LegalRep, p.LegalPost, p.CreditCode = maskName(p.Name), "", "", "", "", ""
		}
		if me != nil && !mine {
			p.User, p.IdentityHow, p.ConsentHow = "", "", ""
			p.ClosedAskedAt = time.Time{} // who of the others wanted to be among themselves
		}
	}
	return all
}

// maskName keeps the family name: 张**.
func maskName(name string) string {
	runes := []rune(name)
	if len(runes) == 0 {
		return ""
	}
	return string(runes[0]) + strings.Repeat("*", min(2, max(1, len(runes)-1)))
}

// filesFor keeps a proof of identity from everybody but staff who may read the
// numbers on it and the party it is about, checked or signed in: a receipt code
// alone, which might be found, shows none (PIPL 28). The sheet on which a party
// alone joined the application to the court is its own in the same way; the one
// that several signed bears the numbers and doors of all.
func (c *Case) filesFor(me *Party, known bool, scopes []Scope, reveals bool) []File {
	return slices.DeleteFunc(slices.Clone(c.Files), func(f File) bool {
		if f.Class == statute.ProofOfIdentity {
			mine := me != nil && known && f.About == me.ID && slices.Contains(scopes, ScopeOwnSide)
			return !mine && (!reveals || !whole(scopes))
		}
		if whole(scopes) {
			return false
		}
		signed := me != nil && known && f.About == me.ID && f.Class == statute.SignedPaper && f.Form == "F16"
		own := me != nil && (signed || f.Party == me.ID || f.Side == me.Side && f.Side != "") && slices.Contains(scopes, ScopeOwnSide)
		shared := f.Shared && known && slices.Contains(scopes, ScopeShared)
		return !own && !shared
	})
}

// jointOnly is what somebody invited to help reads (PML 20): the joint sessions,
// without the mediator's notes on the bargaining.
func (c *Case) jointOnly() []Session {
	list := slices.DeleteFunc(slices.Clone(c.Sessions), func(s Session) bool { return s.Mode == "caucus" && s.State != "planned" })
	for i := range list {
		list[i].Negotiation = ""
	}
	return list
}

// sessionsFor gives a party the plan of what it is asked to, and the records of
// joint sessions it sat in; never the mediator's notes on the bargaining.
func (c *Case) sessionsFor(me *Party, known bool, scopes []Scope) []Session {
	if whole(scopes) {
		if slices.ContainsFunc(scopes, func(s Scope) bool { return s != ScopeInvited && s != ScopeOwnSide && s != ScopeShared }) {
			return c.Sessions
		}
		return c.jointOnly()
	}
	var list []Session
	if me == nil && len(scopes) == 0 { // the register knows when, not what
		for _, s := range c.Sessions {
			list = append(list, Session{ID: s.ID, Seq: s.Seq, At: s.At, Mode: s.Mode, State: s.State, Result: s.Result})
		}
		return list
	}
	if me == nil || !slices.Contains(scopes, ScopeShared) {
		return nil
	}
	for _, s := range c.Sessions {
		s.Negotiation = ""
		sat := slices.ContainsFunc(s.Attendance, func(at Attendance) bool { return at.Party == me.ID && at.Present })
		if s.Mode == "caucus" && s.State != "planned" && !sat { // a talk with the other side alone
			continue
		}
		if s.State != "recorded" || !sat || s.Mode != "joint" || !known {
			s.Statements, s.Confirmed, s.Attendance = nil, "", nil
		}
		list = append(list, s)
	}
	return list
}

// NextDue is the open clock that ends first, paused ones left aside; nil when
// none runs.
func (c *Case) NextDue() *Deadline {
	var next *Deadline
	for i := range c.Deadlines {
		d := &c.Deadlines[i]
		if d.Open() && d.PausedAt.IsZero() && (next == nil || d.Due.Before(next.Due)) {
			next = d
		}
	}
	return next
}

// Late says whether an open clock has run out at the moment now.
func (c *Case) Late(now time.Time) bool {
	next := c.NextDue()
	return next != nil && now.After(next.Due)
}
