package mediation

import (
	"slices"
	"strings"
	"time"

	"doorstep/internal/statute"
)

// FromCommittee is the source of a matter that another committee handed on.
const FromCommittee = "committee"

// Transfer is how a matter was handed on before it was accepted (row 9): to whom,
// who there had agreed to take it, and on which ground of PIPL 23 the data went
// along. A case has one at most, since it ends with it.
type Transfer struct {
	ID        ItemID       `json:"id"`
	Committee CommitteeID  `json:"committee_id,omitzero"` // of this installation; "" for a body outside it
	Receiver  string       `json:"receiver"`              // its name as it was then
	Reason    string       `json:"reason"`
	AgreedBy  string       `json:"agreed_by"` // who spoke for the receiver
	AgreedOn  statute.Date `json:"agreed_on"`
	AgreedHow string       `json:"agreed_how"`   // code list "contact_means"
	Ground    string       `json:"legal_ground"` // PIPL 13, 23: "consent" or "statutory_duty"
	By        UserID       `json:"by_user,omitzero"`
	At        time.Time    `json:"at"`
}

// Here says whether the receiver is a committee of this installation, so that a
// linked case was opened there.
func (t Transfer) Here() bool { return t.Committee != "" }

// Handed is the transfer by which the matter went to another committee of this
// installation; nil when it did not.
func (c *Case) Handed() *Transfer {
	if n := len(c.Transfers); n > 0 && c.Transfers[n-1].Here() {
		return &c.Transfers[n-1]
	}
	return nil
}

// Receiver is what a transfer must know of the committee it goes to.
type Receiver struct {
	Committee CommitteeID
	Name      string
	Closed    bool
	Chaired   bool // somebody holds its chair now; else nobody could ever accept
	Area      AreaID
	AreaPath  string
	Stored    int64 // bytes its cases keep, held until the act is done
}

// seat is where a matter lies with the receiver: at the place of the dispute when
// that is in its area, else in its own, so that its own legal staff guide it.
func (r Receiver) seat(c *Case) Seat {
	if strings.HasPrefix(c.AreaPath, r.AreaPath) {
		return Seat{r.Committee, c.Area, c.AreaPath}
	}
	return Seat{r.Committee, r.Area, r.AreaPath}
}

// Hands is an act that may give the matter to another committee: the desk looks
// up whom it names.
type Hands interface {
	HandedTo() (committee CommitteeID, name string)
}

// Transferral hands the matter to the committee or organ that is competent
// (row 9, NB15 18): one of this installation, where a linked case opens in the
// same breath, or a body outside, to which the letter F23 goes.
type Transferral struct {
	Committee CommitteeID  `form:"committee"`
	Receiver  string       `form:"receiver"`
	Reason    string       `form:"reason"`
	Agreed    bool         `form:"agreed"` // the receiver agrees to take it
	AgreedBy  string       `form:"agreed_by"`
	AgreedOn  statute.Date `form:"agreed_on"`
	AgreedHow string       `form:"agreed_how"`
	Ground    string       `form:"ground"` // PIPL 23: the applicant's separate consent, or a duty by law
}

// Action is the act's word.
func (Transferral) Action() Action { return ReferOut }

// HandedTo is whom the form names.
func (a Transferral) HandedTo() (CommitteeID, string) {
	return a.Committee, strings.TrimSpace(a.Receiver)
}

// Apply needs one receiver that can take the matter and has agreed to, and the
// ground on which the data go along. A danger that must be reported is reported
// first: whoever saw it reports it, and the receiver need not guess whether
// somebody did.
//
// Errors: Invalid with fields; Invalid (report_first).
func (a Transferral) Apply(c *Case, s *Scene) error {
	f := Faults{}
	a.checkReceiver(f, c, s.Receiver)
	f.Require("reason", a.Reason)
	f.Limit("reason", a.Reason, MaxStory)
	a.checkAgreed(f, s)
	f.OneOf("ground", a.Ground, "consent", "statutory_duty")
	if err := f.Err(); err != nil {
		return err
	}
	t := Transfer{ID: s.item(), Receiver: strings.TrimSpace(a.Receiver), Reason: strings.TrimSpace(a.Reason), AgreedBy: strings.TrimSpace(a.AgreedBy),
		AgreedOn: a.AgreedOn, AgreedHow: a.AgreedHow, Ground: a.Ground, By: s.By.User, At: s.Now}
	if a.Committee != "" {
		t.Committee, t.Receiver = s.Receiver.Committee, s.Receiver.Name
		if err := c.Parcel().fits(s); err != nil {
			return err
		}
	}
	c.Transfers = append(c.Transfers, t)
	c.OutcomeCode, c.OutcomeText = "NA07", t.Receiver+"："+t.Reason
	c.tellRemedies("NA07")
	c.endClock(s, statute.D01Acceptance, "")
	s.Code("ground", "NA07")
	return nil
}

// checkReceiver wants exactly one receiver. A committee of this installation is
// picked and not typed: only then does the case open there.
func (a Transferral) checkReceiver(f Faults, c *Case, to *Receiver) {
	if a.Committee == "" {
		f.Require("receiver", a.Receiver)
		f.Limit("receiver", a.Receiver, MaxLine)
		switch {
		case to == nil || to.Closed:
		case to.Committee == c.Committee:
			f.Mark("receiver", "rule.same_committee")
		default:
			f.Mark("receiver", "rule.receiver_is_here")
		}
		return
	}
	if strings.TrimSpace(a.Receiver) != "" {
		f.Mark("receiver", "rule.one_receiver")
	}
	switch {
	case to == nil:
		f.Mark("committee", "error.choice")
	case to.Committee == c.Committee:
		f.Mark("committee", "rule.same_committee")
	case to.Closed:
		f.Mark("committee", "rule.receiver_closed")
	case !to.Chaired:
		f.Mark("committee", "rule.receiver_no_chair")
	}
}

// checkAgreed wants it told who at the receiver agreed, when and how: it is asked
// before, and never after.
func (a Transferral) checkAgreed(f Faults, s *Scene) {
	if !a.Agreed {
		f.Mark("agreed", "rule.receiver_agrees")
	}
	f.Require("agreed_by", a.AgreedBy)
	f.Limit("agreed_by", a.AgreedBy, MaxName)
	f.Choice("agreed_how", a.AgreedHow, statute.ContactMeans)
	switch {
	case a.AgreedOn.IsZero():
		f.Mark("agreed_on", "error.required")
	case a.AgreedOn.After(s.Today()):
		f.Mark("agreed_on", "rule.in_the_future")
	}
}

// Parcel is what goes to another committee with a matter, and nothing else does:
// the parties with how to reach them, what the applicant wrote and filed himself,
// and the dangers the receiver must know of. How the office reached people, its
// notes, its talks and its papers stay where they were made (PIPL 6, 23).
type Parcel struct {
	Parties []*Party
	Files   []File
	Risks   []Risk // which danger and to whom it was reported; who noted it, and in which words, stays (ADVL 14)
}

// Parcel makes up what a transfer would send of the case as its reader sees it.
// The form shows it, and the same is sent.
func (c *Case) Parcel() Parcel {
	p := Parcel{Parties: c.Active()}
	for _, f := range c.Files {
		own := c.Party(f.Party)
		if own != nil && own.Side == Applicant && own.LeftAt.IsZero() && f.Class != statute.ProofOfIdentity { // whoever takes the matter checks identity himself
			p.Files = append(p.Files, f)
		}
	}
	for _, r := range c.Risks {
		p.Risks = append(p.Risks, Risk{Flag: r.Flag, MustReport: r.MustReport, At: r.At, Told: append([]string{}, r.Told...), Receiver: r.Receiver, ReportedAt: r.ReportedAt, ReportRef: r.ReportRef})
	}
	return p
}

// fits says why the parcel cannot go: a danger is not reported yet, or the
// receiver's committee has no room for the files.
func (p Parcel) fits(s *Scene) error {
	if slices.ContainsFunc(p.Risks, func(r Risk) bool { return r.MustReport && r.ReportedAt.IsZero() }) {
		return refuse("report_first", "PML 25")
	}
	room := s.Quota.Room(&Case{}, s.Receiver.Stored)
	for _, f := range p.Files {
		if room.Take(f.Size) != nil {
			return Faults{"committee": "rule.receiver_full"}.Err()
		}
	}
	return nil
}

// Linked begins the case that follows a reopened one: same place and parties,
// its own number, its own life.
func (c *Case) Linked(reason string, s *Scene) (*Case, []Event, error) {
	in := Intake{Facts: reason, Place: orElse(c.Place, c.Title), Area: c.Area, Privacy: true, Source: "proactive", Channel: "other",
		LegalGround: "statutory_duty", Request: c.Request}
	next, events, err := c.follow(in, Seat{Committee: c.Committee, Area: c.Area, AreaPath: c.AreaPath}, s)
	if err != nil {
		return nil, nil, err
	}
	for _, p := range c.Active() {
		n := p.again()
		n.User, n.Person, n.PhoneMask, n.IDMask, n.BirthMask, n.AddressMask, n.AccountMask = p.User, p.Person, p.PhoneMask, p.IDMask, p.BirthMask, p.AddressMask, p.AccountMask
		next.addParty(s, n)
	}
	next.told(events)
	return next, events, nil
}

// HandedOn begins the case at the committee a matter was handed to, with its
// parcel: what is sealed of each party, opened for this alone, is sealed anew with
// the new rows. The scene is that of the receiver; opened is by party.
//
// Of the parties only the applicant comes along as the person he is: he has
// applied, his account and his code lead on. The other side is nobody here until
// this committee asks it (row 7), and its consent is asked anew.
//
// Errors: those of NewCase.
func (c *Case) HandedOn(opened map[PartyID]Contactable, s *Scene) (*Case, []Event, error) {
	ground := "statutory_duty"
	if a := c.first(Applicant); a != nil && a.LegalGround != "" {
		ground = a.LegalGround
	}
	in := Intake{Facts: clip(c.Facts, MaxStory), Place: orElse(c.Place, c.Title), Area: c.Area, Privacy: true, Source: FromCommittee,
		SourceRef: c.IntakeNumber, Channel: "other", ReferralOK: true, LegalGround: ground, Request: clip(c.Request, MaxStory), Respondent: c.Respondent}
	next, events, err := c.follow(in, s.Receiver.seat(c), s)
	if err != nil {
		return nil, nil, err
	}
	next.Title, next.Facts, next.Request, next.AmountFen, next.FiledBy = c.Title, c.Facts, c.Request, c.AmountFen, ""
	parcel, came := c.Parcel(), map[PartyID]PartyID{}
	for _, p := range parcel.Parties {
		n, sealed := p.again(), opened[p.ID]
		n.Fresh = &sealed
		if p.Side == Applicant {
			n.User, n.Consent, n.ConsentAt, n.ConsentHow = p.User, p.Consent, p.ConsentAt, p.ConsentHow
			if p.User != "" && p.User == c.FiledBy {
				next.FiledBy = p.User
			}
		}
		came[p.ID] = next.addParty(s, n)
	}
	for _, f := range parcel.Files {
		f.ID, f.Party, f.About, f.Shared = ItemID(s.NewID()), came[f.Party], came[f.About], false
		next.Files = append(next.Files, f)
	}
	for _, r := range parcel.Risks {
		r.ID = ItemID(s.NewID())
		next.Risks = append(next.Risks, r)
	}
	next.keepOut(c, s)
	next.told(events)
	return next, events, nil
}

// keepOut shuts out of the following case whoever was shut out of the first: who
// declared a tie, and who is a party but not yet named as one here. Nobody
// handles his own quarrel by holding a post at the receiver's.
func (c *Case) keepOut(first *Case, s *Scene) {
	shut := func(who UserID, relation string) {
		if who != "" && !slices.ContainsFunc(c.Conflicts, func(k Interest) bool { return k.User == who }) {
			c.Conflicts = append(c.Conflicts, Interest{ID: ItemID(s.NewID()), User: who, Relation: relation, At: s.Now, WaivedBy: []string{}})
		}
	}
	for _, k := range first.Conflicts {
		if k.WaivedAt.IsZero() {
			shut(k.User, k.Relation)
		}
	}
	for _, p := range first.Active() {
		if p.Side != Applicant {
			shut(p.User, "interest")
		}
	}
}

// follow begins a case after another about the same matter, without its parties.
func (c *Case) follow(in Intake, seat Seat, s *Scene) (*Case, []Event, error) {
	next, events, err := NewCase(in, true, seat, s)
	if err != nil {
		return nil, nil, err
	}
	next.LinkedTo, next.Type, next.Subtype, next.Restricted, next.Hold = c.ID, c.Type, c.Subtype, c.Restricted, c.Hold
	next.Parties = nil
	return next, events, nil
}

// told lets the history of a following case speak of a party it has.
func (c *Case) told(events []Event) {
	if len(c.Parties) > 0 {
		events[0].Subject = ItemID(c.Parties[0].ID)
	}
}

// again is the party in a case that follows: the same person, not checked there
// yet. An applicant is known as the one he was, so that his code leads on.
func (p *Party) again() Party {
	n := Party{Side: p.Side, Capacity: p.Capacity, Name: p.Name, GroupSize: p.GroupSize, GuardianName: p.GuardianName,
		CreditCode: p.CreditCode, LegalRep: p.LegalRep, LegalPost: p.LegalPost, Sex: p.Sex, Ethnic: p.Ethnic, Occupation: p.Occupation,
		LegalGround: p.LegalGround, Identity: LevelCode}
	if p.Side == Applicant {
		n.Follows = p.ID
	}
	return n
}

// clip cuts a text to a number of characters.
func clip(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most])
	}
	return text
}
