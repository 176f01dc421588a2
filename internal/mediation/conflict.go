package mediation

import (
	"slices"
	"strings"

	"doorstep/internal/statute"
)

// Verdict is what a tie between a mediator and a party means for an assignment.
type Verdict string

// The verdicts, from the mildest. Waived is a block that all parties lifted.
const (
	VerdictClear  Verdict = "clear"
	VerdictWarn   Verdict = "warn"  // to be told to the parties before he begins (ONL22 13)
	VerdictBlock  Verdict = "block" // another mediator, unless all parties agree to this one (INV16 15)
	VerdictWaived Verdict = "waived"
)

// Fact is one kind of tie that was found: a code of the list "conflict_fact".
type Fact string

// The facts the check looks for.
const (
	FactSelf            Fact = "self"             // he is a party himself
	FactSamePhone       Fact = "same_phone"       // a party is reached under his own number
	FactHousehold       Fact = "household"        // a party lives behind his door
	FactHouseholdLikely Fact = "household_likely" // the same door, as far as two addresses of different fullness tell
	FactFloor           Fact = "same_floor"       // a party lives on his floor of the building
	FactKin             Fact = "kin"              // a declared relative, by number or identity
	FactKinName         Fact = "kin_name"         // somebody of a declared relative's name
	FactEmployer        Fact = "employer"         // a party is who employs him
	FactOffice          Fact = "office"           // he holds an office in a party: owners' committee, property company
	FactOpenCase        Fact = "open_case"        // he is a party beside or against a party in a case that is open
	FactEarlierCase     Fact = "earlier_case"     // the same in a case that has ended
	FactEarlierConflict Fact = "earlier_conflict" // he stepped back from another case of that party
	FactEarlierCounsel  Fact = "earlier_counsel"  // he was counsel in another case of that party
)

// Judgment is what one fact leads to, on which ground, and whether the parties
// may put up with it.
type Judgment struct {
	Fact     Fact
	Verdict  Verdict
	Relation string // the code of the list "relation" it counts as
	Waivable bool
	Source   string
}

// judgments is the rule as one table. That nobody handles his own quarrel is not
// the parties' to waive; every other block is (INV16 15, last sentence). What is
// only likely, or may merely affect fairness, is told and does not block (ONL22
// 13).
var judgments = []Judgment{
	{FactSelf, VerdictBlock, "interest", false, "INV16 15"},
	{FactSamePhone, VerdictBlock, "same_household", true, "INV16 15"},
	{FactHousehold, VerdictBlock, "same_household", true, "INV16 15"},
	{FactHouseholdLikely, VerdictWarn, "same_household", true, "ONL22 13"},
	{FactFloor, VerdictWarn, "neighbour", true, "ONL22 13"},
	{FactKin, VerdictBlock, "relative", true, "INV16 15"},
	{FactKinName, VerdictWarn, "relative", true, "ONL22 13"},
	{FactEmployer, VerdictBlock, "employer", true, "INV16 15"},
	{FactOffice, VerdictBlock, "owners_committee", true, "INV16 15"},
	{FactOpenCase, VerdictBlock, "interest", true, "INV16 15"},
	{FactEarlierCase, VerdictWarn, "other", true, "ONL22 13"},
	{FactEarlierConflict, VerdictWarn, "other", true, "ONL22 13"},
	{FactEarlierCounsel, VerdictWarn, "former_lawyer", true, "INV16 16; ONL22 13"},
}

// Judgments gives the whole table, for the pages and the tests.
func Judgments() []Judgment { return slices.Clone(judgments) }

// Finding is one fact between a mediator and one party of the case. A party that
// is just being added has no id yet.
type Finding struct {
	Fact  Fact    `json:"fact"`
	Party PartyID `json:"party_id,omitzero"`
}

// Judge looks a fact up. A fact nobody thought of blocks, and cannot be waived.
func (f Finding) Judge() Judgment {
	for _, j := range judgments {
		if j.Fact == f.Fact {
			return j
		}
	}
	return Judgment{f.Fact, VerdictBlock, "other", false, "INV16 15"}
}

// VerdictOf is the gravest of what was found; clear when nothing was.
func VerdictOf(found []Finding) Verdict {
	worst := VerdictClear
	for _, f := range found {
		switch f.Judge().Verdict {
		case VerdictBlock:
			return VerdictBlock
		case VerdictWarn:
			worst = VerdictWarn
		}
	}
	return worst
}

// Checks is implemented by acts whose rules look at the ties between mediators
// and parties, so the desk gathers the facts before the rules judge. Newcomer is
// the party as the act would leave it; nil when none is added or changed.
type Checks interface{ Newcomer() *Party }

// Newcomer is nil: the parties are those of the case.
func (Choice) Newcomer() *Party { return nil }

// Newcomer is nil: the parties are those of the case.
func (Appointment) Newcomer() *Party { return nil }

// Newcomer is nil: the parties are those of the case.
func (Handover) Newcomer() *Party { return nil }

// Newcomer is nil: the parties are those of the case.
func (SettledAtOnce) Newcomer() *Party { return nil }

// Newcomer is nil: the parties are those of the case.
func (ConflictFound) Newcomer() *Party { return nil }

// Newcomer is the party of the form. One that is added has no id yet.
func (a PartyEntry) Newcomer() *Party {
	p := &Party{ID: a.Party}
	a.write(p)
	return p
}

// uncovered are the findings no waiver of the parties stands against.
func (c *Case) uncovered(id UserID, found []Finding) []Finding {
	return slices.DeleteFunc(slices.Clone(found), func(f Finding) bool {
		return slices.ContainsFunc(c.Conflicts, func(k Interest) bool {
			return k.User == id && !k.WaivedAt.IsZero() && (k.Fact == "" || k.Fact == f.Fact && k.Party == f.Party)
		})
	})
}

// proposed is one mediator named for a case, with what the form says of him.
type proposed struct {
	id                   UserID
	field, relationField string
	relation             string    // his own declaration
	waivedBy             []PartyID // parties that signed the waiver (F07)
	disclosed            bool      // the parties were told of what was found
}

// vetted holds a proposed mediator against what was found and what he declared.
// A block stands unless every party signed the waiver, which is then kept as an
// interest they lifted; what only warns must have been told (ONL22 13).
func (c *Case) vetted(s *Scene, m proposed) (Verdict, []Finding, error) {
	found := c.uncovered(m.id, s.Findings[m.id])
	declared := m.relation != "none" && !slices.ContainsFunc(c.Conflicts, func(k Interest) bool { return k.User == m.id && !k.WaivedAt.IsZero() })
	fault := func(field, key, source string) error {
		return &Error{Kind: Invalid, Key: "error.check_fields", Fields: Faults{field: key}, Source: source}
	}
	verdict := VerdictOf(found)
	if declared || verdict == VerdictBlock {
		for _, f := range found {
			if j := f.Judge(); j.Verdict == VerdictBlock && (!j.Waivable || len(m.waivedBy) == 0) {
				return "", nil, fault(m.field, "rule.conflict_"+string(f.Fact), j.Source)
			}
		}
		if len(m.waivedBy) == 0 {
			return "", nil, fault(m.relationField, "rule.mediator_conflict", "INV16 15")
		}
		if err := c.allOf(m.waivedBy, "waived_by", "rule.waiver_by_all"); err != nil {
			return "", nil, err
		}
		c.waive(s, m, declared, found)
		verdict = VerdictWaived
	}
	if verdict == VerdictWarn && !m.disclosed {
		return "", nil, fault("disclosed", "rule.disclose_first", "ONL22 13")
	}
	if verdict == VerdictClear && s.Findings == nil {
		verdict = "" // nothing was held against anything
	}
	return verdict, s.Findings[m.id], nil
}

// waive keeps what the parties put up with, and that they all signed.
func (c *Case) waive(s *Scene, m proposed, declared bool, found []Finding) {
	row := func(relation string, f Finding) {
		c.Conflicts = append(c.Conflicts, Interest{ID: ItemID(s.NewID()), User: m.id, Relation: relation, Fact: f.Fact, Party: f.Party, At: s.Now,
			WaivedAt: s.Now, WaivedBy: texts(m.waivedBy)})
	}
	if declared {
		row(m.relation, Finding{})
	}
	for _, f := range found {
		row(f.Judge().Relation, f)
	}
}

func texts(ids []PartyID) []string {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = string(id)
	}
	return list
}

// checked writes the outcome of the check into the history: codes, no names.
func (s *Scene) checked(v Verdict, found []Finding) {
	if v == "" {
		return
	}
	s.Code("check", string(v))
	var facts []string
	for _, f := range found {
		if !slices.Contains(facts, string(f.Fact)) {
			facts = append(facts, string(f.Fact))
		}
	}
	slices.Sort(facts)
	s.Code("found", strings.Join(facts, " "))
}

// checkedAll writes the outcome for all who act into the history.
func (c *Case) checkedAll(s *Scene) {
	verdict, found := Verdict(""), []Finding{}
	for _, a := range c.actingAll() {
		found = append(found, a.Findings...)
		if slices.Index(gravity, a.Verdict) > slices.Index(gravity, verdict) {
			verdict = a.Verdict
		}
	}
	s.checked(verdict, found)
}

// gravity orders the verdicts.
var gravity = []Verdict{"", VerdictClear, VerdictWarn, VerdictWaived, VerdictBlock}

// strike holds the acting mediators against what was found between them and one
// party (any, when "" is asked for), and shuts the file to whoever is blocked.
// It keeps the findings at the assignment and says whether anybody was shut out.
func (c *Case) strike(s *Scene, party PartyID) bool {
	if s.Findings == nil {
		return false
	}
	shut, all := false, []Finding{}
	for _, a := range c.actingAll() {
		for _, f := range c.uncovered(a.Mediator, s.Findings[a.Mediator]) {
			if f.Party == "" {
				f.Party = party // the one that has just been added
			}
			if f.Party == "" || party != "" && f.Party != party || slices.Contains(a.Findings, f) {
				continue
			}
			a.Findings = append(slices.Clone(a.Findings), f)
			all = append(all, f)
			if j := f.Judge(); j.Verdict == VerdictBlock {
				shut = true
				c.Conflicts = append(c.Conflicts, Interest{ID: ItemID(s.NewID()), User: a.Mediator, Relation: j.Relation, Fact: f.Fact,
					Party: f.Party, At: s.Now, WaivedBy: []string{}})
			}
		}
		if v := VerdictOf(c.uncovered(a.Mediator, a.Findings)); v == VerdictBlock || a.Verdict != VerdictWaived {
			a.Verdict = v
		}
	}
	if len(c.actingAll()) > 0 {
		s.checked(VerdictOf(all), all)
	}
	return shut
}

// actingAll are the running assignments.
func (c *Case) actingAll() []*Assignment {
	var list []*Assignment
	for i := range c.Assignments {
		if a := &c.Assignments[i]; a.EndedAt.IsZero() {
			list = append(list, a)
		}
	}
	return list
}

// shutOut is an acting mediator whom an interest shuts out while nobody has been
// asked to decide; nil without one.
func (c *Case) shutOut() *Assignment {
	for _, a := range c.actingAll() {
		asked := slices.ContainsFunc(c.Recusals, func(r Recusal) bool { return r.Mediator == a.Mediator && r.State == "open" })
		if c.conflicted(a.Mediator) && !asked {
			return a
		}
	}
	return nil
}

// ConflictFound is the system's own step when the check finds a tie that blocks
// a mediator who is acting: he is shut out and the chair decides, as if he had
// declared it (row 14). It follows a party that was added, and a fact a mediator
// declares of himself.
type ConflictFound struct{}

// Action is the act's word.
func (ConflictFound) Action() Action { return FindConflict }

// Apply needs a tie that blocks. Where the procedure knows no review (a draft
// lies there to be signed), the chair hands the part over instead.
func (a ConflictFound) Apply(c *Case, s *Scene) error {
	c.strike(s, "")
	shut := c.shutOut()
	if shut == nil {
		return refuse("no_conflict", "INV16 15")
	}
	if !slices.Contains(withMediator, c.Stage) {
		s.About(shut.ID)
		return nil
	}
	relation := "other"
	for _, k := range c.Conflicts {
		if k.User == shut.Mediator && k.WaivedAt.IsZero() {
			relation = k.Relation
		}
	}
	c.Recusals = append(c.Recusals, Recusal{ID: s.item(), Mediator: shut.Mediator, Relation: relation, AskedAt: s.Now, State: "open", WaivedBy: []string{}})
	s.Code("relation", relation)
	return nil
}

// waivable says whether the parties may put up with everything that shuts a
// mediator out; the article when they may not.
func (c *Case) waivable(id UserID) error {
	for _, k := range c.Conflicts {
		if k.User == id && k.WaivedAt.IsZero() && k.Fact != "" {
			if j := (Finding{Fact: k.Fact}).Judge(); !j.Waivable {
				return refuse("waiver_not_allowed", "INV16 15")
			}
		}
	}
	return nil
}

// FactLabel is a fact in words.
func (f Finding) FactLabel(lang string) string {
	code, ok := statute.Lookup(statute.ConflictFacts, string(f.Fact))
	if !ok {
		return string(f.Fact)
	}
	return code.Label(lang)
}
