package main

import (
	"cmp"
	"runtime"
	"runtime/debug"
)

// versionCommand tells which program this is.
type versionCommand struct{}

// Run prints the version, the commit it was built from when the build knew it,
// and the Go release and machine it was built for.
func (versionCommand) Run(p *program) error { //nolint:unparam // kong calls what returns an error
	p.say("doorstep %s (%s %s/%s)", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return nil
}

// version is the module's version, or the commit, or "devel".
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	var commit, changed string
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			commit = s.Value[:min(12, len(s.Value))]
		case "vcs.modified":
			if s.Value == "true" {
				changed = "+"
			}
		}
	}
	return cmp.Or(commit+changed, "devel")
}
