package statute

import "slices"

// Code is one entry of a code list, in both languages, with the source of the
// list or of the entry. Parent is the code it belongs under, "" at the top.
type Code struct {
	Code, ZH, EN, Source string
	Parent               string
}

// Label gives the English text for "en" and the Chinese one for anything else.
func (c Code) Label(lang string) string {
	if lang == "en" {
		return c.EN
	}
	return c.ZH
}

// List names a code list.
type List string

// The code lists.
const (
	DisputeTypes      List = "dispute_type"
	DisputeSubtypes   List = "dispute_subtype"
	Sources           List = "source"
	Channels          List = "channel"
	NonAcceptance     List = "non_acceptance"
	Terminations      List = "termination"
	EscalationReasons List = "escalation_reason"
	RiskFlags         List = "risk_flag"
	ReportTargets     List = "report_target"
	Grades            List = "grade"
	GradeReasons      List = "grade_reason"
	Relations         List = "relation"
	ConflictFacts     List = "conflict_fact"
	TieKinds          List = "tie_kind"
	Kinships          List = "kinship"
	OfficesHeld       List = "office_held"
	Remedies          List = "remedy"
	CourtModes        List = "court_mode"
	SessionModes      List = "session_mode"
	SessionDoors      List = "session_doors"
	Tracks            List = "track"
	PartyCapacity     List = "capacity"
	ObligationKinds   List = "obligation_kind"
	ContactMeans      List = "means"
	Retention         List = "retention"
	Statuses          List = "rule_status"
	ReckonRules       List = "reckon_rule"
	PaperNeeds        List = "paper_need"
	FormClasses       List = "form_class"
	FileClasses       List = "file_class"
	RetentionGrounds  List = "retention_ground"
	SignerRoles       List = "signer"
	Laws              List = "law"
	Competence        List = "competence"
	CourtOutcomes     List = "court_outcome"
	Sexes             List = "sex"
	Schooling         List = "schooling"
	EthnicGroups      List = "ethnic"
	CommitteeKinds    List = "committee_kind"
	DataRights        List = "data_right"
	DataAnswers       List = "data_answer"
	DataRefusals      List = "data_refusal"
)

// lists holds every code list. Nothing writes to it; Codes gives copies.
var lists = map[List][]Code{
	DisputeTypes:      disputeTypes,
	DisputeSubtypes:   disputeSubtypes,
	Sources:           sources,
	Channels:          channels,
	NonAcceptance:     nonAcceptance,
	Terminations:      terminations,
	EscalationReasons: escalationReasons,
	RiskFlags:         riskFlags,
	ReportTargets:     reportTargets,
	Grades:            grades,
	GradeReasons:      gradeReasons,
	Relations:         relations,
	ConflictFacts:     conflictFacts,
	TieKinds:          tieKinds,
	Kinships:          kinships,
	OfficesHeld:       officesHeld,
	Remedies:          remedies,
	CourtModes:        courtModes,
	SessionModes:      sessionModes,
	SessionDoors:      sessionDoors,
	Tracks:            tracks,
	PartyCapacity:     capacities,
	ObligationKinds:   obligationKinds,
	ContactMeans:      contactMeans,
	Retention:         retentions,
	Statuses:          statuses,
	ReckonRules:       reckonRules,
	PaperNeeds:        paperNeeds,
	FormClasses:       formClasses,
	FileClasses:       fileClasses,
	RetentionGrounds:  retentionGrounds,
	SignerRoles:       signerRoles,
	Laws:              laws,
	Competence:        competence,
	CourtOutcomes:     courtOutcomes,
	Sexes:             sexes,
	Schooling:         schoolings,
	EthnicGroups:      ethnicGroups,
	CommitteeKinds:    committeeKinds,
	DataRights:        dataRights,
	DataAnswers:       dataAnswers,
	DataRefusals:      dataRefusals,
}

// Lists gives the names of all code lists, in alphabetical order.
func Lists() []List {
	names := make([]List, 0, len(lists))
	for name := range lists {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Codes gives the entries of a list in the order they are shown; nil for an
// unknown list.
func Codes(l List) []Code { return slices.Clone(lists[l]) }

// Lookup finds an entry; false when the list or the code is unknown.
func Lookup(l List, code string) (Code, bool) {
	i := slices.IndexFunc(lists[l], func(c Code) bool { return c.Code == code })
	if i < 0 {
		return Code{}, false
	}
	return lists[l][i], true
}

// Valid says whether the code stands in the list.
func Valid(l List, code string) bool {
	_, ok := Lookup(l, code)
	return ok
}

// Under gives the entries of a list that belong to a parent, such as the
// sub-types of one type of dispute.
func Under(l List, parent string) []Code {
	return slices.DeleteFunc(Codes(l), func(c Code) bool { return c.Parent != parent })
}
