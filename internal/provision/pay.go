package provision

// payDuties are about the pay per case. The law asks only that mediators are paid
// an allowance from public money (PML 16); everything about it is a local rule.
var payDuties = []Rule{
	{ID: "duty.pay_once", Source: "PML 16; local",
		ZH: "一案只补一次，补给主持调解的人；每一步由不同的人办", EN: "A case is paid once, to whoever led it, and each step is taken by another person",
		Places: []Place{{AtCode, "subsidy.Barred"}, {AtTable, "subsidy_claims"}, {AtPolicy, "supervisor"}}},
	{ID: "duty.pay_scale", Source: "PML 16; local",
		ZH: "每件按申报那天施行的标准补；标准由司法局设定，写明依据，写下的不改", EN: "A case is paid by the terms of the day it was claimed; the bureau sets them with their basis, and what was set stays",
		Places: []Place{{AtCode, "subsidy.Reckon"}, {AtTable, "subsidy_terms"}}},
	{ID: "duty.pay_shares", Source: "local",
		ZH: "按结果、协议形式和案卷得分折算，怎么算出来的写在申报上", EN: "Result, form of the agreement and score of the volume give shares; how the sum came about stands with the claim",
		Places: []Place{{AtCode, "subsidy.Reckon"}, {AtTable, "subsidy_claims.reckoning"}}},
	{ID: "duty.pay_month", Source: "local",
		ZH: "一名调解员一个月的补贴不超过本地上限", EN: "One mediator is paid no more in a month than the local bound",
		Places: []Place{{AtCode, "subsidy.Reckon"}}},
	{ID: "duty.pay_sample", Source: "local",
		ZH: "发放前按本地比例抽查；抽到哪些谁也选不了", EN: "Before money goes out a local share of the claims is looked at again, and nobody chooses which",
		Places: []Place{{AtCode, "subsidy.Sample"}}},
}

// paySettings are the local values of the pay per case.
var paySettings = []Setting{
	{ID: "pay_scale", ZH: "以案定补每件标准", EN: "What is paid per case, by grade", Bureau: true, Issue: issueRetention},
	{ID: "pay_shares", ZH: "以案定补折算比例和及格线", EN: "Shares of the pay per case, and the score that passes", Bureau: true, Issue: issueRetention},
	{ID: "pay_month", ZH: "一名调解员一个月补贴的上限", EN: "Most that is paid to one mediator in a month", Bureau: true, Issue: issueRetention},
	{ID: "pay_sample", ZH: "发放前抽查：每多少件抽一件", EN: "Claims looked at again before payment: one in how many", Value: "10", Bureau: true, Issue: issueRetention},
}
