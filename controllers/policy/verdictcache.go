package policy

import (
	"maps"
	"slices"
	"sync"

	"k8s.io/apimachinery/pkg/types"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// VerdictCache remembers the latest verdict on each object, so that a change of policies shows whom it touches without a look at Entra. It
// is in memory only. A nil one remembers nothing.
type VerdictCache struct {
	lock sync.Mutex
	// verdicts by kind and object.
	verdicts map[string]map[types.NamespacedName]Verdict
}

// NewVerdictCache is empty.
func NewVerdictCache() *VerdictCache {
	return &VerdictCache{verdicts: map[string]map[types.NamespacedName]Verdict{}}
}

// Note remembers a Verdict.
func (c *VerdictCache) Note(kind string, object types.NamespacedName, verdict any) {
	latest, is := verdict.(Verdict)
	if !is {
		return
	}
	c.lock.Lock()
	defer c.lock.Unlock()
	if c.verdicts[kind] == nil {
		c.verdicts[kind] = map[types.NamespacedName]Verdict{}
	}
	c.verdicts[kind][object] = latest
}

// Forget an object that is gone.
func (c *VerdictCache) Forget(kind string, object types.NamespacedName) {
	c.lock.Lock()
	defer c.lock.Unlock()
	delete(c.verdicts[kind], object)
}

// Changed are those of the live objects of a kind that have to be looked at again under these policies: their verdict is another now,
// or is not known here.
func (c *VerdictCache) Changed(kind string, live []types.NamespacedName, policies []v1alpha1.RegistrationPolicy) []types.NamespacedName {
	if c == nil {
		return slices.Clone(live)
	}
	c.lock.Lock()
	known := maps.Clone(c.verdicts[kind])
	c.lock.Unlock()
	parsed := parsePolicies(policies)
	var changed []types.NamespacedName
	for _, object := range live {
		verdict, is := known[object]
		if !is || !verdict.sameAs(verdict.gate.evaluate(&verdict.review, parsed)) {
			changed = append(changed, object)
		}
	}
	return changed
}

// Counts are how many objects ask for, or hold, something that the policy denies, and something that it would deny, were it enforced.
func (c *VerdictCache) Counts(policy string) (denied, wouldDeny int) {
	if c == nil {
		return 0, 0
	}
	byPolicy := func(d Denial) bool { return slices.Contains(d.By, policy) }
	c.lock.Lock()
	defer c.lock.Unlock()
	for _, objects := range c.verdicts {
		for _, verdict := range objects {
			if slices.ContainsFunc(verdict.Denied, byPolicy) ||
				slices.ContainsFunc(verdict.Excess, func(e Excess) bool { return byPolicy(e.Denial) }) {
				denied++
			}
			if slices.ContainsFunc(verdict.WouldDeny, byPolicy) {
				wouldDeny++
			}
		}
	}
	return denied, wouldDeny
}
