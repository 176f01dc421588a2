package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/lib/pq"

	"doorstep/internal/mediation"
	"doorstep/internal/vault"
)

// inkPlace is where the picture of a signature belongs: to the signature and to
// the text it stands under. A picture moved to another row, or under another text,
// does not open there.
func inkPlace(v mediation.Signature) vault.AAD {
	return vault.AAD{Table: "signature_images", Column: "picture_sealed", Row: string(v.ID) + "/" + v.Digest}
}

// saveInk seals and stores the pictures of the signatures that were just drawn.
func (tx Tx) saveInk(ctx context.Context, c *mediation.Case) error {
	const statement = `
		INSERT INTO signature_images (signature_id, case_id, area_root, text_digest, picture_sealed)
		VALUES ($1, $2, $3, $4, $5)`
	for i := range c.Signatures {
		v := &c.Signatures[i]
		if v.Ink == nil {
			continue
		}
		sealed, err := tx.keys.Seal(inkPlace(*v), string(v.Ink))
		if err != nil {
			return fmt.Errorf("postgres: seal a signature: %w", err)
		}
		if _, err := tx.exec(ctx, statement, string(v.ID), string(c.ID), root(c.AreaPath), v.Digest, sealed); err != nil {
			return err
		}
		v.Ink = nil
	}
	return nil
}

// Ink opens the pictures of signatures, PNG by the id of the signature, in one
// statement. Those that were not drawn have none.
//
// Errors: vault.ErrSealed when a picture is not the one that was drawn for this
// signature under this text; vault.ErrKeyMissing.
func (db *DB) Ink(ctx context.Context, signatures []mediation.Signature) (map[mediation.ItemID][]byte, error) {
	const statement = `
		SELECT i.signature_id AS id, i.picture_sealed AS sealed
		FROM signature_images i
		WHERE i.signature_id = ANY ($1::uuid[])`
	drawn, ids := map[mediation.ItemID]mediation.Signature{}, pq.StringArray{}
	for _, v := range signatures {
		if v.Image != "" {
			drawn[v.ID], ids = v, append(ids, string(v.ID))
		}
	}
	if len(ids) == 0 {
		return nil, nil //nolint:nilnil // no pictures: an empty map reads the same
	}
	rows, err := many[struct {
		ID     mediation.ItemID `db:"id"`
		Sealed []byte           `db:"sealed"`
	}](ctx, db.reader(), statement, ids)
	if err != nil {
		return nil, err
	}
	pictures := map[mediation.ItemID][]byte{}
	for _, row := range rows {
		v := drawn[row.ID]
		plain, err := db.keys.Open(inkPlace(v), row.Sealed)
		if err != nil {
			return nil, fmt.Errorf("postgres: signature: %w", err)
		}
		if sum := sha256.Sum256([]byte(plain)); hex.EncodeToString(sum[:]) != v.Image {
			return nil, fmt.Errorf("postgres: signature %s: another picture than was signed with: %w", v.ID, vault.ErrSealed)
		}
		pictures[row.ID] = []byte(plain)
	}
	return pictures, nil
}
