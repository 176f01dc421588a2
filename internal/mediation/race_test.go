//go:build race

package mediation_test

// rounds of a hundred walks. The rules run on one goroutine, so the race
// detector has nothing to find here and only makes them slow.
const rounds = 3
