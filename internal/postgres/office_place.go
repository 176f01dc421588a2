package postgres

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/lib/pq"

	"doorstep/internal/mediation"
	"doorstep/internal/place"
	"doorstep/internal/statute"
)

const areaColumns = `a.id, coalesce(a.parent_id::text, '') AS parent_id, a.kind, a.name, a.name_en, a.code, a.path, a.lat, a.lng`

// The most areas and points one page takes; a page that could need more asks
// for a part of the tree.
const (
	mostAreas  = 5000
	mostPoints = 2000
)

// Area reads one area; nil when there is none.
func (r reader) Area(ctx context.Context, id mediation.AreaID) (*place.Area, error) {
	const statement = `
		SELECT ` + areaColumns + `
		FROM areas a
		WHERE a.id = $1`
	return one[place.Area](ctx, r, statement, string(id))
}

// Area reads one area; nil when there is none.
func (db *DB) Area(ctx context.Context, id mediation.AreaID) (*place.Area, error) {
	return db.reader().Area(ctx, id)
}

// Areas reads the open areas of the kinds, each after the one above it, 5,000 at
// most.
func (db *DB) Areas(ctx context.Context, kinds []place.Kind) ([]place.Area, error) {
	const statement = `
		SELECT ` + areaColumns + `
		FROM areas a
		WHERE a.closed_at IS NULL AND a.kind = ANY ($1)
		ORDER BY a.path
		LIMIT $2`
	texts := make([]string, len(kinds))
	for i, k := range kinds {
		texts[i] = string(k)
	}
	return many[place.Area](ctx, db.reader(), statement, pq.Array(texts), mostAreas)
}

// AreasBelow reads the open areas directly below one, the roots for "", 5,000 at
// most.
func (db *DB) AreasBelow(ctx context.Context, parent mediation.AreaID) ([]place.Area, error) {
	const statement = `
		SELECT ` + areaColumns + `
		FROM areas a
		WHERE a.closed_at IS NULL AND a.parent_id IS NOT DISTINCT FROM $1
		ORDER BY a.path
		LIMIT $2`
	return many[place.Area](ctx, db.reader(), statement, null(parent), mostAreas)
}

// AreasAbove reads the areas an area lies in, from the root down, without itself.
func (db *DB) AreasAbove(ctx context.Context, path string) ([]place.Area, error) {
	const statement = `
		SELECT ` + areaColumns + `
		FROM areas a
		WHERE a.path = ANY ($1)
		ORDER BY length(a.path)`
	var above []string
	for i, r := range path {
		if r == '/' && i+1 < len(path) {
			above = append(above, path[:i+1])
		}
	}
	return many[place.Area](ctx, db.reader(), statement, pq.Array(above))
}

// InsertArea stores a new area.
func (tx Tx) InsertArea(ctx context.Context, a place.Area) error {
	const statement = `
		INSERT INTO areas (id, parent_id, kind, name, name_en, code, path, lat, lng)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
	_, err := tx.exec(ctx, statement, a.ID, null(a.Parent), string(a.Kind), a.Name, a.NameEN, a.Code, a.Path, a.Lat, a.Lng)
	return err
}

// RenameArea changes the names of an area; NotFound when there is none. Code and
// path stay: cases and grants carry them.
func (tx Tx) RenameArea(ctx context.Context, id mediation.AreaID, name, nameEN string) error {
	const statement = `
		UPDATE areas
		SET name = $2, name_en = $3
		WHERE id = $1`
	return tx.touchOne(ctx, statement, string(id), name, nameEN)
}

// touchOne runs a change of one row; NotFound when there was none.
func (tx Tx) touchOne(ctx context.Context, statement string, values ...any) error {
	n, err := tx.exec(ctx, statement, values...)
	if err == nil && n == 0 {
		return notFound()
	}
	return err
}

// Court is a court that cases may be referred to.
type Court struct {
	ID       mediation.CourtID `db:"id"`
	Area     mediation.AreaID  `db:"area_id"`
	AreaName string            `db:"area_name"`
	Name     string            `db:"name"`
}

const courtRows = `
	SELECT t.id, t.area_id, t.name, a.name AS area_name
	FROM courts t
	JOIN areas a ON a.id = t.area_id`

// Courts reads every court, by its area.
func (db *DB) Courts(ctx context.Context) ([]Court, error) {
	return many[Court](ctx, db.reader(), courtRows+` ORDER BY a.path, t.name`)
}

// Court reads one court; nil when there is none.
func (r reader) Court(ctx context.Context, id mediation.CourtID) (*Court, error) {
	return one[Court](ctx, r, courtRows+` WHERE t.id = $1`, string(id))
}

// InsertCourt stores a new court.
func (tx Tx) InsertCourt(ctx context.Context, c Court) error {
	_, err := tx.exec(ctx, `INSERT INTO courts (id, area_id, name) VALUES ($1, $2, $3)`, string(c.ID), string(c.Area), c.Name)
	return err
}

// PointLine is a service point with the names of its area and its committee.
type PointLine struct {
	place.ServicePoint
	AreaName      string `db:"area_name"`
	AreaNameEN    string `db:"area_name_en"`
	CommitteeName string `db:"committee_name"`
}

const pointRows = `
	SELECT p.id, p.area_id, coalesce(p.committee_id::text, '') AS committee_id, p.kind, p.name, p.address, p.phone, p.hours,
		p.services, p.lat, p.lng, a.name AS area_name, a.name_en AS area_name_en, coalesce(k.name, '') AS committee_name
	FROM service_points p
	JOIN areas a ON a.id = p.area_id
	LEFT JOIN committees k ON k.id = p.committee_id`

// Points reads the service points by their area, 2,000 at most.
func (db *DB) Points(ctx context.Context) ([]PointLine, error) {
	return many[PointLine](ctx, db.reader(), pointRows+` ORDER BY a.path, p.kind, p.name LIMIT $1`, mostPoints)
}

// Point reads one service point; nil when there is none.
func (db *DB) Point(ctx context.Context, id string) (*PointLine, error) {
	return one[PointLine](ctx, db.reader(), pointRows+` WHERE p.id = $1`, id)
}

// InsertPoint stores a new service point.
func (tx Tx) InsertPoint(ctx context.Context, p place.ServicePoint) error {
	const statement = `
		INSERT INTO service_points (id, area_id, committee_id, kind, name, address, phone, hours, services, lat, lng)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`
	_, err := tx.exec(ctx, statement, p.ID, p.Area, null(p.Committee), string(p.Kind), p.Name, p.Address, p.Phone, p.Hours, p.Services,
		p.Lat, p.Lng)
	return err
}

// UpdatePoint stores a changed service point; NotFound when there is none.
func (tx Tx) UpdatePoint(ctx context.Context, p place.ServicePoint) error {
	const statement = `
		UPDATE service_points
		SET area_id = $2, committee_id = $3, kind = $4, name = $5, address = $6, phone = $7, hours = $8, services = $9, lat = $10, lng = $11
		WHERE id = $1`
	return tx.touchOne(ctx, statement, p.ID, p.Area, null(p.Committee), string(p.Kind), p.Name, p.Address, p.Phone, p.Hours, p.Services,
		p.Lat, p.Lng)
}

// Committee is a people's mediation committee with what it has settled for
// itself. Contacts is how many logged tries count as silence, 1 to 20. Version
// moves with every change.
type Committee struct {
	ID        mediation.CommitteeID `db:"id"`
	Area      mediation.AreaID      `db:"area_id"`
	AreaName  string                `db:"area_name"`
	AreaKind  string                `db:"area_kind"`
	Kind      string                `db:"kind"` // of statute.CommitteeKinds, "" when it was not told
	Name      string                `db:"name"`
	ShortName string                `db:"short_name"` // in case numbers: 榆园人调字
	Phone     string                `db:"phone"`
	Address   string                `db:"address"`
	TermEnd   statute.Date          `db:"term_end"`
	Contacts  int                   `db:"contacts"`
	Limits    statute.Limits        `db:"-"`
	Version   int                   `db:"version"`
}

type committeeRow struct {
	Committee
	LimitsText []byte `db:"limits"`
}

const committeeRows = `
	SELECT k.id, k.area_id, a.name AS area_name, a.kind AS area_kind, k.kind, k.name, k.short_name, k.phone, k.address, k.term_end, k.contacts, k.limits, k.version
	FROM committees k
	JOIN areas a ON a.id = k.area_id`

func (r committeeRow) open() (Committee, error) {
	c := r.Committee
	if err := json.Unmarshal(r.LimitsText, &c.Limits); err != nil {
		return Committee{}, fmt.Errorf("postgres: limits of committee %s: %w", c.ID, err)
	}
	return c, nil
}

// Committees reads every open committee, by its area, 5,000 at most.
func (db *DB) Committees(ctx context.Context) ([]Committee, error) {
	rows, err := many[committeeRow](ctx, db.reader(), committeeRows+` WHERE k.closed_at IS NULL ORDER BY a.path, k.name LIMIT $1`, mostAreas)
	if err != nil {
		return nil, err
	}
	all := make([]Committee, len(rows))
	for i, row := range rows {
		if all[i], err = row.open(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Committee reads one open committee; nil when there is none.
func (r reader) Committee(ctx context.Context, id mediation.CommitteeID) (*Committee, error) {
	row, err := one[committeeRow](ctx, r, committeeRows+` WHERE k.id = $1 AND k.closed_at IS NULL`, string(id))
	if err != nil || row == nil {
		return nil, err
	}
	c, err := row.open()
	return &c, err
}

// Committee reads one open committee; nil when there is none.
func (db *DB) Committee(ctx context.Context, id mediation.CommitteeID) (*Committee, error) {
	return db.reader().Committee(ctx, id)
}

// InsertCommittee stores a new committee.
func (tx Tx) InsertCommittee(ctx context.Context, c Committee) error {
	const statement = `
		INSERT INTO committees (id, area_id, name, short_name, phone, address, term_end, contacts, limits, kind)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`
	limits, err := limitsText(c.Limits)
	if err != nil {
		return err
	}
	_, err = tx.exec(ctx, statement, string(c.ID), string(c.Area), c.Name, c.ShortName, c.Phone, c.Address, c.TermEnd, c.Contacts, limits, c.Kind)
	return err
}

// UpdateCommittee stores a changed committee and moves its version. It is a
// Conflict when somebody changed it since c.Version was read.
func (tx Tx) UpdateCommittee(ctx context.Context, c Committee) error {
	const statement = `
		UPDATE committees
		SET area_id = $3, name = $4, short_name = $5, phone = $6, address = $7, term_end = $8, contacts = $9, limits = $10,
			kind = $11, version = version + 1
		WHERE id = $1 AND version = $2 AND closed_at IS NULL`
	limits, err := limitsText(c.Limits)
	if err != nil {
		return err
	}
	n, err := tx.exec(ctx, statement, string(c.ID), c.Version, string(c.Area), c.Name, c.ShortName, c.Phone, c.Address, c.TermEnd,
		c.Contacts, limits, c.Kind)
	if err == nil && n == 0 {
		return &mediation.Error{Kind: mediation.Conflict, Key: "error.stale"}
	}
	return err
}

func limitsText(l statute.Limits) (string, error) {
	if l == nil {
		l = statute.Limits{}
	}
	text, err := json.Marshal(l)
	if err != nil {
		return "", fmt.Errorf("postgres: limits: %w", err)
	}
	return string(text), nil
}
