package federatedcredential

import (
	"cmp"

	"k8s.io/utils/ptr"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// credentialName in Entra. Within its application it is the key, and it cannot change.
func credentialName(obj *v1alpha1.FederatedCredential) string { return "k8s-" + obj.Name }

// desired is the credential that obj asks for. Its issuer is empty where the cluster's own is asked for and not known.
func (k *Kind) desired(obj *v1alpha1.FederatedCredential, tenant binding.Tenant) entra.FederatedCredential {
	want := entra.FederatedCredential{
		Name: credentialName(obj), Description: obj.Spec.Description,
		Audience: cmp.Or(obj.Spec.Audience, tenant.FederationAudience),
	}
	switch {
	case obj.Spec.ServiceAccount != nil:
		want.Issuer = k.Issuer
		want.Subject = "system:serviceaccount:" + accountNamespace(obj) + ":" + obj.Spec.ServiceAccount.Name
	case obj.Spec.GitHub != nil:
		want.Issuer, want.Subject = gitHubIssuer, gitHubSubject(obj.Spec.GitHub)
	case obj.Spec.ManagedIdentity != nil: // its tokens are the tenant's own
		want.Issuer, want.Subject = tenant.Endpoints.Issuer, string(obj.Spec.ManagedIdentity.ObjectID)
	case obj.Spec.OIDC != nil:
		want.Issuer, want.Subject = obj.Spec.OIDC.Issuer, obj.Spec.OIDC.Subject
	}
	return want
}

// subjectPath is the field of the spec that names the subject.
func subjectPath(obj *v1alpha1.FederatedCredential) string {
	switch {
	case obj.Spec.ServiceAccount != nil:
		return "spec.serviceAccount"
	case obj.Spec.GitHub != nil:
		return "spec.github"
	case obj.Spec.ManagedIdentity != nil:
		return "spec.managedIdentity"
	default:
		return "spec.oidc"
	}
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
