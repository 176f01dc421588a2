package config

import (
	"fmt"
	"strconv"
)

// Quota is how much may be kept in files; zero nowhere.
type Quota struct {
	CaseFiles      int   // files of one case
	CaseBytes      int64 // bytes of one case's files
	CommitteeBytes int64 // bytes of the files of all cases of a committee
}

const (
	keyCaseFiles        = "DOORSTEP_CASE_FILES"
	keyCaseStorage      = "DOORSTEP_CASE_STORAGE"
	keyCommitteeStorage = "DOORSTEP_COMMITTEE_STORAGE"
)

// quotaSettings are the lines of the table of settings that bound the files.
var quotaSettings = []setting{
	{key: keyCaseFiles, flag: "case-files", fallback: always("60"), apply: setCaseFiles, shown: func(c *Config) string { return strconv.Itoa(c.Quota.CaseFiles) }},
	{key: keyCaseStorage, flag: "case-storage", fallback: always("200"), apply: setCaseStorage, shown: func(c *Config) string { return megabytes(c.Quota.CaseBytes) }},
	{key: keyCommitteeStorage, flag: "committee-storage", fallback: always("20480"), apply: setCommitteeStorage, shown: func(c *Config) string { return megabytes(c.Quota.CommitteeBytes) }},
}

func megabytes(n int64) string { return strconv.FormatInt(n/mebibyte, 10) }

func setCaseFiles(c *Config, text string) *Problem {
	n, problem := between(keyCaseFiles, text, 1000, "", "")
	c.Quota.CaseFiles = int(n)
	return problem
}

func setCaseStorage(c *Config, text string) *Problem {
	n, problem := between(keyCaseStorage, text, 100_000, "，单位是 MB", " of megabytes")
	c.Quota.CaseBytes = n * mebibyte
	return problem
}

func setCommitteeStorage(c *Config, text string) *Problem {
	n, problem := between(keyCommitteeStorage, text, 100_000_000, "，单位是 MB", " of megabytes")
	c.Quota.CommitteeBytes = n * mebibyte
	return problem
}

// between reads a whole number from 1 to most.
func between(key, text string, most int64, zhUnit, enUnit string) (int64, *Problem) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 || n > most {
		return 0, unfit(key, fmt.Sprintf("请写 1 到 %d 之间的整数%s", most, zhUnit), fmt.Sprintf("write a whole number%s from 1 to %d", enUnit, most))
	}
	return n, nil
}

// checkQuota: a single file of the size that may be uploaded must fit.
func (c *Config) checkQuota() []*Problem {
	if c.Quota.CaseBytes < c.MaxUpload {
		return []*Problem{unfit(keyCaseStorage, "不能小于 DOORSTEP_MAX_UPLOAD", "it may not be less than DOORSTEP_MAX_UPLOAD")}
	}
	if c.Quota.CommitteeBytes < c.Quota.CaseBytes {
		return []*Problem{unfit(keyCommitteeStorage, "不能小于 DOORSTEP_CASE_STORAGE", "it may not be less than DOORSTEP_CASE_STORAGE")}
	}
	return nil
}
