package demo

import (
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// leak: water comes through a bathroom ceiling; the flat above is let, so owner
// and tenant are both heard. The second instalment comes six days late.
func leak(t *tale) {
	o := t.yuyuan()
	t.on(5, 11, 8)
	t.file(t.Actor("王建国"), mediation.Intake{
		Facts: "楼上卫生间漏水，我家卫生间和过道吊顶泡坏了，墙面发霉。找装修队看过，修复要 6800 元。楼上是租出去的，房东和房客互相推。",
		Place: "榆园 7 幢 301 室", Area: t.areas["榆园7幢"], Name: "王建国", Phone: phoneOf(111), Respondent: "401 室房东李敏",
		Request: "修好漏水，赔偿吊顶损失 6800 元"})
	t.lay(t.Actor("王建国"), mediation.File{Class: statute.Evidence, Title: "卫生间吊顶水渍"}, "榆园 7 幢 301 室卫生间", "吊顶鼓起，墙面发霉")
	t.on(5, 11, 10)
	t.register(o.clerk, mediation.Registration{Title: "卫生间漏水致楼下受损", Type: "02", Subtype: "02-leak", Respondent: "李敏",
		Phone: phoneOf(112), Amount: "6800"})
	t.joins(o.clerk, mediation.PartyEntry{Side: mediation.Third, Name: "赵强", Phone: phoneOf(113)})
	for i, who := range []mediation.PartyEntry{
		{Side: mediation.Applicant, Name: "王建国", IDNumber: "990000196207080017", Address: "榆园 7 幢 301 室"},
		{Side: mediation.Respondent, Name: "李敏", IDNumber: "990000197903150028", Address: "高新区学林路 18 号"},
		{Side: mediation.Third, Name: "赵强", IDNumber: "990000199511020039", Address: "榆园 7 幢 401 室"}} {
		who.Party, who.Capacity = t.c.Parties[i].ID, "adult"
		t.known(o.clerk, who)
	}
	t.ask(o.clerk, "phone", "李敏住在外地，愿意调，周末能回来。")
	t.do(t.invited(o.clerk, t.party("赵强")), &mediation.Willing{})
	t.agree(o.clerk, "phone")
	t.accept(o, "L2")
	t.issue(o.clerk, "F04", "")
	t.on(5, 12, 9)
	t.assign(o, mediation.TrackPartyMember, o.uncle)
	t.do(t.Actor("王建国"), &mediation.Trust{})
	t.plan(o.uncle, hour(5, 16, 10), "榆园矛调工作站")
	t.issue(o.uncle, "F08", "")
	leakTalks(t, o)
	leakPromises(t, o)
}

// leakTalks are two sessions with the plumber's visit between them.
func leakTalks(t *tale, o bureau) {
	t.on(5, 16, 10)
	t.begin(o.uncle)
	t.minutes(o.uncle, mediation.Report{Statements: t.said(
		"王建国", "水是从楼上卫生间地漏那边渗下来的，吊顶已经鼓起来了。",
		"李敏", "房子租给小赵三年了，是不是他洗澡没拉帘子，地上积水漏下去的？",
		"赵强", "我一直正常用，去年就跟房东讲过地漏边上返潮，没人来修。"),
		Confirmed: "三方确认：同意请水电工上门查明原因。", Result: "continues"})
	t.issue(o.uncle, "F10", "")
	t.do(o.uncle, &mediation.Inquiry{On: day(5, 16), Place: "榆园 7 幢 401 室卫生间", Asked: "水电工蒋师傅",
		Content: "打开检修口查看：地漏下方排水弯头老化开裂，属管道问题，与使用方式无关。建议更换弯头并重做局部防水。", Recorder: "陈国栋"},
		&mediation.Adjournment{Reason: "continues", Note: "等蒋师傅出维修报价", Until: day(5, 20)})
	t.on(5, 18, 9)
	t.again(o.uncle, hour(5, 20, 19), "榆园矛调工作站")
	t.on(5, 20, 19)
	t.begin(o.uncle)
	t.minutes(o.uncle, mediation.Report{Statements: t.said(
		"李敏", "既然是管道的事，我是房东我来修。6800 有点多，吊顶本来也用了七八年了。",
		"王建国", "旧是旧了，但好好的不会掉。我退一步，4200，分两次给也行。",
		"赵强", "维修那几天我把卫生间腾出来，配合师傅进门。"),
		Confirmed: "三方确认：漏水原因为 401 室地漏排水弯头老化。", Negotiation: "王建国底价 4000，李敏上限 4500。", Result: "settled"})
}

func leakPromises(t *tale, o bureau) {
	owner, below, tenant := t.party("李敏"), t.party("王建国"), t.party("赵强")
	t.draft(o.uncle, mediation.Terms{Facts: "401 室卫生间地漏排水弯头老化开裂，致 301 室吊顶和墙面受损。",
		Settled: "李敏负责修好漏水并补偿王建国 4200 元，分两期支付；赵强在维修期间腾出卫生间。三方就此事再无其他争议。",
		Promises: []mediation.Promise{
			{By: owner, To: below, Kind: "act", What: "更换排水弯头并重做局部防水", Due: day(6, 1), How: "请蒋师傅施工，闭水 24 小时验收"},
			{By: owner, To: below, Kind: "pay", What: "第一期补偿款", Amount: "2100", Due: day(6, 1), How: "微信转账"},
			{By: owner, To: below, Kind: "pay", What: "第二期补偿款", Amount: "2100", Due: day(6, 15), How: "微信转账"},
			{By: tenant, To: owner, Kind: "act", What: "维修期间腾出卫生间，配合进门", Due: day(6, 1), How: "提前一天约好时间"},
		}})
	t.issue(o.uncle, "F10", "")
	t.issue(o.uncle, "F11", "") // the text they take home and sign
	t.on(5, 21, 18)
	t.sign(o.uncle)
	t.on(5, 22, 9)
	t.seal(o)
	t.issue(o.chair, "F11", "三方已签名、本会已盖章，按生效的文本重新出具。")
	t.on(5, 30, 15)
	t.kept(o.uncle, 1, day(5, 30), "闭水试验合格，王建国现场看过")
	t.kept(o.uncle, 4, day(5, 30), "蒋师傅和李敏确认")
	t.on(6, 1, 11)
	t.kept(o.uncle, 2, day(6, 1), "微信转账截图，王建国确认收到")
	// 6 月 15 日过了还没付：次日凌晨系统记为逾期。
	t.on(6, 17, 10)
	t.do(o.uncle, &mediation.Urging{Obligation: t.owed(3), Means: "phone", Note: "李敏说出差忘了，答应周末前付清。已告知不履行的，对方可以向法院起诉。"})
	t.on(6, 21, 20)
	t.kept(t.Actor("王建国"), 3, day(6, 21), "已收到第二期 2100 元")
	t.on(6, 26, 15)
	t.visit(o.uncle, "visit", "吊顶已重做，没有再渗水；第二期晚了六天，催过一次后付清，双方都不再计较。")
	t.on(6, 29, 9)
	t.shut(o, "全部履行完毕，第二期付款逾期六天，经催告付清。")
}
