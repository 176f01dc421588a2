package mediation

import "slices"

// copied is a case an act may work on without touching the first. The lists are
// copied, their rows with them; what a row holds in lists of its own is replaced
// by the acts and never written in place.
func (c *Case) copied() *Case {
	v := *c
	v.Remedies, v.GradeFacts = slices.Clone(c.Remedies), slices.Clone(c.GradeFacts)
	v.Parties, v.Files, v.Contacts = slices.Clone(c.Parties), slices.Clone(c.Files), slices.Clone(c.Contacts)
	v.Risks, v.Assignments, v.Conflicts = slices.Clone(c.Risks), slices.Clone(c.Assignments), slices.Clone(c.Conflicts)
	v.Helpers, v.Recusals, v.Sessions = slices.Clone(c.Helpers), slices.Clone(c.Recusals), slices.Clone(c.Sessions)
	v.Caucuses, v.Inquiries, v.Extensions = slices.Clone(c.Caucuses), slices.Clone(c.Inquiries), slices.Clone(c.Extensions)
	v.Escalations, v.MajorReports, v.Referrals = slices.Clone(c.Escalations), slices.Clone(c.MajorReports), slices.Clone(c.Referrals)
	v.Transfers = slices.Clone(c.Transfers)
	v.Agreements, v.Signatures, v.Obligations = slices.Clone(c.Agreements), slices.Clone(c.Signatures), slices.Clone(c.Obligations)
	v.Confirmations, v.Joinings, v.FollowUps = slices.Clone(c.Confirmations), slices.Clone(c.Joinings), slices.Clone(c.FollowUps)
	v.DataRequests = slices.Clone(c.DataRequests)
	v.Deadlines, v.Corrections, v.Addenda, v.Issues = slices.Clone(c.Deadlines), slices.Clone(c.Corrections), slices.Clone(c.Addenda), slices.Clone(c.Issues)
	return &v
}
