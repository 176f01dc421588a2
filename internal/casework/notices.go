package casework

import (
	"slices"

	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
)

// told lists, by action, who gets a notice. Staff beside the mediator need none:
// their queues show what waits for them.
var told = map[mediation.Action]struct{ parties, mediators bool }{
	mediation.RegisterCase:      {parties: true},
	mediation.RequestSupplement: {parties: true},
	mediation.LapseSupplement:   {parties: true},
	mediation.Accept:            {parties: true},
	mediation.Refuse:            {parties: true},
	mediation.ReferOut:          {parties: true},
	mediation.SettleAtOnce:      {parties: true},
	mediation.Assign:            {parties: true, mediators: true},
	mediation.HandOver:          {parties: true, mediators: true},
	mediation.AskRecusal:        {mediators: true},
	mediation.ReplaceMediator:   {parties: true},
	mediation.RejectRecusal:     {parties: true, mediators: true},
	mediation.WaiveRecusal:      {parties: true, mediators: true},
	mediation.Schedule:          {parties: true, mediators: true},
	mediation.Resume:            {parties: true, mediators: true},
	mediation.Adjourn:           {parties: true},
	mediation.Extend:            {parties: true},
	mediation.Lapse:             {mediators: true},
	mediation.AskClosed:         {mediators: true},
	mediation.ReturnGuided:      {mediators: true},
	mediation.DecideReview:      {mediators: true},
	mediation.Reassign:          {parties: true},
	mediation.EnterCourtTrack:   {parties: true},
	mediation.TakeReferral:      {parties: true},
	mediation.CourtAgreed:       {parties: true},
	mediation.CourtFailed:       {parties: true},
	mediation.CourtEnded:        {parties: true},
	mediation.Terminate:         {parties: true, mediators: true},
	mediation.Fail:              {parties: true},
	mediation.DraftAgreement:    {parties: true},
	mediation.ReviseAgreement:   {parties: true},
	mediation.ReviewAgreement:   {mediators: true},
	mediation.RefuseToSign:      {mediators: true},
	mediation.Sign:              {mediators: true},
	mediation.TakeEffect:        {parties: true, mediators: true},
	mediation.SettleOrally:      {parties: true},
	mediation.ApplyConfirmation: {parties: true},
	mediation.ConfirmTake:       {parties: true},

	mediation.ProposeConfirmation: {parties: true, mediators: true},
	mediation.JoinConfirmation:    {mediators: true},
	mediation.LeaveConfirmation:   {parties: true, mediators: true},
	mediation.DeclineConfirmation: {parties: true, mediators: true},
	mediation.DropConfirmation:    {parties: true, mediators: true},
	mediation.FileConfirmation:    {parties: true, mediators: true},
	mediation.RemindConfirmation:  {parties: true, mediators: true},

	mediation.ExtendRuling:      {parties: true},
	mediation.ConfirmWithdraw:   {parties: true, mediators: true},
	mediation.ConfirmEnforce:    {parties: true, mediators: true},
	mediation.ObjectRuling:      {parties: true, mediators: true},
	mediation.DismissObjection:  {parties: true, mediators: true},
	mediation.UpholdObjection:   {parties: true, mediators: true},
	mediation.ConfirmGrant:      {parties: true, mediators: true},
	mediation.ConfirmReject:     {parties: true, mediators: true},
	mediation.ConfirmNotTake:    {parties: true, mediators: true},
	mediation.ReportPerformed:   {parties: true, mediators: true},
	mediation.MarkOverdue:       {parties: true, mediators: true},
	mediation.ReportPart:        {parties: true, mediators: true},
	mediation.DisputeObligation: {parties: true, mediators: true},
	mediation.SettleDispute:     {parties: true},
	mediation.Reschedule:        {parties: true},
	mediation.RemindDue:         {parties: true},
	mediation.Urge:              {parties: true},
	mediation.Withdraw:          {parties: true, mediators: true},
	mediation.CloseCase:         {parties: true},
}

// reissued is the word of a notice that a paper took the place of one its reader
// has.
const reissued mediation.Action = "reissue_paper"

// notices are the rows that tell people what happened: ids and the action's
// word, never text. Before the other side was asked it hears nothing, and on the
// quiet path (a case on hold) only the applicant's side does.
func notices(c *mediation.Case, events []mediation.Event) []postgres.Notice {
	var rows []postgres.Notice
	for _, e := range events {
		who := told[e.Action]
		if who.parties {
			for _, p := range c.Active() {
				if e.Action == mediation.RemindConfirmation && c.ConfirmationState() == mediation.ConfirmationProposed && !c.Awaits(p) {
					continue // it has done its part
				}
				if !quiet(c, p, e) && p.ID != e.Party {
					rows = append(rows, postgres.Notice{ID: newID(), Case: c.ID, AreaPath: c.AreaPath, Party: p.ID, Action: e.Action, At: e.At})
				}
			}
		}
		if r := c.DataRequest(e.Subject); e.Action == mediation.AnswerData && r != nil { // nobody else asked
			rows = append(rows, postgres.Notice{ID: newID(), Case: c.ID, AreaPath: c.AreaPath, Party: r.Party, Action: e.Action, At: e.At})
		}
		if e.Action == mediation.IssuePaper {
			rows = append(rows, paperNotices(c, e)...)
		}
		if who.mediators {
			for _, id := range mediatorsOf(c) {
				if id != e.By {
					rows = append(rows, postgres.Notice{ID: newID(), Case: c.ID, AreaPath: c.AreaPath, User: id, Action: e.Action, At: e.At})
				}
			}
		}
	}
	return rows
}

// quiet says whether a party hears nothing of what happened. Of a matter handed on
// the other side hears from whoever took it, once that asks it.
func quiet(c *mediation.Case, p *mediation.Party, e mediation.Event) bool {
	return p.Side != mediation.Applicant && (c.Hold || c.EndedAs == mediation.ReferredOut || e.To == mediation.Registered || e.To == mediation.Supplement || len(c.Contacts) == 0)
}

// paperNotices tell of a paper that was issued those it is handed to, who can open
// it: once each person, also where one stands for several parties. What the paper
// is, the notice does not say.
func paperNotices(c *mediation.Case, e mediation.Event) []postgres.Notice {
	i := slices.IndexFunc(c.Issues, func(n mediation.Issue) bool { return n.ID == e.Subject })
	if i < 0 {
		return nil
	}
	word := e.Action
	if c.Issues[i].Replaces != "" {
		word = reissued
	}
	var rows []postgres.Notice
	var people []mediation.UserID
	for _, p := range c.Active() {
		if quiet(c, p, e) || !c.Issues[i].OpenTo(p) || p.User != "" && (p.User == e.By || slices.Contains(people, p.User)) {
			continue
		}
		people = append(people, p.User)
		rows = append(rows, postgres.Notice{ID: newID(), Case: c.ID, AreaPath: c.AreaPath, Party: p.ID, Action: word, At: e.At})
	}
	return rows
}

func mediatorsOf(c *mediation.Case) []mediation.UserID {
	var ids []mediation.UserID
	for _, a := range c.Assignments {
		if a.EndedAt.IsZero() && !slices.Contains(ids, a.Mediator) {
			ids = append(ids, a.Mediator)
		}
	}
	return ids
}
