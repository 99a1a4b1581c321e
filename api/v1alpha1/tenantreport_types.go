package v1alpha1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// TenantReportSpec asks for a report about a tenant.
type TenantReportSpec struct {
	// tenantRef names the EntraTenant; the one marked default where absent.
	TenantRef *TenantReference `json:"tenantRef,omitempty"`
	// suspend pauses reconciliation; deletion still proceeds.
	Suspend bool `json:"suspend,omitempty"`
}

// TenantReportStatus is what the tenant says about itself.
type TenantReportStatus struct {
	CommonStatus  `json:",inline"`
	TenantBinding `json:",inline"`
	// displayName of the tenant.
	// +kubebuilder:validation:MaxLength=256
	DisplayName string `json:"displayName,omitempty"`
}

// TenantReport is a toy kind that binds to a tenant.
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:shortName=treport,categories=entra
type TenantReport struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	// +required
	Spec TenantReportSpec `json:"spec"`
	// +kubebuilder:default={"observedGeneration":-1}
	Status TenantReportStatus `json:"status,omitempty"`
}

// TenantReportList is a list of tenant reports.
// +kubebuilder:object:root=true
type TenantReportList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []TenantReport `json:"items"`
}

// Common gives the engine the status part that it writes.
func (r *TenantReport) Common() *CommonStatus { return &r.Status.CommonStatus }

// Suspended reports whether reconciliation is paused.
func (r *TenantReport) Suspended() bool { return r.Spec.Suspend }

// Binding is the tenant that the object is bound to.
func (r *TenantReport) Binding() TenantBinding { return r.Status.TenantBinding }
