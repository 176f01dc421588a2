package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"doorstep/internal/config"
	"doorstep/internal/postgres"
	"doorstep/internal/statute"
	"doorstep/internal/vault"
)

// retireAfter is how long a key must have been out of use before it can be
// retired: longer than a request lives that sealed a value with it and has not
// stored it yet.
const retireAfter = 10 * time.Minute

// keysCommand looks after the keys of the sealed values.
type keysCommand struct {
	List   keysList   `cmd:"" help:"列出密钥，以及每个密钥还封着多少内容。List the keys and how much each still holds."`
	Rotate keysRotate `cmd:"" help:"启用新的字段密钥，并用它重新加密全部内容。Make a new field key and seal everything anew with it."`
	Retire keysRetire `cmd:"" help:"停用已不再使用的字段密钥。Take a field key that holds nothing out of the keyring."`
}

type (
	keysList   struct{}
	keysRotate struct {
		New bool `help:"即使上次更换还没有完成，也启用新的密钥。Make a new key even when an earlier rotation was not finished."`
	}
	keysRetire struct {
		ID string `arg:"" help:"密钥编号（8 位）。Id of the key, 8 digits."`
	}
)

// strongroom opens the installation with its keys, beside a running server or
// alone.
func (p *program) strongroom() (config.Config, house, func() error, error) {
	c, err := p.settings()
	if err != nil {
		return c, house{}, nil, err
	}
	h, done, err := p.house(c, func(found schema) error {
		if found.have != found.want {
			return found.refuse()
		}
		return nil
	})
	return c, h, done, err
}

// Run prints one line a key. Keys of other purposes than field and pepper leave no
// mark on what they made, so nothing can be counted for them.
func (keysList) Run(p *program) (err error) {
	_, h, done, err := p.strongroom()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	seals, err := h.DB.CountSeals(p.ctx)
	if err != nil {
		return err
	}
	peppers, err := h.DB.CountPeppers(p.ctx)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "用途 purpose\t编号 id\t启用 made\t状态 state\t在用 holds\n")
	for _, purpose := range vault.Purposes() {
		for _, g := range h.Keys.Generations(purpose) {
			made, state := "-", "旧 older"
			if !g.Made.IsZero() {
				made = g.Made.In(statute.Shanghai).Format(time.DateTime)
			}
			if g.Current {
				state = "当前 current"
			}
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", purpose, g.ID, made, state, holding(purpose, g.ID, seals, peppers))
		}
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("doorstep: keys list: %w", err)
	}
	return lost(h.Keys, seals)
}

// holding says what a key still holds.
func holding(purpose vault.Purpose, id string, seals []postgres.SealCount, peppers []postgres.PepperCount) string {
	switch purpose {
	case vault.FieldKey:
		n, where := under(id, seals)
		if n == 0 {
			return "0"
		}
		return fmt.Sprintf("%d (%s)", n, where)
	case vault.PepperKey:
		for _, c := range peppers {
			if c.Key == id {
				return fmt.Sprintf("%d 个密码 passwords，%d 个回执码 receipt codes", c.Passwords, c.Codes)
			}
		}
		return "0"
	default:
		return "-"
	}
}

// under counts what is sealed with a key, and where.
func under(id string, seals []postgres.SealCount) (n int, where string) {
	var parts []string
	for _, c := range seals {
		if c.Key == id {
			n += c.N
			parts = append(parts, fmt.Sprintf("%s.%s %d", c.Table, c.Column, c.N))
		}
	}
	return n, strings.Join(parts, ", ")
}

// lost tells of values no key at hand opens.
func lost(keys *vault.Keys, seals []postgres.SealCount) error {
	var away []string
	for _, c := range seals {
		if !slices.Contains(keys.IDs(vault.FieldKey), c.Key) {
			away = append(away, fmt.Sprintf("%s.%s %d (%s)", c.Table, c.Column, c.N, c.Key))
		}
	}
	if away == nil {
		return nil
	}
	return &sentence{err: errors.New(strings.Join(away, "\n")), zh: "下列内容没有可用的密钥，或已损坏：", en: "No key at hand opens these values, or they are damaged:"}
}

// Run makes a new current key and seals everything anew with it. What an earlier
// run left unfinished is finished instead.
func (cmd keysRotate) Run(p *program) (err error) {
	c, h, done, err := p.strongroom()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	seals, err := h.DB.CountSeals(p.ctx)
	if err != nil {
		return err
	}
	current := h.Keys.IDs(vault.FieldKey)[0]
	if older := slices.ContainsFunc(seals, func(s postgres.SealCount) bool { return s.Key != current }); older && !cmd.New {
		p.say("上次更换没有完成，继续用密钥 %s 重新加密。\nThe last rotation was not finished; going on with key %s.", current, current)
	} else {
		if current, err = h.Keys.AddFieldKey(p.Now()); err != nil {
			return noKeys(c.KeysDir, err)
		}
		p.say("新密钥 %s 已启用。请马上另存密钥文件夹 %s。\nThe new key %s is in use. Copy the keys folder %s now: without it nothing can be read.",
			current, c.KeysDir, current, c.KeysDir)
	}
	moved := map[string]int{}
	r, err := h.DB.Reseal(p.ctx, func(table, column string, n int) { moved[table+"."+column] += n })
	for _, s := range seals {
		if name := s.Table + "." + s.Column; moved[name] > 0 {
			p.say("  %s %d", name, moved[name])
			delete(moved, name)
		}
	}
	if err != nil {
		return &sentence{err: err, zh: fmt.Sprintf("已重新加密 %d 项，没有完成。内容都能读；请再次运行 doorstep keys rotate 接着做。", r.Moved),
			en: fmt.Sprintf("%d values were sealed anew and the rest was not. Everything can be read; run doorstep keys rotate again to go on.", r.Moved)}
	}
	p.say("已重新加密 %d 项。\n%d values sealed anew.", r.Moved, r.Moved)
	if len(r.Unreadable) == 0 {
		return nil
	}
	var places []string
	for _, u := range r.Unreadable {
		places = append(places, fmt.Sprintf("%s.%s %s: %v", u.Table, u.Column, u.Row, u.Err))
	}
	return &sentence{err: errors.New(strings.Join(places, "\n")), zh: "下列内容打不开，保持原样（仍要再换密钥时请加 --new）：",
		en: "These values could not be opened and were left as they are (to go to another key all the same, add --new):"}
}

// Run takes a key out of the keyring when nothing is sealed with it any more.
func (cmd keysRetire) Run(p *program) (err error) {
	c, h, done, err := p.strongroom()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	ring := h.Keys.Generations(vault.FieldKey)
	at := slices.IndexFunc(ring, func(g vault.Generation) bool { return g.ID == cmd.ID })
	switch {
	case at < 0:
		return &sentence{misuse: true, zh: fmt.Sprintf("没有字段密钥 %s；doorstep keys list 会列出全部。", cmd.ID),
			en: fmt.Sprintf("There is no field key %s; doorstep keys list shows them.", cmd.ID)}
	case at == 0:
		return &sentence{misuse: true, zh: "这是当前密钥，不能停用。请先运行 doorstep keys rotate。",
			en: "This is the current key and cannot be retired; run doorstep keys rotate first."}
	}
	if since := ring[at-1].Made; p.Now().Sub(since) < retireAfter {
		until := since.Add(retireAfter).In(statute.Shanghai).Format(time.TimeOnly)
		return &sentence{zh: fmt.Sprintf("这个密钥刚刚换下，请在 %s 之后再停用：可能还有用它加密的内容正在写入。", until),
			en: fmt.Sprintf("The key was current a moment ago and something sealed with it may still be on its way; retire it after %s.", until)}
	}
	seals, err := h.DB.CountSeals(p.ctx)
	if err != nil {
		return err
	}
	if n, where := under(cmd.ID, seals); n > 0 {
		return &sentence{zh: fmt.Sprintf("还有 %d 项内容由这个密钥加密（%s），不能停用。请先运行 doorstep keys rotate。", n, where),
			en: fmt.Sprintf("%d values are still sealed with this key (%s); run doorstep keys rotate first.", n, where)}
	}
	aside, err := h.Keys.RetireFieldKey(cmd.ID)
	if err != nil {
		return noKeys(c.KeysDir, err)
	}
	p.say("密钥 %s 已停用，移到 %s。恢复它使用期间的备份时需要它；确定不再需要时可以销毁。\n"+
		"Key %s is retired and lies in %s. A backup of its time needs it; destroy it when none is left.", cmd.ID, aside, cmd.ID, aside)
	return nil
}
