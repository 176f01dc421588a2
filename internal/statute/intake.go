package statute

// sources say on whose initiative a matter came, as the statistics count it. How
// it reached the office is a separate list, the channels.
var sources = []Code{
	{Code: "application", ZH: "当事人申请", EN: "Application by a party", Source: "PML 17; STATX"},
	{Code: "proactive", ZH: "主动调解", EN: "Taken up by the committee", Source: "PML 17; STATX"},
	{Code: "court", ZH: "法院委派或委托", EN: "Referred by a court", Source: "PML 18; INV16 1; STATX"},
	{Code: "police", ZH: "公安机关移送", EN: "Referred by the police", Source: "PML 18; STATX"},
	{Code: "procuratorate", ZH: "检察院移送", EN: "Referred by the procuratorate", Source: "STATX"},
	{Code: "petitions", ZH: "信访部门移送", EN: "Referred by the petitions office", Source: "STATX"},
	{Code: "other_agency", ZH: "其他部门移送", EN: "Referred by another agency", Source: "NB15 19; STATX"},
	// the return has no column of its own for it: it counts as part of the other agencies
	{Code: "committee", Parent: "other_agency", ZH: "其他调委会移送", EN: "Referred by another committee", Source: "NB15 18"},
}

var channels = []Code{
	{Code: "web", ZH: "网上申请", EN: "Website", Source: "local"},
	{Code: "window", ZH: "窗口来访", EN: "At the window", Source: "local"},
	{Code: "phone_12348", ZH: "12348 法律服务热线", EN: "Legal service hotline 12348", Source: "local"},
	{Code: "hotline_12345", ZH: "12345 政务热线", EN: "City hotline 12345", Source: "local"},
	{Code: "police_110", ZH: "110 非警务警情分流", EN: "Passed on by police call 110", Source: "local"},
	{Code: "qr", ZH: "扫码申请", EN: "QR code", Source: "local"},
	{Code: "grid", ZH: "网格员上报", EN: "Report by a grid worker", Source: "local"},
	{Code: "screening", ZH: "纠纷排查", EN: "Screening", Source: "local"},
	{Code: "court", ZH: "法院转来", EN: "Court", Source: "local"},
	{Code: "petition", ZH: "信访转来", EN: "Petition", Source: "local"},
	{Code: "other", ZH: "其他", EN: "Other", Source: "local"},
}

// nonAcceptance are the grounds for not accepting. Each is told with the proper
// channel (see RemediesFor).
var nonAcceptance = []Code{
	{Code: "NA01", ZH: "不属于民间纠纷，或依法由专门机关处理", EN: "Not a civil dispute, or reserved by law to another authority", Source: "NB15 17"},
	{Code: "NA02", ZH: "法律、法规规定不得采用人民调解", EN: "People's mediation is not allowed by law", Source: "NB15 17"},
	{Code: "NA03", ZH: "法院、仲裁机构、公安或其他机关已经受理或处理，且未移送", EN: "Already taken or decided by a court, an arbitral body, the police or an agency, and not referred", Source: "MOJ02 22; local"},
	{Code: "NA04", ZH: "对方不同意调解，或经多次联系未明确同意", EN: "The other side declines, or does not clearly agree after several contacts", Source: "PML 17; NJMED"},
	{Code: "NA05", ZH: "没有明确的对方当事人或具体请求", EN: "No known other side, or no definite request", Source: "NJMED"},
	{Code: "NA06", ZH: "补正后仍没有事实或材料", EN: "No facts or papers even after they were asked for", Source: "NJMED"},
	{Code: "NA07", ZH: "不属于本调委会的地域或行业范围", EN: "Outside this committee's area or field", Source: "NB15 18"},
	{Code: "NA08", ZH: "同一事实已有有效调解协议", EN: "A valid agreement on the same facts exists", Source: "PML 31; local"},
	{Code: "NA99", ZH: "其他原因", EN: "Another ground", Source: "NJMED"},
}

// relations are the ties between a mediator and a party that must be declared.
var relations = []Code{
	{Code: "none", ZH: "没有关系", EN: "None", Source: "INV16 15; ONL22 13"},
	{Code: "relative", ZH: "近亲属", EN: "Close relative", Source: "INV16 15"},
	{Code: "interest", ZH: "与纠纷有利害关系", EN: "Has an interest in the dispute", Source: "INV16 15"},
	{Code: "same_household", ZH: "同住一户", EN: "Same household", Source: "local"},
	{Code: "employer", ZH: "同一单位或物业公司", EN: "Same employer or property company", Source: "local"},
	{Code: "owners_committee", ZH: "当事人一方业委会成员", EN: "Member of the owners' committee that is a party", Source: "local"},
	{Code: "former_lawyer", ZH: "曾任一方的律师或代理人", EN: "Former lawyer or agent of a party", Source: "INV16 16; local"},
	{Code: "neighbour", ZH: "近邻", EN: "Close neighbour", Source: "local"},
	{Code: "other", ZH: "其他可能影响公正的关系", EN: "Another tie that may affect fairness", Source: "INV16 15"},
}

// capacities say who may act for himself in the case.
var capacities = []Code{
	{Code: "adult", ZH: "成年人", EN: "Adult", Source: "CC 18"},
	{Code: "limited", ZH: "限制或无民事行为能力的成年人", EN: "Adult without full capacity", Source: "CC 21, 22"},
	{Code: "minor", ZH: "未成年人", EN: "Minor", Source: "CC 19, 20"},
	{Code: "organisation", ZH: "单位", EN: "Organisation", Source: "CC 57, 102"},
	{Code: "group", ZH: "多人一方（推选代表）", EN: "Group with representatives", Source: "NB15 20"},
}

// contactMeans are the ways a party is asked, told or reminded.
var contactMeans = []Code{
	{Code: "phone", ZH: "电话", EN: "Telephone", Source: "local"},
	{Code: "visit", ZH: "上门", EN: "Visit", Source: "local"},
	{Code: "sms", ZH: "短信", EN: "Text message", Source: "local"},
	{Code: "letter", ZH: "书面送达", EN: "Letter", Source: "local"},
	{Code: "online", ZH: "网上", EN: "Online", Source: "ONL22 15"},
}
