package vault

import (
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
)

// ErrCheckpoint says that a signature does not fit its checkpoint: one of them
// was changed.
var ErrCheckpoint = errors.New("the signature does not fit the checkpoint")

// signedAs keeps checkpoint signatures apart from any other use of the key.
const signedAs = "doorstep checkpoint v1\x00"

// checkpointID is the length of the key id before the signature, in bytes.
const checkpointID = 4

// Sign signs the head of a checkpoint with Ed25519 under a key derived from the
// current checkpoint key. The result is the key id (4 bytes) and the signature
// (64 bytes); the same head gives the same signature.
func (k *Keys) Sign(head []byte) ([]byte, error) {
	g := k.current(CheckpointKey)
	private, err := g.signer()
	if err != nil {
		return nil, err
	}
	id, err := hex.DecodeString(g.id)
	if err != nil {
		return nil, fmt.Errorf("vault: checkpoint key id %q: %w", g.id, err)
	}
	return append(id, ed25519.Sign(private, checkpointMessage(head))...), nil
}

// Verify accepts what Sign made for the same head, also with an older
// generation.
//
// Errors: ErrCheckpoint, ErrKeyMissing.
func (k *Keys) Verify(head, signature []byte) error {
	if len(signature) != checkpointID+ed25519.SignatureSize {
		return fmt.Errorf("vault: signature of %d bytes: %w", len(signature), ErrCheckpoint)
	}
	public, err := k.CheckpointPublic(hex.EncodeToString(signature[:checkpointID]))
	if err != nil {
		return err
	}
	return VerifyCheckpoint(public, head, signature)
}

// CheckpointPublic is the public key of one generation, to be kept outside: with
// it and VerifyCheckpoint anybody can check a history without the keyring.
//
// Errors: ErrKeyMissing.
func (k *Keys) CheckpointPublic(id string) (ed25519.PublicKey, error) {
	g, err := k.find(CheckpointKey, id)
	if err != nil {
		return nil, err
	}
	private, err := g.signer()
	if err != nil {
		return nil, err
	}
	return ed25519.PublicKey(private[ed25519.SeedSize:]), nil
}

// VerifyCheckpoint checks a signature made by Sign with nothing but the public
// key.
//
// Errors: ErrCheckpoint.
func VerifyCheckpoint(public ed25519.PublicKey, head, signature []byte) error {
	if len(public) != ed25519.PublicKeySize || len(signature) != checkpointID+ed25519.SignatureSize ||
		!ed25519.Verify(public, checkpointMessage(head), signature[checkpointID:]) {
		return fmt.Errorf("vault: %w", ErrCheckpoint)
	}
	return nil
}

func checkpointMessage(head []byte) []byte { return append([]byte(signedAs), head...) }

// signer derives the signing key, so that the bytes in the keyring are never a
// signing key themselves.
func (g *key) signer() (ed25519.PrivateKey, error) {
	seed, err := hkdf.Key(sha256.New, g.secret[:], nil, "doorstep checkpoint ed25519", ed25519.SeedSize)
	if err != nil {
		return nil, fmt.Errorf("vault: checkpoint key %s: %w", g.id, err)
	}
	return ed25519.NewKeyFromSeed(seed), nil
}
