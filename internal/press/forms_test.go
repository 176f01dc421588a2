package press

import (
	"testing"
	"time"

	"doorstep/internal/mediation"
	"doorstep/internal/paper"
	"doorstep/internal/statute"
	"doorstep/templates"
)

func on(month time.Month, d int) statute.Date { return statute.NewDate(2026, month, d) }

func at(month time.Month, d int) time.Time {
	return time.Date(2026, month, d, 9, 30, 0, 0, statute.Shanghai)
}

// parties are a person, an organisation by its agent, a child and two more.
func parties() []mediation.Party {
	list := []mediation.Party{
		{ID: "p1", Name: "陈阿芬", Side: mediation.Applicant, Capacity: "group", GroupSize: 4},
		{ID: "p2", Name: "恒安物业服务有限公司", Side: mediation.Respondent, Capacity: "organisation", CreditCode: "91990000MA0000017X", LegalRep: "邹志强", AgentName: "袁梅", AgentScope: "settle"},
		{ID: "p3", Name: "孙小宁", Side: mediation.Third, Capacity: "minor", GuardianName: "孙浩"},
		{ID: "p4", Name: "赵强", Side: mediation.Respondent, Capacity: "adult"},
		{ID: "p5", Name: "李敏", Side: mediation.Applicant, Capacity: "adult"}}
	for i := range list {
		p := &list[i]
		p.Consent, p.Identity, p.RightsAt, p.RightsHow = "yes", mediation.LevelChecked, at(5, 12), "signed"
		p.PhoneMask, p.IDMask, p.AddressMask = "100****5678", "**************0017", "榆园***"
		if p.Capacity == "organisation" {
			p.LegalPost = "总经理"
		} else {
			p.Sex, p.Ethnic, p.BirthMask, p.Occupation = mediation.Male, "39", "1958", "退休教师"
		}
	}
	return list
}

// settled is a case of so many parties that has nearly everything: written
// agreement, recusal, inquiry, extension, reviews, danger, court.
func settled(sides int) *mediation.Case {
	c := &mediation.Case{ID: "c", IntakeNumber: "榆园登〔2026〕12号", Number: "榆园人调字〔2026〕第12号", Stage: mediation.Closed, EndedAs: mediation.Effective, Type: "02",
		Subtype: "02-noise", Source: "application", Grade: "L3", Title: "楼上噪声", Facts: "晚上拖拽椅子，影响休息。", Place: "3幢", Request: "停止影响", AmountFen: 460000,
		FiledAt: at(5, 11), RegisteredAt: at(5, 11), AcceptedAt: at(5, 11), EffectiveOn: on(5, 15), Parties: parties()[:sides],
		Assignments: []mediation.Assignment{{ID: "a1", Mediator: "m", Name: "周明", Lead: true, Relation: "none", StartedAt: at(5, 11)}, {ID: "a2", Mediator: "n", Name: "傅静", Relation: "none", StartedAt: at(5, 11)}},
		Recusals:    []mediation.Recusal{{ID: "r1", Mediator: "m", Party: "p1", Relation: "relative", Reason: "是表兄。", AskedAt: at(5, 12), State: "waived", Decision: "各方同意。", DecidedBy: "chair", DecidedAt: at(5, 13)}},
		Inquiries:   []mediation.Investigation{{ID: "q1", On: on(5, 13), Place: "楼道", Asked: "店员小吴", Content: "三个月没有清洗。", Recorder: "小李", By: "m"}},
		Extensions:  []mediation.Extension{{ID: "x1", Until: on(7, 10), Reason: "等待检测", At: at(5, 14)}},
		Escalations: []mediation.Escalation{{ID: "e1", Kind: "case", Reason: "E01", Summary: "请指导。", AskedBy: "m", AskedAt: at(5, 13), Opinion: "可以调解。", Outcome: "return", AnsweredBy: "legal", AnsweredAt: at(5, 14)}},
		Risks:       []mediation.Risk{{ID: "k1", Flag: "R3-MINOR", Facts: "孩子目睹。", Measures: "已联系。", MustReport: true, By: "clerk", At: at(5, 11)}},
		Referrals:   []mediation.Referral{{ID: "f1", Court: "court", Mode: statute.C1, State: mediation.ReferralTaken, Digest: "0123456789abcdef0123", OfferedAt: at(5, 13)}},
		FollowUps:   []mediation.Visited{{ID: "v1", On: on(6, 21), Means: "visit", Situation: "双方和好。", Satisfaction: "satisfied", By: "m"}},
		Agreements:  []mediation.Agreement{{ID: "v", Version: 1, Form: "written", Facts: "有拖拽声。", Settled: "夜间噪声。", By: "clerk", At: at(5, 15)}},
		Deadlines:   []mediation.Deadline{{Kind: statute.D12Confirmation, Due: on(6, 15).End()}, {Kind: statute.D06Mediation, Due: on(6, 10).End()}}}
	m := mediation.Session{ID: "s1", Seq: 1, At: at(5, 15), OpenedAt: at(5, 15), Place: "调解室", Mode: "joint", State: "recorded", Confirmed: "确有声音。", Result: "settled", Introduced: true, RisksTold: true, ReadBack: true, Recorder: "小李"}
	for _, p := range c.Parties {
		m.Attendance = append(m.Attendance, mediation.Attendance{Party: p.ID, Present: true, Identity: true, Rights: "signed"})
		m.Statements = append(m.Statements, mediation.Statement{Party: p.ID, Text: "我同意。"})
		c.Signatures = append(c.Signatures, mediation.Signature{ID: mediation.ItemID("g" + string(p.ID)), Agreement: "v", As: "party", Party: p.ID, How: "in_person", On: on(5, 15), Digest: "0123456789abcdef", Image: "0123456789abcdef"})
	}
	c.Sessions = []mediation.Session{m}
	c.Obligations = []mediation.Obligation{
		{ID: "o1", Agreement: "v", Seq: 1, By: "p2", To: "p1", Kind: "pay", What: "补偿", AmountFen: 210000, Due: on(6, 1), How: "转账", State: mediation.ObligationPerformed, PerformedOn: on(6, 1), Proof: "回单"},
		{ID: "o2", Agreement: "v", Seq: 2, By: "p2", To: "p1", Kind: "act", What: "修好水管", Due: on(6, 2), How: "请人", State: mediation.ObligationOverdue}}
	return c
}

// everyForm are papers of all forms: of few parties and of many, and of cases that
// ended in other ways.
func everyForm(t *testing.T) []*paper.Paper {
	t.Helper()
	oral := settled(2)
	oral.Agreements[0].Form = "oral"
	refused := settled(2)
	refused.Stage, refused.EndedAs, refused.OutcomeCode, refused.OutcomeText, refused.Number = mediation.NotAccepted, "", "NA04", "不同意。", ""
	refused.AcceptedAt, refused.EffectiveOn, refused.EndedAt, refused.Agreements = time.Time{}, statute.Date{}, at(5, 12), nil
	ended := settled(3)
	ended.Stage, ended.EndedAs, ended.OutcomeCode, ended.OutcomeText, ended.EndedAt = mediation.Terminated, mediation.Terminated, "T05", "联系不上。", at(6, 1)
	ended.EffectiveOn, ended.Agreements = statute.Date{}, nil
	wanting := settled(1)
	wanting.Stage, wanting.RegisteredAt, wanting.AcceptedAt, wanting.OutcomeText = mediation.Supplement, time.Time{}, time.Time{}, "身份证"
	words, err := paper.LoadWording(templates.FS)
	if err != nil {
		t.Fatal(err)
	}
	in := paper.Setting{Office: paper.Office{Committee: "枫桥里社区人民调解委员会", Address: "枫桥里16号", Phone: "10000000000", ShortName: "枫桥里"}, Words: words, Today: on(6, 25),
		Names: map[mediation.UserID]string{"m": "周明", "clerk": "小李", "legal": "赵敏", "chair": "王主任"}, Courts: map[mediation.CourtID]string{"court": "某某区人民法院"}}
	var list []*paper.Paper
	seen := map[string]bool{}
	for _, c := range []*mediation.Case{settled(2), settled(3), settled(5), oral, refused, ended, wanting} {
		for _, ch := range paper.Choices(c) {
			p, err := paper.Build(ch.Form, c, ch.Item, in)
			if err != nil {
				t.Fatal(err)
			}
			list, seen[ch.Form] = append(list, p), true
		}
	}
	for _, form := range paper.Forms() {
		if !seen[form] {
			t.Errorf("no paper of %s is looked at", form)
		}
	}
	return list
}
