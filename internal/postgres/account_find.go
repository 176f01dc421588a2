package postgres

import (
	"context"

	"doorstep/internal/mediation"
)

// SignInOf gives a user's grants in force by his user name, as SeeSignIn would
// give them with a living session; nil when nobody bears the name. It serves the
// commands of whoever runs the machine.
func (db *DB) SignInOf(ctx context.Context, username string) (*SignIn, error) {
	const statement = `
		SELECT '' AS id, u.id AS user_id, u.created_at, u.created_at AS seen_at, u.created_at AS expires_at, '' AS address, '' AS device,
			u.name, u.must_change, CASE WHEN i.bound_at IS NULL THEN '' ELSE i.issuer END AS provider, (
				SELECT coalesce(jsonb_agg(jsonb_build_object('role', g.role, 'committee', coalesce(g.committee_id::text, ''),
					'area_path', coalesce(a.path, ''), 'court', coalesce(g.court_id::text, '')) ORDER BY g.granted_at, g.id), '[]')
				FROM grants g
				LEFT JOIN areas a ON a.id = g.area_id
				WHERE g.user_id = u.id AND g.confirmed_at IS NOT NULL AND g.ended_at IS NULL) AS grants
		FROM users u
		LEFT JOIN staff_identities i ON i.user_id = u.id
		WHERE u.username = $1 AND u.disabled_at IS NULL`
	return one[SignIn](ctx, db.reader(), statement, username)
}

// Actor is the session's user with his grants; every user is a resident first.
func (s SignIn) Actor() (mediation.Actor, error) {
	held, err := s.Holds()
	if err != nil {
		return mediation.Actor{}, err
	}
	return mediation.Actor{User: s.User, Name: s.Name, Grants: append([]mediation.Grant{{Role: mediation.RoleResident}}, held...)}, nil
}
