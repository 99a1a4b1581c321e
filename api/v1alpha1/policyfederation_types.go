package v1alpha1

// FederateRule is about trust in issuers: exactly one of its members.
// +kubebuilder:validation:XValidation:rule="[has(self.serviceAccounts), has(self.github), has(self.oidc), has(self.managedIdentity)].filter(x, x).size() == 1",message="give exactly one of serviceAccounts, github, oidc and managedIdentity"
type FederateRule struct {
	// serviceAccounts of this cluster, with the cloud's audience.
	ServiceAccounts *ServiceAccountsRule `json:"serviceAccounts,omitempty"`
	// github is about workflows of GitHub Actions, with the cloud's audience.
	GitHub *GitHubRule `json:"github,omitempty"`
	// oidc is about any issuer, this cluster's and GitHub's among them.
	OIDC *OIDCRule `json:"oidc,omitempty"`
	// managedIdentity is about managed identities of the tenant, with the cloud's audience.
	ManagedIdentity *ManagedIdentityRule `json:"managedIdentity,omitempty"`
}

// ServiceAccountsRule is about ServiceAccounts of this cluster.
type ServiceAccountsRule struct {
	// namespaces of the ServiceAccounts, exact or with *; the asking object's own where absent.
	// +listType=set
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=63
	Namespaces []string `json:"namespaces,omitempty"`
}

// GitHubRule is about workflows of GitHub repositories.
// +kubebuilder:validation:XValidation:rule="has(self.environments) || has(self.branches) || has(self.tags) || has(self.pullRequests)",message="name environments, branches, tags or pullRequests"
type GitHubRule struct {
	// organization, exactly.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=39
	Organization string `json:"organization"`
	// repositories, exact or with *.
	// +required
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=100
	Repositories []string `json:"repositories"`
	// environments, exact or with *.
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=255
	Environments []string `json:"environments,omitempty"`
	// branches, exact or with *.
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=255
	Branches []string `json:"branches,omitempty"`
	// tags, exact or with *.
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=255
	Tags []string `json:"tags,omitempty"`
	// pullRequests of the repositories.
	PullRequests bool `json:"pullRequests,omitempty"`
}

// OIDCRule is about any issuer.
type OIDCRule struct {
	// issuer, exactly.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=600
	Issuer string `json:"issuer"`
	// subjects, exact, or with * for part of what is between two of : and /.
	// +required
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=600
	Subjects []string `json:"subjects"`
	// audiences, exactly; the cloud's where absent.
	// +listType=set
	// +kubebuilder:validation:MaxItems=20
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=600
	Audiences []string `json:"audiences,omitempty"`
}

// ManagedIdentityRule is about managed identities.
type ManagedIdentityRule struct {
	// objectIDs of their service principals, exactly.
	// +required
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=100
	ObjectIDs []GUID `json:"objectIDs"`
}
