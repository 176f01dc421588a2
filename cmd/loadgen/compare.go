package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"slices"
	"sync"
	"time"
)

// taken is what was measured of one server: how long each answer took, and how
// long the turns were together.
type taken struct {
	times  []time.Duration
	spent  time.Duration
	rates  []float64 // answers a second, turn by turn
	failed int
	why    error // the first failure
}

// rate is the answers a second over all turns.
func (t *taken) rate() float64 { return float64(len(t.times)) / t.spent.Seconds() }

// at is the time below which a share of the answers stays, in milliseconds.
func (t *taken) at(share float64) float64 {
	if len(t.times) == 0 {
		return 0
	}
	i := min(len(t.times)-1, int(share*float64(len(t.times))))
	return float64(t.times[i].Microseconds()) / 1000
}

// asking sends the nth request of a worker to one of the two servers.
type asking func(ctx context.Context, c *http.Client, n int) error

// compare lets the two servers take turns, so that what else happens on the
// machine meets both, and prints a line for each kind and number of connections.
func compare(ctx context.Context, o options, kinds []*kind, b *bare) error {
	_, _ = fmt.Fprintln(os.Stdout, "| request | connections | Doorstep req/s | bare req/s | ratio (least–most) | Doorstep p50 / p95 / p99 ms | bare p50 / p95 / p99 ms |")
	_, _ = fmt.Fprintln(os.Stdout, "|---|--:|--:|--:|--:|--:|--:|")
	for _, k := range kinds {
		site := &site{}
		both := []asking{
			func(ctx context.Context, c *http.Client, n int) error { return k.ask(ctx, c, o.Server, n) },
			func(ctx context.Context, c *http.Client, n int) error { return k.askBare(ctx, c, b.address, n) },
		}
		for _, connections := range o.Connections {
			results := []*taken{{}, {}}
			for i := range 2 { // what is cold is nobody's fault
				results[i].turn(ctx, both[i], site, connections, o.Slice/4)
			}
			results = []*taken{{}, {}}
			for round := range o.Rounds {
				for i := range 2 {
					which := (i + round) % 2 // who goes first changes too
					results[which].turn(ctx, both[which], site, connections, o.Slice)
				}
			}
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := tell(k, connections, results[0], results[1]); err != nil {
				return err
			}
		}
	}
	return nil
}

// turn is one server's: each connection asks again as soon as it was answered.
func (t *taken) turn(ctx context.Context, ask asking, s *site, connections int, length time.Duration) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	began, until := time.Now(), time.Now().Add(length)
	before := len(t.times)
	var mu sync.Mutex
	var all sync.WaitGroup
	for w := range connections {
		all.Go(func() {
			client := s.client()
			defer client.CloseIdleConnections()
			var mine []time.Duration
			var failed int
			var why error
			for n := w; time.Now().Before(until) && ctx.Err() == nil; n++ {
				sent := time.Now()
				if err := ask(ctx, client, n); err != nil {
					failed, why = failed+1, err
					continue
				}
				mine = append(mine, time.Since(sent))
			}
			mu.Lock()
			defer mu.Unlock()
			t.times, t.failed = append(t.times, mine...), t.failed+failed
			if t.why == nil {
				t.why = why
			}
		})
	}
	all.Wait()
	spent := time.Since(began)
	t.spent += spent
	t.rates = append(t.rates, float64(len(t.times)-before)/spent.Seconds())
}

// tell prints a line. Failed answers are no result: they are told as an error.
func tell(k *kind, connections int, ours, bare *taken) error {
	for name, t := range map[string]*taken{"Doorstep": ours, "the bare server": bare} {
		if t.failed > 0 {
			return fmt.Errorf("%s, %d connections: %d answers of %s failed, the first: %w", k.name, connections, t.failed, name, t.why)
		}
		slices.Sort(t.times)
	}
	ratios := make([]float64, min(len(ours.rates), len(bare.rates)))
	for i := range ratios {
		ratios[i] = ours.rates[i] / bare.rates[i]
	}
	_, err := fmt.Fprintf(os.Stdout, "| %s | %d | %.0f | %.0f | %.2f (%.2f–%.2f) | %.1f / %.1f / %.1f | %.1f / %.1f / %.1f |\n", k.name, connections,
		ours.rate(), bare.rate(), ours.rate()/bare.rate(), slices.Min(ratios), slices.Max(ratios),
		ours.at(.5), ours.at(.95), ours.at(.99), bare.at(.5), bare.at(.95), bare.at(.99))
	return err
}
