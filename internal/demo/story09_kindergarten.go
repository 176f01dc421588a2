package demo

import "doorstep/internal/mediation"

// kindergarten: a child of five breaks an arm on the slide (CC 1199). The screen
// finds no sign of abuse (MPL 11); a doctor is invited with both sides' consent,
// and the period stands still while the arm is appraised (ONL22 26). Paid in two
// parts; both sides ask the court to confirm.
func kindergarten(t *tale) {
	o := t.fengqiao()
	t.on(5, 11, 10)
	t.record(o.clerk, mediation.Intake{
		Facts: "5 月 6 日上午户外活动时，孩子从滑梯侧面摔下，右前臂骨折，住院和复查已花 23400 元。当时一位老师带二十二个孩子。已问过孩子、家长和老师，没有被打骂、虐待的迹象。",
		Place: "小星幼儿园操场", Area: t.areas[atFengqiao], Name: "刘一诺", Phone: phoneOf(171), Respondent: "小星幼儿园",
		Request: "赔偿医疗费、护理费等 23400 元并道歉"})
	t.register(o.clerk, mediation.Registration{Title: "幼儿园滑梯摔伤", Type: "06", Subtype: "06-child_injury", Respondent: "小星幼儿园",
		Capacity: "organisation", Phone: phoneOf(172), Amount: "23400", Injury: true})
	t.known(o.clerk, mediation.PartyEntry{Party: t.applicant(), Side: mediation.Applicant, Capacity: "minor", Name: "刘一诺", Guardian: "王雪", Sensitive: true})
	t.known(o.clerk, mediation.PartyEntry{Party: t.respondent(), Side: mediation.Respondent, Capacity: "organisation", Name: "小星幼儿园",
		LegalRep: "姜岚", CreditCode: "52990000MJ0000023A"})
	t.ask(o.clerk, "phone", "姜园长愿意调解，已通知保险公司。")
	t.agree(o.clerk, "phone")
	t.accept(o, "L3")
	t.on(5, 12, 14)
	t.assign(o, mediation.TrackLegalAdvisor, o.advisor, o.uncle)
	t.do(o.advisor, &mediation.Invitation{User: o.counsel.User, Name: "骨科医生许文", As: "expert", Consent: true})
	t.plan(o.advisor, hour(5, 18, 14), "枫桥里矛调工作站")
	kindergartenTalks(t, o)
	kindergartenAgreed(t, o)
}

func kindergartenTalks(t *tale, o bureau) {
	t.on(5, 18, 14)
	t.begin(o.advisor)
	t.minutes(o.advisor, mediation.Report{Statements: t.said(
		"刘一诺", "（由母亲王雪陈述）滑梯边上没有软垫，老师也没看住。孩子夜里疼得睡不着。",
		"小星幼儿园", "（园长姜岚）当天一位老师请假，确实照看不够，我们有责任，想等伤情稳定再算。"),
		Confirmed: "双方确认：5 月 6 日孩子在园内滑梯摔伤，右前臂骨折。", Result: "continues"})
	t.do(o.advisor, &mediation.Adjournment{Reason: "appraisal", Note: "拆石膏后由骨科评估恢复情况", Condition: "骨科评估意见出具"})
	t.on(6, 8, 9)
	t.again(o.advisor, hour(6, 12, 14), "枫桥里矛调工作站")
	t.on(6, 12, 14)
	t.begin(o.advisor)
	t.do(o.advisor, &mediation.Inquiry{On: day(6, 12), Place: "枫桥里矛调工作站", Asked: "骨科医生许文",
		Content: "骨折愈合良好，活动基本正常，不构成伤残；建议三个月后复查一次。伤情与滑梯跌落相符，未见其他伤痕。", Recorder: "高永福"})
	t.minutes(o.advisor, mediation.Report{Statements: t.said(
		"刘一诺", "（由母亲王雪陈述）不落残疾就好。希望幼儿园当面给孩子道个歉。",
		"小星幼儿园", "（园长姜岚）我们赔 19000 元，分两次，保险先付 10000 元；我当面向孩子和家长道歉，滑梯已铺软垫。"),
		Confirmed: "双方确认：骨折愈合良好，不构成伤残；照看不够由幼儿园负责。", Result: "settled"})
}

func kindergartenAgreed(t *tale, o bureau) {
	child, school := t.party("刘一诺"), t.party("小星幼儿园")
	t.draft(o.advisor, mediation.Terms{Facts: "孩子在园期间从滑梯摔下致右前臂骨折，园方照看不够。",
		Settled: "小星幼儿园赔偿 19000 元，分两期支付；园长当面道歉。双方共同申请司法确认。",
		Promises: []mediation.Promise{
			{By: school, To: child, Kind: "apologise", What: "园长当面向孩子和家长道歉", Due: day(6, 19), How: "在矛调工作站"},
			{By: school, To: child, Kind: "pay", What: "第一期赔偿款", Amount: "10000", Due: day(6, 30), How: "转账给监护人王雪"},
			{By: school, To: child, Kind: "pay", What: "第二期赔偿款", Amount: "9000", Due: day(8, 31), How: "转账给监护人王雪"},
		}})
	t.reviewed(o, o.advisor, "责任认定与《民法典》第 1199 条一致，数额和期限明确，同意签署。")
	t.on(6, 16, 16)
	t.sign(o.advisor)
	t.seal(o)
	t.kept(o.advisor, 1, day(6, 16), "签字当日姜园长当面道歉，王雪接受")
	t.on(6, 29, 11)
	t.kept(o.advisor, 2, day(6, 29), "保险公司赔付回单，王雪确认收到")
	t.on(7, 14, 10)
	t.do(o.advisor, &mediation.JointApplication{Court: t.court, On: day(7, 14), AppliedBy: t.all(), Scanned: t.sheet("司法确认申请书签字页",
		"申请人：刘一诺　监护人　王雪（签名、指印）", "申请人：小星幼儿园（盖章）　园长　姜岚（签名）", "2026年7月14日")})
}
