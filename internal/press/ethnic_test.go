package press

import (
	"io"
	"testing"

	"doorstep/internal/paper"
	"doorstep/internal/statute"
	"doorstep/templates"
)

// TestEveryEthnicGroupPrints: some of the names are written with characters that
// are met nowhere else.
func TestEveryEthnicGroupPrints(t *testing.T) {
	sheet := &paper.Paper{Code: "F01", Title: "人民调解申请书"}
	for _, c := range statute.Codes(statute.EthnicGroups) {
		sheet.Blocks = append(sheet.Blocks, paper.Block{Facts: []paper.Fact{{Label: "民族", Value: c.ZH}}})
	}
	if err := New(templates.Fonts).Papers(io.Discard, on(6, 1).Start(), sheet); err != nil {
		t.Error(err)
	}
}
