package v1alpha1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// FederatedCredentialSpec says whose tokens Entra accepts in place of a credential of an application.
// +kubebuilder:validation:XValidation:rule="[has(self.serviceAccount), has(self.github), has(self.managedIdentity), has(self.oidc)].filter(x, x).size() == 1",message="give exactly one of serviceAccount, github, managedIdentity and oidc"
type FederatedCredentialSpec struct {
	// appRegistrationRef is the application that the tokens stand for.
	// +required
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="appRegistrationRef is immutable: create another FederatedCredential"
	AppRegistrationRef LocalReference `json:"appRegistrationRef"`
	// serviceAccount trusts the tokens of a ServiceAccount of this cluster.
	ServiceAccount *ServiceAccountSubject `json:"serviceAccount,omitempty"`
	// github trusts the tokens of GitHub Actions. Only where policy allows it.
	GitHub *GitHubSubject `json:"github,omitempty"`
	// managedIdentity trusts the tokens of a user-assigned managed identity of the same tenant. Only where policy allows it.
	ManagedIdentity *DirectoryObjectReference `json:"managedIdentity,omitempty"`
	// oidc trusts the tokens of any issuer. Only where policy allows it.
	OIDC *OIDCSubject `json:"oidc,omitempty"`
	// audience that the tokens must carry; the cloud's own where absent, api://AzureADTokenExchange in the public one.
	// +kubebuilder:validation:MaxLength=600
	Audience string `json:"audience,omitempty"`
	// annotateServiceAccount puts azure.workload.identity/client-id and /tenant-id on the ServiceAccount; true where absent.
	AnnotateServiceAccount *bool `json:"annotateServiceAccount,omitempty"`
	// description that people see in the portal.
	// +kubebuilder:validation:MaxLength=600
	Description string `json:"description,omitempty"`
	// suspend pauses reconciliation; deletion still proceeds.
	Suspend bool `json:"suspend,omitempty"`
}

// ServiceAccountSubject is a ServiceAccount of this cluster.
type ServiceAccountSubject struct {
	// name of the ServiceAccount.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	// +kubebuilder:validation:Pattern=`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$`
	Name string `json:"name"`
	// namespace of the ServiceAccount; this object's own where absent. Another only where policy allows it.
	// +kubebuilder:validation:MaxLength=63
	// +kubebuilder:validation:Pattern=`^[a-z0-9]([a-z0-9-]*[a-z0-9])?$`
	Namespace string `json:"namespace,omitempty"`
}

// GitHubSubject is a workflow of a GitHub repository: exactly one of environment, branch, tag and pullRequest.
// +kubebuilder:validation:XValidation:rule="[has(self.environment), has(self.branch), has(self.tag), has(self.pullRequest)].filter(x, x).size() == 1",message="give exactly one of environment, branch, tag and pullRequest"
// +kubebuilder:validation:XValidation:rule="has(self.organizationID) == has(self.repositoryID)",message="give both organizationID and repositoryID, for the immutable form of the subject, or neither"
type GitHubSubject struct {
	// organization, or user, that owns the repository. GitHub and Entra mind its case.
	// +required
	// +kubebuilder:validation:MaxLength=39
	// +kubebuilder:validation:Pattern=`^[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?$`
	Organization string `json:"organization"`
	// repository without its organization.
	// +required
	// +kubebuilder:validation:MaxLength=100
	// +kubebuilder:validation:Pattern=`^[A-Za-z0-9._-]+$`
	Repository string `json:"repository"`
	// organizationID is the owner's number, which nobody gets again after a rename: with repositoryID it makes the immutable form
	// of the subject, which GitHub uses for repositories that are set to it.
	// +kubebuilder:validation:MaxLength=20
	// +kubebuilder:validation:Pattern=`^[1-9][0-9]*$`
	OrganizationID string `json:"organizationID,omitempty"`
	// repositoryID is the repository's number.
	// +kubebuilder:validation:MaxLength=20
	// +kubebuilder:validation:Pattern=`^[1-9][0-9]*$`
	RepositoryID string `json:"repositoryID,omitempty"`
	// environment that the job names.
	// +kubebuilder:validation:MaxLength=255
	// +kubebuilder:validation:Pattern=`^[^*?\s]+$`
	Environment string `json:"environment,omitempty"`
	// branch that the workflow runs on.
	// +kubebuilder:validation:MaxLength=255
	// +kubebuilder:validation:Pattern=`^[^*?\s]+$`
	Branch string `json:"branch,omitempty"`
	// tag that the workflow runs on.
	// +kubebuilder:validation:MaxLength=255
	// +kubebuilder:validation:Pattern=`^[^*?\s]+$`
	Tag string `json:"tag,omitempty"`
	// pullRequest is any workflow that a pull request starts: anybody who can open one, where the repository lets forks run.
	// +kubebuilder:validation:XValidation:rule="self",message="pullRequest must be true where it is given"
	PullRequest bool `json:"pullRequest,omitempty"`
}

// OIDCSubject is a subject of an OpenID Connect issuer.
type OIDCSubject struct {
	// issuer as its tokens carry it in iss; compared exactly, trailing slash included.
	// +required
	// +kubebuilder:validation:MaxLength=600
	// +kubebuilder:validation:Pattern=`^https://[^\s?#]+$`
	Issuer string `json:"issuer"`
	// subject as its tokens carry it in sub; compared exactly.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=600
	// +kubebuilder:validation:XValidation:rule="!self.contains('*')",message="Entra compares the subject exactly: it takes no wildcard"
	Subject string `json:"subject"`
}

// FederatedCredentialStatus is what the operator made.
type FederatedCredentialStatus struct {
	CommonStatus  `json:",inline"`
	TenantBinding `json:",inline"`
	// applicationObjectID is the application that the credential is on.
	// +kubebuilder:validation:MaxLength=36
	ApplicationObjectID string `json:"applicationObjectID,omitempty"`
	// applicationUniqueName is that application's name in Entra, checked before anything is taken away from it.
	// +kubebuilder:validation:MaxLength=129
	ApplicationUniqueName string `json:"applicationUniqueName,omitempty"`
	// credentialName is the credential's name in Entra.
	// +kubebuilder:validation:MaxLength=120
	CredentialName string `json:"credentialName,omitempty"`
	// issuer that is trusted.
	// +kubebuilder:validation:MaxLength=600
	Issuer string `json:"issuer,omitempty"`
	// subject that is trusted.
	// +kubebuilder:validation:MaxLength=600
	Subject string `json:"subject,omitempty"`
	// audience that is asked for.
	// +kubebuilder:validation:MaxLength=600
	Audience string `json:"audience,omitempty"`
	// annotatedServiceAccount is the ServiceAccount of this namespace that carries our annotations.
	// +kubebuilder:validation:MaxLength=253
	AnnotatedServiceAccount string `json:"annotatedServiceAccount,omitempty"`
}

// FederatedCredential lets tokens of another issuer stand for an application.
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:shortName=fedcred,categories=entra
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="App Registration",type=string,JSONPath=`.spec.appRegistrationRef.name`
// +kubebuilder:printcolumn:name="Subject",type=string,JSONPath=`.status.subject`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:printcolumn:name="Status",type=string,priority=1,JSONPath=`.status.conditions[?(@.type=="Ready")].message`
// +kubebuilder:validation:XValidation:rule="self.metadata.name.matches('^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$')",message="metadata.name must be a DNS label of at most 63 characters: it becomes part of the name in Entra"
type FederatedCredential struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	// +required
	Spec FederatedCredentialSpec `json:"spec"`
	// +kubebuilder:default={"observedGeneration":-1}
	Status FederatedCredentialStatus `json:"status,omitempty"`
}

// FederatedCredentialList is a list of federated credentials.
// +kubebuilder:object:root=true
type FederatedCredentialList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []FederatedCredential `json:"items"`
}

// Common gives the engine the status part that it writes.
func (f *FederatedCredential) Common() *CommonStatus { return &f.Status.CommonStatus }

// Binding is the tenant that the object is bound to.
func (f *FederatedCredential) Binding() TenantBinding { return f.Status.TenantBinding }

// Suspended reports whether the object is to be left alone.
func (f *FederatedCredential) Suspended() bool { return f.Spec.Suspend }
