package webapp

import (
	"crypto/rand"
	"sync"
)

// memory keeps values under secrets that it makes up.
type memory[T any] struct {
	mu   sync.Mutex
	held map[string]T
}

func newMemory[T any]() *memory[T] { return &memory[T]{held: map[string]T{}} }

func (m *memory[T]) put(value T) (secret string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	secret = rand.Text()
	m.held[secret] = value
	return secret
}

func (m *memory[T]) get(secret string) (T, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	value, ok := m.held[secret]
	return value, ok
}

// take is get for the last time.
func (m *memory[T]) take(secret string) (T, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	value, ok := m.held[secret]
	delete(m.held, secret)
	return value, ok
}
