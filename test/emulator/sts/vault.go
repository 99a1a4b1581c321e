package sts

import (
	"crypto/rand"
	"sync"
)

// vault keeps what a secret that was handed out stands for: codes, refresh tokens, sessions.
type vault[T any] struct {
	mu    sync.Mutex
	held  map[string]T
	named string // starts every secret
}

func newVault[T any](named string) *vault[T] {
	return &vault[T]{held: map[string]T{}, named: named}
}

// put keeps a value and gives the secret for it.
func (v *vault[T]) put(value T) string {
	secret := v.named + rand.Text()
	v.set(secret, value)
	return secret
}

// set keeps a value under a secret that the caller has chosen.
func (v *vault[T]) set(secret string, value T) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.held[secret] = value
}

// get is the value behind a secret.
func (v *vault[T]) get(secret string) (T, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	value, ok := v.held[secret]
	return value, ok
}

// change looks at a value and replaces it in one step.
func (v *vault[T]) change(secret string, to func(T) T) (before T, ok bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	before, ok = v.held[secret]
	if ok {
		v.held[secret] = to(before)
	}
	return before, ok
}
