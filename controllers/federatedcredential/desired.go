package federatedcredential

import (
	"cmp"
	"strings"

	"k8s.io/utils/ptr"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// credentialName in Entra. Within its application it is the key, and it cannot change.
func credentialName(obj *v1alpha1.FederatedCredential) string { return "k8s-" + obj.Name }

// desired is the credential that obj asks for, with the field of the spec that names its subject. Its issuer is empty where the
// cluster's own is asked for and not known.
func (k *Kind) desired(obj *v1alpha1.FederatedCredential, tenant binding.Tenant) (want entra.FederatedCredential, path string) {
	want = entra.FederatedCredential{
		Name: credentialName(obj), Description: obj.Spec.Description,
		Audience: cmp.Or(obj.Spec.Audience, tenant.FederationAudience),
	}
	switch spec := obj.Spec; {
	case spec.ServiceAccount != nil:
		path, want.Issuer = "spec.serviceAccount", k.Issuer
		want.Subject = "system:serviceaccount:" + accountNamespace(obj) + ":" + spec.ServiceAccount.Name
	case spec.GitHub != nil:
		path, want.Issuer, want.Subject = "spec.github", gitHubIssuer, gitHubSubject(spec.GitHub)
	case spec.ManagedIdentity != nil: // its tokens are the tenant's own
		path, want.Issuer, want.Subject = "spec.managedIdentity", tenant.Endpoints.Issuer, string(spec.ManagedIdentity.ObjectID)
	case spec.OIDC != nil:
		path, want.Issuer, want.Subject = "spec.oidc", spec.OIDC.Issuer, spec.OIDC.Subject
	}
	return want, path
}

func accountNamespace(obj *v1alpha1.FederatedCredential) string {
	return cmp.Or(obj.Spec.ServiceAccount.Namespace, obj.Namespace)
}

// ownAccount is the ServiceAccount that obj names in its own namespace; empty where it names none.
func ownAccount(obj *v1alpha1.FederatedCredential) string {
	if obj.Spec.ServiceAccount == nil || accountNamespace(obj) != obj.Namespace {
		return ""
	}
	return obj.Spec.ServiceAccount.Name
}

// accountToAnnotate is the ServiceAccount that is to carry our annotations; empty where none is.
func accountToAnnotate(obj *v1alpha1.FederatedCredential) string {
	if !ptr.Deref(obj.Spec.AnnotateServiceAccount, true) {
		return ""
	}
	return ownAccount(obj)
}

// gitHubIssuer signs the tokens of GitHub Actions on github.com. Another GitHub has an issuer of its own: oidc takes it.
const gitHubIssuer = "https://token.actions.githubusercontent.com"

// gitHubSubject is the subject of a workflow's tokens, as GitHub's OpenID Connect reference has it: the repository, then what the job
// runs for. With both numbers the repository has the immutable form, owner@number/name@number. A colon in a value becomes %3A, and
// nothing else is escaped.
func gitHubSubject(g *v1alpha1.GitHubSubject) string {
	owner, repository := g.Organization, g.Repository
	if g.OrganizationID != "" && g.RepositoryID != "" {
		owner, repository = owner+"@"+g.OrganizationID, repository+"@"+g.RepositoryID
	}
	subject := "repo:" + owner + "/" + repository
	switch {
	case g.Environment != "":
		return subject + ":environment:" + escape(g.Environment)
	case g.Branch != "":
		return subject + ":ref:refs/heads/" + escape(g.Branch)
	case g.Tag != "":
		return subject + ":ref:refs/tags/" + escape(g.Tag)
	default:
		return subject + ":pull_request"
	}
}

func escape(value string) string { return strings.ReplaceAll(value, ":", "%3A") }
