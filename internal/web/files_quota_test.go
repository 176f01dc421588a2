package web

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"doorstep/internal/blob"
	"doorstep/internal/mediation"
)

// within sets the bounds of the street; what is zero stays as ample as it is.
func (s *street) within(q mediation.Quota) {
	d := mediation.DefaultQuota()
	if q.CaseFiles == 0 {
		q.CaseFiles = d.CaseFiles
	}
	if q.CaseBytes == 0 {
		q.CaseBytes = d.CaseBytes
	}
	if q.CommitteeBytes == 0 {
		q.CommitteeBytes = d.CommitteeBytes
	}
	s.site.Desk.Within(q)
}

// wantCounted holds the counter of the committee against its files.
func (s *street) wantCounted() {
	s.t.Helper()
	if n := s.count(`SELECT count(*) FROM (
		SELECT k.files, k.bytes FROM committee_files k
		EXCEPT SELECT count(*), sum(f.size) FROM case_files f JOIN cases c ON c.id = f.case_id GROUP BY c.committee_id) AS wrong`); n != 0 {
		s.t.Error("the counter is not the sum of the files")
	}
}

// inStore keeps the files of the street in a folder the test looks into.
func (s *street) inStore() (count func() int) {
	s.t.Helper()
	dir := s.t.TempDir()
	blobs, err := blob.NewFolder(dir)
	if err != nil {
		s.t.Fatal(err)
	}
	s.site.Blobs = blobs
	return func() (n int) {
		err := filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				n++
			}
			return err
		})
		if err != nil {
			s.t.Fatal(err)
		}
		return n
	}
}

func TestFullCaseTakesNoMoreAndSaysWhatIsLeft(t *testing.T) {
	t.Parallel()
	s := openStreet(t)
	stored := s.inStore()
	s.within(mediation.Quota{CaseFiles: 2})
	wantTo(t, s.upload("/file", s.filing(), sent{"一.jpg", photograph(t, 1)}, sent{"二.jpg", photograph(t, 2)}, sent{"三.jpg", photograph(t, 3)}), "/receipt")
	if told := s.page("/receipt").Find(".tone-wait").Text(); !strings.Contains(told, "三.jpg") || !strings.Contains(told, "已经放了 2 个文件") {
		t.Errorf("the receipt tells of the third photo: %q", told)
	}
	at := "/cases/" + string(s.only()) + "/files"
	if room := s.page(at).Text(); !strings.Contains(room, "还可以放 0 个文件") {
		t.Error("the page does not say that the case is full")
	}
	w := s.upload(at, nil, sent{"四.jpg", photograph(t, 4)})
	wantStatus(t, w, http.StatusUnprocessableEntity)
	wantSound(t, w.Body.String())
	if told := document(t, w.Body.String()).Find(".faulty").Text(); !strings.Contains(told, "四.jpg") || !strings.Contains(told, "已经放了 2 个文件") {
		t.Errorf("at the field: %q", told)
	}
	wantTo(t, s.upload(at, nil, sent{"一.jpg", photograph(t, 1)}), "/my-case") // it is there already
	if n := s.count(`SELECT count(*) FROM case_files`); n != 2 || stored() != 4 {
		t.Errorf("%d files in the case and %d in the store, want 2 and, with their small copies, 4", n, stored())
	}
	s.wantCounted()
}

func TestRefusalSaysHowManyBytesAreLeft(t *testing.T) {
	t.Parallel()
	s := openStreet(t)
	stored := s.inStore()
	first := s.withFile()
	used, files := s.count(`SELECT sum(size) FROM case_files`), stored()
	for _, tt := range []struct {
		rule, says string
		quota      mediation.Quota
	}{
		{"a case", "这个案件的文件最多共", mediation.Quota{CaseBytes: int64(used) + 1}},
		{"a committee", "调委会存放文件的空间", mediation.Quota{CommitteeBytes: int64(used) + 1}},
	} {
		s.within(tt.quota)
		w := s.upload("/cases/"+string(first)+"/files", nil, sent{"墙2.jpg", photograph(t, 50)})
		wantStatus(t, w, http.StatusUnprocessableEntity)
		told := document(t, w.Body.String()).Find(".faulty").Text()
		for _, word := range []string{"墙2.jpg", tt.says, "还剩 0 KB", "这个有 "} {
			if !strings.Contains(told, word) {
				t.Errorf("%s: %q does not say %q", tt.rule, told, word)
			}
		}
	}
	if stored() != files {
		t.Errorf("%d files in the store, %d before the refusals", stored(), files)
	}
}

// newest is the id of the case filed last.
func (s *street) newest() (id string) {
	s.t.Helper()
	if err := s.raw.QueryRowContext(s.t.Context(), `SELECT id FROM cases ORDER BY id DESC LIMIT 1`).Scan(&id); err != nil {
		s.t.Fatal(err)
	}
	return id
}

// What is left is given once, however many ask for it at the same time.
func TestUploadsAtOnceShareTheLastRoom(t *testing.T) {
	t.Parallel()
	for rule, bound := range map[string]func(one int64) mediation.Quota{
		"files of a case":      func(int64) mediation.Quota { return mediation.Quota{CaseFiles: 4} },
		"bytes of a case":      func(one int64) mediation.Quota { return mediation.Quota{CaseBytes: 4*one + one/2} },
		"bytes of a committee": func(one int64) mediation.Quota { return mediation.Quota{CommitteeBytes: 4*one + one/2} },
	} {
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			s := openStreet(t)
			people := []*browser{s.browser}
			if rule == "bytes of a committee" { // each his own case, so that no case's lock keeps them in line
				for i := range 5 {
					people = append(people, s.browse("203.0.113.4"+string(rune('0'+i))))
				}
			}
			paths := make([]string, len(people))
			for i, b := range people {
				b.file(s.filing())
				paths[i] = "/cases/" + s.newest() + "/files"
			}
			wantTo(t, people[0].upload(paths[0], nil, sent{"0.jpg", photograph(t, 100)}), "/my-case")
			one := int64(s.count(`SELECT sum(size) FROM case_files`))
			s.within(bound(one))
			var all sync.WaitGroup
			for i := range 12 {
				who := i % len(people)
				all.Go(func() { people[who].upload(paths[who], nil, sent{"x.jpg", photograph(t, uint8(101+i))}) })
			}
			all.Wait()
			if n := s.count(`SELECT count(*) FROM case_files`); n != 4 {
				t.Errorf("%d files fit, want 4 (the first has %d bytes)", n, one)
			}
			s.wantCounted()
		})
	}
}
