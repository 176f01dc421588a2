package pgserver

import "syscall"

// namespaces says whether the system has user namespaces at all; a container
// may still refuse them.
const namespaces = true

// apply maps the account inside a new user namespace to root outside: the
// program is not root, and the files stay root's.
func (id identity) apply(attr *syscall.SysProcAttr) {
	if id.inside == 0 {
		return
	}
	one := []syscall.SysProcIDMap{{ContainerID: id.inside, HostID: 0, Size: 1}}
	attr.Cloneflags |= syscall.CLONE_NEWUSER
	attr.UidMappings, attr.GidMappings = one, one
}

// dieWithParent sends the signal to the program when this process is killed.
func dieWithParent(attr *syscall.SysProcAttr, sig syscall.Signal) { attr.Pdeathsig = sig }
