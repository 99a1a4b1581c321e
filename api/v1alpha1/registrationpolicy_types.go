package v1alpha1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// RegistrationPolicySpec says what namespaces may ask for beyond the baseline, and what they may not.
type RegistrationPolicySpec struct {
	// namespaces that it is about. The denies of a policy with all: true hold everywhere.
	// +required
	Namespaces NamespaceSelection `json:"namespaces"`
	// tenants that it is about, by the name of their EntraTenant. Absent: every tenant.
	// +listType=set
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=63
	Tenants []string `json:"tenants,omitempty"`
	// enforcement says whether the policy counts: Enforce (where absent) allows and denies; Audit does neither, and reports what it would
	// have denied.
	Enforcement Enforcement `json:"enforcement,omitempty"`
	// baseline says whether the selected namespaces keep what is allowed without a policy: Keep (where absent) leaves it to them, None takes
	// it away, so that only rules allow anything.
	Baseline BaselineUse `json:"baseline,omitempty"`
	// onTightening says what to do about what exists and is allowed no longer: Report (where absent) keeps it working and says so in the
	// object's conditions, Revoke takes it away. Permissions that are as good as Global Administrator are always taken away.
	OnTightening Tightening `json:"onTightening,omitempty"`
	// require names what objects must say: justification, of the kinds that give permissions (AppRoleAssignment, DelegatedPermissionGrant).
	// +listType=set
	// +kubebuilder:validation:MaxItems=8
	Require []Requirement `json:"require,omitempty"`
	// allow rules, one of which must allow all of what is asked for: two that each allow a part do not add up.
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=200
	Allow []PolicyRule `json:"allow,omitempty"`
	// deny rules win over every allow, of this policy and of others, and over the baseline.
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=200
	Deny []PolicyRule `json:"deny,omitempty"`
}

// Enforcement says whether a policy counts.
// +kubebuilder:validation:Enum=Enforce;Audit
type Enforcement string

// The enforcements. Audit is a shadow: it neither allows nor denies, and tells what it would have denied.
const (
	EnforcementEnforce Enforcement = "Enforce"
	EnforcementAudit   Enforcement = "Audit"
)

// BaselineUse says whether the baseline holds in the selected namespaces.
// +kubebuilder:validation:Enum=Keep;None
type BaselineUse string

// The uses of the baseline.
const (
	BaselineKeep BaselineUse = "Keep"
	BaselineNone BaselineUse = "None"
)

// Tightening says what to do about what exists and is allowed no longer.
// +kubebuilder:validation:Enum=Report;Revoke
type Tightening string

// The ways to tighten.
const (
	TighteningReport Tightening = "Report"
	TighteningRevoke Tightening = "Revoke"
)

// Requirement is a field that objects must set.
// +kubebuilder:validation:Enum=justification
type Requirement string

// RequireJustification is about the kinds that give permissions: AppRoleAssignment and DelegatedPermissionGrant.
const RequireJustification Requirement = "justification"

// RegistrationPolicyStatus is what the policy does.
type RegistrationPolicyStatus struct {
	CommonStatus `json:",inline"`
	// namespaces that it selects, at most the first hundred by name.
	// +listType=set
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MaxLength=63
	Namespaces []string `json:"namespaces,omitempty"`
	// selected is how many namespaces it selects.
	Selected int32 `json:"selected,omitempty"`
	// denied is how many objects ask for something that it, enforced, denies now.
	Denied int32 `json:"denied,omitempty"`
	// wouldDeny is how many objects ask for something that it would deny, were it enforced.
	WouldDeny int32 `json:"wouldDeny,omitempty"`
}

// RegistrationPolicy says what namespaces may ask of Entra.
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:scope=Cluster,shortName=regpolicy,categories=entra
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Enforcement",type=string,JSONPath=`.spec.enforcement`
// +kubebuilder:printcolumn:name="Namespaces",type=integer,JSONPath=`.status.selected`
// +kubebuilder:printcolumn:name="Denied",type=integer,JSONPath=`.status.denied`
// +kubebuilder:printcolumn:name="Would Deny",type=integer,JSONPath=`.status.wouldDeny`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:printcolumn:name="Status",type=string,priority=1,JSONPath=`.status.conditions[?(@.type=="Ready")].message`
// +kubebuilder:validation:XValidation:rule="self.metadata.name.matches('^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$')",message="metadata.name must be a DNS label of at most 63 characters"
type RegistrationPolicy struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	// +required
	Spec RegistrationPolicySpec `json:"spec"`
	// +kubebuilder:default={"observedGeneration":-1}
	Status RegistrationPolicyStatus `json:"status,omitempty"`
}

// RegistrationPolicyList is a list of policies.
// +kubebuilder:object:root=true
type RegistrationPolicyList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []RegistrationPolicy `json:"items"`
}

// Common gives the engine the status part that it writes.
func (p *RegistrationPolicy) Common() *CommonStatus { return &p.Status.CommonStatus }

// Suspended is false: a policy always counts.
func (p *RegistrationPolicy) Suspended() bool { return false }
