//go:build !race

package demo_test

// slower is how much more time the race detector is given.
const slower = 1
