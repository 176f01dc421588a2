package casework

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"time"

	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
	"doorstep/internal/vault"
)

// codeKept is how long a receipt code can be shown again to a retry of the same
// filing.
const codeKept = 24 * time.Hour

// Receipt is the answer to a filing. The code is shown once, and again only to a
// retry with the same key within a day.
type Receipt struct {
	Case         mediation.CaseID
	IntakeNumber string
	Code         string // grouped digits; "" when the day is over
	Again        bool   // this filing had already been taken
}

// File begins a case for a resident, with or without an account. The key is the
// form's own: however often it is sent, one case comes of it and the same
// receipt is shown.
//
// Errors: Invalid with fields; Invalid with key error.key_reused when the key
// was used for another text.
func (d *Desk) File(ctx context.Context, a mediation.Actor, in mediation.Intake, key string) (Receipt, error) {
	return d.begin(ctx, a, in, key, mediation.FileCase)
}

// Filed finds the receipt of a filing that was taken already, so that a retry
// costs neither a hash nor a place under a limit; nil when the key is new.
//
// Errors: those of File.
func (d *Desk) Filed(ctx context.Context, a mediation.Actor, in mediation.Intake, key string) (*Receipt, error) {
	if _, err := d.policy.Check(a, "case", mediation.FileCase); err != nil {
		return nil, err
	}
	filing, err := newFiling(a, in, key)
	if err != nil {
		return nil, err
	}
	known, err := d.db.Filing(ctx, filing.key)
	if err != nil || known == nil {
		return nil, err
	}
	r, err := d.again(filing, known)
	return &r, err
}

// Record begins a case for somebody who called or came to the window, for a
// referral, or of the committee's own motion (row 2). It is filed at one of the
// recorder's own committees.
func (d *Desk) Record(ctx context.Context, a mediation.Actor, in mediation.Intake, key string) (Receipt, error) {
	return d.begin(ctx, a, in, key, mediation.RecordCase)
}

func (d *Desk) begin(ctx context.Context, a mediation.Actor, in mediation.Intake, key string, action mediation.Action) (Receipt, error) {
	rights, err := d.policy.Check(a, "case", action)
	if err != nil {
		return Receipt{}, err
	}
	recorded := action == mediation.RecordCase
	if err := in.Check(recorded).Err(); err != nil {
		return Receipt{}, err
	}
	filing, err := newFiling(a, in, key)
	if err != nil {
		return Receipt{}, err
	}
	code := vault.NewReceiptCode()
	hash, err := d.hasher.HashPassword(ctx, code.Secret())
	if err != nil {
		return Receipt{}, err
	}
	var receipt Receipt
	err = d.db.InTx(ctx, func(tx postgres.Tx) error {
		known, err := tx.TakeFiling(ctx, filing.key)
		if err != nil {
			return err
		}
		if known != nil {
			receipt, err = d.again(filing, known)
			return err
		}
		receipt, err = d.open(ctx, tx, a, rights, in, recorded)
		if err != nil {
			return err
		}
		return d.receipt(ctx, tx, &receipt, filing, code, hash)
	})
	return receipt, err
}

// filing is the key of one filing and the fingerprint of what was sent with it.
type filing struct {
	key, print []byte
	secret     string
}

func newFiling(a mediation.Actor, in mediation.Intake, key string) (filing, error) {
	body, err := json.Marshal(in)
	if err != nil {
		return filing{}, fmt.Errorf("casework: filing: %w", err)
	}
	if len(key) < 16 {
		return filing{}, &mediation.Error{Kind: mediation.Invalid, Key: "error.form_key"}
	}
	sum := sha256.Sum256([]byte(string(a.User) + "\x00" + key))
	body2 := sha256.Sum256(body)
	return filing{key: sum[:], print: body2[:], secret: key}, nil
}

// again answers a retry: the same receipt for the same words, a refusal for
// others.
func (d *Desk) again(f filing, known *postgres.Filing) (Receipt, error) {
	if string(known.Fingerprint) != string(f.print) {
		return Receipt{}, &mediation.Error{Kind: mediation.Invalid, Key: "error.key_reused"}
	}
	r := Receipt{Case: known.Case, IntakeNumber: known.IntakeNumber, Again: true}
	if len(known.CodeSealed) > 0 && d.now().Sub(known.CreatedAt) < codeKept {
		plain, err := d.keys.Open(codeAAD(f.key), known.CodeSealed)
		if err != nil {
			return Receipt{}, fmt.Errorf("casework: receipt: %w", err)
		}
		r.Code = plain
	}
	return r, nil
}

func codeAAD(key []byte) vault.AAD {
	return vault.AAD{Table: "filings", Column: "code_sealed", Row: fmt.Sprintf("%x", key)}
}

// open makes the case with its first line of history.
func (d *Desk) open(ctx context.Context, tx postgres.Tx, a mediation.Actor, rights []mediation.Right, in mediation.Intake, recorded bool) (Receipt, error) {
	seat, err := d.seat(ctx, tx, a, in, recorded)
	if err != nil {
		return Receipt{}, err
	}
	scene, err := d.scene(ctx, tx, a, rights[0].Grant.Role, seat.Committee, nil, d.now())
	if err != nil {
		return Receipt{}, err
	}
	for _, r := range rights {
		if recorded && r.Grant.Committee == seat.Committee {
			scene.Role = r.Grant.Role
		}
	}
	c, events, err := mediation.NewCase(in, recorded, seat, scene)
	if err != nil {
		return Receipt{}, err
	}
	if events[0].Digest, err = d.digest(in); err != nil {
		return Receipt{}, err
	}
	return Receipt{Case: c.ID, IntakeNumber: c.IntakeNumber}, insertNew(ctx, tx, c, events)
}

// insertNew stores a case that has just begun, with its first lines of history.
func insertNew(ctx context.Context, tx postgres.Tx, c *mediation.Case, events []mediation.Event) error {
	if err := tx.InsertCase(ctx, c); err != nil {
		return err
	}
	if err := tx.AddEvents(ctx, c, events); err != nil {
		return err
	}
	return tx.SaveChain(ctx, c)
}

// seat is where a filing belongs: the committee of the area, or of the nearest
// area above it; what happened elsewhere goes to the first committee there is.
// Whoever records files at his own committee only.
func (d *Desk) seat(ctx context.Context, tx postgres.Tx, a mediation.Actor, in mediation.Intake, recorded bool) (mediation.Seat, error) {
	var own []mediation.CommitteeID
	areas := ""
	if recorded {
		for _, r := range d.policy.Scope(a, "case", mediation.RecordCase) {
			if r.Grant.Committee != "" {
				own = append(own, r.Grant.Committee)
			} else if r.Grant.AreaPath != "" {
				areas = r.Grant.AreaPath
			}
		}
	}
	seat, err := tx.Seat(ctx, in.Area, own, areas)
	if err != nil {
		return mediation.Seat{}, err
	}
	if seat == nil {
		return mediation.Seat{}, &mediation.Error{Kind: mediation.Invalid, Key: "error.check_fields",
			Fields: mediation.Faults{"area": "error.no_committee"}}
	}
	return *seat, nil
}

// receipt stores the code's hash, and the code itself sealed for a day so that a
// retry sees it again.
func (d *Desk) receipt(ctx context.Context, tx postgres.Tx, r *Receipt, f filing, code vault.Code, hash string) error {
	now := d.now()
	r.Code = code.String()
	sealed, err := d.keys.Seal(codeAAD(f.key), r.Code)
	if err != nil {
		return fmt.Errorf("casework: receipt: %w", err)
	}
	if err := tx.InsertReceiptCode(ctx, newID(), r.Case, "", code.Locator(), hash, now); err != nil {
		return err
	}
	return tx.KeepFiling(ctx, postgres.Filing{Key: f.key, Fingerprint: f.print, Case: r.Case, CodeSealed: sealed, CreatedAt: now})
}

// NewCode gives a party a new receipt code; the old one dies at once. Staff give
// it after an identity check, a party may ask for its own.
func (d *Desk) NewCode(ctx context.Context, a mediation.Actor, id mediation.CaseID, party mediation.PartyID) (string, error) {
	action := mediation.Action("issue")
	if a.Code != nil || !d.policy.Can(a, "code", action) {
		action = "rotate"
	}
	rights, err := d.policy.Check(a, "code", action)
	if err != nil {
		return "", err
	}
	code := vault.NewReceiptCode()
	hash, err := d.hasher.HashPassword(ctx, code.Secret())
	if err != nil {
		return "", err
	}
	now := d.now()
	err = d.db.InTx(ctx, func(tx postgres.Tx) error {
		c, _, err := tx.LockCase(ctx, a, rights, id, now)
		if err != nil {
			return err
		}
		if p := c.ActorParty(a); p != nil {
			party = p.ID
		}
		p := c.Party(party)
		if p == nil {
			return &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
		}
		if action == "issue" && p.Side == mediation.Applicant && c.Handed() != nil {
			return movedOn()
		}
		if action == "issue" && p.Identity < mediation.LevelChecked && p.Side != mediation.Applicant {
			return &mediation.Error{Kind: mediation.Invalid, Key: "rule.identity_first", Source: "PIPL 51"}
		}
		if err := tx.RevokeReceiptCodes(ctx, party, now); err != nil {
			return err
		}
		if err := tx.InsertReceiptCode(ctx, newID(), id, party, code.Locator(), hash, now); err != nil {
			return err
		}
		return tx.LogAccess(ctx, d.access(a, c, "code", action, now))
	})
	return code.String(), err
}

// Invite makes a link by which the other side can answer without an account. It
// dies with the term for asking (D-05) and is never written to a log.
func (d *Desk) Invite(ctx context.Context, a mediation.Actor, id mediation.CaseID, party mediation.PartyID) (token string, until time.Time, err error) {
	rights, err := d.policy.Check(a, "code", "invite")
	if err != nil {
		return "", time.Time{}, err
	}
	now := d.now()
	token, digest := vault.NewToken()
	until = now.Add(7 * 24 * time.Hour)
	err = d.db.InTx(ctx, func(tx postgres.Tx) error {
		c, _, err := tx.LockCase(ctx, a, rights, id, now)
		if err != nil {
			return err
		}
		p := c.Party(party)
		if p == nil {
			return &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
		}
		if p.Side == mediation.Applicant && c.Handed() != nil {
			return movedOn()
		}
		if c.Hold {
			return &mediation.Error{Kind: mediation.Invalid, Key: "rule.no_joint_session", Source: "PML 25"}
		}
		purpose := "follow"
		if clock := c.Clock("D-05"); clock != nil {
			until, purpose = clock.Due, "answer"
		}
		made := d.wall()
		if err := tx.InsertInvitation(ctx, digest, id, party, purpose, made, made.Add(until.Sub(now))); err != nil {
			return err
		}
		return tx.LogAccess(ctx, d.access(a, c, "code", "invite", now))
	})
	return token, until, err
}

// movedOn refuses a code or a link of a case that another committee took over. It
// would lead on to there, and what is told there is not for the office that makes
// it: the committee that has the matter gives out a new one.
func movedOn() error {
	return &mediation.Error{Kind: mediation.Invalid, Key: "rule.moved_on", Source: "PIPL 51"}
}
