package demo

import "doorstep/internal/mediation"

// gymCard: nine members and a gym that closed. It agrees at first and then
// cannot be reached: three tries logged, terminated (T05), and the members are
// told where else to go (12315, the court).
func gymCard(t *tale) {
	o := t.fengqiao()
	t.on(5, 11, 17)
	t.file(t.Actor("林芳"), mediation.Intake{
		Facts: "力动健身房 4 月底突然关门，我们九个会员的年卡还没用完，一共 27000 元，群里一直说会退，没退。",
		Place: "枫桥路 31 号力动健身房", Area: t.areas[atFengqiao], Name: "林芳", Phone: phoneOf(231), Respondent: "力动健身房", Request: "退还卡费余额 27000 元"})
	t.on(5, 12, 9)
	t.register(o.clerk, mediation.Registration{Title: "健身房关门退卡费", Type: "14", Subtype: "14-prepaid", Respondent: "力动健身房",
		Capacity: "organisation", Phone: phoneOf(232), Amount: "27000"})
	t.known(o.clerk, mediation.PartyEntry{Party: t.applicant(), Side: mediation.Applicant, Capacity: "group", Name: "林芳", GroupSize: 9})
	t.proofs(o.clerk, mediation.Applicant)
	t.ask(o.clerk, "phone", "店长接了电话，说老板同意坐下来谈。")
	t.on(5, 14, 10)
	t.agree(o.clerk, "phone")
	t.accept(o, "L2")
	t.inform(o.clerk, t.applicant())
	t.on(5, 15, 9)
	t.assign(o, mediation.TrackPartyMember, o.third)
	gym := t.party("力动健身房")
	for _, try := range []struct {
		day         int
		means, note string
	}{{18, "phone", "店长电话关机。"}, {20, "visit", "到店，已贴封条，房东说人搬走了。"}, {25, "letter", "向登记地址寄信，退回，查无此人。"}} {
		t.on(5, try.day, 10)
		t.do(o.third, &mediation.ContactMade{Party: gym, Means: try.means, Note: try.note})
	}
	t.on(5, 27, 10)
	t.do(o.chair, &mediation.Termination{Ending: mediation.Ending{Code: "T05", Told: true,
		Reason: "健身房同意调解后失去联系，三次联系均未成功。已告知九位会员：可以拨打 12315 向市场监管部门投诉，也可以推选代表向人民法院起诉；涉嫌诈骗的，可以报警。"}})
	t.gives(o.chair, "F14")
	t.on(6, 1, 10)
	t.shutWithout(o, "健身房失去联系，调解终止，其他途径已经告知。",
		"健身房同意后失去联系，未到场：无法开调解会，没有调解记录；其营业执照未能核收。", "F10")
}
