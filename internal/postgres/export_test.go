package postgres

// Sealed is a sealed column as the tests see it: SQL over the row t for its place.
type Sealed struct{ Table, Column, Row string }

// SealedColumns lists every column that is rotated.
func SealedColumns() []Sealed {
	var all []Sealed
	for _, t := range sealedTables {
		for _, c := range t.columns {
			all = append(all, Sealed{t.name, c, t.row})
		}
	}
	return all
}
