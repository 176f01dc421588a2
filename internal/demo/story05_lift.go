package demo

import "doorstep/internal/mediation"

// lift: twelve households want a lift, three on the ground floor fear for their
// light. Escalated for the question of quorum (CC 278), extended by agreement,
// settled in part: money and a compensation fund; the light goes to court.
func lift(t *tale) {
	o := t.yuyuan()
	t.on(5, 11, 9)
	t.file(t.Actor("郑慧"), mediation.Intake{
		Facts: "7 幢十二户要加装电梯，已经表决通过。底楼三户不同意，说挡光、吵，还说分摊不公平。施工队要六月底定下来。总造价 56 万元。",
		Place: "榆园 7 幢", Area: t.areas["榆园7幢"], Name: "郑慧", Phone: phoneOf(141), Respondent: "底楼三户",
		Request: "定下费用分摊和对底楼的补偿，让电梯能开工"})
	t.on(5, 11, 10)
	t.register(o.clerk, mediation.Registration{Title: "加装电梯费用与采光", Type: "03", Subtype: "03-lift", Respondent: "钱桂英",
		Phone: phoneOf(143), Amount: "560000", LawUnclear: true})
	t.known(o.clerk, mediation.PartyEntry{Party: t.applicant(), Side: mediation.Applicant, Capacity: "group", Name: "郑慧", GroupSize: 6})
	t.joins(o.clerk, mediation.PartyEntry{Side: mediation.Applicant, Capacity: "group", Name: "何平", GroupSize: 6, Phone: phoneOf(142)})
	t.joins(o.clerk, mediation.PartyEntry{Side: mediation.Respondent, Name: "宋国栋", Phone: phoneOf(144)})
	t.joins(o.clerk, mediation.PartyEntry{Side: mediation.Respondent, Name: "蒋丽", Phone: phoneOf(145)})
	t.ask(o.clerk, "visit", "底楼三户一起接待，愿意坐下来谈，要求把账算清楚。")
	t.agree(o.clerk, "visit")
	t.accept(o, "L3")
	t.on(5, 12, 9)
	t.assign(o, mediation.TrackLegalAdvisor, o.advisor, o.uncle)
	t.plan(o.advisor, hour(5, 19, 19), "榆园法治广场评理室")
	t.on(5, 19, 19)
	t.begin(o.advisor)
	t.minutes(o.advisor, mediation.Report{Statements: t.said(
		"郑慧", "楼里七十岁以上的有九位，天天爬楼，等不起了。",
		"何平", "费用我们按楼层分，底楼一分不出，还愿意补一点。",
		"钱桂英", "我家客厅窗正对电梯井，冬天本来就没几个小时太阳。",
		"宋国栋", "表决那天我出差，票数够不够我心里没底。",
		"蒋丽", "钱是一方面，装好以后贬值谁管？"),
		Confirmed: "各方确认：7 幢共十五户，表决时十二户同意。", Result: "continues"})
	liftReview(t, o)
	liftAgreed(t, o)
}

// liftReview asks legal staff about the vote and lets counsel count it.
func liftReview(t *tale, o bureau) {
	t.on(5, 20, 9)
	t.do(o.advisor, &mediation.Raise{Reason: "E01", Summary: "疑难复杂（L3）。底楼业主对表决效力有疑问，请指导：《民法典》第 278 条的参与人数和同意比例如何核对，采光损失能否一并调处。"})
	t.on(5, 22, 15)
	t.do(o.legal, &mediation.Guidance{Opinion: "应由专有部分面积占比三分之二以上且人数占比三分之二以上的业主参与表决，并经参与表决面积、人数各四分之三以上同意。请法律顾问核对原始表决票。采光有无损害需要鉴定，谈不拢的可以先就费用和补偿部分达成协议。"})
	t.on(5, 25, 9)
	t.do(o.advisor, &mediation.Invitation{User: o.counsel.User, Name: o.counsel.Name, As: "counsel", Consent: true})
	t.on(5, 27, 14)
	t.do(o.advisor, &mediation.Inquiry{On: day(5, 27), Place: "榆园 7 幢业主表决档案", Asked: "顾明律师",
		Content: "核对表决票 15 张：全部业主参与；同意 12 户，占人数 80%、占面积 79.6%，达到四分之三。表决有效。", Recorder: "严文清"},
		&mediation.Adjournment{Reason: "request", Note: "双方要求等电梯公司出分层报价", Until: day(6, 8)})
	t.on(6, 3, 9)
	t.again(o.advisor, hour(6, 8, 19), "榆园法治广场评理室")
}

// liftAgreed extends the period in good time and settles what can be settled.
func liftAgreed(t *tale, o bureau) {
	t.on(6, 8, 19)
	t.begin(o.advisor)
	t.minutes(o.advisor, mediation.Report{Statements: t.said(
		"郑慧", "分层报价出来了，我们十二户都认。",
		"何平", "底楼要补多少，三家先商量个数，我们回去凑。",
		"钱桂英", "表决的事律师讲清楚了，我没话说。光线怎么办还得再看。",
		"宋国栋", "票数我看过了，够的。补偿要有个期限。",
		"蒋丽", "我跟两家一起商量，过两个星期给答复。"),
		Confirmed: "各方确认：表决票经核对有效；电梯公司的分层报价作为分摊依据。", Result: "continues"})
	t.do(o.advisor, &mediation.LongerTime{Until: day(7, 10), Reason: "需要等待采光测算结果和底楼补偿方案", AgreedBy: t.all()},
		&mediation.Adjournment{Reason: "continues", Note: "底楼三户商量补偿数额", Until: day(6, 26)})
	t.on(6, 22, 9)
	t.again(o.advisor, hour(6, 26, 19), "榆园法治广场评理室")
	t.on(6, 26, 19)
	t.begin(o.advisor)
	t.minutes(o.advisor, mediation.Report{Statements: t.said(
		"郑慧", "大家都让一步，七月里就能开工。",
		"何平", "补偿基金三万，底楼三户每户一万，我们按楼层系数分摊。",
		"宋国栋", "钱可以接受，电梯公共部分的收益也要有底楼一份。",
		"蒋丽", "我同意。",
		"钱桂英", "一万我收，但是采光我保留打官司的权利。"),
		Confirmed:   "各方确认：底层不分摊造价，补偿基金 30000 元；采光有无损害尚未鉴定。",
		Negotiation: "底楼最初要每户两万。", Result: "partly"})
	t.draft(o.advisor, mediation.Terms{Facts: "榆园 7 幢加装电梯表决有效，双方对费用分摊、补偿和采光有争议。",
		Settled:   "一、电梯造价由二至五层十二户按楼层系数分摊，底层不分摊；二、设补偿基金 30000 元，底层三户每户 10000 元；三、底层业主配合施工。",
		Unsettled: "采光是否受损及赔偿未达成一致，钱桂英可另行申请鉴定并向人民法院起诉。",
		Promises: []mediation.Promise{
			{By: t.party("郑慧"), To: t.party("钱桂英"), Kind: "pay", What: "底层补偿款", Amount: "10000", Due: day(8, 31), How: "由补偿基金转账"},
			{By: t.party("郑慧"), To: t.party("宋国栋"), Kind: "pay", What: "底层补偿款", Amount: "10000", Due: day(8, 31), How: "由补偿基金转账"},
			{By: t.party("郑慧"), To: t.party("蒋丽"), Kind: "pay", What: "底层补偿款", Amount: "10000", Due: day(8, 31), How: "由补偿基金转账"},
			{By: t.party("何平"), To: t.party("蒋丽"), Kind: "act", What: "按楼层系数收齐十二户分摊款并公示", Due: day(7, 31), How: "在 7 幢公告栏公示七天"},
		}})
	t.on(6, 29, 9)
	t.reviewed(o, o.advisor, "协议分清了已解决和未解决的部分，补偿有期限和方式，可以签署。")
	t.on(6, 30, 19)
	t.sign(o.advisor)
	t.on(7, 1, 9)
	t.seal(o)
}
