package account

import (
	"context"
	"errors"
	"net/netip"
	"strconv"
	"time"

	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
)

// The limits against guessing. The first of each pair counts one target from one
// address, the second everything from that address.
const (
	passwordTries     = 5
	passwordByAddress = 30
	passwordWindow    = 15 * time.Minute

	codeTries     = 5
	codeByAddress = 20
	codeWindow    = time.Hour

	registrations      = 10 // by address; a whole estate may sit behind one
	registrationWindow = time.Hour
)

// attempt is a guess that was counted and waits for its judgement.
type attempt struct {
	limits []postgres.GuessLimit
	at     time.Time
}

func (s *Accounts) passwordLimits(login, address string) []postgres.GuessLimit {
	return []postgres.GuessLimit{
		{Key: s.guessKey("password", login, address), Most: passwordTries, Window: passwordWindow},
		{Key: s.guessKey("password", "", address), Most: passwordByAddress, Window: passwordWindow},
	}
}

func (s *Accounts) codeLimits(locator, address string) []postgres.GuessLimit {
	return []postgres.GuessLimit{
		{Key: s.guessKey("code", locator, address), Most: codeTries, Window: codeWindow},
		{Key: s.guessKey("code", "", address), Most: codeByAddress, Window: codeWindow},
	}
}

func (s *Accounts) registerLimits(address string) []postgres.GuessLimit {
	return []postgres.GuessLimit{{Key: s.guessKey("register", "", address), Most: registrations, Window: registrationWindow}}
}

// guessKey is a keyed digest: the table does not tell who tried to be whom, nor
// from where.
func (s *Accounts) guessKey(kind, target, address string) []byte {
	return s.keys.Index("guess_"+kind, target+"\x00"+network(address))
}

// network is the part of an address one household or office holds: all of an
// IPv4 address, and the first 64 bits of an IPv6 one, whose rest anybody can
// change at will.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is4() {
		return ip.String()
	}
	return netip.PrefixFrom(ip, 64).Masked().String()
}

// take counts a guess before it is judged; TooMany with the seconds to wait when
// a limit is met.
func (s *Accounts) take(ctx context.Context, limits []postgres.GuessLimit) (attempt, error) {
	a := attempt{limits: limits, at: s.now().Truncate(time.Microsecond)} // as PostgreSQL keeps it
	err := s.db.InTx(ctx, func(tx postgres.Tx) error {
		wait, err := tx.TakeGuess(ctx, limits, a.at)
		if err != nil || wait <= 0 {
			return err
		}
		minutes := int((wait + time.Minute - 1) / time.Minute)
		return &mediation.Error{Kind: mediation.TooMany, Key: "error.wait", Args: map[string]string{
			"minutes": strconv.Itoa(minutes), "retry_after": strconv.Itoa(int(wait/time.Second) + 1)}}
	})
	return a, err
}

// settle forgets the guesses at the target that proved right. The address keeps
// those it made at other targets.
func (a attempt) settle(ctx context.Context, tx postgres.Tx) error {
	if err := tx.ClearGuesses(ctx, a.limits[0].Key); err != nil {
		return err
	}
	for _, l := range a.limits[1:] {
		if err := tx.ReturnGuess(ctx, l.Key, a.at); err != nil {
			return err
		}
	}
	return nil
}

// unjudged gives the guess back when it could not be judged: a busy machine is
// no fault of the one who waits. Nothing was learned by it, so nothing is lost.
func (s *Accounts) unjudged(ctx context.Context, a attempt, cause error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second) // the request itself may be over
	defer cancel()
	return errors.Join(cause, s.db.InTx(ctx, func(tx postgres.Tx) error {
		for _, l := range a.limits {
			if err := tx.ReturnGuess(ctx, l.Key, a.at); err != nil {
				return err
			}
		}
		return nil
	}))
}
