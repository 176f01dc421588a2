package mediation

import (
	"strings"
	"time"

	"doorstep/internal/statute"
)

// DataRequest is what a party asks of its own personal data, with the answer: the
// committee's register of such requests is the sum of them.
//
// Source: PIPL 15, 44 to 50.
type DataRequest struct {
	ID         ItemID    `json:"id"`
	Party      PartyID   `json:"party_id"`
	Right      string    `json:"data_right"` // code list "data_right"
	Text       string    `json:"body"`       // what exactly
	Means      string    `json:"means"`      // how it came: code list "means"
	By         UserID    `json:"by_user,omitzero"`
	At         time.Time `json:"at"`
	Outcome    string    `json:"outcome"` // code list "data_answer"; "" while it is open
	Ground     string    `json:"ground"`  // code list "data_refusal"; "" where it was met
	Answer     string    `json:"answer"`
	AnsweredBy UserID    `json:"answered_by,omitzero"`
	AnsweredAt time.Time `json:"answered_at,omitzero"`
}

// Open says whether the request waits for its answer.
func (r DataRequest) Open() bool { return r.AnsweredAt.IsZero() }

// DataAsked is a party's request, its own or written down for it. It may come at any
// time, also of a case that is long archived: the right does not end with the case.
type DataAsked struct {
	Party PartyID `form:"party"`
	Right string  `form:"data_right"`
	Text  string  `form:"text"`
	How   string  `form:"how"` // of staff: how the party said it
}

// Action is the act's word.
func (DataAsked) Action() Action { return AskData }

// Apply starts the clock of the answer. What is to be corrected, deleted or
// explained has to be said; a copy is of all that is kept.
func (a DataAsked) Apply(c *Case, s *Scene) error {
	f := Faults{}
	if me := c.actorParty(s.By); me != nil {
		a.Party, a.How = me.ID, "online"
	}
	f.Choice("data_right", a.Right, statute.DataRights)
	f.Choice("how", a.How, statute.ContactMeans)
	f.Limit("text", a.Text, MaxStory)
	if a.Right != "copy" && a.Right != "withdraw" {
		f.Require("text", a.Text)
	}
	p, err := c.partyField(f, a.Party)
	if err != nil {
		return err
	}
	c.DataRequests = append(c.DataRequests, DataRequest{ID: s.item(), Party: p.ID, Right: a.Right, Text: strings.TrimSpace(a.Text), Means: a.How,
		By: s.By.User, At: s.Now})
	c.startClock(s, statute.D30DataAnswer, s.subject)
	s.Code("data_right", a.Right)
	return nil
}

// DataAnswered is the committee's answer (PIPL 50).
type DataAnswered struct {
	Request ItemID `form:"request"`
	Outcome string `form:"outcome"`
	Ground  string `form:"ground"`
	Answer  string `form:"answer"`
	Told    bool   `form:"told"` // the party was told the answer and that it may sue
}

// Action is the act's word.
func (DataAnswered) Action() Action { return AnswerData }

// Apply needs a reason for whatever is not met, and that the party was told of its
// way to the court (PIPL 50). Nothing of a file is deleted, since it has to be kept
// (PML 27): who asks for that is told so, and his data are only kept from then on
// (PIPL 47).
func (a DataAnswered) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.Choice("outcome", a.Outcome, statute.DataAnswers)
	f.Require("answer", a.Answer)
	f.Limit("answer", a.Answer, MaxStory)
	if !a.Told {
		f.Mark("told", "rule.data_told")
	}
	r := c.DataRequest(a.Request)
	switch {
	case r == nil || !r.Open():
		f.Mark("request", "error.choice")
	case a.Outcome == "granted" && r.Right == "delete":
		f.Mark("outcome", "rule.data_kept")
	case a.Outcome == "limited" && r.Right != "delete" && r.Right != "withdraw":
		f.Mark("outcome", "error.choice")
	}
	if a.Outcome == "granted" {
		a.Ground = ""
	} else {
		f.Choice("ground", a.Ground, statute.DataRefusals)
	}
	if err := f.Err(); err != nil {
		return err
	}
	r.Outcome, r.Ground, r.Answer, r.AnsweredBy, r.AnsweredAt = a.Outcome, a.Ground, strings.TrimSpace(a.Answer), s.By.User, s.Now
	c.endClock(s, statute.D30DataAnswer, r.ID)
	s.About(r.ID)
	s.Code("data_right", r.Right)
	s.Code("data_answer", a.Outcome)
	s.Code("data_refusal", a.Ground)
	return nil
}

// DataRequest is the request of an id; nil for none.
func (c *Case) DataRequest(id ItemID) *DataRequest {
	for i := range c.DataRequests {
		if c.DataRequests[i].ID == id {
			return &c.DataRequests[i]
		}
	}
	return nil
}
