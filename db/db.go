// Package db holds the shape of the database as data: the migrations, in
// order, built into the program. It runs nothing; package postgres does.
package db

import "embed"

// Migrations is the folder migrations/ as it was when the program was built.
//
// The folder is named and not the pattern *.sql, so that the program also
// builds on a branch that has no migration yet.
//
//go:embed migrations
var Migrations embed.FS
