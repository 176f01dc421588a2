package statute

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Finding is something in the text of an agreement that makes it weak or void.
// Word is the text that was found, "" where something is missing. A finding that
// stops must be mended before the agreement is drafted; the others are to be
// read before anybody signs.
type Finding struct {
	Code, Word, Source string
	ZH, EN             string
	Stop               bool
}

// Label gives the English text for "en" and the Chinese one for anything else.
func (f Finding) Label(lang string) string { return Code{ZH: f.ZH, EN: f.EN}.Label(lang) }

// AgreementText is what the lint reads of an agreement. Silent are the names of
// parties that neither promise nor receive anything.
type AgreementText struct {
	Settled, Unsettled string
	Promises           []PromiseText
	Silent             []string
}

// PromiseText is one promise as it is written. AmountFen is 0 without money.
type PromiseText struct {
	What, How string
	AmountFen int64
}

// lintRule is one ground with the words that point to it, looked for and not
// understood. everywhere: also in the text of what was settled, and not only in
// the promises, where exactness is owed.
type lintRule struct {
	code, source, zh, en string
	stop, everywhere     bool
	words                *regexp.Regexp
}

// clause keeps a match within one clause.
const clause = `[^。；;，,！？!?\n]`

var lintRules = []lintRule{
	{code: "crime", source: "CC 153; CPLI 355(1)", stop: true, everywhere: true,
		zh:    "刑事责任不能用协议免除，也不能约定不报案、不报警。请删去这一句。",
		en:    "An agreement cannot excuse from criminal liability, nor forbid to report a crime or to call the police. Please strike this out.",
		words: regexp.MustCompile(`(?:不|不再|不得|不予|免予|免除|免)(?:直接|去|向公安机关|向派出所|打电话)?(?:报案|报警|追究` + clause + `{0,8}刑事责任)|免除?` + clause + `{0,8}刑事责任|撤销刑事案件|(?i:\b(?:no|not) (?:to )?report(?:ing)? (?:the |this )?crime|\bnot (?:to )?call the police\b|\bdrop (?:the )?charges\b)`)},
	{code: "sanction", source: "CC 153; CPLI 355(1)", stop: true, everywhere: true,
		zh:    "罚款、拘留等行政处罚由行政机关决定，不能用协议免除或者约定。请删去这一句。",
		en:    "Fines and other administrative penalties are for the authority to decide; no agreement waives or sets them. Please strike this out.",
		words: regexp.MustCompile(`(?:不予|不再给予|不再追究|免予|免除|撤销|取消)` + clause + `{0,8}(?:行政处罚|治安处罚|行政拘留)|(?:行政处罚|治安处罚|行政拘留)` + clause + `{0,6}(?:免除|撤销|取消|不再执行)|处以?罚款|(?i:\b(?:waives?|lifts?|drops?) (?:the |any )?(?:administrative )?(?:penalt(?:y|ies)|fines?)\b)`)},
	{code: "support", source: "CC 26, 1067", stop: true, everywhere: true,
		zh:    "赡养父母、抚养未成年子女是法定义务，不能约定免除，也不能断绝亲子关系。请改写为怎样分担。",
		en:    "Support of parents and of minor children is a duty by law that no agreement ends. Write how it is shared instead.",
		words: regexp.MustCompile(`(?:不再|不用|无需|放弃|免除|不承担|不履行|不尽)` + clause + `{0,8}(?:赡养|抚养|扶养)|断绝` + clause + `{0,8}关系|(?i:\bno longer supports?\b|\bwaives? (?:child )?(?:support|maintenance)\b)`)},
	{code: "liberty", source: "CC 109, 153", stop: true, everywhere: true,
		zh:    "不能约定扣留证件、限制人身自由或以身抵债。请删去这一句。",
		en:    "Keeping somebody's papers or limiting his liberty cannot be agreed. Please strike this out.",
		words: regexp.MustCompile(`(?:扣押|扣留|没收|抵押)` + clause + `{0,6}(?:身份证|户口本|护照|证件)|(?:限制|剥夺)` + clause + `{0,4}人身自由|以身抵债|(?i:\bkeeps? (?:the|his|her) (?:identity card|passport)\b)`)},
	{code: "status", source: "CC 1051, 1073, 1113; CPLI 355(3)", stop: true, everywhere: true,
		zh:    "婚姻、收养、亲子关系是否成立、有效，由法院或者登记机关认定，不能用协议约定。请删去这一句。",
		en:    "Whether a marriage, an adoption or parentage stands is for the court or the registry; no agreement decides it. Please strike this out.",
		words: regexp.MustCompile(`(?:婚姻|收养|亲子|父子|父女|母子|母女)(?:关系)?` + clause + `{0,4}(?:不成立|成立|无效|有效|不存在|存在)|(?:确认|否认|不承认|承认)` + clause + `{0,8}(?:亲子|父子|父女|母子|母女|收养)关系|(?i:\b(?:marriage|adoption|parentage|paternity) (?:is|was|be) (?:void|valid|invalid)\b)`)},
	{code: "vague_time", source: "CPLI 358(5)",
		zh:    "时间不明确，法院可能因“内容不明确”不予确认。请写到哪一天。",
		en:    "The time is vague; a court may not confirm what is unclear. Give the day.",
		words: regexp.MustCompile(`尽快|尽早|及时|近期|早日|择日|日后|过段时间|有钱(?:了|时|的时候)|条件允许|合理(?:期限|时间)|(?i:\bas soon as possible\b|\bin due (?:course|time)\b|\bpromptly\b)`)},
	{code: "vague_amount", source: "CPLI 358(5)",
		zh:    "数额不明确。请写出确定的数字，或者怎么算。",
		en:    "The amount is vague. Give the figure, or how it is reckoned.",
		words: regexp.MustCompile(`适当|酌情|若干|大约|大概|左右|相应(?:费用|损失|补偿)|一定(?:费用|数额|金额|补偿)|部分(?:费用|损失)|(?i:\babout\b|\bsome money\b|\bappropriate\b)`)},
	{code: "vague_duty", source: "CPLI 358(5)",
		zh:    "要做的事不确定，将来难以履行、难以执行。请写清楚做到什么程度。",
		en:    "What is to be done is not certain and hard to enforce. Say to what extent.",
		words: regexp.MustCompile(`尽量|尽力|争取|原则上|视情况|另行协商|再议|(?i:\bif possible\b|\btry to\b|\bbest efforts\b)`)},
	{code: "unnamed", source: "CPLI 358(5)",
		zh:    "请写姓名，不写“对方”“楼上”这类称呼。",
		en:    "Name the person instead of “the other side” or “upstairs”.",
		words: regexp.MustCompile(`对方|楼上|楼下|隔壁|该户|他家|她家|(?i:\bthe other (?:side|party)\b|\bupstairs\b|\bdownstairs\b)`)},
	{code: "third_party", source: "CC 153, 301; CPLI 358(2)", everywhere: true,
		zh:    "提到了协议以外的人或共有、抵押的东西。请先征得他们同意，或增加为当事人。",
		en:    "This touches somebody outside the agreement, or something held in common or mortgaged. Get his consent, or add him as a party.",
		words: regexp.MustCompile(`共有|共同所有|按揭|抵押权|承租人|租客|公共部位|维修资金|全体业主|第三人|(?i:\bco-owne(?:r|d)\b|\bmortgage|\btenant\b|\bthird part(?:y|ies)\b)`)},
	{code: "penalty", source: "CC 585", everywhere: true,
		zh:    "按日计算的违约金过高，可以被请求减少。请写一个合理的数。",
		en:    "A penalty by the day as high as this may be reduced on request. Write a fair one.",
		words: regexp.MustCompile(`每[日天][^。；;，,！？!?\n\d.]{0,12}(?:百分之|[1-9]\d*(?:\.\d+)?[%％])|(?i:\b[1-9]\d*(?:\.\d+)?% (?:a|per) day\b)`)},
}

// LintGrounds gives every ground of the lint once, without a word found.
func LintGrounds() []Finding {
	var all []Finding
	for _, r := range lintRules {
		all = append(all, Finding{Code: r.code, Source: r.source, ZH: r.zh, EN: r.en, Stop: r.stop})
	}
	return append(all, sumGround, silentGround, defaultGround)
}

// What is missing or does not add up is found by counting and not by words.
var (
	sumGround = Finding{Code: "sum", Source: "CPLI 358(5)",
		ZH: "这个数和下面逐项写的金额对不上。请核对。", EN: "This figure does not match the amounts of the promises. Please check."}
	silentGround = Finding{Code: "silent_party", Source: "PML 29",
		ZH: "协议里没有这位当事人要做或得到的事。请确认没有遗漏。", EN: "The agreement gives this party nothing to do or to get. Check that nothing was left out."}
	defaultGround = Finding{Code: "default", Source: "CC 577, 585",
		ZH: "没有写不按时履行怎么办。建议写明逾期的责任。", EN: "Nothing says what follows when it is not performed in time. Better say so."}
)

func (f Finding) at(word string) Finding { f.Word = word; return f }

// onDefault are the words by which an agreement says what follows when it is not
// kept.
var onDefault = regexp.MustCompile(`违约|逾期|不履行|未履行|未按|不按|拒不|如不|若不|如未|若未|(?i:\bdefault|\bif .{0,30}(?:fails?|late)\b|\boverdue\b)`)

// money is an amount of yuan in figures inside a text.
var money = regexp.MustCompile(`(\d[\d,，]*(?:\.\d{1,2})?)\s*(万)?元`)

// Lint reads an agreement for what would make it void, unclear or hard to
// enforce: content nobody may agree on, vague words, persons without a name,
// rights of third parties, sums that do not add up, no word on default. It gives
// each word once, what stops first; nil means that nothing was found, not that
// the agreement is sound.
//
// Source: CC 26, 109, 153, 301, 577, 585, 1067; CPLI 355, 358.
func Lint(a AgreementText) []Finding {
	whole := a.Settled + "\n" + a.Unsettled
	exact := ""
	for _, p := range a.Promises {
		exact += p.What + "\n" + p.How + "\n"
	}
	var found []Finding
	for _, rule := range lintRules {
		text := exact
		if rule.everywhere {
			text = whole + "\n" + exact
		}
		for _, word := range rule.words.FindAllString(text, -1) {
			f := Finding{Code: rule.code, Word: strings.TrimSpace(word), Source: rule.source, ZH: rule.zh, EN: rule.en, Stop: rule.stop}
			if !slices.Contains(found, f) {
				found = append(found, f)
			}
		}
	}
	if f, ok := sums(a); ok {
		found = append(found, f)
	}
	for _, name := range a.Silent {
		found = append(found, silentGround.at(name))
	}
	if owes(a) && !onDefault.MatchString(whole+"\n"+exact) {
		found = append(found, defaultGround)
	}
	return found
}

func owes(a AgreementText) bool {
	return slices.ContainsFunc(a.Promises, func(p PromiseText) bool { return p.AmountFen > 0 })
}

// sums compares the amounts named in the text of what was settled with the
// promises: each must be one of them, or all of them together.
func sums(a AgreementText) (Finding, bool) {
	known := []int64{0}
	for _, p := range a.Promises {
		known[0] += p.AmountFen
		known = append(known, p.AmountFen)
	}
	for _, m := range money.FindAllStringSubmatch(a.Settled, -1) {
		yuan, err := strconv.ParseFloat(strings.NewReplacer(",", "", "，", "").Replace(m[1]), 64)
		if err != nil {
			continue
		}
		if m[2] != "" {
			yuan *= 10000
		}
		if fen := int64(yuan*100 + 0.5); !slices.Contains(known, fen) {
			return sumGround.at(m[0]), true
		}
	}
	return Finding{}, false
}
