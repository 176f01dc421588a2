package statute

// sexes are the codes of sex a mediator may name. Code 0, "unknown", is left out:
// what nobody asked stays empty.
//
// Source: GB/T 2261.1.
var sexes = []Code{
	{Code: "1", ZH: "男", EN: "Male", Source: "GB/T 2261.1"},
	{Code: "2", ZH: "女", EN: "Female", Source: "GB/T 2261.1"},
	{Code: "9", ZH: "未说明", EN: "Not stated", Source: "GB/T 2261.1"},
}

// schoolings are the main classes of schooling; the finer ones below them nobody
// needs for a return (PIPL 6).
//
// Source: GB/T 4658.
var schoolings = []Code{
	{Code: "10", ZH: "研究生教育", EN: "Postgraduate", Source: "GB/T 4658"},
	{Code: "20", ZH: "大学本科教育", EN: "Bachelor's course", Source: "GB/T 4658"},
	{Code: "30", ZH: "大学专科教育", EN: "Junior college", Source: "GB/T 4658"},
	{Code: "40", ZH: "中等职业教育", EN: "Vocational secondary school", Source: "GB/T 4658"},
	{Code: "60", ZH: "普通高级中学教育", EN: "Senior high school", Source: "GB/T 4658"},
	{Code: "70", ZH: "初级中学教育", EN: "Junior high school", Source: "GB/T 4658"},
	{Code: "80", ZH: "小学教育", EN: "Primary school", Source: "GB/T 4658"},
	{Code: "90", ZH: "其他", EN: "Other", Source: "GB/T 4658"},
}
