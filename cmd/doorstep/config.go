package main

import (
	"fmt"
	"text/tabwriter"
)

// configCommand shows what the program would run with.
type configCommand struct{}

// Run prints every setting with its value and where it came from. Passwords
// are masked, so that the output may be sent to whoever helps.
func (configCommand) Run(p *program) error {
	c, err := p.settings()
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	for _, v := range c.Effective() {
		if _, err := fmt.Fprintf(table, "%s=%s\t# %s\n", v.Key, v.Text, v.Source); err != nil {
			return fmt.Errorf("doorstep: config: %w", err)
		}
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("doorstep: config: %w", err)
	}
	return nil
}
