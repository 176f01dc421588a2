package statute

// VolumeFacts are what a case went through, as far as its papers depend on it.
type VolumeFacts struct {
	Oral, Accepted, Agreed, Terminated, Withdrawn bool
	Performed, FollowedUp, ByAgent, Investigated  bool
	Confirmation                                  bool
}

// RequiredPaper is one line of the check-list. Form is F01 to F29, or one of the
// two papers that have no form of their own: ID (proof of identity) and EV
// (evidence); a class of files stands where [BoundAt] says. Need is a code of [PaperNeeds].
type RequiredPaper struct {
	Form   string
	ZH, EN string
	Need   string
}

// Label gives the English name for "en" and the Chinese one for anything else.
func (p RequiredPaper) Label(lang string) string { return Code{ZH: p.ZH, EN: p.EN}.Label(lang) }

// The needs.
const (
	Must         = "must"
	IfApplicable = "if_applicable"
	AsNeeded     = "as_needed"
)

var paperNeeds = []Code{
	{Code: Must, ZH: "必备", EN: "Required", Source: "VOL"},
	{Code: IfApplicable, ZH: "有则附上", EN: "If there is one", Source: "VOL"},
	{Code: AsNeeded, ZH: "视情况", EN: "As needed", Source: "VOL"},
}

// RequiredPapers gives the check-list of closing, in the order of the volume. A
// case that was not accepted needs its registration only; an oral agreement has
// the light set. Cover, index and back cover follow at archiving (ArchivePapers).
//
// Source: VOL; REC; PML 26 to 29; MOJ02 30; CPLI 354.
func RequiredPapers(o VolumeFacts) []RequiredPaper {
	if !o.Accepted {
		return papers(
			need{"F02", Must}, need{"F01", IfApplicable}, need{"F22", IfApplicable},
			need{"F05", IfApplicable}, need{"F14", IfApplicable}, need{"F23", IfApplicable},
		)
	}
	list := papers(
		need{"F02", Must}, need{"F01", IfApplicable}, need{"F03", mustUnless(o.Oral)},
		need{"ID", mustUnless(o.Oral)}, need{"F19", mustIf(o.ByAgent, AsNeeded)},
		need{"F09", mustIf(o.Investigated, AsNeeded)}, need{"EV", AsNeeded},
		need{"F10", recordNeed(o)},
	)
	list = append(list, result(o)...)
	return append(list, papers(
		need{"F18", mustIfApplicable(o.Performed)}, need{"F15", mustIf(o.FollowedUp, AsNeeded)},
		need{"F16", mustIf(o.Confirmation, AsNeeded)}, need{"F17", mustIf(o.Confirmation, AsNeeded)},
		need{"F25", AsNeeded},
	)...)
}

// ArchivePapers gives what archiving adds to the volume: cover, index, back cover.
func ArchivePapers() []RequiredPaper {
	return papers(need{"F27", Must}, need{"F28", Must}, need{"F29", Must})
}

// result is the paper in which the mediation ended.
func result(o VolumeFacts) []RequiredPaper {
	var list []RequiredPaper
	switch {
	case o.Agreed && o.Oral:
		list = papers(need{"F12", Must})
	case o.Agreed:
		list = papers(need{"F11", Must})
	}
	if o.Terminated || o.Withdrawn {
		list = append(list, papers(need{"F14", Must})...)
	}
	return list
}

// recordNeed: the record holds either what was agreed or why it failed, so both
// ends need it (REC). A case withdrawn before the first session has none.
func recordNeed(o VolumeFacts) string {
	if o.Agreed || o.Terminated {
		return mustUnless(o.Oral)
	}
	return IfApplicable
}

func mustIf(holds bool, otherwise string) string {
	if holds {
		return Must
	}
	return otherwise
}

func mustUnless(light bool) string { return mustIf(!light, IfApplicable) }

// mustIfApplicable: not every performance leaves a paper (an apology does not),
// but where there is one it belongs into the volume.
func mustIfApplicable(performed bool) string {
	if performed {
		return IfApplicable
	}
	return AsNeeded
}

type need struct{ form, need string }

func papers(needs ...need) []RequiredPaper {
	list := make([]RequiredPaper, 0, len(needs))
	for _, n := range needs {
		zh, en := paperName(n.form)
		list = append(list, RequiredPaper{Form: n.form, ZH: zh, EN: en, Need: n.need})
	}
	return list
}

func paperName(form string) (zh, en string) {
	switch form {
	case "ID":
		return "当事人身份证明", "Proof of identity"
	case "EV":
		return "证据材料", "Evidence"
	}
	f, _ := FormOf(form)
	return f.ZH, f.EN
}
