package demo

import "doorstep/internal/mediation"

// The stories of this file stand with a mediator: waiting for a session, in the
// middle of talks, held up, or past their time.

// opened takes a matter that both sides want to talk about up to its mediator.
func (t *tale) opened(o bureau, in mediation.Intake, r mediation.Registration, grade string) {
	t.record(o.clerk, in)
	t.register(o.clerk, r)
	t.ask(o.clerk, "phone", "对方愿意调解。")
	t.agree(o.clerk, "phone")
	t.accept(o, grade)
}

// daylight: the mediator himself says that he should step back.
func daylight(t *tale) {
	o := t.yuyuan()
	t.on(7, 13, 9)
	t.opened(o, mediation.Intake{Facts: "前排一楼搭了遮阳棚，把我家南窗的光挡了一半。", Place: "榆园 3 幢 101 室", Area: t.areas["榆园3幢"], Name: "葛秀英", Phone: phoneOf(401),
		Respondent: "102 室", Request: "拆掉遮阳棚"},
		mediation.Registration{Title: "遮阳棚挡光", Type: "02", Subtype: "02-light", Respondent: "纪文涛", Phone: phoneOf(402)}, "L2")
	t.on(7, 14, 9)
	t.assign(o, mediation.TrackPartyMember, o.third)
	t.on(7, 15, 16)
	t.do(o.third, &mediation.ConflictDeclared{Relation: "neighbour", Reason: "我就住在 102 室楼上，平时和纪家走动多，应当回避。"})
}

// slip has its session tomorrow, and somebody who wants to know what is kept of her.
func slip(t *tale) {
	o := t.yuyuan()
	t.on(7, 10, 9)
	t.opened(o, mediation.Intake{Facts: "下雨天超市门口瓷砖湿滑，摔了一跤，手腕扭伤，看病花了 860 元。", Place: "榆园路便民超市", Area: t.areas[atYuyuan], Name: "孟庆兰",
		Phone: phoneOf(411), Respondent: "便民超市", Request: "赔偿医药费和误工费"},
		mediation.Registration{Title: "超市门口滑倒受伤", Type: "06", Subtype: "06-fall", Respondent: "榆园便民超市", Capacity: "organisation", Phone: phoneOf(412), Amount: "1500"}, "L2")
	t.on(7, 13, 10)
	t.assign(o, mediation.TrackPartyMember, o.uncle)
	t.plan(o.uncle, hour(7, 17, 15), "榆园矛调工作站")
	t.on(7, 15, 14)
	t.do(o.clerk, &mediation.DataAsked{Party: t.applicant(), Right: "copy", How: "phone", Text: "想看看登记了我哪些信息。"})
}

// support has a recorded session and goes on.
func support(t *tale) {
	o := t.fengqiao()
	t.on(7, 6, 9)
	t.opened(o, mediation.Intake{Facts: "老母亲八十三岁，三个月前摔伤后要人照顾，姐姐一个人扛不住，弟弟说忙，不肯出钱也不肯出力。", Place: "枫桥里 5 幢 102 室", Area: t.areas["枫桥里5幢"],
		Name: "温玉琴", Phone: phoneOf(421), Respondent: "弟弟温志强", Request: "轮流照顾，分担护理费"},
		mediation.Registration{Title: "照顾老母亲", Type: "01", Subtype: "01-support", Respondent: "温志强", Phone: phoneOf(422)}, "L2")
	t.on(7, 7, 9)
	t.assign(o, mediation.TrackPartyMember, o.uncle)
	t.plan(o.uncle, hour(7, 14, 19), "温家客厅")
	t.on(7, 14, 19)
	t.begin(o.uncle)
	t.minutes(o.uncle, mediation.Report{Statements: t.said(
		"温玉琴", "我自己也六十了，夜里要起来三四回，真的撑不住了。",
		"温志强", "我跑运输，人回不来。钱我可以出一点，但是姐说请护工要五千，我拿不出那么多。"),
		Confirmed: "双方确认：母亲目前需要有人夜间照看。", Negotiation: "弟弟每月可出 1500 左右。", Result: "continues"})
}

// wages: a decorators' crew, escalated for the law; legal staff have to answer. It
// became a major dispute and was reported to them, which they have not confirmed yet.
// A labour matter has fifteen days only (LDMA 14).
func wages(t *tale) {
	o := t.yuyuan()
	t.on(7, 8, 9)
	t.opened(o, mediation.Intake{Facts: "装修队六个工人干了四十天，包工头说业主没结账，38600 元工钱拖到现在。", Place: "榆园 7 幢 501 室", Area: t.areas["榆园7幢"], Name: "罗大勇",
		Phone: phoneOf(431), Respondent: "包工头侯建军", Request: "付清六个人工钱"},
		mediation.Registration{Title: "装修工人工钱", Type: "10", Subtype: "10-decorators", Respondent: "侯建军", Phone: phoneOf(432), Amount: "38600"}, "L2")
	t.on(7, 9, 9)
	t.assign(o, mediation.TrackLegalAdvisor, o.advisor)
	t.plan(o.advisor, hour(7, 14, 9), "榆园矛调工作站")
	t.on(7, 14, 9)
	t.begin(o.advisor)
	t.minutes(o.advisor, mediation.Report{Statements: t.said(
		"罗大勇", "工人等着拿钱回家，家里老人看病要用。",
		"侯建军", "业主压着四万尾款，我垫不出来。"), Confirmed: "双方确认：六名工人四十天工钱共 38600 元未付。", Result: "no_agreement"})
	t.on(7, 15, 10)
	t.do(o.advisor, &mediation.Raise{Reason: "E04", Summary: "包工头没有用工资质，业主是否应在欠付范围内先行清偿？工资案件调解期 7 月 23 日届满，请指导。"})
	t.on(7, 15, 16)
	t.do(o.chair, &mediation.Grading{Grade: "L4"})
	t.do(o.chair, &mediation.MajorReported{To: "judicial_office", How: mediation.ThroughSystem, Measures: "六名工人约了明天一起去工地讨钱，已劝住，请业主先到社区来谈。"})
}

// wall: legal staff have answered that the sub-district should take it; the
// chair has to act on it.
func wall(t *tale) {
	o := t.yuyuan()
	t.on(7, 2, 9)
	t.opened(o, mediation.Intake{Facts: "隔壁小区修围墙占了我们这边半米通道，消防车进不来，两个小区业主吵了好几回。", Place: "榆园东门", Area: t.areas[atYuyuan], Name: "钟立新",
		Phone: phoneOf(441), Respondent: "梅岭苑业委会", Request: "围墙退回原位"},
		mediation.Registration{Title: "两小区围墙边界", Type: "03", Subtype: "03-other", Respondent: "梅岭苑业主委员会", Capacity: "organisation", Phone: phoneOf(442), CrossArea: true}, "L3")
	t.on(7, 3, 9)
	t.assign(o, mediation.TrackLegalAdvisor, o.advisor, o.third)
	t.on(7, 10, 9)
	t.do(o.advisor, &mediation.Raise{Reason: "E12", Summary: "涉及两个社区，本调委会难以协调，建议由街道调委会处理。"})
	t.on(7, 14, 15)
	t.do(o.legal, &mediation.Opinion{Outcome: "reassign", Opinion: "跨社区纠纷，建议改由高新街道人民调解委员会调解，征得各方同意后办理。"})
}

// carPort has run out of time: the docket noted it, the chair must choose.
func carPort(t *tale) {
	o := t.yuyuan()
	t.on(6, 8, 9)
	t.opened(o, mediation.Intake{Facts: "买房时说好带一个地下车位，交房后开发商代理说车位另卖。", Place: "榆园 7 幢", Area: t.areas["榆园7幢"], Name: "薛梦洁", Phone: phoneOf(451),
		Respondent: "代理商", Request: "兑现车位"},
		mediation.Registration{Title: "承诺车位未兑现", Type: "04", Subtype: "04-other", Respondent: "佳居房产代理有限公司", Capacity: "organisation", Phone: phoneOf(452), Amount: "60000"}, "L2")
	t.on(6, 9, 9)
	t.assign(o, mediation.TrackLegalAdvisor, o.advisor)
	t.plan(o.advisor, hour(6, 16, 9), "榆园矛调工作站")
	t.on(6, 16, 9)
	t.begin(o.advisor)
	t.minutes(o.advisor, mediation.Report{Statements: t.said(
		"薛梦洁", "宣传页上写得清清楚楚，买房送车位。",
		"佳居房产代理有限公司", "那是销售个人说法，公司要请示总部。"), Confirmed: "双方确认：宣传页印有“买房送车位”。", Result: "continues"})
	t.do(o.advisor, &mediation.Adjournment{Reason: "continues", Note: "等总部答复", Until: day(7, 6)})
}
