package webapp

import (
	"crypto/rand"
	"sync"
)

// store keeps values under random keys, which cookies carry.
type store[T any] struct {
	mu     sync.Mutex
	values map[string]T
}

func newStore[T any]() *store[T] { return &store[T]{values: map[string]T{}} }

func (s *store[T]) put(value T) (key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key = rand.Text()
	s.values[key] = value
	return key
}

func (s *store[T]) get(key string) (T, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	value, ok := s.values[key]
	return value, ok
}

// take is get, once.
func (s *store[T]) take(key string) (T, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	value, ok := s.values[key]
	delete(s.values, key)
	return value, ok
}
