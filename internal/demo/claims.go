package demo

import (
	"context"
	"fmt"
	"time"

	"doorstep/internal/ledger"
	"doorstep/internal/mediation"
	"doorstep/internal/subsidy"
)

// claims asks for what is paid by the case, so that each desk of that ledger has
// something on it: one claim is paid, the others stand at each step on the way. The
// leak is left for whoever tries the program as its mediator.
func (h *House) claims(ctx context.Context) error {
	defer func(now time.Time) { h.now = now }(h.now)
	h.now = h.now.Add(-20 * time.Minute) // in the minutes before the last story ends
	l := ledger.New(h.DB, h.Policy, h.Now)
	chair, office, bureau := h.actors["王秀兰"], h.actors["罗正"], h.actors["潘瑞林"]
	check, score, approve := ledger.ClaimStep{Action: subsidy.Check}, ledger.ClaimStep{Action: subsidy.Score, Score: 92}, ledger.ClaimStep{Action: subsidy.Approve}
	type step struct {
		by mediation.Actor
		ledger.ClaimStep
	}
	for _, c := range []struct {
		story, mediator string
		steps           []step
		paid            bool
	}{
		{"6", "陈国栋", []step{{chair, check}, {office, score}, {bureau, approve}}, true},
		{"1", "陈国栋", []step{{chair, check}, {office, score}, {bureau, approve}}, false},
		{"4", "顾巧云", []step{{chair, check}, {office, ledger.ClaimStep{Action: subsidy.Score, Score: 78}}}, false},
		{"7", "傅静", []step{{h.actors["沈国强"], ledger.ClaimStep{Action: subsidy.Return, Reason: "请补上回访记录再报"}}}, false},
		{"14", "严文清", nil, false},
	} {
		h.now = h.now.Add(time.Minute)
		id, err := l.ClaimCase(ctx, h.actors[c.mediator], h.cases[c.story])
		for _, s := range c.steps {
			if err == nil {
				h.now = h.now.Add(time.Minute)
				err = l.Step(ctx, s.by, id, s.ClaimStep)
			}
		}
		if err == nil && c.paid {
			err = h.pay(ctx, l, bureau)
		}
		if err != nil {
			return fmt.Errorf("demo: claim of %s for story %s: %w", c.mediator, c.story, err)
		}
	}
	return nil
}

// pay gathers what is approved, looks again at what was drawn, and pays.
func (h *House) pay(ctx context.Context, l *ledger.Ledger, by mediation.Actor) error {
	batch, err := l.MakeBatch(ctx, by)
	if err != nil {
		return err
	}
	v, err := l.Batch(ctx, by, batch)
	if err != nil {
		return err
	}
	for _, c := range v.Claims {
		if c.Sampled {
			if err := l.LookAgain(ctx, by, batch, c.ID); err != nil {
				return err
			}
		}
	}
	return l.PayBatch(ctx, by, batch)
}
