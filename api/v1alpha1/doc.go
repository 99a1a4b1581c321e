// Package v1alpha1 holds the kinds of the API group entra-registrar.dev: what a user writes about an Entra application and what
// the operator answers.
//
// Fields are optional unless they are marked required.
//
// +kubebuilder:validation:Optional
// +kubebuilder:object:generate=true
// +groupName=entra-registrar.dev
package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// GroupVersion is the group and version of every kind in this package.
var GroupVersion = schema.GroupVersion{Group: "entra-registrar.dev", Version: "v1alpha1"}

// SchemeGroupVersion is GroupVersion under the name that code generators look for.
var SchemeGroupVersion = GroupVersion

// AddToScheme teaches a scheme the kinds of this package.
func AddToScheme(s *runtime.Scheme) error {
	s.AddKnownTypes(GroupVersion,
		&EntraTenant{}, &EntraTenantList{},
		&AppRegistration{}, &AppRegistrationList{},
		&FederatedCredential{}, &FederatedCredentialList{},
		&AppRoleAssignment{}, &AppRoleAssignmentList{},
		&DelegatedPermissionGrant{}, &DelegatedPermissionGrantList{},
		&RegistrationPolicy{}, &RegistrationPolicyList{},
	)
	metav1.AddToGroupVersion(s, GroupVersion)
	return nil
}
