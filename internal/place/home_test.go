package place

import "testing"

func TestHomesAreReadFromAddressesAsPeopleWriteThem(t *testing.T) {
	for _, tt := range []struct {
		address string
		want    Home
	}{
		{"枫桥里3幢2单元502室", Home{"枫桥里", "3", "2", "502", 5}},
		{"江苏省苏州市高新区枫桥街道榆园社区枫桥里3幢2单元502", Home{"枫桥里", "3", "2", "502", 5}},
		{"枫桥里3号楼502", Home{"枫桥里", "3", "", "502", 5}},
		{"枫桥里 03 号楼 1203 室", Home{"枫桥里", "3", "", "1203", 12}},
		{"枫桥里三幢二单元502室", Home{"枫桥里", "3", "2", "502", 5}},
		{"枫桥里十二栋501户", Home{"枫桥里", "12", "", "501", 5}},
		{"3-502", Home{"", "3", "", "502", 5}},
		{"枫桥里３－２－５０２", Home{"枫桥里", "3", "2", "502", 5}},
		{"枫桥里b座801", Home{"枫桥里", "B", "", "801", 8}},
		{"春晓路12号301", Home{"春晓路", "12", "", "301", 3}},
	} {
		got, ok := ParseHome(tt.address)
		if !ok || got != tt.want {
			t.Errorf("%s: %+v %v, want %+v", tt.address, got, ok, tt.want)
		}
	}
}

func TestWhatIsNoHomeGivesNone(t *testing.T) {
	for _, address := range []string{"", "枫桥里", "菜市场东门", "枫桥里3幢", "502室", "枫桥里3幢地下室", "第三小学", "枫桥里3幢050室"} {
		if got, ok := ParseHome(address); ok {
			t.Errorf("%q: %+v", address, got)
		}
	}
}

// TestHomesMeet: the same door with the same parts is equal, with other parts it
// may be; other units of one building share nothing but the landing's number.
func TestHomesMeet(t *testing.T) {
	read := func(address string) Home {
		t.Helper()
		h, ok := ParseHome(address)
		if !ok {
			t.Fatalf("%s is no home", address)
		}
		return h
	}
	full, bare := read("枫桥里3幢2单元502室"), read("3-502")
	if read("江苏省苏州市枫桥里3-2-502").Door() != full.Door() {
		t.Error("one door written in two ways differs")
	}
	if bare.Door() == full.Door() || bare.LooseDoor() != full.LooseDoor() || bare.Parts() == full.Parts() {
		t.Errorf("a short address and a full one: %+v and %+v", bare, full)
	}
	other := read("枫桥里3幢1单元502室")
	if other.Door() == full.Door() || other.Parts() != full.Parts() || other.Landing() != full.Landing() {
		t.Errorf("two units: %+v and %+v", other, full)
	}
	if read("榆园3幢2单元502室").Landing() == full.Landing() {
		t.Error("two estates share a landing")
	}
}
