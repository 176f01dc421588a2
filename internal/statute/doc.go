// Package statute is the law as data and pure functions: the legal calendar and
// how a term is reckoned, the deadlines of the procedure, the code lists, the
// forms, the duties to report, the other lawful routes, and the checks on what
// people type (identity numbers, telephone numbers, amounts).
//
// It imports the standard library only, keeps no state and reads no clock. Every
// rule names the article it rests on by a short key ("CC 201"); [Cite] turns the
// key into the title of the law. Where no law gives a number, the Status of the
// rule says so, and a committee may set its own (see [Limits]).
package statute
