package engine

import (
	"strings"
	"sync"

	"k8s.io/utils/keymutex"
)

// Turns let one object at a time change a thing that several share, and look at who else names it before that. Whoever names it says
// so in status first, and then takes a turn to see that it is there: so it is either spared by one who takes it away, or found
// missing. The zero value is ready; it must not be copied.
type Turns struct {
	once sync.Once
	keys keymutex.KeyMutex
}

// Take waits for the turn of the thing that the IDs stand for, and gives the function that ends it. Nobody takes a turn within one:
// things may share a lock.
func (t *Turns) Take(ids ...string) (end func()) {
	t.once.Do(func() { t.keys = keymutex.NewHashed(0) })
	key := strings.Join(ids, "/")
	t.keys.LockKey(key)
	return func() { _ = t.keys.UnlockKey(key) }
}
