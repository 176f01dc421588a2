package demo

import "doorstep/internal/mediation"

// card is what somebody's papers say of him: an identity card, or the certificate
// of an organisation.
type card struct {
	id, address            string
	job, ethnic            string // what he tells of himself; most are Han, and have no code here
	credit, legalRep, post string // of an organisation
}

// cards are the papers of the parties by name. The numbers are of a region that
// does not exist (990000); their last digit but one tells a man from a woman.
func cards() map[string]card {
	return map[string]card{
		"陈阿芬": {id: "990000195803120025", address: "榆园 3 幢 502 室", job: "退休纺织工人"},
		"邵立":  {id: "990000198806140017", address: "榆园 3 幢 602 室", job: "软件公司职员"},
		"王建国": {id: "990000196207080017", address: "榆园 7 幢 301 室", job: "退休教师"},
		"李敏":  {id: "990000197903150028", address: "高新区学林路 18 号", job: "公司职员"},
		"赵强":  {id: "990000199511020039", address: "榆园 7 幢 401 室", job: "装修公司职员"},
		"周涛":  {id: "990000198602030019", address: "榆园 3 幢 306 室", job: "出租车司机"},
		"孙小宁": {id: "990000201506010039", address: "榆园 7 幢 402 室", job: "小学生"},
		"吴静":  {id: "990000199108220022", address: "榆园 3 幢 105 室", job: "银行柜员", ethnic: "03"},
		"郑慧":  {id: "990000197004150024", address: "榆园 7 幢 302 室", job: "中学教师"},
		"何平":  {id: "99000019651120001X", address: "榆园 7 幢 502 室", job: "退休干部", ethnic: "11"},
		"钱桂英": {id: "990000195203090029", address: "榆园 7 幢 101 室", job: "退休工人"},
		"宋国栋": {id: "990000196007010014", address: "榆园 7 幢 102 室", job: "退休工程师"},
		"蒋丽":  {id: "990000197902100029", address: "榆园 7 幢 103 室", job: "个体经营者"},
		"陆建芳": {id: "990000196809210026", address: "榆园 3 幢 303 室", job: "超市收银员"},
		"许桂香": {id: "990000194501180028", address: "榆园 3 幢 204 室", job: "退休工人"},
		"高玲":  {id: "990000197506110022", address: "榆园 3 幢 401 室", job: "会计"},
		"田甜":  {id: "990000199804240027", address: "榆园 3 幢 402 室", job: "自由职业"},
		"倪珍":  {id: "99000019720505002X", address: "榆园路 22 号 201 室", job: "社区医院护士"},
		"朱明":  {id: "990000198509301013", address: "枫桥里 9 幢 602 室", job: "货车司机"},
		"刘一诺": {id: "990000202102180028", address: "枫桥里 5 幢 301 室", job: "幼儿园在读"},
		"曹峰":  {id: "990000198403170019", address: "枫桥里 5 幢 202 室", job: "公司职员"},
		"潘亮":  {id: "990000198510090014", address: "枫桥里 9 幢 101 室", job: "建筑工程师"},
		"韩雪":  {id: "990000199207050022", address: "枫桥里 5 幢 404 室", job: "药店营业员"},
		"方志远": {id: "990000196602040015", address: "枫桥里 9 幢 201 室", job: "退休职工"},
		"方志敏": {id: "990000196908160028", address: "塘桥街道柳溪街 33 号", job: "中学职员"},
		"方志平": {id: "990000197201270017", address: "高新区学林路 52 号", job: "水电工"},
		"林芳":  {id: "99000019870319002X", address: "枫桥里 9 幢 503 室", job: "公司职员"},
		"龚立":  {id: "990000198305120018", address: "榆园 7 幢 601 室", job: "装修工人"},
		"苗志伟": {id: "990000198011030017", address: "榆园 7 幢 603 室", job: "厨师"},
		"路敏":  {id: "990000197412080029", address: "枫桥里 9 幢 402 室", job: "个体经营者"},
		"霍启明": {id: "99000019690330001X", address: "枫桥里 9 幢 601 室", job: "货运司机"},
		"岳敏":  {id: "990000199009270024", address: "榆园 3 幢 301 室", job: "小学教师"},
		"简小军": {id: "990000198901160016", address: "榆园 3 幢 405 室", job: "外卖骑手", ethnic: "06"},
		"凌慧":  {id: "990000197808250020", address: "榆园 3 幢 203 室", job: "公司职员"},
		"焦国强": {id: "990000196405140017", address: "榆园 3 幢 103 室", job: "退休职工"},
		"温玉琴": {id: "990000196603090022", address: "枫桥里 5 幢 102 室", job: "退休职工"},
		"温志强": {id: "990000197007220016", address: "塘桥街道柳溪街 8 号", job: "个体经营者"},
		"罗大勇": {id: "990000198204150015", address: "柳溪 2 幢 302 室", job: "电工"},
		"侯建军": {id: "990000197809300018", address: "塘桥街道塘桥路 12 号", job: "个体经营者"},
		"沙桂珍": {id: "990000195702180029", address: "柳溪 2 幢 101 室", job: "退休工人", ethnic: "03"},
		"应丽华": {id: "990000198506110027", address: "柳溪 2 幢 201 室", job: "家政服务员"},

		"恒安物业服务有限公司": {credit: "91990000MA0000017X", legalRep: "邹志强", post: "总经理", address: "枫桥里 1 幢底层物业服务中心"},
		"小星幼儿园":      {credit: "52990000MJ0000023A", legalRep: "姜岚", post: "园长", address: "枫桥里 20 号"},
		"炭香烧烤店":      {credit: "92990000MA0000031K", legalRep: "杜建平", post: "经营者", address: "榆园路 22 号底商"},
		"力动健身房":      {credit: "91990000MA0000044R", legalRep: "夏小军", post: "店长", address: "枫桥路 31 号"},
		"佳居房产代理有限公司": {credit: "91990000MA0000052Q", legalRep: "贾学东", post: "总经理", address: "高新路 66 号"},
	}
}

// told adds what somebody tells of himself when his particulars are written down.
func told(e mediation.PartyEntry) mediation.PartyEntry {
	c := cards()[e.Name]
	e.Ethnic, e.Occupation, e.LegalPost = c.ethnic, c.job, c.post
	if c.id != "" && c.ethnic == "" {
		e.Ethnic = "01"
	}
	return e
}

// enter writes down what a party's papers say, where it is not known yet.
func (t *tale) enter(by mediation.Actor, p *mediation.Party) {
	c, ok := cards()[p.Name]
	if !ok || p.IDMask+p.CreditCode != "" && p.AddressMask != "" {
		return
	}
	t.known(by, mediation.PartyEntry{Party: p.ID, Side: p.Side, Capacity: p.Capacity, Name: p.Name, GroupSize: p.GroupSize, Guardian: p.GuardianName,
		Agent: p.AgentName, AgentScope: p.AgentScope, AgentPaper: p.AgentName != "", IDNumber: c.id, Address: c.address, CreditCode: c.credit, LegalRep: c.legalRep})
}
