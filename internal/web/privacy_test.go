package web

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"doorstep/internal/locale"
	"doorstep/internal/mediation"
)

// noticeTexts are the digests of the notice on personal data by version, Chinese and
// English together. A changed text is a new version: who took note of the old one did
// not take note of it (PIPL 17). Never edit a line; add the next.
var noticeTexts = []string{
	1: "9b2beeb013eda9c8815760dc3e7b74d25cbfc18d4b8f97f6821bbebfaae40b6a",
}

// proves: duty.privacy_version
func TestAChangedNoticeIsANewVersion(t *testing.T) {
	var texts strings.Builder
	for _, lang := range []locale.Lang{locale.ZH, locale.EN} {
		p := testRenderer(t).BlankPage(lang, presentDay)
		for _, key := range []string{"resident.privacy_short", "resident.privacy_box", "resident.answer_privacy", "help.privacy.lead"} {
			texts.WriteString(p.T(key) + "\n")
		}
		for _, part := range helpParts(p, "help.privacy") {
			texts.WriteString(part.Title + "\n" + part.Text + "\n" + part.Items + "\n")
		}
	}
	sum := sha256.Sum256([]byte(texts.String()))
	digest := hex.EncodeToString(sum[:])
	if len(noticeTexts)-1 != mediation.PrivacyVersion || noticeTexts[mediation.PrivacyVersion] != digest {
		t.Errorf("the notice is not that of version %d: add %s as the next and raise mediation.PrivacyVersion", mediation.PrivacyVersion, digest)
	}
	if slices.Contains(noticeTexts[1:mediation.PrivacyVersion], digest) {
		t.Error("two versions have one text")
	}
}
