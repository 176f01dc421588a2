// Package policies holds the policy of the program as data: the Casbin model
// and its lines.
package policies

import _ "embed"

// Model is the Casbin model.
//
//go:embed model.conf
var Model string

// Lines is the policy itself, one right a line.
//
//go:embed policy.csv
var Lines string
