package demo

import (
	"context"
	"fmt"

	"doorstep/internal/figures"
	"doorstep/internal/ledger"
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
	"doorstep/internal/subsidy"
)

// closeDay is the day on which the demonstration closes its months.
const closeDay = 5

// returns closes the months the stories lie in and sends some of them up, so that
// every state of a month stands somewhere: approved, waiting for the judicial
// office, sent back, and late. The bureau has set what it pays from next month on.
func (h *House) returns(ctx context.Context) error {
	l := ledger.New(h.DB, h.Policy, h.Now)
	if err := h.funds(ctx, l); err != nil {
		return fmt.Errorf("demo: money of the committees: %w", err)
	}
	if err := h.screenings(ctx, l); err != nil {
		return fmt.Errorf("demo: rounds of the committees: %w", err)
	}
	if _, err := l.CountMonths(ctx, mediation.System(), closeDay); err != nil {
		return fmt.Errorf("demo: close the months: %w", err)
	}
	may := figures.NewMonth(2026, 5)
	for _, s := range []struct {
		place, who, reason string
		month              figures.Month
		step               figures.Step
	}{
		{atYuyuan, "王秀兰", "", may, figures.Submit}, {atYuyuan, "罗正", "", may, figures.Approve},
		{atGaoxin, "章建民", "", may, figures.Submit}, {atGaoxin, "罗正", "", may, figures.Approve},
		{atFengqiao, "沈国强", "", may, figures.Submit}, {atFengqiao, "罗正", "请核对婚姻家庭类的件数", may, figures.SendBack},
		{atYuyuan, "王秀兰", "", may + 1, figures.Submit},
	} {
		if err := h.sendUp(ctx, l, s.place, s.who, ledger.ReportStep{Month: s.month, Step: s.step, Reason: s.reason}); err != nil {
			return fmt.Errorf("demo: %s of %s: %w", s.step, s.place, err)
		}
	}
	terms := subsidy.Shipped()
	terms.MonthMost = 800_00
	next := statute.DateOf(h.now).AddMonths(1)
	return l.SetTerms(ctx, h.actors["潘瑞林"], ledger.TermsChange{Area: h.paths[atDistrict], From: statute.NewDate(next.Year(), next.Month(), 1), Terms: terms,
		Basis: "高新司〔2026〕12号《人民调解以案定补办法》（演示）"})
}

// funds records the money of three committees for the year; the fourth has not yet
// told its own, and the return says so.
func (h *House) funds(ctx context.Context, l *ledger.Ledger) error {
	for _, k := range []struct {
		place, who, basis string
		guaranteed, paid  int64
		seq               int
	}{
		{atYuyuan, "王秀兰", "高新街〔2026〕3号经费安排（演示）", 36_000_00, 9_000_00, 0},
		{atYuyuan, "王秀兰", "第二季度经费到账（演示）", 36_000_00, 18_000_00, 1},
		{atFengqiao, "沈国强", "高新街〔2026〕3号经费安排（演示）", 30_000_00, 15_000_00, 0},
		{atGaoxin, "潘瑞林", "高新司〔2026〕5号经费安排（演示）", 80_000_00, 40_000_00, 0},
	} {
		err := l.RecordFunds(ctx, h.actors[k.who], ledger.FundsChange{Unit: string(h.committees[k.place]), Year: statute.DateOf(h.Now()).Year(),
			Guaranteed: k.guaranteed, Paid: k.paid, Basis: k.basis, Seq: k.seq})
		if err != nil {
			return fmt.Errorf("%s: %w", k.place, err)
		}
	}
	return nil
}

// screenings records the rounds of every committee for the month before, which is
// not closed yet, and of one for the month that runs. One went round again since it
// first told.
func (h *House) screenings(ctx context.Context, l *ledger.Ledger) error {
	present := figures.MonthOf(h.Now())
	for _, k := range []struct {
		place, who, note             string
		month                        figures.Month
		times, found, prevented, seq int
	}{
		{atYuyuan, "王秀兰", "走访 1 至 4 幢，重点看楼道堆物和飞线充电（演示）", present - 1, 1, 2, 1, 0},
		{atYuyuan, "李娜", "又走访 5 至 8 幢和沿街商铺（演示）", present - 1, 2, 3, 2, 1},
		{atFengqiao, "沈国强", "雨季前排查屋面、外墙渗水（演示）", present - 1, 1, 1, 0, 0},
		{atLiuxi, "贺梅", "走访租住户，查看合用厨房和电动车停放（演示）", present - 1, 2, 2, 2, 0},
		{atGaoxin, "章建民", "汛期前和三个社区一起排查积水、漏雨（演示）", present - 1, 1, 0, 0, 0},
		{atYuyuan, "李娜", "暑期排查装修噪声（演示）", present, 1, 0, 0, 0},
	} {
		err := l.RecordScreening(ctx, h.actors[k.who], ledger.ScreeningChange{Unit: string(h.committees[k.place]), Month: k.month.String(), Times: k.times,
			Found: k.found, Prevented: k.prevented, Note: k.note, Seq: k.seq})
		if err != nil {
			return fmt.Errorf("%s: %w", k.place, err)
		}
	}
	return nil
}

// sendUp takes one month one step on, with a word to whatever stands out.
func (h *House) sendUp(ctx context.Context, l *ledger.Ledger, place, who string, step ledger.ReportStep) error {
	step.Unit = string(h.committees[place])
	v, err := l.Report(ctx, h.actors[who], ledger.FiguresAsked{Unit: step.Unit, Period: step.Month.String()}, closeDay)
	if err != nil {
		return err
	}
	step.Seq, step.Explained = v.Seq, map[figures.Warning]string{}
	for _, w := range v.Warnings {
		step.Explained[w] = "已核对，情况属实。"
	}
	return l.StepReport(ctx, h.actors[who], step)
}
