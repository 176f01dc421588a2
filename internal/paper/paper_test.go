package paper

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"doorstep/internal/locale"
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
	"doorstep/templates"
)

// spoilt takes one fact away and names the gap that must then be listed.
type spoilt struct {
	what  string
	spoil func(*mediation.Case)
	gap   string
}

func TestPaper(t *testing.T) {
	for _, tt := range []struct {
		form string
		rule string
		make func() *mediation.Case
		item mediation.ItemID
		must []string
		not  []string
		bad  []spoilt
	}{
		{form: "F03", rule: "all parties on one sheet, in the words of the law", make: noise, must: []string{
			"当事人权利义务告知书", "榆园人调字〔2026〕第12号", "申请人陈阿芬、被申请人邵立", "不收取任何费用", "当事人自愿、平等", "不违背法律、法规和国家政策", "不得因调解而阻止",
			"选择或者接受人民调解员", "要求终止调解", "公开进行或者不公开进行", "自主表达意愿", "如实陈述纠纷事实", "遵守调解现场秩序", "尊重对方当事人行使权利", "具有法律约束力",
			"提起诉讼", "三十日内共同", "申请强制执行", "2026年5月12日已告知（书面签收）"},
			bad: []spoilt{{"rights told", func(c *mediation.Case) { c.Parties[1].RightsAt = time.Time{} }, "rights:邵立"},
				{"name", func(c *mediation.Case) { c.Parties[1].Name = "" }, "name:被申请人"}}},
		{form: "F03", rule: "for one party alone", make: noise, item: "p2", must: []string{"被申请人邵立"}, not: []string{"陈阿芬"}},
		{form: "F05", rule: "the ground ticked, the reason, the other ways, limitation", make: parking, must: []string{
			"不予受理通知书", "榆园登〔2026〕12号", "周涛：", "于2026年5月11日就与钱伟之间的物业纠纷", "☑对方不同意调解", "□不属于民间纠纷", "□其他原因", "5月12日明确表示不同意",
			"向人民法院起诉", "12348", "诉讼时效", "榆园社区服务中心一楼", "10000000000", "（印章）：榆园社区人民调解委员会||2026年5月12日"},
			bad: []spoilt{{"reason", func(c *mediation.Case) { c.OutcomeText = "" }, "reason"},
				{"respondent", func(c *mediation.Case) { c.Parties = c.Parties[:1] }, "respondent"},
				{"day of the decision", func(c *mediation.Case) { c.Stage = mediation.Closed }, "decided_on"}}},
		{form: "F10", rule: "what was told, said, confirmed and agreed", make: noise, must: []string{
			"人民调解记录", "调解事由：楼上噪音", "时间：2026年5月15日14时30分", "地点：榆园调解室", "面对面", "人民调解员：老娘舅周明", "记录人：小李",
			"申请人陈阿芬：到场，身份已核对", "被申请人邵立：到场", "其他参加人：无", "告知权利义务（口头告知）", "□已向各方介绍人民调解员", "□已向各方说明不如实陈述",
			"申请人陈阿芬：陈阿芬说的话", "被申请人邵立：邵立说的话", "晚上确有拖拽声。", "☑达成调解协议", "□未达成协议", "客厅铺设地垫", "☑以上记录已经交各方当事人阅读",
			"申请人签名（盖章、指印）：陈阿芬", "人民调解员签名：老娘舅周明", "记录人签名：小李"}, not: []string{"前任杜军"},
			bad: []spoilt{{"place", func(c *mediation.Case) { c.Sessions[0].Place = "" }, "place"},
				{"recorder", func(c *mediation.Case) { c.Sessions[0].Recorder = "" }, "recorder"},
				{"facts confirmed", func(c *mediation.Case) { c.Sessions[0].Confirmed = "" }, "confirmed"},
				{"statement", func(c *mediation.Case) { c.Sessions[0].Statements = c.Sessions[0].Statements[:1] }, "statement:邵立"},
				{"read back", func(c *mediation.Case) { c.Sessions[0].ReadBack = false }, "read_back"},
				{"content", func(c *mediation.Case) { c.Agreements = nil }, "content"},
				{"mediator", func(c *mediation.Case) { c.Assignments = nil }, "mediator"}}},
		{form: "F10", rule: "a failed session names reason and other ways", make: gym, must: []string{"☑未达成协议", "未达成协议的原因", "三次联系未果", "12315", "诉讼时效"},
			bad: []spoilt{{"reason", func(c *mediation.Case) { c.OutcomeText = "" }, "failure"}}},
		{form: "F10", rule: "an agent is named", make: fee, must: []string{"申请人恒安物业：由代理人丁兰到场", "盖章及代表人签名"}},
		{form: "F11", rule: "three parties, instalments in figures and capitals", make: leak, must: []string{
			"人民调解协议书", "榆园人调字〔2026〕第12号", "姓名：王建国", "性别：", "民族：", "出生日期：", "公民身份号码：**************0017", "联系电话：100****5678", "单位或住址：榆园3幢",
			"姓名：赵强", "晚上九点后有拖拽声。", "由被申请人负责改正", "一、李敏应于2026年6月1日前（含当日）向王建国履行：修好水管。履行方式：请人维修。",
			"三、李敏应于2026年6月15日前（含当日）向王建国支付2,100.00元（大写：人民币贰仟壹佰元整），用于：修复顶棚。履行方式：银行转账。",
			"最后一项的日期为2026年6月15日", "一式4份", "签名、盖章或者按指印", "三十日内", "生效日期：2026年5月15日", "被申请人签名（盖章、指印）：李敏|2026年5月15日已签名",
			"第三人签名（盖章、指印）：赵强", "人民调解员签名：老娘舅周明|2026年5月15日已签名", "记录人签名：小李", "榆园社区人民调解委员会|2026年5月15日已盖章", "第2稿"}, not: []string{"旧稿"},
			bad: []spoilt{{"facts", func(c *mediation.Case) { c.Agreements[1].Facts = " " }, "facts"},
				{"issues", func(c *mediation.Case) { c.Agreements[1].Settled = "" }, "settled"},
				{"number", func(c *mediation.Case) { c.Number, c.IntakeNumber = "", "" }, "number"},
				{"identity number", func(c *mediation.Case) { c.Parties[0].IDMask = "" }, "id_number:王建国"},
				{"telephone", func(c *mediation.Case) { c.Parties[1].PhoneMask = "" }, "phone:李敏"},
				{"address", func(c *mediation.Case) { c.Parties[2].AddressMask = "" }, "address:赵强"},
				{"day of an obligation", func(c *mediation.Case) { c.Obligations[1].Due = statute.Date{} }, "obligation_due"},
				{"amount", func(c *mediation.Case) { c.Obligations[1].AmountFen = 0 }, "obligation_amount"},
				{"way of performance", func(c *mediation.Case) { c.Obligations[1].How = "" }, "obligation_how"},
				{"who drafted", func(c *mediation.Case) { c.Agreements[1].By = "" }, "recorder"}}},
		{form: "F11", rule: "a child stands with its guardian, paid at once", make: dog, must: []string{"法定代理人（监护人）：孙浩", "孙小宁（法定代理人孙浩）", "已当场履行完毕", "贰仟伍佰元整"},
			bad: []spoilt{{"guardian", func(c *mediation.Case) { c.Parties[0].GuardianName = "" }, "guardian:孙小宁"}}},
		{form: "F11", rule: "what stays open is said", make: lift, must: []string{"未达成一致的事项", "采光问题", "代表本方共12人", "陆万元整"}},
		{form: "F11", rule: "an organisation has its own block and seal", make: fee, must: []string{"名称：恒安物业", "统一社会信用代码：91320500TEST000001", "法定代表人（负责人）：许恒",
			"委托代理人：丁兰（特别授权", "肆仟陆佰元整", "申请人盖章及代表人签名：恒安物业"},
			bad: []spoilt{{"credit code", func(c *mediation.Case) { c.Parties[0].CreditCode = "" }, "credit_code:恒安物业"},
				{"legal representative", func(c *mediation.Case) { c.Parties[0].LegalRep = "" }, "legal_rep:恒安物业"}}},
		{form: "F12", rule: "the light entry of an oral agreement", make: clutter, must: []string{"人民调解口头协议登记表", "榆园人调字〔2026〕第13号", "被申请人：许桂香", "邻里纠纷", "主动调解",
			"达成协议日期：2026年5月12日", "清走纸箱", "2026年5月14日前", "志愿者帮忙", "第二十八条", "人民调解员签名：老娘舅周明", "被申请人签名（盖章、指印）：许桂香"},
			bad: []spoilt{{"day", func(c *mediation.Case) { c.EffectiveOn = statute.Date{} }, "effective_on"},
				{"issues", func(c *mediation.Case) { c.Agreements[0].Settled = "" }, "settled"},
				{"obligations", func(c *mediation.Case) { c.Obligations = nil }, "obligations"}}},
		{form: "F14", rule: "cause, other ways, limitation, and not to be taken for 中止", make: gym, must: []string{"终止调解通知书", "九名会员代表、健身房：", "2026年5月11日受理",
			"终止原因：T05　在期限内联系不上当事人", "三次联系未果", "不同于可以恢复的“中止”", "第二十六条", "12315", "向人民法院起诉", "诉讼时效", "||2026年6月10日"},
			bad: []spoilt{{"reason", func(c *mediation.Case) { c.OutcomeText = "" }, "reason"},
				{"day of the decision", func(c *mediation.Case) { c.Stage = mediation.Archived }, "decided_on"}}},
		{form: "F15", rule: "agreement number, dispute, situation", make: noise, item: "f1", must: []string{"人民调解回访记录", "调解协议编号：榆园人调字〔2026〕第12号", "回访事由：楼上噪音",
			"回访日期：2026年5月21日", "上门", "客厅铺设地垫，期限2026年5月20日——已于2026年5月18日履行", "夜间安静", "☑满意", "☑没有起诉", "☑没有", "调解有无错误", "回访人签名：老娘舅周明"},
			bad: []spoilt{{"visitor", func(c *mediation.Case) { c.FollowUps[0].By = "" }, "visitor"},
				{"situation", func(c *mediation.Case) { c.FollowUps[0].Situation = "" }, "situation"}}},
		{form: "F21", rule: "reason, summary, opinion, decision", make: lift, item: "e1", must: []string{"提级（会商）审批表", "案件提级", "E01", "疑难复杂", "十二户", "提出人：老娘舅周明",
			"先核对三分之二", "☑退回继续调解", "答复人：司法所赵敏", "调委会处理决定", "司法所人员签名：司法所赵敏||2026年5月20日", "调委会主任签名"},
			bad: []spoilt{{"summary", func(c *mediation.Case) { c.Escalations[0].Summary = "" }, "summary"},
				{"opinion", func(c *mediation.Case) { c.Escalations[0].Opinion = "" }, "opinion"}}},
		{form: "F25", rule: "numbers, days, parties, story and result", make: fee, must: []string{"人民调解结案报告表", "卷宗编号：榆园人调字〔2026〕第12号", "调解单位：榆园社区人民调解委员会", "承办人：老娘舅周明",
			"受理日期：2026年5月11日", "结案日期：2026年6月29日", "申请人：恒安物业（单位，法定代表人许恒，代理人丁兰）", "当事人申请", "物业纠纷", "晚上拖拽椅子", "2026年5月15日达成书面调解协议",
			"法院裁定协议有效（（2026）苏0505民特8号）", "调委会主任签名"},
			bad: []spoilt{{"story", func(c *mediation.Case) { c.Facts = "" }, "story"},
				{"day of closing", func(c *mediation.Case) { c.Obligations[0].State = "overdue" }, "closed_on"}}},
		{form: "F25", rule: "a case that failed", make: gym, must: []string{"未达成协议：T05", "结案日期：2026年6月10日"}},
	} {
		t.Run(tt.form+" "+tt.rule, func(t *testing.T) {
			p := mustBuild(t, tt.form, tt.make(), tt.item)
			text := written(p)
			for _, want := range tt.must {
				if !strings.Contains(text, want) {
					t.Errorf("the paper does not say %q:\n%s", want, text)
				}
			}
			for _, no := range append(tt.not, secret) {
				if strings.Contains(text, no) {
					t.Errorf("the paper says %q", no)
				}
			}
			if got := gaps(p); len(got) > 0 {
				t.Errorf("gaps = %v, want none on a complete case", got)
			}
			for _, s := range tt.bad {
				c := tt.make()
				s.spoil(c)
				if got := gaps(mustBuild(t, tt.form, c, tt.item)); !slices.Contains(got, s.gap) {
					t.Errorf("without %s: gaps = %v, want %q among them", s.what, got, s.gap)
				}
			}
		})
	}
}

func TestOverdueInstalmentIsToldWithItsDays(t *testing.T) {
	c := leak()
	c.FollowUps = []mediation.Visited{{ID: "f1", On: on(6, 25), Situation: "已付清", By: "med", Satisfaction: "fair"}}
	if text := written(mustBuild(t, "F15", c, "")); !strings.Contains(text, "已于2026年6月21日履行（逾期6天）") {
		t.Errorf("the late day is not told:\n%s", text)
	}
}

func TestPapersThatMakeNoSenseAreNotFound(t *testing.T) {
	for _, tt := range []struct {
		rule, form string
		c          *mediation.Case
		item       mediation.ItemID
	}{
		{"a form nobody knows", "F99", noise(), ""},
		{"a form that is not drawn up here", "F02", noise(), ""},
		{"no refusal of an accepted case", "F05", noise(), ""},
		{"no rights notice for a refused case", "F03", parking(), ""},
		{"no agreement before there is a draft", "F11", gym(), ""},
		{"no written agreement for an oral one", "F11", clutter(), ""},
		{"no oral entry for a written one", "F12", noise(), ""},
		{"no termination of a settled case", "F14", noise(), ""},
		{"no record of separate talks", "F10", noise(), "s2"},
		{"no record of a session of another case", "F10", noise(), "x"},
		{"no closing report while talks go on", "F25", accepted(filed("02", "02-noise", "x", person("p1", "甲", mediation.Applicant), person("p2", "乙", mediation.Respondent))), ""},
		{"a review must be named when there are two", "F21", lift(), ""},
		{"no visit that was not made", "F15", gym(), ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if p, err := Build(tt.form, tt.c, yuyuan, staff, tt.item, on(6, 1)); mediation.KindOf(err) != mediation.NotFound || err == nil {
				t.Errorf("got %v, %v; want NotFound", p, err)
			}
		})
	}
}

// TestSuspendedIsNotTerminated: 中止 and 终止 sound the same and must not be mixed.
func TestSuspendedIsNotTerminated(t *testing.T) {
	c := gym()
	c.Stage, c.OutcomeCode = mediation.Adjourned, ""
	if _, err := Build("F14", c, yuyuan, staff, "", on(6, 1)); mediation.KindOf(err) != mediation.NotFound || err == nil {
		t.Errorf("err = %v, want NotFound for a case that stands still", err)
	}
}

func TestReaderOfTheRegisterGetsNoRecord(t *testing.T) {
	c := noise()
	for i := range c.Sessions { // what the redaction leaves to who may not read records
		c.Sessions[i].Statements, c.Sessions[i].Attendance = nil, nil
	}
	if _, err := Build("F10", c, yuyuan, staff, "s1", on(6, 1)); mediation.KindOf(err) != mediation.NotFound || err == nil {
		t.Errorf("err = %v, want NotFound", err)
	}
}

func TestChoicesFollowTheCase(t *testing.T) {
	for _, tt := range []struct {
		rule string
		c    *mediation.Case
		want []string
	}{
		{"settled and visited", noise(), []string{"F03:", "F10:s1", "F11:", "F15:f1", "F25:"}},
		{"refused", parking(), []string{"F05:"}},
		{"oral", clutter(), []string{"F03:", "F12:", "F25:"}},
		{"failed", gym(), []string{"F03:", "F10:s1", "F14:", "F25:"}},
		{"reviewed twice", lift(), []string{"F03:", "F10:s1", "F11:", "F21:e1", "F21:e2", "F25:"}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			var got []string
			for _, ch := range Choices(tt.c) {
				got = append(got, ch.Form+":"+string(ch.Item))
				if _, err := Build(ch.Form, tt.c, yuyuan, staff, ch.Item, on(6, 1)); err != nil {
					t.Errorf("%s is offered but cannot be built: %v", ch.Form, err)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestUnsignedAgreementIsADraftAndItsPlacesAreOpen(t *testing.T) {
	c := noise()
	c.EffectiveOn, c.Signatures, c.Stage = statute.Date{}, nil, mediation.AgreementDraft
	p := mustBuild(t, "F11", c, "")
	if !p.Draft || strings.Contains(written(p), "已签名") || strings.Contains(written(p), "生效日期") {
		t.Errorf("draft = %v:\n%s", p.Draft, written(p))
	}
}

func TestEveryFormHasItsOfficialTitleAndInsideFormsStayInside(t *testing.T) {
	want := []string{"F03", "F05", "F10", "F11", "F12", "F14", "F15", "F21", "F25"}
	if diff := cmp.Diff(want, Forms()); diff != "" {
		t.Error(diff)
	}
	for _, code := range want {
		if _, ok := statute.FormOf(code); !ok {
			t.Errorf("%s is no form of the procedure", code)
		}
		inside := slices.Contains([]string{"F15", "F21", "F25"}, code)
		if ForParties(code) == inside {
			t.Errorf("ForParties(%s) = %v", code, !inside)
		}
	}
	if ForParties("F99") {
		t.Error("an unknown form is handed to parties")
	}
}

var gapWord = regexp.MustCompile(`What: "(\w+)"|s\.(?:fact|of|lines|byHand)\(.*?"(\w+)"\)`)

// TestEveryGapHasWordsInBothLanguages reads the source, so that a gap nobody has
// met yet has its words too.
func TestEveryGapHasWordsInBothLanguages(t *testing.T) {
	words, err := locale.Load(templates.FS)
	if err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob("*.go")
	seen := map[string]bool{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range gapWord.FindAllStringSubmatch(string(body), -1) {
			seen[m[1]+m[2]] = true
		}
	}
	for what := range seen {
		for _, lang := range locale.Langs {
			if !words.Has(lang, "paper.gap."+what) {
				t.Errorf("paper.gap.%s has no words in %s", what, lang)
			}
		}
	}
	for _, key := range words.Keys(locale.ZH) {
		if what, ok := strings.CutPrefix(key, "paper.gap."); ok && !seen[what] {
			t.Errorf("%s is a word for no gap", key)
		}
	}
}

func TestNumeralsCountArticles(t *testing.T) {
	for n, want := range map[int]string{1: "一", 9: "九", 10: "十", 11: "十一", 20: "二十", 30: "三十", 35: "三十五"} {
		if got := numeral(n); got != want {
			t.Errorf("numeral(%d) = %s, want %s", n, got, want)
		}
	}
}
