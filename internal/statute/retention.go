package statute

// The retention classes. The law says to file, but not for how long; the codes are
// called after the first proposal, and how many years a class is kept a committee
// sets as it sets its other limits (see [Limits.Retention]). None deletes by itself:
// when a class ends, the volume is due for appraisal (ARCH 21).
const (
	Keep5       = "y5"
	Keep10      = "y10"
	Keep30      = "y30"
	KeepForever = "permanent"
)

var retentions = []Code{
	{Code: Keep5, ZH: "短期·口头、简易", EN: "Short, oral or simple", Source: "PML 27; ARCH 21; local"},
	{Code: Keep10, ZH: "短期", EN: "Short", Source: "PML 27; ARCH 21; local"},
	{Code: Keep30, ZH: "长期", EN: "Long", Source: "PML 27; ARCH 21; local"},
	{Code: KeepForever, ZH: "永久", EN: "Permanent", Source: "PML 27; ARCH 21; local"},
}

// keepClocks are the clocks of the classes that end, from the shortest.
var keepClocks = []struct {
	class string
	clock DeadlineID
}{{Keep5, D18Oral}, {Keep10, D18Short}, {Keep30, D18Long}}

// RetentionClock gives the clock that runs while a volume of a class is kept; false
// for the permanent class and for an unknown one.
func RetentionClock(class string) (DeadlineID, bool) {
	for _, k := range keepClocks {
		if k.class == class {
			return k.clock, true
		}
	}
	return "", false
}

// RetentionOf gives the class of a volume by the clock it is kept under; false for a
// clock that is none of those. Volumes archived before a committee could set the
// years run under D-18, and the years tell their class.
func RetentionOf(clock DeadlineID, term Term) (class string, ok bool) {
	for _, k := range keepClocks {
		if rule, _ := Deadline(k.clock); k.clock == clock || clock == D18Retention && rule.Term == term {
			return k.class, true
		}
	}
	return "", false
}

// Retention gives how long a volume archived now is kept, in years from the day of
// archiving, by the committee's own setting or the default; false for the permanent
// class and for an unknown one.
func (l Limits) Retention(class string) (Term, bool) {
	clock, ends := RetentionClock(class)
	if !ends {
		return Term{}, false
	}
	return l.Term(clock), true
}

// RetentionOrder gives the clocks of the classes whose years are fewer than those of
// the class before: a volume of weight is not kept for less than a simple one.
func (l Limits) RetentionOrder() []DeadlineID {
	var short []DeadlineID
	for i, k := range keepClocks[1:] {
		if l.Term(k.clock).N < l.Term(keepClocks[i].clock).N {
			short = append(short, k.clock)
		}
	}
	return short
}

// leastKept is what no class may be kept for less than: as long as the agreement can
// still be enforced, and a claim brought after that.
//
// Source: CPL 250 (two years); CC 188 (three years).
const leastKept = 2 + 3

// Least is the shortest setting a clock takes; the zero Term where any will do.
func (r DeadlineRule) Least() Term {
	if _, kept := RetentionOf(r.ID, Term{}); kept {
		return Term{leastKept, Years}
	}
	return Term{}
}

// Takes says whether a committee may set the clock to a term: not what the law
// fixes, nor what has no number of its own (D-13, D-18), nor less than the law needs.
func (r DeadlineRule) Takes(t Term) bool {
	if r.Hard || r.Term.N == 0 || !t.Valid() {
		return false
	}
	least := r.Least()
	return least == Term{} || t.Unit == least.Unit && t.N >= least.N
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
