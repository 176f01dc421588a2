package statute

var grades = []Code{
	{Code: "L1", ZH: "简易", EN: "Simple", Source: "local"},
	{Code: "L2", ZH: "一般", EN: "Ordinary", Source: "local"},
	{Code: "L3", ZH: "疑难复杂", EN: "Difficult", Source: "local"},
	{Code: "L4", ZH: "重大", EN: "Major", Source: "local"},
}

var gradeReasons = []Code{
	{Code: "mass_risk", ZH: "有群体性事件风险", EN: "Risk of a mass event", Source: "PML 25; local"},
	{Code: "crime_risk", ZH: "有违法犯罪风险", EN: "Risk of crime", Source: "PML 25; local"},
	{Code: "death", ZH: "有人死亡", EN: "A death", Source: "local"},
	{Code: "media", ZH: "媒体关注", EN: "In the media", Source: "local"},
	{Code: "sides", ZH: "三方以上", EN: "Three sides or more", Source: "local"},
	{Code: "amount", ZH: "金额超过十万元", EN: "More than CNY 100,000", Source: "local"},
	{Code: "sessions", ZH: "调解超过三次", EN: "More than three sessions", Source: "local"},
	{Code: "law_unclear", ZH: "法律适用不明确", EN: "The law is unclear", Source: "local"},
	{Code: "cross_community", ZH: "跨社区", EN: "More than one community", Source: "local"},
	{Code: "disability", ZH: "有人伤残", EN: "Disability", Source: "local"},
	{Code: "oral", ZH: "当场或口头化解，金额很小", EN: "Settled at once or orally, little or no money", Source: "local"},
	{Code: "ordinary", ZH: "没有特别情形", EN: "Nothing out of the ordinary", Source: "local"},
}

// GradeFacts are what a grade is proposed by. Amounts are in fen; Sessions are
// those planned or held; Oral is a matter settled at once or by word of mouth.
// Persons is kept beside Sides for the register and weighs nothing: twelve
// households that want the same are one side.
type GradeFacts struct {
	Sides, Persons             int
	AmountFen                  int64
	Sessions                   int
	LawUnclear, CrossCommunity bool
	Death, Disability          bool
	MassRisk, CrimeRisk, Media bool
	Oral                       bool
}

// The thresholds, in fen, sides and sessions. They are local and weigh mainly for
// pay; the judicial bureau sets them.
const (
	hardAmount    = 100_000_00
	trivialAmount = 1_000_00
	hardSides     = 3
	hardSessions  = 3
)

// ProposeGrade proposes L1 to L4 with the reasons, codes of [GradeReasons]. It
// only proposes: the chair confirms.
//
// Source: local rule; no law grades disputes.
func ProposeGrade(f GradeFacts) (grade string, why []string) {
	if why = reasons(
		reason{"mass_risk", f.MassRisk}, reason{"crime_risk", f.CrimeRisk}, reason{"death", f.Death}, reason{"media", f.Media},
	); why != nil {
		return "L4", why
	}
	if why = reasons(
		reason{"sides", f.Sides >= hardSides}, reason{"amount", f.AmountFen > hardAmount},
		reason{"sessions", f.Sessions > hardSessions}, reason{"law_unclear", f.LawUnclear},
		reason{"cross_community", f.CrossCommunity}, reason{"disability", f.Disability},
	); why != nil {
		return "L3", why
	}
	if f.Oral && f.AmountFen <= trivialAmount {
		return "L1", []string{"oral"}
	}
	return "L2", []string{"ordinary"}
}

type reason struct {
	code  string
	holds bool
}

func reasons(all ...reason) []string {
	var why []string
	for _, r := range all {
		if r.holds {
			why = append(why, r.code)
		}
	}
	return why
}

// MustBeWritten says whether an agreement needs the written form: a party asks
// for it, it is not performed at once, or the dispute is difficult or major.
//
// Source: NB15 24; MOJ02 34.
func MustBeWritten(immediate bool, grade string, requested bool) bool {
	return requested || !immediate || grade == "L3" || grade == "L4"
}
