package mediation

import (
	"strings"

	"doorstep/internal/statute"
)

// foundations are the articles behind what the rules mark at a field of a form. A
// refusal as a whole carries its own; a mark is a word only, and whoever is stopped
// by it reads here what it rests on. "local" is the office's own rule.
var foundations = map[string]string{
	"after_present_end":      "NB15 27; SZ22 25",
	"agent_term":             "CC 165, 173",
	"agent_may_settle":       "CPL 62",
	"answer_sender":          "NB15 19",
	"before_effect":          "PML 29, 30",
	"both_bound":             "CC 543",
	"both_present":           "PML 17",
	"checklist":              "PML 3; CPLI 358",
	"court_mode_needs_court": "INV16 11",
	"creditors_word":         "CC 575",
	"extension_by_all":       "NB15 27; SZ22 25; INV16 27",
	"free_wish":              "PML 23; ADVL 13",
	"group_needs_size":       "NB15 20",
	"guardian_needed":        "CC 19, 20, 21, 22, 23",
	"hand_only":              "ESL 3",
	"joining_read":           "CPL 205",
	"joining_scan":           "CPLI 353",
	"joint_application":      "CPL 205; CPLI 351",
	"knew_before":            "CPLI 372",
	"mediator_conflict":      "INV16 15; ONL22 13",
	"no_joint_session":       "PML 25; ADVL 13",
	"no_paper":               "PML 28",
	"before_talks":           "PML 22, 28, 29, 30",
	"not_at_once":            "NB15 24; MOJ02 34",
	"not_of_age":             "CC 17, 18, 19, 20, 23",
	"own_income":             "CC 18",
	"agent_power":            "CPL 62, 205; CPLI 351",
	"court_receipt":          "PML 33",
	"filed_late":             "PML 33; CPL 205",
	"obligation_needed":      "PML 29; CPLI 358(5)",
	"only_e06":               "local",
	"paper_missing":          "PML 27",
	"parties_consent":        "PML 17, 20, 23",
	"power_of_attorney":      "CPL 62",
	"quality_check":          "PML 27",
	"read_back":              "REC",
	"receiver_agrees":        "NB15 18",
	"referral_letter":        "NB15 19",
	"relation_needed":        "ONL22 13",
	"remedies_told":          "PML 26",
	"rights_notice_first":    "MOJ02 30",
	"risk_screen":            "PML 25",
	"scope_told":             "CPLI 355",
	"second_mediator":        "INV16 13",
	"second_visit":           "PML 31; local",
	"signing_agreed":         "ESL 3",
	"statements_needed":      "PML 27; REC",
	"waiver_by_all":          "INV16 15",
	"doors_asked":            "PML 23",
	"doors_caucus":           "MOJ02 29",
	"doors_minor":            "MOJ02 29; MPL 4",
	"doors_restricted":       "MOJ02 29",
	"doors_secrets":          "MOJ02 29",
	"doors_unopposed":        "MOJ02 29",
	"receiver_closed":        "NB15 18",
	"receiver_no_chair":      "NB15 18",
	"same_committee":         "NB15 18",
	"mediator_unknown":       "PML 13, 14",
	"mediator_unregistered":  "PML 13, 14",
	"mediator_inactive":      "PML 13, 14",
	"mediator_full":          "local",
	"not_refused_by_court":   "CPL 206",
	"inviting_court":         "CPL 205(1)",
	"competent_court":        "CPL 205(2)",
	"before_last_step":       "JC11 4, 5",
	"data_kept":              "PIPL 47; PML 27; ARCH 21",
	"data_told":              "PIPL 50",
	"guardian_consents":      "PIPL 31; MPL 72",
	"separate_consent":       "PIPL 29",
	"disclose_first":         "ONL22 13",
	"police_first":           "PML 25; ADVL 14; MPL 11",
	"extension_too_long":     "NB15 27; SZ22 25; INV16 27",
}

// mistyped are marks that no law stands behind: what was typed cannot be right. Those
// of the identity number name its standard in their own words.
var mistyped = []string{
	"birth_of_number", "birth_on_file", "number_unborn", "sex_of_number",
	"date_or_condition", "drawing_broken", "drawing_empty", "drawing_needed", "drawing_or_scan", "drawing_too_large", "drawn_is_not_paper", "electronic_address",
	"file_of_whom", "in_the_future", "in_the_past", "more_than_owed", "no_such_paper", "of_a_person", "report_too_early", "series_times", "suit_first", "term_backwards",
	"too_many_promises", "two_mediators_differ", "before_filing", "one_receiver", "receiver_is_here",
	"no_legal_staff", "receiver_full", "system_judicial_office",
}

// Foundation gives the source of what a fault at a field, such as
// "rule.joint_application", asks for; "" for what is merely mistyped.
func Foundation(key string) string {
	name, ok := strings.CutPrefix(key, "rule.")
	if !ok {
		return ""
	}
	if source, known := foundations[name]; known {
		return source
	}
	if code, lint := strings.CutPrefix(name, "lint_"); lint {
		for _, f := range statute.LintGrounds() {
			if f.Code == code {
				return f.Source
			}
		}
	}
	if fact, tie := strings.CutPrefix(name, "conflict_"); tie {
		return Finding{Fact: Fact(fact)}.Judge().Source
	}
	return ""
}
