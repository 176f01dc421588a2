package mediation

import (
	"math"
	"strconv"
)

// Quota is how much may be kept. The zero value stands for DefaultQuota, so that
// nothing is ever unbounded by forgetting.
type Quota struct {
	CaseFiles      int   // files of one case, at least 1
	CaseBytes      int64 // bytes of one case's files, at least 1
	CommitteeBytes int64 // bytes of the files of all cases of a committee, at least 1
}

// DefaultQuota holds for who sets nothing: sixty photos of a phone, and a
// hundred full cases. It rests on no law; it keeps one case from filling the
// disk of all.
func DefaultQuota() Quota {
	return Quota{CaseFiles: 60, CaseBytes: 200 << 20, CommitteeBytes: 20 << 30}
}

// Room is what may still be kept. Nothing in it is below zero.
type Room struct {
	Quota     Quota
	Files     int   // of the case
	Bytes     int64 // of the case
	Committee int64 // bytes of all its cases
}

// Room reckons what is left beside the case's own files and what the committee
// keeps already, these included. A quota that was made smaller than what is kept
// leaves nothing.
func (q Quota) Room(c *Case, stored int64) Room {
	if q == (Quota{}) {
		q = DefaultQuota()
	}
	used := int64(0)
	for _, f := range c.Files {
		used += f.Size
	}
	return Room{Quota: q, Files: max(0, q.CaseFiles-len(c.Files)), Bytes: max(0, q.CaseBytes-used), Committee: max(0, q.CommitteeBytes-stored)}
}

// Take lays one more file of that many bytes aside, or refuses it and leaves the
// room as it was.
//
// Errors: Invalid with the field "file", with what is left in the arguments.
func (r *Room) Take(size int64) error {
	full := func(key string, most, left int64) error {
		return &Error{Kind: Invalid, Key: "error.check_fields", Fields: Faults{"file": key},
			Args: map[string]string{"max": volume(most, math.Floor), "left": volume(left, math.Floor), "size": volume(size, math.Ceil)}}
	}
	switch {
	case r.Files < 1:
		err := &Error{Kind: Invalid, Key: "error.check_fields", Fields: Faults{"file": "error.too_many_files"}}
		err.Args = map[string]string{"max": strconv.Itoa(r.Quota.CaseFiles)}
		return err
	case size > r.Bytes:
		return full("error.case_full", r.Quota.CaseBytes, r.Bytes)
	case size > r.Committee:
		return full("error.committee_full", r.Quota.CommitteeBytes, r.Committee)
	}
	r.Files, r.Bytes, r.Committee = r.Files-1, r.Bytes-size, r.Committee-size
	return nil
}

// LeftText is how many bytes one more file may have, for people to read.
func (r *Room) LeftText() string { return volume(min(r.Bytes, r.Committee), math.Floor) }

// volume is a number of bytes as people of either language read it. What is left
// is rounded down and what is wanted up, so that a refusal never shows a file
// that would seem to fit.
func volume(n int64, round func(float64) float64) string {
	for _, unit := range []struct {
		bytes int64
		name  string
	}{{1 << 30, " GB"}, {1 << 20, " MB"}} {
		if n >= unit.bytes {
			return strconv.FormatFloat(round(float64(n)/float64(unit.bytes)*10)/10, 'f', -1, 64) + unit.name
		}
	}
	return strconv.FormatFloat(round(float64(n)/1024), 'f', -1, 64) + " KB"
}
