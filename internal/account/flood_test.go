package account_test

import (
	"testing"

	"doorstep/internal/mediation"
)

func TestFilingsFromOneAddressHaveALimitAndNoOtherAddressFeelsIt(t *testing.T) {
	t.Parallel()
	o := open(t)
	for i := range 30 {
		if err := o.MayFile(t.Context(), "203.0.113.7"); err != nil {
			t.Fatalf("filing %d: %v", i+1, err)
		}
	}
	if err := o.MayFile(t.Context(), "203.0.113.7"); mediation.KindOf(err) != mediation.TooMany {
		t.Errorf("the thirty-first: %v, want TooMany", err)
	}
	if err := o.MayFile(t.Context(), "203.0.113.8"); err != nil {
		t.Errorf("another address: %v", err)
	}
}
