package authz

import (
	"fmt"
	"slices"
	"strings"

	"doorstep/internal/mediation"
)

// objects are the kinds of things the policy speaks of, with the actions each
// knows. Those of a case are the words of the lifecycle besides these.
var objects = map[string][]mediation.Action{
	"case":          {"list", "read", "open_file", mediation.TakeEffect},
	"facts":         {"read"},
	"contact":       {"read"},
	"identity":      {"read_masked", "reveal"},
	"risk":          {"read"},
	"session":       {"read"},
	"caucus_note":   {"read"},
	"file":          {"read"},
	"agreement":     {"read"},
	"signature":     {"read"},
	"deadline":      {"read"},
	"escalation":    {"read"},
	"referral":      {"read"},
	"paper":         {"print"},
	"service":       {"open"},
	"volume":        {"export"},
	"code":          {"track", "rotate", "issue", "invite"},
	"notice":        {"read"},
	"access_log":    {"read"},
	"audit":         {"read"},
	"stats":         {"read", "read_public", "read_people", "set_funds", "record_screening", "correct", "close", "submit", "approve", "send_back"},
	"subsidy":       {"list", "claim", "withdraw", "check", "score", "approve", "pay", "return", "refuse", "reclaim", "complain", "set_terms"},
	"desk":          {"intake", "mediator", "chair", "legal", "court", "supervisor", "audit", "admin"},
	"office":        {"read", "manage"},
	"law":           {"read"},
	"user":          {"manage", "grant"},
	"session_token": {"list", "revoke"},
	"declaration":   {"read", "declare"},
}

// Objects gives the vocabulary of the policy: object -> actions, those of the
// lifecycle included for "case".
func Objects() map[string][]mediation.Action {
	all := map[string][]mediation.Action{}
	for object, actions := range objects {
		all[object] = slices.Clone(actions)
	}
	for _, a := range mediation.Actions() {
		if !slices.Contains(all["case"], a) {
			all["case"] = append(all["case"], a)
		}
	}
	return all
}

// parse reads the policy strictly: every word must be known, every line whole.
func parse(text string) (rights []Line, bases [][2]string, err error) {
	vocabulary := Objects()
	names := []string{"staff", "account"}
	for _, r := range mediation.Roles {
		names = append(names, string(r))
	}
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		words := strings.Split(line, ",")
		for i := range words {
			words[i] = strings.TrimSpace(words[i])
		}
		fault := ""
		switch {
		case strings.ContainsAny(line, `"'`):
			fault = "a quote"
		case words[0] == "p" && len(words) == 5:
			l := Line{number, mediation.Role(words[1]), words[2], mediation.Action(words[3]), mediation.Scope(words[4])}
			fault = l.fault(names, vocabulary)
			rights = append(rights, l)
		case words[0] == "g" && len(words) == 3:
			if !slices.Contains(names, words[1]) || !slices.Contains(names, words[2]) {
				fault = "an unknown role"
			}
			bases = append(bases, [2]string{words[1], words[2]})
		default:
			fault = "neither p with four words nor g with two"
		}
		if fault != "" {
			return nil, nil, fmt.Errorf("authz: policy line %d %q: %s", number, line, fault)
		}
	}
	if len(rights) == 0 {
		return nil, nil, fmt.Errorf("authz: the policy is empty")
	}
	return rights, bases, nil
}

func (l Line) fault(names []string, vocabulary map[string][]mediation.Action) string {
	actions, ok := vocabulary[l.Object]
	switch {
	case !slices.Contains(names, string(l.Role)):
		return "an unknown role"
	case !ok:
		return "an unknown object"
	case !slices.Contains(actions, l.Action):
		return "an unknown action"
	case !slices.Contains(mediation.Scopes, l.Scope):
		return "an unknown scope"
	}
	return ""
}
