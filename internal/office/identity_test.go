package office_test

import (
	"strings"
	"testing"

	"doorstep/internal/mediation"
	"doorstep/internal/office"
)

const issuer = "https://login.example.cn"

func TestAPersonIsLinkedToTheProvider(t *testing.T) {
	h := open(t)
	id, other := h.user("lina"), h.user("wang-er")
	bySubject := office.IdentityLink{Issuer: issuer, Subject: " s-1 "}
	h.wantKind(h.office.LinkIdentity(h.ctx, mediation.Visitor(), id, bySubject), mediation.Forbidden, "error.forbidden")
	h.wantKind(h.office.LinkIdentity(h.ctx, h.admin, "0197a000-0000-7000-8000-000000000000", bySubject), mediation.NotFound, "error.not_found")
	h.wantKind(h.office.LinkIdentity(h.ctx, h.admin, id, office.IdentityLink{Subject: "s-1"}), mediation.NotFound, "error.not_found")
	for _, tt := range []struct {
		link  office.IdentityLink
		field string
		key   string
	}{
		{office.IdentityLink{Issuer: issuer, Subject: "  "}, "subject", "error.required"},
		{office.IdentityLink{Issuer: issuer, Subject: strings.Repeat("s", 256)}, "subject", "error.identity_subject"},
		{office.IdentityLink{Issuer: issuer, Subject: "s\x00"}, "subject", "error.identity_subject"},
		{office.IdentityLink{Issuer: issuer, Email: "lina"}, "email", "error.email"},
	} {
		h.wantFields(h.office.LinkIdentity(h.ctx, h.admin, id, tt.link), map[string]string{tt.field: tt.key})
	}
	h.must(h.office.LinkIdentity(h.ctx, h.admin, id, bySubject))
	h.wantFields(h.office.LinkIdentity(h.ctx, h.admin, other, bySubject), map[string]string{"subject": "error.identity_taken"})
	p, err := h.office.Person(h.ctx, h.admin, id)
	h.must(err)
	if p.Identity == nil || p.Identity.Subject != "s-1" || p.Identity.Issuer != issuer || p.Identity.BoundAt != nil || len(p.Roles) != 0 {
		t.Errorf("linked as %+v with roles %v", p.Identity, p.Roles)
	}

	byEmail := office.IdentityLink{Issuer: issuer, Email: "Ｌina@Example.cn"}
	h.must(h.office.LinkIdentity(h.ctx, h.admin, id, byEmail)) // in place of the subject
	h.wantFields(h.office.LinkIdentity(h.ctx, h.admin, other, office.IdentityLink{Issuer: issuer, Email: "lina@example.CN"}),
		map[string]string{"email": "error.identity_taken"})
	p, err = h.office.Person(h.ctx, h.admin, id)
	h.must(err)
	if p.Identity.Subject != "" || p.Identity.EmailMask != "l***@example.cn" {
		t.Errorf("linked as %+v", p.Identity)
	}
	if n := h.count(`SELECT count(*) FROM staff_identities i WHERE i::text LIKE '%lina@%' OR encode(email_sealed, 'escape') LIKE '%lina@%'`); n != 0 {
		t.Error("the mail address stands in the open")
	}
	h.must(h.office.LinkIdentity(h.ctx, h.admin, other, bySubject)) // free again
	lines, err := h.office.History(h.ctx, h.admin)
	h.must(err)
	if lines[0].Action != "link_identity" || lines[0].Subject != "某wang-er" {
		t.Errorf("the history says %+v", lines[0])
	}
	if n := h.count(`SELECT count(*) FROM account_notices WHERE kind = 'identity_linked' AND user_id = $1`, string(id)); n != 2 {
		t.Errorf("told %d times, want twice", n)
	}
	if n := h.count(`SELECT count(*) FROM office_events WHERE codes::text LIKE '%s-1%' OR codes::text LIKE '%lina%'`); n != 0 {
		t.Error("the history holds what is personal")
	}
}

func TestAnAdministratorLinksHimselfAndNoOther(t *testing.T) {
	h := open(t)
	second := h.secondAdmin(h.community())
	link := office.IdentityLink{Issuer: issuer, Subject: "s-1"}
	h.wantKind(h.office.LinkIdentity(h.ctx, h.admin, second.User, link), mediation.Forbidden, "office.identity_admin")
	h.must(h.office.LinkIdentity(h.ctx, second, second.User, link))
	gone := h.user("gone")
	h.must(h.office.DisableUser(h.ctx, h.admin, gone, true))
	h.wantKind(h.office.LinkIdentity(h.ctx, h.admin, gone, office.IdentityLink{Issuer: issuer, Subject: "s-2"}), mediation.Conflict, "office.user_disabled")
}

func TestEndingALinkEndsWhatItBegan(t *testing.T) {
	h := open(t)
	id := h.user("lina")
	h.wantKind(h.office.EndIdentity(h.ctx, h.admin, id), mediation.NotFound, "error.not_found")
	h.wantKind(h.office.EndIdentity(h.ctx, mediation.Visitor(), id), mediation.Forbidden, "error.forbidden")
	h.must(h.office.LinkIdentity(h.ctx, h.admin, id, office.IdentityLink{Issuer: issuer, Subject: "s-1"}))
	for i, way := range []string{"password", "provider"} {
		h.exec(`INSERT INTO sign_ins (id, user_id, token_digest, created_at, seen_at, expires_at, way) VALUES (gen_random_uuid(), $1, $2, $3, $3, $4, $5)`,
			string(id), []byte{byte(i)}, noon, noon.AddDate(0, 0, 1), way)
	}
	h.must(h.office.EndIdentity(h.ctx, h.admin, id))
	if n := h.count(`SELECT count(*) FROM sign_ins WHERE revoked_at IS NULL AND way = 'provider'`); n != 0 {
		t.Error("a session the provider began lives on")
	}
	if n := h.count(`SELECT count(*) FROM sign_ins WHERE revoked_at IS NULL`); n != 1 {
		t.Errorf("%d sessions live, want the one by password", n)
	}
	lines, err := h.office.History(h.ctx, h.admin)
	h.must(err)
	if told := h.count(`SELECT count(*) FROM account_notices WHERE kind = 'identity_ended'`); lines[0].Action != "end_identity" || told != 1 {
		t.Errorf("the history says %+v, told %d times", lines[0], told)
	}
}
