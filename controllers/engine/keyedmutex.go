package engine

import (
	"strings"

	"k8s.io/utils/keymutex"
)

// KeyedMutex lets one object at a time change a thing that several share, and look at who else names it before that. Whoever names it says
// so in status first, and then locks it to see that it is there: so it is either spared by one who takes it away, or found missing.
type KeyedMutex struct{ keys keymutex.KeyMutex }

// NewKeyedMutex has nothing locked.
func NewKeyedMutex() *KeyedMutex { return &KeyedMutex{keys: keymutex.NewHashed(0)} }

// Lock waits for the thing that the IDs stand for, and gives the function that unlocks it. Nobody locks one thing within another: things
// may share a lock.
func (m *KeyedMutex) Lock(ids ...string) (unlock func()) {
	key := strings.Join(ids, "/")
	m.keys.LockKey(key)
	return func() { _ = m.keys.UnlockKey(key) }
}
