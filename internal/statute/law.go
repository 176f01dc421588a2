package statute

import (
	"slices"
	"strings"
)

// laws are the sources by their short key, with the title people know. "local"
// stands for what no law says: the office's own setting.
var laws = []Code{
	law("PML", "人民调解法", "People's Mediation Law"),
	law("CPL", "民事诉讼法", "Civil Procedure Law"),
	law("CPLI", "最高人民法院关于适用民事诉讼法的解释", "Interpretation on the Civil Procedure Law"),
	law("JC11", "最高人民法院关于人民调解协议司法确认程序的若干规定", "Provisions on Judicial Confirmation (2011)"),
	law("INV16", "最高人民法院关于人民法院特邀调解的规定", "Provisions on Invited Mediation (2016)"),
	law("ONL22", "人民法院在线调解规则", "Rules on Online Mediation by Courts (2022)"),
	law("PIPL", "个人信息保护法", "Personal Information Protection Law"),
	law("ESL", "电子签名法", "Electronic Signature Law"),
	law("ADVL", "反家庭暴力法", "Anti-Domestic Violence Law"),
	law("MPL", "未成年人保护法", "Law on the Protection of Minors"),
	law("LDMA", "劳动争议调解仲裁法", "Labour Dispute Mediation and Arbitration Law"),
	law("WAGE", "保障农民工工资支付条例", "Regulation on Wage Payment to Migrant Workers"),
	law("NOISE", "噪声污染防治法", "Noise Pollution Law"),
	law("CC", "民法典", "Civil Code"),
	law("ARCH", "档案法", "Archives Law"),
	law("CPRL", "消费者权益保护法", "Consumer Protection Law"),
	law("ARL", "行政复议法", "Administrative Reconsideration Law"),
	law("LAL", "法律援助法", "Legal Aid Law"),
	law("RTSL", "道路交通安全法", "Road Traffic Safety Law"),
	law("MOJ02", "人民调解工作若干规定", "Provisions on People's Mediation Work (2002)"),
	law("NB15", "宁波市人民调解条例（参照）", "Ningbo Mediation Regulation (as a model)"),
	law("SZ22", "深圳经济特区矛盾纠纷多元化解条例（参照）", "Shenzhen Dispute Resolution Regulation (as a model)"),
	law("SF0083", "全国人民调解工作规范（SF/T 0083-2020）", "National Standard of People's Mediation Work (SF/T 0083-2020)"),
	law("GB 11643", "公民身份号码（GB 11643）", "Citizen Identification Number (GB 11643)"),
	law("GB/T 2261.1", "人的性别代码（GB/T 2261.1）", "Codes for Sexual Distinction (GB/T 2261.1)"),
	law("GB/T 3304", "中国各民族名称的罗马字母拼写法和代码（GB/T 3304）", "Names and Codes of the Ethnic Groups of China (GB/T 3304)"),
	law("GB/T 4658", "学历代码（GB/T 4658）", "Codes of Schooling (GB/T 4658)"),
	law("STATX", "人民调解统计报表", "Statistical returns of people's mediation"),
	law("VOL", "人民调解卷宗格式", "Template of the mediation volume"),
	law("REC", "人民调解记录填写说明", "Notes on the mediation record"),
	law("FILL", "人民调解文书填写说明", "Notes on filling in the forms"),
	law("NJMED", "医疗纠纷调解文书式样（参照）", "Forms of a medical mediation committee (as a model)"),
	law("local", "本地设定", "Local setting"),
}

// standings say how well a source is known, where it is not simply a law that
// was read. A regulation of another city is a model and no law here, a template
// tells what others do; the text of a standard nobody here could open is hearsay.
// An article stands with its law ("MOJ02 22") where it alone was not read.
var standings = map[string]Status{
	"NB15": Secondary, "SZ22": Secondary, "MOJ02 22": Secondary,
	"STATX": Secondary, "VOL": Secondary, "REC": Secondary, "FILL": Secondary, "NJMED": Secondary,
	"SF0083": Recalled, "GB 11643": Recalled, "GB/T 2261.1": Recalled, "GB/T 3304": Recalled, "GB/T 4658": Recalled, "local": LocalDefault,
}

// Standing says how firmly a source founds a rule: as its weakest part does, so
// that a rule which leans on a local setting is seen to. An unknown source is
// taken for a local one, which somebody must then look at; "" founds nothing and
// is local too.
func Standing(source string) Status {
	order := map[Status]int{Confirmed: 1, Secondary: 2, Recalled: 3, LocalDefault: 4}
	weakest := Status("")
	for _, part := range Articles(source) {
		standing, marked := standings[part]
		if !marked {
			key, _ := splitSource(part)
			if standing, marked = standings[key]; !marked && Valid(Laws, key) {
				standing, marked = Confirmed, true
			}
		}
		if !marked {
			standing = LocalDefault
		}
		if order[standing] > order[weakest] {
			weakest = standing
		}
	}
	if weakest == "" {
		return LocalDefault
	}
	return weakest
}

// Articles parts a source into single articles: "PML 29, 31; CPL 205" gives
// "PML 29", "PML 31" and "CPL 205". A source without articles is one by itself.
func Articles(source string) []string {
	var all []string
	for part := range strings.SplitSeq(source, ";") {
		part = strings.TrimSpace(part)
		key, articles := splitSource(part)
		if part != "" && articles == "" {
			all = append(all, key)
		}
		for article := range strings.SplitSeq(articles, ",") {
			if article = strings.TrimSpace(article); article != "" {
				all = append(all, key+" "+article)
			}
		}
	}
	return all
}

// LawsOf gives the keys of the laws a source names, each once.
func LawsOf(source string) []string {
	var keys []string
	for part := range strings.SplitSeq(source, ";") {
		if key, _ := splitSource(strings.TrimSpace(part)); key != "" && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

func law(key, zh, en string) Code { return Code{Code: key, ZH: zh, EN: en, Source: key} }

// Cite writes a source for people to read: "CC 201; CPL 85" becomes
// 《民法典》第201条；《民事诉讼法》第85条, or "Civil Code, Art. 201; …" for "en". A
// part whose key is unknown stays as it is; a text after the article is kept.
func Cite(source, lang string) string {
	var parts []string
	for part := range strings.SplitSeq(source, ";") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, citeOne(part, lang))
		}
	}
	if lang == "en" {
		return strings.Join(parts, "; ")
	}
	return strings.Join(parts, "；")
}

func citeOne(part, lang string) string {
	key, articles := splitSource(part)
	title, ok := Lookup(Laws, key)
	if !ok {
		return part
	}
	if lang == "en" {
		return citeEnglish(title.EN, articles)
	}
	return citeChinese(title, articles)
}

func citeEnglish(title, articles string) string {
	switch {
	case articles == "":
		return title
	case strings.Contains(articles, ","):
		return title + ", Arts. " + articles
	default:
		return title + ", Art. " + articles
	}
}

// citeChinese puts a law in 《》 and an item "355(5)" as 第355条第5项. A setting of
// the office and a template are no laws and get no such marks.
func citeChinese(title Code, articles string) string {
	text := "《" + title.ZH + "》"
	if base, model := strings.CutSuffix(title.ZH, "（参照）"); model {
		text = "《" + base + "》（参照）"
	}
	if title.Code == "local" {
		text = title.ZH
	}
	var marks []string
	for article := range strings.SplitSeq(articles, ",") {
		if article = strings.TrimSpace(article); article == "" {
			continue
		}
		mark, item, found := strings.Cut(article, "(")
		mark = "第" + mark + "条"
		if found {
			mark += "第" + strings.TrimSuffix(item, ")") + "项"
		}
		marks = append(marks, mark)
	}
	return text + strings.Join(marks, "、")
}

// splitSource parts "CPLI 355(5)" into the key and the articles. A key may hold a
// blank of its own ("GB 11643").
func splitSource(part string) (key, articles string) {
	if Valid(Laws, part) {
		return part, ""
	}
	key, articles, _ = strings.Cut(part, " ")
	return key, strings.TrimSpace(articles)
}
