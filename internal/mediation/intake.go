package mediation

import (
	"slices"
	"strings"
	"time"

	"doorstep/internal/statute"
)

// Intake is what begins a case. A resident needs the first three; the rest is
// asked at registration.
type Intake struct {
	Facts      string `form:"facts"` // what happened
	Place      string `form:"place"` // where, in words
	Phone      string `form:"phone"` // how to reach the applicant
	Area       AreaID `form:"area"`  // chosen from the list; "" is elsewhere
	Name       string `form:"name"`
	Respondent string `form:"respondent"` // "upstairs of 3-502" is enough
	Request    string `form:"request"`
	Privacy    bool   `form:"privacy"` // the notice of PIPL 17 was shown and taken note of

	// Filled by the clerk who records for somebody, empty for the resident.
	Source      string            `form:"source"`
	SourceRef   string            `form:"source_ref"`
	Channel     string            `form:"channel"`
	CourtMode   statute.CourtMode `form:"court_mode"`
	ReferralOK  bool              `form:"referral_letter"` // the referral letter is at hand (F23)
	LegalGround string            `form:"legal_ground"`
	Feedback    string            `form:"feedback"` // how soon the sender wants to hear: SimpleFeedback or ComplexFeedback; "" is the longer
}

// Seat is where a new case belongs, worked out from the area of the dispute.
type Seat struct {
	Committee CommitteeID
	Area      AreaID
	AreaPath  string
}

// Check marks what is wrong with the form.
func (in Intake) Check(recorded bool) Faults {
	f := Faults{}
	f.Require("facts", in.Facts)
	f.Limit("facts", in.Facts, MaxStory)
	if in.Area == "" && strings.TrimSpace(in.Place) == "" {
		f.Mark("place", "error.required")
	}
	f.Limit("place", in.Place, MaxLine)
	if in.Phone == "" && !recorded {
		f.Mark("phone", "error.required")
	}
	if in.Phone != "" {
		if _, _, err := statute.CheckPhone(in.Phone); err != nil {
			f.Mark("phone", "error.phone")
		}
	}
	f.Limit("name", in.Name, MaxName)
	f.Limit("respondent", in.Respondent, MaxLine)
	f.Limit("request", in.Request, MaxStory)
	if !in.Privacy {
		f.Mark("privacy", "error.privacy")
	}
	if recorded {
		f.Choice("source", in.Source, statute.Sources)
		f.Choice("channel", in.Channel, statute.Channels)
		f.OneOf("legal_ground", in.LegalGround, "consent", "statutory_duty")
		if referred(in.Source) && !in.ReferralOK {
			f.Mark("referral_letter", "rule.referral_letter")
		}
		if in.CourtMode != statute.CourtNone && in.Source != "court" {
			f.Mark("court_mode", "rule.court_mode_needs_court")
		}
		checkFeedback(f, in.Feedback)
	}
	return f
}

func referred(source string) bool {
	return source != "application" && source != "proactive" && source != ""
}

// Sent says whether another body passed the matter on and waits to hear what came
// of it (NB15 19): one that referred it, or a line on which somebody called. A
// committee that handed a matter on is done with it (row 9).
func (c *Case) Sent() bool {
	return referred(c.Source) && c.Source != FromCommittee || slices.Contains([]string{"hotline_12345", "police_110", "petition"}, c.Channel)
}

// NewCase begins a case from an intake: rows 1 (a resident files) and 2 (a
// clerk records an oral application, a referral or the committee's own
// screening). Every dispute gets a number in the register, also one that will
// be refused (PML 27).
//
// Errors: Invalid with the fields at fault.
func NewCase(in Intake, recorded bool, seat Seat, s *Scene) (*Case, []Event, error) {
	if err := in.Check(recorded).Err(); err != nil {
		return nil, nil, err
	}
	if !recorded {
		channel := "web"
		if in.Channel == "qr" {
			channel = "qr"
		}
		in.Source, in.SourceRef, in.Channel, in.LegalGround, in.CourtMode, in.Feedback = "application", "", channel, "consent", statute.CourtNone, ""
	}
	number, err := s.Draw("intake")
	if err != nil {
		return nil, nil, err
	}
	c := &Case{ID: CaseID(s.NewID()), Version: 1, IntakeNumber: number, Committee: seat.Committee, Area: seat.Area,
		AreaPath: seat.AreaPath, Type: "99", Source: in.Source, SourceRef: in.SourceRef, Channel: in.Channel, CourtMode: in.CourtMode,
		Title: title(in.Facts), Facts: strings.TrimSpace(in.Facts), Place: strings.TrimSpace(in.Place),
		Request: strings.TrimSpace(in.Request), Respondent: strings.TrimSpace(in.Respondent), FiledAt: s.Now, UpdatedAt: s.Now,
		Remedies: []string{}, GradeFacts: []string{}, FiledBy: s.By.User}
	if c.CourtMode != statute.CourtNone && c.CourtMode != statute.C0 {
		c.Track = TrackCircuitCourt
	}
	phone, _, _ := statute.CheckPhone(in.Phone)
	p := Party{ID: PartyID(s.NewID()), Seq: 1, Side: Applicant, Capacity: "adult", Name: strings.TrimSpace(in.Name), GroupSize: 1,
		Consent: "yes", ConsentAt: s.Now, ConsentHow: "filing", LegalGround: in.LegalGround, PrivacyAt: s.Now, PrivacyVersion: PrivacyVersion,
		Identity: LevelCode, Fresh: &Contactable{Phone: phone}}
	if in.Source != "application" {
		p.Consent, p.ConsentAt, p.ConsentHow = "", time.Time{}, ""
	}
	action := RecordCase
	if !recorded {
		action, p.User = FileCase, s.By.User
	}
	c.Parties = []Party{p}
	line, err := Start.step(action)
	if err != nil {
		return nil, nil, err
	}
	c.move(line.To)
	c.runClocks(line, s)
	if c.Source == "court" {
		c.startClock(s, statute.D02CourtReply, "")
	} else if c.Sent() {
		c.startClock(s, feedbackClock(in.Feedback), "")
	}
	s.subject, s.codes = ItemID(p.ID), nil
	s.Code("feedback", c.FeedbackKind())
	s.Code("source", c.Source)
	s.Code("channel", c.Channel)
	return c, []Event{c.event(action, Start, s)}, c.sound()
}

// title is the first line of the facts, short enough for a list.
func title(facts string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(facts), "\n")
	runes := []rune(line)
	if len(runes) > 24 {
		return string(runes[:24]) + "…"
	}
	return line
}

func orElse(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}

// SupplementRequest asks the applicant for what is missing (row 3, F24).
type SupplementRequest struct {
	Items string `form:"items"`
}

// Action is the act's word.
func (SupplementRequest) Action() Action { return RequestSupplement }

// Apply pauses the clock of acceptance until the papers are there.
func (a SupplementRequest) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.Require("items", a.Items)
	f.Limit("items", a.Items, MaxStory)
	if err := f.Err(); err != nil {
		return err
	}
	c.OutcomeText = strings.TrimSpace(a.Items)
	c.pause(s, statute.D01Acceptance)
	return nil
}

// Supplied is what the applicant brings after being asked (row 4).
type Supplied struct {
	Text string `form:"text"`
}

// Action is the act's word.
func (Supplied) Action() Action { return GiveSupplement }

// Apply adds the words to the facts; what was told before stays.
func (a Supplied) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.Require("text", a.Text)
	f.Limit("text", a.Text, MaxStory)
	if err := f.Err(); err != nil {
		return err
	}
	c.Facts += "\n\n" + strings.TrimSpace(a.Text)
	c.OutcomeText = ""
	c.unpause(s, statute.D01Acceptance)
	return nil
}

// SupplementLapsed ends a filing whose papers never came (row 4). Only the
// running-out of D-03 allows it.
type SupplementLapsed struct{}

// Action is the act's word.
func (SupplementLapsed) Action() Action { return LapseSupplement }

// Apply needs the term for supplements to have run out.
func (SupplementLapsed) Apply(c *Case, s *Scene) error {
	d := c.Clock(statute.D03Supplement)
	if d == nil || !s.Now.After(d.Due) {
		return refuse("supplement_running", "local")
	}
	d.Ended, d.Outcome = s.Now, "lapsed"
	c.OutcomeCode, c.OutcomeText = "", ""
	s.Code("reason", "lapsed")
	c.tellRemedies("NA06")
	return nil
}

// Registration completes an intake (row 5): who, against whom, what is asked,
// which type and grade, and whether anything dangerous shows.
type Registration struct {
	Title      string `form:"title"`
	Type       string `form:"type"`
	Subtype    string `form:"subtype"`
	Applicant  string `form:"applicant"`
	Respondent string `form:"respondent"`
	Capacity   string `form:"capacity"` // of the respondent
	Phone      string `form:"phone"`    // of the respondent, as far as known
	Request    string `form:"request"`
	Amount     string `form:"amount"` // yuan; "" when no money is asked
	RiskScreen bool   `form:"risk_screen"`
	CrossArea  bool   `form:"cross_area"`
	LawUnclear bool   `form:"law_unclear"`
	Injury     bool   `form:"injury"`
	Death      bool   `form:"death"`
	Feedback   string `form:"feedback"` // how soon the sender wants to hear; "" leaves it as it is
	Media      bool   `form:"media"`    // reporters took the matter up, or it spreads on the net
}

// Action is the act's word.
func (Registration) Action() Action { return RegisterCase }

// Apply needs identity, respondent and request (NA05), a type, and the risk
// screen (PML 25) before anybody else is spoken to.
func (a Registration) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.Require("title", a.Title)
	f.Limit("title", a.Title, MaxLine)
	f.Choice("type", a.Type, statute.DisputeTypes)
	if a.Subtype != "" {
		if code, ok := statute.Lookup(statute.DisputeSubtypes, a.Subtype); !ok || code.Parent != a.Type {
			f.Mark("subtype", "error.choice")
		}
	}
	applicant := c.first(Applicant)
	if applicant != nil && applicant.Name == "" {
		f.Require("applicant", a.Applicant)
	}
	if c.first(Respondent) == nil {
		f.Require("respondent", a.Respondent)
		f.Choice("capacity", orElse(a.Capacity, "adult"), statute.PartyCapacity)
	}
	f.Limit("applicant", a.Applicant, MaxName)
	f.Limit("respondent", a.Respondent, MaxName)
	f.Require("request", orElse(a.Request, c.Request))
	amount := f.Amount("amount", a.Amount)
	f.Phone("phone", a.Phone)
	checkFeedback(f, a.Feedback)
	if !a.RiskScreen {
		f.Mark("risk_screen", "rule.risk_screen")
	}
	if err := f.Err(); err != nil {
		return err
	}
	if a.Applicant != "" && applicant != nil {
		applicant.Name = strings.TrimSpace(a.Applicant)
	}
	if c.first(Respondent) == nil {
		c.addParty(s, Party{Side: Respondent, Capacity: orElse(a.Capacity, "adult"), Name: strings.TrimSpace(a.Respondent),
			LegalGround: "statutory_duty", Fresh: &Contactable{Phone: normalPhone(a.Phone)}})
	}
	c.Title, c.Type, c.Subtype = strings.TrimSpace(a.Title), a.Type, a.Subtype
	c.Request, c.AmountFen = orElse(strings.TrimSpace(a.Request), c.Request), amount
	c.RiskScreened, c.RegisteredAt, c.RegisteredBy = true, s.Now, s.By.User
	c.GradeFacts = []string{}
	for _, fact := range []struct {
		name string
		told bool
	}{{"cross_area", a.CrossArea}, {"law_unclear", a.LawUnclear}, {"injury", a.Injury}, {"death", a.Death}, {"media", a.Media}} {
		if fact.told {
			c.GradeFacts = append(c.GradeFacts, fact.name)
		}
	}
	c.proposeGrade()
	c.answerAs(s, a.Feedback)
	s.subject = ""
	s.Code("type", c.Type)
	s.Code("grade", c.Grade)
	return nil
}

// proposeGrade sets the grade by rule unless the chair has already confirmed one.
func (c *Case) proposeGrade() {
	if c.GradeBy == "chair" {
		return
	}
	c.Grade, _ = statute.ProposeGrade(c.weight())
	c.GradeBy = "rule"
}
