package config

import (
	"fmt"
	"slices"
	"strings"
)

// factorRoles are the roles a second factor may be asked of: everybody who works
// in the office.
var factorRoles = []string{
	"grid_worker", "assistant", "coordinator", "mediator", "chair", "legal_officer", "court_clerk", "supervisor", "auditor", "admin",
}

func setFactor(c *Config, text string) *Problem {
	if text == "off" {
		return nil
	}
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if !slices.Contains(factorRoles, part) {
			return unfit(keyFactor,
				fmt.Sprintf("没有 %q 这个岗位；请写岗位代号，用逗号分开，例如 admin,chair，或写 off", part),
				fmt.Sprintf("%q is no role of the office; write roles separated by commas, for example admin,chair, or off", part))
		}
		c.SecondFactor = append(c.SecondFactor, part)
	}
	return nil
}

func shownFactor(c *Config) string {
	if len(c.SecondFactor) == 0 {
		return "off"
	}
	return strings.Join(c.SecondFactor, ",")
}
