package statute

// The retention classes. The law says to file, but not for how long; the years
// are a proposal that the judicial bureau sets. None deletes by itself: when a
// class ends, the volume is due for appraisal (ARCH 21).
const (
	Keep5       = "y5"
	Keep10      = "y10"
	Keep30      = "y30"
	KeepForever = "permanent"
)

var retentions = []Code{
	{Code: Keep5, ZH: "短期（5年）", EN: "Short (5 years)", Source: "PML 27; ARCH 21; local"},
	{Code: Keep10, ZH: "短期（10年）", EN: "Short (10 years)", Source: "PML 27; ARCH 21; local"},
	{Code: Keep30, ZH: "长期（30年）", EN: "Long (30 years)", Source: "PML 27; ARCH 21; local"},
	{Code: KeepForever, ZH: "永久", EN: "Permanent", Source: "PML 27; ARCH 21; local"},
}

// RetentionTerm gives how long a class is kept, in years from the day of
// archiving; false for the permanent class and for an unknown one.
func RetentionTerm(class string) (Term, bool) {
	switch class {
	case Keep5:
		return Term{5, Years}, true
	case Keep10:
		return Term{10, Years}, true
	case Keep30:
		return Term{30, Years}, true
	default:
		return Term{}, false
	}
}

// RetentionFacts are what the class is chosen by. Subtype is a code of
// [DisputeSubtypes].
type RetentionFacts struct {
	Oral                           bool
	Grade, Subtype                 string
	Minor, SeriousInjury, MassCase bool
	Death                          bool
}

// ProposeRetention gives the class the archive clerk is shown first: permanent
// for a death or a mass case; 30 years for real estate, inheritance, support,
// serious injury and minors; 5 years for an oral agreement; else 10.
func ProposeRetention(f RetentionFacts) string {
	class, _ := RetentionGround(f)
	return class
}

// RetentionGround gives the proposed class with what it rests on, a code of
// [RetentionGrounds].
func RetentionGround(f RetentionFacts) (class, ground string) {
	switch {
	case f.Death:
		return KeepForever, "death"
	case f.MassCase:
		return KeepForever, "mass"
	case f.Minor:
		return Keep30, "minor"
	case f.SeriousInjury:
		return Keep30, "injury"
	case longSubtype(f.Subtype):
		return Keep30, "subject"
	case f.Oral:
		return Keep5, "oral"
	default:
		return Keep10, "ordinary"
	}
}

var retentionGrounds = []Code{
	{Code: "death", ZH: "有人死亡", EN: "A death", Source: "ARCH 21; local"},
	{Code: "mass", ZH: "涉及人数多", EN: "Many people are concerned", Source: "ARCH 21; local"},
	{Code: "minor", ZH: "当事人有未成年人", EN: "A party is a minor", Source: "ARCH 21; local"},
	{Code: "injury", ZH: "有人重伤", EN: "A serious injury", Source: "ARCH 21; local"},
	{Code: "subject", ZH: "房产、继承、赡养抚养等长期有用的内容", EN: "Real estate, inheritance, support: of use for long", Source: "ARCH 21; local"},
	{Code: "oral", ZH: "口头协议，事情简单", EN: "An oral agreement on a simple matter", Source: "ARCH 21; local"},
	{Code: "ordinary", ZH: "一般纠纷", EN: "An ordinary dispute", Source: "ARCH 21; local"},
}

func longSubtype(code string) bool {
	switch code {
	case "01-support", "01-child", "01-inheritance", "03-sale", "03-lift", "07-land", "08-resettlement":
		return true
	}
	return false
}
