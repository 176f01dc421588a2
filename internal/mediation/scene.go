package mediation

import (
	"time"

	"doorstep/internal/statute"
)

// Mediator is what assignment must know of a mediator.
type Mediator struct {
	User       UserID
	Name       string
	Committee  CommitteeID
	Registered bool         // on the bureau's list (备案); only then he may lead (PML 13, 14)
	Active     bool         // account and term are running
	TermEnd    statute.Date // zero: no end recorded
	OpenCases  int
	MaxCases   int // 0: no limit set
}

// Office is what the committee has settled for itself.
type Office struct {
	Committee CommitteeID
	ShortName string // in case numbers: "榆园人调字"
	Limits    statute.Limits
	AreaPath  string // where the committee sits
	Contacts  int    // logged attempts before silence counts as no (default 3)
	Calendar  *statute.Calendar
}

// Scene is what an act sees beside the case: who, as what, when, and the
// office's own settings. The rules read no clock and draw no number by
// themselves.
type Scene struct {
	By        Actor
	Role      Role // the grant's role by which the policy lets him act
	Now       time.Time
	Office    Office
	Mediators map[UserID]Mediator // those the act names
	Courts    map[CourtID]string  // names of the courts in reach
	Areas     map[CourtID]string  // paths of the areas they serve
	Quota     Quota
	Stored    int64 // bytes the committee's cases keep, nobody else adding; only an act that lays a file has it
	NewID     func() string
	Draw      func(kind string) (string, error) // the next number of a register of the committee: "intake", "case" or the form of a notice

	// Paper is the one to be issued, drawn up by the desk; nil for other acts, and
	// when the case has no such paper.
	Paper *Drawn

	// Volume are the papers of the volume that were never issued, drawn up by the
	// desk when it is put away; nil for other acts.
	Volume []Drawn

	// Findings are the ties between the mediators at hand and the parties, by
	// mediator; nil when nothing was held against anything.
	Findings map[UserID][]Finding

	// Legal are the legal staff nearest above the case who may be told of it; only an
	// act that reports a major dispute has them.
	Legal []UserID

	// OnFile is the identity number kept of the party the act is about, opened for
	// the rules and shown to nobody; "" for other acts.
	OnFile string

	// Invited is the name of whom the act invites of the office's list; "" when that
	// list has nobody of the kind, and for other acts.
	Invited string

	// Receiver is the committee of this installation that an act hands the matter
	// to, by its id or by the name that was typed; nil when it names none.
	Receiver *Receiver

	subject ItemID
	shut    bool // the act shut an acting mediator out of the file
	codes   map[string]string
}

// About notes which row of the case the act is about, for the history.
func (s *Scene) About(id ItemID) { s.subject = id }

// Code notes a code for the history: a reason, a ground, an outcome. Never a
// person's words or name.
func (s *Scene) Code(name, value string) {
	if value == "" {
		return
	}
	if s.codes == nil {
		s.codes = map[string]string{}
	}
	s.codes[name] = value
}

// item draws an id for a new row and makes it the subject of the event.
func (s *Scene) item() ItemID {
	id := ItemID(s.NewID())
	s.subject = id
	return id
}

// Today is the civil day of the act in Asia/Shanghai.
func (s *Scene) Today() statute.Date { return statute.DateOf(s.Now) }

// Event is one line of a case's history. It holds ids and codes, never words.
type Event struct {
	ID      string            `json:"id"`
	Case    CaseID            `json:"case_id"`
	Seq     int               `json:"seq"`
	At      time.Time         `json:"at"`
	By      UserID            `json:"by_user,omitzero"`
	Party   PartyID           `json:"by_party,omitzero"` // who came with a code
	Role    Role              `json:"role"`
	Action  Action            `json:"action"`
	From    Stage             `json:"from_stage"`
	To      Stage             `json:"to_stage"`
	Subject ItemID            `json:"subject_id,omitzero"`
	Codes   map[string]string `json:"codes"`
	Digest  string            `json:"digest"` // keyed digest of what was typed; "" without
	Prev    string            `json:"prev_hash"`
	Hash    string            `json:"hash"`
}
