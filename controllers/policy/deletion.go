package policy

import (
	"slices"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// Deletion asks what shall become of the application when its object is deleted. It is asked while the object lives; once the object is
// being deleted only Purge is, and where that is denied the application goes to Entra's deleted items.
type Deletion struct {
	Path   string
	Policy v1alpha1.DeletionPolicy
}

// String is the deletion policy.
func (d Deletion) String() string { return quote(string(d.Policy)) }

func (d Deletion) path() string         { return d.Path }
func (d Deletion) identities() []string { return nil }

func (d Deletion) allowedBy(rule *v1alpha1.PolicyRule) bool {
	return rule.Delete != nil && slices.Contains(rule.Delete.Policies, d.Policy)
}

func (d Deletion) deniedBy(rule *v1alpha1.PolicyRule) bool { return d.allowedBy(rule) }

func (d Deletion) narrowestRule() (v1alpha1.PolicyRule, bool) {
	return v1alpha1.PolicyRule{Delete: &v1alpha1.DeleteRule{Policies: []v1alpha1.DeletionPolicy{d.Policy}}}, true
}
