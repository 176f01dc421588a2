package statute

import (
	"strings"
	"testing"
)

// TestLint: words that make an agreement void or unclear are found, and plain
// exact language is left in peace.
//
// proves: lint.crime lint.support lint.liberty lint.vague_time lint.vague_amount lint.vague_duty lint.unnamed
// proves: lint.sanction lint.status lint.third_party lint.penalty lint.sum lint.silent_party lint.default
func TestLint(t *testing.T) {
	pay := func(what, how string) AgreementText {
		return AgreementText{Settled: "逾期不付的，按一年期贷款市场报价利率付利息", Promises: []PromiseText{{What: what, How: how, AmountFen: 420000}}}
	}
	settled := func(text string) AgreementText {
		a := pay("赔偿顶板损失", "转账到申请人账户")
		a.Settled += "；" + text
		return a
	}
	for _, tt := range []struct {
		rule string
		text AgreementText
		want string // codes, in order; "!" marks those that stop
	}{
		{"exact language", pay("赔偿顶板损失", "转账到申请人账户"), ""},
		{"a vague day", pay("尽快赔偿损失", "转账"), "vague_time"},
		{"a vague day in English", pay("repair the pipe as soon as possible", "by a plumber"), "vague_time"},
		{"a vague amount", pay("适当赔偿损失", "转账"), "vague_amount"},
		{"a vague duty", pay("晚上尽量安静", "自行注意"), "vague_duty"},
		{"nobody's name", pay("给对方修好水管", "请水电工"), "unnamed"},
		{"a description in what was settled is no promise", settled("楼上漏水属实"), ""},
		{"a crime bought off", settled("王某不再报案"), "crime!"},
		{"the police not to be called", settled("有事先商量，不再直接报警"), "crime!"},
		{"they may be called", settled("发现再犯的，可以报警"), ""},
		{"a penalty waived", settled("李某不再被追究行政处罚，免除李某的治安处罚"), "sanction!"},
		{"a fine set by the parties", settled("再犯的，由物业处以罚款"), "sanction!"},
		{"a penalty left to the authority", settled("本协议不影响公安机关作出行政处罚"), ""},
		{"criminal liability", settled("双方同意免除李某的刑事责任"), "crime!"},
		{"civil liability may be given up", settled("王某不再追究李某的其他责任"), ""},
		{"support given up", settled("儿子以后不再承担赡养费"), "support!"},
		{"support that does not depend on an estate", settled("放弃继承，仍按月付赡养费"), ""},
		{"a bond of blood cut", settled("双方断绝父子关系"), "support!"},
		{"a marriage declared void", settled("双方确认婚姻关系无效"), "status!"},
		{"an adoption declared to stand", settled("双方确认收养成立"), "status!"},
		{"a father denied", settled("张某承认与李小明的父子关系"), "status!"},
		{"a marriage declared void in English", settled("the marriage is void"), "status!"},
		{"to part by agreement goes through the registry", settled("双方自愿到民政部门办理离婚登记"), ""},
		{"a bond that stays", settled("双方继续履行抚养义务"), ""},
		{"papers kept", settled("在付清以前扣留身份证"), "liberty!"},
		{"a third person's right", settled("水管在公共部位"), "third_party"},
		{"a penalty by the day", settled("逾期每天按5%付违约金"), "penalty"},
		{"a small penalty by the day", settled("逾期每日按0.05%付违约金"), ""},
		{"a sum that does not match", settled("共赔偿5000元"), "sum"},
		{"the whole sum", settled("共赔偿4,200元"), ""},
		{"a sum in ten thousands", settled("共赔偿0.42万元"), ""},
		{"nothing on default", AgreementText{Settled: "赔偿损失", Promises: []PromiseText{{What: "赔偿", How: "转账", AmountFen: 100}}}, "default"},
		{"no money, no word on default needed", AgreementText{Settled: "晚上九点后安静", Promises: []PromiseText{{What: "九点后不跳操", How: "自行遵守"}}}, ""},
		{"a party left out", AgreementText{Settled: "安静", Silent: []string{"赵强"}, Promises: []PromiseText{{What: "九点后不跳操", How: "自行遵守"}}}, "silent_party"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			var got []string
			for _, f := range Lint(tt.text) {
				code := f.Code
				if f.Stop {
					code += "!"
				}
				got = append(got, code)
				checkSource(t, f.Code, f.Source)
				if f.ZH == "" || f.EN == "" || f.Label("en") != f.EN {
					t.Errorf("%s has no words", f.Code)
				}
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("found %q, want %q", strings.Join(got, " "), tt.want)
			}
		})
	}
}
