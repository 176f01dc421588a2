package demo

import "doorstep/internal/mediation"

// violence: a wife says she was beaten and that the child saw it. Nobody asks
// the husband and nobody sits them at one table: it is reported the same hour,
// the file is shut, and the matter is ended as not one for mediation (ADVL 13,
// 14; MPL 11; PML 25).
func violence(t *tale) {
	o := t.fengqiao()
	t.on(5, 11, 9)
	t.record(o.clerk, mediation.Intake{
		Facts: "韩雪来窗口说，4 月以来丈夫酒后打过她两次，5 月 10 日晚又动手，六岁的女儿在场吓哭。手臂有淤青。想先住到娘家去。",
		Place: "枫桥里 5 幢", Area: t.areas["枫桥里5幢"], Name: "韩雪", Phone: phoneOf(211), Respondent: "丈夫魏刚", Request: "不要再打人，想分开住"})
	t.do(o.clerk, &mediation.RiskFlag{Flag: "R3-DV", Facts: "自述两次被打，左臂可见淤青。",
		Measures: "安全计划：当日由妇联陪同回娘家暂住，证件和孩子用品已取出；告知可以申请人身安全保护令、告诫书和庇护。不联系对方。"})
	// The file is restricted now: the clerk who took it in hands it to the chair.
	t.do(o.chair, &mediation.RiskFlag{Flag: "R3-MINOR", Facts: "六岁女儿目睹，受到惊吓。", Measures: "立即报告公安机关，同时告知民政部门。"})
	receivers := map[string][]string{"R3-DV": {"police", "womens_federation"}, "R3-MINOR": {"police", "civil_affairs", "education"}}
	for _, r := range t.c.Risks {
		t.do(o.chair, &mediation.RiskReport{Risk: r.ID, ToldTo: receivers[r.Flag], Receiver: "枫桥派出所值班室", Ref: "接警 20260511-" + r.Flag})
	}
	t.register(o.chair, mediation.Registration{Title: "夫妻冲突", Type: "01", Subtype: "01-household", Respondent: "魏刚"})
	t.proofs(o.chair, mediation.Applicant)
	t.do(o.chair, &mediation.Termination{Ending: mediation.Ending{Code: "T09", Told: true,
		Reason: "涉及家庭暴力和未成年人，已报告公安机关，暴力部分不作调解。已告知韩雪：110、人身安全保护令、妇联 12338、法律援助 12348。以后如她本人自愿，可以另行申请就抚养费等事项调解。"}})
}
