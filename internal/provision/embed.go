package provision

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"io"
	"slices"

	"doorstep/internal/mediation"
	"doorstep/policies"
)

//go:embed proofs.csv
var proofLines []byte

//go:embed guards.csv
var guardLines []byte

// proofs are the tests of each rule: rule, package, test.
var proofs = readProofs(proofLines)

func readProofs(lines []byte) map[string][]Proof {
	all := map[string][]Proof{}
	for _, line := range records(lines, 3) {
		all[line[0]] = append(all[line[0]], Proof{Package: line[1], Test: line[2]})
	}
	return all
}

// guards are the refusals of the rules: key, source, file.
func guards() []Rule {
	var all []Rule
	for _, line := range records(guardLines, 3) {
		all = append(all, Rule{ID: "guard." + line[0], Kind: Guard, Source: line[1], Key: "rule." + line[0], Places: []Place{{AtGuard, line[2]}}})
	}
	return all
}

// roles are the roles the policy lets do an action on a case, by the action.
var roles = readRoles([]byte(policies.Lines))

func rolesFor(a mediation.Action) []string { return roles[string(a)] }

func readRoles(lines []byte) map[string][]string {
	all := map[string][]string{}
	for _, line := range records(lines, 0) {
		if len(line) == 5 && line[0] == "p" && line[2] == "case" && !slices.Contains(all[line[3]], line[1]) {
			all[line[3]] = append(all[line[3]], line[1])
		}
	}
	return all
}

// records reads lines of n values, any number for 0. What is embedded was
// written by the tests; a broken line is a broken build.
func records(lines []byte, n int) [][]string {
	r := csv.NewReader(bytes.NewReader(lines))
	r.Comment, r.FieldsPerRecord, r.TrimLeadingSpace = '#', n, true
	if n == 0 {
		r.FieldsPerRecord = -1
	}
	var all [][]string
	for {
		line, err := r.Read()
		if err == io.EOF {
			return all
		}
		if err != nil {
			panic("provision: an embedded file cannot be read: " + err.Error())
		}
		all = append(all, line)
	}
}
