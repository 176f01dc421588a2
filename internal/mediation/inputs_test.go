package mediation_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	. "doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// What follows is one good input for every act, as the case stands. A walk lets
// pick choose among several equally good ones.

func one[T any](p *play, all ...T) T { return all[p.pick(len(all))] }

func intake() Intake {
	return Intake{Facts: "楼上漏水，卫生间顶板坏了", Place: "榆园3幢302室", Phone: "10012345678", Area: "a-yy", Name: "王建国", Respondent: "楼上402",
		Request: "修好并赔偿6800元", Privacy: true}
}

func recorded() Intake {
	in := intake()
	in.Source, in.Channel, in.LegalGround = "application", "window", "consent"
	return in
}

func supplementRequest(*play) SupplementRequest {
	return SupplementRequest{Items: "身份证复印件"}
}
func supplied(*play) Supplied                 { return Supplied{Text: "复印件已补交"} }
func supplementLapsed(*play) SupplementLapsed { return SupplementLapsed{} }

func registration(p *play) Registration {
	return Registration{Title: "卫生间漏水", Type: "02", Subtype: "02-leak", Applicant: "王建国", Respondent: "李敏", Capacity: "adult",
		Phone: "10087654321", Request: "修好并赔偿", Amount: one(p, "6800", "", "120000"), RiskScreen: true, LawUnclear: p.pick(6) == 5}
}

func entry(*play) PartyEntry {
	return PartyEntry{Side: Third, Capacity: "adult", Name: "赵强", Phone: "10011112222"}
}
func newParty(p *play) NewParty { return NewParty{entry(p)} }
func partyChange(p *play) PartyChange {
	e := entry(p)
	e.Party = one(p, p.all()...)
	e.Side = p.c.Party(e.Party).Side
	return PartyChange{e}
}
func identityCheck(p *play) IdentityCheck {
	return IdentityCheck{Party: one(p, p.all()...), How: one(p, "desk", "call_back", "session")}
}
func rightsGiven(p *play) RightsGiven {
	return RightsGiven{Party: one(p, p.all()...), How: one(p, "signed", "oral", "online")}
}
func attached(*play) Attached {
	return Attached{File{Name: "天花板.jpg", Kind: "image", Mime: "image/jpeg", Size: 10, Digest: "d1"}}
}
func shared(p *play) Shared {
	if len(p.c.Files) == 0 {
		return Shared{Consent: true}
	}
	return Shared{File: p.c.Files[0].ID, Consent: true}
}
func classified(p *play) Classified {
	a := Classified{Class: one(p, "authority", "signed_paper", "court_paper"), About: p.side(Applicant), Title: "委托书正本"}
	if len(p.c.Files) > 0 {
		a.File = p.c.Files[0].ID
	}
	if a.Class == "signed_paper" {
		a.Paper = "F11"
	}
	return a
}
func corrected(p *play) Corrected {
	if len(p.c.Sessions) == 0 {
		return Corrected{Text: "更正"}
	}
	return Corrected{Subject: p.c.Sessions[0].ID, Text: "日期应为五月十二日"}
}

// drawnPaper is the record of a session, as the desk draws it for its issuer.
func drawnPaper(text string) *Drawn {
	sum := sha256.Sum256([]byte(text))
	return &Drawn{Form: "F10", Item: "s-1", Content: []byte(text), Digest: hex.EncodeToString(sum[:]), Sight: []string{"facts", "session"},
		Needs: []string{"session"}, Parties: []PartyID{"p-1"}}
}

func issuing(p *play) Issuing {
	p.paper = drawnPaper(fmt.Sprint("text ", p.ids))
	return Issuing{Paper: "F10/s-1", Reason: "日期更正"}
}

func riskFlag(p *play) RiskFlag {
	return RiskFlag{Flag: one(p, "R2-ESC", "R1", "R3-CRIME", "R3-DV", "R2-MASS"), Facts: "扬言要动手", Measures: "已劝开"}
}
func riskReport(p *play) RiskReport {
	a := RiskReport{ToldTo: []string{"police"}, Receiver: "榆园派出所值班室", Ref: "接警2026-17"}
	for _, r := range p.c.Risks {
		if r.ReportedAt.IsZero() {
			a.Risk = r.ID
		}
	}
	return a
}
func holdLifted(*play) HoldLifted {
	return HoldLifted{Reason: "本人书面表示愿意", FreeWish: true}
}

func majorReported(p *play) MajorReported {
	p.legal = []UserID{"u-legal"}
	return MajorReported{To: "judicial_office", How: one(p, ThroughSystem, OnPaper), Who: "赵敏", Measures: "已劝离现场"}
}
func majorTaken(*play) MajorTaken {
	return MajorTaken{Joint: "赵敏下午到场，街道综治办一起办"}
}

func question(p *play) Question {
	return Question{ContactMade{Party: p.side(Respondent), Means: "phone", Reached: true, Note: "说要想一想"}}
}
func contactMade(p *play) ContactMade {
	return ContactMade{Party: one(p, p.side(Respondent), p.side(Applicant)), Means: "visit", Note: "无人应门"}
}
func willing(p *play) Willing {
	for _, v := range p.c.Active() {
		if v.Consent != "yes" {
			return Willing{Answer{Party: v.ID, How: "phone"}}
		}
	}
	return Willing{Answer{Party: p.side(Respondent), How: "phone"}}
}
func unwilling(p *play) Unwilling {
	return Unwilling{Answer{Party: one(p, p.side(Respondent), p.side(Applicant)), How: "phone", Reason: "不想调"}}
}
func acceptance(*play) Acceptance { return Acceptance{} }
func refusal(p *play) Refusal {
	return Refusal{Ground: one(p, "NA01", "NA04", "NA05"), Reason: "属行政决定", Told: true}
}
func transferral(*play) Transferral {
	return Transferral{Receiver: "枫桥里调委会", Reason: "纠纷发生在枫桥里", Agreed: true, AgreedBy: "沈主任", AgreedOn: day("2026-05-11"), AgreedHow: "phone", Ground: "consent"}
}

// fengqiao is the committee next door, which can take a matter.
func fengqiao() *Receiver {
	return &Receiver{Committee: "k-fengqiao", Name: "枫桥里社区人民调解委员会", Chaired: true, Area: "a-fq", AreaPath: "city/gx/fq/"}
}

// nextDoor hands the matter to it; the desk looked it up, and found what change
// makes of it.
func nextDoor(change func(*Receiver, *Transferral)) func(*play) Act {
	return func(p *play) Act {
		a, to := transferral(p), fengqiao()
		a.Committee, a.Receiver = to.Committee, ""
		change(to, &a)
		if p.receiver = to; to.Committee == "" {
			p.receiver = nil
		}
		return a
	}
}
func grading(p *play) Grading {
	return Grading{Grade: one(p, "L2", "L3", "L1", "L4"), Reason: "人已散去"}
}

func choice(p *play) Choice { return Choice{Mediator: one(p, du, lin)} }
func appointment(p *play) Appointment {
	a := Appointment{Track: one(p, TrackPartyMember, TrackLegalAdvisor), Lead: one(p, du, lin), ChosenBy: one(p, "committee", "parties"), LeadRelation: "none"}
	if p.c.Grade == "L3" || p.c.Grade == "L4" {
		a.Second, a.SecondRelation = zhou, "none"
	}
	return a
}

// handover gives the lead's part to whoever of the committee has none yet.
func handover(p *play) Handover {
	a := Handover{To: zhou, Relation: "none", Reason: one(p, "left", "away", "load")}
	for _, id := range []UserID{du, lin, zhou} {
		busy := slices.ContainsFunc(p.c.Assignments, func(a Assignment) bool { return a.Mediator == id && a.EndedAt.IsZero() })
		if row := p.c.Row(); !busy && !slices.Contains(row.Conflicted, id) && !slices.Contains(row.Parties, id) {
			a.To = id
		}
	}
	return a
}
func trust(p *play) Trust { return Trust{Party: one(p, p.all()...)} }
func invitation(*play) Invitation {
	return Invitation{User: "u-he", Name: "何平", As: "elder", Consent: true}
}

func recusalAsked(p *play) RecusalAsked {
	return RecusalAsked{Relation: one(p, "relative", "none"), Reason: "他是对方表哥"}
}

// conflictFound comes with a tie between whoever leads and the respondent.
func conflictFound(p *play) ConflictFound {
	if lead := p.c.Lead(); lead != nil {
		p.found = map[UserID][]Finding{lead.Mediator: {{Fact: FactHousehold, Party: p.side(Respondent)}}}
	}
	return ConflictFound{}
}
func conflictDeclared(*play) ConflictDeclared {
	return ConflictDeclared{Relation: "relative", Reason: "申请人是我表弟"}
}
func replacement(*play) Replacement { return Replacement{Decision: "同意更换"} }
func rejection(*play) Rejection     { return Rejection{Decision: "理由不成立"} }
func waiver(p *play) Waiver         { return Waiver{Decision: "各方知情同意", By: p.all()} }

func meeting(p *play) Meeting {
	return Meeting{At: p.now.Add(48 * time.Hour), Place: "榆园调解室", Mode: one(p, "joint", "caucus"), Bring: "维修单"}
}
func scheduling(p *play) Scheduling { return Scheduling{meeting(p)} }
func resumption(p *play) Resumption { return Resumption{meeting(p)} }
func opening(p *play) Opening {
	var a Opening
	for _, v := range p.c.Active() {
		a.Attendance = append(a.Attendance, Attendance{Party: v.ID, Present: true, Identity: true, Rights: "signed"})
	}
	return a
}

// closedAsked is the demand of a party that has not made it yet.
func closedAsked(p *play) ClosedAsked {
	for _, v := range p.c.Active() {
		if v.ClosedAskedAt.IsZero() && v.Side == Respondent {
			return ClosedAsked{Party: v.ID}
		}
	}
	return ClosedAsked{Party: p.side(Applicant)}
}

func report(p *play) Report {
	return Report{Statements: []Statement{{Party: p.side(Respondent), Text: "管子是旧的"}}, Confirmed: "顶板确有水渍", Negotiation: "底价四千",
		Result: one(p, "continues", "settled", "no_agreement"), Introduced: true, RisksTold: true, ReadBack: true, Recorder: "小林"}
}
func caucus(p *play) Caucus { return Caucus{Party: p.side(Applicant), Text: "最低四千"} }
func adjournment(p *play) Adjournment {
	return Adjournment{Reason: one(p, "ill", "appraisal", "continues"), Note: "住院", Until: p.today().Add(7), Suspend: p.pick(3) == 1}
}
func inquiry(p *play) Inquiry {
	return Inquiry{On: p.today(), Place: "402室", Asked: "水电工老马", Present: "物业张工", Content: "上水管接头渗漏", Recorder: "小林"}
}
func longerTime(p *play) LongerTime {
	until := p.today()
	if d := p.c.Clock(statute.D06Mediation); d != nil && !d.Due.Before(p.now) {
		until = statute.DateOf(d.Due)
	}
	return LongerTime{Until: until.Add(30), Reason: "等鉴定结论", AgreedBy: p.all()}
}
func lapsing(*play) Lapsing { return Lapsing{} }

func raise(p *play) Raise {
	if p.c.Stage == Accepted {
		return Raise{Reason: "E06", Summary: "回避后无人可派"}
	}
	return Raise{Reason: one(p, "E04", "E08", "E06"), Summary: "责任划分没有把握"}
}
func raisedAgain(p *play) RaisedAgain {
	return RaisedAgain{Raise{Reason: one(p, "E04", "E08"), Summary: "法院不接收，请再提意见"}}
}
func guidance(*play) Guidance { return Guidance{Opinion: "按民法典一百二十条的思路再谈"} }
func opinion(p *play) Opinion {
	return Opinion{Outcome: one(p, "reassign", "court", "terminate"), Opinion: "建议如此办理"}
}
func reassignment(p *play) Reassignment {
	return Reassignment{Reason: "增派法律顾问", AgreedBy: p.all()}
}
func reviewAsked(*play) ReviewAsked { return ReviewAsked{Summary: "请看付款条款"} }
func draftReviewed(p *play) DraftReviewed {
	return DraftReviewed{Outcome: one(p, "approved", "amend"), Opinion: "可以"}
}
func offer(p *play) Offer {
	return Offer{Court: gaoxin, Mode: one(p, statute.C1, statute.C2Ordinary, statute.C3), Reason: "当事人同意", AgreedBy: p.all()}
}
func courtIntake(p *play) CourtIntake {
	return CourtIntake{Court: gaoxin, Mode: one(p, statute.C2Ordinary, statute.C2Summary, statute.C3), Ref: "（2026）民初9号"}
}
func taken(*play) Taken       { return Taken{Ref: "（2026）诉前调1号"} }
func declined(*play) Declined { return Declined{Reason: "不属本院管辖"} }
func courtSettled(p *play) CourtSettled {
	return CourtSettled{Terms: terms(p), On: p.today()}
}
func courtGaveUp(*play) CourtGaveUp { return CourtGaveUp{Note: "双方差距大", Told: true} }
func courtDecided(p *play) CourtDecided {
	return CourtDecided{Kind: one(p, "judgment", "court_mediation", "suit_withdrawn"), Ref: "（2026）民初2号", Note: "已结"}
}

func terms(p *play) Terms {
	return Terms{Facts: "接头渗漏致顶板损坏", Settled: "修理并赔偿", Unsettled: one(p, "", "采光问题另行解决"), LawChecked: true, ThirdChecked: true, FreeWill: true,
		Promises: []Promise{
			{By: p.side(Respondent), To: p.side(Applicant), Kind: "pay", What: "赔偿顶板损失", Amount: "4200", Due: p.today().Add(20), How: "转账"},
			{By: p.side(Respondent), To: p.side(Applicant), Kind: "act", What: "更换接头", Due: p.today().Add(10), How: "请水电工"},
		}}
}
func draft(p *play) Draft       { return Draft{terms(p)} }
func revision(p *play) Revision { return Revision{terms(p)} }

// scrawl is a name as it is drawn on a screen.
const scrawl = "100,100 500,480;100,480 500,100;600,120 900,300"

// signing is the next party's that has not signed yet.
func signing(p *play) Signing {
	a := Signing{How: one(p, "paper", "in_person"), On: p.today()}
	if p.c.HandOnly() {
		a.How = "paper"
	}
	if a.How == "in_person" {
		a.Drawing, a.Agreed = scrawl, true
	}
	if v := p.c.Agreement(); v != nil {
		a.Agreement = v.ID
	}
	for _, id := range p.all() {
		has := false
		for _, s := range p.c.Signed() {
			has = has || s.Party == id
		}
		if !has {
			a.Party = id
			break
		}
	}
	return a
}
func countersigning(p *play) Countersigning { return Countersigning{On: p.today()} }
func sealing(p *play) Sealing               { return Sealing{On: p.today()} }
func signingRefused(p *play) SigningRefused {
	return SigningRefused{Party: p.side(Respondent), Reason: "数额太高"}
}

func oral(p *play) Oral {
	t := terms(p)
	t.Immediate = true
	for i := range t.Promises {
		t.Promises[i].Due = p.today()
	}
	return Oral{Terms: t, On: p.today(), NoPaper: true}
}
func oralSettlement(p *play) OralSettlement { return OralSettlement{oral(p)} }
func settledAtOnce(p *play) SettledAtOnce {
	return SettledAtOnce{Oral: oral(p), Present: true, RightsTold: true}
}

// jointApplication is one that came to the court today, or on the last of the thirty
// days where they are over.
func jointApplication(p *play) JointApplication {
	a := JointApplication{Court: gaoxin, On: p.today(), AppliedBy: p.all(), Scanned: Scanned{Scan: sheetScan()}}
	if term := p.c.FilingTerm(); term.Over(p.today()) {
		a.On, a.Receipt = term.Last, &File{Name: "收件回执.jpg", Kind: "image", Mime: "image/jpeg", Size: 3000, Digest: strings.Repeat("e7", 32)}
	}
	return a
}
func proposal(*play) Proposal { return Proposal{Court: gaoxin} }

// part is the first party whose part in the application stands in one of the states.
func part(p *play, states ...string) PartyID {
	for _, v := range p.c.Active() {
		k := p.c.Application()
		if k == nil {
			break
		}
		if j := p.c.JoiningOf(k.ID, v.ID); j != nil && slices.Contains(states, j.State) {
			return v.ID
		}
	}
	return p.side(Applicant)
}
func joins(p *play) Joins {
	a := Joins{Party: part(p, JoiningAsked, JoiningLeft), How: one(p, "paper", "in_person"), On: p.today(), Read: true, ServeTo: "榆园新村3幢502室",
		Online: true, OnlineTo: "10012345678"}
	if a.How == "paper" {
		a.Scan = sheetScan()
	}
	return a
}
func joiningTakenBack(p *play) JoiningTakenBack {
	return JoiningTakenBack{OwnPart{part(p, JoiningJoined)}}
}
func joiningRefused(p *play) JoiningRefused {
	return JoiningRefused{OwnPart: OwnPart{part(p, JoiningAsked, JoiningLeft)}, Reason: "想再等等"}
}
func proposalDropped(*play) ProposalDropped { return ProposalDropped{Reason: "写错了法院"} }
func courtStep(p *play) CourtStep           { return CourtStep{Ref: "（2026）司确3号", On: p.today()} }

func obligation(p *play, state string) ItemID {
	for _, o := range p.c.Promised() {
		if o.State == state {
			return o.ID
		}
	}
	return ""
}

// owed is the first promise that is not settled yet, late ones first.
func owed(p *play) ItemID {
	for _, state := range []string{ObligationOverdue, ObligationPending, ObligationPartly, ObligationDefaulted} {
		if id := obligation(p, state); id != "" {
			return id
		}
	}
	return ""
}
func performed(p *play) Performed {
	return Performed{Obligation: owed(p), On: p.today(), Proof: "收条"}
}

// stands is the first promise that an act may move from where it stands.
func stands(p *play, by Action) *Obligation {
	for i := range p.c.Obligations {
		if o := &p.c.Obligations[i]; ObligationMoves()[o.State][by] != "" {
			return o
		}
	}
	return &Obligation{}
}
func partPerformed(p *play) PartPerformed {
	o := stands(p, ReportPart)
	a := PartPerformed{Obligation: o.ID, On: p.today(), Proof: "收条"}
	if o.AmountFen > 0 {
		a.Amount = statute.Yuan(max(1, o.Rest()/2))
	}
	return a
}
func disputing(p *play) Disputing {
	o := stands(p, DisputeObligation)
	return Disputing{Party: one(p, o.By, o.To), Obligation: o.ID, Reason: "说好的不是这样"}
}
func disputeSettled(p *play) DisputeSettled {
	return DisputeSettled{Obligation: stands(p, SettleDispute).ID, Outcome: one(p, "owed", "performed"), On: p.today(), Note: "双方核对过了"}
}
func rescheduling(p *play) Rescheduling {
	o := stands(p, Reschedule)
	for i := range p.c.Obligations { // what is in trouble first: for the rest nobody offers it
		if v := &p.c.Obligations[i]; v.Troubled() {
			o = v
		}
	}
	return Rescheduling{Obligation: o.ID, Due: p.today().Add(20), Reason: "手头紧，月底一定付", AgreedBy: []PartyID{o.By, o.To}}
}

// reminded is for the first promise of which a reminder is due.
func reminded(p *play) Reminded {
	for _, o := range p.c.Promised() {
		if o.Reminder(p.today()) != "" {
			return Reminded{Obligation: o.ID}
		}
	}
	return Reminded{Obligation: stands(p, RemindDue).ID}
}
func overdue(p *play) Overdue { return Overdue{Obligation: obligation(p, ObligationPending)} }
func urging(p *play) Urging {
	return Urging{Obligation: obligation(p, ObligationOverdue), Means: "phone", Note: "答应周五付"}
}
func defaulting(p *play) Defaulting {
	return Defaulting{Obligation: obligation(p, ObligationOverdue), Told: true, Note: "拒接电话"}
}
func waiving(p *play) Waiving {
	a := Waiving{Obligation: owed(p), Confirmed: true}
	if a.Obligation == "" {
		a.Obligation = obligation(p, ObligationDisputed)
	}
	return a
}
func visitation(p *play) Visitation {
	return Visitation{On: p.today(), Means: "visit", Situation: "顶板已修好", Satisfaction: "satisfied"}
}
func finalVisit(p *play) FinalVisit     { return FinalVisit{visitation(p)} }
func interimVisit(p *play) InterimVisit { return InterimVisit{visitation(p)} }

func ending(p *play) Ending {
	code := one(p, "T02", "T01", "T09", "T04")
	if code == "T09" && !slices.ContainsFunc(p.c.Risks, func(r Risk) bool { return r.Flag != "R1" }) {
		code = "T02"
	}
	if p.c.Stage == AgreementDraft {
		code = "T07"
	}
	return Ending{Code: code, Reason: "谈不拢", Told: true}
}
func failure(p *play) Failure         { return Failure{ending(p)} }
func termination(p *play) Termination { return Termination{ending(p)} }
func withdrawal(p *play) Withdrawal {
	return Withdrawal{Reason: "双方自己谈好了", Settled: p.pick(2) == 0, By: "phone"}
}
func closing(p *play) Closing {
	a := Closing{Summary: "已办结"}
	for _, paper := range p.c.PapersDue() {
		a.Papers = append(a.Papers, paper.Form)
	}
	return a
}
func archiving(p *play) Archiving {
	return Archiving{Retention: one(p, "y10", "permanent", "y30"), Why: "涉及楼龄长的房屋", Pages: 24, Checked: true}
}
func lateFact(p *play) LateFact {
	a := LateFact{On: p.today(), From: "王建国", Text: "楼上又漏了一次，已自行修好"}
	if p.pick(2) == 1 {
		a.File = &File{Name: "顶板.jpg", Kind: "image", Mime: "image/jpeg", Size: 10, Digest: "d9"}
	}
	return a
}
func reopening(*play) Reopening { return Reopening{Why: "performance", Reason: "又漏水了"} }

func dataAsked(p *play) DataAsked {
	return DataAsked{Party: p.side(Applicant), Right: one(p, "copy", "delete", "correct"), Text: "电话号码写错了", How: "visit"}
}

func dataAnswered(p *play) DataAnswered {
	a := DataAnswered{Outcome: "refused", Ground: "kept", Answer: "案卷依法要保存，今后只保存不作他用。", Told: true}
	for _, r := range p.c.DataRequests {
		if r.Open() {
			a.Request = r.ID
		}
	}
	return a
}
