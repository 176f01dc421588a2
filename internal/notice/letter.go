// Package notice writes and delivers mails. A mail carries no word of a case: it
// says that there is news and where to sign in. Whoever reads along on the way,
// or over a shoulder, learns that somebody has an account and nothing else.
package notice

import (
	"fmt"

	"doorstep/internal/locale"
)

// Kind is what a mail tells.
type Kind string

// The kinds of mail.
const (
	News      Kind = "news"       // something happened in a case
	Email     Kind = "email"      // confirm that this address is yours; has a link
	Password  Kind = "password"   // set a new password; has a link
	NewDevice Kind = "new_device" // somebody signed in from a device not seen before
	LinkMade  Kind = "link_made"  // the office made a link that sets your password
	FactorOff Kind = "factor_off" // the second factor was reset or switched off
	Trial     Kind = "trial"      // somebody who runs the program tries delivery

	Linked     Kind = "identity_linked" // an administrator linked the account to a sign-in at the provider
	Checkpoint Kind = "checkpoint"      // where the histories stand, for whoever keeps it outside
)

// Kinds lists every kind once.
var Kinds = []Kind{News, Email, Password, NewDevice, LinkMade, FactorOff, Linked, Trial, Checkpoint}

// linked are the pages the links of a kind lead to.
var linked = map[Kind]string{Email: "/confirm-email/", Password: "/set-password/"}

// HasLink says whether a mail of the kind needs the token of a one-time link.
func (k Kind) HasLink() bool { return linked[k] != "" }

// Mail is a mail ready to be sent. ID becomes the Message-ID, so that one sent
// twice can be told by whoever receives it.
//
// File is nil for a mail without an attachment.
type Mail struct {
	ID, To, Subject, Text string

	File *File
}

// File is what a mail carries along.
type File struct {
	Name string
	Data []byte
}

// Letter writes a mail of the kind in both languages, Chinese first: a mail that
// is asked for before anybody signed in knows no language. base is the address of
// the site without a slash at its end; token is that of a kind with a link.
func Letter(words *locale.Catalog, kind Kind, base, token string) (subject, text string) {
	url := base
	if kind.HasLink() {
		url = base + linked[kind] + token
	}
	say := func(lang locale.Lang, key string) string { return words.T(lang, key, "url", url, "site", base) }
	key := "mail." + string(kind)
	langs := []locale.Lang{locale.ZH, locale.EN}
	subjects, texts := make([]string, len(langs)), make([]string, len(langs))
	for i, lang := range langs {
		subjects[i] = say(lang, key+"_subject")
		texts[i] = say(lang, key) + "\n\n" + say(lang, "mail.foot")
	}
	return fmt.Sprintf("%s · %s", subjects[0], subjects[1]), fmt.Sprintf("%s\n\n——\n\n%s\n", texts[0], texts[1])
}
