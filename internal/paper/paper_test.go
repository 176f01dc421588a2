package paper

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"doorstep/internal/locale"
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
	"doorstep/templates"
)

// spoilt takes one fact away and names the gap that must then be listed.
type spoilt struct {
	what  string
	spoil func(*mediation.Case)
	gap   string
}

// sample is one paper of one dispute: what it must say, what it must not, and
// what is listed as missing when something is taken away.
type sample struct {
	form string
	rule string
	make func() *mediation.Case
	item mediation.ItemID
	must []string
	not  []string
	bad  []spoilt
}

func TestPaper(t *testing.T) {
	for _, tt := range samples() {
		t.Run(tt.form+"/"+tt.rule, func(t *testing.T) {
			p := mustBuild(t, tt.form, tt.make(), tt.item)
			text := written(p)
			for _, want := range tt.must {
				if !strings.Contains(text, want) {
					t.Errorf("the paper does not say %q:\n%s", want, text)
				}
			}
			for _, no := range append(tt.not, secret, "{", "}") {
				if strings.Contains(text, no) {
					t.Errorf("the paper says %q", no)
				}
			}
			if got := gaps(p); len(got) > 0 {
				t.Errorf("gaps = %v, want none on a complete case", got)
			}
			for _, s := range tt.bad {
				c := tt.make()
				s.spoil(c)
				if got := gaps(mustBuild(t, tt.form, c, tt.item)); !slices.Contains(got, s.gap) {
					t.Errorf("without %s: gaps = %v, want %q among them", s.what, got, s.gap)
				}
			}
		})
	}
}

func TestOverdueInstalmentIsToldWithItsDays(t *testing.T) {
	c := leak()
	c.FollowUps = []mediation.Visited{{ID: "f1", On: on(6, 25), Situation: "已付清", By: "med", Satisfaction: "fair"}}
	if text := written(mustBuild(t, "F15", c, "")); !strings.Contains(text, "已于2026年6月21日履行（逾期6天）") {
		t.Errorf("the late day is not told:\n%s", text)
	}
}

// TestWhatWasToldIsTickedByTheRecord, each thing by itself; what nobody noted is
// left to the hand, and said.
func TestWhatWasToldIsTickedByTheRecord(t *testing.T) {
	for _, tt := range []struct {
		introduced, risks bool
		says              []string
		byHand            bool
	}{
		{true, true, []string{"☑已向各方介绍", "☑已向各方说明"}, false},
		{true, false, []string{"☑已向各方介绍", "□已向各方说明"}, true},
		{false, true, []string{"□已向各方介绍", "☑已向各方说明"}, true},
		{false, false, []string{"□已向各方介绍", "□已向各方说明"}, true},
	} {
		c := noise()
		c.Sessions[0].Introduced, c.Sessions[0].RisksTold = tt.introduced, tt.risks
		p := mustBuild(t, "F10", c, "")
		for _, want := range tt.says {
			if text := written(p); !strings.Contains(text, want) {
				t.Errorf("%t, %t: not said %q in\n%s", tt.introduced, tt.risks, want, text)
			}
		}
		if got := slices.ContainsFunc(p.Missing, func(g Gap) bool { return g.Hand && g.What == "tick_told" }); got != tt.byHand {
			t.Errorf("%t, %t: left to the hand %t, want %t", tt.introduced, tt.risks, got, tt.byHand)
		}
	}
}

func TestPapersThatMakeNoSenseAreNotFound(t *testing.T) {
	for _, tt := range []struct {
		rule, form string
		c          *mediation.Case
		item       mediation.ItemID
	}{
		{"a form nobody knows", "F99", noise(), ""},
		{"no application where another body sent the case", "F01", noise(), ""},
		{"no acceptance of a refused matter", "F04", parking(), "p1"},
		{"no notice of acceptance for a stranger", "F04", fumes(), "p9"},
		{"no mediator before there is one", "F06", parking(), ""},
		{"no recusal nobody asked for", "F07", noise(), ""},
		{"no notice of a talk with one side", "F08", noise(), "s2"},
		{"no confirmation of an oral agreement", "F16", clutter(), ""},
		{"no confirmation before the agreement takes effect", "F17", gym(), ""},
		{"no receipt without an agreement", "F18", gym(), ""},
		{"no power of attorney without an agent", "F19", noise(), "p1"},
		{"no reminder of what is not late", "F20", leak(), "o3"},
		{"no danger where none was noted", "F22", asked0(), ""},
		{"no letter to a court nobody asked", "F23", leak(), ""},
		{"no papers wanted of a complete case", "F24", noise(), ""},
		{"no refusal of an accepted case", "F05", noise(), ""},
		{"no rights notice for a refused case", "F03", parking(), ""},
		{"no agreement before there is a draft", "F11", gym(), ""},
		{"no written agreement for an oral one", "F11", clutter(), ""},
		{"no oral entry for a written one", "F12", noise(), ""},
		{"no termination of a settled case", "F14", noise(), ""},
		{"no record of separate talks", "F10", noise(), "s2"},
		{"no record of a session of another case", "F10", noise(), "x"},
		{"no closing report while talks go on", "F25", accepted(filed("02", "02-noise", "x", person("p1", "甲", mediation.Applicant), person("p2", "乙", mediation.Respondent))), ""},
		{"a review must be named when there are two", "F21", lift(), ""},
		{"no visit that was not made", "F15", gym(), ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if p, err := Build(tt.form, tt.c, tt.item, desk(on(6, 1))); mediation.KindOf(err) != mediation.NotFound || err == nil {
				t.Errorf("got %v, %v; want NotFound", p, err)
			}
		})
	}
}

// TestSuspendedIsNotTerminated: 中止 and 终止 sound the same and must not be mixed.
func TestSuspendedIsNotTerminated(t *testing.T) {
	c := gym()
	c.Stage, c.EndedAs, c.OutcomeCode = mediation.Adjourned, "", ""
	if _, err := Build("F14", c, "", desk(on(6, 1))); mediation.KindOf(err) != mediation.NotFound || err == nil {
		t.Errorf("err = %v, want NotFound for a case that stands still", err)
	}
}

func TestReaderOfTheRegisterGetsNoRecord(t *testing.T) {
	c := noise()
	for i := range c.Sessions { // what the redaction leaves to who may not read records
		c.Sessions[i].Statements, c.Sessions[i].Attendance = nil, nil
	}
	if _, err := Build("F10", c, "s1", desk(on(6, 1))); mediation.KindOf(err) != mediation.NotFound || err == nil {
		t.Errorf("err = %v, want NotFound", err)
	}
}

func TestChoicesFollowTheCase(t *testing.T) {
	for _, tt := range []struct {
		rule string
		c    *mediation.Case
		want string
	}{
		{"settled and visited", noise(), "F02: F03: F04:p1 F04:p2 F06: F08:s1 F10:s1 F11: F15:f1 F16: F17: F18:o1 F18:o2 F22:r F23: F25: F26:p1 F26:p2 F27: F28: F29:"},
		{"papers wanted", asked(), "F01: F22:r F24:"},
		{"refused", parking(), "F01: F02: F05: F22:r F26:p1 F26:p2 F27: F28: F29:"},
		{"oral", clutter(), "F02: F03: F04:p1 F04:p2 F06: F12: F18:o1 F22:r F25: F26:p1 F26:p2 F27: F28: F29:"},
		{"failed", gym(), "F01: F02: F03: F04:p1 F04:p2 F06: F08:s1 F10:s1 F14: F22:r F25: F26:p1 F26:p2 F27: F28: F29:"},
		{"reviewed twice", lift(), "F01: F02: F03: F04:p1 F04:p2 F06: F08:s1 F10:s1 F11: F16: F17: F21:e1 F21:e2 F22:r F25: F26:p1 F26:p2 F27: F28: F29:"},
		{"instalments", late(), "F01: F02: F03: F04:p1 F04:p2 F04:p3 F06: F08:s1 F10:s1 F11: F16: F17: F18:o1 F18:o2 F18:o3 F20:o3 F22:r F25: F26:p1 F26:p2 F26:p3 F27: F28: F29:"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			var got []string
			for _, ch := range Choices(tt.c) {
				got = append(got, ch.Form+":"+string(ch.Item))
				if _, err := Build(ch.Form, tt.c, ch.Item, desk(on(6, 1))); err != nil {
					t.Errorf("%s is offered but cannot be built: %v", ch.Form, err)
				}
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, " ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestUnsignedAgreementIsADraftAndItsPlacesAreOpen(t *testing.T) {
	c := noise()
	c.EffectiveOn, c.Signatures, c.Stage = statute.Date{}, nil, mediation.AgreementDraft
	p := mustBuild(t, "F11", c, "")
	if !p.Draft || strings.Contains(written(p), "已签名") || strings.Contains(written(p), "生效日期") {
		t.Errorf("draft = %v:\n%s", p.Draft, written(p))
	}
}

func TestEveryFormHasItsOfficialTitleAndInsideFormsStayInside(t *testing.T) {
	var want []string
	for _, f := range statute.Forms() {
		want = append(want, f.Code)
	}
	if diff := cmp.Diff(want, Forms()); diff != "" {
		t.Error(diff)
	}
	for _, code := range want {
		insideOnly := slices.Contains([]string{"F09", "F15", "F21", "F22", "F23", "F25", "F26", "F27", "F28", "F29"}, code)
		if _, ok := For(code, &mediation.Party{Side: mediation.Applicant}); ok == insideOnly {
			t.Errorf("For(%s, an applicant) = %v", code, ok)
		}
	}
	if _, ok := For("F99", &mediation.Party{}); ok {
		t.Error("an unknown form is handed to parties")
	}
	if _, ok := For("F05", &mediation.Party{Side: mediation.Respondent}); ok {
		t.Error("the answer to the applicant is handed to the other side")
	}
	if item, ok := For("F03", &mediation.Party{ID: "p2"}); !ok || item != "p2" {
		t.Errorf("For(F03) = %q, %v; a party's notice is its own", item, ok)
	}
}

var gapWord = regexp.MustCompile(`What: "(\w+)"|s\.(?:fact|of|maybe|lines|byHand)\(.*?"(\w+)"\)`)

// TestEveryGapHasWordsInBothLanguages reads the source, so that a gap nobody has
// met yet has its words too.
func TestEveryGapHasWordsInBothLanguages(t *testing.T) {
	words, err := locale.Load(templates.FS)
	if err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob("*.go")
	seen := map[string]bool{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range gapWord.FindAllStringSubmatch(string(body), -1) {
			seen[m[1]+m[2]] = true
		}
	}
	for what := range seen {
		for _, lang := range locale.Langs {
			if !words.Has(lang, "paper.gap."+what) {
				t.Errorf("paper.gap.%s has no words in %s", what, lang)
			}
		}
	}
	for _, key := range words.Keys(locale.ZH) {
		if what, ok := strings.CutPrefix(key, "paper.gap."); ok && !seen[what] {
			t.Errorf("%s is a word for no gap", key)
		}
	}
}

func TestNumeralsCountArticles(t *testing.T) {
	for n, want := range map[int]string{1: "一", 9: "九", 10: "十", 11: "十一", 20: "二十", 30: "三十", 35: "三十五"} {
		if got := numeral(n); got != want {
			t.Errorf("numeral(%d) = %s, want %s", n, got, want)
		}
	}
}

var said = regexp.MustCompile(`s\.(?:say|points)\("(F\d\d\.\w+)"`)

// TestEverySentenceIsSaid: no paper asks for a sentence that is not there, and
// none is kept that nobody says.
func TestEverySentenceIsSaid(t *testing.T) {
	files, _ := filepath.Glob("*.go")
	asked := map[string]bool{}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range said.FindAllStringSubmatch(string(body), -1) {
			asked[m[1]] = true
		}
	}
	for key := range asked {
		if standard[key] == "" {
			t.Errorf("%s is said and has no words", key)
		}
	}
	for key := range standard {
		if !asked[key] {
			t.Errorf("%s has words and is never said", key)
		}
	}
}

// TestThePhraseBank: every phrase belongs to a dispute there is, and none would
// be found fault with by the lint of agreements.
func TestThePhraseBank(t *testing.T) {
	bank, err := LoadPhrases(templates.FS)
	if err != nil {
		t.Fatal(err)
	}
	for key, phrase := range bank {
		if key != "*" && !statute.Valid(statute.DisputeTypes, key) && !statute.Valid(statute.DisputeSubtypes, key) {
			t.Errorf("%s is no dispute", key)
		}
		for _, text := range append(phrase.What, phrase.How...) {
			if found := statute.Lint(statute.AgreementText{Promises: []statute.PromiseText{{What: text}}}); len(found) > 0 {
				t.Errorf("%s: the lint finds %q in %q", key, found[0].Code+" "+found[0].Word, text)
			}
		}
	}
	got := bank.For("02", "02-leak")
	if got.What[0] != "修好卫生间漏水的管道并做防水" || got.What[len(got.What)-1] != bank["*"].What[len(bank["*"].What)-1] {
		t.Errorf("for a leak: %v", got.What)
	}
}
