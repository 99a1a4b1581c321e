// Package reference finds what a spec names: APIs with their permissions, and applications. Kinds share it, so that a name, a
// well-known name and a raw application ID lead to the same API, and are judged alike.
package reference

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// Resolver finds what a spec names. References between AppRegistrations never look at conditions, so that trouble does not spread.
type Resolver struct {
	// Cache of AppRegistrations, kept by watches.
	Cache client.Reader
}

// Wanted are the values that a spec asks of an API.
type Wanted struct{ Scopes, AppRoles []string }

// maxAge is how old what we know of an API may be where it lacks a value that somebody asks for.
const maxAge = time.Minute

// API finds an API. An AppRegistration is usable once its status carries the service principal's object ID; one of another namespace
// that lets us use nothing is answered as one that does not exist. Bound is the service principal that the asking object is bound
// to already: a deletion that begins does not end that. For an API that no AppRegistration describes the directory is asked, from a
// cache that all share, and again where it lacks a value that is wanted.
func (r Resolver) API(
	ctx context.Context, directory entra.Reader, in binding.Binding, ref v1alpha1.APIReference, wanted Wanted, bound string,
) (API, error) {
	if ref.AppRegistrationRef != nil {
		namespace := cmp.Or(ref.AppRegistrationRef.Namespace, in.Namespace.Name)
		return r.managed(ctx, in, types.NamespacedName{Namespace: namespace, Name: ref.AppRegistrationRef.Name}, bound)
	}
	appID, title := string(ref.AppID), string(ref.AppID)
	if ref.WellKnown != "" {
		appID, title = entra.WellKnown(string(ref.WellKnown)), string(ref.WellKnown)
	}
	owner, err := r.describing(ctx, in.Tenant.Name, appID)
	if err != nil {
		return API{}, err
	}
	if owner != nil {
		return r.managed(ctx, in, *owner, bound)
	}
	api, err := unmanaged(ctx, directory, in.Tenant.ID, appID, title, 0)
	if err == nil && lacks(api, wanted) {
		api, err = unmanaged(ctx, directory, in.Tenant.ID, appID, title, maxAge)
	}
	return api, err
}

// managed is the API of an AppRegistration of this cluster.
func (r Resolver) managed(ctx context.Context, in binding.Binding, name types.NamespacedName, bound string) (API, error) {
	own := name.Namespace == in.Namespace.Name
	registration, err := r.registration(ctx, name)
	if _, missing := errors.AsType[engine.Wait](err); missing && !own {
		return API{}, withheld{NotLet(name, in.Namespace.Name)}
	}
	if err != nil {
		return API{}, err
	}
	api := describe(registration, in.Namespace)
	switch {
	case !own && len(api.Consumers) == 0:
		return API{}, withheld{NotLet(name, in.Namespace.Name)}
	case api.ObjectID == "":
		return API{}, engine.Wait{What: fmt.Sprintf("%s has no service principal yet", api.Title), Watched: true}
	case api.Deleting && api.ObjectID != bound:
		return API{}, DeletingWait(name.Name)
	}
	return api, nil
}

// describing is the AppRegistration that describes an application of a tenant; nil where none does.
func (r Resolver) describing(ctx context.Context, tenant, appID string) (*types.NamespacedName, error) {
	if entra.WellKnownName(appID) != "" {
		return nil, nil //nolint:nilnil // nil is the answer: Microsoft's own are described by nobody
	}
	var all v1alpha1.AppRegistrationList
	if err := r.Cache.List(ctx, &all, client.UnsafeDisableDeepCopy); err != nil {
		return nil, fmt.Errorf("list AppRegistrations: %w", err)
	}
	at := slices.IndexFunc(all.Items, func(a v1alpha1.AppRegistration) bool {
		return a.Status.AppID == appID && a.Status.TenantName == tenant
	})
	if at < 0 {
		return nil, nil //nolint:nilnil // see above
	}
	return &types.NamespacedName{Namespace: all.Items[at].Namespace, Name: all.Items[at].Name}, nil
}

// unmanaged is an API that no AppRegistration describes.
func unmanaged(ctx context.Context, directory entra.Reader, tenantID, appID, title string, fresh time.Duration) (API, error) {
	principal, err := directory.APIByAppID(ctx, appID, fresh)
	switch {
	case errors.Is(err, entra.ErrNotFound):
		return API{}, engine.Wait{What: fmt.Sprintf(
			"API %s has no service principal in the tenant: an admin adds it with az ad sp create --id %s", title, appID)}
	case err != nil:
		return API{}, fmt.Errorf("read API %s: %w", title, err)
	}
	api := API{
		Title: title, AppID: appID, ObjectID: principal.ObjectID, DisplayName: principal.DisplayName, Disabled: principal.Disabled,
		Foreign: principal.OwnerTenantID != "" && principal.OwnerTenantID != tenantID,
	}
	for _, scope := range principal.Scopes {
		api.Scopes = append(api.Scopes, Permission{Value: scope.Value, ID: scope.ID, Enabled: scope.Enabled})
	}
	for _, role := range principal.AppRoles {
		api.AppRoles = append(api.AppRoles, Permission{
			Value: role.Value, ID: role.ID, Enabled: role.Enabled,
			Users:        slices.Contains(role.AllowedMemberTypes, string(v1alpha1.MemberUser)),
			Applications: slices.Contains(role.AllowedMemberTypes, string(v1alpha1.MemberApplication)),
		})
	}
	return api, nil
}

func lacks(api API, wanted Wanted) bool {
	return slices.ContainsFunc(wanted.Scopes, func(value string) bool { _, has := api.Scope(value); return !has }) ||
		slices.ContainsFunc(wanted.AppRoles, func(value string) bool { _, has := api.AppRole(value); return !has })
}
