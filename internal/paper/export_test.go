package paper

import "testing"

// Sample is a paper of a sample dispute, for tests that print it.
type Sample struct {
	Form, Rule string
	Paper      *Paper
}

// Samples are all of them.
func Samples(t *testing.T) []Sample {
	var list []Sample
	for _, s := range samples() {
		list = append(list, Sample{s.form, s.rule, mustBuild(t, s.form, s.make(), s.item)})
	}
	return list
}
