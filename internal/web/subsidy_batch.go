package web

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"doorstep/internal/ledger"
	"doorstep/internal/statute"
	"doorstep/internal/subsidy"
	"doorstep/internal/tables"
)

func (s *Site) listBatches(c echo.Context) error {
	batches, err := s.Ledger.Batches(c.Request().Context(), actor(c))
	if err != nil {
		return err
	}
	p := s.subsidyPage(c, "batches")
	p.Lead = p.T("subsidy.batches_lead")
	part := OfficePart{Empty: &Empty{Icon: "inbox", Title: p.T("subsidy.no_batches"), Text: p.T("subsidy.no_batches_text")}}
	if len(batches) > 0 {
		t := &Table{Caption: p.T("subsidy.batches")}
		for _, head := range []string{"batch", "state", "claims", "amount", "maker"} {
			t.Head = append(t.Head, p.T("subsidy.head."+head))
		}
		for _, b := range batches {
			t.Rows = append(t.Rows, []Cell{{Text: p.ShortDate(b.MadeAt), Sub: b.Area, URL: "/subsidies/batches/" + b.ID}, {Text: batchState(p.Page, b)},
				{Text: strconv.Itoa(b.Claims), Number: true}, {Text: p.Money(b.Fen), Number: true}, {Text: b.MadeBy}})
		}
		part = OfficePart{Table: t}
	}
	p.Parts = []OfficePart{part, {Title: p.T("subsidy.make_batch"), Text: p.T("subsidy.make_batch_text"),
		Form: &Form{Action: "/subsidies/batches", Submit: p.T("subsidy.make_batch")}}}
	return s.show(c, http.StatusOK, "office/page", p)
}

func batchState(p Page, b ledger.Batch) string {
	switch {
	case b.PaidAt != nil:
		return p.T("subsidy.batch_paid", "day", p.ShortDate(b.PaidAt))
	case b.Unlooked > 0:
		return p.T("subsidy.batch_unlooked", "n", strconv.Itoa(b.Unlooked))
	}
	return p.T("subsidy.batch_ready")
}

func (s *Site) makeBatch(c echo.Context) error {
	id, err := s.Ledger.MakeBatch(c.Request().Context(), actor(c))
	if err != nil {
		return err
	}
	return s.done(c, "/subsidies/batches/"+id, "batch_made")
}

func (s *Site) showBatch(c echo.Context) error {
	b, err := s.Ledger.Batch(c.Request().Context(), actor(c), c.Param("batch"))
	if err != nil {
		return err
	}
	p := s.subsidyPage(c, "batches")
	p.Heading, p.Lead = p.T("subsidy.batch_of", "day", p.ShortDate(b.MadeAt), "area", b.Area), batchState(p.Page, b.Batch)
	p.Title = p.Heading
	p.Crumbs = []Crumb{{p.T("subsidy.title"), "/subsidies"}, {p.T("subsidy.batches"), "/subsidies/batches"}}
	at := "/subsidies/batches/" + b.ID
	p.Parts = append(p.Parts, OfficePart{Table: claimTable(p.Page, b.Claims)})
	look := &Actions{}
	for _, k := range b.Claims {
		if b.Pays && k.Sampled && k.LookedBy == "" && k.State == subsidy.Approved {
			look.Actions = append(look.Actions, Action{Label: p.T("subsidy.look", "case", k.Number), URL: at + "/looks/" + k.ID, Post: true, Icon: "eye"})
		}
	}
	if len(look.Actions) > 0 {
		p.Parts = append(p.Parts, OfficePart{Title: p.T("subsidy.sample"), Text: p.T("subsidy.sample_text"), Actions: look})
	}
	acts := &Actions{[]Action{{Label: p.T("figures.excel"), URL: at + "/file?format=xlsx", Icon: "download"}, {Label: p.T("figures.csv"), URL: at + "/file?format=csv", Icon: "download"}}}
	p.Parts = append(p.Parts, OfficePart{Actions: acts})
	if b.Pays && b.Unlooked == 0 {
		p.Parts = append(p.Parts, OfficePart{Title: p.T("subsidy.pay_batch"), Text: p.T("subsidy.pay_batch_text"), Form: &Form{Action: at + "/payment", Submit: p.T("subsidy.pay_batch")}})
	}
	return s.show(c, http.StatusOK, "office/page", p)
}

func (s *Site) lookAgain(c echo.Context) error {
	if err := s.Ledger.LookAgain(c.Request().Context(), actor(c), c.Param("batch"), c.Param("claim")); err != nil {
		return err
	}
	return s.done(c, "/subsidies/batches/"+c.Param("batch"), "claim_looked")
}

func (s *Site) payBatch(c echo.Context) error {
	if err := s.Ledger.PayBatch(c.Request().Context(), actor(c), c.Param("batch")); err != nil {
		return err
	}
	return s.done(c, "/subsidies/batches/"+c.Param("batch"), "batch_paid")
}

// sendBatch sends the list for the treasury as a file.
func (s *Site) sendBatch(c echo.Context) error {
	b, err := s.Ledger.Batch(c.Request().Context(), actor(c), c.Param("batch"))
	if err != nil {
		return err
	}
	p := s.page(c)
	text := func(head string) tables.SheetColumn {
		return tables.SheetColumn{Head: p.T("subsidy.head." + head), Text: true}
	}
	sheet := tables.Sheet{Name: p.T("subsidy.batches"), Title: p.T("subsidy.sheet_title"), First: p.T("subsidy.head.claimant"),
		About: []string{p.T("figures.sheet_unit", "unit", b.Area), p.Date(b.MadeAt), batchState(p, b.Batch)},
		Groups: []tables.SheetGroup{{Columns: []tables.SheetColumn{text("committee"), text("case"), text("grade")}},
			{Head: p.T("subsidy.how"), Columns: []tables.SheetColumn{{Head: p.T("subsidy.head.score")}, {Head: p.T("figures.in_yuan", "line", p.T("subsidy.head.amount")), Money: true}}},
			{Columns: []tables.SheetColumn{text("sign")}}},
		Foot: []string{p.T("figures.sheet_filled"), p.T("figures.sheet_checked"), p.T("figures.sheet_day")}}
	var sum int64
	for _, k := range b.Claims {
		score := int64(0)
		if k.Score != nil {
			score = int64(*k.Score)
		}
		sum += k.Fen
		sheet.Rows = append(sheet.Rows, tables.SheetRow{Name: k.Name, Values: []tables.SheetValue{{Text: k.Committee}, {Text: k.Number},
			{Text: p.Code(string(statute.Grades), k.Grade)}, {Number: score}, {Number: k.Fen}, {}}})
	}
	sheet.Rows = append(sheet.Rows, tables.SheetRow{Name: p.T("figures.sum"), Sum: true, Values: []tables.SheetValue{{}, {}, {}, {Number: int64(len(b.Claims))}, {Number: sum}, {}}})
	return sendSheet(c, c.QueryParam("format"), sheet, p.T("subsidy.file", "name", b.FileName()))
}
