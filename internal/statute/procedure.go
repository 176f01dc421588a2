package statute

// terminations are the causes for which mediation ends without an agreement.
var terminations = []Code{
	{Code: "T01", ZH: "当事人明确拒绝或不再同意调解", EN: "A party declines or no longer agrees to mediation", Source: "PML 23; NB15 23"},
	{Code: "T02", ZH: "调委会认为不可能达成协议", EN: "The committee sees no chance of an agreement", Source: "PML 26; NB15 23"},
	{Code: "T03", ZH: "出现特殊情况，调解无法进行", EN: "A special event makes mediation impossible", Source: "NB15 23"},
	{Code: "T04", ZH: "其他依法应当终止的情形", EN: "Another cause laid down by law", Source: "NB15 23"},
	{Code: "T05", ZH: "在期限内联系不上当事人", EN: "A party cannot be reached within the period", Source: "local"},
	{Code: "T06", ZH: "调解期限届满，双方未同意延长", EN: "The period ended and was not extended by agreement", Source: "MOJ02 33; NB15 27"},
	{Code: "T07", ZH: "当事人拒绝在协议上签字", EN: "A party refuses to sign", Source: "ONL22 25"},
	{Code: "T08", ZH: "调解期间当事人已起诉或申请仲裁", EN: "A party went to court or to arbitration meanwhile", Source: "local"},
	{Code: "T09", ZH: "涉嫌违法犯罪或属强制报告事项，已移交", EN: "Suspected crime or mandatory report: handed over", Source: "PML 25"},
	{Code: "T10", ZH: "疑似虚假调解", EN: "Suspected sham mediation", Source: "INV16 18"},
	{Code: "T11", ZH: "双方自行和解，申请人撤回", EN: "Settled privately, the applicant withdraws", Source: "ONL22 25"},
}

var escalationReasons = []Code{
	{Code: "E01", ZH: "疑难复杂或重大纠纷（L3、L4）", EN: "Difficult or major dispute (L3, L4)", Source: "local"},
	{Code: "E02", ZH: "调解期限将满（剩余不超过 5 天）", EN: "Period near its end (5 days or fewer left)", Source: "local"},
	{Code: "E03", ZH: "两次调解未成", EN: "Two sessions failed", Source: "local"},
	{Code: "E04", ZH: "遇到法律问题", EN: "Legal question", Source: "PML 5"},
	{Code: "E05", ZH: "双方力量悬殊，或有需要照顾的当事人", EN: "Unequal sides, or a party who needs care", Source: "local"},
	{Code: "E06", ZH: "回避后无调解员可用", EN: "Recusal leaves no mediator", Source: "INV16 15"},
	{Code: "E07", ZH: "涉及多个部门", EN: "Several agencies concerned", Source: "local"},
	{Code: "E08", ZH: "有风险标记", EN: "Risk flag", Source: "PML 25"},
	{Code: "E09", ZH: "对调解员有投诉", EN: "Complaint about the mediator", Source: "PML 15"},
	{Code: "E10", ZH: "疑似虚假或违法协议", EN: "Suspected sham or unlawful agreement", Source: "INV16 18"},
	{Code: "E11", ZH: "协议未履行", EN: "Agreement not performed", Source: "PML 31"},
	{Code: "E12", ZH: "超出本调委会的能力或范围", EN: "Beyond this committee", Source: "NB15 18"},
}

// sessionModes: both sides at one table, or each side alone.
var sessionModes = []Code{
	{Code: "joint", ZH: "面对面", EN: "Joint session", Source: "PML 21, 22"},
	{Code: "caucus", ZH: "背靠背", EN: "Separate talks", Source: "PML 21, 22"},
}

// How the doors of a session stand.
const (
	DoorsClosed = "closed"
	DoorsOpen   = "open"
)

// sessionDoors say who besides the parties may be at a session.
var sessionDoors = []Code{
	{Code: DoorsClosed, ZH: "不公开进行", EN: "Closed: the parties only", Source: "PML 23; MOJ02 29"},
	{Code: DoorsOpen, ZH: "公开进行，亲属、邻里可以旁听", EN: "Open: relatives and neighbours may listen", Source: "PML 23; MOJ02 29"},
}

// tracks are who leads: a registered mediator known as 老娘舅, one with legal
// training, or the court on circuit, which has a law of its own.
var tracks = []Code{
	{Code: "party_member", ZH: "党员老娘舅", EN: "Party-member mediator", Source: "PML 13, 14"},
	{Code: "legal_advisor", ZH: "法律顾问", EN: "Legal advisor", Source: "PML 13, 20"},
	{Code: "circuit_court", ZH: "巡回法庭", EN: "Circuit court", Source: "PML 5; INV16 1"},
}

var obligationKinds = []Code{
	{Code: "pay", ZH: "付款", EN: "Pay", Source: "PML 29; CC 179"},
	{Code: "act", ZH: "做某事", EN: "Do something", Source: "PML 29; CC 179"},
	{Code: "refrain", ZH: "不再做某事", EN: "Stop doing something", Source: "PML 29; CC 179"},
	{Code: "apologise", ZH: "赔礼道歉", EN: "Apologise", Source: "PML 29; CC 179"},
	{Code: "other", ZH: "其他", EN: "Other", Source: "PML 29"},
}

// reckonRules are the steps of a reckoning in words.
var reckonRules = []Code{
	{Code: "first_day_not_counted", ZH: "开始的当天不计入，从次日起算", EN: "The first day is not counted; counting begins the day after", Source: "CC 201; CPL 85"},
	{Code: "count", ZH: "按日历天数计算", EN: "Counted in calendar days", Source: "CC 201; CPL 85"},
	{Code: "count_workdays", ZH: "按工作日计算", EN: "Counted in working days", Source: "CPL 85"},
	{Code: "rest_days_skipped", ZH: "周末和法定节假日不计入", EN: "Weekends and holidays are not counted", Source: "CPL 85"},
	{Code: "day_counted", ZH: "当天就是第一天，到期那天 24 点前完成，休息日也不顺延", EN: "That day is the first; it ends at midnight of the last, and a day off moves nothing", Source: "local"},
	{Code: "count_hours", ZH: "按小时计算，从事情发生时起", EN: "Counted in hours from the event", Source: "CC 201"},
	{Code: "count_months", ZH: "按月计算，到期月的对应日为最后一天", EN: "Counted in months to the same day of the month", Source: "CC 202"},
	{Code: "count_years", ZH: "按年计算，到期年的对应日为最后一天", EN: "Counted in years to the same day of the year", Source: "CC 202"},
	{Code: "paused", ZH: "期限中止的天数顺延", EN: "Put off by the days the period stood still", Source: "local"},
	{Code: "moved_on_holiday", ZH: "最后一天是休息日，顺延到下一个工作日", EN: "The last day is a day off; it moves on to the next working day", Source: "CC 203; CPL 85"},
	{Code: "extended_by_agreement", ZH: "各方书面同意延长", EN: "Extended by written agreement of the parties", Source: "NB15 27; SZ22 25"},
	{Code: "agreed_day", ZH: "当事人约定的日期", EN: "The day the parties agreed on", Source: "PML 29"},
}
