package statute

import "slices"

// The classes of what is laid to a case. A class says at which place of the
// volume the thing is bound and which line of the check-list it answers.
const (
	ProofOfIdentity = "identity"
	Evidence        = "evidence"
	Authority       = "authority"
	SignedPaper     = "signed_paper"
	Performance     = "performance"
	CourtPaper      = "court_paper"
	ProofOfService  = "service"
	OtherFile       = "other"
)

var fileClasses = []Code{
	{Code: Evidence, ZH: "证据材料", EN: "Evidence", Source: "VOL"},
	{Code: ProofOfIdentity, ZH: "身份证明", EN: "Proof of identity", Source: "VOL"},
	{Code: Authority, ZH: "授权委托书", EN: "Power of attorney", Source: "VOL"},
	{Code: SignedPaper, ZH: "签字文书扫描件", EN: "Scan of a signed paper", Source: "VOL; ONL22 19"},
	{Code: Performance, ZH: "履行凭证", EN: "Proof of performance", Source: "VOL"},
	{Code: CourtPaper, ZH: "法院文书", EN: "Court paper", Source: "VOL"},
	{Code: ProofOfService, ZH: "送达凭证", EN: "Proof of service", Source: "local"},
	{Code: OtherFile, ZH: "其他材料", EN: "Other", Source: "local"},
}

// OwnClasses are the classes a party may give to what it brings itself; the rest
// are papers of the office and the court.
func OwnClasses() []string {
	return []string{Evidence, ProofOfIdentity, Authority, Performance, OtherFile}
}

// OfOneParty says whether a thing of the class is always about one party.
func OfOneParty(class string) bool {
	return slices.Contains([]string{ProofOfIdentity, Authority}, class)
}

// BoundAt is the place of a class in the volume, as the form beside which it
// stands or one of the codes of papers without a form: ID (proof of identity), EV
// (evidence), CT (court papers), AX (annexes at the end). A signed paper stands
// behind the form it is the scan of, or among the annexes when nobody said which.
//
// Source: VOL; domain list 3.3.
func BoundAt(class, form string) string {
	switch class {
	case ProofOfIdentity:
		return "ID"
	case Authority:
		return "F19"
	case Performance:
		return "F18"
	case CourtPaper:
		return "CT"
	case ProofOfService:
		return "F26"
	case OtherFile:
		return "AX"
	case SignedPaper:
		if form == "" {
			return "AX"
		}
		return form
	}
	return "EV"
}

// Scannable says whether a signed scan may stand for the form in the volume. A
// report of danger is kept apart, and what the volume is made of itself is never
// laid into it.
func Scannable(form string) bool {
	_, known := FormOf(form)
	return known && !slices.Contains([]string{"F22", "F27", "F28", "F29"}, form)
}
