package paper

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// canConfirm: an agreement that has taken effect, written, may go to court; an
// oral one has nothing the court could confirm (CPLI 354 asks for the agreement).
func canConfirm(c *mediation.Case) bool {
	return hasAgreement("written")(c) && !c.EffectiveOn.IsZero()
}

// confirmation is F16: both sides apply together.
//
// Source: PML 33; CPL 205; CPLI 351, 353, 354; JC11 3, 4.
func confirmation(s *sheet) {
	c := s.c
	s.paper.Office = "" // it is the parties' own paper
	for _, p := range active(c) {
		b := s.party(p)
		b.Head = "申请人"
		b.Facts = append(b.Facts, s.serviceFacts(p)...)
		s.add(b)
	}
	s.add(Block{Head: "请求事项", Text: []string{s.say("F16.request", "effective", knownDay(c.EffectiveOn), "committee", s.in.Office.Committee, "number", c.Number)}})
	s.add(Block{Head: "事实和理由", Text: []string{s.say("F16.facts", "effective", knownDay(c.EffectiveOn), "committee", s.in.Office.Committee,
		"dispute", s.need(dispute(c), Gap{What: "type"}), "last", orBlank(s.need(confirmUntil(c), Gap{What: "confirm_until"})))}})
	s.unconfirmable()
	s.add(Block{Head: "承诺", Items: s.points("F16.pledge")})
	s.add(Block{Head: "附件", Items: s.points("F16.enclosed")})
	court := ""
	if k := c.Application(); k != nil {
		court = s.in.Courts[k.Court]
	}
	s.add(Block{Text: []string{"此致", orElse(court, blank+"人民法院")}})
	if court == "" {
		s.byHand("court")
	}
	var places []Place
	for _, p := range active(c) {
		place := s.signer(p)
		if p.Capacity != "organisation" {
			place.Role = "申请人签名（指印）"
		} else {
			place.Role = "申请人盖章及代表人签名"
		}
		place.Done = joinedHow(c, p)
		places = append(places, place)
	}
	s.add(Block{Places: places})
}

// joiningOf is a party's part in the application at hand; nil before it joined.
func joiningOf(c *mediation.Case, p *mediation.Party) *mediation.Joining {
	k := c.Application()
	if k == nil {
		return nil
	}
	if j := c.JoiningOf(k.ID, p.ID); j != nil && j.State == mediation.JoiningJoined {
		return j
	}
	return nil
}

// serviceFacts are where and how the court serves a party: what it said when it
// joined, so that nobody asks again (JC11 3; CPL 90).
func (s *sheet) serviceFacts(p *mediation.Party) []Fact {
	at, j := s.shown(p), joiningOf(s.c, p)
	if j == nil {
		return []Fact{s.of(p, "送达地址", at.Address, "address")}
	}
	list := []Fact{s.of(p, "送达地址", orElse(at.ServeTo, orElse(j.ServeMask, at.Address)), "address")}
	online := "不同意"
	if j.Online {
		online = "同意，送达至" + orElse(at.OnlineTo, orElse(j.OnlineMask, at.Phone))
	}
	return append(list, Fact{"电子送达", online})
}

// joinedHow says when and how a party joined, under its name.
func joinedHow(c *mediation.Case, p *mediation.Party) string {
	j := joiningOf(c, p)
	if j == nil {
		return ""
	}
	how := map[string]string{"online": "在网上加入", "paper": "书面加入", "in_person": "当面加入"}[j.How]
	if j.ByAgent {
		how = "由委托代理人" + p.AgentName + how
	}
	return knownDay(j.On) + how
}

// CourtContent is what is kept of the file for the court when an application is
// filed: its papers, and the originals beside them by their digests. Its canonical
// JSON is what the digest of the filing is made of.
type CourtContent struct {
	Format string      `json:"format"`
	Papers []*Paper    `json:"papers"`
	Files  []Enclosure `json:"files,omitempty"`
}

// The formats of CourtContent. The first held no originals.
const (
	courtFormat1 = "doorstep court file 1"
	courtFormat  = "doorstep court file 2"
)

// NewCourtContent is what is kept of the file for the court with a case, as
// [mediation.Case.ForCourt] gives it.
func NewCourtContent(papers []*Paper, c *mediation.Case) *CourtContent {
	return &CourtContent{courtFormat, papers, Enclosures(c)}
}

// ReadCourtContent reads the file for the court as it was kept, its papers with the
// small print of their filing. What was kept in the first format has the originals
// of the case as it was frozen.
//
// Errors: Internal when it is no content of a known format.
func ReadCourtContent(kept []byte, filed statute.Date, frozen *mediation.Case) (*CourtContent, error) {
	c := &CourtContent{}
	if err := json.Unmarshal(kept, c); err != nil {
		return nil, fmt.Errorf("paper: content of a court file: %w", err)
	}
	if c.Format == courtFormat1 {
		c.Files = Enclosures(frozen)
	} else if c.Format != courtFormat {
		return nil, fmt.Errorf("paper: content of a court file has the format %q", c.Format)
	}
	if len(c.Papers) == 0 {
		return nil, errors.New("paper: content of a court file holds no papers")
	}
	sum := sha256.Sum256(kept)
	for _, p := range c.Papers {
		p.Foot = "司法确认申请材料　" + day(filed) + "提出　摘要 " + ShortDigest(hex.EncodeToString(sum[:]))
	}
	return c, nil
}

// CourtPapers are the papers an application lays before the court: the application
// with the addresses for service, the proof of mediation and the agreement
// (CPLI 354; JC11 3), and the list of the originals that go with them. They are kept as they are when it is filed; what is drawn
// later, before or without that, bears the day on which it was.
//
// Errors: those of [Build].
func CourtPapers(c *mediation.Case, in Setting) ([]*Paper, error) {
	state := "尚未提出，供核对和签名　"
	if k := c.Application(); k != nil && k.Filed() {
		state = ""
	}
	var papers []*Paper
	for _, form := range CourtForms {
		one, err := Build(form, c, "", in)
		if err != nil {
			return nil, err
		}
		papers = append(papers, one)
	}
	if list := enclosureList(c); list != nil {
		papers = append(papers, list)
	}
	for _, p := range papers {
		p.Foot = "司法确认申请材料　" + state + "打印日期：" + day(in.Today)
	}
	return papers, nil
}

// CourtForms are the forms of CourtPapers, the application first.
var CourtForms = []string{"F16", "F17", "F11"}

// confirmUntil is the last day of the 30 (D-12).
func confirmUntil(c *mediation.Case) string {
	for _, d := range slices.Backward(c.Deadlines) {
		if d.Kind == statute.D12Confirmation {
			return dayOf(d.Due)
		}
	}
	return ""
}

// unconfirmable warns on the application of what the court will not take.
func (s *sheet) unconfirmable() {
	var list []string
	for _, w := range s.c.Unconfirmable() {
		if text := w.ZH + "（" + statute.Cite(w.Source, "zh-CN") + "）"; !slices.Contains(list, text) {
			list = append(list, text)
		}
	}
	if len(list) > 0 {
		s.add(Block{Head: "提示：下列内容可能不予确认", Strong: list})
	}
}

// proofForCourt is F17, by which the court sees that the agreement came from a
// mediation by this committee.
//
// Source: CPLI 354.
func proofForCourt(s *sheet) {
	c := s.c
	s.add(Block{Text: []string{s.say("F17.lead", "parties", s.between(), "dispute", s.need(dispute(c), Gap{What: "type"}),
		"accepted", orBlank(s.need(dayOf(c.AcceptedAt), Gap{What: "accepted_on"})), "mediator", orBlank(s.need(s.mediatorNames(mediators(c)), Gap{What: "mediator"})),
		"number", c.Number, "effective", knownDay(c.EffectiveOn)), s.say("F17.close"), contact(s)}, Places: []Place{s.seal(appliedOn(c))}})
}

// appliedOn is the day of the last application that reached a court; none before.
func appliedOn(c *mediation.Case) statute.Date {
	for i := range slices.Backward(c.Confirmations) {
		if k := &c.Confirmations[i]; k.Filed() {
			return k.FiledOn
		}
	}
	return statute.Date{}
}

// referralItems are the cases' letters to a court or to whoever took the matter
// over, and the answer to whoever sent the case here ("").
func referralItems(c *mediation.Case) []mediation.ItemID {
	var items []mediation.ItemID
	if c.Sent() {
		items = append(items, "")
	}
	for _, f := range c.Referrals {
		items = append(items, f.ID)
	}
	for _, t := range c.Transfers {
		items = append(items, t.ID)
	}
	return items
}

// referral is F23: the letter with its receipt, or the answer to the sender.
//
// Source: NB15 18, 19; INV16 11, 19 to 21; ONL22 24.
func referral(s *sheet) {
	c := s.c
	if s.item == "" {
		s.feedback()
		return
	}
	if i := slices.IndexFunc(c.Transfers, func(t mediation.Transfer) bool { return t.ID == s.item }); i >= 0 {
		s.handOn(c.Transfers[i])
		return
	}
	f := c.Referrals[slices.IndexFunc(c.Referrals, func(f mediation.Referral) bool { return f.ID == s.item })]
	s.paper.Title = "移送函及回执"
	court := orBlank(s.need(s.in.Courts[f.Court], Gap{What: "court_name"}))
	s.add(Block{Text: []string{court + "：", s.say("F23.lead", "parties", s.between(), "dispute", s.need(dispute(c), Gap{What: "type"}),
		"number", orElse(c.Number, c.IntakeNumber), "basis", courtBasis(f.Mode))}})
	s.add(Block{Facts: []Fact{
		{"方式", zh(statute.CourtModes, string(f.Mode))}, {"移送时间", moment(f.OfferedAt)}, {"移送人", s.in.Names[f.OfferedBy]},
		{"移送材料", strings.Join(sentPapers(c, f), "\n")}, {"办理期限", sentPeriod(f.Mode)}, {"材料校验码", shortDigest(f.Digest)}}, Places: []Place{s.seal(statute.DateOf(f.OfferedAt))}})
	s.add(Block{Head: "回　执", Facts: []Fact{
		{"收到单位", court}, {"是否接收", referralState(f)}, {"法院案号", f.CourtRef}, {"答复时间", moment(f.AnsweredAt)}, {"办理结果", f.Result}, {"办结时间", moment(f.EndedAt)}},
		Places: []Place{{Role: "收件单位（印章）", Name: court, Seal: true, Day: dayOf(f.AnsweredAt)}}})
}

// sentPapers are what goes with the letter: what the frozen file holds (Case.Pack),
// and neither a talk with one side nor a note.
func sentPapers(c *mediation.Case, f mediation.Referral) []string {
	list := []string{"案件登记信息和当事人信息"}
	records, texts := 0, 0
	for _, m := range c.Sessions {
		if m.State == "recorded" && m.Mode == "joint" && !m.RecordedAt.After(f.OfferedAt) {
			records++
		}
	}
	for _, a := range c.Agreements {
		if !a.At.After(f.OfferedAt) {
			texts++
		}
	}
	if records > 0 {
		list = append(list, fmt.Sprintf("面对面调解记录%d份", records))
	}
	if texts > 0 {
		list = append(list, fmt.Sprintf("调解协议文本%d份", texts))
	}
	return list
}

// sentPeriod is how long the court's own way has, from its receipt of the papers
// (INV16 27); a hearing runs on the time of trial.
func sentPeriod(mode statute.CourtMode) string {
	switch mode {
	case statute.C1, statute.C2Ordinary, statute.C2Summary:
		return fmt.Sprintf("自收到材料之日起%d日，各方同意的可以延长", statute.MediationTerm(mode, false, nil).N)
	case statute.CourtNone, statute.C0, statute.C3:
	}
	return "按审判期限"
}

func courtBasis(mode statute.CourtMode) string {
	switch mode {
	case statute.C1:
		return "《最高人民法院关于人民法院特邀调解的规定》第十一条"
	case statute.C2Ordinary, statute.C2Summary:
		return "《最高人民法院关于人民法院特邀调解的规定》第二十条"
	case statute.CourtNone, statute.C0, statute.C3:
	}
	return "《中华人民共和国人民调解法》第二十六条"
}

func referralState(f mediation.Referral) string {
	if f.State == mediation.ReferralOffered { // the court fills in its receipt
		return ""
	}
	text := map[string]string{mediation.ReferralTaken: "已接收", mediation.ReferralDeclined: "不予接收",
		mediation.ReferralRecalled: "已撤回", mediation.ReferralEnded: "已接收并办结"}[f.State]
	return orElse(text, f.State)
}

// shortDigest is enough of a digest to compare by eye.
func shortDigest(digest string) string { return digest[:min(16, len(digest))] }

// feedback answers the body that sent the case (NB15 19; D-20).
func (s *sheet) feedback() {
	c := s.c
	s.paper.Title = "办理情况反馈函"
	if c.SourceRef == "" { // not every sender numbers what it sends
		s.byHand("source_ref")
	}
	s.add(Block{Text: []string{sender(c) + "：",
		s.say("F23.back", "parties", s.between(), "dispute", s.need(dispute(c), Gap{What: "type"}), "ref", orBlank(c.SourceRef))}})
	s.add(Block{Facts: []Fact{{"登记号", c.IntakeNumber}, {"案号", c.Number}, {"登记日期", dayOf(c.RegisteredAt)}, {"办理情况", orElse(s.result(), s.taken())}},
		Places: []Place{s.seal(statute.Date{})}})
}

// sender is the body that sent a case, as a letter addresses it.
func sender(c *mediation.Case) string {
	switch c.Source {
	case "court":
		return "委派（委托）调解的人民法院"
	case "other_agency":
		return "移送单位"
	case "police", "procuratorate", "petitions":
		return strings.TrimSuffix(zh(statute.Sources, c.Source), "移送")
	}
	return map[string]string{"hotline_12345": "12345政务服务便民热线", "police_110": "公安机关", "petition": "信访部门"}[c.Channel]
}
