package demo

import (
	"doorstep/internal/mediation"
	"doorstep/internal/office"
	"doorstep/internal/place"
)

// plot is an area by its short name, below another, with its position in degrees.
type plot struct {
	short, above   string
	kind           place.Kind
	name, nameEN   string
	code           string
	north, eastern float64
}

// plots is the tree of 示范市, an invented city: one district, two
// sub-districts, three communities, with a grid and buildings in each.
func plots() []plot {
	return []plot{
		{"示范市", "", place.City, "示范市", "Shifan City", "sf", 0, 0},
		{atDistrict, "示范市", place.District, "高新区", "Gaoxin District", "gx", 0, 0},
		{atGaoxin, atDistrict, place.Subdistrict, "高新街道", "Gaoxin Sub-district", "gaoxin", 31.3020, 120.5800},
		{atTangqiao, atDistrict, place.Subdistrict, "塘桥街道", "Tangqiao Sub-district", "tangqiao", 31.3230, 120.6120},
		{atYuyuan, atGaoxin, place.Community, "榆园社区", "Yuyuan Community", "yuyuan", 31.3035, 120.5826},
		{atFengqiao, atGaoxin, place.Community, "枫桥里社区", "Fengqiaoli Community", "fengqiaoli", 31.2988, 120.5741},
		{atLiuxi, atTangqiao, place.Community, "柳溪社区", "Liuxi Community", "liuxi", 31.3241, 120.6143},
		{gridYuyuan, atYuyuan, place.Grid, "榆园第一网格", "Yuyuan Grid 1", "g1", 31.3037, 120.5829},
		{gridFeng, atFengqiao, place.Grid, "枫桥里第一网格", "Fengqiaoli Grid 1", "g1", 31.2990, 120.5744},
		{gridLiuxi, atLiuxi, place.Grid, "柳溪第一网格", "Liuxi Grid 1", "g1", 31.3243, 120.6147},
		{"榆园3幢", gridYuyuan, place.Building, "榆园 3 幢", "Yuyuan Building 3", "b3", 31.3038, 120.5831},
		{"榆园7幢", gridYuyuan, place.Building, "榆园 7 幢", "Yuyuan Building 7", "b7", 31.3033, 120.5834},
		{"枫桥里5幢", gridFeng, place.Building, "枫桥里 5 幢", "Fengqiaoli Building 5", "b5", 31.2991, 120.5747},
		{"枫桥里9幢", gridFeng, place.Building, "枫桥里 9 幢", "Fengqiaoli Building 9", "b9", 31.2986, 120.5738},
		{"柳溪2幢", gridLiuxi, place.Building, "柳溪 2 幢", "Liuxi Building 2", "b2", 31.3244, 120.6149},
	}
}

func (p plot) area(above mediation.AreaID) place.Area {
	a := place.Area{Parent: string(above), Kind: p.kind, Name: p.name, NameEN: p.nameEN, Code: p.code}
	if p.north != 0 {
		a.Lat, a.Lng = &p.north, &p.eastern
	}
	return a
}

// bodies are the committees: one a community, and one of the sub-district for
// what is too hard or crosses communities (PML 8, 34).
func bodies() []office.Committee {
	return []office.Committee{
		{Area: atYuyuan, Name: "榆园社区人民调解委员会", ShortName: "榆园人调字", Kind: "community", Phone: "0512-10000001", Address: "榆园路 8 号社区服务中心一楼", Contacts: 3},
		{Area: atFengqiao, Name: "枫桥里社区人民调解委员会", ShortName: "枫桥里人调字", Kind: "community", Phone: "0512-10000002", Address: "枫桥里 16 号党群服务站", Contacts: 3},
		{Area: atLiuxi, Name: "柳溪社区人民调解委员会", ShortName: "柳溪人调字", Kind: "community", Phone: "0512-10000003", Address: "柳溪街 5 号居委会二楼", Contacts: 3},
		{Area: atGaoxin, Name: "高新街道人民调解委员会", ShortName: "高新人调字", Kind: "subdistrict", Phone: "0512-10000010", Address: "高新路 100 号矛调中心", Contacts: 3},
	}
}

// points are where people find help within a quarter of an hour's walk.
func points() []place.ServicePoint {
	at := func(lat, lng float64) (*float64, *float64) { return &lat, &lng }
	list := []place.ServicePoint{
		{Area: atYuyuan, Committee: atYuyuan, Kind: place.MediationStation, Name: "榆园矛调工作站", Address: "榆园路 8 号一楼", Phone: "0512-10000001",
			Hours: "周一至周五 8:30—17:30", Services: "来访登记、调解、法律咨询"},
		{Area: atYuyuan, Committee: atYuyuan, Kind: place.EldersStudio, Name: "陈国栋老娘舅工作室", Address: "榆园 2 幢底层", Phone: "0512-10000004",
			Hours: "周一、三、五 14:00—17:00", Services: "邻里劝和、家庭矛盾"},
		{Area: atYuyuan, Kind: place.LawSquare, Name: "榆园法治广场", Address: "榆园路与梅岭街路口", Hours: "全天开放，周六上午现场评理", Services: "普法、公开评理"},
		{Area: atGaoxin, Kind: place.CourtPoint, Name: "高新街道巡回审判点", Address: "高新路 100 号三楼", Phone: "0512-10000020",
			Hours: "周四 9:00—16:00", Services: "诉前指导、司法确认、巡回审判"},
		{Area: atGaoxin, Kind: place.JudicialOffice, Name: "高新司法所", Address: "高新路 100 号二楼", Phone: "0512-10000021",
			Hours: "周一至周五 9:00—17:00", Services: "业务指导、法律援助申请"},
		{Area: atFengqiao, Committee: atFengqiao, Kind: place.MediationStation, Name: "枫桥里矛调工作站", Address: "枫桥里 16 号", Phone: "0512-10000002",
			Hours: "周一至周五 8:30—17:30", Services: "来访登记、调解、法律咨询"},
		{Area: atLiuxi, Committee: atLiuxi, Kind: place.MediationStation, Name: "柳溪矛调工作站", Address: "柳溪街 5 号", Phone: "0512-10000003",
			Hours: "周一至周六 8:30—17:00", Services: "来访登记、调解、法律咨询"},
	}
	where := [][2]float64{{31.3036, 120.5822}, {31.3034, 120.5830}, {31.3029, 120.5819}, {31.3018, 120.5797}, {31.3018, 120.5797}, {31.2989, 120.5740}, {31.3240, 120.6141}}
	for i := range list {
		list[i].Lat, list[i].Lng = at(where[i][0], where[i][1])
	}
	return list
}
