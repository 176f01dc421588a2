package web

import (
	"slices"
	"strings"

	"doorstep/internal/casework"
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// timeline tells lines of the history in words, newest first.
func timeline(p Page, v *casework.View, events []mediation.Event) Timeline {
	var t Timeline
	for _, e := range slices.Backward(events) {
		t.Events = append(t.Events, Event{When: e.At, What: p.T("action." + string(e.Action)), Who: whoDid(p, v, e),
			Detail: strings.Join(codesInWords(p, e), "\n"), Icon: iconOf(e), Tone: toneOf(e)})
	}
	return t
}

// icons are the pictures of some actions; a move to another stage and a mere
// entry have their own.
var icons = map[mediation.Action]string{
	mediation.RaiseRisk: "shield-alert", mediation.ReportRisk: "shield-alert", mediation.ReportMajor: "shield-alert", mediation.AskOtherSide: "phone", mediation.LogContact: "phone",
	mediation.Assign: "user-round-check", mediation.HandOver: "user-round-check", mediation.Schedule: "calendar-days", mediation.Resume: "calendar-days",
	mediation.OpenSession: "messages-square", mediation.LogSession: "messages-square", mediation.NoteCaucus: "lock",
	mediation.Escalate: "scale", mediation.AskAgain: "scale", mediation.DecideReview: "scale", mediation.ReturnGuided: "scale", mediation.ReferToCourt: "landmark",
	mediation.TakeReferral: "landmark", mediation.EnterCourtTrack: "landmark", mediation.Sign: "pen-line", mediation.Countersign: "pen-line", mediation.AffixSeal: "stamp",
	mediation.TakeEffect: "handshake", mediation.SettleOrally: "handshake", mediation.SettleAtOnce: "handshake",
	mediation.Adjourn: "pause", mediation.CloseCase: "archive", mediation.Archive: "archive", mediation.FollowUp: "footprints",
	mediation.Visit: "footprints", mediation.Urge: "bell", mediation.MarkOverdue: "hourglass", mediation.Lapse: "hourglass",
}

func iconOf(e mediation.Event) string {
	if icon, ok := icons[e.Action]; ok {
		return icon
	}
	if e.From != e.To {
		return "arrow-right"
	}
	return "file-text"
}

func toneOf(e mediation.Event) Tone {
	switch {
	case e.Action == mediation.RaiseRisk || e.Action == mediation.MarkOverdue || e.Action == mediation.Lapse:
		return ToneAlarm
	case e.From != e.To && e.To == mediation.Effective:
		return ToneGood
	case e.From != e.To:
		return ToneLive
	}
	return ToneQuiet
}

// whoDid names who acted: staff by name and role, a party by its side.
func whoDid(p Page, v *casework.View, e mediation.Event) string {
	if e.Role == mediation.RoleSystem {
		return p.T("role.system")
	}
	for _, party := range v.Case.Parties {
		if party.ID == e.Party && e.Party != "" || party.User == e.By && e.By != "" && (e.Role == mediation.RoleResident) {
			return p.T("side." + string(party.Side))
		}
	}
	name := v.Names[e.By]
	if name == "" || e.Role == mediation.RoleResident {
		return p.Role(e.Role)
	}
	return name + " · " + p.Role(e.Role)
}

// eventLists says from which code list a code of the history is.
var eventLists = map[string]statute.List{
	"type": statute.DisputeTypes, "grade": statute.Grades, "source": statute.Sources, "channel": statute.Channels,
	"means": statute.ContactMeans, "ground": statute.NonAcceptance, "code": statute.Terminations, "flag": statute.RiskFlags,
	"competence": statute.Competence, "relation": statute.Relations, "court_mode": statute.CourtModes, "mode": statute.SessionModes, "doors": statute.SessionDoors, "retention": statute.Retention,
	"data_right": statute.DataRights, "data_answer": statute.DataAnswers, "data_refusal": statute.DataRefusals,
	"receiver": statute.ReportTargets, "class": statute.FileClasses, "was": statute.FileClasses, "proposed": statute.Retention,
}

// clockNames turns "D-01 D-05" into the names of the clocks.
func clockNames(p Page, ids string) string {
	var names []string
	for id := range strings.FieldsSeq(ids) {
		rule, _ := statute.Deadline(statute.DeadlineID(id))
		names = append(names, rule.Name(string(p.Lang)))
	}
	return strings.Join(names, p.T("common.comma"))
}

// codeNames turns codes of a list, "employer kin", into words.
func codeNames(p Page, list statute.List, codes string) string {
	var names []string
	for code := range strings.FieldsSeq(codes) {
		names = append(names, p.Code(string(list), code))
	}
	return strings.Join(names, p.T("common.comma"))
}

// codesInWords puts the codes of a line into words, in a fixed order.
func codesInWords(p Page, e mediation.Event) []string {
	var list []string
	for _, name := range slices.Sorted(mapsKeys(e.Codes)) {
		value := e.Codes[name]
		switch {
		case name == "reason" && (e.Action == mediation.Escalate || e.Action == mediation.AskAgain):
			value = p.Code(string(statute.EscalationReasons), value)
		case eventLists[name] != "":
			value = p.Code(string(eventLists[name]), value)
		case name == "found":
			value = codeNames(p, statute.ConflictFacts, value)
		case name == "told":
			value = codeNames(p, statute.ReportTargets, value)
		case name == "text" || name == "image" || name == "scan" || name == "receipt":
			value = value[:min(shownDigest, len(value))]
		case name == "moved" || name == "term" || name == "called_off":
			value = clockNames(p, value)
		case name == "undoes":
			value = p.T("action." + value)
		case name == "side" || name == "track":
			value = p.T(name + "." + value)
		case name == "until" || name == "on" || name == "effective_on" || name == "filed_on":
			if d, err := statute.ParseDate(value); err == nil {
				value = p.Date(d)
			}
		case p.Has("word." + name + "." + value):
			value = p.T("word." + name + "." + value)
		case p.Has("word." + value):
			value = p.T("word." + value)
		}
		list = append(list, p.T("code."+name)+p.T("common.colon")+value)
	}
	return list
}
