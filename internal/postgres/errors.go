package postgres

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"net"

	"github.com/lib/pq"

	"doorstep/internal/mediation"
)

// constraints says what a broken constraint means to the one who typed. The
// name is the key; the driver's English text is never matched.
var constraints = map[string]*mediation.Error{
	"users_username_once":           {Kind: mediation.Invalid, Key: "error.check_fields", Fields: mediation.Faults{"username": "error.username_taken"}},
	"users_username_shape":          {Kind: mediation.Invalid, Key: "error.check_fields", Fields: mediation.Faults{"username": "error.username"}},
	"users_phone_once":              {Kind: mediation.Invalid, Key: "error.check_fields", Fields: mediation.Faults{"phone": "error.phone_taken"}},
	"staff_identities_subject_once": {Kind: mediation.Invalid, Key: "error.check_fields", Fields: mediation.Faults{"subject": "error.identity_taken"}},
	"staff_identities_email_once":   {Kind: mediation.Invalid, Key: "error.check_fields", Fields: mediation.Faults{"email": "error.identity_taken"}},
	"committees_short_name_once":    {Kind: mediation.Invalid, Key: "error.check_fields", Fields: mediation.Faults{"short_name": "error.short_name_taken"}},
	"areas_code_once":               {Kind: mediation.Invalid, Key: "error.check_fields", Fields: mediation.Faults{"code": "error.area_code_taken"}},
	"areas_path_once":               {Kind: mediation.Invalid, Key: "error.check_fields", Fields: mediation.Faults{"code": "error.area_code_taken"}},
	"areas_code_shape":              {Kind: mediation.Invalid, Key: "error.check_fields", Fields: mediation.Faults{"code": "error.area_code"}},
	"grants_once":                   {Kind: mediation.Conflict, Key: "error.grant_exists"},
	"assignments_one_lead":          {Kind: mediation.Conflict, Key: "error.stale"},
	"escalations_one_open":          {Kind: mediation.Conflict, Key: "error.stale"},
	"events_seq_once":               {Kind: mediation.Conflict, Key: "error.stale"},
	"figure_reports_pkey":           {Kind: mediation.Conflict, Key: "error.stale"},
	"committee_screenings_pkey":     {Kind: mediation.Conflict, Key: "error.stale"},
	"committee_funds_pkey":          {Kind: mediation.Conflict, Key: "error.stale"},
	"subsidy_claims_one_a_case":     {Kind: mediation.Conflict, Key: "subsidy.claimed_already"},
}

// Classify gives an error from the database its kind, for callers that got it
// without one.
func Classify(err error) error { return classify(err) }

// classify gives an error its kind once: a named constraint, a database that is
// away or overloaded, a time that ran out. Everything else stays Internal.
func classify(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*mediation.Error](err); ok {
		return err
	}
	if fault, ok := errors.AsType[*pq.Error](err); ok {
		if known, ok := constraints[fault.Constraint]; ok {
			wrapped := *known
			wrapped.Err = err
			return &wrapped
		}
		switch fault.Code.Class() {
		case "08", "57", "53": // connection, operator intervention or time-out, resources
			return unavailable(err)
		}
		return err
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return unavailable(err)
	}
	if errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, context.DeadlineExceeded) {
		return unavailable(err)
	}
	return err
}

func unavailable(err error) error {
	return &mediation.Error{Kind: mediation.Unavailable, Key: "error.unavailable", Err: err}
}
