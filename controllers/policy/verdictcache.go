package policy

import (
	"slices"
	"sync"

	"k8s.io/apimachinery/pkg/types"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// VerdictCache remembers the latest verdict on each object, so that a change of policies shows whom it touches without a look at Entra. It
// is in memory only. A nil one remembers nothing.
type VerdictCache struct{ verdicts sync.Map }

// verdictKey is the kind and the object that a verdict in the cache is on.
type verdictKey struct {
	kind   string
	object types.NamespacedName
}

// NewVerdictCache is empty.
func NewVerdictCache() *VerdictCache { return &VerdictCache{} }

// Note remembers a Verdict.
func (c *VerdictCache) Note(kind string, object types.NamespacedName, verdict any) {
	if noted, is := verdict.(Verdict); is {
		c.verdicts.Store(verdictKey{kind, object}, noted)
	}
}

// Forget an object that is gone.
func (c *VerdictCache) Forget(kind string, object types.NamespacedName) {
	c.verdicts.Delete(verdictKey{kind, object})
}

// Changed are those of the live objects of a kind that have to be looked at again under these policies: their verdict is another now,
// or is not known here.
func (c *VerdictCache) Changed(kind string, live []types.NamespacedName, policies []v1alpha1.RegistrationPolicy) []types.NamespacedName {
	if c == nil {
		return slices.Clone(live)
	}
	parsed := parsePolicies(policies)
	var changed []types.NamespacedName
	for _, object := range live {
		known, _ := c.verdicts.Load(verdictKey{kind, object})
		if verdict, is := known.(Verdict); !is || !verdict.sameAs(verdict.gate.evaluate(&verdict.review, parsed)) {
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
	for _, known := range c.verdicts.Range {
		verdict := known.(Verdict)
		if slices.ContainsFunc(verdict.Denied, byPolicy) ||
			slices.ContainsFunc(verdict.Excess, func(e Excess) bool { return byPolicy(e.Denial) }) {
			denied++
		}
		if slices.ContainsFunc(verdict.WouldDeny, byPolicy) {
			wouldDeny++
		}
	}
	return denied, wouldDeny
}
