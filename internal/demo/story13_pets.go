package demo

import "doorstep/internal/mediation"

// pets: the two settle it between themselves over the weekend and the applicant
// takes it back; the number stays in the register.
func pets(t *tale) {
	o := t.yuyuan()
	t.on(5, 11, 13)
	t.file(t.Actor("高玲"), mediation.Intake{
		Facts: "对门田甜在过道里喂五六只猫，气味很大，夏天更受不了。", Place: "榆园 3 幢一单元 4 楼过道", Area: t.areas["榆园3幢"],
		Name: "高玲", Phone: phoneOf(181), Respondent: "对门田甜", Request: "不要在过道里养猫"})
	t.on(5, 11, 14)
	t.register(o.clerk, mediation.Registration{Title: "过道养猫气味扰邻", Type: "02", Subtype: "02-pets", Respondent: "田甜", Phone: phoneOf(182)})
	t.proofs(o.clerk, mediation.Applicant)
	t.ask(o.clerk, "phone", "田甜说愿意谈。")
	t.agree(o.clerk, "phone")
	t.accept(o, "L1")
	t.inform(o.clerk, t.all()...)
	t.on(5, 12, 14)
	t.assign(o, mediation.TrackPartyMember, o.third)
	t.on(5, 16, 11)
	t.do(t.Actor("高玲"), &mediation.Withdrawal{Reason: "田甜已经把猫接回屋里，过道也打扫了，我们自己说好了。", Settled: true})
	t.on(5, 18, 10)
	t.shutWithout(o, "双方自行和解，申请人撤回申请，案号保留。", "未开调解会，无调解记录；田甜没有到场，身份证明未核收。")
}
