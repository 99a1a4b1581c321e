package appregistration

import (
	"cmp"
	"context"
	"fmt"

	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/ptr"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

// references looks for what the spec names. It never fails: what goes wrong is part of the world.
func (r *read) references(ctx context.Context) {
	resolver := reference.Resolver{Cache: r.Binder.Cache}
	r.world.apis, r.world.clients = map[string]found[reference.API]{}, map[string]found[reference.App]{}
	for i, entry := range r.obj.Spec.Permissions {
		wanted := reference.Wanted{Scopes: entry.Delegated, AppRoles: entry.Application}
		api, err := resolver.API(ctx, r.reader, r.world.Binding, entry.API, wanted, r.boundTo(ctx, entry.API))
		r.world.apis[permissionsPath(i)] = found[reference.API]{api, err}
	}
	for path, ref := range clientReferences(r.obj.Spec) {
		if ref.AppRegistrationRef != nil {
			name := types.NamespacedName{Namespace: r.obj.Namespace, Name: ref.AppRegistrationRef.Name}
			app, err := resolver.ServicePrincipal(ctx, name, "")
			r.world.clients[path] = found[reference.App]{app, err}
		}
	}
}

func permissionsPath(i int) string { return fmt.Sprintf("spec.permissions[%d]", i) }
func preAuthorizedPath(i int) string {
	return fmt.Sprintf("spec.api.preAuthorizedClients[%d].client", i)
}
func knownClientPath(i int) string { return fmt.Sprintf("spec.api.knownClients[%d]", i) }

// clientReferences are those of a spec, by path.
func clientReferences(spec v1alpha1.AppRegistrationSpec) map[string]v1alpha1.ClientReference {
	refs := map[string]v1alpha1.ClientReference{}
	api := ptr.Deref(spec.API, v1alpha1.API{})
	for i, entry := range api.PreAuthorizedClients {
		refs[preAuthorizedPath(i)] = entry.Client
	}
	for i, ref := range api.KnownClients {
		refs[knownClientPath(i)] = ref
	}
	return refs
}

// boundTo is the service principal of an API of the cluster of which the application declares permissions already: that its deletion
// begins does not unsettle us.
func (r *read) boundTo(ctx context.Context, ref v1alpha1.APIReference) string {
	if ref.AppRegistrationRef == nil {
		return ""
	}
	var api v1alpha1.AppRegistration
	name := types.NamespacedName{Namespace: cmp.Or(ref.AppRegistrationRef.Namespace, r.obj.Namespace), Name: ref.AppRegistrationRef.Name}
	if err := r.Binder.Cache.Get(ctx, name, &api); err != nil {
		return "" // whoever asks for the API itself tells what is wrong
	}
	for _, access := range r.world.application.Value.RequiredAccess {
		if access.ResourceAppID == api.Status.AppID {
			return api.Status.ServicePrincipalObjectID
		}
	}
	return ""
}
