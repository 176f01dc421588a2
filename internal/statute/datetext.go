package statute

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// String gives "2006-01-02"; "" for none.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	y, m, day := d.civil()
	return fmt.Sprintf("%04d-%02d-%02d", y, m, day)
}

// MarshalText gives the text of String.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads "2006-01-02"; an empty text is none, as an empty field of
// a form is.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	read, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = read
	return nil
}

// MarshalJSON gives the day in quotes, and null for none.
func (d Date) MarshalJSON() ([]byte, error) {
	if d.IsZero() {
		return []byte("null"), nil
	}
	return []byte(`"` + d.String() + `"`), nil
}

// UnmarshalJSON reads a day in quotes; null and "" are none.
func (d *Date) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		*d = Date{}
		return nil
	}
	if len(text) < 2 || text[0] != '"' || text[len(text)-1] != '"' {
		return fmt.Errorf("statute: date %s: write the day as \"2026-03-05\" or null", text)
	}
	return d.UnmarshalText(text[1 : len(text)-1])
}

// Value gives the day as text for a date column, which no session time zone can
// shift; NULL for none.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads a date column; NULL is none. The driver hands a date over as
// midnight, whose civil day is taken as it stands. A value with a time of day is
// refused: it comes from a timestamp, whose day depends on the zone.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = Date{}
		return nil
	case string:
		return d.UnmarshalText([]byte(v))
	case []byte:
		return d.UnmarshalText(v)
	case time.Time:
		return d.scanTime(v)
	}
	return fmt.Errorf("statute: scan %T: read the day from a column of type date", src)
}

func (d *Date) scanTime(t time.Time) error {
	if h, m, s := t.Clock(); h != 0 || m != 0 || s != 0 || t.Nanosecond() != 0 {
		return fmt.Errorf("statute: scan %s: read the day from a column of type date, not from a timestamp", t.Format(time.RFC3339))
	}
	day := NewDate(t.Date())
	if day.IsZero() {
		return fmt.Errorf("statute: scan %s: the year must lie between 0001 and 9999", t.Format(time.RFC3339))
	}
	*d = day
	return nil
}
