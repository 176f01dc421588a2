package web

import "slices"

// routes is the site map: every address of the program, feature by feature, each
// with the line of policy that governs it.
func (s *Site) routes() []route {
	return slices.Concat(
		s.residentRoutes(),
		s.accountRoutes(),
		s.ledgerRoutes(),
		s.figureRoutes(),
		s.subsidyRoutes(),
		s.caseRoutes(),
		s.actRoutes(),
		s.fileRoutes(),
		s.draftRoutes(),
		s.paperRoutes(),
		s.wordingRoutes(),
		s.volumeRoutes(),
		s.officeRoutes(),
		s.lawRoutes(),
		s.helpRoutes(),
	)
}
