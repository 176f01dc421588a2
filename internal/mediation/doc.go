// Package mediation is the field itself: disputes between neighbours, the
// people in them, and the procedure of people's mediation as pure rules. It
// does no I/O, reads no clock and names no role; who may act is policy
// (package authz), how it is kept is storage (package postgres).
package mediation
