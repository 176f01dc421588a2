package authz_test

import (
	"slices"
	"testing"
	"time"

	"doorstep/internal/authz"
	"doorstep/internal/mediation"
)

var never time.Time

// held are all words "object:action" a role holds, with their scopes.
func held(p *authz.Policy, r mediation.Role) map[string][]string {
	all := map[string][]string{}
	for object, actions := range authz.Objects() {
		for _, a := range actions {
			if s := scopes(p, r, object, a); len(s) > 0 {
				all[object+":"+string(a)] = s
			}
		}
	}
	return all
}

// ownSide are the scopes of a person in his own quarrel or his own account.
var ownSide = []string{"public", "any", "self", "party", "own_side", "shared"}

// TestPolicyAgreesWithLifecycle: every action of the procedure is somebody's,
// and each is on a case.
func TestPolicyAgreesWithLifecycle(t *testing.T) {
	p := load(t)
	for _, a := range mediation.Actions() {
		if !slices.ContainsFunc(mediation.Roles, func(r mediation.Role) bool { return p.Can(as(r), "case", a) }) {
			t.Errorf("%s is nobody's", a)
		}
	}
	known := append(mediation.Actions(), "list", "read", "open_file")
	for _, a := range authz.Objects()["case"] {
		if !slices.Contains(known, a) {
			t.Errorf("the policy knows %s, the procedure does not", a)
		}
	}
}

// TestOutsidersHoldNoStaffScope: without an account, or without a grant, a
// person reaches his own quarrel and nothing else.
func TestOutsidersHoldNoStaffScope(t *testing.T) {
	p := load(t)
	for _, r := range []mediation.Role{mediation.RoleVisitor, mediation.RoleCodeHolder, mediation.RoleResident} {
		for what, s := range held(p, r) {
			for _, scope := range s {
				if !slices.Contains(ownSide, scope) {
					t.Errorf("%s holds %s with %s", r, what, scope)
				}
			}
		}
	}
	for what, s := range held(p, mediation.RoleVisitor) {
		if slices.Contains(s, "party") || slices.Contains(s, "self") {
			t.Errorf("a visitor holds %s with %v", what, s)
		}
	}
}

// inOffice is what a role holds by its office: not as a party of his own case.
func inOffice(p *authz.Policy, r mediation.Role) map[string][]string {
	all := held(p, r)
	for what, s := range all {
		s = slices.DeleteFunc(s, func(scope string) bool { return slices.Contains(ownSide, scope) && scope != "any" && scope != "public" })
		if len(s) == 0 {
			delete(all, what)
		} else {
			all[what] = s
		}
	}
	return all
}

// TestWhatNoRoleMay: the separations of decisions 2 and 15.
func TestWhatNoRoleMay(t *testing.T) {
	p := load(t)
	never := map[mediation.Role][]string{
		mediation.RoleCoordinator: {
			"case:accept", "case:refuse", "case:refer_out", "case:assign", "case:affix_seal", "case:close", "case:archive", "case:terminate",
			"case:replace_mediator", "case:reject_recusal", "case:waive_recusal", "case:confirm_grade", "case:countersign", "case:note_caucus",
			"session:read", "caucus_note:read", "user:grant", "user:manage",
		},
		mediation.RoleMediator: {
			"case:accept", "case:refuse", "case:assign", "case:affix_seal", "case:close", "case:archive", "case:replace_mediator", "case:reject_recusal",
			"case:waive_recusal", "case:review_decided", "case:return_guided", "case:review_agreement", "case:take_referral", "case:reopen", "user:grant",
		},
		mediation.RoleChair:        {"caucus_note:read", "case:review_decided", "case:return_guided", "case:review_agreement", "case:take_referral", "case:reopen", "user:grant"},
		mediation.RoleLegalOfficer: {"case:accept", "case:assign", "case:terminate", "case:affix_seal", "case:close", "case:reassign", "case:refer_to_court", "caucus_note:read"},
		mediation.RoleCourtClerk:   {"facts:read", "session:read", "caucus_note:read", "identity:reveal", "case:accept", "case:terminate", "case:affix_seal"},
		mediation.RoleSupervisor:   {"facts:read", "session:read", "risk:read", "contact:read", "identity:read_masked", "identity:reveal", "agreement:read", "file:read"},
		mediation.RoleAssistant:    {"identity:read_masked", "identity:reveal", "caucus_note:read", "case:open_session", "case:log_session", "case:draft_agreement", "case:countersign"},
		mediation.RoleGridWorker:   {"identity:reveal", "session:read", "agreement:read", "contact:read", "case:register", "case:accept"},
	}
	for r, list := range never {
		office := inOffice(p, r)
		for _, what := range list {
			if s, ok := office[what]; ok {
				t.Errorf("%s holds %s with %v", r, what, s)
			}
		}
	}
}

// TestWhatOnlyOneMay: formal acts have one holder.
func TestWhatOnlyOneMay(t *testing.T) {
	p := load(t)
	for a, want := range map[mediation.Action]mediation.Role{
		mediation.Accept: mediation.RoleChair, mediation.Refuse: mediation.RoleChair, mediation.Assign: mediation.RoleChair,
		mediation.AffixSeal: mediation.RoleChair, mediation.CloseCase: mediation.RoleChair, mediation.Terminate: mediation.RoleChair,
		mediation.ReplaceMediator: mediation.RoleChair, mediation.RejectRecusal: mediation.RoleChair, mediation.WaiveRecusal: mediation.RoleChair,
		mediation.Reassign: mediation.RoleChair, mediation.ReferToCourt: mediation.RoleChair, mediation.ConfirmGrade: mediation.RoleChair,
		mediation.DecideReview: mediation.RoleLegalOfficer, mediation.ReturnGuided: mediation.RoleLegalOfficer, mediation.ReviewAgreement: mediation.RoleLegalOfficer,
		mediation.Reopen: mediation.RoleLegalOfficer, mediation.TakeReferral: mediation.RoleCourtClerk, mediation.NoteCaucus: mediation.RoleMediator,
		mediation.Countersign: mediation.RoleMediator, mediation.TakeEffect: mediation.RoleSystem, mediation.Lapse: mediation.RoleSystem,
		mediation.MarkOverdue: mediation.RoleSystem, mediation.LapseSupplement: mediation.RoleSystem,
	} {
		for _, r := range mediation.Roles {
			if got := p.Can(as(r), "case", a); got != (r == want) {
				t.Errorf("%s: %s may %v, only %s may", a, r, got, want)
			}
		}
	}
}

// TestAdminAndAuditor: the admin's rights touch no case, the auditor's the
// history alone.
func TestAdminAndAuditor(t *testing.T) {
	p := load(t)
	allowed := map[mediation.Role][]string{
		mediation.RoleAdmin:   {"office:read", "office:manage", "user:manage", "user:grant", "desk:admin", "stats:read", "stats:read_public", "law:read", "case:file"},
		mediation.RoleAuditor: {"office:read", "audit:read", "desk:audit", "stats:read_public", "case:file"}, // anybody may file his own quarrel
	}
	for r, list := range allowed {
		for what, s := range inOffice(p, r) {
			if !slices.Contains(list, what) {
				t.Errorf("%s holds %s with %v", r, what, s)
			}
		}
	}
}

// TestSystemReadsAndWaits: the clock does what comes due and decides nothing.
func TestSystemReadsAndWaits(t *testing.T) {
	p := load(t)
	allowed := []string{"case:list", "case:read", "audit:read", "case:lapse_supplement", "case:lapse", "case:lapse_confirmation", "case:mark_overdue", "case:take_effect",
		"case:rereckon", "case:find_conflict", "stats:close", "case:remind_due", "case:file_confirmation", "case:remind_confirmation"}
	for what := range held(p, mediation.RoleSystem) {
		if !slices.Contains(allowed, what) {
			t.Errorf("system holds %s", what)
		}
	}
}

// TestWritersRead: who may act on a case in a scope may also read it in that
// scope or a wider one, else the act would be done blind.
func TestWritersRead(t *testing.T) {
	p := load(t)
	blind := []mediation.Action{"file", "record", "list", "read", "open_file"}
	for _, r := range mediation.Roles {
		reads := scopes(p, r, "case", "read")
		for _, a := range authz.Objects()["case"] {
			if slices.Contains(blind, a) {
				continue
			}
			for _, s := range scopes(p, r, "case", a) {
				wider := s == "own_side" && slices.Contains(reads, "party") || s == "supervised" && p.Can(as(r), "case", "open_file")
				if !slices.Contains(reads, s) && !wider {
					t.Errorf("%s may %s with %s and reads with %v", r, a, s, reads)
				}
			}
		}
	}
}
