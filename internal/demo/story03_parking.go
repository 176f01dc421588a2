package demo

import "doorstep/internal/mediation"

// parking: the other side says no, and one clear no ends the matter (PML 17):
// registered, never accepted, the other lawful ways told.
func parking(t *tale) {
	o := t.yuyuan()
	t.on(5, 11, 12)
	t.file(t.Actor("周涛"), mediation.Intake{
		Facts: "我租的地面车位 A17 经常被同小区钱伟的车占着，打电话让他挪，他说停一会儿怎么了。这个月已经六次。",
		Place: "榆园小区东侧地面车位 A17", Area: t.areas[atYuyuan], Name: "周涛", Phone: phoneOf(121), Respondent: "车主钱伟",
		Request: "不要再占用我租的车位", Channel: "qr"})
	t.on(5, 11, 14)
	t.register(o.clerk, mediation.Registration{Title: "占用租赁车位", Type: "17", Subtype: "17-parking", Respondent: "钱伟", Phone: phoneOf(122)})
	t.proofs(o.clerk, mediation.Applicant)
	t.ask(o.clerk, "phone", "钱伟说考虑一下，让发个链接给他。")
	link := t.invited(o.clerk, t.party("钱伟"))
	t.on(5, 12, 9)
	t.do(link, &mediation.Unwilling{Answer: mediation.Answer{Reason: "车位是小区的，没什么好谈的。"}})
	t.on(5, 12, 11)
	t.do(o.chair, &mediation.Refusal{Ground: "NA04", Told: true,
		Reason: "钱伟于 5 月 12 日明确表示不同意调解。已告知周涛：可以请物业按停车管理规定处理，也可以凭租赁合同向人民法院起诉。"})
	t.issue(o.chair, "F05", "")
}
