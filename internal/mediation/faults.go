package mediation

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"doorstep/internal/statute"
)

// Bounds of what is typed, in characters.
const (
	MaxName  = 60
	MaxLine  = 200
	MaxStory = 5000
)

// Faults gathers what is wrong with an input, so that a form shows everything
// at once instead of one fault a round.
type Faults map[string]string

// Mark notes a fault at a field; the first fault of a field stands.
func (f Faults) Mark(field, key string) {
	if _, taken := f[field]; !taken {
		f[field] = key
	}
}

// Require marks the field when the value is blank.
func (f Faults) Require(field, value string) {
	if strings.TrimSpace(value) == "" {
		f.Mark(field, "error.required")
	}
}

// Limit marks a text longer than most characters: MaxName, MaxLine or MaxStory,
// each of which has its own sentence.
func (f Faults) Limit(field, value string, most int) {
	if utf8.RuneCountInString(value) > most {
		f.Mark(field, fmt.Sprintf("error.too_long_%d", most))
	}
}

// Choice marks a value that is not in the code list.
func (f Faults) Choice(field, value string, list statute.List) {
	if value == "" {
		f.Mark(field, "error.required")
	} else if !statute.Valid(list, value) {
		f.Mark(field, "error.choice")
	}
}

// OneOf marks a value that is none of the allowed words.
func (f Faults) OneOf(field, value string, words ...string) {
	for _, w := range words {
		if value == w {
			return
		}
	}
	if value == "" {
		f.Mark(field, "error.required")
		return
	}
	f.Mark(field, "error.choice")
}

// Amount reads yuan into fen and marks what is not an amount.
func (f Faults) Amount(field, value string) int64 {
	if strings.TrimSpace(value) == "" {
		return 0
	}
	fen, err := statute.Fen(value)
	if err != nil {
		f.Mark(field, "error.amount")
	}
	return fen
}

// Phone marks what is not a phone number; "" is allowed.
func (f Faults) Phone(field, value string) {
	if value == "" {
		return
	}
	if _, _, err := statute.CheckPhone(value); err != nil {
		f.Mark(field, "error.phone")
	}
}

// IDNumber marks what is no citizen's identity number, and one that names a birth
// after today; "" is allowed. An unknown region is only worth a second look.
//
// Source: GB 11643.
func (f Faults) IDNumber(field, value string, today statute.Date) {
	if value == "" {
		return
	}
	switch n, err := statute.CheckIDNumber(value); {
	case err != nil:
		f.Mark(field, "error.id_number")
	case n.Unborn(today):
		f.Mark(field, "rule.number_unborn")
	}
}

// Account marks what cannot be a bank account: cards have 16 to 19 digits, passbooks
// and companies' accounts 8 to 30.
func (f Faults) Account(field, value string) {
	digits := strings.Join(strings.Fields(value), "")
	if value != "" && (len(digits) < 8 || len(digits) > 30 || strings.Trim(digits, "0123456789") != "") {
		f.Mark(field, "error.bank_account")
	}
}

func normalPhone(value string) string {
	normal, _, err := statute.CheckPhone(value)
	if err != nil {
		return ""
	}
	return normal
}

// Err is an Invalid error when anything was marked, else nil.
func (f Faults) Err() error {
	if len(f) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Key: "error.check_fields", Fields: f}
}
