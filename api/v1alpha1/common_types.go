package v1alpha1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// CommonStatus is the part of status that every kind has. Only the engine writes it.
type CommonStatus struct {
	// observedGeneration is the generation of the spec that the conditions speak of; -1 until the first look.
	ObservedGeneration int64 `json:"observedGeneration,omitempty"`
	// lastHandledReconcileAt is the value of the annotation entra-registrar.dev/reconcile-requested-at that was last acted on.
	// +kubebuilder:validation:MaxLength=256
	LastHandledReconcileAt string `json:"lastHandledReconcileAt,omitempty"`
	// conditions are Ready, Synced and, while they are true, Reconciling or Stalled.
	// +listType=map
	// +listMapKey=type
	// +kubebuilder:validation:MaxItems=8
	Conditions []metav1.Condition `json:"conditions,omitempty"`
}

// TenantBinding pins an object to the tenant that it was first made in. Written before the first create and never changed.
type TenantBinding struct {
	// tenantName is the EntraTenant that this object is bound to.
	// +kubebuilder:validation:MaxLength=63
	TenantName string `json:"tenantName,omitempty"`
	// tenantID is that tenant's directory (tenant) ID.
	// +kubebuilder:validation:MaxLength=36
	TenantID string `json:"tenantID,omitempty"`
}

// TenantBound is an object of a kind that is bound to a tenant.
// +kubebuilder:object:generate=false
type TenantBound interface {
	metav1.Object
	// Binding is the tenant, as its status has it.
	Binding() TenantBinding
}

// LocalReference names an object of the same namespace.
type LocalReference struct {
	// name of the object.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Name string `json:"name"`
}

// TenantReference names an EntraTenant.
type TenantReference struct {
	// name of the EntraTenant.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Name string `json:"name"`
}

// NamedID is an exposed scope or app role with the ID it has in Entra.
type NamedID struct {
	// value is the scope's or role's name, as tokens carry it.
	// +required
	// +kubebuilder:validation:MaxLength=249
	Value string `json:"value"`
	// id is its GUID in Entra.
	// +required
	// +kubebuilder:validation:MaxLength=36
	ID string `json:"id"`
}

// Endpoints are the addresses of the tenant's token service, as its discovery document states them.
type Endpoints struct {
	// issuer of the tokens that this application's API receives.
	// +kubebuilder:validation:MaxLength=512
	Issuer string `json:"issuer,omitempty"`
	// authorization is where a user signs in.
	// +kubebuilder:validation:MaxLength=512
	Authorization string `json:"authorization,omitempty"`
	// token is where a workload gets tokens.
	// +kubebuilder:validation:MaxLength=512
	Token string `json:"token,omitempty"`
	// openIDConfiguration is the discovery document.
	// +kubebuilder:validation:MaxLength=512
	OpenIDConfiguration string `json:"openIDConfiguration,omitempty"`
	// jwks is where the signing keys are published.
	// +kubebuilder:validation:MaxLength=512
	JWKS string `json:"jwks,omitempty"`
}
