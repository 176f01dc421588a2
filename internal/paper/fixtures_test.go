package paper

import (
	"strings"
	"testing"
	"time"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
	"doorstep/templates"
)

// The disputes are those of the project's fixtures, all invented. Each is as
// complete as its paper wants it, so that a test can take away one thing.

var yuyuan = Office{Committee: "榆园社区人民调解委员会", Address: "榆园社区服务中心一楼", Phone: "10000000000", ShortName: "榆园"}

var staff = map[mediation.UserID]string{"med": "老娘舅周明", "chair": "王主任", "clerk": "小李", "legal": "司法所赵敏"}

var standard = func() Wording {
	w, err := LoadWording(templates.FS)
	if err != nil {
		panic(err)
	}
	return w
}()

func desk(today statute.Date) Setting {
	return Setting{Office: yuyuan, Names: staff, Courts: map[mediation.CourtID]string{"court": "某某区人民法院"}, Words: standard, Today: today,
		Told: map[mediation.ItemID]statute.Date{"s1": on(5, 12)}}
}

// secret stands in every place no paper may look at.
const secret = "绝不可见"

func on(month time.Month, d int) statute.Date { return statute.NewDate(2026, month, d) }

func at(month time.Month, d, hour int) time.Time {
	return time.Date(2026, month, d, hour, 30, 0, 0, statute.Shanghai)
}

func person(id, name string, side mediation.Side) mediation.Party {
	return mediation.Party{ID: mediation.PartyID(id), Name: name, Side: side, Capacity: "adult", GroupSize: 1, Consent: "yes",
		Identity: mediation.LevelChecked, RightsAt: at(5, 12, 9), RightsHow: "signed",
		Sex: mediation.Male, Ethnic: "01", Occupation: "退休教师", BirthMask: "1958",
		PhoneMask: "100****5678", IDMask: "**************0017", AddressMask: "榆园3幢"}
}

// filed is a registered case with two sides.
func filed(typ, sub, title string, a, b mediation.Party) *mediation.Case {
	return &mediation.Case{ID: "c", IntakeNumber: "榆园登〔2026〕12号", Stage: mediation.Registered, Type: typ, Subtype: sub, Source: "application",
		Grade: "L2", Title: title, Facts: "晚上拖拽椅子，影响休息。", Place: "3幢", Request: "停止影响", FiledAt: at(5, 11, 9), RegisteredAt: at(5, 11, 10),
		Parties: []mediation.Party{a, b}, Caucuses: []mediation.CaucusNote{{ID: "n", Text: secret}},
		Risks: []mediation.Risk{{ID: "r", Facts: secret, Measures: secret}}}
}

// accepted adds number, mediator and a recorded joint session of 15 May.
func accepted(c *mediation.Case) *mediation.Case {
	c.Number, c.AcceptedAt, c.Stage = "榆园人调字〔2026〕第12号", at(5, 11, 15), mediation.InMediation
	c.Assignments = []mediation.Assignment{
		{ID: "a0", Mediator: "old", Name: "前任杜军", Lead: true, StartedAt: at(5, 11, 16), EndedAt: at(5, 12, 9), EndedWhy: "recusal"},
		{ID: "a1", Mediator: "med", Name: "老娘舅周明", Lead: true, StartedAt: at(5, 12, 10)}}
	s := mediation.Session{ID: "s1", Seq: 1, At: at(5, 15, 14), OpenedAt: at(5, 15, 14), Place: "榆园调解室", Mode: "joint", State: "recorded",
		Confirmed: "晚上确有拖拽声。", Negotiation: secret, Result: "settled", Introduced: true, RisksTold: true, ReadBack: true, Recorder: "小李"}
	for _, p := range c.Parties {
		s.Attendance = append(s.Attendance, mediation.Attendance{Party: p.ID, Present: true, Identity: true, Rights: "oral"})
		s.Statements = append(s.Statements, mediation.Statement{Party: p.ID, Text: p.Name + "说的话"})
	}
	c.Sessions = []mediation.Session{s, {ID: "s2", Seq: 2, At: at(5, 14, 9), Mode: "caucus", State: "recorded", Confirmed: secret,
		Attendance: []mediation.Attendance{{Party: "p1", Present: true}}, Statements: []mediation.Statement{{Party: "p1", Text: secret}}}}
	return c
}

// agreed adds a signed and sealed written agreement of 15 May.
func agreed(c *mediation.Case, obligations ...mediation.Obligation) *mediation.Case {
	c.Stage, c.EffectiveOn, c.EffectBy = mediation.Effective, on(5, 15), "PML 29"
	c.Agreements = []mediation.Agreement{
		{ID: "v1", Version: 1, Form: "written", Settled: "旧稿", VoidedAt: at(5, 15, 15)},
		{ID: "v2", Version: 2, Form: "written", Facts: "晚上九点后有拖拽声。", Settled: "夜间噪音，由被申请人负责改正。", Copies: len(c.Parties) + 1, By: "clerk", At: at(5, 15, 16)}}
	for i, o := range obligations {
		o.ID, o.Agreement, o.Seq = mediation.ItemID("o"+string(rune('1'+i))), "v2", i+1
		c.Obligations = append(c.Obligations, o)
	}
	for _, p := range c.Parties {
		c.Signatures = append(c.Signatures, mediation.Signature{Agreement: "v2", As: "party", Party: p.ID, How: "paper", On: on(5, 15)})
	}
	c.Signatures = append(c.Signatures, mediation.Signature{Agreement: "v2", As: "mediator", How: "paper", On: on(5, 15)},
		mediation.Signature{Agreement: "v2", As: "seal", How: "paper", On: on(5, 15)})
	return c
}

// noise is dispute 1: upstairs noise, settled without money.
func noise() *mediation.Case {
	c := accepted(filed("02", "02-noise", "楼上噪音", person("p1", "陈阿芬", mediation.Applicant), person("p2", "邵立", mediation.Respondent)))
	c.Source = "police"
	c = agreed(c,
		mediation.Obligation{By: "p2", To: "p1", Kind: "act", What: "客厅铺设地垫", Due: on(5, 20), How: "自行购买铺设", State: "performed", PerformedOn: on(5, 18)},
		mediation.Obligation{By: "p2", To: "p1", Kind: "refrain", What: "晚上九点后拖拽家具。", Due: on(5, 15), How: "全家遵守", State: "performed", PerformedOn: on(5, 15)})
	c.FollowUps = []mediation.Visited{{ID: "f1", On: on(5, 21), Means: "visit", Situation: "夜间安静，双方和好。", Satisfaction: "satisfied", By: "med", Final: true}}
	return c
}

// leak is dispute 2: a bathroom leak with three parties and two instalments.
func leak() *mediation.Case {
	c := filed("02", "02-leak", "卫生间漏水", person("p1", "王建国", mediation.Applicant), person("p2", "李敏", mediation.Respondent))
	c.Parties = append(c.Parties, person("p3", "赵强", mediation.Third))
	return agreed(accepted(c),
		mediation.Obligation{By: "p2", To: "p1", Kind: "act", What: "修好水管", Due: on(6, 1), How: "请人维修", State: "performed", PerformedOn: on(5, 30)},
		mediation.Obligation{By: "p2", To: "p1", Kind: "pay", What: "修复顶棚", AmountFen: 210000, Due: on(6, 1), How: "银行转账", State: "performed", PerformedOn: on(6, 1)},
		mediation.Obligation{By: "p2", To: "p1", Kind: "pay", What: "修复顶棚", AmountFen: 210000, Due: on(6, 15), How: "银行转账", State: "performed", PerformedOn: on(6, 21)})
}

// drawn is dispute 2 with names drawn on screens: two from home, one before the
// mediator, who drew his own.
func drawn() *mediation.Case {
	c := leak()
	for i := range c.Signatures {
		v := &c.Signatures[i]
		v.ID, v.Digest = mediation.ItemID("s"+string(rune('1'+i))), "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
		switch {
		case v.Party == "p1", v.Party == "p2":
			v.How, v.Image = "online", v.Digest
		case v.Party == "p3", v.As == "mediator":
			v.How, v.Image = "in_person", v.Digest
		}
	}
	return c
}

// parking is dispute 3: the other side declines, the chair refuses.
func parking() *mediation.Case {
	c := filed("17", "17-parking", "车位被占", person("p1", "周涛", mediation.Applicant), person("p2", "钱伟", mediation.Respondent))
	c.Stage, c.EndedAs, c.OutcomeCode, c.OutcomeText, c.EndedAt = mediation.NotAccepted, mediation.NotAccepted, "NA04", "钱伟5月12日明确表示不同意调解。", at(5, 12, 16)
	return c
}

// dog is dispute 4: a child bitten, paid at once.
func dog() *mediation.Case {
	child := person("p1", "孙小宁", mediation.Applicant)
	child.Capacity, child.GuardianName = "minor", "孙浩"
	c := agreed(accepted(filed("06", "06-other", "犬只咬伤", child, person("p2", "吴静", mediation.Respondent))),
		mediation.Obligation{By: "p2", To: "p1", Kind: "pay", What: "医疗费和补偿", AmountFen: 250000, Due: on(5, 15), How: "当场现金支付", State: "performed", PerformedOn: on(5, 15)})
	c.Agreements[1].Immediate = true
	return c
}

// lift is dispute 5: escalated for a legal question, partly settled.
func lift() *mediation.Case {
	a := person("p1", "郑慧", mediation.Applicant)
	a.Capacity, a.GroupSize = "group", 12
	c := accepted(filed("03", "03-lift", "加装电梯", a, person("p2", "何平", mediation.Respondent)))
	c.Grade = "L3"
	c.Escalations = []mediation.Escalation{
		{ID: "e1", Kind: "case", Reason: "E01", Summary: "十二户与三户低层业主，表决比例有争议。", AskedBy: "med", AskedAt: at(5, 18, 9),
			Opinion: "先核对三分之二参与表决。", Outcome: "return", AnsweredBy: "legal", AnsweredAt: at(5, 20, 16)},
		{ID: "e2", Kind: "agreement", Reason: "E04", Summary: "请审核补偿条款。", AskedBy: "chair", AskedAt: at(6, 1, 9)}}
	c = agreed(c, mediation.Obligation{By: "p1", To: "p2", Kind: "pay", What: "补偿基金", AmountFen: 6000000, Due: on(7, 10), How: "转入共管账户"})
	c.Agreements[1].Partial, c.Agreements[1].Unsettled = true, "采光问题，当事人可以向人民法院起诉。"
	return c
}

// clutter is dispute 6: an oral agreement on the spot, begun by screening.
func clutter() *mediation.Case {
	c := filed("02", "02-clutter", "楼道堆物", person("p1", "榆园网格", mediation.Applicant), person("p2", "许桂香", mediation.Respondent))
	c.Source, c.Number, c.AcceptedAt, c.Stage, c.EffectiveOn = "proactive", "榆园人调字〔2026〕第13号", at(5, 12, 9), mediation.Effective, on(5, 12)
	c.Assignments = []mediation.Assignment{{ID: "a1", Mediator: "med", Name: "老娘舅周明", Lead: true, StartedAt: at(5, 12, 9)}}
	c.Agreements = []mediation.Agreement{{ID: "v1", Version: 1, Form: "oral", Settled: "纸箱堵住通道，由许桂香清理。", Copies: 3, By: "med", At: at(5, 12, 9)}}
	c.Obligations = []mediation.Obligation{{ID: "o1", Agreement: "v1", Seq: 1, By: "p2", To: "p1", Kind: "act", What: "清走纸箱", Due: on(5, 14), How: "志愿者帮忙", State: "performed", PerformedOn: on(5, 14)}}
	return c
}

// fee is dispute 7: an organisation with its agent, confirmed by the court.
func fee() *mediation.Case {
	firm := mediation.Party{ID: "p1", Name: "恒安物业", Side: mediation.Applicant, Capacity: "organisation", GroupSize: 1, CreditCode: "91320500TEST000001",
		LegalRep: "许恒", LegalPost: "总经理", AgentName: "丁兰", AgentScope: "settle", PhoneMask: "100****0001", AddressMask: "榆园物业楼", RightsAt: at(5, 12, 9), RightsHow: "signed",
		Identity: mediation.LevelChecked}
	c := agreed(accepted(filed("17", "17-fee", "物业费", firm, person("p2", "朱明", mediation.Respondent))),
		mediation.Obligation{By: "p2", To: "p1", Kind: "pay", What: "三年物业费", AmountFen: 460000, Due: on(6, 30), How: "银行转账", State: "performed", PerformedOn: on(6, 29)},
		mediation.Obligation{By: "p1", To: "p2", Kind: "act", What: "公示保洁清单", Due: on(6, 15), How: "张贴在一楼", State: "performed", PerformedOn: on(6, 10)})
	c.Confirmations = []mediation.Confirmation{{ID: "k1", FiledOn: on(6, 3), State: mediation.ConfirmationConfirmed, Ref: "（2026）苏0505民特8号"}}
	c.Sessions[0].Attendance[0].ByAgent = true
	return c
}

// gym is dispute 19: the other side cannot be reached.
func gym() *mediation.Case {
	a := person("p1", "九名会员代表", mediation.Applicant)
	a.Capacity, a.GroupSize = "group", 9
	c := accepted(filed("14", "14-prepaid", "健身卡退费", a, person("p2", "健身房", mediation.Respondent)))
	c.Sessions[0].Result = "no_agreement"
	c.Stage, c.EndedAs, c.OutcomeCode, c.OutcomeText, c.EndedAt = mediation.Terminated, mediation.Terminated, "T05", "三次联系未果，门店已关闭。", at(6, 10, 10)
	return c
}

func mustBuild(t *testing.T, code string, c *mediation.Case, item mediation.ItemID) *Paper {
	t.Helper()
	p, err := Build(code, c, item, desk(on(6, 25)))
	if err != nil {
		t.Fatalf("%s: %v", code, err)
	}
	return p
}

// written is everything a paper says, one line a piece; a tick is ☑.
func written(p *Paper) string {
	lines := []string{p.Title, p.Number, p.Foot}
	for _, b := range p.Blocks {
		lines = append(lines, b.Head)
		for _, f := range b.Facts {
			lines = append(lines, f.Label+"："+f.Value)
		}
		lines = append(append(append(lines, b.Text...), b.Items...), b.Strong...)
		for _, row := range append([][]string{b.Grid.Head}, b.Grid.Rows...) {
			lines = append(lines, strings.Join(row, "|"))
		}
		for _, x := range b.Boxes {
			lines = append(lines, map[bool]string{true: "☑", false: "□"}[x.On]+x.Text)
		}
		for _, s := range b.Places {
			lines = append(lines, s.Role+"："+s.Name+"|"+s.Done+"|"+s.Day)
		}
	}
	return strings.Join(lines, "\n")
}

// gaps are the words of what is missing, those written by hand left out.
func gaps(p *Paper) []string {
	var list []string
	for _, g := range p.Missing {
		if !g.Hand {
			list = append(list, strings.TrimSuffix(g.What+":"+g.Who, ":"))
		}
	}
	return list
}

// asked is dispute 1 while its respondent has still to be named and papers are
// wanted.
func asked() *mediation.Case {
	c := filed("02", "02-noise", "楼上噪音", person("p1", "陈阿芬", mediation.Applicant), person("p2", "邵立", mediation.Respondent))
	c.Parties, c.Respondent, c.Stage, c.RegisteredAt = c.Parties[:1], "3幢602室住户", mediation.Supplement, time.Time{}
	c.OutcomeText = "身份证复印件\n噪音发生时间的记录"
	c.Deadlines = []mediation.Deadline{{Kind: statute.D03Supplement, Starts: at(5, 11, 14), Due: on(5, 14).End()}}
	return c
}

// fumes is dispute 14: the mediator is a party's cousin and is replaced.
func fumes() *mediation.Case {
	c := accepted(filed("09", "09-restaurant", "餐饮油烟", person("p1", "施兰", mediation.Applicant), person("p2", "烧烤店主杜强", mediation.Respondent)))
	c.Deadlines = []mediation.Deadline{{Kind: statute.D06Mediation, Due: on(6, 15).End(), Ended: at(6, 1, 9)}}
	for i := range c.Assignments {
		c.Assignments[i].Relation, c.Assignments[i].ChosenBy = "none", "parties"
	}
	c.Recusals = []mediation.Recusal{
		{ID: "r1", Mediator: "old", Party: "p1", Relation: "relative", Reason: "杜军是店主的表兄弟。", AskedAt: at(5, 18, 9), State: "replaced", Decision: "情况属实，另行指定。", DecidedBy: "chair", DecidedAt: at(5, 19, 9)},
		{ID: "r2", Mediator: "med", Relation: "neighbour", Reason: "与申请人住同一幢。", AskedAt: at(5, 20, 9), State: "waived", Decision: "各方书面同意。", DecidedBy: "chair", DecidedAt: at(5, 20, 15)}}
	c.Sessions[0].Bring = "排烟管道照片"
	c.Inquiries = []mediation.Investigation{{ID: "q1", On: on(5, 20), Place: "烧烤店后巷", Asked: "店员小吴", Content: "油烟机三个月没有清洗。", Recorder: "小李", By: "med"},
		{ID: "q2", On: on(5, 21), Place: "3幢东侧", Content: "管道口距窗两米。", Recorder: "小李", By: "med"}}
	c.Extensions = []mediation.Extension{{ID: "x1", Until: on(7, 10), Reason: "等待检测报告。", At: at(6, 9, 10)}, {ID: "x2", Until: on(7, 20), Reason: "检测延后", At: at(7, 8, 10)}}
	c.Deadlines[0].Reckoning = []statute.ReckonStep{{Rule: "count", Day: on(6, 10)}, {Rule: mediation.ExtendedByAgreement, Day: on(7, 10)}, {Rule: mediation.ExtendedByAgreement, Day: on(7, 20)}}
	return c
}

// opened is a settled dispute with a session that was planned and opened with its doors so.
func opened(planned, doors string) func() *mediation.Case {
	return func() *mediation.Case {
		c := noise()
		c.Sessions[0].Doors, c.Sessions[0].OpenedDoors = planned, doors
		return c
	}
}

// late is dispute 2 while an instalment is overdue and the plumber has been.
func late() *mediation.Case {
	c := leak()
	c.Obligations[2].State, c.Obligations[2].PerformedOn, c.Obligations[2].Urged, c.Obligations[2].UrgedAt = "overdue", statute.Date{}, 1, at(6, 17, 9)
	c.Obligations[1].Proof = "银行回单"
	c.Deadlines = []mediation.Deadline{{Kind: statute.D12Confirmation, Due: on(6, 15).End()}}
	return c
}

// support is a monthly sum for a parent: one article, three rows.
func support() *mediation.Case {
	c := agreed(accepted(filed("01", "01-support", "赡养", person("p1", "方母", mediation.Applicant), person("p2", "方明", mediation.Respondent))),
		mediation.Obligation{By: "p2", To: "p1", Kind: "pay", What: "赡养费", AmountFen: 50000, Due: on(6, 5), How: "银行转账", Every: "month", SeriesNo: 1, SeriesOf: 3, State: "performed", PerformedOn: on(6, 5)},
		mediation.Obligation{By: "p2", To: "p1", Kind: "pay", What: "赡养费", AmountFen: 50000, Due: on(7, 5), How: "银行转账", Every: "month", SeriesNo: 2, SeriesOf: 3, State: mediation.ObligationPartly, PaidFen: 20000},
		mediation.Obligation{By: "p2", To: "p1", Kind: "pay", What: "赡养费", AmountFen: 50000, Due: on(8, 5), How: "银行转账", Every: "month", SeriesNo: 3, SeriesOf: 3, State: mediation.ObligationDisputed})
	c.FollowUps = []mediation.Visited{{ID: "f1", On: on(8, 10), Means: "visit", Situation: "第二期只付了一部分。", Satisfaction: "fair", By: "med"}}
	return c
}

// quarrel is dispute 17: violence at home, reported at once. What its risk note
// says stands on the report and nowhere else.
func quarrel() *mediation.Case {
	c := filed("01", "01-family", "家庭纠纷", person("p1", "韩雪", mediation.Applicant), person("p2", "魏刚", mediation.Respondent))
	c.Risks = []mediation.Risk{{ID: "r", Flag: "R3-MINOR", Facts: "孩子目睹殴打。", Measures: "已联系妇联。", MustReport: true, By: "clerk", At: at(5, 11, 9),
		Told: []string{"police", "civil_affairs"}, Receiver: "枫桥派出所值班室", ReportedBy: "clerk",
		ReportedAt: at(5, 11, 10), ReportRef: "接报0511"}}
	return c
}

// reportedByAnother is the quarrel when one person noticed the danger and another
// made the report, the day after.
func reportedByAnother() *mediation.Case {
	c := quarrel()
	c.Risks[0].ReportedBy, c.Risks[0].ReportedAt = "med", at(5, 12, 8)
	return c
}

// crowd is a major dispute, told by telephone and then in the program.
func crowd() *mediation.Case {
	c := filed("17", "17-fee", "物业费", person("p1", "王建国", mediation.Applicant), person("p2", "何平", mediation.Respondent))
	c.Grade, c.GradeBy, c.Facts = "L4", "rule", "十几户聚在物业门口。"
	c.Risks = []mediation.Risk{{ID: "r", Flag: "R2-MASS", Facts: "聚集。", MustReport: true, By: "clerk", At: at(5, 11, 9)}}
	c.MajorReports = []mediation.MajorReport{
		{ID: "m1", At: at(5, 11, 10), By: "clerk", ToldAt: at(5, 11, 9), To: "subdistrict", How: mediation.ByPhone, Who: "街道值班室", Measures: "已劝离现场。", Ref: "值班2026-7"},
		{ID: "m2", At: at(5, 11, 11), By: "chair", ToldAt: at(5, 11, 11), To: "judicial_office", How: mediation.ThroughSystem, SeenAt: at(5, 11, 14), SeenBy: "legal", Joint: "下午到场，街道一起办。"}}
	return c
}

// sentToCourt is dispute 7 on its way to the court, having come from the police.
func sentToCourt() *mediation.Case {
	c := fee()
	c.Source, c.SourceRef = "police", "榆派移〔2026〕3号"
	c.Referrals = []mediation.Referral{{ID: "f1", Court: "court", Mode: statute.C1, State: mediation.ReferralTaken, Digest: "0123456789abcdef0123", CourtRef: "（2026）调字1号", OfferedAt: at(5, 13, 9),
		OfferedBy: "chair", AnsweredAt: at(5, 14, 9)}}
	return c
}

// passedOn is a call to the city's hotline that came without a number.
func passedOn() *mediation.Case {
	c := fee()
	c.Source, c.SourceRef, c.Channel = "application", "", "hotline_12345"
	return c
}

// handedOn is dispute 1 as it went to another committee before it was accepted.
func handedOn() *mediation.Case {
	c := noise()
	c.Number, c.AcceptedAt, c.Stage, c.EndedAs = "", time.Time{}, mediation.ReferredOut, mediation.ReferredOut
	c.Files = []mediation.File{{ID: "e1", Name: "噪音录音.pdf", Kind: "document", Mime: "application/pdf", Side: mediation.Applicant, Party: c.Parties[0].ID}}
	c.Transfers = []mediation.Transfer{{ID: "t1", Committee: "k2", Receiver: "枫桥里社区人民调解委员会", Reason: "噪声来自枫桥里一幢", AgreedBy: "沈国强",
		AgreedOn: statute.NewDate(2026, 5, 12), AgreedHow: "phone", Ground: "consent", By: "chair", At: at(5, 12, 10)}}
	return c
}

// toPolice is the same handed to a body outside.
func toPolice() *mediation.Case {
	c := handedOn()
	c.Transfers[0].Committee, c.Transfers[0].Receiver, c.Transfers[0].Ground = "", "榆园派出所", "statutory_duty"
	return c
}

// noise0 is dispute 1 as the applicant himself brought it.
func noise0() *mediation.Case {
	c := noise()
	c.Source, c.Missing = "application", "身份证复印件已退还"
	c.Files = []mediation.File{{ID: "e1", Name: "噪音录音.pdf", Kind: "document", Mime: "application/pdf", Digest: "aabbccddeeff00112233"}}
	return c
}

// put is dispute 4 in the archive.
func put() *mediation.Case {
	c := dog()
	c.Stage = mediation.Archived
	term, _ := statute.Limits(nil).Retention(statute.Keep30)
	c.Deadlines = []mediation.Deadline{{Kind: statute.D18Retention, Term: term, Starts: at(7, 1, 9), Due: statute.NewDate(2056, 7, 1).End()}}
	return c
}

// confirmed is dispute 7 with its court and the last day to apply.
func confirmed() *mediation.Case {
	c := fee()
	c.Confirmations[0].Court = "court"
	c.Deadlines = []mediation.Deadline{{Kind: statute.D12Confirmation, Due: on(6, 15).End()}}
	return c
}

func asked0() *mediation.Case {
	c := asked()
	c.Risks = nil
	return c
}

// but is a case with something changed.
func but(make func() *mediation.Case, change func(*mediation.Case)) func() *mediation.Case {
	return func() *mediation.Case {
		c := make()
		change(c)
		return c
	}
}
