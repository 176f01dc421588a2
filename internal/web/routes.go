package web

import (
	"net/http"
	"slices"
)

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

// PageAddresses gives the address of every page, as its route writes it: what
// answers to GET, downloads included.
func PageAddresses() []string {
	var list []string
	for _, r := range new(Site).routes() {
		if r.Method == http.MethodGet {
			list = append(list, r.Path)
		}
	}
	return list
}
