package provision

import "doorstep/internal/statute"

// figureDuties are about the returns that go up to the bureau.
var figureDuties = []Rule{
	{ID: "duty.report", Source: "PML 10; local",
		ZH: "关账的月份由主任上报、司法所审核，自己上报的不能自己审核；更正以后再走一遍", EN: "A closed month is submitted by the chair and approved by the judicial office, never by one person; after a correction it goes the same way again",
		Places: []Place{{AtCode, "figures.Warnings"}, {AtTable, "figure_reports"}, {AtPolicy, "chair"}, {AtPolicy, "legal_officer"}}},
	{ID: "duty.funds", Source: "PML 6",
		ZH: "调委会的经费按年登记，报表照登记的数统计，以前登记的都留着", EN: "The money of a committee is recorded for a year, the return counts what was recorded, and earlier lines stay",
		Places: []Place{{AtTable, "committee_funds"}, {AtCode, "figures.OfFunds"}, {AtPolicy, "chair"}, {AtPolicy, "supervisor"}}},
	{ID: "duty.screening", Source: "PML 10; local",
		ZH: "排查纠纷的次数、发现和预防的件数按月登记，关账以后用更正", EN: "Rounds to find disputes, what they found and prevented are recorded by month; a closed month is corrected",
		Places: []Place{{AtTable, "committee_screenings"}, {AtCode, "figures.OfScreening"}, {AtPolicy, "coordinator"}, {AtPolicy, "chair"}}},
	{ID: "duty.corrections", Source: "PIPL 25, 73",
		ZH: "公布过的数字更正时，前后两张表放在一起也推不出没有公布的小数目", EN: "When published figures are corrected, nothing hidden can be told from the old and the new table together",
		Places: []Place{{AtCode, "figures.Revise"}}},
}

// figureSettings are the local values of the returns.
var figureSettings = []Setting{
	{ID: "report", ZH: "月报在关账后几天内上报", EN: "Days after its closing in which a month is submitted", Value: "5", Unit: statute.CalendarDays, Issue: issueForms},
}
