package demo

import "doorstep/internal/mediation"

// inheritance: three siblings and their parents' flat. The first draft settles
// who owns it, which no court confirms (CPLI 355(5)): the program warns, legal
// staff ask for a change, and what is signed settles use and payments only.
func inheritance(t *tale) {
	o := t.fengqiao()
	t.on(5, 11, 15)
	t.record(o.clerk, mediation.Intake{
		Facts: "父母去世后留下枫桥里 9 幢 201 室一套房，三兄妹没有遗嘱，大哥一直住着，弟妹要求说清楚。",
		Place: "枫桥里 9 幢 201 室", Area: t.areas["枫桥里9幢"], Name: "方志远", Phone: phoneOf(221), Respondent: "方志敏",
		Request: "明确房子归谁、怎么补钱，最好让法院确认"})
	t.register(o.clerk, mediation.Registration{Title: "父母房屋继承", Type: "01", Subtype: "01-inheritance", Respondent: "方志敏", Phone: phoneOf(222), LawUnclear: true})
	t.joins(o.clerk, mediation.PartyEntry{Side: mediation.Third, Name: "方志平", Phone: phoneOf(223)})
	t.ask(o.clerk, "phone", "方志敏愿意三个人坐下来谈。")
	t.agree(o.clerk, "phone")
	t.accept(o, "L3")
	t.on(5, 12, 16)
	t.assign(o, mediation.TrackLegalAdvisor, o.advisor, o.uncle)
	t.plan(o.advisor, hour(5, 20, 9), "枫桥里矛调工作站")
	t.on(5, 20, 9)
	t.begin(o.advisor)
	t.minutes(o.advisor, mediation.Report{Statements: t.said(
		"方志远", "我照顾爸妈十年，房子我想继续住。",
		"方志敏", "住可以，我们俩的份要算钱。",
		"方志平", "钱分两次给我也行，一家人别闹僵。"),
		Confirmed: "三方确认：房屋由父母遗留，没有遗嘱，尚未办理继承登记，现由方志远居住。", Result: "settled"})
	first := mediation.Terms{Facts: "三兄妹共同继承父母遗留房屋，未办理登记。",
		Settled:  "枫桥里 9 幢 201 室房屋归方志远所有；方志远补偿方志敏、方志平各 60000 元。",
		Promises: inheritancePays(t)}
	t.draft(o.advisor, first)
	t.do(o.advisor, &mediation.ReviewAsked{Summary: "当事人希望法院确认房屋归属，请审阅。"})
	t.on(5, 21, 15)
	t.do(o.legal, &mediation.DraftReviewed{Outcome: "amend", Opinion: "房屋权属内容法院不予司法确认，且未办继承登记。建议只约定居住使用和付款，权属待办理继承公证和不动产登记。"})
	inheritanceAmended(t, o)
}

func inheritancePays(t *tale) []mediation.Promise {
	eldest := t.party("方志远")
	return []mediation.Promise{
		{By: eldest, To: t.party("方志敏"), Kind: "pay", What: "居住使用补偿", Amount: "60000", Due: day(6, 30), How: "银行转账"},
		{By: eldest, To: t.party("方志平"), Kind: "pay", What: "居住使用补偿", Amount: "60000", Due: day(9, 30), How: "银行转账"},
	}
}

func inheritanceAmended(t *tale, o bureau) {
	t.on(5, 22, 9)
	t.do(o.advisor, &mediation.Revision{Terms: checked(mediation.Terms{Facts: "三兄妹共同继承父母遗留住处，未办理登记。",
		Settled:   "201 室由方志远居住使用，维修和物业费由他承担；方志远向方志敏、方志平各支付补偿 60000 元。",
		Unsettled: "登记事项不在本协议内，三人另行办理继承公证和登记，有争议的向法院起诉。",
		Promises:  inheritancePays(t)})})
	t.on(5, 22, 15)
	t.reviewed(o, o.advisor, "已改为使用和付款，权属留待登记，同意签署。")
	t.on(5, 25, 9)
	t.sign(o.advisor)
	t.seal(o)
	t.on(6, 29, 10)
	t.kept(o.advisor, 1, day(6, 29), "银行回单，方志敏确认收到")
}
