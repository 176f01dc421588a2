package config

import "strconv"

// Figures is how the returns are kept.
type Figures struct {
	CloseDay int // day of the next month, 1 to 28, on which a month is closed
	Small    int // published figures from 1 to below it are hidden; 1 hides none
}

// setCloseDay takes the day of the following month at whose beginning the
// figures of a month are closed. After the 28th some months would have none.
func setCloseDay(c *Config, text string) *Problem {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 28 {
		return unfit(keyCloseDay, "请写 1 到 28 之间的整数", "write a whole number from 1 to 28")
	}
	c.Figures.CloseDay = n
	return nil
}

// setSmall takes the bound below which a published figure is hidden.
func setSmall(c *Config, text string) *Problem {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 100 {
		return unfit(keySmall, "请写 1 到 100 之间的整数；1 表示不隐藏", "write a whole number from 1 to 100; 1 hides nothing")
	}
	c.Figures.Small = n
	return nil
}
