package account

import (
	"context"
	"time"

	"doorstep/internal/postgres"
)

// How many filings one address may send in an hour: a whole estate may sit
// behind one, but nobody files thirty quarrels between two breakfasts.
const (
	filings      = 30
	filingWindow = time.Hour
)

// MayFile counts a filing from an address before it is taken. It needs no right:
// it only ever refuses.
//
// Errors: TooMany with the seconds to wait.
func (s *Accounts) MayFile(ctx context.Context, address string) error {
	_, err := s.take(ctx, []postgres.GuessLimit{{Key: s.guessKey("filing", "", address), Most: filings, Window: filingWindow}})
	return err
}
