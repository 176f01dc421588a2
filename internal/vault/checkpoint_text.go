package vault

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// ErrNoCheckpoint says that a text is no checkpoint, or only a piece of one.
var ErrNoCheckpoint = errors.New("the text is no whole checkpoint")

// checkpointMost bounds what is read of a checkpoint, in bytes of text: about
// four million cases.
const checkpointMost = 1 << 29

// ChainHead is where one chain stood: how many lines it had and the head after
// the last of them, "" for a chain without a line.
type ChainHead struct {
	Case string `db:"id"`
	Seq  int    `db:"seq"`
	Hash string `db:"hash"` // 64 hex digits
}

// Checkpoint is where every chain stood at one moment, and how many lines the
// other histories had. It holds ids and digests and no word of a case.
type Checkpoint struct {
	MadeAt time.Time // to the second
	Reads  int       // lines of the log of reads
	Office int       // lines of the office's history
	Heads  []ChainHead
}

// Lines is the number of lines in all chains.
func (c Checkpoint) Lines() int {
	n := 0
	for _, h := range c.Heads {
		n += h.Seq
	}
	return n
}

const (
	checkpointMark = "doorstep checkpoint v1"
	signatureMark  = "signature "
)

// Text writes a checkpoint as lines of ASCII: the mark, the moment, the counts,
// the public key, a line for each chain, and at the end the signature (see Sign)
// over the SHA-256 of everything before its line.
func (c Checkpoint) Text(k *Keys) ([]byte, error) {
	id := k.current(CheckpointKey).id
	public, err := k.CheckpointPublic(id)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\nmade %s\ncases %d\nlines %d\nreads %d\noffice %d\nkey %s %x\n", checkpointMark, c.MadeAt.UTC().Format(time.RFC3339),
		len(c.Heads), c.Lines(), c.Reads, c.Office, id, []byte(public))
	for _, h := range c.Heads {
		if h.Hash == "" {
			h.Hash = "-"
		}
		fmt.Fprintf(&b, "%s %d %s\n", h.Case, h.Seq, h.Hash)
	}
	sum := sha256.Sum256(b.Bytes())
	signature, err := k.Sign(sum[:])
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(&b, "%s%x\n", signatureMark, signature)
	return b.Bytes(), nil
}

// ReadCheckpoint reads what Text wrote, gzipped or plain, and checks the
// signature by the keyring, older generations included.
//
// Errors: ErrNoCheckpoint, ErrCheckpoint, ErrKeyMissing.
func (k *Keys) ReadCheckpoint(r io.Reader) (Checkpoint, error) {
	text, err := plainText(r)
	if err != nil {
		return Checkpoint{}, err
	}
	at := bytes.LastIndex(text, []byte("\n"+signatureMark)) + 1
	c, err := parseCheckpoint(text[:at])
	if err != nil {
		return c, err
	}
	mark := strings.TrimSuffix(string(text[at:]), "\n")
	signature, err := hex.DecodeString(strings.TrimPrefix(mark, signatureMark))
	if err != nil {
		return c, fmt.Errorf("vault: checkpoint: %w: %w", ErrCheckpoint, err)
	}
	sum := sha256.Sum256(text[:at])
	return c, k.Verify(sum[:], signature)
}

// plainText reads all of a text that may be gzipped. Line ends that a mail
// program or an editor changed are changed back.
func plainText(r io.Reader) ([]byte, error) {
	buffered := bufio.NewReader(r)
	in := io.Reader(buffered)
	if mark, _ := buffered.Peek(2); bytes.Equal(mark, []byte{0x1f, 0x8b}) {
		zip, err := gzip.NewReader(buffered)
		if err != nil {
			return nil, fmt.Errorf("vault: checkpoint: %w: %w", ErrNoCheckpoint, err)
		}
		in = zip
	}
	text, err := io.ReadAll(io.LimitReader(in, checkpointMost+1))
	if err != nil || len(text) > checkpointMost {
		return nil, errors.Join(fmt.Errorf("vault: checkpoint: %w", ErrNoCheckpoint), err)
	}
	return bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")), nil
}

func parseCheckpoint(text []byte) (c Checkpoint, err error) {
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	bad := func(n int, why error) error {
		return errors.Join(fmt.Errorf("vault: checkpoint line %d: %w", n+1, ErrNoCheckpoint), why)
	}
	names := []string{"made", "cases", "lines", "reads", "office", "key"}
	if len(lines) < len(names)+1 || lines[0] != checkpointMark {
		return c, bad(0, nil)
	}
	var cases, sum int
	for i, name := range names {
		word, value, _ := strings.Cut(lines[i+1], " ")
		if word != name {
			return c, bad(i+1, nil)
		}
		var err error
		switch name {
		case "made":
			c.MadeAt, err = time.Parse(time.RFC3339, value)
		case "key": // for whoever has no keyring; the signature names its key itself
		default:
			*map[string]*int{"cases": &cases, "lines": &sum, "reads": &c.Reads, "office": &c.Office}[name], err = strconv.Atoi(value)
		}
		if err != nil {
			return c, bad(i+1, err)
		}
	}
	for i, line := range lines[len(names)+1:] {
		h, err := parseHead(line)
		if err != nil {
			return c, bad(i+len(names)+1, err)
		}
		c.Heads = append(c.Heads, h)
	}
	if len(c.Heads) != cases || c.Lines() != sum {
		return c, bad(len(lines), errors.New("the counts do not fit"))
	}
	return c, nil
}

func parseHead(line string) (ChainHead, error) {
	parts := strings.Split(line, " ")
	if len(parts) != 3 {
		return ChainHead{}, errors.New("not three words")
	}
	seq, err := strconv.Atoi(parts[1])
	if err != nil {
		return ChainHead{}, err
	}
	if _, err := uuid.Parse(parts[0]); err != nil {
		return ChainHead{}, err
	}
	if parts[2] == "-" && seq == 0 {
		return ChainHead{Case: parts[0]}, nil
	}
	if raw, err := hex.DecodeString(parts[2]); err != nil || len(raw) != LinkSize || seq < 1 {
		return ChainHead{}, errors.Join(errors.New("no head"), err)
	}
	return ChainHead{parts[0], seq, parts[2]}, nil
}
