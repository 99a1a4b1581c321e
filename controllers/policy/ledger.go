package policy

import (
	"reflect"
	"slices"
	"sync"

	"k8s.io/apimachinery/pkg/types"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// Ledger remembers the last ask of each object, and the verdict on it, so that a change of policies needs no look at Entra to tell
// whom it touches. It is in memory; copies of a Gate share it. A nil one remembers nothing.
type Ledger struct {
	lock  sync.Mutex
	notes map[string]map[types.NamespacedName]note // by kind
}

type note struct {
	gate    Gate
	ask     Ask
	verdict Verdict
}

// NewLedger is empty.
func NewLedger() *Ledger { return &Ledger{notes: map[string]map[types.NamespacedName]note{}} }

func (l *Ledger) note(gate Gate, ask Ask, verdict Verdict) {
	if l == nil || ask.Name == "" {
		return
	}
	ask.Policies = nil
	verdict.Excess = slices.Clone(verdict.Excess) // a kind may spare what another object of it still names
	l.lock.Lock()
	defer l.lock.Unlock()
	if l.notes[ask.Kind] == nil {
		l.notes[ask.Kind] = map[types.NamespacedName]note{}
	}
	l.notes[ask.Kind][types.NamespacedName{Namespace: ask.Namespace, Name: ask.Name}] = note{gate, ask, verdict}
}

// Moved are those of the live objects of a kind that have to be looked at again under these policies: their verdict is another now,
// or they are not known here. It forgets objects that are not live.
func (l *Ledger) Moved(kind string, live []types.NamespacedName, policies []v1alpha1.RegistrationPolicy) []types.NamespacedName {
	if l == nil {
		return slices.Clone(live)
	}
	known := l.keep(kind, live)
	all := list(policies)
	var moved []types.NamespacedName
	for _, object := range live {
		noted, is := known[object]
		if !is || !reflect.DeepEqual(noted.gate.judge(noted.ask, all), noted.verdict) {
			moved = append(moved, object)
		}
	}
	return moved
}

// keep forgets what is not live, and gives a copy of what is.
func (l *Ledger) keep(kind string, live []types.NamespacedName) map[types.NamespacedName]note {
	kept := make(map[types.NamespacedName]note, len(live))
	l.lock.Lock()
	defer l.lock.Unlock()
	for _, object := range live {
		if noted, is := l.notes[kind][object]; is {
			kept[object] = noted
		}
	}
	forgotten := len(l.notes[kind]) - len(kept)
	if forgotten > 0 {
		for object := range l.notes[kind] {
			if _, is := kept[object]; !is {
				delete(l.notes[kind], object)
			}
		}
	}
	return kept
}

// Counts are how many objects ask for, or hold, something that the policy denies, and something that it would deny, were it enforced.
func (l *Ledger) Counts(policy string) (denied, wouldDeny int) {
	if l == nil {
		return 0, 0
	}
	l.lock.Lock()
	defer l.lock.Unlock()
	for _, objects := range l.notes {
		for _, noted := range objects {
			if noted.verdict.deniedBy(policy) {
				denied++
			}
			if slices.ContainsFunc(noted.verdict.Shadow, func(d Denial) bool { return slices.Contains(d.By, policy) }) {
				wouldDeny++
			}
		}
	}
	return denied, wouldDeny
}

func (v Verdict) deniedBy(policy string) bool {
	return slices.ContainsFunc(v.Denied, func(d Denial) bool { return slices.Contains(d.By, policy) }) ||
		slices.ContainsFunc(v.Excess, func(e Excess) bool { return slices.Contains(e.By, policy) })
}
