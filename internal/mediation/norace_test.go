//go:build !race

package mediation_test

// rounds of a hundred walks: three thousand in all.
const rounds = 30
