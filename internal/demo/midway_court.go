package demo

import (
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// The stories of this file stand before the court, before their signatures, or
// between the agreement and its performance.

// toCourt takes a matter to the court's door: asked for a review, advised to
// refer it, offered with the parties' consent.
func (t *tale) toCourt(o bureau, asked, advised, offered int, summary string) {
	t.on(7, asked, 9)
	t.do(o.advisor, &mediation.Raise{Reason: "E04", Summary: summary})
	t.on(7, advised, 14)
	t.do(o.legal, &mediation.Opinion{Outcome: "court", Opinion: "事实有争议、标的较大，建议征得双方同意后转巡回审判点诉前委派调解。"})
	t.on(7, offered, 10)
	t.do(o.chair, &mediation.Offer{Court: t.court, Mode: statute.C1, Reason: "双方同意由法院诉前委派调解。", AgreedBy: t.all()})
}

// sale is offered to the court, which has not answered.
func sale(t *tale) {
	o := t.liuxi()
	t.on(7, 1, 9)
	t.opened(o, mediation.Intake{Facts: "二手房交了 5 万定金，房东涨价不卖了，只肯退定金。", Place: "柳溪 2 幢 702 室", Area: t.areas["柳溪2幢"], Name: "付雪梅", Phone: phoneOf(501),
		Respondent: "房东", Request: "双倍返还定金"},
		mediation.Registration{Title: "二手房定金", Type: "03", Subtype: "03-sale", Respondent: "邓海涛", Phone: phoneOf(502), Amount: "100000"}, "L2")
	t.on(7, 2, 9)
	t.assign(o, mediation.TrackLegalAdvisor, o.advisor)
	t.toCourt(o, 9, 13, 15, "定金罚则适用有争议，双方都想听法官意见。")
}

// transfer was taken by the court and is mediated there.
func transfer(t *tale) {
	o := t.fengqiao()
	t.on(7, 1, 14)
	t.opened(o, mediation.Intake{Facts: "转让奶茶店时说设备都是好的，接手后制冰机、收银机都坏了，转让费 8 万元。", Place: "枫桥路 12 号", Area: t.areas[atFengqiao], Name: "冯佳", Phone: phoneOf(511),
		Respondent: "原店主", Request: "退还部分转让费"},
		mediation.Registration{Title: "奶茶店转让费", Type: "05", Subtype: "05-transfer", Respondent: "尹浩", Phone: phoneOf(512), Amount: "30000"}, "L2")
	t.on(7, 2, 14)
	t.assign(o, mediation.TrackLegalAdvisor, o.advisor)
	t.toCourt(o, 7, 9, 10, "设备价值需要评估，双方愿意到巡回审判点处理。")
	t.on(7, 14, 9)
	t.do(t.Actor("叶青"), &mediation.Taken{Ref: "（2026）示0199诉前调231号"})
}

// drafted takes a matter through its one session to a draft.
func (t *tale) drafted(lead mediation.Actor, at [2]int, place string, r mediation.Report, terms mediation.Terms) {
	t.plan(lead, hour(7, at[0], at[1]), place)
	t.on(7, at[0], at[1])
	t.begin(lead)
	t.minutes(lead, r)
	t.draft(lead, terms)
}

// workInjury: everybody has signed and the seal is missing.
func workInjury(t *tale) {
	o := t.yuyuan()
	t.on(7, 8, 14)
	t.opened(o, mediation.Intake{Facts: "给邻居家搬家时砸伤了脚趾，医药费和误工一共 4200 元，说好是帮忙还是雇工各有各的说法。", Place: "榆园 7 幢", Area: t.areas["榆园7幢"], Name: "龚立", Phone: phoneOf(521),
		Respondent: "请他搬家的苗家", Request: "赔偿 4200 元"},
		mediation.Registration{Title: "帮忙搬家受伤", Type: "06", Subtype: "06-other", Respondent: "苗志伟", Phone: phoneOf(522), Amount: "4200"}, "L2")
	t.on(7, 9, 14)
	t.assign(o, mediation.TrackPartyMember, o.uncle)
	t.drafted(o.uncle, [2]int{14, 15}, "榆园矛调工作站",
		mediation.Report{Statements: t.said("龚立", "脚趾骨裂，歇了半个月。", "苗志伟", "医药费我出，误工给一半。"),
			Confirmed: "双方确认：龚立帮苗志伟搬家时被柜子砸伤脚趾，花去医药费 2400 元。", Result: "settled"},
		mediation.Terms{Facts: "龚立帮苗志伟搬家时被柜子砸伤脚趾，医药费和误工费共 4200 元。", Settled: "苗志伟赔偿龚立 3300 元，双方再无争议。", Promises: []mediation.Promise{
			{By: t.party("苗志伟"), To: t.party("龚立"), Kind: "pay", What: "赔偿款", Amount: "3300", Due: day(7, 31), How: "微信转账"}}})
	t.on(7, 15, 15)
	t.sign(o.uncle)
}

// stairs: a difficult matter whose draft legal staff have to read first.
func stairs(t *tale) {
	o := t.fengqiao()
	t.on(7, 6, 14)
	t.opened(o, mediation.Intake{Facts: "顶楼在公共楼梯间砌墙装门，把上屋面的通道封了，维修工上不去，全楼十八户有意见。", Place: "枫桥里 9 幢", Area: t.areas["枫桥里9幢"], Name: "路敏", Phone: phoneOf(531),
		Respondent: "顶楼住户", Request: "拆除砌墙，恢复通道"},
		mediation.Registration{Title: "楼梯间违规砌墙", Type: "03", Subtype: "03-illegal_build", Respondent: "霍启明", Phone: phoneOf(532), LawUnclear: true}, "L3")
	t.on(7, 7, 14)
	t.assign(o, mediation.TrackLegalAdvisor, o.advisor, o.third)
	t.drafted(o.advisor, [2]int{14, 10}, "枫桥里矛调工作站",
		mediation.Report{Statements: t.said("路敏", "消防检查已经提过两次。", "霍启明", "我拆，但要给我半个月找人。"),
			Confirmed: "双方确认：墙和门是霍启明砌装的，封住了通往屋面的公共通道。", Result: "settled"},
		mediation.Terms{Facts: "霍启明在顶楼公共楼梯间砌墙装门，封住通往屋面的通道。", Settled: "霍启明自行拆除楼梯间砌墙和门，恢复通往屋面的公共通道。", Promises: []mediation.Promise{
			{By: t.party("霍启明"), To: t.party("路敏"), Kind: "act", What: "拆除砌墙和门，清运垃圾", Due: day(7, 31), How: "拆完请物业验收"}}})
	t.on(7, 15, 11)
	t.do(o.advisor, &mediation.ReviewAsked{Summary: "涉及违规搭建，请司法所审阅。"})
}

// lateDebt: in effect, and a payment has not come; the mediator has to urge.
func lateDebt(t *tale) {
	o := t.yuyuan()
	t.on(6, 29, 9)
	t.opened(o, mediation.Intake{Facts: "合伙摆摊散伙，对方欠我货款 5000 元。", Place: "榆园夜市", Area: t.areas[atYuyuan], Name: "岳敏", Phone: phoneOf(541), Respondent: "合伙人", Request: "还货款"},
		mediation.Registration{Title: "散伙货款", Type: "04", Subtype: "04-other", Respondent: "简小军", Phone: phoneOf(542), Amount: "5000"}, "L2")
	t.on(6, 30, 9)
	t.assign(o, mediation.TrackPartyMember, o.uncle)
	t.drafted(o.uncle, [2]int{3, 15}, "榆园矛调工作站",
		mediation.Report{Statements: t.said("岳敏", "账都在本子上。", "简小军", "认 4000，分两次还。"),
			Confirmed: "双方核对账本，确认尚欠货款 4000 元。", Result: "settled"},
		mediation.Terms{Facts: "岳敏与简小军合伙摆摊，散伙后货款没有结清。", Settled: "简小军分两次还 4000 元。", Promises: []mediation.Promise{
			{By: t.party("简小军"), To: t.party("岳敏"), Kind: "pay", What: "第一次还款", Amount: "2000", Due: day(7, 13), How: "微信转账"},
			{By: t.party("简小军"), To: t.party("岳敏"), Kind: "pay", What: "第二次还款", Amount: "2000", Due: day(8, 13), How: "微信转账"}}})
	t.on(7, 6, 10)
	t.sign(o.uncle)
	t.seal(o)
}

// laundry was settled on the spot by the mediator who met it (即时调解), visited
// since, and waits to be closed.
func laundry(t *tale) {
	o := t.liuxi()
	t.on(7, 6, 16)
	t.record(o.uncle, mediation.Intake{Facts: "楼上晾衣服滴水，滴在楼下晒的被子上，两家在楼下吵起来，正好碰上。", Place: "柳溪 2 幢楼下", Area: t.areas["柳溪2幢"], Name: "沙桂珍", Phone: phoneOf(551),
		Respondent: "楼上", Request: "晾衣服拧干", Source: "proactive", Channel: "window", LegalGround: "statutory_duty"})
	t.register(o.uncle, mediation.Registration{Title: "晾衣滴水", Type: "02", Subtype: "02-other", Respondent: "应丽华", Phone: phoneOf(552)})
	promise := mediation.Promise{By: t.respondent(), To: t.applicant(), Kind: "act", What: "装接水盘，拧干再晾", Due: day(7, 8), How: "自行购买安装"}
	t.do(o.uncle, &mediation.SettledAtOnce{Present: true, RightsTold: true, Oral: mediation.Oral{NoPaper: true,
		Terms: checked(mediation.Terms{Settled: "应丽华两天内装好接水盘，衣服拧干再晾。", Promises: []mediation.Promise{promise}})}})
	t.on(7, 8, 17)
	t.kept(o.uncle, 1, day(7, 8), "上门看过，接水盘已装")
	t.on(7, 16, 8)
	t.visit(o.uncle, "visit", "没有再滴水，两家和好。")
}

// plumTree was settled by word of mouth and done since; the visit is due.
func plumTree(t *tale) {
	o := t.yuyuan()
	t.on(7, 9, 15)
	t.opened(o, mediation.Intake{Facts: "院子里的梅树枝伸进邻居阳台，落叶堵了排水口。", Place: "榆园 3 幢 103 室", Area: t.areas["榆园3幢"], Name: "凌慧", Phone: phoneOf(561),
		Respondent: "103 室", Request: "修剪树枝"},
		mediation.Registration{Title: "树枝伸进阳台", Type: "02", Subtype: "02-other", Respondent: "焦国强", Phone: phoneOf(562)}, "L1")
	t.on(7, 9, 17)
	t.assign(o, mediation.TrackPartyMember, o.uncle)
	t.plan(o.uncle, hour(7, 10, 10), "3 幢楼下")
	t.on(7, 10, 10)
	t.begin(o.uncle)
	t.minutes(o.uncle, mediation.Report{Statements: t.said("凌慧", "不是不喜欢树，是水排不出去。", "焦国强", "明天我就剪，落叶我来扫。"), Confirmed: "双方确认：树枝伸进阳台，落叶堵住排水口。", Result: "settled"})
	promise := mediation.Promise{By: t.party("焦国强"), To: t.party("凌慧"), Kind: "act", What: "修剪伸进阳台的树枝，清理排水口", Due: day(7, 12), How: "自行修剪"}
	t.do(o.uncle, &mediation.OralSettlement{Oral: mediation.Oral{NoPaper: true,
		Terms: checked(mediation.Terms{Settled: "焦国强两天内修剪树枝、清理排水口。", Promises: []mediation.Promise{promise}})}})
	t.on(7, 12, 9)
	t.kept(o.uncle, 1, day(7, 11), "凌慧发来照片，已剪好")
}
