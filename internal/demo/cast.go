package demo

import (
	"fmt"

	"doorstep/internal/mediation"
)

// job is a role somebody holds at a place of the demonstration, by the place's
// short name.
type job struct {
	role  mediation.Role
	place string
}

// actorCard is one person of the cast.
type actorCard struct {
	username, name string
	jobs           []job
	mediates       *licence // what the bureau's list says of a mediator
}

// licence is a mediator's entry in the bureau's list.
type licence struct {
	number      string
	party, law  bool // a party member, a legal advisor
	fullTime    bool
	skills      string
	mostAtATime int
	sex         string // of statute.Sexes
	schooling   string // of statute.Schooling, "" where it was not told
}

// The places of the cast by their short names.
const (
	atYuyuan    = "榆园"
	atFengqiao  = "枫桥里"
	atLiuxi     = "柳溪"
	atGaoxin    = "高新街道"
	atTangqiao  = "塘桥街道"
	atDistrict  = "高新区"
	atCourt     = "法院"
	gridYuyuan  = "榆园一网格"
	gridFeng    = "枫桥里一网格"
	gridLiuxi   = "柳溪一网格"
	theCourt    = "高新区人民法院"
	firstAdmin  = "谢文博"
	secondAdmin = "方晓岚"
)

func holds(role mediation.Role, place string) []job { return []job{{role, place}} }

// staff is everybody of the offices. Who mediates has an entry in the bureau's
// list (PML 13, 14); in the small office of 柳溪 one woman takes in and presides.
func staff() []actorCard {
	return []actorCard{
		{username: "lina", name: "李娜", jobs: holds(mediation.RoleCoordinator, atYuyuan)},
		{username: "wangxiulan", name: "王秀兰", jobs: holds(mediation.RoleChair, atYuyuan)},
		{username: "chenguodong", name: "陈国栋", jobs: holds(mediation.RoleMediator, atYuyuan),
			mediates: &licence{"高新人调〔2024〕011号", true, false, false, "邻里、噪声、漏水", 12, "1", "60"}},
		{username: "guqiaoyun", name: "顾巧云", jobs: holds(mediation.RoleMediator, atYuyuan),
			mediates: &licence{"高新人调〔2024〕012号", true, false, false, "婚姻家庭、物业", 12, "2", "40"}},
		{username: "yanwenqing", name: "严文清", jobs: holds(mediation.RoleMediator, atYuyuan),
			mediates: &licence{"高新人调〔2024〕013号", false, true, true, "房屋、损害赔偿；执业律师", 15, "1", "20"}},
		{username: "dujun", name: "杜军", jobs: holds(mediation.RoleMediator, atYuyuan),
			mediates: &licence{"高新人调〔2025〕004号", true, false, false, "商户、物业", 8, "1", "30"}},
		{username: "guming", name: "顾明", jobs: holds(mediation.RoleAssistant, atYuyuan)},
		{username: "daiweimin", name: "戴为民", jobs: holds(mediation.RoleAssistant, atYuyuan)},
		{username: "zhoubin", name: "周斌", jobs: holds(mediation.RoleGridWorker, gridYuyuan)},

		{username: "zhoumin", name: "周敏", jobs: holds(mediation.RoleCoordinator, atFengqiao)},
		{username: "shenguoqiang", name: "沈国强", jobs: holds(mediation.RoleChair, atFengqiao)},
		{username: "gaoyongfu", name: "高永福", jobs: holds(mediation.RoleMediator, atFengqiao),
			mediates: &licence{"高新人调〔2023〕021号", true, false, false, "邻里、借贷", 12, "1", "70"}},
		{username: "fujing", name: "傅静", jobs: holds(mediation.RoleMediator, atFengqiao),
			mediates: &licence{"高新人调〔2024〕022号", false, true, true, "物业、继承；基层法律服务工作者", 15, "2", "20"}},
		{username: "shijianhua", name: "施建华", jobs: holds(mediation.RoleMediator, atFengqiao),
			mediates: &licence{"高新人调〔2025〕023号", true, false, false, "消费、合同", 10, "1", "60"}},
		{username: "xuwen", name: "许文", jobs: holds(mediation.RoleAssistant, atFengqiao)},
		{username: "dinglan", name: "丁兰", jobs: holds(mediation.RoleAssistant, atFengqiao)},
		{username: "maorong", name: "毛蓉", jobs: holds(mediation.RoleGridWorker, gridFeng)},

		{username: "hemei", name: "贺梅", jobs: []job{{mediation.RoleChair, atLiuxi}, {mediation.RoleCoordinator, atLiuxi}}},
		{username: "yudahai", name: "余大海", jobs: holds(mediation.RoleMediator, atLiuxi),
			mediates: &licence{"高新人调〔2024〕031号", true, false, false, "邻里、工资", 10, "1", "60"}},
		{username: "jinfang", name: "金芳", jobs: holds(mediation.RoleMediator, atLiuxi),
			mediates: &licence{"高新人调〔2025〕032号", false, true, false, "房屋、劳动", 10, "2", "30"}},
		{username: "tanglei", name: "唐磊", jobs: holds(mediation.RoleGridWorker, gridLiuxi)},

		{username: "guoxiao", name: "郭晓", jobs: holds(mediation.RoleCoordinator, atGaoxin)},
		{username: "zhangjianmin", name: "章建民", jobs: holds(mediation.RoleChair, atGaoxin)},
		{username: "songmingyuan", name: "宋明远", jobs: holds(mediation.RoleMediator, atGaoxin),
			mediates: &licence{"高新人调〔2022〕002号", false, true, true, "疑难、群体性纠纷", 20, "1", "10"}},

		{username: "luozheng", name: "罗正", jobs: []job{{mediation.RoleLegalOfficer, atGaoxin}}},
		{username: "qiuyun", name: "邱韵", jobs: holds(mediation.RoleLegalOfficer, atTangqiao)},
		{username: "yeqing", name: "叶青", jobs: holds(mediation.RoleCourtClerk, atCourt)},
		{username: "panruilin", name: "潘瑞林", jobs: holds(mediation.RoleSupervisor, atDistrict)},
		{username: "kangning", name: "康宁", jobs: holds(mediation.RoleAuditor, atDistrict)},
	}
}

// residents are those who have an account of their own; most parties have none.
func residents() []actorCard {
	return []actorCard{
		{username: "zhenghui", name: "郑慧"}, {username: "wangjianguo", name: "王建国"}, {username: "zhoutao", name: "周涛"},
		{username: "sunhao", name: "孙浩"}, {username: "gaoling", name: "高玲"}, {username: "nizhen", name: "倪珍"},
		{username: "linfang", name: "林芳"}, {username: "heli", name: "何丽"}, {username: "tangyun", name: "汤云"},
	}
}

// People are the sign-ins to show, one line a person: first whoever runs the
// office, then the residents.
func People() []Person {
	var all []Person
	for _, p := range staff() {
		all = append(all, Person{Role: p.jobs[0].role, Username: p.username, Name: p.name, Place: p.jobs[0].place})
	}
	all = append(all, Person{Role: mediation.RoleAdmin, Username: "xiewenbo", Name: firstAdmin, Place: atDistrict},
		Person{Role: mediation.RoleAdmin, Username: "fangxiaolan", Name: secondAdmin, Place: atDistrict})
	for _, p := range residents() {
		all = append(all, Person{Role: mediation.RoleResident, Username: p.username, Name: p.name})
	}
	return all
}

// phoneOf makes a number of the form no operator assigns, 100 and eight digits.
func phoneOf(n int) string { return fmt.Sprintf("100%08d", 12340000+n) }
