package config

import (
	"strconv"
	"testing"
)

func TestFiguresHaveBounds(t *testing.T) {
	for text, good := range map[string]bool{"1": true, "28": true, "0": false, "29": false, "x": false} {
		c, err := Load(Sources{Environ: []string{"HOME=/home/li", keyCloseDay + "=" + text}})
		if (err == nil) != good || good && strconv.Itoa(c.Figures.CloseDay) != text {
			t.Errorf("close day %q: %d, %v", text, c.Figures.CloseDay, err)
		}
	}
	for text, good := range map[string]bool{"1": true, "100": true, "0": false, "101": false, "-5": false} {
		c, err := Load(Sources{Environ: []string{"HOME=/home/li", keySmall + "=" + text}})
		if (err == nil) != good || good && strconv.Itoa(c.Figures.Small) != text {
			t.Errorf("small %q: %d, %v", text, c.Figures.Small, err)
		}
	}
}
