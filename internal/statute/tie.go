package statute

// conflictFacts are the ties the check between mediators and parties looks for.
// What each leads to is the rules' own table.
var conflictFacts = []Code{
	{Code: "self", ZH: "本人就是当事人", EN: "Is a party himself", Source: "INV16 15"},
	{Code: "same_phone", ZH: "与当事人登记的是同一电话", EN: "A party is reached under the mediator's own number", Source: "INV16 15"},
	{Code: "household", ZH: "与当事人同住一户", EN: "Lives behind the same door as a party", Source: "INV16 15; local"},
	{Code: "household_likely", ZH: "地址写法不全，可能与当事人同住一户", EN: "May live behind the same door as a party: one address is incomplete", Source: "ONL22 13; local"},
	{Code: "same_floor", ZH: "与当事人同幢同层", EN: "Lives on the same floor of the building as a party", Source: "ONL22 13; local"},
	{Code: "kin", ZH: "当事人是其申报的亲属", EN: "A party is a declared relative", Source: "INV16 15"},
	{Code: "kin_name", ZH: "当事人与其申报的亲属同名", EN: "A party bears the name of a declared relative", Source: "ONL22 13"},
	{Code: "employer", ZH: "当事人是其工作单位", EN: "A party is the mediator's employer", Source: "INV16 15; local"},
	{Code: "office", ZH: "在当事人一方任职（业委会、物业公司等）", EN: "Holds an office in a party (owners' committee, property company)", Source: "INV16 15; local"},
	{Code: "open_case", ZH: "与当事人同为另一件未结案件的当事人", EN: "Is a party, beside or against this party, in another open case", Source: "INV16 15"},
	{Code: "earlier_case", ZH: "曾与当事人同为一件已结案件的当事人", EN: "Was a party, beside or against this party, in a case that has ended", Source: "ONL22 13"},
	{Code: "earlier_conflict", ZH: "曾在该当事人的另一件案件中回避", EN: "Stepped back from another case of this party", Source: "ONL22 13"},
	{Code: "earlier_counsel", ZH: "曾在该当事人的另一件案件中任顾问", EN: "Was counsel in another case of this party", Source: "INV16 16; ONL22 13"},
}

// tieKinds are what somebody of the office declares of himself.
var tieKinds = []Code{
	{Code: "home", ZH: "住处", EN: "Home", Source: "ONL22 13"},
	{Code: "relative", ZH: "亲属", EN: "Relative", Source: "INV16 15"},
	{Code: "employer", ZH: "工作单位", EN: "Employer", Source: "INV16 15"},
	{Code: "office", ZH: "任职", EN: "Office held", Source: "INV16 15"},
}

// kinships are the close relatives of CC 1045, and the wider family.
var kinships = []Code{
	{Code: "spouse", ZH: "配偶", EN: "Spouse", Source: "CC 1045"},
	{Code: "parent", ZH: "父母", EN: "Parent", Source: "CC 1045"},
	{Code: "child", ZH: "子女", EN: "Child", Source: "CC 1045"},
	{Code: "sibling", ZH: "兄弟姐妹", EN: "Brother or sister", Source: "CC 1045"},
	{Code: "grandparent", ZH: "祖父母、外祖父母", EN: "Grandparent", Source: "CC 1045"},
	{Code: "grandchild", ZH: "孙子女、外孙子女", EN: "Grandchild", Source: "CC 1045"},
	{Code: "wider", ZH: "其他亲属", EN: "Wider family", Source: "local"},
}

// officesHeld are the offices that tie a mediator to an organisation.
var officesHeld = []Code{
	{Code: "owners_committee", ZH: "业主委员会", EN: "Owners' committee", Source: "local"},
	{Code: "property_company", ZH: "物业服务企业", EN: "Property company", Source: "local"},
	{Code: "residents_committee", ZH: "居民委员会", EN: "Residents' committee", Source: "local"},
	{Code: "other", ZH: "其他组织", EN: "Another organisation", Source: "local"},
}
