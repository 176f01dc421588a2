package provision

import "slices"

// duties are what the law asks of the program and no table carries by itself.
func duties() []Rule {
	all := slices.Concat(dataDuties, procedureDuties)
	for i := range all {
		all[i].Kind = Duty
	}
	return all
}

// dataDuties are about what is known of people and who may read it.
var dataDuties = []Rule{
	{ID: "duty.free", Source: "PML 4",
		ZH: "调解不收取任何费用：系统里没有收费的栏目、动作和表", EN: "Mediation is free: the program has no field, act or table that takes money from a party",
		Places: []Place{{AtTable, "db/migrations"}, {AtLifecycle, "*"}}},
	{ID: "duty.privacy_notice", Source: "PIPL 17",
		ZH: "提交前告知谁收集、用于什么、保存多久，并留下确认", EN: "Before filing, tell who collects what for which purpose and for how long, and keep the acknowledgement",
		Places: []Place{{AtCode, "mediation.NewCase"}, {AtTable, "case_parties.privacy_at"}}},
	{ID: "duty.legal_ground", Source: "PIPL 13",
		ZH: "记下处理每位当事人信息的合法依据", EN: "Keep the legal ground on which each party's data are handled",
		Places: []Place{{AtTable, "case_parties.legal_ground"}}},
	{ID: "duty.sealing", Source: "PIPL 51",
		ZH: "身份证号、电话、住址和单独谈话记录加密保存，换了位置就打不开", EN: "ID numbers, telephones, addresses and notes of separate talks are stored encrypted, bound to their place",
		Places: []Place{{AtCode, "vault.Keys.Seal"}}},
	{ID: "duty.masking", Source: "PIPL 6, 51",
		ZH: "证件号、电话、住址平时只显示遮盖后的样子", EN: "ID numbers, telephones and addresses are shown masked",
		Places: []Place{{AtCode, "vault.MaskID"}}},
	{ID: "duty.reveal", Source: "PIPL 28, 51",
		ZH: "查看完整号码要写明理由，留下记录，并有每天的次数限制", EN: "Opening a whole number asks for a reason, is logged, and is limited by the day",
		Places: []Place{{AtCode, "casework.Desk.Reveal"}, {AtTable, "access_log"}}},
	{ID: "duty.confidence", Source: "PML 15; INV16 2",
		ZH: "每一项内容只给该看的人看：当事人看不到对方的联系方式、单独谈话和风险记录", EN: "Each text reaches only those it is for: a party sees neither the other side's contacts nor notes of separate talks or of danger",
		Places: []Place{{AtCode, "mediation.Case.For"}, {AtPolicy, "*"}}},
	{ID: "duty.concessions", Source: "INV16 22; CPLI 107",
		ZH: "让步不作证据：协商记录和双方确认的事实分开记，送出去的材料里只有后者", EN: "Concessions are no evidence: talks are kept apart from jointly confirmed facts, and only these leave the office",
		Places: []Place{{AtCode, "mediation.Case.Pack"}}},
	{ID: "duty.strip", Source: "PIPL 6",
		ZH: "照片里的拍摄地点等信息在保存前去掉", EN: "Place and device are taken out of photos before they are kept",
		Places: []Place{{AtCode, "blob.Admit"}}},
}

// procedureDuties are about how a case is led, ended and kept.
var procedureDuties = []Rule{
	{ID: "duty.mediator", Source: "PML 13, 14",
		ZH: "主持调解的人必须是登记在册、任期内、没有超额的人民调解员", EN: "Who leads is a mediator on the list, in his term, with room for the case",
		Places: []Place{{AtGuard, "assignment.go"}}},
	{ID: "duty.conflict", Source: "INV16 15; ONL22 13",
		ZH: "调解员先声明与当事人的关系；有关系的，要各方书面同意才能继续", EN: "The mediator first declares ties to the parties; with a tie he goes on only if all of them waive it",
		Places: []Place{{AtGuard, "assignment.go"}, {AtGuard, "recusal.go"}}},
	{ID: "duty.rights", Source: "MOJ02 30",
		ZH: "没有告知权利义务的当事人，不能参加调解会", EN: "Nobody takes part in a session before his rights and duties were told",
		Places: []Place{{AtGuard, "session.go"}}},
	{ID: "duty.lead", Source: "PML 19",
		ZH: "从指派到签字，始终只有一名主持的调解员", EN: "From assignment to signature there is exactly one lead mediator",
		Places: []Place{{AtGuard, "act.go"}, {AtTable, "assignments"}}},
	{ID: "duty.effect_written", Source: "PML 29",
		ZH: "书面协议自各方签字、调解员签字、盖章三者齐备之日生效", EN: "A written agreement takes effect on the day of the last of: the parties' signatures, the mediator's, the seal",
		Places: []Place{{AtLifecycle, "30 take_effect"}, {AtCode, "mediation.Case.Perform"}}},
	{ID: "duty.effect_oral", Source: "PML 30",
		ZH: "口头协议自达成之日生效", EN: "An oral agreement takes effect on the day it is reached",
		Places: []Place{{AtLifecycle, "31 settle_orally"}}},
	{ID: "duty.effect_court", Source: "INV16 24",
		ZH: "法院委派调解的协议自各方签字之日生效，不等盖章", EN: "An agreement delegated by a court takes effect when all parties have signed, seal or no seal",
		Places: []Place{{AtLifecycle, "30 take_effect"}}},
	{ID: "duty.written", Source: "NB15 24; MOJ02 34",
		ZH: "不能当场履行、有人要求或疑难重大的，必须写书面协议", EN: "The agreement is written when it is not performed at once, when somebody asks, or when the dispute is difficult",
		Places: []Place{{AtCode, "statute.MustBeWritten"}}},
	{ID: "duty.copies", Source: "PML 29",
		ZH: "协议书份数为当事人数加一", EN: "There are as many copies as parties, and one more",
		Places: []Place{{AtTable, "agreements.copies"}}},
	{ID: "duty.period", Source: "INV16 27; ONL22 24; LDMA 14",
		ZH: "法院委派、委托和劳动争议的调解期限按各自规定，调委会不能自行放宽", EN: "Cases from a court and labour disputes keep their own periods; a committee cannot widen them",
		Places: []Place{{AtCode, "statute.MediationTerm"}}},
	{ID: "duty.hard_limit", Source: "PML 33; CPL 205",
		ZH: "法定期限不能被本地设定改动", EN: "No local setting changes a term fixed by law",
		Places: []Place{{AtCode, "statute.Limits.Term"}}},
	{ID: "duty.remedies", Source: "PML 26",
		ZH: "不受理或调解不成的，一定告知其他途径", EN: "Whenever mediation is refused or fails, the other lawful ways are told",
		Places: []Place{{AtCode, "statute.RemediesFor"}, {AtGuard, "act.go"}}},
	{ID: "duty.volume", Source: "PML 27; VOL",
		ZH: "结案时按清单核对卷宗材料", EN: "The papers of the volume are checked by list when the case is closed",
		Places: []Place{{AtCode, "statute.RequiredPapers"}, {AtGuard, "closing.go"}}},
	{ID: "duty.retention", Source: "PML 27; ARCH 21; local",
		ZH: "归档时定保管期限；到期只提示鉴定，不自动销毁", EN: "Archiving sets how long a volume is kept; when the time is up it is due for appraisal and never deleted by itself",
		Places: []Place{{AtCode, "statute.ProposeRetention"}}},
	{ID: "duty.history", Source: "ARCH 37",
		ZH: "办案记录只能添加，不能修改或删除", EN: "The history of a case only grows; nobody changes or deletes a line",
		Places: []Place{{AtTable, "events"}}},
	{ID: "duty.chain", Source: "ARCH 37",
		ZH: "记录逐条相扣，改动一处就能查出", EN: "Each line is chained to the one before, so that a change shows",
		Places: []Place{{AtCode, "vault.Link"}}},
	{ID: "duty.grade", Source: "local",
		ZH: "难易程度按本地标准提出，由主任确认", EN: "The grade is proposed by the local measure and confirmed by the chair",
		Places: []Place{{AtCode, "statute.ProposeGrade"}}},
	{ID: "duty.number", Source: "VOL; local",
		ZH: "案号按调委会和年度连续编号，不受理的也有登记号", EN: "Numbers run by committee and year; a matter that was refused has one too",
		Places: []Place{{AtCode, "statute.CaseNumber"}}},
	{ID: "duty.identity_number", Source: "GB 11643",
		ZH: "身份证号核对校验码", EN: "The check digit of an identity number is verified",
		Places: []Place{{AtCode, "statute.CheckIDNumber"}}},
}
