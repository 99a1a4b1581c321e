package delegatedpermissiongrant

import (
	"sync"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// turns let one object at a time write to a grant, and look at who else names what in it before that. Whoever names a scope says so in
// status first, and then takes a turn to see that it is there: so it is either spared by one who takes it away, or found missing.
type turns struct{ locks sync.Map }

// take waits for the turn, and gives the function that ends it.
func (t *turns) take(key entra.GrantKey) (end func()) {
	lock, _ := t.locks.LoadOrStore(key, new(sync.Mutex))
	turn := lock.(*sync.Mutex)
	turn.Lock()
	return turn.Unlock
}
