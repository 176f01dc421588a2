package mediation

import "doorstep/internal/statute"

// Way is one thing that can still be done about a promise that is not kept.
type Way struct {
	Key    string       // remind, talk, confirm, enforce, payment_order, sue
	Open   bool         // it can be gone now
	Why    string       // why not, when it is shut: a word of the list "way_shut"
	Until  statute.Date // the last day; zero when there is none
	Action Action       // the act that begins it here; "" when it lies outside the office
	Source string
}

// Troubled says whether a promise is late, disputed or given up for lost: then
// the ways on are shown.
func (o Obligation) Troubled() bool {
	return o.State == ObligationOverdue || o.State == ObligationDisputed || o.State == ObligationDefaulted
}

// Ways lists what can be done about one promise, the mildest first, each with
// its article and whether it is still open on a day. A payment order wants money
// that nobody disputes (CPL 225; for wages LDMA 16); the suit is always open, its
// day is the end of the limitation, which every demand begins anew (CC 188, 195).
func (c *Case) Ways(o Obligation, today statute.Date) []Way {
	ways := []Way{
		{Key: "remind", Source: "PML 31", Action: Urge, Open: o.State == ObligationOverdue, Why: "not_overdue"},
		{Key: "talk", Source: "PML 31; CC 543", Action: Reschedule, Open: c.Stage == Effective, Why: "followed_up"},
		c.confirmWay(today),
		{Key: "enforce", Source: "CPL 206, 250", Action: ConfirmEnforce, Open: c.ConfirmationState() == ConfirmationConfirmed, Why: "not_confirmed",
			Until: o.Due.AddYears(2)},
		{Key: "payment_order", Source: "CPL 225", Open: o.Kind == "pay" && o.Rest() > 0 && o.State != ObligationDisputed, Why: "not_money"},
		{Key: "sue", Source: "PML 32; CC 188", Open: true, Until: o.Due.AddYears(3)},
	}
	if c.Type == "10" || c.Type == "11" {
		ways[4].Source = "LDMA 16; CPL 225"
	}
	if o.State == ObligationDisputed {
		ways[4].Why = "disputed"
	}
	for i := range ways {
		w := &ways[i]
		if w.Open && !w.Until.IsZero() && today.After(w.Until) {
			w.Open, w.Why = false, "late"
		}
		if w.Open {
			w.Why = ""
		} else {
			w.Action = ""
			if w.Why != "late" {
				w.Until = statute.Date{}
			}
		}
	}
	return ways
}

// confirmWay is the joint application while the thirty days run (PML 33).
func (c *Case) confirmWay(today statute.Date) Way {
	w := Way{Key: "confirm", Source: "PML 33; CPL 205", Action: ProposeConfirmation}
	clock := c.Clock(statute.D12Confirmation)
	switch state := c.ConfirmationState(); {
	case clock != nil && (c.mayApply(ProposeConfirmation) || state == ConfirmationProposed):
		if state == ConfirmationProposed {
			w.Action = JoinConfirmation
		}
		w.Open, w.Until = !today.After(statute.DateOf(clock.Due)), statute.DateOf(clock.Due)
		w.Why = "late"
	case state == ConfirmationNone || state == ConfirmationLate:
		w.Why = "late"
	case state == ConfirmationConfirmed:
		w.Why = "confirmed"
	default:
		w.Why = "asked"
	}
	return w
}
