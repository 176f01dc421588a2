package statute

import (
	"strings"
	"testing"
)

// proves: F01 F02 F03 F04 F05 F06 F07 F08 F09 F10 F11 F12 F13 F14 F15 F16 F17 F18 F19 F20 F21 F22 F23 F24 F25 F26 F27
// proves: F28 F29 list.form_class list.signer
func TestForms(t *testing.T) {
	list := Forms()
	if len(list) != 29 {
		t.Fatalf("there are %d forms, want 29", len(list))
	}
	for i, f := range list {
		if want := "F" + string(rune('0'+(i+1)/10)) + string(rune('0'+(i+1)%10)); f.Code != want {
			t.Errorf("form %d is %s, want %s", i+1, f.Code, want)
		}
		if !hasHan(f.ZH) || f.EN == "" || hasHan(f.EN) || f.Label("en") != f.EN || f.Label("zh-CN") != f.ZH {
			t.Errorf("%s has the names %q and %q", f.Code, f.ZH, f.EN)
		}
		if !Valid(FormClasses, f.Class) || len(f.Signers) == 0 {
			t.Errorf("%s has the class %q and the signers %v", f.Code, f.Class, f.Signers)
		}
		for _, s := range f.Signers {
			if !Valid(SignerRoles, s) {
				t.Errorf("%s is signed by %q, who is unknown", f.Code, s)
			}
		}
		if got, ok := FormOf(f.Code); !ok || got.ZH != f.ZH {
			t.Errorf("FormOf(%s) = %v, %t", f.Code, got, ok)
		}
	}
	if _, ok := FormOf("F30"); ok {
		t.Error("there is a form F30")
	}
	if f, _ := FormOf("F11"); strings.Join(f.Signers, " ") != "parties mediator recorder seal" {
		t.Errorf("the agreement is signed by %v (PML 29)", f.Signers)
	}
}

// proves: duty.volume list.paper_need
func TestRequiredPapers(t *testing.T) {
	for _, tt := range []struct {
		rule  string
		facts VolumeFacts
		must  string
	}{
		{"not accepted: the registration", VolumeFacts{}, "F02"},
		{"a report of danger before acceptance", VolumeFacts{Terminated: true}, "F02"},
		{"a written agreement", VolumeFacts{Accepted: true, Agreed: true}, "F02 F03 ID F10 F11"},
		{"an oral one has the light set", VolumeFacts{Accepted: true, Agreed: true, Oral: true}, "F02 F12"},
		{"no agreement: the record and the notice that tells the other ways", VolumeFacts{Accepted: true, Terminated: true}, "F02 F03 ID F10 F14"},
		{"withdrawn: the notice of the end, and no record is asked for", VolumeFacts{Accepted: true, Withdrawn: true}, "F02 F03 ID F14"},
		{"withdrawn before acceptance", VolumeFacts{Withdrawn: true}, "F02"},
		{"an agent's power of attorney", VolumeFacts{Accepted: true, Agreed: true, ByAgent: true}, "F02 F03 ID F19 F10 F11"},
		{"an investigation", VolumeFacts{Accepted: true, Agreed: true, Investigated: true}, "F02 F03 ID F09 F10 F11"},
		{"everything", VolumeFacts{Accepted: true, Agreed: true, Performed: true, FollowedUp: true, ByAgent: true, Investigated: true, Confirmation: true},
			"F02 F03 ID F19 F09 F10 F11 F15 F16 F17"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			var must []string
			seen := map[string]bool{}
			for _, p := range RequiredPapers(tt.facts) {
				if p.Need == Must {
					must = append(must, p.Form)
				}
				if seen[p.Form] || !Valid(PaperNeeds, p.Need) || !hasHan(p.Label("zh-CN")) || p.Label("en") == "" || hasHan(p.Label("en")) {
					t.Errorf("%v is there twice or not whole", p)
				}
				seen[p.Form] = true
			}
			if got := strings.Join(must, " "); got != tt.must {
				t.Errorf("must = %s, want %s", got, tt.must)
			}
		})
	}
	var archive []string
	for _, p := range ArchivePapers() {
		archive = append(archive, p.Form+" "+p.Need)
	}
	if got := strings.Join(archive, ", "); got != "F27 must, F28 must, F29 must" {
		t.Errorf("ArchivePapers = %s", got)
	}
}

func TestAPaymentLeavesAReceiptIfThereIsOne(t *testing.T) {
	for performed, want := range map[bool]string{true: IfApplicable, false: AsNeeded} {
		for _, p := range RequiredPapers(VolumeFacts{Accepted: true, Agreed: true, Performed: performed}) {
			if p.Form == "F18" && p.Need != want {
				t.Errorf("performed %t: the receipt is %s, want %s", performed, p.Need, want)
			}
		}
	}
}

// proves: scope.title scope.inheritance_title scope.land_use scope.intellectual scope.status scope.outside_court
// proves: scope.special_procedure
func TestConfirmable(t *testing.T) {
	for _, tt := range []struct{ rule, text, typ, codes string }{
		{"money and repair", "李敏于6月1日前修好卫生间漏水，分两期向王建国支付4200元。", "02", ""},
		{"use of a home", "方大居住使用老宅房屋，向方二、方三各支付补偿款5万元。", "01", ""},
		{"a home is given back", "赵强于5月31日前腾空房屋，房屋归还房东李敏。", "03", ""},
		{"furniture left in a home", "房屋腾空后，家具归李敏所有。", "03", ""},
		{"a thing that is no home", "冰箱归王某所有。", "01", ""},
		{"a parking space is used", "该车位归周涛使用。", "17", ""},
		{"support after a divorce is money", "离婚后魏刚每月10日前支付孩子生活费1500元。", "01", ""},
		{"a stray cat", "高玲不再收养流浪猫，楼道每天打扫。", "02", ""},
		{"the end of employment is no status", "双方解除劳动关系，公司支付补偿。", "11", ""},
		{"general waiver", "双方就此事再无其他争议，互不追究。", "06", ""},
		{"an empty text", "", "", ""},

		{"title to a home", "位于榆园的老宅房屋归长子方大所有。", "01", "title"},
		{"title after a comma", "榆园7幢302室的房屋，归方大所有", "01", "title"},
		{"title by half a sentence", "302室归方大。", "01", "title"},
		{"transfer in the register", "双方配合将房产过户至方二名下", "01", "title"},
		{"shares in title", "三人确认该房产权属于方大一人", "01", "title"},
		{"inheritance of a home", "302室房屋由方大一人继承", "01", "inheritance_title"},
		{"inheritance of money is none", "存款由方大继承", "01", ""},
		{"right to use homestead land", "该宅基地使用权归张三享有", "03", "title land_use"},
		{"a patent", "该专利权归乙方", "05", "intellectual"},
		{"divorce", "双方自愿离婚；财产各归各。", "01", "status"},
		{"the tie to an adopted child", "双方同意解除收养关系", "01", "status"},
		{"parentage", "确认魏某与小A亲子关系", "01", "status"},
		{"a child is given away", "孩子由张某夫妇收养", "01", "status"},
		{"criminal liability", "受害人不再追究对方刑事责任", "06", "outside_court"},
		{"keeping from the police", "收款后甲方不再报警", "06", "outside_court"},
		{"a penalty", "双方请求撤销该行政处罚", "06", "outside_court"},
		{"bankruptcy", "待公司破产后再行支付", "04", "special_procedure"},
		{"English: title", "The elder brother receives title to the flat.", "01", "title"},
		{"English: divorce", "They agree to a Divorce.", "01", "status"},
		{"two grounds", "双方离婚，婚房房屋归女方所有。", "01", "title status"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			var codes []string
			for _, w := range Confirmable(tt.text, tt.typ) {
				if len(codes) == 0 || codes[len(codes)-1] != w.Code {
					codes = append(codes, w.Code)
				}
				if w.Word == "" || !strings.Contains(tt.text, w.Word) || !hasHan(w.Label("zh-CN")) || hasHan(w.Label("en")) || w.EN == "" {
					t.Errorf("%+v is not whole, or its word is not in the text", w)
				}
			}
			if got := strings.Join(codes, " "); got != tt.codes {
				t.Errorf("Confirmable(%s) = %s, want %q", tt.text, got, tt.codes)
			}
		})
	}
}

func TestAWordIsNamedOnce(t *testing.T) {
	if got := Confirmable("房屋归方大所有。房屋归方大所有。", "01"); len(got) != 1 || got[0].Word != "房屋归方大所有" {
		t.Errorf("Confirmable = %+v", got)
	}
}

// proves: duty.number
func TestNumbers(t *testing.T) {
	for _, name := range []string{"榆园", "榆园人调字", "榆园人调", "（榆园人调字）", " 榆园 "} {
		if got := CaseNumber(name, 2026, 12); got != "榆园人调字〔2026〕第12号" {
			t.Errorf("CaseNumber(%q) = %s", name, got)
		}
		if got := IntakeNumber(name, 2026, 12); got != "榆园登〔2026〕12号" {
			t.Errorf("IntakeNumber(%q) = %s", name, got)
		}
	}
	for form, want := range map[string]string{"F04": "榆园人调受〔2026〕3号", "F05": "榆园人调不〔2026〕3号", "F13": "榆园人调延〔2026〕3号",
		"F14": "榆园人调终〔2026〕3号", "F15": "榆园人调访〔2026〕3号", "F23": "榆园人调移〔2026〕3号"} {
		if got := NoticeNumber("榆园人调字", form, 2026, 3); got != want {
			t.Errorf("NoticeNumber of %s = %s", form, got)
		}
	}
	for _, form := range []string{"F01", "F02", "F03", "F11", "F27"} {
		if word := NoticeWord(form); word != "" {
			t.Errorf("%s has the register %s", form, word)
		}
	}
	if got := CaseNumber("苏高华四", 2027, 1); got != "苏高华四人调字〔2027〕第1号" {
		t.Errorf("CaseNumber = %s", got)
	}
}

// proves: list.file_class
func TestEveryClassHasItsPlace(t *testing.T) {
	for _, k := range Codes(FileClasses) {
		place := BoundAt(k.Code, "")
		if _, form := FormOf(place); !form && place != "ID" && place != "EV" && place != "CT" && place != "AX" {
			t.Errorf("%s is bound at %q", k.Code, place)
		}
	}
	for _, tt := range []struct{ class, form, want string }{
		{SignedPaper, "F10", "F10"}, {SignedPaper, "", "AX"}, {Evidence, "", "EV"}, {"", "", "EV"}, {ProofOfIdentity, "", "ID"},
	} {
		if got := BoundAt(tt.class, tt.form); got != tt.want {
			t.Errorf("%s of %q is bound at %s, want %s", tt.class, tt.form, got, tt.want)
		}
	}
	for _, class := range OwnClasses() {
		if !Valid(FileClasses, class) {
			t.Errorf("a party is offered %q", class)
		}
	}
	for form, want := range map[string]bool{"F11": true, "F22": false, "F28": false, "F30": false, "": false} {
		if Scannable(form) != want {
			t.Errorf("a scan of %q: %t", form, !want)
		}
	}
}
