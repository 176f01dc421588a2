package config

import (
	"errors"
	"fmt"
)

// Problem is a setting that cannot be used. It says what to do in Chinese and
// in English, since at the start nobody has chosen a language yet.
type Problem struct {
	Key string // the setting, e.g. "DOORSTEP_LISTEN"
	ZH  string // one sentence
	EN  string // the same sentence
	Err error  // the cause, e.g. a file that cannot be read; may be nil
}

// Error gives both sentences, Chinese first, each on its own line. It never
// holds the value of a secret.
func (p *Problem) Error() string { return p.ZH + "\n" + p.EN }

// Unwrap gives the cause to errors.Is and errors.As.
func (p *Problem) Unwrap() error { return p.Err }

// ProblemsOf lists the problems in err, in the order they were found; nil when
// it holds none.
func ProblemsOf(err error) []*Problem {
	var found []*Problem
	if p, ok := errors.AsType[*Problem](err); ok {
		found = append(found, p)
	}
	many, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return found
	}
	found = nil
	for _, one := range many.Unwrap() {
		found = append(found, ProblemsOf(one)...)
	}
	return found
}

// unfit is a problem with a value. The value is not quoted: it may be a secret.
func unfit(key, zh, en string) *Problem {
	return &Problem{Key: key, ZH: fmt.Sprintf("设置 %s 有误：%s。", key, zh), EN: fmt.Sprintf("Setting %s is wrong: %s.", key, en)}
}
