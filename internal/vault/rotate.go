package vault

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// ErrKeyCurrent says that the key is the one that everything new is sealed with.
var ErrKeyCurrent = errors.New("the key is the current one")

// follow takes over the field keys of the keyring when the file is no longer the
// one that was read. It is asked before every seal, so that a server goes over to
// a new key with its next value and never seals with one that was taken away; a
// question to the file system costs a thousandth of the statement that follows. A
// file that is away or cannot be used changes nothing: the keys at hand are good
// for what was sealed with them.
func (k *Keys) follow() {
	if k.dir == "" {
		return
	}
	path := filepath.Join(k.dir, KeyringFile)
	info, err := os.Stat(path)
	if err != nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if sameState(info, k.seen) {
		return
	}
	text, seen, err := readKeyring(k.dir, path)
	if err != nil {
		return
	}
	fresh, err := parseKeyring(text)
	if err != nil {
		return
	}
	next := maps.Clone(*k.rings.Load())
	next[FieldKey] = fresh.ring(FieldKey)
	k.rings.Store(&next)
	k.seen = seen
}

func sameState(a, b fs.FileInfo) bool {
	return os.SameFile(a, b) && a.ModTime().Equal(b.ModTime()) && a.Size() == b.Size()
}

// AddFieldKey draws a field key, puts it before the others in the keyring's file
// and gives its id: from now on it is the current one. The file is replaced as a
// whole and keeps its owner, so that a running server reads either the old
// keyring or the new one.
//
// Errors: as OpenKeys.
func (k *Keys) AddFieldKey(now time.Time) (id string, err error) {
	err = k.rewrite(func(lines []string, _ *Keys) ([]string, error) {
		var line string
		id, line = freshKey(FieldKey, now)
		at := slices.IndexFunc(lines, func(l string) bool { return purposeOf(l) == FieldKey })
		return slices.Insert(lines, at, line), nil
	})
	return id, err
}

// RetireFieldKey takes a field key out of the keyring's file and lays it into one
// of its own beside it, whose path it gives: backups that were made while the key
// was in use need it. Whether anything is still sealed with it is the caller's to
// ask first.
//
// Errors: ErrKeyCurrent, ErrKeyMissing when the keyring has no such field key, and
// as OpenKeys.
func (k *Keys) RetireFieldKey(id string) (aside string, err error) {
	aside = filepath.Join(k.dir, "retired-"+id)
	err = k.rewrite(func(lines []string, keys *Keys) ([]string, error) {
		g, err := keys.find(FieldKey, id)
		if err != nil {
			return nil, err
		}
		if g.id == keys.current(FieldKey).id {
			return nil, fmt.Errorf("vault: field key %q: %w", id, ErrKeyCurrent)
		}
		at := slices.IndexFunc(lines, func(l string) bool { return purposeOf(l) == FieldKey && strings.Fields(l)[1] == id })
		note := "# Taken out of the keyring. Put the line back there to bring back a backup of its time.\n" + lines[at]
		if err := replace(k.dir, aside, []byte(note)); err != nil {
			return nil, err
		}
		return slices.Delete(lines, at, at+1), nil
	})
	return aside, err
}

// purposeOf is the purpose of a keyring's line; "" for a comment.
func purposeOf(line string) Purpose {
	words := strings.Fields(line)
	if len(words) == 0 || strings.HasPrefix(words[0], "#") {
		return ""
	}
	return Purpose(words[0])
}

// rewrite changes the lines of the keyring's file while no other process does,
// and takes them over.
func (k *Keys) rewrite(change func([]string, *Keys) ([]string, error)) (err error) {
	if k.dir == "" {
		return fmt.Errorf("vault: %w: these keys are in no file", ErrNoKeyring)
	}
	dir := k.dir
	defer k.follow()
	path := filepath.Join(dir, KeyringFile)
	folder, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("vault: keys folder %q: %w", dir, err)
	}
	defer folder.Close()
	if err := syscall.Flock(int(folder.Fd()), syscall.LOCK_EX); err != nil { // goes with the process
		return fmt.Errorf("vault: keys folder %q: %w", dir, err)
	}
	text, _, err := readKeyring(dir, path)
	if err != nil {
		return err
	}
	keys, err := parseKeyring(text)
	if err != nil {
		return fmt.Errorf("vault: keyring %q: %w", path, err)
	}
	lines := slices.Collect(strings.Lines(strings.TrimRight(string(text), "\n") + "\n"))
	if lines, err = change(lines, keys); err != nil {
		return err
	}
	text = []byte(strings.Join(lines, ""))
	if _, err := parseKeyring(text); err != nil { // never leave a keyring that the next start refuses
		return fmt.Errorf("vault: keyring %q: %w", path, err)
	}
	if len(text) > maxKeyring {
		return fmt.Errorf("vault: keyring %q: %w: it would be longer than %d bytes", path, ErrKeyring, maxKeyring)
	}
	return replace(dir, path, text)
}

// replace writes a file aside and puts it in the place of path, for the owner of
// the keyring: the server reads it, whoever ran the command.
func replace(dir, path string, text []byte) error {
	temp, err := os.CreateTemp(dir, tempName)
	if err != nil {
		return fmt.Errorf("vault: %q: %w", path, err)
	}
	defer func() { _ = os.Remove(temp.Name()) }()
	_, err = temp.Write(text)
	if err := errors.Join(err, adopt(temp, filepath.Join(dir, KeyringFile)), temp.Sync(), temp.Close()); err != nil {
		return fmt.Errorf("vault: %q: %w", path, err)
	}
	if err := os.Rename(temp.Name(), path); err != nil {
		return fmt.Errorf("vault: %q: %w", path, err)
	}
	return syncFolder(dir)
}

// adopt gives a file to the owner of another.
func adopt(f *os.File, other string) error {
	info, err := os.Stat(other)
	if err != nil {
		return err
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok || int(owner.Uid) == os.Geteuid() {
		return nil
	}
	return f.Chown(int(owner.Uid), int(owner.Gid))
}
