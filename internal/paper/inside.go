package paper

import (
	"fmt"
	"slices"
	"strings"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

func visitItems(c *mediation.Case) []mediation.ItemID {
	var items []mediation.ItemID
	for _, v := range c.FollowUps {
		items = append(items, v.ID)
	}
	return items
}

// followUp is F15. It quotes the number of the agreement and names the dispute
// as the reason of the visit.
//
// Source: PML 31; FILL.
func followUp(s *sheet) {
	c := s.c
	v := c.FollowUps[slices.IndexFunc(c.FollowUps, func(v mediation.Visited) bool { return v.ID == s.item })]
	visitor := s.need(s.in.Names[v.By], Gap{What: "visitor"})
	if v.Wrong == "" {
		s.byHand("tick_wrong")
	}
	s.add(Block{Facts: []Fact{
		{"当事人", s.shorts()},
		s.fact("调解协议编号", c.Number, "number"),
		s.fact("回访事由", subject(c), "type"),
		s.fact("回访日期", knownDay(v.On), "visited_on"),
		{"回访方式", orNone(zh(statute.ContactMeans, v.Means))},
		s.fact("协议履行情况", s.performed(), "performance"),
		s.fact("回访情况", v.Situation, "situation"),
		{"采取的措施", orNone(v.Measures)},
	}})
	s.add(Block{Head: "当事人满意程度", Inline: true, Boxes: choice(v.Satisfaction, "satisfied", "满意", "fair", "基本满意", "unsatisfied", "不满意", "unknown", "未表态")})
	suit := Block{Head: "是否起诉", Inline: true, Boxes: yesNo(v.Sued, "已向人民法院起诉", "没有起诉")}
	if v.Sued {
		suit.Facts = []Fact{{"诉讼结果", orElse(v.SuitResult, "尚不知道")}}
	}
	s.add(suit)
	s.add(Block{Head: "是否有反复或激化迹象", Inline: true, Boxes: yesNo(v.FlareUp, "有", "没有")})
	places := []Place{{Role: "回访人签名", Name: visitor}}
	for _, p := range active(c) {
		places = append(places, s.signer(p))
	}
	s.add(Block{Head: "调解有无错误", Inline: true, Boxes: wrongBoxes(v), Places: places})
}

// wrongBoxes tell whether the visit found the mediation wrong, and in what; both open
// where nobody asked.
func wrongBoxes(v mediation.Visited) []Box {
	return []Box{{"没有", v.Wrong == "no"}, {"有，说明：" + orElse(v.WrongNote, blank), v.Wrong == "yes"}}
}

func yesNo(on bool, yes, no string) []Box { return []Box{{yes, on}, {no, !on}} }

// performed tells of each obligation how it stands.
func (s *sheet) performed() string {
	a := s.c.Agreement()
	if a == nil {
		return ""
	}
	var lines []string
	for _, o := range s.c.Promised() {
		if o.Agreement != a.ID {
			continue
		}
		text := fmt.Sprintf("%s、%s：%s", numeral(len(lines)+1), s.calledBy(o.By), bare(o.What))
		if o.AmountFen > 0 {
			text += "，" + statute.Yuan(o.AmountFen) + "元"
		}
		lines = append(lines, text+"，期限"+day(o.Due)+"——"+obligationState(o))
	}
	if len(lines) == 0 && a.Immediate {
		return "已当场履行完毕。"
	}
	return strings.Join(lines, "\n")
}

func obligationState(o mediation.Obligation) string {
	switch o.State {
	case mediation.ObligationPerformed:
		if o.PerformedOn.IsZero() {
			return "已履行"
		}
		text := "已于" + day(o.PerformedOn) + "履行"
		if o.PerformedOn.After(o.Due) {
			text += fmt.Sprintf("（逾期%d天）", o.PerformedOn.Sub(o.Due))
		}
		return text
	case mediation.ObligationPartly:
		if o.PaidFen > 0 {
			return "已部分履行，已付" + statute.Yuan(o.PaidFen) + "元，尚欠" + statute.Yuan(o.Rest()) + "元"
		}
		return "已部分履行"
	case mediation.ObligationDisputed:
		return "各方对履行有争议"
	case mediation.ObligationOverdue:
		return "已逾期，尚未履行"
	case mediation.ObligationDefaulted:
		return "拒不履行"
	case mediation.ObligationWaived:
		return "对方已放弃"
	}
	return "履行期限未到"
}

func reviewItems(c *mediation.Case) []mediation.ItemID {
	var items []mediation.ItemID
	for _, e := range c.Escalations {
		items = append(items, e.ID)
	}
	return items
}

// review is F21: who asked legal staff and why, their opinion, and what follows.
func review(s *sheet) {
	c := s.c
	e := c.Escalations[slices.IndexFunc(c.Escalations, func(e mediation.Escalation) bool { return e.ID == s.item })]
	kind := "案件提级（会商）"
	if e.Kind == "agreement" {
		kind = "调解协议审核"
	}
	asker := s.need(s.in.Names[e.AskedBy], Gap{What: "asker"})
	s.add(Block{Facts: []Fact{
		{"事项", kind},
		{"当事人", s.shorts()},
		s.fact("纠纷名称", subject(c), "type"),
		s.fact("纠纷类别", dispute(c), "type"),
		{"难易程度", orNone(zh(statute.Grades, c.Grade))},
		s.fact("人民调解员", s.mediatorNames(mediators(c)), "mediator"),
		{"提出人", asker},
		s.fact("提出时间", moment(e.AskedAt), "asked_at"),
		s.fact("提级原因", coded(statute.EscalationReasons, e.Reason), "review_reason"),
		s.fact("情况摘要", e.Summary, "summary"),
	}})
	opinion := Block{Head: "司法所意见", Text: s.lines(e.Opinion, "opinion"), Boxes: outcomes(e)}
	by := ""
	if !e.AnsweredAt.IsZero() {
		by = s.in.Names[e.AnsweredBy]
		opinion.Facts = []Fact{s.fact("答复人", by, "answerer"), {"答复时间", moment(e.AnsweredAt)}}
	} else {
		s.need("", Gap{What: "answer"})
	}
	s.add(opinion)
	s.byHand("chair_decision")
	s.add(Block{Head: "调委会处理决定", Text: []string{blank + blank}, Places: []Place{
		{Role: "提出人（人民调解员）签名", Name: asker, Day: dayOf(e.AskedAt)},
		{Role: "司法所人员签名", Name: by, Day: dayOf(e.AnsweredAt)},
		{Role: "调委会主任签名"},
	}})
}

func outcomes(e mediation.Escalation) []Box {
	if e.Kind == "agreement" {
		return choice(e.Outcome, "approved", "同意协议文本", "amend", "修改后再签", "overtaken", "案件已终止，不再审核")
	}
	return choice(e.Outcome, "return", "退回继续调解，按意见办理", "reassign", "另行指派或增加人员", "court", "转法院处理", "terminate", "终止调解",
		"overtaken", "案件已终止，不再审核")
}

// canReport: an accepted case gets its report when it comes to an end.
func canReport(c *mediation.Case) bool {
	return !c.AcceptedAt.IsZero() && slices.Contains([]mediation.Stage{mediation.Effective, mediation.FollowedUp, mediation.Terminated,
		mediation.Withdrawn, mediation.Closed, mediation.Archived}, c.Stage)
}

// closingReport is F25. The case counts as finished when everything was
// performed, or with the day it ended otherwise.
//
// Source: FILL.
func closingReport(s *sheet) {
	c := s.c
	handlers := mediators(c)
	s.add(Block{Facts: []Fact{
		s.fact("卷宗编号", c.Number, "number"),
		{"调解单位", s.in.Office.Committee},
		s.fact("承办人", s.mediatorNames(handlers), "mediator"),
		s.fact("受理日期", dayOf(c.AcceptedAt), "accepted_on"),
		s.fact("结案日期", knownDay(finished(c)), "closed_on"),
		{"当事人", s.shorts()},
		s.fact("案件来源", zh(statute.Sources, c.Source), "source"),
		s.fact("纠纷类别", dispute(c), "type"),
		s.fact("纠纷简要情况", c.Facts, "story"),
		s.fact("调解结果", s.result(), "result"),
		{"回访情况", orNone(s.visits())},
		{"卷宗缺少的材料及原因", orNone(c.Missing)},
	}})
	places := s.mediatorPlaces(handlers)
	for i := range places {
		places[i].Role = "承办人（人民调解员）签名"
	}
	opinion := c.Summary
	if opinion == "" {
		s.byHand("chair_decision")
		opinion = blank + blank
	}
	s.add(Block{Head: "审核意见", Text: []string{opinion}, Places: append(places, Place{Role: "调委会主任签名", Name: s.in.Names[c.ClosedBy], Day: dayOf(c.ClosedAt)})})
}

// open says whether an obligation is still to be performed, or quarrelled about.
func open(o mediation.Obligation) bool {
	return slices.Contains([]string{mediation.ObligationPending, mediation.ObligationPartly, mediation.ObligationDisputed, mediation.ObligationOverdue}, o.State)
}

// finished is the day the last obligation was performed, or that on which the
// dispute ended without one.
func finished(c *mediation.Case) statute.Date {
	if c.EffectiveOn.IsZero() {
		return statute.DateOf(c.EndedAt)
	}
	last := c.EffectiveOn
	for _, o := range c.Promised() {
		switch {
		case open(o):
			return statute.Date{}
		case o.PerformedOn.After(last):
			last = o.PerformedOn
		}
	}
	return last
}

// result is how the case ended, in a few lines.
func (s *sheet) result() string {
	c := s.c
	var lines []string
	switch {
	case !c.EffectiveOn.IsZero():
		kind := "达成书面调解协议"
		if a := c.Agreement(); a != nil && a.Form == "oral" {
			kind = "达成口头调解协议"
		}
		lines = append(lines, day(c.EffectiveOn)+kind+"。", s.performed())
	case statute.Valid(statute.Terminations, c.OutcomeCode):
		lines = append(lines, ending(c), c.OutcomeText)
	case c.Stage == mediation.Withdrawn || c.EndedAs == mediation.Withdrawn:
		lines = append(lines, "申请人撤回申请。", c.OutcomeText)
	}
	for _, k := range c.Confirmations {
		lines = append(lines, day(k.FiledOn)+"共同申请司法确认："+confirmationState(k)+"。")
	}
	return strings.Join(slices.DeleteFunc(lines, func(l string) bool { return l == "" }), "\n")
}

// ending names the cause for which the mediation ended without an agreement.
func ending(c *mediation.Case) string {
	cause := coded(statute.Terminations, c.OutcomeCode) + "。"
	if c.OutcomeCode == "T11" { // they agreed without the committee
		return cause
	}
	return "未达成协议：" + cause
}

func confirmationState(k mediation.Confirmation) string {
	text := map[string]string{
		mediation.ConfirmationFiled: "法院尚未受理", mediation.ConfirmationTaken: "法院已受理", mediation.ConfirmationConfirmed: "法院裁定协议有效",
		mediation.ConfirmationRejected: "法院裁定驳回", mediation.ConfirmationNotTaken: "法院不予受理", mediation.ConfirmationWithdrawn: "已撤回",
		mediation.ConfirmationEnforced: "已申请强制执行",
	}[k.State]
	if text == "" {
		text = k.State
	}
	if k.Ref != "" {
		text += bracketing(k.Ref)
	}
	return text
}

func (s *sheet) visits() string {
	var lines []string
	for _, v := range s.c.FollowUps {
		lines = append(lines, day(v.On)+"："+v.Situation)
	}
	return strings.Join(lines, "\n")
}
