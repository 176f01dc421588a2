package statute

// committeeKinds are the kinds of people's mediation committee: that of the
// residents' or villagers' committee, which every place has; that of a township or
// sub-district; that of an enterprise or institution; and those an association or
// other body sets up for the disputes of one field.
//
// Source: PML 8, 34; which fields are told apart is local.
var committeeKinds = []Code{
	{Code: "community", ZH: "村（社区）调委会", EN: "Village or community", Source: "PML 8"},
	{Code: "subdistrict", ZH: "乡镇（街道）调委会", EN: "Township or sub-district", Source: "PML 34"},
	{Code: "enterprise", ZH: "企事业单位调委会", EN: "Enterprise or institution", Source: "PML 8, 34"},
	{Code: "traffic", ZH: "道路交通调委会", EN: "Road traffic", Source: "PML 34; local"},
	{Code: "medical", ZH: "医疗纠纷调委会", EN: "Medical care", Source: "PML 34; local"},
	{Code: "labour", ZH: "劳动争议调委会", EN: "Labour", Source: "PML 34; local"},
	{Code: "property", ZH: "物业纠纷调委会", EN: "Property management", Source: "PML 34; local"},
	{Code: "other", ZH: "其他调委会", EN: "Other", Source: "PML 34"},
}

// CommitteeKind is the kind a committee counts as: the one it was told to be or,
// before anybody told it, what the kind of its area says.
func CommitteeKind(told, areaKind string) string {
	for _, kind := range []string{told, areaKind} {
		if Valid(CommitteeKinds, kind) {
			return kind
		}
	}
	return "other"
}
