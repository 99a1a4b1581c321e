package reference

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
	"k8s.io/apimachinery/pkg/types"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

// API is an API that a spec names, with what it exposes.
type API struct {
	// Title is how messages call it: AppRegistration "orders", MicrosoftGraph, or its application ID.
	Title string
	AppID string
	// ObjectID of its service principal; only a hint for a managed one, until Confirm has seen the principal itself.
	ObjectID string
	// DisplayName that people know it by.
	DisplayName string
	// TenantName is the EntraTenant of the AppRegistration that describes it; empty where none does.
	TenantName string
	// Managed is the AppRegistration of this cluster that describes it, also where the spec gives its appID; nil where none does.
	Managed *types.NamespacedName
	// Own is true where it is described in the asking object's own namespace.
	Own bool
	// Foreign is true where it is registered in another tenant, Microsoft's own among them.
	Foreign bool
	// Consumers are those of its allowedConsumers that select the asking object's namespace.
	Consumers        []v1alpha1.AllowedConsumer
	Scopes, AppRoles []Permission
	// Deleting is true while its AppRegistration is being deleted. What is bound to it stays; nothing new is.
	Deleting bool
	// Disabled is true where others have disabled it; nothing new is bound to it either.
	Disabled bool
}

// Permission is a scope or an app role of an API.
type Permission struct {
	Value, ID string
	Enabled   bool
	// Users and Applications may be given an app role.
	Users, Applications bool
}

// Label is how steps call it: without the kind, and without the asking object's own namespace.
func (a API) Label() string {
	switch {
	case a.Managed == nil:
		return a.Title
	case a.Own:
		return a.Managed.Name
	default:
		return a.Managed.String()
	}
}

// Scope finds a scope by value.
func (a API) Scope(value string) (Permission, bool) { return find(a.Scopes, value) }

// AppRole finds an app role by value.
func (a API) AppRole(value string) (Permission, bool) { return find(a.AppRoles, value) }

func find(permissions []Permission, value string) (Permission, bool) {
	at := slices.IndexFunc(permissions, func(p Permission) bool { return p.Value == value })
	if at < 0 {
		return Permission{}, false
	}
	return permissions[at], true
}

// LetsAppRole reports whether the owner of the API lets this namespace give a role to a kind of principal.
func (a API) LetsAppRole(value string, kind v1alpha1.PrincipalKind) bool {
	return a.unowned() || slices.ContainsFunc(a.Consumers, func(c v1alpha1.AllowedConsumer) bool {
		kinds := c.Principals
		if len(kinds) == 0 {
			kinds = []v1alpha1.PrincipalKind{v1alpha1.PrincipalAppRegistration}
		}
		return slices.Contains(c.AppRoles, value) && slices.Contains(kinds, kind)
	})
}

// LetsScope reports whether the owner of the API lets this namespace use a scope.
func (a API) LetsScope(value string) bool {
	return a.unowned() || slices.ContainsFunc(a.Consumers, func(c v1alpha1.AllowedConsumer) bool { return slices.Contains(c.Scopes, value) })
}

// unowned reports whether there is no owner in another namespace to ask.
func (a API) unowned() bool { return a.Managed == nil || a.Own }

// Judged is the API as the gate judges it, for a permission that its owner lets this namespace use, or does not.
func (a API) Judged(lets bool) policy.API {
	judged := policy.API{AppID: a.AppID, ObjectID: a.ObjectID, OwnNamespace: a.Own}
	if a.Managed != nil {
		judged.Namespace, judged.Name = a.Managed.Namespace, a.Managed.Name
		judged.AllowedConsumer = !a.Own && lets
	}
	return judged
}

// NotLet is what is said about an AppRegistration of another namespace that does not exist, or whose owner lets us use nothing of it:
// one message for both, so that nobody can probe.
func NotLet(api types.NamespacedName, namespace string) engine.Wait {
	return engine.Wait{Watched: true, What: fmt.Sprintf(
		"AppRegistration %q does not exist, or its allowedConsumers does not let namespace %q use what is asked for", api, namespace)}
}

// withheld is NotLet as the resolver's answer.
type withheld struct{ engine.Wait }

// Unwrap is the Wait that the engine looks for.
func (w withheld) Unwrap() error { return w.Wait }

// Withheld reports whether the resolver's answer is NotLet: what was given of the API before is to be taken away.
func Withheld(err error) bool {
	_, is := errors.AsType[withheld](err)
	return is
}

// Confirm gives a refusal where the service principal that Entra shows is not the API's: where it does not carry the marks of the
// AppRegistration whose status names it.
func (a API) Confirm(seen entra.ServicePrincipal, tenant binding.Tenant) *engine.Refusal {
	if a.Managed == nil {
		return nil
	}
	return confirm(*a.Managed, a.AppID, a.ObjectID, seen, tenant)
}

// serviceIdentity is the type of service principals that Microsoft makes for agents.
const serviceIdentity = "ServiceIdentity"

func confirm(owner types.NamespacedName, appID, objectID string, seen entra.ServicePrincipal, tenant binding.Tenant) *engine.Refusal {
	switch {
	case tenant.Operator.Include(appID, objectID, seen.AppID, seen.ObjectID):
		return engine.Refuse(v1alpha1.ReasonDenied,
			"AppRegistration %q names the operator's own service principal, which is never a principal, a client or an API", owner.Name)
	case appID != "" && appID != seen.AppID, seen.Type == serviceIdentity,
		seen.OwnerTenantID != "" && seen.OwnerTenantID != tenant.ID,
		!entra.Marked(seen.Tags, entra.TagObject, owner.String()),
		!entra.Marked(seen.Tags, entra.TagClusterUID, tenant.ClusterUIDs...):
		return engine.Refuse(v1alpha1.ReasonConflict,
			"service principal %s, which AppRegistration %q names, is not its own in Entra: it is of application %s and tagged %q",
			cmp.Or(objectID, seen.ObjectID), owner.Name, seen.AppID, entra.Marks(seen.Tags))
	default:
		return nil
	}
}

// most is how many names a message lists.
const most = 5

// Nearest says which values an API has that are spelled most like the one that it lacks: "it has Mail.Read, Mail.Send and 600 more".
func Nearest(value string, permissions []Permission) string {
	if len(permissions) == 0 {
		return "it has none"
	}
	values := make([]string, len(permissions))
	for i, p := range permissions {
		values[i] = p.Value
	}
	away := func(other string) int {
		return levenshtein.Distance(strings.ToLower(value), strings.ToLower(other), nil)
	}
	slices.SortFunc(values, func(a, b string) int { return cmp.Or(cmp.Compare(away(a), away(b)), strings.Compare(a, b)) })
	rest := ""
	if len(values) > most {
		rest = fmt.Sprintf(" and %d more", len(values)-most)
		values = values[:most]
	}
	for i, name := range values {
		values[i] = fmt.Sprintf("%+q", name)
	}
	return "it has " + strings.Join(values, ", ") + rest
}
