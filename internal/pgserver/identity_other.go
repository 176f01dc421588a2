//go:build !linux

package pgserver

import "syscall"

const namespaces = false

func (id identity) apply(*syscall.SysProcAttr) {}

// dieWithParent has no counterpart here: a program that outlives this process
// is found and stopped by the next start.
func dieWithParent(*syscall.SysProcAttr, syscall.Signal) {}
