package web

import (
	"database/sql"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
	"doorstep/internal/vault"
)

// sealedWords are the sealed values of all people of a town in the open, as far as
// they say something by themselves: a text of a case may name the same house.
func (tn *town) sealedWords(t *testing.T) []string {
	t.Helper()
	keys, words := vault.TestKeys(), []string{}
	for column, table := range map[string]string{"phone_sealed": "persons", "id_sealed": "persons", "address_sealed": "persons"} {
		words = append(words, opened(t, tn.owner, keys, table, column)...)
	}
	for _, birth := range opened(t, tn.owner, keys, "persons", "birth_sealed") {
		on, err := statute.ParseDate(birth)
		if err != nil {
			t.Fatal(err)
		}
		words = append(words, birth, on.Start().Format("2006年1月2日"), on.Start().Format("2 Jan 2006"))
	}
	return append(words, opened(t, tn.owner, keys, "users", "phone_sealed")...)
}

func opened(t *testing.T, db *sql.DB, keys *vault.Keys, table, column string) (words []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), `SELECT id::text, `+column+` FROM `+table+` WHERE `+column+` IS NOT NULL`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var sealed []byte
		if err := rows.Scan(&id, &sealed); err != nil {
			t.Fatal(err)
		}
		plain, err := keys.Open(vault.AAD{Table: table, Column: column, Row: id}, sealed)
		if err != nil {
			t.Fatal(err)
		}
		words = append(words, plain)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return words
}

// plant gives a party of some cases in every stage an address that nothing else
// names: the stories' own stand in their texts as well.
func (tn *town) plant(t *testing.T) (address string) {
	t.Helper()
	const planted = "槐荫弄 77 号 9 单元 1903 室"
	done := map[mediation.Stage]bool{}
	for _, c := range tn.cases {
		for _, g := range tn.actors {
			if done[c.Stage] || !mediation.AnyAllows(tn.policy.Scope(g.actor, "case", mediation.UpdateParty), g.actor, c.Row(), tn.site.Now()) {
				continue
			}
			p := c.Parties[0]
			_, err := tn.site.Desk.Do(t.Context(), g.actor, c.ID, 0, &mediation.PartyChange{PartyEntry: mediation.PartyEntry{Party: p.ID, Side: p.Side,
				Capacity: "adult", Name: p.Name, Address: planted}})
			done[c.Stage] = err == nil // a stage that is over takes no more
		}
	}
	if len(done) < 5 {
		t.Fatalf("planted in %d stages", len(done))
	}
	return planted
}

// secrets looks for the sealed values in whatever a town answers.
type secrets struct {
	planted string
	words   []string
	masks   int
}

func (tn *town) secrets(t *testing.T) *secrets {
	t.Helper()
	s := &secrets{planted: tn.plant(t)}
	for _, w := range tn.sealedWords(t) {
		if !strings.ContainsAny(w, "室号") { // addresses of the stories stand in their texts
			s.words = append(s.words, w)
		}
	}
	if len(s.words) < 60 {
		t.Fatalf("only %d sealed values are looked for", len(s.words))
	}
	s.words = append(s.words, s.planted)
	return s
}

// hidden holds that a page shows none of them in full.
func (s *secrets) hidden(t *testing.T, what, body string) {
	t.Helper()
	for _, word := range s.words {
		if strings.Contains(body, word) || strings.Contains(body, url.QueryEscape(word)) {
			t.Errorf("%s shows %s", what, word)
		}
	}
	s.masks += strings.Count(body, "槐荫弄")
}

// searched holds that a search for a full value lists nothing by it.
func (s *secrets) searched(t *testing.T, tn *town) {
	t.Helper()
	for _, word := range []string{s.words[0], s.words[len(s.words)/2], s.planted} {
		for _, g := range tn.actors {
			w := tn.send(g, http.MethodGet, "/cases?q="+url.QueryEscape(word))
			if doc := document(t, w.Body.String()); doc.Find("main table, main .cards").Length() > 0 {
				t.Errorf("a search for %s as %s finds something", word, g.name)
			}
		}
	}
	if s.masks == 0 {
		t.Error("no mask of the planted address was seen: the pages that would show it were not drawn")
	}
}
