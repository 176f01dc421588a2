package web

import (
	"io"
	"net/url"
	"testing"
	"time"

	"doorstep/internal/ledger"
	"doorstep/internal/locale"
	"doorstep/internal/mediation"
)

// BenchmarkCaseList draws a full page of a list with its filters, without the
// database.
func BenchmarkCaseList(b *testing.B) {
	r := testRenderer(b)
	now := time.Date(2026, 6, 10, 9, 0, 0, 0, time.UTC)
	p := casesPage{Page: r.BlankPage(locale.ZH, now), Clear: "/cases"}
	p.Path = "/cases"
	p.Form = filterForm(p.Page, url.Values{}, nil)
	p.Table = Table{Caption: p.T("ledger.cases.caption"), Head: caseHead(p.Page)}
	for range ledger.PageSize {
		p.Table.Rows = append(p.Table.Rows, caseCells(p.Page, ledger.Row{ID: "01976f3e-1234-7123-8123-123456789012", IntakeNumber: "榆园登字〔2026〕第12号",
			Title: "楼上噪音", Stage: mediation.InMediation, Type: "02", UpdatedAt: now, NextDue: ledger.Due{Kind: "D-06", At: now.Add(72 * time.Hour)},
			Lead: "陈国栋", Area: "榆园", Parties: []ledger.Party{{Side: mediation.Applicant, Name: "陈阿芬"}, {Side: mediation.Respondent, Name: "孙小明"}}}))
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := r.Render(io.Discard, "ledger/cases", p); err != nil {
			b.Fatal(err)
		}
	}
}
