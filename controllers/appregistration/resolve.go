package appregistration

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/appregistration/application"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

// resolution is what the spec names, as far as it can be used, and why the rest cannot.
type resolution struct {
	application.References
	// missing is what cannot be used yet, with the path of the field that names it.
	missing []engine.Wait
	// err is why something could not be looked for.
	err error
	// refusal says that what a status names is somebody else's, or the operator's own.
	refusal *engine.Refusal
	// unobserved are looks at the service principals of this cluster that Entra must show before anything new is bound to them: a status
	// is a hint and no evidence.
	unobserved []engine.Step[World]
}

// resolve the references of a spec in a world.
func resolve(obj *v1alpha1.AppRegistration, world World) resolution {
	r := resolution{}
	for i, entry := range obj.Spec.Permissions {
		r.permissions(world, permissionsPath(i), entry)
	}
	if api := obj.Spec.API; api != nil {
		app := world.application.Value
		for i, entry := range api.PreAuthorizedClients {
			trusts := func(appID string) bool {
				return slices.ContainsFunc(app.PreAuthorized, func(p entra.PreAuthorized) bool { return p.AppID == appID })
			}
			if id := r.client(world, preAuthorizedPath(i), entry.Client, trusts); id != "" {
				r.Trusted = append(r.Trusted, application.Client{Index: i, AppID: id, Scopes: entry.Scopes})
			}
		}
		for i, ref := range api.KnownClients {
			knows := func(appID string) bool { return slices.Contains(app.KnownClients, appID) }
			if id := r.client(world, knownClientPath(i), ref, knows); id != "" {
				r.Known = append(r.Known, application.Client{Index: i, AppID: id})
			}
		}
	}
	r.Incomplete = len(r.missing) > 0 || r.err != nil
	return r
}

// api that an entry names, unless it is of another directory.
func (w World) api(path string) (reference.API, error) {
	api, err := w.apis[path].value, w.apis[path].err
	if err == nil && api.TenantName != "" && api.TenantName != w.Tenant.Name {
		err = otherTenant(api.Title, api.TenantName, w.Tenant.Name)
	}
	return api, err
}

// permissions of one entry of the spec.
func (r *resolution) permissions(world World, path string, entry v1alpha1.Permissions) {
	api, err := world.api(path)
	if err != nil {
		r.miss(path+".api", err)
		return
	}
	var list []application.Permission
	added := false
	for _, l := range listsOf(entry, api) {
		for i, value := range l.values {
			at := fmt.Sprintf("%s.%s[%d]", path, l.field, i)
			p, isNew, err := l.find(world.application.Value, value, api)
			if err != nil {
				r.miss(at, err)
				continue
			}
			p.Path = at
			list, added = append(list, p), added || isNew
		}
	}
	if !added || api.Managed == nil || r.confirmed(world, path+".api", api.AppID, api.Confirm) {
		r.add(list)
	}
}

// add keeps the first of those that mean the same.
func (r *resolution) add(list []application.Permission) {
	for _, p := range list {
		same := func(q application.Permission) bool {
			return q.ID == p.ID && q.Type == p.Type && q.API.AppID == p.API.AppID
		}
		if !slices.ContainsFunc(r.Permissions, same) {
			r.Permissions = append(r.Permissions, p)
		}
	}
}

// client is the client ID of an application; empty where it is missing, or not to be used. Named reports whether the application names
// that client already.
func (r *resolution) client(world World, path string, ref v1alpha1.ClientReference, named func(appID string) bool) (appID string) {
	if ref.AppRegistrationRef == nil {
		return string(ref.AppID)
	}
	app, err := world.clients[path].value, world.clients[path].err
	if err == nil && app.TenantName != world.Tenant.Name {
		err = otherTenant(fmt.Sprintf("AppRegistration %q", app.Name), app.TenantName, world.Tenant.Name)
	}
	if err != nil {
		r.miss(path, err)
		return ""
	}
	if !named(app.AppID) && !r.confirmed(world, path, app.AppID, app.Confirm) {
		return ""
	}
	return app.AppID
}

// confirmed reports whether Entra shows that an application of the cluster is what its AppRegistration says.
func (r *resolution) confirmed(world World, path, appID string, confirm func(entra.ServicePrincipal, binding.Tenant) *engine.Refusal) bool {
	observed, looked := world.observed[appID]
	switch {
	case !looked:
		if observe := (observeServicePrincipal{appID}); !slices.Contains(r.unobserved, engine.Step[World](observe)) {
			r.unobserved = append(r.unobserved, observe)
		}
		return false
	case observed.err != nil:
		r.miss(path, fmt.Errorf("look whose service principal it is: %w", observed.err))
		return false
	}
	refusal := confirm(observed.value, world.Tenant)
	if refusal != nil && r.refusal == nil {
		r.refusal = &engine.Refusal{Reason: refusal.Reason, Message: path + ": " + refusal.Message}
	}
	return refusal == nil
}

// miss notes why something was not found: by whom it is waited for, or what went wrong.
func (r *resolution) miss(path string, err error) {
	wait, is := errors.AsType[engine.Wait](err)
	switch {
	case is:
		wait.What = path + ": " + wait.What
		r.missing = append(r.missing, wait)
	case r.err == nil:
		r.err = fmt.Errorf("look for what the spec names: %s: %w", path, err)
	}
}

// wait names all that is missing, and what else is to be said. A watch wakes us only where all of it is watched.
func (r *resolution) wait(also ...string) *engine.Wait {
	wait := &engine.Wait{Watched: true}
	var messages []string
	for _, missing := range r.missing {
		if !slices.Contains(messages, missing.What) {
			messages = append(messages, missing.What)
		}
		wait.Watched = wait.Watched && missing.Watched
	}
	wait.What = engine.JoinMessages(append(messages, also...)...)
	return wait
}

// permissionList is a list of an entry, with what the API has for it.
type permissionList struct {
	field  string
	kind   v1alpha1.PermissionType
	values []string
	has    []reference.Permission
	lets   func(value string) bool
}

func listsOf(entry v1alpha1.Permissions, api reference.API) []permissionList {
	return []permissionList{
		{"delegated", v1alpha1.PermissionDelegated, entry.Delegated, api.Scopes, api.LetsScope},
		{"application", v1alpha1.PermissionApplication, entry.Application, api.AppRoles, func(value string) bool {
			return api.LetsAppRole(value, v1alpha1.PrincipalAppRegistration)
		}},
	}
}

// offers reports whether a permission is one for us to declare.
func (l permissionList) offers(p reference.Permission) bool {
	return l.lets(p.Value) && (l.kind == v1alpha1.PermissionDelegated || p.Applications)
}

// find finds one permission. What is declared already stays, also where the API offers it to nobody new any longer. A permission that
// the API's owner does not let us have is answered as one that does not exist.
func (l permissionList) find(app entra.Application, value string, api reference.API) (found application.Permission, isNew bool, err error) {
	at := slices.IndexFunc(l.has, func(p reference.Permission) bool { return p.Value == value })
	if at < 0 || !l.lets(value) {
		return found, false, l.lacks(value, api)
	}
	p := l.has[at]
	found = application.Permission{Type: l.kind, Value: value, ID: p.ID, API: api}
	switch {
	case application.Declares(app, api.AppID, l.kind, p.ID):
		return found, false, nil
	case !l.offers(p):
		return found, false, l.lacks(value, api)
	case api.Disabled:
		return found, false, waitFor(api, "%s was disabled in Entra: nothing new is bound to it", apiTitle(api))
	case !p.Enabled:
		return found, false, waitFor(api, "%s has disabled its %s permission %+q", apiTitle(api), strings.ToLower(string(l.kind)), value)
	}
	return found, true, nil
}

func (l permissionList) lacks(value string, api reference.API) error {
	offered := slices.DeleteFunc(slices.Clone(l.has), func(p reference.Permission) bool { return !p.Enabled || !l.offers(p) })
	return waitFor(api, "%s has no %s permission %+q; %s", apiTitle(api), strings.ToLower(string(l.kind)), value, reference.Nearest(value, offered))
}

// waitFor an API of the cluster, which is watched, or for one that only Entra knows.
func waitFor(api reference.API, text string, args ...any) error {
	return engine.Wait{What: fmt.Sprintf(text, args...), Watched: api.Managed != nil}
}

// otherTenant is said about an AppRegistration of another directory.
func otherTenant(title, tenant, own string) engine.Wait {
	return engine.Wait{Watched: true, What: fmt.Sprintf("%s is bound to EntraTenant %q, this object to %q", title, tenant, own)}
}

// apiName is how people know an API.
func apiName(api reference.API) string { return cmp.Or(api.DisplayName, api.Title) }

// apiTitle is how messages call an API: one of this cluster by its AppRegistration.
func apiTitle(api reference.API) string {
	if api.Managed != nil {
		return api.Title
	}
	return apiName(api)
}
