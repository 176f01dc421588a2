package vault

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// 572 has check digit 4 in the literature on Damm's scheme.
func TestDammVector(t *testing.T) {
	if got := damm("572"); got != '4' {
		t.Errorf("check digit of 572 = %c, want 4", got)
	}
}

func TestReceiptCodeHasItsParts(t *testing.T) {
	c := NewReceiptCode()
	if !regexp.MustCompile(`^\d{4}( \d{4}){5}$`).MatchString(c.String()) {
		t.Errorf("%d characters, want six groups of four digits", len(c.String()))
	}
	plain := strings.ReplaceAll(c.String(), " ", "")
	if len(c.Locator()) != 9 || len(c.Secret()) != 14 || !strings.HasPrefix(plain, c.Locator()+c.Secret()) {
		t.Errorf("locator %d and secret %d digits, want 9 and 14, in this order", len(c.Locator()), len(c.Secret()))
	}
	if z := (Code{}); z.String()+z.Locator()+z.Secret() != "" {
		t.Error("the zero code has digits")
	}
}

func TestReceiptCodesAreEvenlyDrawn(t *testing.T) {
	const codes = 100_000
	var count [10]int
	seen := make(map[string]bool)
	for range codes {
		c := NewReceiptCode()
		seen[c.Locator()+c.Secret()] = true
		for _, d := range c.Locator() + c.Secret() {
			count[d-'0']++
		}
	}
	if len(seen) != codes {
		t.Errorf("%d codes repeat", codes-len(seen))
	}
	// 2.3 million digits: 230,000 of each, standard deviation 455; six of them is no
	// chance, and a careless remainder of a byte is off by ten.
	for d, n := range count {
		if n < 230_000-2730 || n > 230_000+2730 {
			t.Errorf("digit %d was drawn %d times, want about 230,000", d, n)
		}
	}
}

func TestReceiptCodeIsReadAsPeopleTypeIt(t *testing.T) {
	c := NewReceiptCode()
	groups := strings.Fields(c.String())
	wide := strings.Map(func(r rune) rune { return r - '0' + '０' }, strings.Join(groups, ""))
	for _, tt := range []struct{ rule, in string }{
		{"as printed", c.String()},
		{"without spaces", strings.Join(groups, "")},
		{"with dashes", strings.Join(groups, "-")},
		{"with long dashes", strings.Join(groups, " — ")},
		{"with full-width dashes", strings.Join(groups, "－")},
		{"with dots", strings.Join(groups, "·")},
		{"in full-width digits", wide},
		{"with full-width spaces around", "\u3000" + c.String() + "\u3000"},
		{"over two lines", strings.Join(groups[:3], " ") + "\r\n" + strings.Join(groups[3:], "\t")},
		{"with invisible characters of a chat", "\u200b" + c.String() + "\ufeff\u2060"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got, err := ParseReceiptCode(tt.in); err != nil || got != c {
				t.Errorf("not read: %v", err)
			}
		})
	}
}

func TestReceiptCodeRefused(t *testing.T) {
	c := NewReceiptCode().String()
	for _, tt := range []struct {
		rule, in string
		want     error
	}{
		{"nothing", "", ErrCodeLength},
		{"one digit short", c[:len(c)-1], ErrCodeLength},
		{"one digit more", c + "0", ErrCodeLength},
		{"a letter", "O" + c[1:], ErrCodeDigit},
		{"digits of another script", "٣" + c[1:], ErrCodeDigit},
		{"a whole page", strings.Repeat(" ", maxCodeInput) + c, ErrCodeLength},
		{"another check digit", c[:len(c)-1] + string('0'+(c[len(c)-1]-'0'+1)%10), ErrCodeCheck},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			got, err := ParseReceiptCode(tt.in)
			if !errors.Is(err, tt.want) || got != (Code{}) {
				t.Errorf("err = %v, want %v", err, tt.want)
			}
			if err != nil && len(tt.in) > 8 && strings.Contains(err.Error(), tt.in[:8]) {
				t.Errorf("the error repeats what was typed: %v", err)
			}
		})
	}
}

func TestEverySlipOfTheFingerIsFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := rapid.StringMatching(`[0-9]{23}`).Draw(t, "digits")
		code := []byte(body + string(damm(body)))
		for i := range code {
			for d := byte('0'); d <= '9'; d++ {
				wrong := bytes.Clone(code)
				wrong[i] = d
				if _, err := ParseReceiptCode(string(wrong)); (err == nil) != (d == code[i]) {
					t.Fatalf("digit %d read as %c in %s: %v", i, d, code, err)
				}
			}
			if i > 0 && code[i] != code[i-1] {
				swapped := bytes.Clone(code)
				swapped[i-1], swapped[i] = swapped[i], swapped[i-1]
				if _, err := ParseReceiptCode(string(swapped)); !errors.Is(err, ErrCodeCheck) {
					t.Fatalf("digits %d and %d of %s swapped: %v", i-1, i, code, err)
				}
			}
		}
	})
}

func TestReceiptCodeStaysOutOfLogs(t *testing.T) {
	c := NewReceiptCode()
	var b bytes.Buffer
	slog.New(slog.NewJSONHandler(&b, nil)).Info("filed", "code", c)
	slog.New(slog.NewTextHandler(&b, nil)).Info("filed", "code", c)
	for _, part := range []string{c.Secret(), c.Locator(), c.String()[:9]} {
		if strings.Contains(b.String(), part) {
			t.Errorf("the log shows a part of the code: %s", b.String())
		}
	}
	if n := strings.Count(b.String(), "(receipt code)"); n != 2 {
		t.Errorf("%d lines say that a code stood here, want 2: %s", n, b.String())
	}
}

func TestTokens(t *testing.T) {
	seen := make(map[string]bool)
	for range 1000 {
		token, digest := NewToken()
		if !regexp.MustCompile(`^[A-Z2-7]{26,}$`).MatchString(token) {
			t.Fatalf("a token of %d characters, want 26 of base32: 128 bits at least", len(token))
		}
		if !bytes.Equal(digest, Digest(token)) {
			t.Fatal("the digest given is not that of the token")
		}
		seen[token] = true
	}
	if len(seen) != 1000 {
		t.Errorf("%d tokens repeat", 1000-len(seen))
	}
	// FIPS 180-4, example "abc".
	const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
	if got := hex.EncodeToString(Digest("abc")); got != abc {
		t.Errorf("Digest(abc) = %s, want %s", got, abc)
	}
}

func FuzzParseReceiptCode(f *testing.F) {
	f.Add("1234 5678 9012 3456 7890 1234")
	f.Add("０００-0000\u3000")
	f.Fuzz(func(t *testing.T, in string) {
		c, err := ParseReceiptCode(in)
		if (err == nil) != (len(c.Secret()) == secretDigits) {
			t.Fatalf("err = %v with a secret of %d digits", err, len(c.Secret()))
		}
		if err != nil {
			return
		}
		if again, err := ParseReceiptCode(fmt.Sprint(c)); err != nil || again != c {
			t.Fatalf("the printed form does not read back: %v", err)
		}
	})
}
