package policy

import (
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// policyList is all policies, sorted by name, their selectors parsed. A cache lists them in any order, and a verdict must not move with it.
type policyList []listed

type listed struct {
	policy *v1alpha1.RegistrationPolicy
	// selector of namespaces by label; nil where the policy has none.
	selector labels.Selector
	// unreadable : nobody can tell whom it selects.
	unreadable bool
}

func list(policies []v1alpha1.RegistrationPolicy) policyList {
	all := make(policyList, len(policies))
	for i := range policies {
		all[i].policy = &policies[i]
		if selection := policies[i].Spec.Namespaces; selection.Selector != nil && !selection.All {
			selector, err := metav1.LabelSelectorAsSelector(selection.Selector)
			all[i].selector, all[i].unreadable = selector, err != nil
		}
	}
	slices.SortFunc(all, func(a, b listed) int { return strings.Compare(a.policy.Name, b.policy.Name) })
	return all
}

// selects reports whether the policy's allows count for the ask, and whether its denies do. Where nobody can tell, only the latter.
func (l listed) selects(review *Review) (allows, denies bool) {
	spec := &l.policy.Spec
	if len(spec.Tenants) > 0 && !slices.Contains(spec.Tenants, review.Tenant) {
		return false, false
	}
	if l.unreadable {
		return false, true
	}
	selected := spec.Namespaces.All
	if l.selector != nil {
		selected = !l.selector.Empty() && l.selector.Matches(labels.Set(review.Labels))
	} else if !selected {
		selected = slices.Contains(spec.Namespaces.Names, review.Namespace)
	}
	return selected, selected
}
