package web

import (
	"encoding/json"
	"time"

	"doorstep/internal/mediation"
)

// pack is a frozen file as it is shown: what mediation.Case.Pack wrote.
type pack struct {
	Title   string `json:"title"`
	Facts   string `json:"facts"`
	Request string `json:"request"`
	Parties []struct {
		Side string `json:"side"`
		Name string `json:"name"`
	} `json:"parties"`
	Sessions []struct {
		Seq       int                   `json:"seq"`
		At        time.Time             `json:"at"`
		Said      []mediation.Statement `json:"statements"`
		Confirmed string                `json:"confirmed_facts"`
	} `json:"sessions"`
	Agreements []mediation.Agreement `json:"agreements"`
}

// Frozen reads the pack that went with a referral.
func (p casePage) Frozen(text string) pack { return p.Snapshot(json.RawMessage(text)) }

// Snapshot reads the file as it stood when a review was asked for. What cannot
// be read shows as empty: the digest beside it tells.
func (p casePage) Snapshot(raw json.RawMessage) pack {
	var it pack
	if err := json.Unmarshal(raw, &it); err != nil {
		return pack{}
	}
	return it
}

// Warn is a warning as a notice.
func (p casePage) Warn(text string) Notice { return Notice{Tone: ToneWait, Text: text} }

// OpenedNotice tells a reader that this reading was written down.
func (p casePage) OpenedNotice() Notice {
	return Notice{Tone: ToneWait, Text: p.T("case.opened_notice")}
}

// Reveals says whether the reader may open sealed values.
func (p casePage) Reveals() bool { return p.Sees("reveal") }

// GivesCodes says whether the reader hands out codes and links for a party. Once a
// matter was handed on, the applicant gets his where it lies.
func (p casePage) GivesCodes(party mediation.Party) bool {
	return p.Sees("code") && (party.Side != mediation.Applicant || p.C.Handed() == nil)
}
