package demo

import (
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// noise: a boy runs and chairs are dragged upstairs in the late evening; after
// the second call to 110 the police refer it (NOISE 65, 70).
func noise(t *tale) {
	o := t.yuyuan()
	t.on(5, 11, 9)
	t.record(o.clerk, mediation.Intake{
		Facts: "楼上晚上九点到十一点有孩子跑跳、拖椅子的声音，老人睡不好觉。4 月 28 日、5 月 9 日两次报警，民警到场劝说后安静了几天，又照旧。",
		Place: "榆园 3 幢 502 室", Area: t.areas["榆园3幢"], Name: "陈阿芬", Phone: phoneOf(101), Respondent: "楼上 602 室",
		Request: "晚上九点以后请安静些", Source: "police", SourceRef: "110-20260509-0731", Channel: "police_110", LegalGround: "statutory_duty", ReferralOK: true})
	t.lay(o.clerk, mediation.File{Class: statute.Evidence, Title: "陈阿芬手写的噪声时间表"}, "5月4日 21:10—22:40 拖椅子", "5月7日 21:30—23:00 跑跳", "5月9日 22:05—22:50 跑跳")
	t.register(o.clerk, mediation.Registration{Title: "楼上夜间噪声", Type: "02", Subtype: "02-noise", Respondent: "邵立", Phone: phoneOf(102)})
	t.known(o.clerk, mediation.PartyEntry{Party: t.applicant(), Side: mediation.Applicant, Capacity: "adult", Name: "陈阿芬",
		IDNumber: "990000195803120025", Address: "榆园 3 幢 502 室"})
	t.ask(o.clerk, "phone", "邵立说孩子四岁，正是好动的时候，愿意来谈。")
	t.agree(o.clerk, "phone")
	t.accept(o, "L2")
	t.on(5, 12, 9)
	t.assign(o, mediation.TrackPartyMember, o.uncle)
	t.plan(o.uncle, hour(5, 15, 19), "榆园矛调工作站")

	t.on(5, 15, 19)
	t.begin(o.uncle)
	t.minutes(o.uncle, mediation.Report{Statements: t.said(
		"陈阿芬", "我六十八了，心脏不好，一到晚上楼上咚咚响，躺下就心慌。我也不想总报警，就盼着九点以后能安静。",
		"邵立", "孩子在家待不住，我们没想到楼下听得这么清楚，对不住阿姨。餐椅是铁脚的，拖起来确实响。"),
		Confirmed: "双方确认：声音多在 21 时至 23 时，主要是跑跳和拖餐椅。", Negotiation: "老人不要钱，要的是睡个安稳觉；邵立主动提出铺地垫。", Result: "settled"})
	t.draft(o.uncle, mediation.Terms{Facts: "邵立家中幼童夜间跑跳、拖动餐椅，影响楼下陈阿芬休息。",
		Settled: "邵立当日在客厅铺设软垫、给餐椅加装脚套；每晚 21 时后不让孩子在室内跑跳、不拖动桌椅。陈阿芬不要求赔偿，有事先发消息商量。",
		Promises: []mediation.Promise{
			{By: t.party("邵立"), To: t.party("陈阿芬"), Kind: "act", What: "客厅铺软垫，餐椅加脚套", Due: day(5, 15), How: "当场签字后当晚完成，老娘舅上门看"},
			{By: t.party("邵立"), To: t.party("陈阿芬"), Kind: "refrain", What: "每晚 21 时后不跑跳、不拖动桌椅", Due: day(5, 15), How: "自签字之日起遵守"},
		}})
	t.sign(o.uncle)
	t.seal(o)
	t.issue(o.chair, "F23", "") // the police hear what came of it
	t.kept(o.uncle, 1, day(5, 15), "老娘舅当晚上门看过，软垫和脚套都已装好")
	t.kept(o.uncle, 2, day(5, 15), "陈阿芬当晚确认 21 时后没有声音")

	t.on(5, 21, 16)
	t.visit(o.uncle, "visit", "陈阿芬说这一周都睡得踏实，两家在电梯里也打招呼了。")
	t.on(5, 22, 10)
	t.shut(o, "协议当日履行，回访满意。")
	t.on(6, 12, 10)
	t.archive(o, 22)
}
