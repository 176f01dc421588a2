package demo

import (
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// The stories of this file stand in intake: told far enough that the clerk, the
// chair and the parties each have a next thing to do.

// charging waits to be looked at; its receipt code is the one to try.
func charging(t *tale) {
	t.on(7, 15, 20)
	t.file(mediation.Visitor(), mediation.Intake{
		Facts: "楼下有人从三楼拉线下来给电动车充电，线就挂在单元门口，下雨天看着害怕，跟他讲过两次不听。",
		Place: "榆园 3 幢一单元门口", Area: t.areas["榆园3幢"], Phone: phoneOf(301), Name: "吴阿姨", Respondent: "三楼姓孟的住户", Request: "不要再拉飞线充电"})
}

// decoration waits for papers: the contract and the receipts.
func decoration(t *tale) {
	o := t.yuyuan()
	t.on(7, 14, 15)
	t.file(t.Actor("汤云"), mediation.Intake{
		Facts: "厨房装修做到一半停工了，付了两万多，装修队说还要加钱。", Place: "榆园 7 幢", Area: t.areas["榆园7幢"], Name: "汤云", Phone: phoneOf(311)})
	t.on(7, 15, 9)
	t.do(o.clerk, &mediation.SupplementRequest{Items: "装修合同或者聊天记录\n付款凭证\n装修队负责人的姓名和电话\n您的具体要求"})
}

// fallingObjects is registered; the other side is still to be asked.
func fallingObjects(t *tale) {
	o := t.yuyuan()
	t.on(7, 15, 9)
	t.record(o.clerk, mediation.Intake{
		Facts: "高楼层有人往下倒茶叶渣、扔烟头，晾的被子被烫了两个洞。", Place: "榆园 7 幢东侧", Area: t.areas["榆园7幢"], Name: "谭素芬", Phone: phoneOf(321),
		Respondent: "8 楼住户", Request: "不要再往下扔东西，赔一床被套"})
	t.register(o.clerk, mediation.Registration{Title: "高空抛物烫坏被褥", Type: "02", Subtype: "02-falling", Respondent: "石磊", Phone: phoneOf(322), Amount: "200"})
}

// planting is the grid worker's own report; the other side was not reached yet. The
// chair held it to be a major dispute, and nobody reported it that day.
func planting(t *tale) {
	o := t.yuyuan()
	t.on(7, 14, 9)
	t.record(o.grid, mediation.Intake{
		Facts: "3 幢北侧公共绿地被圈起来种菜，浇肥有味道，邻居意见大，已经吵过一次。", Place: "榆园 3 幢北侧绿地", Area: t.areas[gridYuyuan], Name: "杨惠芳",
		Phone: phoneOf(331), Respondent: "一楼老汪", Request: "恢复绿地", Source: "proactive", Channel: "grid", LegalGround: "statutory_duty"})
	t.register(o.clerk, mediation.Registration{Title: "占用绿地种菜", Type: "02", Subtype: "02-planting", Respondent: "汪德顺", Phone: phoneOf(332)})
	t.do(o.clerk, &mediation.Question{ContactMade: mediation.ContactMade{Party: t.respondent(), Means: "phone", Note: "没人接，约了晚上上门。"}})
	t.do(o.chair, &mediation.Grading{Grade: "L4"})
}

// lease: the landlord said no; the chair has to put it in due form.
func lease(t *tale) {
	o := t.yuyuan()
	t.on(7, 14, 10)
	t.record(o.clerk, mediation.Intake{
		Facts: "退租时房东扣了 3000 元押金，说墙上有钉眼。", Place: "榆园 3 幢 403 室", Area: t.areas["榆园3幢"], Name: "秦晓彤", Phone: phoneOf(341),
		Respondent: "房东卢建国", Request: "退还押金"})
	t.register(o.clerk, mediation.Registration{Title: "退租押金", Type: "03", Subtype: "03-lease", Respondent: "卢建国", Phone: phoneOf(342), Amount: "3000"})
	t.ask(o.clerk, "phone", "房东在电话里说押金该扣，没什么好谈的。")
	t.do(o.clerk, &mediation.Unwilling{Answer: mediation.Answer{Party: t.respondent(), How: "phone", Reason: "不愿调解。"}})
}

// housekeeper: both sides said yes, so the chair can accept.
func housekeeper(t *tale) {
	o := t.yuyuan()
	t.on(7, 14, 14)
	t.record(o.clerk, mediation.Intake{
		Facts: "请钟点工照顾老人，干了两个月走了，最后半个月工钱没谈拢。", Place: "榆园 7 幢 203 室", Area: t.areas["榆园7幢"], Name: "胡美珍", Phone: phoneOf(351),
		Respondent: "雇主董家", Request: "付清 1800 元工钱"})
	t.register(o.clerk, mediation.Registration{Title: "钟点工工钱", Type: "04", Subtype: "04-household_service", Respondent: "董文斌", Phone: phoneOf(352), Amount: "1800"})
	t.ask(o.clerk, "phone", "董文斌愿意谈。")
	t.agree(o.clerk, "phone")
}

// sharedIncome is accepted and waits for a mediator.
func sharedIncome(t *tale) {
	o := t.yuyuan()
	t.on(7, 14, 9)
	t.record(o.clerk, mediation.Intake{
		Facts: "小区电梯广告、快递柜的收入三年没公示，几位业主要求物业公开账目。", Place: "榆园小区", Area: t.areas[atYuyuan], Name: "韦国华", Phone: phoneOf(361),
		Respondent: "恒安物业", Request: "公示公共收益账目"})
	t.register(o.clerk, mediation.Registration{Title: "公共收益未公示", Type: "17", Subtype: "17-shared_income", Respondent: "恒安物业服务有限公司",
		Capacity: "organisation", Phone: phoneOf(362)})
	t.ask(o.clerk, "phone", "袁梅经理同意来谈。")
	t.agree(o.clerk, "phone")
	t.on(7, 15, 14)
	t.accept(o, "L2")
}

// handedOn came to the committee where the applicant lives; the kitchen is next
// door's, and waits there to be looked at.
func handedOn(t *tale) {
	o := t.yuyuan()
	t.on(7, 14, 11)
	t.record(o.clerk, mediation.Intake{
		Facts: "枫桥里 16 号楼下新开的面馆，油烟管正对着我家窗户，天热不敢开窗。", Place: "枫桥里 16 号东侧", Area: t.areas["榆园7幢"], Name: "丁秀英", Phone: phoneOf(371),
		Respondent: "面馆老板", Request: "油烟管改个方向"})
	t.register(o.clerk, mediation.Registration{Title: "面馆油烟管对着窗", Type: "02", Subtype: "02-fumes", Respondent: "邹大勇", Phone: phoneOf(372)})
	t.on(7, 15, 10)
	t.do(o.chair, &mediation.Transferral{Committee: t.Committee(atFengqiao), Reason: "面馆开在枫桥里，由枫桥里调委会办理更方便。", Agreed: true, AgreedBy: "沈国强主任",
		AgreedOn: statute.NewDate(2026, 7, 15), AgreedHow: "phone", Ground: "consent"})
}
