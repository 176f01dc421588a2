// Package endure holds the promises that only show from outside: what was
// acknowledged is never lost and never done twice, of two who change the same
// thing one wins and the other loses no word, and whatever comes in or fails,
// the waits, the memory and the words stay bounded.
//
// Its tests build the program as it ships, run it as a child with a database of
// its own, and put it under retries, kills, silence and floods; what was
// acknowledged is written down outside and compared afterwards. Each promise has
// a short form, which always runs, and a long one:
//
//	go test ./internal/endure -v -timeout 2h -endure.long
package endure
