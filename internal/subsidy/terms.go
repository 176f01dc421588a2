package subsidy

import (
	"maps"
	"slices"
)

// Scale is what is paid for a case of each grade, in fen.
type Scale map[string]int64

// Grades are the grades a scale pays for, the lightest first.
var Grades = []string{"L1", "L2", "L3", "L4"}

// Band pays a share, in per cent, for a volume of that score or better.
type Band struct {
	From  int   `json:"from"`
	Share int64 `json:"share"`
}

// Terms are the local values of the pay per case: no law fixes any of them. A
// district's bureau sets its own from a day on; until then the shipped ones hold.
type Terms struct {
	Community Scale  `json:"community"` // committees of communities
	Others    Scale  `json:"others"`    // of sub-districts and all the rest
	Bands     []Band `json:"bands"`     // by the score of the volume, the best first
	Unsettled int64  `json:"unsettled"` // share of effort without an agreement, in per cent
	Oral      int64  `json:"oral"`      // share of an oral agreement, in per cent
	MonthMost int64  `json:"monthMost"` // most for one mediator's claims of one month, in fen; 0 for no bound
	Sample    int    `json:"sample"`    // one in how many claims of a batch is looked at again
}

// Shipped are the terms that hold where nobody set any, to be signed off before
// the office goes live. The lowest grade is ours.
//
// Source: a county's trial rules (community 30, 80, 150; sub-district 50, 200,
// 400 yuan; part pay where parties were guided and the record is complete).
func Shipped() Terms {
	return Terms{
		Community: Scale{"L1": 15_00, "L2": 30_00, "L3": 80_00, "L4": 150_00},
		Others:    Scale{"L1": 25_00, "L2": 50_00, "L3": 200_00, "L4": 400_00},
		Bands:     []Band{{90, 100}, {75, 80}, {60, 60}},
		Unsettled: 30, Oral: 100, Sample: 10,
	}
}

// ScaleOf is the scale of a committee by the kind of its area.
func (t Terms) ScaleOf(areaKind string) Scale {
	if areaKind == "community" {
		return t.Community
	}
	return t.Others
}

// Pass is the lowest score that is paid at all.
func (t Terms) Pass() int {
	if len(t.Bands) == 0 {
		return MaxScore
	}
	return t.Bands[len(t.Bands)-1].From
}

// share is what a volume of a score is paid, in per cent; 0 when it does not pass.
func (t Terms) share(score int) int64 {
	for _, b := range t.Bands {
		if score >= b.From {
			return b.Share
		}
	}
	return 0
}

// Equal says whether two terms pay the same for everything.
func (t Terms) Equal(o Terms) bool {
	return maps.Equal(t.Community, o.Community) && maps.Equal(t.Others, o.Others) && slices.Equal(t.Bands, o.Bands) &&
		t.Unsettled == o.Unsettled && t.Oral == o.Oral && t.MonthMost == o.MonthMost && t.Sample == o.Sample
}

// The bounds of what a bureau may set. They hold typing errors off and say
// nothing of what is right.
const (
	MostFen    = 100_000_00 // for one case
	MostInFen  = 1_000_000_00
	MostSample = 100
	BandCount  = 3
)

// Faults names every field that cannot be, by the keys a form uses
// ("community.L2", "bands[1].from"), with what is wrong. A harder case is paid no
// less than a lighter one, a better volume no less than a worse one.
func (t Terms) Faults() map[string]string {
	f := map[string]string{}
	for name, s := range map[string]Scale{"community": t.Community, "others": t.Others} {
		last := int64(0)
		for _, g := range Grades {
			switch fen, set := s[g]; {
			case !set || fen < 0 || fen > MostFen:
				f[name+"."+g] = "subsidy.terms_sum"
			case fen < last:
				f[name+"."+g] = "subsidy.terms_less"
			default:
				last = fen
			}
		}
	}
	t.bandFaults(f)
	for name, share := range map[string]int64{"unsettled": t.Unsettled, "oral": t.Oral} {
		if share < 0 || share > 100 {
			f[name] = "subsidy.terms_share"
		}
	}
	if t.MonthMost < 0 || t.MonthMost > MostInFen {
		f["month_most"] = "subsidy.terms_sum"
	}
	if t.Sample < 1 || t.Sample > MostSample {
		f["sample"] = "subsidy.terms_sample"
	}
	return f
}

func (t Terms) bandFaults(f map[string]string) {
	if len(t.Bands) != BandCount {
		f["bands[0].from"] = "subsidy.terms_score"
		return
	}
	for i, b := range t.Bands {
		at := "bands[" + string(rune('0'+i)) + "]."
		switch {
		case b.From < 1 || b.From > MaxScore || i > 0 && b.From >= t.Bands[i-1].From:
			f[at+"from"] = "subsidy.terms_score"
		case b.Share < 0 || b.Share > 100:
			f[at+"share"] = "subsidy.terms_share"
		case i > 0 && b.Share > t.Bands[i-1].Share:
			f[at+"share"] = "subsidy.terms_better"
		}
	}
}
