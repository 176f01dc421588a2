package office_test

import (
	"testing"

	"doorstep/internal/mediation"
	"doorstep/internal/office"
	"doorstep/internal/paper"
)

func TestACommitteePutsASentenceInItsOwnWords(t *testing.T) {
	h := open(t)
	id := h.committee(h.community())
	standard := paper.Wording{"F04.lead": "受理{dispute}，案号{number}。", "F04.rights": "人民调解不收费。"}
	set := func(key, text, before string) error {
		return h.office.SetSentence(h.ctx, h.admin, id, standard, office.Sentence{Key: key, Text: text, Before: before})
	}
	h.wantKind(set("F99.lead", "x", ""), mediation.NotFound, "error.not_found")
	for _, text := range []string{"受理{dispute}。", "受理{dispute}，{number}，{secret}。", "受理。"} {
		err := set("F04.lead", text, "")
		if f := mediation.FieldsOf(err); f["text"] != "rule.wording_blanks" {
			t.Errorf("%q: %v, want it refused for its blanks", text, err)
		}
	}
	own := "本委员会受理{number}（{dispute}）。"
	h.must(set("F04.lead", own, ""))
	stored, err := h.office.Wording(h.ctx, h.admin, id)
	h.must(err)
	if stored["F04.lead"] != own || standard.With(stored)["F04.lead"] != own || standard.With(stored)["F04.rights"] != "人民调解不收费。" {
		t.Errorf("stored %v", stored)
	}
	h.wantKind(set("F04.lead", "另一种{number}{dispute}", ""), mediation.Conflict, "error.stale")
	h.must(set("F04.lead", standard["F04.lead"], own)) // the standard is no own text
	if stored, err = h.office.Wording(h.ctx, h.admin, id); err != nil || len(stored) != 0 {
		t.Errorf("stored %v, %v; want nothing", stored, err)
	}
	if n := h.count(`SELECT count(*) FROM office_events WHERE action = 'change_wording'`); n != 2 {
		t.Errorf("%d lines of history, want 2", n)
	}
	clerk := mediation.Actor{User: h.admin.User, Grants: []mediation.Grant{{Role: mediation.RoleChair, Committee: id}}}
	h.wantKind(h.office.SetSentence(h.ctx, clerk, id, standard, office.Sentence{Key: "F04.rights", Text: "x"}), mediation.Forbidden, "error.forbidden")
}
