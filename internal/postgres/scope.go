package postgres

import (
	"fmt"
	"strings"
	"time"

	"doorstep/internal/mediation"
)

// args gathers the values of a statement; only constants are ever joined to its
// text.
type args []any

// add takes a value and gives its placeholder.
func (a *args) add(v any) string {
	*a = append(*a, v)
	return fmt.Sprintf("$%d", len(*a))
}

// visible is the row predicate over `cases c`: which cases the actor's rights
// cover. It says the same as mediation.Right.Allows; a test holds them equal.
// No rights, or only unknown scopes, see nothing.
func visible(rights []mediation.Right, a mediation.Actor, now time.Time, v *args) string {
	var own, staff []string
	for _, r := range rights {
		switch r.Scope {
		case mediation.ScopeParty, mediation.ScopeOwnSide, mediation.ScopeShared:
			own = append(own, party(a, v)...)
		case mediation.ScopeSystem:
			if a.Has(mediation.RoleSystem) {
				own = append(own, "TRUE")
			}
		default:
			if a.User == "" { // nobody of the office: not even an argument may be added for him
				continue
			}
			if clause := staffClause(r, a, now, v); clause != "" {
				staff = append(staff, clause)
			}
		}
	}
	if len(staff) > 0 {
		me := v.add(string(a.User))
		own = append(own, `((`+strings.Join(staff, " OR ")+`)
			AND c.id NOT IN (SELECT k.case_id FROM conflicts k WHERE k.user_id = `+me+` AND k.waived_at IS NULL)
			AND c.id NOT IN (SELECT p.case_id FROM case_parties p WHERE p.user_id = `+me+` AND p.left_at IS NULL))`)
	}
	if len(own) == 0 {
		return "FALSE"
	}
	return "(" + strings.Join(own, " OR ") + ")"
}

// party is the clause of somebody in the case himself. It knows no exclusion:
// nobody is shut out of his own quarrel.
func party(a mediation.Actor, v *args) []string {
	if a.Code != nil {
		return []string{"c.id = " + v.add(string(a.Code.Case))}
	}
	if a.User == "" {
		return nil
	}
	return []string{`c.id IN (SELECT p.case_id FROM case_parties p WHERE p.user_id = ` + v.add(string(a.User)) + ` AND p.left_at IS NULL)`}
}

// staffClause is one staff scope; "" is one that covers no row.
func staffClause(r mediation.Right, a mediation.Actor, now time.Time, v *args) string {
	me := string(a.User)
	switch r.Scope {
	case mediation.ScopeAssigned:
		return `c.id IN (SELECT s.case_id FROM assignments s WHERE s.mediator_id = ` + v.add(me) + ` AND s.ended_at IS NULL)`
	case mediation.ScopeInvited:
		return `c.id IN (SELECT h.case_id FROM helpers h WHERE h.user_id = ` + v.add(me) + ` AND h.ended_at IS NULL)`
	case mediation.ScopeAuthor:
		return `c.filed_by = ` + v.add(me)
	case mediation.ScopeCommittee:
		if r.Grant.Committee != "" {
			return `c.committee_id = ` + v.add(string(r.Grant.Committee))
		}
	case mediation.ScopeCommitteeOpen:
		if r.Grant.Committee != "" {
			return `(c.committee_id = ` + v.add(string(r.Grant.Committee)) + ` AND NOT c.restricted)`
		}
	case mediation.ScopeArea, mediation.ScopeSupervised:
		if r.Grant.AreaPath != "" {
			return `c.area_path LIKE ` + v.add(r.Grant.AreaPath+"%")
		}
	case mediation.ScopeEscalated:
		if r.Grant.AreaPath != "" {
			path, since := v.add(r.Grant.AreaPath+"%"), v.add(now.Add(-mediation.EscalatedFor))
			return `(c.area_path LIKE ` + path + ` AND c.id IN (SELECT e.case_id FROM escalations e
				WHERE e.answered_at IS NULL OR e.answered_at > ` + since + `
				UNION ALL SELECT w.case_id FROM major_reports w WHERE w.how = 'system' AND (w.seen_at IS NULL OR w.seen_at > ` + since + `)))`
		}
	case mediation.ScopeReferred:
		if r.Grant.Court != "" {
			court := v.add(string(r.Grant.Court))
			return `c.id IN (SELECT f.case_id FROM referrals f WHERE f.court_id = ` + court + ` AND f.state NOT IN ('declined', 'recalled')
				UNION ALL SELECT k.case_id FROM confirmations k WHERE k.court_id = ` + court + ` AND k.filed_on IS NOT NULL)`
		}
	}
	return ""
}
