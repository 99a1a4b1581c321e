package policy

import (
	"slices"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// Deletion is what becomes of the application in the end. It is judged while the object lives; at the farewell only Purge is,
// and where that is denied the application is deleted softly.
type Deletion struct {
	Path   string
	Policy v1alpha1.DeletionPolicy
}

// String is the deletion policy.
func (d Deletion) String() string { return quote(string(d.Policy)) }

func (d Deletion) where() string   { return d.Path }
func (d Deletion) names() []string { return nil }

func (d Deletion) allowedBy(rule *v1alpha1.PolicyRule) bool {
	return rule.Delete != nil && slices.Contains(rule.Delete.Policies, d.Policy)
}

func (d Deletion) deniedBy(rule *v1alpha1.PolicyRule) bool { return d.allowedBy(rule) }

func (d Deletion) remedy() (v1alpha1.PolicyRule, bool) {
	return v1alpha1.PolicyRule{Delete: &v1alpha1.DeleteRule{Policies: []v1alpha1.DeletionPolicy{d.Policy}}}, true
}
