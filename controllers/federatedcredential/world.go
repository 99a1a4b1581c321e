package federatedcredential

import (
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

// World is what a FederatedCredential's decisions rest on.
type World struct {
	binding.Binding
	// App is the application as its AppRegistration tells; only a hint until Trust confirms it.
	App reference.App
	// Trust is the application in Entra with its federated credentials.
	Trust entra.Observed[entra.Trust]
	// Deleted is true where we deleted the credential a moment ago.
	Deleted bool
	// Others are the other FederatedCredentials on the same AppRegistration. They are the cache's own: nobody may change them.
	Others []v1alpha1.FederatedCredential
	// ObservedIdentity is the managed identity that is to be trusted; nil until a decision asks for it.
	ObservedIdentity *entra.Observed[entra.ServicePrincipal]
	// Account is the ServiceAccount to annotate; nil where there is none.
	Account *Account
	// FormerAccounts are ServiceAccounts that carry our annotations and must not any more.
	FormerAccounts []Account
}

// ownsApplication reports whether Entra itself says that this is the AppRegistration's application, made by this cluster.
func (w World) ownsApplication(obj *v1alpha1.FederatedCredential) bool {
	tags := w.Trust.Value.Tags
	return w.Trust.IsPresent() && w.Trust.Value.UniqueName == w.App.UniqueName &&
		entra.Marked(tags, entra.TagObject, obj.Namespace+"/"+obj.Spec.AppRegistrationRef.Name) &&
		entra.Marked(tags, entra.TagClusterUID, w.Tenant.ClusterUIDs...)
}

// credential finds a credential of the application; no two names in Entra differ by case alone.
func (w World) credential(name string) (entra.FederatedCredential, bool) {
	return w.find(func(c entra.FederatedCredential) bool { return strings.EqualFold(c.Name, name) })
}

func (w World) find(is func(entra.FederatedCredential) bool) (entra.FederatedCredential, bool) {
	at := slices.IndexFunc(w.Trust.Value.Credentials, is)
	if at < 0 {
		return entra.FederatedCredential{}, false
	}
	return w.Trust.Value.Credentials[at], true
}

// put folds a credential that was written.
func (w *World) put(written entra.FederatedCredential) {
	w.drop(written.Name)
	w.Trust.Value.Credentials = append(w.Trust.Value.Credentials, written)
}

// drop folds a credential that was deleted. It makes a new list: worlds may share the old one.
func (w *World) drop(name string) {
	w.Trust.Value.Credentials = slices.DeleteFunc(slices.Clone(w.Trust.Value.Credentials),
		func(c entra.FederatedCredential) bool { return strings.EqualFold(c.Name, name) })
}
