package statute

import (
	"regexp"
	"slices"
	"strings"
)

// ScopeWarning says that a clause holds words for which a court does not take or
// does not grant judicial confirmation. Word is the text that was found. It is a
// warning and no refusal: the agreement may stand without confirmation.
type ScopeWarning struct {
	Code, Word, Source string
	ZH, EN             string
}

// Label gives the English text for "en" and the Chinese one for anything else.
func (w ScopeWarning) Label(lang string) string { return Code{ZH: w.ZH, EN: w.EN}.Label(lang) }

// scopeRule is one ground with the words that point to it. The words are looked
// for and not understood: "不涉及产权归属" is found too, since a clause near the
// border deserves a second look. What also holds a word of except is left out.
type scopeRule struct {
	code, source, zh, en string
	types                string // types of dispute it is limited to, "" for all
	words, except        *regexp.Regexp
}

// home is what a clause on title is usually about. gap keeps the match within one
// clause, but for a comma right before the verb: in 房屋腾空后，家具归李四所有 the
// furniture is given and not the home.
const (
	home = `(?:房屋|房产|房子|住房|住宅|公房|老宅|宅基地|门面房?|商铺|车位|车库|土地|不动产|产权|\d+室)`
	gap  = `[^。；;，,！？!?\n]{0,40}?[，,]?`
)

const (
	titleZH = "协议涉及房屋等不动产的权属，法院不予司法确认；可以约定使用、付款等事项，权属另行登记或诉讼解决。"
	titleEN = "This settles title to real estate, which a court does not confirm. Use and payment may be agreed; title needs registration or a suit."
)

var scopeRules = []scopeRule{
	{code: "title", source: "CPLI 355(5)", zh: titleZH, en: titleEN,
		words: regexp.MustCompile(home + gap + `归[^还。；;，,\n][^。；;，,！？!?\n]{0,20}?(?:所有|享有)` +
			`|(?:所有权|产权|物权|权属)` + gap + `(?:归[^还。；;\n]|属于|确认|转移|变更|分割)` +
			`|` + home + gap + `(?:过户|确权|析产)` +
			`|(?i:\b(?:title|ownership) (?:to|of)\b)`)},
	{code: "title", source: "CPLI 355(5)", zh: titleZH, en: titleEN,
		words:  regexp.MustCompile(home + gap + `归[^还。；;，,\n]{1,12}(?:[。；;，,\n]|$)`),
		except: regexp.MustCompile(`使用|居住|清理|清扫|打扫|管理|保管|负责|维护|维修|停放|承租|出租|位|类|还`)},
	{code: "inheritance_title", source: "CPLI 355(5)", types: "01",
		zh:    "约定由某人继承房屋等不动产，属于权属内容，法院不予司法确认；可以办理继承公证、不动产登记或诉讼解决。",
		en:    "Who inherits real estate is a matter of title, which a court does not confirm. A notary, the land register or a suit settles it.",
		words: regexp.MustCompile(home + gap + `由[^。；;\n]{1,20}继承|由[^。；;\n]{1,20}继承` + gap + home + `|(?i:\binherits?\b)`)},
	{code: "land_use", source: "CPLI 355(5)", types: "03 07 08",
		zh:    "协议涉及土地、宅基地使用权的归属，法院不予司法确认。",
		en:    "This settles who holds a right to land, which a court does not confirm.",
		words: regexp.MustCompile(`(?:使用权|承包经营权|承包权)` + gap + `(?:归[^还]|属于|归属)|(?i:\bland[- ]use right)`)},
	{code: "intellectual", source: "CPLI 355(5)",
		zh:    "协议涉及知识产权的权属，法院不予司法确认。",
		en:    "This settles who owns intellectual property, which a court does not confirm.",
		words: regexp.MustCompile(`(?:专利权?|商标权?|著作权|版权|知识产权)` + gap + `(?:归[^还]|属于|归属|确认)|(?i:\b(?:patent|trade ?mark|copyright)\b)`)},
	{code: "status", source: "CPLI 355(3)",
		zh: "协议涉及婚姻、亲子、收养等身份关系，法院不予司法确认；请到民政部门办理或向法院起诉。",
		en: "This settles marriage, parentage or adoption, which a court does not confirm. Civil affairs or a suit settles it.",
		words: regexp.MustCompile(`离婚(?:[^后时前]|$)|复婚|(?:解除|确认|恢复|断绝)[^。；;\n]{0,10}关系` +
			`|(?:婚姻|收养|亲子关系)[^。；;\n]{0,6}(?:无效|有效|成立|解除)` +
			`|收养(?:子女|孩子|儿童|手续|登记)|(?:送|由)[^。；;，,\n]{1,12}收养|过继` +
			`|(?i:\b(?:divorce|adoption|paternity|parentage)\b)`),
		except: regexp.MustCompile(`劳动关系|合同关系|租赁关系|雇佣关系|劳务关系|债权债务关系|借贷关系`)},
	{code: "outside_court", source: "CPLI 355(1)",
		zh: "刑事责任、行政处罚不能由调解协议处分，法院不予司法确认；请删去这类内容。",
		en: "Criminal liability and administrative penalties cannot be settled by mediation. Please strike this out.",
		words: regexp.MustCompile(`刑事责任|不再?报案|不再?报警|撤销?(?:刑事)?案件|行政处罚|治安处罚` +
			`|(?i:\bcriminal (?:liability|charges?)\b|\bdrop (?:the )?charges\b)`)},
	{code: "special_procedure", source: "CPLI 355(4)",
		zh: "协议涉及破产、公示催告或其他特别程序，法院不予司法确认。",
		en: "This belongs to bankruptcy or another special procedure and is not confirmed.",
		words: regexp.MustCompile(`破产|公示催告|宣告(?:失踪|死亡)|认定[^。；;\n]{0,10}(?:无|限制)民事行为能力` +
			`|(?i:\bbankruptcy\b)`)},
}

// ScopeGrounds gives every ground of the scope test once, without a word found.
func ScopeGrounds() []ScopeWarning {
	var all []ScopeWarning
	for _, r := range scopeRules {
		if !slices.ContainsFunc(all, func(w ScopeWarning) bool { return w.Code == r.code }) {
			all = append(all, ScopeWarning{Code: r.code, Source: r.source, ZH: r.zh, EN: r.en})
		}
	}
	return all
}

// Confirmable looks through the text of an agreement for what a court does not
// confirm: title to real or intellectual property, the status of persons, other
// special procedures, and what is no matter of a civil court. It gives each word
// once, in the order of the grounds; nil means that nothing was found, not that
// the court will confirm. disputeType is a code of [DisputeTypes].
//
// Source: CPLI 355.
func Confirmable(text string, disputeType string) []ScopeWarning {
	var found []ScopeWarning
	for _, rule := range scopeRules {
		if rule.types != "" && (disputeType == "" || !strings.Contains(rule.types, disputeType)) {
			continue
		}
		for _, word := range rule.find(text) {
			w := ScopeWarning{Code: rule.code, Word: word, Source: rule.source, ZH: rule.zh, EN: rule.en}
			if !slices.Contains(found, w) {
				found = append(found, w)
			}
		}
	}
	return found
}

func (r scopeRule) find(text string) []string {
	var words []string
	for _, word := range r.words.FindAllString(text, -1) {
		if r.except == nil || !r.except.MatchString(word) {
			words = append(words, strings.Trim(word, "。；;，, \n"))
		}
	}
	return words
}
