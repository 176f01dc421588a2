package web

import "slices"

// routes is the site map: every address of the program, feature by feature, each
// with the line of policy that governs it.
func (s *Site) routes() []route {
	return slices.Concat(
		s.accountRoutes(),
		s.caseRoutes(),
		s.actRoutes(),
		s.draftRoutes(),
	)
}
