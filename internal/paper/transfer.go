package paper

import (
	"fmt"
	"strings"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// handOn is the letter by which a matter goes to the committee or organ that is
// competent, before it was accepted (row 9). It says what goes along: to a committee
// of this installation what its case was opened with, else what the office encloses.
//
// Source: NB15 18; PIPL 23.
func (s *sheet) handOn(t mediation.Transfer) {
	c := s.c
	s.paper.Title = "移送函及回执"
	s.add(Block{Text: []string{t.Receiver + "：",
		s.say("F23.hand", "parties", s.between(), "dispute", s.need(dispute(c), Gap{What: "type"}), "number", c.IntakeNumber)}})
	s.add(Block{Facts: []Fact{
		{"登记日期", dayOf(c.RegisteredAt)}, {"移送理由", t.Reason}, {"同意接收", agreedText(t)}, {"申请人知情", groundText(t.Ground)}, {"随函移送", s.enclosed(t)},
		{"移送时间", moment(t.At)}, {"移送人", s.in.Names[t.By]}}, Places: []Place{s.seal(statute.DateOf(t.At))}})
	s.add(Block{Head: "回　执", Facts: []Fact{{"收到单位", t.Receiver}, {"收到时间", ""}, {"登记号", ""}},
		Places: []Place{{Role: "收件单位（印章）", Name: t.Receiver, Seal: true}}})
}

func agreedText(t mediation.Transfer) string {
	if t.AgreedBy == "" {
		return ""
	}
	return t.AgreedBy + "，" + knownDay(t.AgreedOn) + "，" + zh(statute.ContactMeans, t.AgreedHow)
}

func groundText(ground string) string {
	if ground == "consent" {
		return "已告知接收单位、目的和移送的内容，申请人单独同意"
	}
	return "依照法定职责移送"
}

// enclosed is what goes along with the letter.
func (s *sheet) enclosed(t mediation.Transfer) string {
	if !t.Here() {
		s.byHand("enclosures")
		return ""
	}
	parcel := s.c.Parcel()
	list := []string{"当事人姓名、联系方式等登记信息", "申请人的陈述和请求"}
	if n := len(parcel.Files); n > 0 {
		list = append(list, fmt.Sprintf("申请人提交的材料 %d 件", n))
	}
	if len(parcel.Risks) > 0 {
		list = append(list, "风险提示")
	}
	return strings.Join(list, "；")
}
