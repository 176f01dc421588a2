package demo

import (
	"time"

	"doorstep/internal/mediation"
)

// loan: twenty thousand between friends without a note. They meet at fifteen
// thousand in five instalments; two come late, the fourth after a second
// reminder that also names the limitation of actions (CC 188, 195).
func loan(t *tale) {
	o := t.fengqiao()
	t.on(5, 11, 14)
	t.record(o.clerk, mediation.Intake{
		Facts: "2024 年 3 月潘亮开店缺钱，曹峰借给他 2 万元现金，没打借条，说好半年还。店关了，一直没还。两人是二十年的朋友，不想打官司。",
		Place: "枫桥里 5 幢", Area: t.areas["枫桥里5幢"], Name: "曹峰", Phone: phoneOf(201), Respondent: "潘亮", Request: "还款 20000 元"})
	t.register(o.clerk, mediation.Registration{Title: "朋友间借款", Type: "04", Subtype: "04-loan", Respondent: "潘亮", Phone: phoneOf(202), Amount: "20000"})
	t.ask(o.clerk, "phone", "潘亮承认借过钱，数目记得不一样，愿意谈。")
	t.agree(o.clerk, "phone")
	t.accept(o, "L2")
	t.on(5, 12, 15)
	t.assign(o, mediation.TrackLegalAdvisor, o.advisor)
	t.plan(o.advisor, hour(5, 14, 19), "枫桥里矛调工作站")
	t.on(5, 14, 19)
	t.begin(o.advisor)
	t.minutes(o.advisor, mediation.Report{Statements: t.said(
		"曹峰", "两万是一次给的，没想过要打借条。",
		"潘亮", "我记得是一万五，还有五千是他入的股。现在一次拿不出来，分着还行不行？"),
		Confirmed:   "双方确认：2024 年 3 月有借款，未写借条，至今没有归还。",
		Negotiation: "没有书面凭据，曹峰愿意让五千换个踏实；已向双方说明诉讼时效一般三年，提出还款要求可以中断。", Result: "settled"})
	friend, debtor := t.party("曹峰"), t.party("潘亮")
	pay := func(what string, due, month int) mediation.Promise {
		return mediation.Promise{By: debtor, To: friend, Kind: "pay", What: what, Amount: "3000", Due: day(time.Month(month), due), How: "微信转账，备注还款"}
	}
	t.draft(o.advisor, mediation.Terms{Facts: "2024 年 3 月潘亮向曹峰借款，未写借条，双方对数额记忆不一。",
		Settled:  "双方确认尚欠 15000 元，潘亮分五期归还，每期 3000 元；按期还清后，双方再无其他经济往来争议。",
		Promises: []mediation.Promise{pay("第一期还款", 31, 5), pay("第二期还款", 10, 6), pay("第三期还款", 20, 6), pay("第四期还款", 30, 6), pay("第五期还款", 10, 7)}})
	t.sign(o.advisor)
	t.on(5, 15, 9)
	t.seal(o)
	loanRepaid(t, o)
}

func loanRepaid(t *tale, o bureau) {
	t.on(5, 30, 12)
	t.kept(o.advisor, 1, day(5, 30), "转账截图，曹峰确认")
	t.on(6, 5, 15)
	t.look(o.advisor, "第一期提前一天到账。曹峰说两人又说上话了。")
	t.on(6, 11, 10)
	t.do(o.advisor, &mediation.Urging{Obligation: t.owed(2), Means: "phone", Note: "潘亮说工资晚发，三天内付。"})
	t.on(6, 13, 18)
	t.kept(o.advisor, 2, day(6, 13), "转账截图，曹峰确认，晚三天")
	t.on(6, 18, 16)
	t.look(o.advisor, "第二期晚了三天，说明是工资晚发，曹峰能体谅。已提醒潘亮提前安排下一期。")
	t.on(6, 20, 9)
	t.kept(o.advisor, 3, day(6, 20), "转账截图，曹峰确认")
	t.on(6, 26, 15)
	t.look(o.advisor, "第三期当天到账。")
	t.on(7, 1, 10)
	t.do(o.advisor, &mediation.Urging{Obligation: t.owed(4), Means: "phone", Note: "电话催告第一次，潘亮说再缓几天。"})
	t.on(7, 6, 10)
	t.do(o.advisor, &mediation.Urging{Obligation: t.owed(4), Means: "letter", Note: "书面催告第二次。已提醒双方：诉讼时效一般三年，本次催告可以中断时效；再不履行，曹峰可以向法院起诉。"})
	t.gives(o.advisor, "F20") // the second reminder goes out in writing
	t.on(7, 7, 20)
	t.kept(o.advisor, 4, day(7, 7), "转账截图，曹峰确认，晚七天")
	t.on(7, 9, 15)
	t.look(o.advisor, "第四期催了两次，晚七天到账。潘亮道了歉，最后一期答应按期。")
	t.on(7, 10, 19)
	t.kept(o.advisor, 5, day(7, 10), "转账截图，曹峰确认，15000 元全部还清")
	t.on(7, 14, 15)
	t.visit(o.advisor, "phone", "15000 元全部还清，两人恢复来往，对调解都满意。")
	t.on(7, 15, 9)
	t.shut(o, "分五期全部还清，第二期、第四期分别逾期三天、七天，经催告付清。")
}
