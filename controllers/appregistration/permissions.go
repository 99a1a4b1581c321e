package appregistration

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/types"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

// permission of an API that the spec declares, and that was found.
type permission struct {
	// path of the field that names it, as in spec.permissions[0].delegated[1].
	path  string
	kind  v1alpha1.PermissionType
	value string
	id    string
	api   reference.API
}

// apiName is how people know an API.
func apiName(api reference.API) string { return cmp.Or(api.DisplayName, api.Title) }

// declares tells whether an application declares a permission already.
func declares(app entra.Application, apiID string, kind v1alpha1.PermissionType, id string) bool {
	return slices.ContainsFunc(app.RequiredAccess, func(access entra.RequiredAccess) bool {
		ids := access.Scopes
		if kind == v1alpha1.PermissionApplication {
			ids = access.AppRoles
		}
		return strings.EqualFold(access.ResourceAppID, apiID) && slices.ContainsFunc(ids, func(have string) bool { return strings.EqualFold(have, id) })
	})
}

// declared finds the permissions of one entry of the spec.
func (l *look) declared(ctx context.Context, path string, entry v1alpha1.Permissions) {
	api, err := l.api(ctx, entry)
	if err != nil {
		l.world.references.miss(path+".api", err)
		return
	}
	list, fresh := l.found(path, entry, api)
	if !fresh || api.Managed == nil || l.ours(ctx, path+".api", api.AppID, api.Confirm) {
		l.world.references.add(list)
	}
}

func (l *look) api(ctx context.Context, entry v1alpha1.Permissions) (reference.API, error) {
	wanted := reference.Wanted{Scopes: entry.Delegated, AppRoles: entry.Application}
	api, err := l.resolver().API(ctx, l.reader, l.world.Basis, entry.API, wanted, l.boundTo(ctx, entry.API))
	if err == nil && api.TenantName != "" && api.TenantName != l.world.Tenant.Name {
		err = elsewhereBound(api.Title, api.TenantName, l.world.Tenant.Name)
	}
	return api, err
}

// found are those that the API has. Fresh : one of them at least is not declared yet.
func (l *look) found(path string, entry v1alpha1.Permissions, api reference.API) (list []permission, fresh bool) {
	for _, field := range fieldsOf(entry, api) {
		for i, value := range field.values {
			at := fmt.Sprintf("%s.%s[%d]", path, field.name, i)
			p, isNew, err := l.find(field, value, api)
			if err != nil {
				l.world.references.miss(at, err)
				continue
			}
			p.path = at
			list, fresh = append(list, p), fresh || isNew
		}
	}
	return list, fresh
}

// add keeps the first of those that mean the same.
func (r *references) add(list []permission) {
	for _, p := range list {
		if !slices.ContainsFunc(r.permissions, func(q permission) bool {
			return q.id == p.id && q.kind == p.kind && q.api.AppID == p.api.AppID
		}) {
			r.permissions = append(r.permissions, p)
		}
	}
}

// field of an entry, with what the API has for it.
type field struct {
	name   string
	kind   v1alpha1.PermissionType
	values []string
	has    []reference.Permission
	lets   func(value string) bool
}

func fieldsOf(entry v1alpha1.Permissions, api reference.API) []field {
	return []field{
		{"delegated", v1alpha1.PermissionDelegated, entry.Delegated, api.Scopes, api.LetsScope},
		{"application", v1alpha1.PermissionApplication, entry.Application, api.AppRoles, func(value string) bool {
			return api.LetsAppRole(value, v1alpha1.PrincipalAppRegistration)
		}},
	}
}

// offers tells whether a permission is one for us to declare.
func (f field) offers(p reference.Permission) bool {
	return f.lets(p.Value) && (f.kind == v1alpha1.PermissionDelegated || p.Applications)
}

// find finds one permission. What is declared already stays, also where the API offers it to nobody new any longer. A permission that
// the API's owner does not let us have is answered as one that does not exist.
func (l *look) find(f field, value string, api reference.API) (found permission, fresh bool, err error) {
	at := slices.IndexFunc(f.has, func(p reference.Permission) bool { return p.Value == value })
	if at < 0 || !f.lets(value) {
		return found, false, f.lacks(value, api)
	}
	p := f.has[at]
	found = permission{kind: f.kind, value: value, id: p.ID, api: api}
	switch {
	case declares(l.world.application.Value, api.AppID, f.kind, p.ID):
		return found, false, nil
	case !f.offers(p):
		return found, false, f.lacks(value, api)
	case api.Disabled:
		return found, false, f.wait(api, "%s was disabled in Entra: nothing new is bound to it", apiTitle(api))
	case !p.Enabled:
		return found, false, f.wait(api, "%s has disabled its %s permission %+q", apiTitle(api), strings.ToLower(string(f.kind)), value)
	}
	return found, true, nil
}

func (f field) lacks(value string, api reference.API) error {
	offered := slices.DeleteFunc(slices.Clone(f.has), func(p reference.Permission) bool { return !p.Enabled || !f.offers(p) })
	return f.wait(api, "%s has no %s permission %+q; %s", apiTitle(api), strings.ToLower(string(f.kind)), value, reference.Nearest(value, offered))
}

// wait is for an API of the cluster, which is watched, or for one that only Entra knows.
func (f field) wait(api reference.API, text string, args ...any) error {
	return engine.Wait{What: fmt.Sprintf(text, args...), Watched: api.Managed != nil}
}

// apiTitle is how messages call an API: one of this cluster by its AppRegistration.
func apiTitle(api reference.API) string {
	if api.Managed != nil {
		return api.Title
	}
	return apiName(api)
}

// boundTo is the service principal of an API of the cluster of which the application declares permissions already: that its deletion
// begins does not unsettle us.
func (l *look) boundTo(ctx context.Context, ref v1alpha1.APIReference) string {
	if ref.AppRegistrationRef == nil {
		return ""
	}
	var api v1alpha1.AppRegistration
	name := types.NamespacedName{Namespace: cmp.Or(ref.AppRegistrationRef.Namespace, l.obj.Namespace), Name: ref.AppRegistrationRef.Name}
	if err := l.Binder.Cache.Get(ctx, name, &api); err != nil {
		return "" // whoever asks for the API itself tells what is wrong
	}
	for _, access := range l.world.application.Value.RequiredAccess {
		if access.ResourceAppID == api.Status.AppID {
			return api.Status.ServicePrincipalObjectID
		}
	}
	return ""
}
