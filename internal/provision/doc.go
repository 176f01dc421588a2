// Package provision is the register of rules: what law, standard or local
// setting asks of the program, where the program holds to it, which test proves
// it, and how well the source is known.
//
// Most of it is not written here but drawn from what the rules already carry:
// the deadlines, the code lists, the forms, the grounds of the lint and of the
// scope test, the lines of the procedure. What a refusal rests on is read from
// the source of the rules into guards.csv, and which test proves what from the
// comments of the tests into proofs.csv; the tests of this package write both
// (-update) and fail while a rule has no test or a test names no rule.
//
// A test says what it proves by a comment in or right above it:
//
//	// proves: D-12 act.apply_confirmation
//
// In a table of cases the comment stands above the case it means. A refusal
// needs no comment: a test that expects it by its key proves it.
//
// The package is pure: it reads what is embedded and no more.
package provision
