package mediation

import (
	"slices"
	"time"

	"doorstep/internal/statute"
)

// Track is who mediates.
type Track string

// The three tracks. Court guidance of an ordinary case is a flag of its
// assignment; the circuit court begins by a referral or by the court's own.
const (
	TrackPartyMember  Track = "party_member"  // 党员老娘舅
	TrackLegalAdvisor Track = "legal_advisor" // 法律明白人, 法律顾问
	TrackCircuitCourt Track = "circuit_court" // 巡回法庭
)

// Case is a dispute with everything the rules look at. It is loaded whole under
// a lock, changed by an act, and saved; nothing else changes it.
//
// The JSON names are the columns of its tables.
type Case struct {
	ID           CaseID            `json:"id"`
	Version      int               `json:"version"`
	IntakeNumber string            `json:"intake_number"` // 登记号, drawn at filing
	Number       string            `json:"number"`        // 案号, drawn at acceptance; "" before
	Committee    CommitteeID       `json:"committee_id"`
	Area         AreaID            `json:"area_id"`
	AreaPath     string            `json:"area_path"`
	Stage        Stage             `json:"stage"`
	ResumeStage  Stage             `json:"resume_stage"` // where "back" leads
	Track        Track             `json:"track"`
	CourtMode    statute.CourtMode `json:"court_mode"`
	Type         string            `json:"type"`
	Subtype      string            `json:"subtype"`
	Source       string            `json:"source"`
	SourceRef    string            `json:"source_ref"` // the sender's own number
	Channel      string            `json:"channel"`
	Grade        string            `json:"grade"`
	GradeBy      string            `json:"grade_by"`     // "rule" or "chair"
	GradeReason  string            `json:"grade_reason"` // why the chair took the grade of a major dispute back
	GradeFacts   []string          `json:"grade_facts"`  // told at registration: cross_area, law_unclear, injury, death, media
	Title        string            `json:"title"`
	Facts        string            `json:"facts"`
	Place        string            `json:"place"`
	Request      string            `json:"request"`
	Respondent   string            `json:"respondent_hint"` // as first told: "upstairs of 3-502"
	AmountFen    int64             `json:"amount_fen"`
	FiledBy      UserID            `json:"filed_by,omitzero"`
	FiledAt      time.Time         `json:"filed_at"`
	RegisteredAt time.Time         `json:"registered_at,omitzero"`
	RegisteredBy UserID            `json:"registered_by,omitzero"` // "" from before it was kept
	AcceptedAt   time.Time         `json:"accepted_at,omitzero"`
	EffectiveOn  statute.Date      `json:"effective_on,omitzero"`
	EffectBy     string            `json:"effect_rule"` // which rule fixed the day
	EndedAt      time.Time         `json:"ended_at,omitzero"`
	OutcomeCode  string            `json:"outcome_code"`
	OutcomeText  string            `json:"outcome_text"`
	EndedAs      Stage             `json:"ended_as"` // the stage the dispute ended in, also after closing; "" before
	Summary      string            `json:"closing_summary"`
	ClosedBy     UserID            `json:"closed_by,omitzero"` // who closed the case; "" before, and of what was closed before it was kept
	ClosedAt     time.Time         `json:"closed_at,omitzero"`
	ArchivedBy   UserID            `json:"archived_by,omitzero"` // who put the volume away, in the same way
	ArchivedAt   time.Time         `json:"archived_at,omitzero"`
	Remedies     []string          `json:"remedies"` // codes of the other lawful routes told
	RiskScreened bool              `json:"risk_screened"`
	Restricted   bool              `json:"restricted"`
	Hold         bool              `json:"hold"` // no joint session
	Lapsed       bool              `json:"lapsed"`
	LinkedTo     CaseID            `json:"linked_to,omitzero"`
	RetentionWhy string            `json:"retention_reason"` // why the volume is kept for another class than the proposed one
	Missing      string            `json:"missing_papers"`   // why the volume lacks a paper
	ChainSeq     int               `json:"chain_seq"`
	ChainHead    string            `json:"chain_head"` // hex of the last event's digest
	UpdatedAt    time.Time         `json:"updated_at"`

	Parties       []Party         `json:"parties"`
	Files         []File          `json:"files"`
	Contacts      []Contact       `json:"contacts"`
	Risks         []Risk          `json:"risks"`
	Assignments   []Assignment    `json:"assignments"`
	Conflicts     []Interest      `json:"conflicts"`
	Helpers       []Helper        `json:"helpers"`
	Recusals      []Recusal       `json:"recusals"`
	Sessions      []Session       `json:"sessions"`
	Caucuses      []CaucusNote    `json:"caucus_notes"`
	Inquiries     []Investigation `json:"investigations"`
	Extensions    []Extension     `json:"extensions"`
	Escalations   []Escalation    `json:"escalations"`
	MajorReports  []MajorReport   `json:"major_reports"`
	Referrals     []Referral      `json:"referrals"`
	Transfers     []Transfer      `json:"transfers"`
	Agreements    []Agreement     `json:"agreements"`
	Signatures    []Signature     `json:"signatures"`
	Obligations   []Obligation    `json:"obligations"`
	Confirmations []Confirmation  `json:"confirmations"`
	Joinings      []Joining       `json:"joinings"`
	FollowUps     []Visited       `json:"follow_ups"`
	Deadlines     []Deadline      `json:"deadlines"`
	Corrections   []Correction    `json:"corrections"`
	Addenda       []Addendum      `json:"addenda"`
	DataRequests  []DataRequest   `json:"data_requests"`
	Issues        []Issue         `json:"issues"`
}

// Side is where a party stands.
type Side string

// The sides. A third party has an interest of its own.
const (
	Applicant  Side = "applicant"
	Respondent Side = "respondent"
	Third      Side = "third"
)

// Party is one party of a case, or the representative of many.
type Party struct {
	ID            PartyID      `json:"id"`
	Person        PersonID     `json:"person_id,omitzero"` // where the sealed values are kept
	Seq           int          `json:"seq"`
	Side          Side         `json:"side"`
	Capacity      string       `json:"capacity"` // code list "capacity"
	Name          string       `json:"name"`
	GroupSize     int          `json:"group_size"`    // people this party stands for, at least 1
	GuardianName  string       `json:"guardian_name"` // for a minor or a person of limited capacity
	AgentName     string       `json:"agent_name"`
	AgentScope    string       `json:"agent_scope"`         // "general" or "settle"
	AgentFrom     statute.Date `json:"agent_from,omitzero"` // the term of his power; zero where the paper names none
	AgentUntil    statute.Date `json:"agent_until,omitzero"`
	CreditCode    string       `json:"credit_code"` // of an organisation
	LegalRep      string       `json:"legal_rep"`
	LegalPost     string       `json:"legal_post"` // of the legal representative
	Sex           string       `json:"sex"`        // Male, Female; "" where nobody said
	Ethnic        string       `json:"ethnic"`     // code list "ethnic"
	Occupation    string       `json:"occupation"`
	User          UserID       `json:"user_id,omitzero"`
	Consent       string       `json:"consent"` // "", "yes", "no"
	ConsentAt     time.Time    `json:"consent_at,omitzero"`
	ConsentHow    string       `json:"consent_how"`
	RightsAt      time.Time    `json:"rights_at,omitzero"`       // rights and duties told (F03)
	RightsHow     string       `json:"rights_how"`               // "signed", "oral", "online"
	ClosedAskedAt time.Time    `json:"closed_asked_at,omitzero"` // asked that the sessions be closed to others
	Identity      Level        `json:"identity_level"`
	IdentityHow   string       `json:"identity_how"`
	LegalGround   string       `json:"legal_ground"` // PIPL 13: "consent" or "statutory_duty"
	PrivacyAt     time.Time    `json:"privacy_at,omitzero"`

	PrivacyVersion int       `json:"privacy_version"`       // of the notice it took note of; 0 from before there were versions
	SensitiveAt    time.Time `json:"sensitive_at,omitzero"` // it, or its guardian, consented to the handling of sensitive data (PIPL 29, 31)

	PhoneMask   string       `json:"phone_mask"`
	IDMask      string       `json:"id_mask"`
	BirthMask   string       `json:"birth_mask"` // the year
	AddressMask string       `json:"address_mask"`
	AccountMask string       `json:"account_mask"`
	LeftAt      time.Time    `json:"left_at,omitzero"`
	Follows     PartyID      `json:"follows_party,omitzero"` // the same person in the case this one follows; only of an applicant
	Fresh       *Contactable `json:"-"`                      // newly typed values, sealed when the case is saved
}

// Contactable is what is kept sealed of a person. An empty text leaves what is
// stored as it stands: absent is not empty.
type Contactable struct {
	Phone    string
	IDNumber string
	Address  string
	Account  string // bank account, for what is to be paid
	Birth    statute.Date
}

// File is a photo or document laid to the case. Its bytes live in the blob
// store under their digest.
type File struct {
	ID      ItemID    `json:"id"`
	Name    string    `json:"name"`
	Kind    string    `json:"kind"` // image or document
	Mime    string    `json:"mime"`
	Size    int64     `json:"size"` // bytes
	Digest  string    `json:"digest"`
	Preview string    `json:"preview"`              // digest of a small JPEG of a picture; "" for a document and for what was laid before there were any
	Class   string    `json:"class"`                // code list "file_class"
	Title   string    `json:"title"`                // what it shows, in a few words; "" when nobody said
	Form    string    `json:"form"`                 // of a signed paper: which, F01 to F29; "" when nobody said
	About   PartyID   `json:"about_party,omitzero"` // whom it concerns; "" for the whole case
	Side    Side      `json:"side"`                 // "" when staff laid it
	Shared  bool      `json:"shared"`
	By      UserID    `json:"by_user,omitzero"`
	Party   PartyID   `json:"party_id,omitzero"`
	At      time.Time `json:"at"`
}

// Deadline is one running, paused or ended clock. It keeps how it was reckoned,
// so the page can answer "why this date".
type Deadline struct {
	ID         ItemID               `json:"id"`
	Kind       statute.DeadlineID   `json:"kind"`
	Subject    ItemID               `json:"subject_id,omitzero"` // the obligation, escalation, ... it belongs to
	Term       statute.Term         `json:"term"`
	Starts     time.Time            `json:"starts_at"`
	Due        time.Time            `json:"due_at"`
	Ended      time.Time            `json:"ended_at,omitzero"`
	Outcome    string               `json:"outcome"` // "", "met", "late", "lapsed", "cancelled"
	PausedAt   time.Time            `json:"paused_at,omitzero"`
	PausedDays int                  `json:"paused_days"`
	Reckoning  []statute.ReckonStep `json:"reckoning"`
	Guess      bool                 `json:"provisional"` // the year's calendar is not published yet
	Warned     int                  `json:"warned"`      // how often the parties were told that it runs out
}

// Open says whether the clock still runs.
func (d Deadline) Open() bool { return d.Ended.IsZero() }

// Correction is a later word on an earlier record; the earlier text stays.
type Correction struct {
	ID      ItemID    `json:"id"`
	Subject ItemID    `json:"subject_id"`
	Text    string    `json:"text"`
	By      UserID    `json:"by_user,omitzero"`
	At      time.Time `json:"at"`
}

// Party finds a party by id; nil when the case has none such.
func (c *Case) Party(id PartyID) *Party {
	for i := range c.Parties {
		if c.Parties[i].ID == id {
			return &c.Parties[i]
		}
	}
	return nil
}

// Active gives the parties that have not left the case.
func (c *Case) Active() []*Party {
	var all []*Party
	for i := range c.Parties {
		if c.Parties[i].LeftAt.IsZero() {
			all = append(all, &c.Parties[i])
		}
	}
	return all
}

// Lead is the acting lead mediator; nil when there is none.
func (c *Case) Lead() *Assignment {
	for i := range c.Assignments {
		if a := &c.Assignments[i]; a.Lead && a.EndedAt.IsZero() {
			return a
		}
	}
	return nil
}

// Row is what the scopes look at.
func (c *Case) Row() Row {
	r := Row{Case: c.ID, FiledBy: c.FiledBy, Committee: c.Committee, AreaPath: c.AreaPath, Restricted: c.Restricted}
	for _, p := range c.Parties {
		if p.User != "" && p.LeftAt.IsZero() {
			r.Parties = append(r.Parties, p.User)
		}
	}
	for _, a := range c.Assignments {
		if a.EndedAt.IsZero() {
			r.Assigned = append(r.Assigned, a.Mediator)
		}
	}
	for _, h := range c.Helpers {
		if h.EndedAt.IsZero() && h.User != "" {
			r.Invited = append(r.Invited, h.User)
		}
	}
	for _, k := range c.Conflicts {
		if k.WaivedAt.IsZero() {
			r.Conflicted = append(r.Conflicted, k.User)
		}
	}
	for _, e := range c.Escalations {
		r.Reviews = append(r.Reviews, Review{Answered: e.AnsweredAt})
	}
	for _, m := range c.MajorReports { // the office that was told takes part like one that was asked
		if m.How == ThroughSystem {
			r.Reviews = append(r.Reviews, Review{Answered: m.SeenAt})
		}
	}
	for _, f := range c.Referrals {
		if f.Live() {
			r.Courts = append(r.Courts, f.Court)
		}
	}
	for _, k := range c.Confirmations { // the court an agreement lies before records its own steps
		if k.Filed() {
			r.Courts = append(r.Courts, k.Court)
		}
	}
	return r
}

// Performance is what the obligations add up to: "" when there are none,
// "running", "overdue", "disputed", "breached" or "performed".
func (c *Case) Performance() string {
	state := ""
	for _, o := range c.Obligations {
		switch o.State {
		case ObligationDefaulted:
			return "breached"
		case ObligationOverdue:
			if state != "disputed" {
				state = "overdue"
			}
		case ObligationDisputed:
			state = "disputed"
		case ObligationPending, ObligationPartly:
			if state != "overdue" && state != "disputed" {
				state = "running"
			}
		case ObligationPerformed, ObligationWaived: // a void one was never owed
			if state == "" {
				state = "performed"
			}
		}
	}
	if state == "" && (c.Stage == Effective || c.Stage == FollowedUp) {
		return "performed" // nothing was promised that is still to come
	}
	return state
}

// Sides counts the sides that take part (third parties form one), and persons
// the people they stand for.
func (c *Case) Sides() (sides, persons int) {
	var seen []Side
	for _, p := range c.Active() {
		persons += max(1, p.GroupSize)
		if !slices.Contains(seen, p.Side) {
			seen = append(seen, p.Side)
		}
	}
	return len(seen), persons
}
