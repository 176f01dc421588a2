package demo

import (
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// dogBite: an unleashed dog bites a child of ten; the father speaks for him
// (CC 1245, 1246). Paid on the spot, with a receipt.
func dogBite(t *tale) {
	o := t.yuyuan()
	t.on(5, 11, 10)
	t.file(t.Actor("孙浩"), mediation.Intake{
		Facts: "5 月 9 日傍晚，儿子在小区花园玩，被吴静家没拴绳的狗咬伤小腿，打了狂犬疫苗，医药费 1920 元。",
		Place: "榆园小区中心花园", Area: t.areas[gridYuyuan], Name: "孙小宁", Phone: phoneOf(131), Respondent: "养狗的吴静",
		Request: "赔偿医药费和后续费用"})
	t.lay(t.Actor("孙浩"), mediation.File{Class: statute.Evidence, Title: "门诊病历和发票"}, "诊断：左小腿犬咬伤", "费用合计：1920.00元")
	t.on(5, 11, 11)
	t.register(o.clerk, mediation.Registration{Title: "未拴绳犬只咬伤儿童", Type: "06", Subtype: "06-dog_bite", Respondent: "吴静",
		Phone: phoneOf(132), Amount: "1920"})
	t.known(o.clerk, mediation.PartyEntry{Party: t.applicant(), Side: mediation.Applicant, Capacity: "minor", Name: "孙小宁", Guardian: "孙浩",
		IDNumber: "990000201506010039", Sensitive: true})
	t.ask(o.clerk, "visit", "吴静承认当时没拴绳，愿意赔。孩子的伤情材料由父亲单独同意后提供。")
	t.agree(o.clerk, "visit")
	t.accept(o, "L2")
	t.assign(o, mediation.TrackPartyMember, o.third)
	t.on(5, 12, 9)
	t.plan(o.third, hour(5, 13, 19), "榆园矛调工作站")
	t.on(5, 13, 19)
	t.begin(o.third)
	t.minutes(o.third, mediation.Report{Statements: t.said(
		"孙小宁", "（由父亲孙浩陈述）孩子现在看到狗就躲，疫苗还有两针没打，路费、误工也有。",
		"吴静", "是我不对，不该图省事不拴绳。医药费我全出，再给孩子买点营养品，一共 2500，现在就转。"),
		Confirmed: "双方确认：5 月 9 日吴静未给犬只拴绳，犬只咬伤孙小宁左小腿。", Result: "settled"})
	t.draft(o.third, mediation.Terms{Facts: "吴静遛犬未拴绳，犬只咬伤孙小宁左小腿。",
		Settled:   "吴静一次性赔偿 2500 元（含已付医药费 1920 元、后续两针疫苗和其他费用），当场付清；今后遛犬拴绳。双方就此事再无争议。",
		Promises:  []mediation.Promise{{By: t.party("吴静"), To: t.party("孙小宁"), Kind: "pay", What: "赔偿款", Amount: "2500", Due: day(5, 13), How: "当场转账给监护人孙浩"}},
		Immediate: true})
	t.sign(o.third)
	t.seal(o)
	t.kept(o.third, 1, day(5, 13), "孙浩当场出具收条")
	t.on(5, 20, 16)
	t.visit(o.third, "phone", "疫苗已打完，孩子情绪平稳；吴静遛狗都拴绳了。")
	t.on(5, 22, 11)
	t.shut(o, "当场付清，回访满意。")
}
