package office

import (
	"context"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"doorstep/internal/mediation"
	"doorstep/internal/notice"
	"doorstep/internal/postgres"
)

// MaxSubject is the longest subject a provider may give, in bytes.
//
// Source: OpenID Connect Core 1.0, section 2, sub.
const MaxSubject = 255

// IdentityLink says whom a person is at the provider: by the subject it knows him
// by, or by the mail address it has verified. One of the two stands.
type IdentityLink struct{ Issuer, Subject, Email string }

// LinkIdentity lets a person come in by the provider of sign-ins, in place of what
// linked him before. It gives no right. He is told; sign-ins that an earlier link
// began end.
//
// Errors: NotFound; Conflict for a stopped account; Forbidden, also for the link of
// another person who may grant rights: with it one admin could act as two. He
// links himself. Invalid with the field subject or email.
func (o *Office) LinkIdentity(ctx context.Context, a mediation.Actor, id mediation.UserID, l IdentityLink) error {
	if err := o.may(a, userObject, manage); err != nil {
		return err
	}
	if !isID(id) || l.Issuer == "" {
		return notFound()
	}
	row, err := identityRow(id, l)
	if err != nil {
		return err
	}
	return o.change(ctx, a, "link_identity", func(tx postgres.Tx, e *postgres.OfficeEvent) error {
		user, err := found(tx.UserByID(ctx, id))
		if err != nil {
			return err
		}
		if user.DisabledAt != nil {
			return conflict("office.user_disabled")
		}
		if id != a.User && o.grants(*user) {
			return forbidden("office.identity_admin")
		}
		e.Subject, row.LinkedAt = string(id), e.At
		if err := tx.RevokeProviderSignIns(ctx, id, e.At); err != nil {
			return err
		}
		if err := tell(ctx, tx, id, "identity_linked", e.At); err != nil {
			return err
		}
		return tx.SaveIdentity(ctx, row)
	})
}

// identityRow checks what was typed. A subject is compared byte by byte, so only
// the blanks around it are taken away.
func identityRow(id mediation.UserID, l IdentityLink) (postgres.Identity, error) {
	f := mediation.Faults{}
	row := postgres.Identity{User: id, Issuer: l.Issuer, Subject: strings.TrimSpace(l.Subject)}
	if l.Email == "" {
		f.Require("subject", row.Subject)
		if len(row.Subject) > MaxSubject || strings.ContainsFunc(row.Subject, unicode.IsControl) {
			f.Mark("subject", "error.identity_subject")
		}
		return row, f.Err()
	}
	if row.Email = notice.PlainAddress(norm.NFKC.String(l.Email)); row.Email == "" {
		f.Mark("email", "error.email")
	}
	return row, f.Err()
}

// EndIdentity takes the way in by the provider from a person. Sign-ins it began
// end at once; he is told, and his password works again if it did not.
//
// Errors: Forbidden; NotFound, also when nothing linked him.
func (o *Office) EndIdentity(ctx context.Context, a mediation.Actor, id mediation.UserID) error {
	if err := o.may(a, userObject, manage); err != nil {
		return err
	}
	if !isID(id) {
		return notFound()
	}
	return o.change(ctx, a, "end_identity", func(tx postgres.Tx, e *postgres.OfficeEvent) error {
		dropped, err := tx.DropIdentity(ctx, id)
		if err == nil && !dropped {
			return notFound()
		}
		if err != nil {
			return err
		}
		e.Subject = string(id)
		if err := tx.RevokeProviderSignIns(ctx, id, e.At); err != nil {
			return err
		}
		return tx.TellAccount(ctx, postgres.AccountNotice{ID: newID(), User: id, Kind: "identity_ended", At: e.At}, "")
	})
}
