package policy

import (
	"maps"
	"slices"
	"sync"

	"k8s.io/apimachinery/pkg/types"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// VerdictCache remembers the last verdict on each object, so that a change of policies needs no look at Entra to tell whom it touches. It
// is in memory. A nil one remembers nothing.
type VerdictCache struct {
	lock  sync.Mutex
	kinds map[string]map[types.NamespacedName]Verdict
}

// NewVerdictCache is empty.
func NewVerdictCache() *VerdictCache {
	return &VerdictCache{kinds: map[string]map[types.NamespacedName]Verdict{}}
}

// Note remembers a Verdict.
func (c *VerdictCache) Note(kind string, object types.NamespacedName, verdict any) {
	said, is := verdict.(Verdict)
	if !is {
		return
	}
	c.lock.Lock()
	defer c.lock.Unlock()
	if c.kinds[kind] == nil {
		c.kinds[kind] = map[types.NamespacedName]Verdict{}
	}
	c.kinds[kind][object] = said
}

// Forget an object that is gone.
func (c *VerdictCache) Forget(kind string, object types.NamespacedName) {
	c.lock.Lock()
	defer c.lock.Unlock()
	delete(c.kinds[kind], object)
}

// Changed are those of the live objects of a kind that have to be looked at again under these policies: their verdict is another now,
// or they are not known here.
func (c *VerdictCache) Changed(kind string, live []types.NamespacedName, policies []v1alpha1.RegistrationPolicy) []types.NamespacedName {
	if c == nil {
		return slices.Clone(live)
	}
	known := c.verdicts(kind)
	all := list(policies)
	var changed []types.NamespacedName
	for _, object := range live {
		before, is := known[object]
		if !is || !before.saidBy(before.gate.judge(&before.review, all)) {
			changed = append(changed, object)
		}
	}
	return changed
}

func (c *VerdictCache) verdicts(kind string) map[types.NamespacedName]Verdict {
	c.lock.Lock()
	defer c.lock.Unlock()
	return maps.Clone(c.kinds[kind])
}

// Counts are how many objects ask for, or hold, something that the policy denies, and something that it would deny, were it enforced.
func (c *VerdictCache) Counts(policy string) (denied, wouldDeny int) {
	if c == nil {
		return 0, 0
	}
	c.lock.Lock()
	defer c.lock.Unlock()
	for _, objects := range c.kinds {
		for _, verdict := range objects {
			if verdict.deniedBy(policy) {
				denied++
			}
			if slices.ContainsFunc(verdict.Shadow, func(d Denial) bool { return slices.Contains(d.By, policy) }) {
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
