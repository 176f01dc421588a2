package statute

import (
	"slices"
	"strings"
)

// The grounds on which a court is competent to confirm an agreement.
const (
	ByInviting = "inviting" // it delegated the mediation
	BySeat     = "seat"     // the committee lies in its area
	ByObject   = "object"   // what the dispute is about lies there
	ByDomicile = "domicile" // a party lives there
)

// competence are the grounds in the order in which they are offered. A court that
// invited the mediation is the only one; of several others the parties choose
// one, and the first to docket keeps the matter.
var competence = []Code{
	{Code: ByInviting, ZH: "委派调解的人民法院", EN: "The court that delegated the mediation", Source: "CPL 205(1)"},
	{Code: BySeat, ZH: "调解组织所在地", EN: "Seat of the committee", Source: "CPL 205(2)"},
	{Code: ByObject, ZH: "标的物（纠纷）所在地", EN: "Place of what the dispute is about", Source: "CPL 205(2)"},
	{Code: ByDomicile, ZH: "当事人住所地", EN: "Domicile of a party", Source: "CPL 205(2)"},
}

// CourtSeat is a court with the area it serves. Area is a path of area codes that
// ends with a slash ("city/gx/"); everything below it belongs to the court.
type CourtSeat struct{ ID, Name, Area string }

// CourtFacts are the places by which courts are competent, as paths of areas; ""
// is a place not known. Inviting is the court that delegated the mediation, "" for
// a committee's own.
type CourtFacts struct {
	Inviting     string
	Seat, Object string
	Domiciles    []string
}

// CourtChoice is a court that is competent, with every ground for it.
type CourtChoice struct {
	Court   CourtSeat
	Grounds []string
}

// CompetentCourts gives the courts that may confirm an agreement. The inviting
// court is the only one where there is one. Otherwise each place leads to the
// nearest court above it: that of the district before that of the city, since the
// basic court is competent. Courts come in the order of the grounds; nil means
// that none of the list is competent by what is known.
//
// Source: CPL 205; CPLI 352.
func CompetentCourts(courts []CourtSeat, f CourtFacts) []CourtChoice {
	if f.Inviting != "" {
		for _, c := range courts {
			if c.ID == f.Inviting {
				return []CourtChoice{{c, []string{ByInviting}}}
			}
		}
		return nil
	}
	var list []CourtChoice
	add := func(place, ground string) {
		for _, court := range nearest(courts, place) {
			i := slices.IndexFunc(list, func(c CourtChoice) bool { return c.Court.ID == court.ID })
			if i < 0 {
				list, i = append(list, CourtChoice{Court: court}), len(list)
			}
			if !slices.Contains(list[i].Grounds, ground) {
				list[i].Grounds = append(list[i].Grounds, ground)
			}
		}
	}
	add(f.Seat, BySeat)
	add(f.Object, ByObject)
	for _, home := range f.Domiciles {
		add(home, ByDomicile)
	}
	return list
}

// nearest gives the courts of the smallest area that holds the place; several
// where it has more than one, such as a court and its outpost.
func nearest(courts []CourtSeat, place string) []CourtSeat {
	var best []CourtSeat
	for _, c := range courts {
		if c.Area == "" || place == "" || !strings.HasPrefix(place, c.Area) {
			continue
		}
		switch {
		case len(best) == 0 || len(c.Area) > len(best[0].Area):
			best = []CourtSeat{c}
		case len(c.Area) == len(best[0].Area):
			best = append(best, c)
		}
	}
	return best
}

// The terms of confirmation that are counted apart from the clocks.
var (
	// RulingExtended is the whole term of a ruling that the president of the
	// court extended by ten days (JC11 5).
	RulingExtended = Term{25, CalendarDays}
	// ThirdPartyObjection is how long somebody else may object from the day he
	// knew that the ruling touches his right (CPLI 372).
	ThirdPartyObjection = Term{6, Months}
)

// courtOutcomes say what each state of a confirmation means for the parties. The
// code is the state.
var courtOutcomes = []Code{
	{Code: "proposed", ZH: "申请书已备好，等各方加入。各方都加入了，才算共同提出申请；在三十日的最后一天前都可以加入，也可以收回。", EN: "The application is ready and waits for every party to join. It is made only when all have joined; until the last of the thirty days each may join, or take that back.", Source: "CPL 205; PML 33"},
	{Code: "declined", ZH: "有一方不加入，共同申请没有提出。协议照常有效；三十日没有过的，可以再提一次。", EN: "One party did not join, so there is no joint application. The agreement stands; within the thirty days it may be proposed again.", Source: "CPL 205; PML 31"},
	{Code: "dropped", ZH: "这次共同申请已收回，没有交到法院。三十日没有过的，可以重新提出。", EN: "This proposal was taken back and never went to the court. Within the thirty days another may be made.", Source: "CPL 205"},
	{Code: "late", ZH: "三十日已过，没有各方都加入，申请没有提出。协议仍有法律约束力；就履行发生争议的，可以起诉。", EN: "The thirty days ended before all had joined, so nothing was filed. The agreement still binds; a dispute about performance may be taken to court.", Source: "PML 31, 32, 33; CPL 205"},
	{Code: "filed", ZH: "申请已交法院，法院在三日内决定是否受理。协议照常有效，请按约定履行。", EN: "The application lies with the court, which decides within three days whether to take it. The agreement stands; perform it as agreed.", Source: "JC11 4; PML 31"},
	{Code: "court_accepted", ZH: "法院已受理，会通知双方共同到场核实，一般十五日内作出裁定。无正当理由不到场或不补充材料的，可能按撤回申请处理。不收费。", EN: "The court has taken it. It will call both sides and as a rule rules within fifteen days. Who does not come or answer without good reason may be treated as having withdrawn. No fee.", Source: "CPLI 356, 357; JC11 5, 11"},
	{Code: "confirmed", ZH: "裁定有效：一方不履行或不全部履行，对方可以向法院申请强制执行，期限为履行期最后一日起二年。对裁定有异议的，当事人在收到之日起十五日内向该法院提出。", EN: "The agreement is confirmed: if a party does not perform, the other may apply for compulsory enforcement within two years of the last day of performance. A party may object to the ruling at that court within fifteen days of receiving it.", Source: "CPL 206, 250; CPLI 372"},
	{Code: "objected", ZH: "有人对裁定提出异议，法院正在审查。异议成立的，撤销或改变裁定；不成立的，驳回异议，裁定继续有效。", EN: "Somebody objected to the ruling and the court looks into it. It revokes or changes the ruling, or dismisses the objection and the ruling stands.", Source: "CPLI 372"},
	{Code: "rejected", ZH: "申请被驳回：协议不能强制执行。双方可以再次调解，变更原协议或达成新协议，也可以向法院起诉。", EN: "The application was rejected: the agreement cannot be enforced. The parties may mediate again, change the agreement or make a new one, or go to court.", Source: "CPL 206; PML 33"},
	{Code: "not_taken", ZH: "法院没有受理：协议仍有法律约束力。三十日内可以改向有管辖权的法院申请；就履行发生争议的，可以起诉。", EN: "The court did not take it: the agreement still binds. Within the thirty days the parties may apply to the competent court; a dispute about performance may be taken to court.", Source: "CPLI 355; PML 31, 32"},
	{Code: "withdrawn", ZH: "申请已撤回：协议仍有法律约束力。三十日没有过的，双方还可以再次共同申请。", EN: "The application was withdrawn: the agreement still binds. Within the thirty days both sides may apply again.", Source: "CPLI 357; PML 31"},
	{Code: "revoked", ZH: "裁定已被撤销或改变：不能再按原裁定申请执行。双方可以再次调解，也可以向法院起诉。", EN: "The ruling was revoked or changed: it can no longer be enforced as it was. The parties may mediate again or go to court.", Source: "CPLI 372; CPL 206"},
	{Code: "enforcement", ZH: "已向法院申请强制执行，由法院执行。", EN: "Compulsory enforcement has been applied for and is the court's work.", Source: "CPL 206, 250"},
}
