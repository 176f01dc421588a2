// Package authz answers who may do what: Casbin behind three questions. Check
// asks for an act, Can for a button, Scope for the rows of a list. The policy is
// read once, checked word by word and never changed while the program runs.
package authz

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"
	stringadapter "github.com/casbin/casbin/v2/persist/string-adapter"

	"doorstep/internal/mediation"
)

// Line is one right of the policy, as it is written.
type Line struct {
	Number int
	Role   mediation.Role // or a base such as "staff"
	Object string
	Action mediation.Action
	Scope  mediation.Scope
}

// String is the line as it stands in the file.
func (l Line) String() string {
	return fmt.Sprintf("p, %s, %s, %s, %s", l.Role, l.Object, l.Action, l.Scope)
}

// Policy is the loaded policy. It is safe for concurrent use.
type Policy struct {
	enforcer *casbin.Enforcer
	lines    map[question][]Line // by role, bases included
	known    sync.Map            // question -> bool: the policy never changes, so neither does an answer
}

type question struct {
	role   mediation.Role
	object string
	action mediation.Action
}

// New loads the policy and refuses it whole when a line is malformed: Casbin's
// string adapter drops such a line in silence, and a typo would quietly be less
// policy than was written.
func New(conf, text string) (*Policy, error) {
	rights, bases, err := parse(text)
	if err != nil {
		return nil, err
	}
	m, err := model.NewModelFromString(conf)
	if err != nil {
		return nil, fmt.Errorf("authz: model: %w", err)
	}
	e, err := casbin.NewEnforcer(m, stringadapter.NewAdapter(strip(text)))
	if err != nil {
		return nil, fmt.Errorf("authz: policy: %w", err)
	}
	loaded, err := e.GetPolicy()
	if err != nil {
		return nil, fmt.Errorf("authz: policy: %w", err)
	}
	grouped, err := e.GetGroupingPolicy()
	if err != nil {
		return nil, fmt.Errorf("authz: policy: %w", err)
	}
	if len(loaded) != len(rights) || len(grouped) != len(bases) {
		return nil, fmt.Errorf("authz: %d of %d rights and %d of %d bases were taken: the policy has a malformed or repeated line",
			len(loaded), len(rights), len(grouped), len(bases))
	}
	p := &Policy{enforcer: e, lines: map[question][]Line{}}
	for _, role := range mediation.Roles {
		own, err := closure(string(role), bases, nil)
		if err != nil {
			return nil, err
		}
		for _, l := range rights {
			if slices.Contains(own, string(l.Role)) {
				q := question{role, l.Object, l.Action}
				p.lines[q] = append(p.lines[q], l)
			}
		}
	}
	return p, nil
}

// closure is a role with every base it stands on, directly or through another
// base. Bases that stand on each other in a circle are refused.
func closure(role string, bases [][2]string, above []string) ([]string, error) {
	if slices.Contains(above, role) {
		return nil, fmt.Errorf("authz: the base %q stands on itself", role)
	}
	all := []string{role}
	for _, b := range bases {
		if b[0] != role {
			continue
		}
		more, err := closure(b[1], bases, append(slices.Clone(above), role))
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	return all, nil
}

// strip drops comments and blank lines, which the adapter would count as rules.
func strip(text string) string {
	var kept []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "#") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}

// allows asks Casbin once for each question and remembers the answer.
func (p *Policy) allows(q question) bool {
	if answer, ok := p.known.Load(q); ok {
		return answer.(bool)
	}
	ok, err := p.enforcer.Enforce(string(q.role), q.object, string(q.action))
	ok = ok && err == nil
	p.known.Store(q, ok)
	return ok
}

// Scope is the set of rights an actor's grants give for an action: which rows.
// None means the roles may never do it.
func (p *Policy) Scope(a mediation.Actor, object string, action mediation.Action) []mediation.Right {
	var rights []mediation.Right
	for _, g := range a.Grants {
		q := question{g.Role, object, action}
		if !p.allows(q) {
			continue
		}
		for _, l := range p.lines[q] {
			rights = append(rights, mediation.Right{Scope: l.Scope, Grant: g})
		}
	}
	return rights
}

// Can says whether a role of the actor may do this at all. Pages ask it to hide
// a button; nothing is protected by it.
func (p *Policy) Can(a mediation.Actor, object string, action mediation.Action) bool {
	return len(p.Scope(a, object, action)) > 0
}

// Check gives the rights for an act, or Forbidden when no role of the actor may
// ever do it. Whether this very row is in reach is for the rights to say.
func (p *Policy) Check(a mediation.Actor, object string, action mediation.Action) ([]mediation.Right, error) {
	rights := p.Scope(a, object, action)
	if len(rights) == 0 {
		return nil, &mediation.Error{Kind: mediation.Forbidden, Key: "error.forbidden",
			Args: map[string]string{"object": object, "action": string(action)}}
	}
	return rights, nil
}

// Explain names the lines that speak for a role, for `doorstep policy explain`.
func (p *Policy) Explain(role mediation.Role, object string, action mediation.Action) []Line {
	q := question{role, object, action}
	if !p.allows(q) {
		return nil
	}
	return p.lines[q]
}

// Lines gives every right by role, in the order of the file; the matrix and the
// route tests walk it.
func (p *Policy) Lines(role mediation.Role) []Line {
	var all []Line
	for q, ls := range p.lines {
		if q.role == role {
			all = append(all, ls...)
		}
	}
	slices.SortFunc(all, func(a, b Line) int { return a.Number - b.Number })
	return all
}
