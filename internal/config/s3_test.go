package config

import (
	"fmt"
	"strings"
	"testing"
)

func TestBucketIsReadFromTheSettings(t *testing.T) {
	c, err := Load(Sources{Environ: []string{"HOME=/home/li", "DOORSTEP_S3_URL=https://s3.example.cn/", "DOORSTEP_S3_BUCKET=photos", "DOORSTEP_S3_PREFIX=north",
		"DOORSTEP_S3_KEY_ID=AK1", "DOORSTEP_S3_SECRET=stairwell-42", "DOORSTEP_S3_REGION=cn-east-1", "DOORSTEP_S3_STYLE=host"}})
	if err != nil {
		t.Fatal(err)
	}
	s := c.S3
	if s.URL.String() != "https://s3.example.cn" || s.Bucket != "photos" || s.Prefix != "north/" || s.KeyID != "AK1" || s.Region != "cn-east-1" || s.Style != "host" {
		t.Errorf("got %+v", s)
	}
	if s.Secret.Reveal() != "stairwell-42" || strings.Contains(fmt.Sprint(c, c.Effective()), "stairwell-42") {
		t.Errorf("the secret is lost or shown: %v", c.Effective())
	}
}

func TestHalfABucketIsRefused(t *testing.T) {
	whole := []string{"DOORSTEP_S3_URL=https://s3.example.cn", "DOORSTEP_S3_BUCKET=photos", "DOORSTEP_S3_KEY_ID=AK1", "DOORSTEP_S3_SECRET=x"}
	for _, tt := range []struct {
		rule    string
		without string // begins the lines that are left out
		more    string
		key     string
		says    string
	}{
		{"the whole of it", "-", "", "", ""},
		{"an address with a path", "DOORSTEP_S3_URL", "DOORSTEP_S3_URL=https://s3.example.cn/photos", keyS3URL, "without a path"},
		{"an address of another scheme", "DOORSTEP_S3_URL", "DOORSTEP_S3_URL=s3://photos", keyS3URL, "https://s3.example.cn"},
		{"no address", "DOORSTEP_S3_URL", "", keyS3URL, "on this machine"},
		{"no bucket", "DOORSTEP_S3_BUCKET", "", keyS3Bucket, "needs it"},
		{"no key", "DOORSTEP_S3_KEY_ID", "", keyS3KeyID, "needs it"},
		{"no secret", "DOORSTEP_S3_SECRET", "", keyS3Secret, "needs it"},
		{"a bucket in capitals", "DOORSTEP_S3_BUCKET", "DOORSTEP_S3_BUCKET=Photos", keyS3Bucket, "small letters"},
		{"a prefix that climbs", "-", "DOORSTEP_S3_PREFIX=a/../b", keyS3Prefix, "small letters"},
		{"a prefix from the root", "-", "DOORSTEP_S3_PREFIX=/a", keyS3Prefix, "small letters"},
		{"another style", "-", "DOORSTEP_S3_STYLE=dns", keyS3Style, "auto"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			lines := []string{"HOME=/home/li", tt.more}
			for _, l := range whole {
				if !strings.HasPrefix(l, tt.without) {
					lines = append(lines, l)
				}
			}
			_, err := Load(Sources{Environ: lines})
			found := ProblemsOf(err)
			if tt.key == "" && err == nil {
				return
			}
			if len(found) != 1 || found[0].Key != tt.key || !strings.Contains(found[0].EN, tt.says) {
				t.Errorf("problems = %v, want one at %s that says %q", found, tt.key, tt.says)
			}
		})
	}
}
