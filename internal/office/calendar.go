package office

import (
	"context"
	"strings"

	"doorstep/internal/mediation"
	"doorstep/internal/place"
	"doorstep/internal/postgres"
	"doorstep/internal/statute"
)

// Calendar is the shipped legal calendar with the days of the office over it.
// Reckoning a deadline is no act of a person, so it asks for no actor.
func (o *Office) Calendar(ctx context.Context) (*statute.Calendar, error) {
	days, err := o.db.CalendarDays(ctx)
	if err != nil {
		return nil, err
	}
	return statute.DefaultCalendar().With(days...), nil
}

// CalendarDays is the days the office added, in order.
//
// Errors: Forbidden.
func (o *Office) CalendarDays(ctx context.Context, a mediation.Actor) ([]statute.Exception, error) {
	if err := o.may(a, officeObject, read); err != nil {
		return nil, err
	}
	return o.db.CalendarDays(ctx)
}

// AddCalendarDay adds a holiday or a weekend day worked in exchange (调休); a day
// added before is put right. The docket counts running clocks again, and each
// case says which moved.
//
// Errors: Forbidden; Invalid with the fields day and name_zh.
//
// Source: CC 203 (a last day that is a holiday moves on).
func (o *Office) AddCalendarDay(ctx context.Context, a mediation.Actor, d statute.Exception) error {
	if err := o.may(a, officeObject, manage); err != nil {
		return err
	}
	trim(&d.NameZH, &d.NameEN)
	faults := mediation.Faults{}
	if d.Day.IsZero() {
		faults.Mark("day", "error.date")
	}
	faults.Require("name_zh", d.NameZH)
	short(faults, "name_zh", d.NameZH, place.MaxName)
	short(faults, "name_en", d.NameEN, 2*place.MaxName)
	if err := faults.Err(); err != nil {
		return err
	}
	return o.saveDays(ctx, a, []statute.Exception{d})
}

// mostDays is how many days one notice brings in at most; a year's has about 40.
const mostDays = 400

// ImportCalendar adds a whole notice, one line a day: date, off or work, the name
// in Chinese, the name in English. It gives how many days came in; one wrong line
// refuses them all.
//
// Errors: Forbidden; Invalid with the field notice.
func (o *Office) ImportCalendar(ctx context.Context, a mediation.Actor, notice string) (int, error) {
	if err := o.may(a, officeObject, manage); err != nil {
		return 0, err
	}
	days, err := statute.ReadExceptions(strings.NewReader(notice))
	if err != nil || len(days) == 0 || len(days) > mostDays {
		return 0, &mediation.Error{Kind: mediation.Invalid, Key: "error.check_fields",
			Fields: mediation.Faults{"notice": "error.calendar_notice"}, Err: err}
	}
	return len(days), o.saveDays(ctx, a, days)
}

func (o *Office) saveDays(ctx context.Context, a mediation.Actor, days []statute.Exception) error {
	return o.change(ctx, a, "set_calendar", func(tx postgres.Tx, e *postgres.OfficeEvent) error {
		e.Codes = map[string]string{"day": days[0].Day.String(), "last": days[len(days)-1].Day.String()}
		for _, d := range days {
			if err := tx.SaveCalendarDay(ctx, d); err != nil {
				return err
			}
		}
		return tx.CalendarChanged(ctx)
	})
}
