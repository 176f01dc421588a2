package mediation_test

import (
	"errors"
	"reflect"
	"testing"

	. "doorstep/internal/mediation"
)

// spoiler is an act that writes into every list of a case and then fails.
type spoiler struct{ touched map[string]bool }

func (spoiler) Action() Action { return UpdateParty }

func (a spoiler) Apply(c *Case, _ *Scene) error {
	v := reflect.ValueOf(c).Elem()
	for i := range v.NumField() {
		if f := v.Field(i); f.Kind() == reflect.Slice && f.Len() > 0 {
			f.Index(0).SetZero()
			a.touched[v.Type().Field(i).Name] = true
		}
	}
	c.Stage, c.Title = Archived, "gone"
	return errors.New("it fails after all")
}

// TestPerformIsWhole: what fails late changes nothing, in whatever list it had
// already written. A list added to Case and forgotten in its copy fails here.
func TestPerformIsWhole(t *testing.T) {
	p := at(t, Registered)
	v := reflect.ValueOf(p.c).Elem()
	lists := 0
	for i := range v.NumField() {
		if f := v.Field(i); f.Kind() == reflect.Slice {
			lists++
			if f.Len() == 0 {
				f.Set(reflect.MakeSlice(f.Type(), 1, 1))
			}
			if f.Type().Elem().Kind() == reflect.String {
				f.Index(0).SetString("x")
				continue
			}
			for j := range f.Index(0).NumField() { // something in every row that can be lost
				if g := f.Index(0).Field(j); g.Kind() == reflect.String {
					g.SetString("x")
				}
			}
		}
	}
	before := copied(p.c)
	a := spoiler{map[string]bool{}}
	if _, err := p.try(RoleCoordinator, a); err == nil {
		t.Fatal("the act was to fail")
	}
	if len(a.touched) != lists {
		t.Errorf("%d of %d lists were touched", len(a.touched), lists)
	}
	if diff := changed(before, p.c); diff != "" {
		t.Errorf("a failed act changed the case:\n%s", diff)
	}
}
