package office

import (
	"context"
	"maps"
	"regexp"
	"slices"

	"doorstep/internal/mediation"
	"doorstep/internal/place"
	"doorstep/internal/postgres"
)

// AddArea puts an area into the tree and gives its id. ID and Path are made
// here; the code is what paths are built of and never changes.
//
// Errors: Forbidden; Invalid with the fields name, name_en, code, kind, parent,
// lat, lng.
func (o *Office) AddArea(ctx context.Context, a mediation.Actor, area place.Area) (mediation.AreaID, error) {
	if err := o.may(a, officeObject, manage); err != nil {
		return "", err
	}
	trim(&area.Name, &area.NameEN, &area.Code)
	area.ID = newID()
	err := o.change(ctx, a, "add_area", func(tx postgres.Tx, e *postgres.OfficeEvent) error {
		parent, err := parentOf(ctx, tx, area)
		if err != nil {
			return err
		}
		if err := mediation.Faults(area.Faults(parent)).Err(); err != nil {
			return err
		}
		area.Path = place.PathUnder(parent, area.Code)
		e.Subject, e.Codes = area.ID, map[string]string{"kind": string(area.Kind)}
		return tx.InsertArea(ctx, area)
	})
	return mediation.AreaID(area.ID), err
}

// parentOf reads the area above; nil for a root.
func parentOf(ctx context.Context, tx postgres.Tx, area place.Area) (*place.Area, error) {
	if area.Parent == "" {
		return nil, nil //nolint:nilnil // a root has no parent
	}
	fault := mediation.Faults{"parent": "error.choose"}.Err()
	if !isID(area.Parent) {
		return nil, fault
	}
	parent, err := tx.Area(ctx, mediation.AreaID(area.Parent))
	if err == nil && parent == nil {
		err = fault
	}
	return parent, err
}

// RenameArea changes the names of an area; nameEN may be "".
//
// Errors: Forbidden, NotFound, Invalid with the fields name and name_en.
func (o *Office) RenameArea(ctx context.Context, a mediation.Actor, id mediation.AreaID, name, nameEN string) error {
	if err := o.may(a, officeObject, manage); err != nil {
		return err
	}
	if !isID(id) {
		return notFound()
	}
	trim(&name, &nameEN)
	faults := mediation.Faults{}
	faults.Require("name", name)
	short(faults, "name", name, place.MaxName)
	short(faults, "name_en", nameEN, 2*place.MaxName)
	if err := faults.Err(); err != nil {
		return err
	}
	return o.change(ctx, a, "rename_area", func(tx postgres.Tx, e *postgres.OfficeEvent) error {
		e.Subject = string(id)
		return tx.RenameArea(ctx, id, name, nameEN)
	})
}

// Areas is the tree down to the kind, each area after the one above it, 5,000 at
// most; "" is the whole tree.
//
// Errors: Forbidden.
func (o *Office) Areas(ctx context.Context, a mediation.Actor, deepest place.Kind) ([]place.Area, error) {
	if err := o.may(a, officeObject, read); err != nil {
		return nil, err
	}
	kinds := place.Kinds
	if i := slices.Index(kinds, deepest); i >= 0 {
		kinds = kinds[:i+1]
	}
	return o.db.Areas(ctx, kinds)
}

// Branch is one area with the way down to it and what lies directly below. At
// the top Area is nil.
type Branch struct {
	Area  *place.Area
	Above []place.Area
	Below []place.Area
}

// Branch is the part of the tree around an area; "" is the top. It reads one
// level, so that its cost does not grow with the tree.
//
// Errors: Forbidden, NotFound.
func (o *Office) Branch(ctx context.Context, a mediation.Actor, id mediation.AreaID) (Branch, error) {
	if err := o.may(a, officeObject, read); err != nil {
		return Branch{}, err
	}
	var b Branch
	var err error
	if id != "" {
		if !isID(id) {
			return Branch{}, notFound()
		}
		if b.Area, err = found(o.db.Area(ctx, id)); err != nil {
			return Branch{}, err
		}
		if b.Above, err = o.db.AreasAbove(ctx, b.Area.Path); err != nil {
			return Branch{}, err
		}
	}
	b.Below, err = o.db.AreasBelow(ctx, id)
	return b, err
}

// AddCourt adds a court that cases can be referred to, and gives its id.
//
// Errors: Forbidden; Invalid with the fields name and area.
func (o *Office) AddCourt(ctx context.Context, a mediation.Actor, c Court) (mediation.CourtID, error) {
	if err := o.may(a, officeObject, manage); err != nil {
		return "", err
	}
	trim(&c.Name)
	c.ID = mediation.CourtID(newID())
	faults := mediation.Faults{}
	faults.Require("name", c.Name)
	short(faults, "name", c.Name, place.MaxName)
	err := o.change(ctx, a, "add_court", func(tx postgres.Tx, e *postgres.OfficeEvent) error {
		if _, err := checkArea(ctx, tx, faults, c.Area); err != nil {
			return err
		}
		if err := faults.Err(); err != nil {
			return err
		}
		e.Subject = string(c.ID)
		return tx.InsertCourt(ctx, c)
	})
	return c.ID, err
}

// checkArea marks the field area when there is no such area; it gives the area
// when there is. Its error is of the database alone.
func checkArea(ctx context.Context, tx postgres.Tx, f mediation.Faults, id mediation.AreaID) (*place.Area, error) {
	if !isID(id) {
		f.Mark("area", "error.choose")
		return nil, nil //nolint:nilnil // the fault is marked
	}
	area, err := tx.Area(ctx, id)
	if err == nil && area == nil {
		f.Mark("area", "error.choose")
	}
	return area, err
}

// Courts is every court, by its area.
//
// Errors: Forbidden.
func (o *Office) Courts(ctx context.Context, a mediation.Actor) ([]Court, error) {
	if err := o.may(a, officeObject, read); err != nil {
		return nil, err
	}
	return o.db.Courts(ctx)
}

// AddServicePoint adds a place where people find help, and gives its id.
//
// Errors: Forbidden; Invalid with the fields of place.ServicePoint.Faults and
// committee.
func (o *Office) AddServicePoint(ctx context.Context, a mediation.Actor, p place.ServicePoint) (string, error) {
	if err := o.may(a, officeObject, manage); err != nil {
		return "", err
	}
	p.ID = newID()
	err := o.savePoint(ctx, a, "add_point", p, postgres.Tx.InsertPoint)
	return p.ID, err
}

// ChangeServicePoint stores a changed service point.
//
// Errors: as AddServicePoint, and NotFound.
func (o *Office) ChangeServicePoint(ctx context.Context, a mediation.Actor, p place.ServicePoint) error {
	if err := o.may(a, officeObject, manage); err != nil {
		return err
	}
	if !isID(p.ID) {
		return notFound()
	}
	return o.savePoint(ctx, a, "change_point", p, postgres.Tx.UpdatePoint)
}

// publicPhone is a number as offices print it: digits with blanks, brackets,
// dashes, an extension, or several numbers.
var publicPhone = regexp.MustCompile(`^[0-9+()（） 、,，/转-]{5,40}$`)

func checkPhone(f mediation.Faults, phone string) {
	if phone != "" && !publicPhone.MatchString(phone) {
		f.Mark("phone", "error.public_phone")
	}
}

func (o *Office) savePoint(ctx context.Context, a mediation.Actor, what string, p place.ServicePoint,
	save func(postgres.Tx, context.Context, place.ServicePoint) error) error {
	trim(&p.Name, &p.Address, &p.Phone, &p.Hours, &p.Services)
	return o.change(ctx, a, what, func(tx postgres.Tx, e *postgres.OfficeEvent) error {
		faults := mediation.Faults{}
		maps.Copy(faults, p.Faults())
		checkPhone(faults, p.Phone)
		if _, err := checkArea(ctx, tx, faults, mediation.AreaID(p.Area)); err != nil {
			return err
		}
		if p.Committee != "" {
			if err := checkCommittee(ctx, tx, faults, mediation.CommitteeID(p.Committee)); err != nil {
				return err
			}
		}
		if err := faults.Err(); err != nil {
			return err
		}
		e.Subject, e.Codes = p.ID, map[string]string{"kind": string(p.Kind)}
		return save(tx, ctx, p)
	})
}

// checkCommittee marks the field committee when there is no such committee.
func checkCommittee(ctx context.Context, tx postgres.Tx, f mediation.Faults, id mediation.CommitteeID) error {
	if !isID(id) {
		f.Mark("committee", "error.choose")
		return nil
	}
	c, err := tx.Committee(ctx, id)
	if err == nil && c == nil {
		f.Mark("committee", "error.choose")
	}
	return err
}

// Points is every service point, by its area, 2,000 at most.
//
// Errors: Forbidden.
func (o *Office) Points(ctx context.Context, a mediation.Actor) ([]Point, error) {
	if err := o.may(a, officeObject, read); err != nil {
		return nil, err
	}
	return o.db.Points(ctx)
}

// Point is one service point.
//
// Errors: Forbidden, NotFound.
func (o *Office) Point(ctx context.Context, a mediation.Actor, id string) (*Point, error) {
	if err := o.may(a, officeObject, read); err != nil {
		return nil, err
	}
	if !isID(id) {
		return nil, notFound()
	}
	return found(o.db.Point(ctx, id))
}
