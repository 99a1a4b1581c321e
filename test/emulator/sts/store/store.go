// Package store keeps what the token service has handed out: codes, refresh tokens, sessions.
package store

import (
	"crypto/rand"
	"sync"
)

// Store keeps values by the secret that was handed out for each. It is safe for concurrent use.
type Store[T any] struct {
	prefix string

	mu     sync.Mutex
	values map[string]T
}

// New makes a store whose secrets start with prefix.
func New[T any](prefix string) *Store[T] {
	return &Store[T]{prefix: prefix, values: map[string]T{}}
}

// Put keeps a value and gives the secret for it.
func (s *Store[T]) Put(value T) string {
	secret := s.prefix + rand.Text()
	s.Set(secret, value)
	return secret
}

// Set keeps a value under a secret that the caller has chosen.
func (s *Store[T]) Set(secret string, value T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.values[secret] = value
}

// Get is the value behind a secret.
func (s *Store[T]) Get(secret string) (T, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	value, ok := s.values[secret]
	return value, ok
}

// Update reads and replaces a value in one step, and gives what it was before.
func (s *Store[T]) Update(secret string, change func(T) T) (before T, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before, ok = s.values[secret]
	if ok {
		s.values[secret] = change(before)
	}
	return before, ok
}
