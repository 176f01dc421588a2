package web

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"doorstep/internal/ink"
	"doorstep/internal/mediation"
)

// FieldKind is the control a field is shown as.
type FieldKind string

// The kinds of field.
const (
	FieldText       FieldKind = "text"
	FieldTextArea   FieldKind = "textarea"
	FieldTel        FieldKind = "tel"
	FieldDate       FieldKind = "date"     // value "2006-01-02"
	FieldDateTime   FieldKind = "datetime" // value "2006-01-02T15:04" in the community's zone
	FieldNumber     FieldKind = "number"
	FieldMoney      FieldKind = "money" // yuan with at most two decimals
	FieldSelect     FieldKind = "select"
	FieldRadio      FieldKind = "radio"
	FieldCheckbox   FieldKind = "checkbox" // one box; Value is what is sent when it is ticked
	FieldCheckboxes FieldKind = "checkboxes"
	FieldFile       FieldKind = "file"
	FieldDrawing    FieldKind = "drawing" // a field to sign in; value: strokes as package ink reads them
	FieldHidden     FieldKind = "hidden"
	FieldPassword   FieldKind = "password"
	FieldStatic     FieldKind = "static" // shown, not sent
)

// Option is one choice of a select, a radio group or a set of boxes.
type Option struct {
	Value, Label, Help string
	Selected           bool
}

// Field is one question of a form. All its texts are in the reader's language.
type Field struct {
	Name     string // as posted; rows use obligations[0].who
	Kind     FieldKind
	Label    string
	Help     string
	Value    string
	Values   []string // of FieldCheckboxes
	Checked  bool     // of FieldCheckbox
	Options  []Option
	Error    string
	Required bool

	Rows         int    // of FieldTextArea; 0 gives 5
	Autocomplete string // as in HTML: "name", "tel", "off"
	Inputmode    string // "numeric", "decimal"; Tel, Number and Money have their own
	Min, Max     string // of dates and numbers
	MaxLength    int    // in UTF-16 units, as the browser counts; 0 for none
	Unit         string // stands behind the box ("元")
	Suggest      string // the list of the form whose entries are offered while typing
	Accept       string // of FieldFile
	Multiple     bool   // of FieldFile
	Disabled     bool
	Short        bool // the answer is short: a narrow box
}

// ID is the field's address in the page; links of the error summary go there.
func (f Field) ID() string { return "f-" + idSafe.Replace(f.Name) }

var idSafe = strings.NewReplacer("[", "-", "]", "", ".", "-", " ", "-")

// Describes lists the ids of help and error, for aria-describedby.
func (f Field) Describes() string {
	var ids []string
	if f.Help != "" {
		ids = append(ids, f.ID()+"-help")
	}
	if f.Error != "" {
		ids = append(ids, f.ID()+"-error")
	}
	return strings.Join(ids, " ")
}

// Grouped says whether the field is a group of controls under one question.
func (f Field) Grouped() bool { return f.Kind == FieldRadio || f.Kind == FieldCheckboxes }

// InputType is the type attribute of a one-line box. Numbers are text boxes
// with a digit keyboard: a number box changes its value when scrolled over.
func (f Field) InputType() string {
	switch f.Kind {
	case FieldTel, FieldPassword, FieldFile, FieldHidden, FieldDate:
		return string(f.Kind)
	case FieldDateTime:
		return "datetime-local"
	}
	return "text"
}

// Keyboard is the inputmode attribute.
func (f Field) Keyboard() string {
	switch {
	case f.Inputmode != "":
		return f.Inputmode
	case f.Kind == FieldNumber:
		return "numeric"
	case f.Kind == FieldMoney:
		return "decimal"
	case f.Kind == FieldTel:
		return "tel"
	}
	return ""
}

// Lines is the height of a text area in lines.
func (f Field) Lines() int {
	if f.Rows > 0 {
		return f.Rows
	}
	return 5
}

// Ticked says whether a single box is ticked.
func (f Field) Ticked() bool { return f.Checked }

// Sends is what a single box sends when it is ticked.
func (f Field) Sends() string {
	if f.Value == "" {
		return "yes"
	}
	return f.Value
}

// Picked says whether an option is chosen.
func (f Field) Picked(o Option) bool {
	if o.Selected {
		return true
	}
	if f.Kind == FieldCheckboxes {
		return slices.Contains(f.Values, o.Value)
	}
	return f.Value == o.Value && f.Value != ""
}

// Choices are the options with the picked ones marked, so that the template need
// not ask for each.
func (f Field) Choices() []Option {
	list := slices.Clone(f.Options)
	for i := range list {
		list[i].Selected = f.Picked(list[i])
	}
	return list
}

// OptionID is the id of the nth option; the first one has the field's own id,
// so that a link to the question lands on something that takes focus.
func (f Field) OptionID(n int) string {
	if n == 0 {
		return f.ID()
	}
	return f.ID() + "-" + strconv.Itoa(n+1)
}

// fill takes the posted values over. Passwords and files are never sent back,
// and what is only shown is not the reader's to change.
func (f *Field) fill(v url.Values) {
	switch f.Kind {
	case FieldPassword, FieldFile, FieldStatic, FieldHidden:
		return
	case FieldDrawing:
		if f.Value = v.Get(f.Name); len(f.Value) > ink.MaxText {
			f.Value = ""
		}
		return
	case FieldCheckbox:
		f.Checked = v.Has(f.Name)
		return
	case FieldCheckboxes:
		f.Values = v[f.Name]
	case FieldText, FieldTextArea, FieldTel, FieldDate, FieldDateTime, FieldNumber, FieldMoney, FieldSelect, FieldRadio:
		f.Value = v.Get(f.Name)
	}
	for i := range f.Options {
		f.Options[i].Selected = false // the page's first choice is no longer the reader's
	}
}

// Group is one row of a repeated part, shown as a fieldset.
type Group struct {
	Legend string
	Fields []Field
}

// Rows is a part of a form that repeats. Without script, "add another" and
// "remove" are submit buttons: see EditRows.
type Rows struct {
	Name   string // "obligations" for fields named obligations[0].who
	Legend string
	Help   string
	Error  string
	Add    string // label of the button; "" for the general one
	Groups []Group
	Max    int // no button beyond this many rows; 0 for no end
	Min    int // no removing below this many
}

// Full says whether no further row fits.
func (r Rows) Full() bool { return r.Max > 0 && len(r.Groups) >= r.Max }

// Removable says whether a row may go.
func (r Rows) Removable() bool { return len(r.Groups) > r.Min }

// Count is the number of rows drawn.
func (r Rows) Count() int { return len(r.Groups) }

// ID is where a link of the error summary goes.
func (r Rows) ID() string { return "f-" + idSafe.Replace(r.Name) }

// Row is the name of the nth row, as its remove button sends it.
func (r Rows) Row(n int) string { return fmt.Sprintf("%s[%d]", r.Name, n) }

// Section is a titled part of a longer form.
type Section struct {
	Title, Help string
	Fields      []Field
	Rows        *Rows
}

// Form is a form as data. Fields come first, then the sections.
type Form struct {
	Action    string
	Method    string // "post" unless set to "get"
	Submit    string // label of the main button; "" for the general one
	Cancel    string // address of the way back; "" for none
	Problem   string // what is wrong with the whole, in the reader's language
	Fields    []Field
	Sections  []Section
	Lists     []Suggestions
	Version   int    // row version the form was drawn from; 0 for none
	Danger    bool   // the act ends something
	Beside    bool   // the act is open and not what is waited for
	Multipart bool   // has files
	Autosave  string // key of the draft; "" for none
	Loose     []Fault
}

// Suggestions are usual answers, offered while somebody types; any other may be
// typed as well.
type Suggestions struct {
	ID    string
	Texts []string
}

// Fault is one line of the summary above the form; ID is "" when the fault
// belongs to no field that is shown.
type Fault struct{ ID, Label, Text string }

// Verb is the method attribute.
func (f Form) Verb() string {
	if strings.EqualFold(f.Method, "get") {
		return "get"
	}
	return "post"
}

// HasRows says whether the form has a part that repeats. Such a form begins
// with a hidden copy of its main button: the browser presses the first button
// for whoever presses Enter, and that must not be "add another".
func (f Form) HasRows() bool {
	return slices.ContainsFunc(f.Sections, func(s Section) bool { return s.Rows != nil })
}

// HasRequired says whether any question must be answered.
func (f Form) HasRequired() bool {
	found := false
	f.each(func(x *Field) { found = found || x.Required })
	return found
}

// Faults lists every fault in the order of the page, for the summary.
func (f Form) Faults() []Fault {
	var faults []Fault
	f.each(func(x *Field) {
		if x.Error != "" {
			faults = append(faults, Fault{ID: x.ID(), Label: x.Label, Text: x.Error})
		}
	})
	for _, s := range f.Sections {
		if s.Rows != nil && s.Rows.Error != "" {
			faults = append(faults, Fault{ID: s.Rows.ID(), Label: s.Rows.Legend, Text: s.Rows.Error})
		}
	}
	return append(faults, f.Loose...)
}

// Fill draws the form again with what was posted.
func (f *Form) Fill(v url.Values) { f.each(func(x *Field) { x.fill(v) }) }

// Mark writes the faults of an Invalid error beside their fields, in the page's
// language, and the error's own sentence above the form. A fault of a field
// that is not shown goes to the summary, so that nothing wrong stays unsaid.
// It says whether the error was one for the form at all.
func (f *Form) Mark(p Page, err error) bool {
	if mediation.KindOf(err) != mediation.Invalid {
		return false
	}
	e := asError(err)
	rest := maps.Clone(e.Fields)
	f.each(func(x *Field) {
		if key, ok := rest[x.Name]; ok {
			x.Error = p.fault(key, e)
			delete(rest, x.Name)
		}
	})
	for i := range f.Sections {
		if r := f.Sections[i].Rows; r != nil && rest[r.Name] != "" {
			r.Error = p.fault(rest[r.Name], e)
			delete(rest, r.Name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(rest)) {
		f.Loose = append(f.Loose, Fault{Text: p.fault(rest[name], e)})
	}
	if e.Key != "" && e.Key != "error.check_fields" {
		f.Problem = p.Message(err)
	}
	return true
}

// each visits every field in the order of the page.
func (f *Form) each(visit func(*Field)) {
	for i := range f.Fields {
		visit(&f.Fields[i])
	}
	for i := range f.Sections {
		s := &f.Sections[i]
		for j := range s.Fields {
			visit(&s.Fields[j])
		}
		if s.Rows == nil {
			continue
		}
		for j := range s.Rows.Groups {
			g := &s.Rows.Groups[j]
			for k := range g.Fields {
				visit(&g.Fields[k])
			}
		}
	}
}

// EditRows carries out "add another" and "remove" on posted values: v is
// changed in place, n is how many rows to draw (0 to limit), and again says
// that the reader pressed one of the two buttons, so the form is to be drawn
// once more and nothing is to be done.
func EditRows(v url.Values, name string, limit int) (n int, again bool) {
	n, err := strconv.Atoi(v.Get("_rows." + name))
	if err != nil || n < 0 {
		n = 0
	}
	n = min(n, limit)
	if v.Get("_add") == name {
		n, again = min(n+1, limit), true
	}
	for i := range n {
		if v.Get("_remove") == fmt.Sprintf("%s[%d]", name, i) {
			removeRow(v, name, i, n)
			n, again = n-1, true
			break
		}
	}
	v.Set("_rows."+name, strconv.Itoa(n))
	return n, again
}

// removeRow drops row gone and moves the later ones up by one.
func removeRow(v url.Values, name string, gone, n int) {
	for i := gone; i < n; i++ {
		from, to := fmt.Sprintf("%s[%d]", name, i+1), fmt.Sprintf("%s[%d]", name, i)
		for _, key := range slices.Collect(maps.Keys(v)) {
			if strings.HasPrefix(key, to) {
				delete(v, key)
			}
		}
		for _, key := range slices.Collect(maps.Keys(v)) {
			if rest, ok := strings.CutPrefix(key, from); ok {
				v[to+rest] = v[key]
			}
		}
	}
}
