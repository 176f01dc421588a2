package demo

import (
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// propertyFee: a company by its agent against an owner who has not paid for
// three years (CC 944). Settled after separate talks; both sides ask the court
// to confirm it within thirty days, and it does (PML 33).
func propertyFee(t *tale) {
	o := t.fengqiao()
	t.on(5, 11, 9)
	t.record(o.clerk, mediation.Intake{
		Facts: "枫桥里 9 幢 602 室业主朱明 2023 年起未交物业费，三年共 5460 元。多次上门，业主说楼道没人扫、灯坏了没人换，不肯交。",
		Place: "枫桥里 9 幢 602 室", Area: t.areas["枫桥里9幢"], Name: "恒安物业服务有限公司", Phone: phoneOf(161), Respondent: "业主朱明",
		Request: "支付物业费 5460 元"})
	t.register(o.clerk, mediation.Registration{Title: "拖欠物业费", Type: "17", Subtype: "17-fee", Respondent: "朱明", Phone: phoneOf(162), Amount: "5460"})
	t.known(o.clerk, mediation.PartyEntry{Party: t.applicant(), Side: mediation.Applicant, Capacity: "organisation", Name: "恒安物业服务有限公司",
		CreditCode: "91990000MA0000017X", LegalRep: "邹志强", Agent: "袁梅", AgentScope: "settle", AgentPaper: true})
	t.known(o.clerk, mediation.PartyEntry{Party: t.respondent(), Side: mediation.Respondent, Capacity: "adult", Name: "朱明", IDNumber: "990000198509301013"})
	t.ask(o.clerk, "phone", "朱明愿意谈，要求物业先把卫生讲清楚。")
	t.agree(o.clerk, "phone")
	t.accept(o, "L2")
	t.on(5, 12, 9)
	t.assign(o, mediation.TrackLegalAdvisor, o.advisor)
	feeTalks(t, o)
	feeConfirmed(t, o)
}

// feeTalks hear each side alone first.
func feeTalks(t *tale, o bureau) {
	t.do(o.advisor, &mediation.Scheduling{Meeting: mediation.Meeting{At: hour(5, 15, 9), Place: "枫桥里矛调工作站", Mode: "caucus"}})
	t.on(5, 15, 9)
	t.begin(o.advisor)
	t.do(o.advisor, &mediation.Caucus{Party: t.party("朱明"), Text: "朱明私下说手头紧，一次能拿出四千多；真正气的是保洁说来就来、说不来就不来。"},
		&mediation.Caucus{Party: t.party("恒安物业服务有限公司"), Text: "袁梅说公司授权可以减到八折半，但要有个说法，不能让别的业主跟着学。"})
	t.minutes(o.advisor, mediation.Report{Statements: t.said(
		"恒安物业服务有限公司", "（代理人袁梅）保洁排班表确实没有公示，这点我们认。",
		"朱明", "不是不交，是服务要跟上。"), Result: "continues"})
	t.do(o.advisor, &mediation.Adjournment{Reason: "continues", Note: "双方各自考虑方案", Until: day(5, 20)})
	t.on(5, 18, 9)
	t.again(o.advisor, hour(5, 20, 14), "枫桥里矛调工作站")
	t.on(5, 20, 14)
	t.begin(o.advisor)
	t.minutes(o.advisor, mediation.Report{Statements: t.said(
		"恒安物业服务有限公司", "（代理人袁梅）减免 860 元，并每月公示保洁清单，坏灯 48 小时内换。",
		"朱明", "这样我 6 月底前付 4600 元。"),
		Confirmed: "双方确认：2023 年 6 月至 2026 年 5 月物业费 5460 元未付；同期楼道保洁有缺漏。", Result: "settled"})
	owner, company := t.party("朱明"), t.party("恒安物业服务有限公司")
	t.draft(o.advisor, mediation.Terms{Facts: "朱明三年未付物业费 5460 元，物业公司同期楼道保洁有缺漏。",
		Settled: "朱明支付 4600 元，余款物业公司不再主张；物业公司每月公示保洁清单并及时更换楼道灯。",
		Promises: []mediation.Promise{
			{By: owner, To: company, Kind: "pay", What: "物业费", Amount: "4600", Due: day(6, 30), How: "转入物业公司对公账户"},
			{By: company, To: owner, Kind: "act", What: "公示 6 月份保洁清单，更换楼道坏灯", Due: day(6, 30), How: "张贴在 9 幢公告栏"},
		}})
	t.sign(o.advisor)
	t.seal(o)
}

// feeConfirmed is the joint application, which each side joins from its own page,
// and the court's ruling. The committee enters what the court served on both
// sides.
func feeConfirmed(t *tale, o bureau) {
	t.on(6, 2, 15)
	t.do(o.advisor, &mediation.Proposal{Court: t.court})
	t.on(6, 2, 19)
	t.do(t.himself(t.party("恒安物业服务有限公司")), &mediation.Joins{Read: true, ByAgent: true, ServeTo: "枫桥里 1 幢底层物业服务中心",
		Online: true, OnlineTo: "office@example.cn"})
	t.on(6, 3, 10)
	t.do(t.himself(t.party("朱明")), &mediation.Joins{Read: true, ServeTo: "枫桥里 9 幢 602 室", Online: true, OnlineTo: phoneOf(162)})
	t.on(6, 5, 15)
	t.do(o.chair, &mediation.CourtTook{CourtStep: mediation.CourtStep{Ref: "（2026）示0199民特18号", On: day(6, 5)}})
	t.on(6, 16, 15)
	t.do(o.chair, &mediation.CourtConfirmed{CourtStep: mediation.CourtStep{Ref: "（2026）示0199民特18号民事裁定书", On: day(6, 16), Note: "裁定调解协议有效。"}})
	t.lay(o.chair, mediation.File{Class: statute.CourtPaper, Title: "民事裁定书"}, "（2026）示0199民特18号", "裁定：恒安物业服务有限公司与朱明的调解协议有效", "高新区人民法院　2026年6月16日")
	t.on(6, 26, 10)
	t.kept(o.advisor, 1, day(6, 26), "银行转账回单")
	t.on(6, 30, 10)
	t.kept(o.advisor, 2, day(6, 30), "公告栏照片，朱明确认楼道灯已换")
	t.on(7, 7, 15)
	t.visit(o.advisor, "phone", "物业费已结清，清单每月张贴，业主满意。")
	t.on(7, 9, 9)
	t.shut(o, "协议经法院裁定确认，已全部履行。")
}
