package main

import (
	"errors"
	"strings"

	"doorstep/internal/authz"
	"doorstep/internal/mediation"
	"doorstep/policies"
)

// policyCommand explains the policy.
type policyCommand struct {
	Explain policyExplain `cmd:"" help:"说明某人能不能对某案做某事，以及依据哪一行。Say whether a person may do an act on a case, and by which line."`
}

// policyExplain answers for one person, one action and one case.
type policyExplain struct {
	User   string `arg:"" help:"用户名。User name."`
	Action string `arg:"" help:"动作，如 accept，或 对象:动作，如 session:read。Action, or object:action."`
	Case   string `arg:"" help:"案件的编号（网址中的一段）、案号或登记号。Case id, case number or register number."`
}

// Run prints every line of the policy that speaks for the person's grants, and
// whether its scope covers the case.
func (cmd policyExplain) Run(p *program) (err error) {
	policy, err := authz.New(policies.Model, policies.Lines)
	if err != nil {
		return err
	}
	db, _, done, err := p.storage()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	user, err := db.SignInOf(p.ctx, cmd.User)
	if err != nil {
		return err
	}
	if user == nil {
		return &sentence{zh: "没有这个用户名，或者账号已停用。", en: "There is no such user name, or the account is disabled.", misuse: true}
	}
	actor, err := user.Actor()
	if err != nil {
		return err
	}
	c, err := db.FindCase(p.ctx, cmd.Case)
	if err != nil {
		return err
	}
	object, action := "case", mediation.Action(cmd.Action)
	if before, after, ok := strings.Cut(cmd.Action, ":"); ok {
		object, action = before, mediation.Action(after)
	}
	p.explain(policy, actor, c, object, action)
	return nil
}

func (p *program) explain(policy *authz.Policy, actor mediation.Actor, c *mediation.Case, object string, action mediation.Action) {
	p.say("%s (%s) · %s:%s · %s %s [%s]", actor.Name, actor.User, object, action, c.IntakeNumber, c.Number, c.Stage)
	row, allowed, lines := c.Row(), false, 0
	for _, g := range actor.Grants {
		for _, l := range policy.Explain(g.Role, object, action) {
			lines++
			covers := mediation.Right{Scope: l.Scope, Grant: g}.Allows(actor, row, p.Now())
			allowed = allowed || covers
			p.say("  policy.csv:%d  %s  → %s  %s", l.Number, l, place(g), yesNo(covers))
		}
	}
	if lines == 0 {
		p.say("  没有任何一行允许。No line of the policy allows it.")
	}
	if _, err := c.Stage.Next(action); object == "case" && lines > 0 && err != nil && action != "list" && action != "read" && action != "open_file" {
		p.say("  流程：阶段“%s”不允许这个动作。The procedure does not allow it in this stage.", c.Stage)
		allowed = false
	}
	p.say("%s", map[bool]string{true: "可以。Allowed.", false: "不可以。Refused."}[allowed])
}

func place(g mediation.Grant) string {
	switch {
	case g.Committee != "":
		return "committee " + string(g.Committee)
	case g.AreaPath != "":
		return "area " + g.AreaPath
	case g.Court != "":
		return "court " + string(g.Court)
	}
	return "-"
}

func yesNo(covers bool) string {
	if covers {
		return "✓ 覆盖此案 covers this case"
	}
	return "✗ 不覆盖此案 does not cover this case"
}
