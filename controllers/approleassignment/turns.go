package approleassignment

import "sync"

// pair is a principal and an API, by their object IDs.
type pair struct{ principal, api string }

// turns let one object at a time give roles of an API to a principal, take them away, and look at who else names them before that.
// Whoever names a role says so in status first, and then takes a turn to see that it is there: so it is either spared by one who
// takes it away, or found missing.
type turns struct{ locks sync.Map }

// take waits for the turn, and gives the function that ends it.
func (t *turns) take(key pair) (end func()) {
	lock, _ := t.locks.LoadOrStore(key, new(sync.Mutex))
	turn := lock.(*sync.Mutex)
	turn.Lock()
	return turn.Unlock
}
