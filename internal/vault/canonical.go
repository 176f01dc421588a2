package vault

import (
	"encoding"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// ErrCanonical says that a value has no canonical form; the text names the spot
// and what to do.
var ErrCanonical = errors.New("the value has no canonical form")

// maxDepth bounds nesting, so that a value that holds itself ends in an error.
const maxDepth = 64

// canonicalTime is RFC 3339 in UTC with microseconds, the precision in which
// PostgreSQL keeps times.
const canonicalTime = "2006-01-02T15:04:05.000000Z"

// Canonical writes a value in the one JSON form that digests are made of: keys
// sorted by their bytes, no spaces, strings escaped no more than JSON demands,
// times in UTC with microseconds, bytes in hex. It takes booleans, whole
// numbers, strings, times, bytes, text marshalers (ids), and lists, structs and
// maps with string keys of these. Struct fields go by their json tag; "-",
// omitempty and omitzero hold, so that a field added later leaves old digests as
// they are. A nil list is [] and a nil map {}, because a database does not keep
// the difference.
//
// Errors: ErrCanonical for what would not come back the same: floats, text that
// is not UTF-8, a time with parts below a microsecond, a key that stands twice,
// and kinds not named above.
func Canonical(v any) ([]byte, error) {
	w := &writer{}
	if err := w.value(reflect.ValueOf(v), 0); err != nil {
		return nil, fmt.Errorf("vault: %s: %w", strings.TrimPrefix("value"+w.spot(), "value."), err)
	}
	return w.out, nil
}

// writer keeps the path to the value being written, so an error can name it.
type writer struct {
	out  []byte
	path []string
}

func (w *writer) spot() string { return strings.Join(w.path, "") }

func refused(format string, args ...any) error {
	return fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), ErrCanonical)
}

func (w *writer) value(v reflect.Value, depth int) error {
	if depth > maxDepth {
		return refused("nested more than %d deep; does it hold itself?", maxDepth)
	}
	if !v.IsValid() {
		w.out = append(w.out, "null"...)
		return nil
	}
	if v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		if v.IsNil() {
			w.out = append(w.out, "null"...)
			return nil
		}
		return w.value(v.Elem(), depth+1)
	}
	if v.CanInterface() {
		if done, err := w.known(v.Interface()); done || err != nil {
			return err
		}
	}
	switch v.Kind() {
	case reflect.Slice, reflect.Array:
		return w.list(v, depth)
	case reflect.Map:
		return w.dict(v, depth)
	case reflect.Struct:
		return w.record(v, depth)
	default:
		return w.scalar(v)
	}
}

// known writes the types that have a form of their own.
func (w *writer) known(v any) (bool, error) {
	switch v := v.(type) {
	case time.Time:
		return true, w.time(v)
	case encoding.TextMarshaler:
		text, err := v.MarshalText()
		if err != nil {
			return false, fmt.Errorf("%w: %w", ErrCanonical, err)
		}
		return true, w.text(string(text))
	}
	return false, nil
}

func (w *writer) scalar(v reflect.Value) error {
	switch v.Kind() {
	case reflect.Bool:
		w.out = strconv.AppendBool(w.out, v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		w.out = strconv.AppendInt(w.out, v.Int(), 10)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		w.out = strconv.AppendUint(w.out, v.Uint(), 10)
	case reflect.String:
		return w.text(v.String())
	case reflect.Float32, reflect.Float64:
		return refused("a float differs from machine to machine; give whole units (fen, metres, seconds)")
	default:
		return refused("%s is none of the kinds that have one", v.Type())
	}
	return nil
}

func (w *writer) time(t time.Time) error {
	t = t.UTC()
	if t.Nanosecond()%1000 != 0 {
		return refused("the time has parts below a microsecond, which the database would round; cut it with Truncate(time.Microsecond) before it is stored")
	}
	if t.Year() < 0 || t.Year() > 9999 {
		return refused("the year has more than 4 digits")
	}
	w.out = t.AppendFormat(append(w.out, '"'), canonicalTime)
	w.out = append(w.out, '"')
	return nil
}

// text escapes what JSON demands and nothing else, so the form does not hang on
// the habits of an encoder (HTML escapes, U+2028).
func (w *writer) text(s string) error {
	if !utf8.ValidString(s) {
		return refused("the text is not UTF-8")
	}
	w.out = append(w.out, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			w.out = append(w.out, '\\', c)
		case c < 0x20:
			w.out = fmt.Appendf(w.out, `\u%04x`, c)
		default:
			w.out = append(w.out, c)
		}
	}
	w.out = append(w.out, '"')
	return nil
}

func (w *writer) list(v reflect.Value, depth int) error {
	if elem := v.Type().Elem(); elem.Kind() == reflect.Uint8 && !ownForm(elem) {
		w.out = append(w.out, '"')
		for i := range v.Len() {
			w.out = hex.AppendEncode(w.out, []byte{byte(v.Index(i).Uint())})
		}
		w.out = append(w.out, '"')
		return nil
	}
	w.out = append(w.out, '[')
	for i := range v.Len() {
		if i > 0 {
			w.out = append(w.out, ',')
		}
		if err := w.member("["+strconv.Itoa(i)+"]", v.Index(i), depth); err != nil {
			return err
		}
	}
	w.out = append(w.out, ']')
	return nil
}

func (w *writer) dict(v reflect.Value, depth int) error {
	if v.Type().Key().Kind() != reflect.String {
		return refused("a map needs string keys, not %s", v.Type().Key())
	}
	fields := make(map[string]reflect.Value, v.Len())
	for _, k := range v.MapKeys() {
		fields[k.String()] = v.MapIndex(k)
	}
	return w.object(fields, depth)
}

func (w *writer) record(v reflect.Value, depth int) error {
	fields := make(map[string]reflect.Value, v.NumField())
	if err := gather(v, fields); err != nil {
		return err
	}
	return w.object(fields, depth)
}

// gather collects the fields of a struct by their names, with those of embedded
// structs as its own.
func gather(v reflect.Value, fields map[string]reflect.Value) error {
	hidden := v.NumField() > 0
	for i := range v.NumField() {
		f, value := v.Type().Field(i), v.Field(i)
		hidden = hidden && !f.IsExported() && !f.Anonymous
		tag, tagged := f.Tag.Lookup("json")
		name, options, _ := strings.Cut(tag, ",")
		switch {
		case tag == "-":
			continue
		case f.Anonymous && f.Type.Kind() == reflect.Pointer && !f.IsExported():
			return refused("%s embeds a pointer that cannot be read; embed the value", v.Type())
		case f.Anonymous && f.Type.Kind() == reflect.Struct && (!tagged || name == "") && !ownForm(f.Type):
			if err := gather(value, fields); err != nil {
				return err
			}
			continue
		case !f.IsExported() || left(value, strings.Split(options, ",")):
			continue
		case name == "":
			name = f.Name
		}
		if _, twice := fields[name]; twice {
			return refused("the field %s stands twice", name)
		}
		fields[name] = value
	}
	if hidden {
		return refused("%s shows no field, so two of them would look alike", v.Type())
	}
	return nil
}

// ownForm says that a type is written by known, and so is no bundle of fields.
func ownForm(t reflect.Type) bool {
	return t == reflect.TypeFor[time.Time]() || t.Implements(reflect.TypeFor[encoding.TextMarshaler]())
}

// left says that a field is left out, as encoding/json would.
func left(v reflect.Value, options []string) bool {
	if slices.Contains(options, "omitzero") {
		if z, ok := v.Interface().(interface{ IsZero() bool }); ok {
			return (v.Kind() == reflect.Pointer && v.IsNil()) || z.IsZero()
		}
		return v.IsZero()
	}
	if !slices.Contains(options, "omitempty") {
		return false
	}
	switch v.Kind() {
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return false
	default:
		return v.IsZero()
	}
}

func (w *writer) object(fields map[string]reflect.Value, depth int) error {
	w.out = append(w.out, '{')
	for i, name := range slices.Sorted(maps.Keys(fields)) {
		if i > 0 {
			w.out = append(w.out, ',')
		}
		if err := w.text(name); err != nil {
			return err
		}
		w.out = append(w.out, ':')
		if err := w.member("."+name, fields[name], depth); err != nil {
			return err
		}
	}
	w.out = append(w.out, '}')
	return nil
}

// member writes one part. The path is shortened only after success: on failure
// it is where the trouble lies.
func (w *writer) member(step string, v reflect.Value, depth int) error {
	w.path = append(w.path, step)
	if err := w.value(v, depth+1); err != nil {
		return err
	}
	w.path = w.path[:len(w.path)-1]
	return nil
}
