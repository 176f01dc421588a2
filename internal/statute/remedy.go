package statute

import "slices"

// Remedy is another lawful way, told to the parties when mediation is refused or
// has failed.
type Remedy struct{ Code, ZH, EN, Source string }

// Label gives the English text for "en" and the Chinese one for anything else.
func (r Remedy) Label(lang string) string {
	return Code{ZH: r.ZH, EN: r.EN}.Label(lang)
}

var remedies = []Code{
	{Code: "police_110", ZH: "有危险或涉嫌违法犯罪的，请立即拨打110，由公安机关处理", EN: "In danger, or where a crime is suspected, call 110 at once; the police will deal with it", Source: "PML 25"},
	{Code: "protection_order", ZH: "遭受家庭暴力的，可以向人民法院申请人身安全保护令，也可以请妇联、居委会帮助", EN: "Who suffers domestic violence may ask the court for a protection order, and the women's federation or the residents' committee for help", Source: "ADVL 13, 23"},
	{Code: "handling_body", ZH: "已由法院、仲裁机构、公安或其他机关受理的，请在该机关继续办理；该机关移送后，我们可以调解", EN: "A matter already before a court, an arbitral body, the police or an agency goes on there; if that body refers it to us, we can mediate", Source: "PML 18; NB15 19"},
	{Code: "administrative", ZH: "属于行政机关职责的，可以向主管部门反映；对行政决定不服的，可以申请行政复议或提起行政诉讼，注意复议一般应在知道之日起60日内提出", EN: "What belongs to an administrative authority may be brought before it; against its decision there is administrative reconsideration, as a rule within 60 days of learning of it, or an administrative suit", Source: "ARL 20"},
	{Code: "perform_agreement", ZH: "已有调解协议的，双方应当履行；对履行或内容有争议的，可以向人民法院起诉", EN: "An agreement already made is to be performed; a dispute about its performance or content may be taken to court", Source: "PML 31, 32"},
	{Code: "other_committee", ZH: "可以向有管辖权的人民调解委员会、街道调委会或行业性专业性调委会申请", EN: "You may apply to the committee of the place, to that of the sub-district, or to a committee for the field", Source: "NB15 18; PML 34"},
	{Code: "labour_arbitration", ZH: "可以向劳动人事争议仲裁委员会申请仲裁，时效一般为一年；对裁决不服的，可以依法起诉", EN: "You may apply for labour arbitration, as a rule within one year; against the award you may go to court as the law provides", Source: "LDMA 5, 27"},
	{Code: "payment_order", ZH: "已就拖欠劳动报酬达成调解协议而单位不履行的，可以向人民法院申请支付令", EN: "Where an agreement on unpaid wages is not performed, you may apply to the court for a payment order", Source: "LDMA 16"},
	{Code: "labour_inspection", ZH: "拖欠工资的，可以向劳动保障监察机构投诉（12333）", EN: "Unpaid wages may be reported to the labour inspection (12333)", Source: "LDMA 9; WAGE 10"},
	{Code: "consumer_12315", ZH: "可以拨打12315向市场监管部门投诉，或请消费者协会调解", EN: "You may complain to the market authority by calling 12315, or ask the consumers' association to mediate", Source: "CPRL 39"},
	{Code: "traffic_police", ZH: "可以请公安机关交通管理部门调解损害赔偿，也可以直接起诉", EN: "You may ask the traffic police to mediate the damages, or go straight to court", Source: "RTSL 74"},
	{Code: "noise_authority", ZH: "社会生活噪声扰民的，可以向负责的部门或公安机关投诉（12345）", EN: "Noise in daily life may be reported to the authority in charge or to the police (12345)", Source: "NOISE 70"},
	{Code: "court_suit", ZH: "可以向人民法院起诉", EN: "You may bring a suit at the people's court", Source: "PML 26; CPL 122"},
	{Code: "legal_aid_12348", ZH: "可以拨打12348咨询；经济困难的，可以申请法律援助", EN: "You may call 12348 for advice; who is short of money may apply for legal aid", Source: "LAL 31"},
	{Code: "limitation", ZH: "请留意诉讼时效：一般为三年，从知道或应当知道权利受损和义务人之日起计算", EN: "Mind the limitation period: as a rule three years from the day you know, or should know, of the harm and of who is liable", Source: "CC 188"},
}

// RemediesFor gives the other lawful ways for a case that was refused (kind is an
// NA code) or has ended without agreement (a T code), by its type of dispute. It
// is never empty, whatever the codes: the parties must be told (PML 26). What
// fits the case best stands first, the warning of limitation last.
func RemediesFor(kind string, disputeType string) []Remedy {
	codes := remediesOfKind(kind)
	codes = append(codes, remediesOfType(disputeType)...)
	if kind != "NA01" && disputeType != "10" && disputeType != "11" {
		codes = append(codes, "court_suit")
	}
	codes = append(codes, "legal_aid_12348", "limitation")
	var list []Remedy
	for _, r := range remedies {
		if slices.Contains(codes, r.Code) {
			list = append(list, Remedy{Code: r.Code, ZH: r.ZH, EN: r.EN, Source: r.Source})
		}
	}
	return list
}

func remediesOfKind(kind string) []string {
	switch kind {
	case "NA01", "NA02":
		return []string{"administrative"}
	case "NA03", "T08":
		return []string{"handling_body"}
	case "NA07":
		return []string{"other_committee"}
	case "NA08", "T11":
		return []string{"perform_agreement"}
	case "T09":
		return []string{"police_110"}
	case "T02", "T06":
		return []string{"other_committee"}
	default:
		return nil
	}
}

func remediesOfType(disputeType string) []string {
	switch disputeType {
	case "01":
		return []string{"protection_order"}
	case "02":
		return []string{"noise_authority"}
	case "08", "09":
		return []string{"administrative"}
	case "10":
		return []string{"labour_arbitration", "payment_order", "labour_inspection"}
	case "11":
		return []string{"labour_arbitration", "payment_order", "labour_inspection"}
	case "12", "13", "14":
		return []string{"consumer_12315"}
	case "15":
		return []string{"other_committee"}
	case "16":
		return []string{"traffic_police"}
	default:
		return nil
	}
}
