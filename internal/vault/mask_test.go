package vault

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// proves: duty.masking
func TestMasks(t *testing.T) {
	for _, tt := range []struct {
		rule string
		mask func(string) string
		in   string
		want string
	}{
		{"an ID number shows its last four", MaskID, "990000199001010017", "**************0017"},
		{"an ID number may end in X", MaskID, "99000019900101001X", "**************001X"},
		{"a short document number is hidden whole", MaskID, "E123456", "*******"},
		{"no ID number", MaskID, " ", ""},
		{"a mobile number", MaskPhone, "13800005678", "138****5678"},
		{"a mobile number with its country", MaskPhone, "+86 138-0000-5678", "138****5678"},
		{"a mobile number in full-width digits", MaskPhone, "１３８００００５６７８", "138****5678"},
		{"a mobile number that begins with 86 would not be one of 11 digits", MaskPhone, "86100005678", "861****5678"},
		{"a landline with its area", MaskPhone, "0571-88001234", "057****1234"},
		{"a landline without area", MaskPhone, "88001234", "****1234"},
		{"a short number", MaskPhone, "12345", "****"},
		{"no digits at all", MaskPhone, "不详", "****"},
		{"no number", MaskPhone, "", ""},
		{"a birth date shows its year", MaskBirth, "1958-03-12", "1958"},
		{"no birth date", MaskBirth, "", ""},
		{"an account", MaskAccount, "6222 0000 0000 0017", "****0017"},
		{"a short account", MaskAccount, "1234567", "****"},
		{"no account", MaskAccount, "", ""},
		{"a name of two", MaskName, "张三", "张**"},
		{"a name of three", MaskName, "张小三", "张**"},
		{"a double surname", MaskName, "欧阳小明", "欧阳**"},
		{"a surname that is half of a double one", MaskName, "欧阳", "欧**"},
		{"a name with a dot", MaskName, "阿依古丽·买买提", "阿**"},
		{"a rare character is kept whole", MaskName, "𠮷田", "𠮷**"},
		{"no name", MaskName, "  ", ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got := tt.mask(tt.in); got != tt.want {
				t.Errorf("%q is shown as %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestMaskAddressEndsAtTheBuilding(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"春晓苑3号楼2单元502室", "春晓苑3号楼***"},
		{"春晓苑3号楼", "春晓苑3号楼***"},
		{"中山路88号春晓苑3幢502", "中山路88号春晓苑3幢***"},
		{"春晓苑十二栋一单元", "春晓苑十二栋***"},
		{"银座花园A座1201", "银座花园A座***"},
		{"中山路88号", "中山路88号***"},
		{"中山路88号后院老张家", "中山路88号***"},
		{"春晓苑东栋502号", "春晓苑东栋***"},
		{"春晓苑2单元502号", "春晓苑***"},
		{"春晓苑三单元", "春晓苑***"},
		{"中山路３号楼５０２", "中山路３号楼***"},
		{"春晓苑3-502", "春晓苑3***"},
		{"春晓苑13-2-502号", "春晓苑13***"},
		{"中山路18-3号", "中山路18***"},
		{"春晓苑502-3", "春晓苑***"},
		{"中山路88号3-502", "中山路88号***"},
		{"西门街道12号", "西门街道12号***"},
		{"三门县海润路5号", "三门县海润路5号***"},
		{"502室(3号楼)", "***"},
		{"1201", "***"},
		{"张家村村东头老槐树旁边", "张家村村东***"},
		{"春晓苑", "春***"},
		{"Building 3, Room 502", "Building***"},
		{"  ", ""},
	} {
		if got := MaskAddress(tt.in); got != tt.want {
			t.Errorf("%q is shown as %q, want %q", tt.in, got, tt.want)
		}
	}
}

// Whatever people type: a mask is the start of the address and the door number
// at its end is never in it.
func TestMaskAddressNeverShowsTheDoor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		street := rapid.SampledFrom([]string{"春晓苑", "中山路88号", "西门街道云溪路12号春晓苑", "银座花园", ""}).Draw(t, "street")
		building := rapid.SampledFrom([]string{"3号楼", "十二栋", "A座", "3幢", "7号", "3-", ""}).Draw(t, "building")
		unit := rapid.SampledFrom([]string{"", "2单元", "二单元"}).Draw(t, "unit")
		door := rapid.StringMatching(`[1-6]0[4-6]`).Draw(t, "door")
		tail := rapid.SampledFrom([]string{"", "室", "房", "户"}).Draw(t, "tail")
		got := MaskAddress(street + building + unit + door + tail)
		if strings.Contains(got, door) || strings.Contains(got, "单元") || !strings.HasSuffix(got, "***") {
			t.Fatalf("%q is shown as %q", street+building+unit+door+tail, got)
		}
	})
}

func TestMaskAddressTakesAnyText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.String().Draw(t, "address")
		got := MaskAddress(in)
		if !utf8.ValidString(got) || !strings.HasPrefix(strings.TrimSpace(in), strings.TrimSuffix(got, "***")) {
			t.Fatalf("%q is shown as %q", in, got)
		}
	})
}
