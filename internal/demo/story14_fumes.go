package demo

import (
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// fumes: four families against a barbecue shop. The mediator 杜军 turns out to be
// a cousin of the owner; the families ask for another, the chair replaces him the
// next day (INV16 15), and the file is shut to him.
func fumes(t *tale) {
	o := t.yuyuan()
	t.on(5, 11, 16)
	t.file(t.Actor("倪珍"), mediation.Intake{
		Facts: "楼下烧烤店每天傍晚到半夜油烟直往上冒，四户人家窗户都不敢开，衣服晾出去一股味。",
		Place: "榆园路 22 号底商", Area: t.areas[atYuyuan], Name: "倪珍", Phone: phoneOf(191), Respondent: "炭香烧烤店",
		Request: "装油烟净化设备"})
	t.lay(t.Actor("倪珍"), mediation.File{Class: statute.Evidence, Title: "楼道窗口油烟照片"}, "5月10日 19:20，三单元二楼楼道窗")
	t.on(5, 12, 9)
	t.register(o.clerk, mediation.Registration{Title: "烧烤店油烟扰民", Type: "09", Subtype: "09-restaurant", Respondent: "炭香烧烤店",
		Capacity: "organisation", Phone: phoneOf(192)})
	t.known(o.clerk, mediation.PartyEntry{Party: t.applicant(), Side: mediation.Applicant, Capacity: "group", Name: "倪珍", GroupSize: 4})
	t.ask(o.clerk, "visit", "店主杜建平说问一下净化器价钱再答复。")
	t.on(5, 14, 10)
	t.agree(o.clerk, "phone")
	t.accept(o, "L2")
	dujun := t.Actor("杜军")
	t.on(5, 15, 9)
	t.assign(o, mediation.TrackPartyMember, dujun)
	t.on(5, 18, 9)
	t.do(t.Actor("倪珍"), &mediation.RecusalAsked{Relation: "relative", Reason: "听邻居讲，杜军是店主杜建平的堂哥。"})
	t.on(5, 19, 10)
	t.do(o.chair, &mediation.Replacement{Decision: "经核实，杜军与店主系堂兄弟，应当回避，改派他人。"})
	t.assign(o, mediation.TrackLegalAdvisor, o.advisor)
	t.plan(o.advisor, hour(5, 22, 15), "榆园矛调工作站")

	t.on(5, 22, 15)
	t.begin(o.advisor)
	t.minutes(o.advisor, mediation.Report{Statements: t.said(
		"倪珍", "我们四家不是要关店，就是要装净化器，十点后别在外面烤。",
		"炭香烧烤店", "（店主杜建平）净化器一万多，我认了，6 月 15 日前装好，炉子搬进店里。"),
		Confirmed: "双方确认：店外烧烤无油烟净化设备。", Result: "settled"})
	t.draft(o.advisor, mediation.Terms{Facts: "炭香烧烤店未装油烟净化设备，影响楼上四户。",
		Settled:  "烧烤店 6 月 15 日前安装油烟净化器并正常使用，22 时后不在店外烧烤。",
		Promises: []mediation.Promise{{By: t.party("炭香烧烤店"), To: t.party("倪珍"), Kind: "act", What: "安装油烟净化器并正常使用", Due: day(6, 15), How: "装好后请四户代表验看"}}})
	t.sign(o.advisor)
	t.on(5, 25, 9)
	t.seal(o)
	t.on(6, 12, 17)
	t.kept(t.Actor("倪珍"), 1, day(6, 12), "净化器已装好，我们四家都看过")
	t.on(6, 22, 16)
	t.visit(o.advisor, "visit", "油烟明显小了，店家 22 时后不再店外烧烤。")
	t.on(6, 23, 9)
	t.shut(o, "净化器按期装好，回访满意。调解员更换一次。")
}
