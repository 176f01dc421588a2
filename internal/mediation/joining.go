package mediation

import (
	"slices"
	"strings"
	"time"

	"doorstep/internal/statute"
)

// The states of one party's part in a joint application.
const (
	JoiningAsked    = "asked"
	JoiningJoined   = "joined"
	JoiningLeft     = "left" // it had joined and took that back before all had
	JoiningDeclined = "declined"
)

// joiningMoves is the sub-machine of one party's part: from state, by action, to
// state.
var joiningMoves = map[string]map[Action]string{
	JoiningAsked:  {JoinConfirmation: JoiningJoined, DeclineConfirmation: JoiningDeclined},
	JoiningLeft:   {JoinConfirmation: JoiningJoined, DeclineConfirmation: JoiningDeclined},
	JoiningJoined: {LeaveConfirmation: JoiningLeft},
}

// JoiningMoves gives the sub-machine for the tests and the docs.
func JoiningMoves() map[string]map[Action]string { return joiningMoves }

// Joining is one party's part in a joint application: that it read the agreement
// and the statement, and where the court serves it. Where that is stays sealed;
// the masks are what a page shows of it.
type Joining struct {
	ID           ItemID       `json:"id"`
	Confirmation ItemID       `json:"confirmation_id"`
	Party        PartyID      `json:"party_id"`
	State        string       `json:"state"`
	How          string       `json:"how"` // "online", "paper", "in_person"; "" before it joined
	On           statute.Date `json:"on_day,omitzero"`
	File         ItemID       `json:"file_id,omitzero"` // the scan of the signed sheet, among the files of the case
	ByAgent      bool         `json:"by_agent"`
	Digest       string       `json:"agreement_digest"` // of the text that was read; "" where it was joined on paper
	ScopeTold    bool         `json:"scope_told"`
	ServeMask    string       `json:"serve_mask"`   // "" where the court serves at the address on file
	Online       bool         `json:"serve_online"` // the party agreed to be served electronically (CPL 90)
	OnlineMask   string       `json:"online_mask"`  // "" where that is the phone on file
	By           UserID       `json:"by_user,omitzero"`
	At           time.Time    `json:"at,omitzero"`
	Fresh        *Contactable `json:"-"` // newly typed: Address is where the court serves, Phone the electronic address
}

// Application is the last application of the case, proposed or filed; nil when
// there was none.
func (c *Case) Application() *Confirmation {
	if n := len(c.Confirmations); n > 0 {
		return &c.Confirmations[n-1]
	}
	return nil
}

// JoiningOf is a party's part in an application; nil when it was not asked.
func (c *Case) JoiningOf(application ItemID, party PartyID) *Joining {
	for i := range c.Joinings {
		if j := &c.Joinings[i]; j.Confirmation == application && j.Party == party {
			return j
		}
	}
	return nil
}

// joining is JoiningOf, made when there is none: a party that came to the case
// later is asked like the others.
func (c *Case) joining(application ItemID, party PartyID, s *Scene) *Joining {
	if j := c.JoiningOf(application, party); j != nil {
		return j
	}
	c.Joinings = append(c.Joinings, Joining{ID: ItemID(s.NewID()), Confirmation: application, Party: party, State: JoiningAsked})
	return &c.Joinings[len(c.Joinings)-1]
}

// joiningState is where a party stands in the last application.
func (c *Case) joiningState(party PartyID) string {
	k := c.Application()
	if k == nil {
		return ""
	}
	if j := c.JoiningOf(k.ID, party); j != nil {
		return j.State
	}
	return JoiningAsked
}

// awaited are the parties that have not joined the last application.
func (c *Case) awaited() []*Party {
	return slices.DeleteFunc(c.Active(), func(p *Party) bool { return c.joiningState(p.ID) == JoiningJoined })
}

// Awaits says whether the application that is being joined waits for a party.
func (c *Case) Awaits(p *Party) bool {
	return c.ConfirmationState() == ConfirmationProposed && c.joiningState(p.ID) != JoiningJoined
}

// joined says whether all have joined what was proposed, so that it is filed.
func (c *Case) joined() bool {
	return c.mayApply(FileConfirmation) && len(c.Active()) > 0 && len(c.awaited()) == 0
}

// joinable says whether a step that each party takes for itself is still this one's to
// take: of the joint application, or its word on who may be at the sessions.
func (c *Case) joinable(p *Party, by Action) bool {
	switch by {
	case AskClosed:
		return p.mayAskClosed()
	case JoinConfirmation, LeaveConfirmation, DeclineConfirmation:
		_, ok := joiningMoves[c.joiningState(p.ID)][by]
		return ok
	case DropConfirmation:
		return c.Application() != nil && c.Application().By == p.ID
	}
	return true
}

// oral says whether the agreement in force was reached by word of mouth: then
// there is no text to lay before a court (CPLI 354).
func (c *Case) oral() bool { a := c.Agreement(); return a == nil || a.Form == "oral" }

// Joins is one party's joining of the application that was proposed, from its own
// page or on paper before the office, with the scan of the signed sheet. The
// address for service may be left blank where the file has one: nothing is asked
// twice.
type Joins struct {
	Party     PartyID      `form:"party"`
	How       string       `form:"how"` // of staff: paper, in_person
	On        statute.Date `form:"on"`
	Agreement ItemID       `form:"agreement"` // the version that was read
	Digest    string       `form:"digest"`
	Read      bool         `form:"read"`       // agreement and statement were read, and the wish is free
	ScopeTold bool         `form:"scope_told"` // it knows which clause the court does not confirm
	ByAgent   bool         `form:"by_agent"`
	ServeTo   string       `form:"serve_to"` // blank: the address on file
	Online    bool         `form:"serve_online"`
	OnlineTo  string       `form:"online_to"` // blank: the phone on file
	Scanned
}

// Action is the act's word.
func (Joins) Action() Action { return JoinConfirmation }

// Apply needs the statement read, somebody who may speak for the party, and a
// place where the court can serve it (JC11 3; CPL 90). An agent must hold the
// power to settle, since the application stands by the settlement (CPL 62).
func (a Joins) Apply(c *Case, s *Scene) error {
	f := Faults{}
	p, err := a.who(c, s, f)
	if err != nil {
		return err
	}
	if err := c.applicableOn(JoinConfirmation, a.On); err != nil {
		return err
	}
	draft := c.Agreement()
	if draft == nil || a.Agreement != "" && a.Agreement != draft.ID || a.Digest != "" && a.Digest != draft.Digest {
		return &Error{Kind: Conflict, Key: "error.agreement_changed"}
	}
	a.weigh(c, p, f)
	if err := f.Err(); err != nil {
		return err
	}
	sheet, err := c.laySheet(s, "F16", p.ID, a.Scan)
	if err != nil {
		return err
	}
	j, err := c.moveJoining(p, JoinConfirmation, s)
	if err != nil {
		return err
	}
	j.File = sheet
	j.How, j.On, j.ByAgent, j.ScopeTold, j.By, j.At = a.How, a.On, a.ByAgent, a.ScopeTold, s.By.User, s.Now
	if j.Digest = ""; a.How == "online" {
		j.Digest = draft.Digest
	}
	j.ServeMask, j.Online, j.OnlineMask = "", a.Online, ""
	j.Fresh = &Contactable{Address: strings.TrimSpace(a.ServeTo)}
	if a.Online {
		j.Fresh.Phone = electronic(a.OnlineTo)
	}
	s.Code("how", a.How)
	return nil
}

// who is the party that joins: the actor himself, today and online, or the one
// the office names.
func (a *Joins) who(c *Case, s *Scene, f Faults) (*Party, error) {
	if me := c.actorParty(s.By); me != nil {
		a.Party, a.How, a.On = me.ID, "online", s.Today()
		if me.Identity < LevelChecked {
			return nil, refuse("identity_first", "CPLI 351")
		}
		return me, nil
	}
	f.OneOf("how", a.How, "paper", "in_person")
	if a.On = f.signedOn(a.On, s); a.On.Before(c.EffectiveOn) {
		f.Mark("on", "rule.before_effect")
	}
	return c.partyField(f, a.Party)
}

func (a Joins) weigh(c *Case, p *Party, f Faults) {
	a.sheet(f, a.How)
	if !a.Read {
		f.Mark("read", "rule.joining_read")
	}
	if len(c.Unconfirmable()) > 0 && !a.ScopeTold {
		f.Mark("scope_told", "rule.scope_told")
	}
	if a.ByAgent {
		p.maySettle(f, a.On)
	}
	f.Limit("serve_to", a.ServeTo, MaxLine)
	if strings.TrimSpace(a.ServeTo) == "" && p.AddressMask == "" {
		f.Mark("serve_to", "error.required")
	}
	if !a.Online {
		return
	}
	f.Limit("online_to", a.OnlineTo, MaxLine)
	switch to := strings.TrimSpace(a.OnlineTo); {
	case to == "" && p.PhoneMask == "":
		f.Mark("online_to", "error.required")
	case to != "" && electronic(to) == "":
		f.Mark("online_to", "rule.electronic_address")
	}
}

// sheet marks a joining on paper without the scan of what was signed. The
// application goes to the court with the last joining, and with it what the court
// will ever see: unlike under the agreement, no scan can follow.
//
// Source: CPLI 353; ONL22 19.
func (a Scanned) sheet(f Faults, how string) {
	if how == "paper" && a.Scan == nil {
		f.Mark("file", "rule.joining_scan")
	}
}

// electronic is a phone number or a mail address in its usual form; "" for what
// is neither.
func electronic(text string) string {
	text = strings.TrimSpace(text)
	if name, host, ok := strings.Cut(text, "@"); ok {
		if name == "" || !strings.Contains(host, ".") || strings.ContainsAny(text, " \t") || strings.Contains(host, "@") {
			return ""
		}
		return text
	}
	return normalPhone(text)
}

// moveJoining moves a party's part along its own table.
func (c *Case) moveJoining(p *Party, by Action, s *Scene) (*Joining, error) {
	j := c.joining(c.Application().ID, p.ID, s)
	to, ok := joiningMoves[j.State][by]
	switch {
	case ok:
	case j.State == JoiningJoined:
		return nil, refuse("already_joined", "CPL 205")
	default:
		return nil, refuse("confirmation_not_joined", "CPL 205")
	}
	j.State = to
	s.About(j.ID)
	s.Code("side", string(p.Side))
	return j, nil
}

// OwnPart is what a party says of its own part: the actor himself, or whom the
// office names.
type OwnPart struct {
	Party PartyID `form:"party"`
}

func (a OwnPart) move(c *Case, s *Scene, by Action) error {
	p := c.actorParty(s.By)
	if p == nil {
		var err error
		if p, err = c.partyField(Faults{}, a.Party); err != nil {
			return err
		}
	}
	if err := c.applicableOn(by, s.Today()); err != nil {
		return err
	}
	j, err := c.moveJoining(p, by, s)
	if err != nil {
		return err
	}
	j.File, j.ServeMask, j.Online, j.OnlineMask, j.Digest, j.Fresh = "", "", false, "", "", nil
	j.By, j.At = s.By.User, s.Now
	return nil
}

// JoiningTakenBack takes a joining back before all have joined; where the court
// would have served that party is forgotten.
type JoiningTakenBack struct{ OwnPart }

// Action is the act's word.
func (JoiningTakenBack) Action() Action { return LeaveConfirmation }

// Apply leaves the others' joining as it is.
func (a JoiningTakenBack) Apply(c *Case, s *Scene) error {
	return a.move(c, s, LeaveConfirmation)
}

// JoiningRefused is a party's no. Then there is no joint application (CPL 205);
// another may be proposed while the thirty days run.
type JoiningRefused struct {
	OwnPart
	Reason string `form:"reason"`
}

// Action is the act's word.
func (JoiningRefused) Action() Action { return DeclineConfirmation }

// Apply ends the proposal. The reason is the party's own and optional.
func (a JoiningRefused) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.Limit("reason", a.Reason, MaxStory)
	if err := f.Err(); err != nil {
		return err
	}
	if err := a.move(c, s, DeclineConfirmation); err != nil {
		return err
	}
	k := c.Application()
	k.State, k.Note = confirmationMoves[k.State][DeclineConfirmation], strings.TrimSpace(a.Reason)
	return nil
}
