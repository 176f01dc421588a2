package demo

import "doorstep/internal/mediation"

// clutter: a grid worker finds boxes before a fire exit and the committee takes
// it up by itself (主动调解); settled in the corridor by word of mouth (PML 28, 30).
func clutter(t *tale) {
	o := t.yuyuan()
	t.on(5, 11, 8)
	t.record(o.grid, mediation.Intake{
		Facts: "排查时发现 3 幢二单元一楼消防通道堆了二十多个纸箱和旧家具，邻居多次反映进出不便、怕着火。先劝了一次，老人舍不得扔。",
		Place: "榆园 3 幢二单元一楼", Area: t.areas[gridYuyuan], Name: "陆建芳", Phone: phoneOf(151), Respondent: "许桂香",
		Request: "把消防通道腾出来", Source: "proactive", Channel: "grid", LegalGround: "statutory_duty"})
	t.on(5, 11, 9)
	t.register(o.clerk, mediation.Registration{Title: "消防通道堆物", Type: "02", Subtype: "02-clutter", Respondent: "许桂香", Phone: phoneOf(152)})
	t.ask(o.clerk, "visit", "上门看望，许奶奶八十一岁，独居，愿意听老娘舅讲讲。")
	t.agree(o.clerk, "visit")
	t.accept(o, "L1")
	t.assign(o, mediation.TrackPartyMember, o.uncle)
	t.plan(o.uncle, hour(5, 12, 10), "3 幢二单元楼道口")
	t.on(5, 12, 10)
	t.begin(o.uncle)
	t.minutes(o.uncle, mediation.Report{Statements: t.said(
		"陆建芳", "奶奶，不是嫌您，是真着了火大家都跑不出去。",
		"许桂香", "纸箱卖了能换几个菜钱。你们帮我搬，我就不放这里了。"),
		Confirmed: "双方确认：纸箱和旧家具堵住消防通道，须腾空。", Result: "settled"})
	promise := mediation.Promise{By: t.party("许桂香"), To: t.party("陆建芳"), Kind: "act", What: "腾空消防通道，今后不再堆物", Due: day(5, 14), How: "志愿者帮忙搬，旧物联系回收"}
	t.do(o.uncle, &mediation.OralSettlement{Oral: mediation.Oral{On: day(5, 12), NoPaper: true,
		Terms: checked(mediation.Terms{Settled: "许桂香两天内腾空消防通道，社区派志愿者帮忙搬运。", Promises: []mediation.Promise{promise}})}})
	t.gives(o.uncle, "F10")
	t.gives(o.uncle, "F12")
	t.on(5, 14, 15)
	t.kept(o.uncle, 1, day(5, 14), "网格员周斌拍照，通道已清空")
	t.on(5, 21, 10)
	t.visit(o.uncle, "visit", "通道畅通。社区给老人联系了每周一次的废品上门回收。")
	t.on(5, 22, 9)
	t.shut(o, "主动调解，口头协议，已履行。")
	t.on(6, 12, 11)
	t.archive(o, 17)
}
