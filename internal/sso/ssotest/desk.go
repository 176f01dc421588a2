package ssotest

import (
	"context"

	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// desk is the example's storage, but tells of the second factor what the test
// says.
type desk struct {
	*storage.Storage
	p *Provider
}

// AuthRequestByID finds what somebody is about to sign in for.
func (d *desk) AuthRequestByID(ctx context.Context, id string) (op.AuthRequest, error) {
	return d.told(d.Storage.AuthRequestByID(ctx, id))
}

// AuthRequestByCode finds the same by the code it was given.
func (d *desk) AuthRequestByCode(ctx context.Context, code string) (op.AuthRequest, error) {
	return d.told(d.Storage.AuthRequestByCode(ctx, code))
}

func (d *desk) told(r op.AuthRequest, err error) (op.AuthRequest, error) {
	if err != nil {
		return nil, err
	}
	d.p.mu.Lock()
	defer d.p.mu.Unlock()
	return request{r, d.p.acr, d.p.amr}, nil
}

type request struct {
	op.AuthRequest
	acr string
	amr []string
}

// GetACR is the class of the sign-in.
func (r request) GetACR() string { return r.acr }

// GetAMR are the means by which it was done.
func (r request) GetAMR() []string {
	if len(r.amr) > 0 {
		return r.amr
	}
	return r.AuthRequest.GetAMR()
}
