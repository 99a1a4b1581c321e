package policy

import (
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// parsedPolicy is a policy with its selector read.
type parsedPolicy struct {
	policy *v1alpha1.RegistrationPolicy
	// selector of namespaces by label; nil where the policy has none.
	selector labels.Selector
	// invalid is true where the selector cannot be read.
	invalid bool
}

// parsePolicies also sorts them by name: a cache lists them in any order, and a verdict must not depend on it.
func parsePolicies(policies []v1alpha1.RegistrationPolicy) []parsedPolicy {
	all := make([]parsedPolicy, len(policies))
	for i := range policies {
		all[i].policy = &policies[i]
		if selection := policies[i].Spec.Namespaces; selection.Selector != nil && !selection.All {
			selector, err := metav1.LabelSelectorAsSelector(selection.Selector)
			all[i].selector, all[i].invalid = selector, err != nil
		}
	}
	slices.SortFunc(all, func(a, b parsedPolicy) int { return strings.Compare(a.policy.Name, b.policy.Name) })
	return all
}

// selects reports whether the policy's allows count for the review, and whether its denies do. With a selector that cannot be read, only
// the denies do.
func (p parsedPolicy) selects(review *Review) (allows, denies bool) {
	spec := &p.policy.Spec
	if len(spec.Tenants) > 0 && !slices.Contains(spec.Tenants, review.Tenant) {
		return false, false
	}
	if p.invalid {
		return false, true
	}
	selected := spec.Namespaces.All
	if p.selector != nil {
		selected = !p.selector.Empty() && p.selector.Matches(labels.Set(review.Labels))
	} else if !selected {
		selected = slices.Contains(spec.Namespaces.Names, review.Namespace)
	}
	return selected, selected
}
