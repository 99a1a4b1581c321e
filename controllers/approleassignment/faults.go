package approleassignment

import (
	"fmt"
	"slices"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

// fault is why a role cannot be given to the principal, with the field that asks and the way out; empty where it can. Hopeless : its
// owner is nobody of this cluster, and it will not change.
func (w World) fault(a request) (text string, hopeless bool) {
	if a.ID == entra.DefaultAccess {
		return w.defaultFault(a)
	}
	role, known := w.API.AppRole(a.Value)
	fault := ""
	switch elsewhere := w.API.Managed != nil && !w.API.Own; {
	case elsewhere && (!a.lets || !known):
		fault = fmt.Sprintf("has no role %+q, or its allowedConsumers does not let namespace %q give it to a principal of kind %s; %s",
			a.Value, w.Namespace.Name, w.Principal.Kind, reference.Nearest(a.Value, w.API.AppRoles))
	case !known:
		fault = fmt.Sprintf("has no role %+q; %s", a.Value, reference.Nearest(a.Value, w.API.AppRoles))
	case a.given:
		return "", false
	case !role.Enabled:
		fault = fmt.Sprintf("has a role %+q, but it is disabled: enable it there", a.Value)
	case !w.fits(role):
		fault, hopeless = w.misfit(a.Value, role)
	default:
		return "", false
	}
	return fmt.Sprintf("%s: %s %s", a.path, w.API.Title, fault), hopeless
}

// defaultFault : Entra takes the default access only of an API that has no role for such a principal, and an owner in another
// namespace cannot list it.
func (w World) defaultFault(a request) (string, bool) {
	switch fitting := w.fitting(); {
	case !a.lets:
		return fmt.Sprintf("%s: %s can be used from other namespaces only by the roles that its allowedConsumers lists", a.path, w.API.Title), false
	case len(fitting) > 0 && !a.given:
		return fmt.Sprintf("%s: %s has roles that a principal of kind %s can be given: name one in spec.roles; %s",
			a.path, w.API.Title, w.Principal.Kind, reference.Nearest("", fitting)), false
	default:
		return "", false
	}
}

func (w World) misfit(value string, role reference.Permission) (fault string, hopeless bool) {
	whose, member := "users", v1alpha1.MemberApplication
	if w.member() {
		whose, member = "applications", v1alpha1.MemberUser
	}
	fault = fmt.Sprintf("has a role %+q, but it is for %s only", value, whose)
	if !role.Users && !role.Applications {
		fault = fmt.Sprintf("has a role %+q, but it is for nobody", value)
	}
	if w.API.Managed == nil {
		return fmt.Sprintf("%s, and the principal is of kind %s; for such ones %s",
			fault, w.Principal.Kind, reference.Nearest(value, w.fitting())), true
	}
	return fmt.Sprintf("%s: add %s to its allowedMemberTypes", fault, member), false
}

// member tells whether the principal is a user or a group of users.
func (w World) member() bool {
	return w.Principal.Kind == v1alpha1.PrincipalUser || w.Principal.Kind == v1alpha1.PrincipalGroup
}

func (w World) fits(role reference.Permission) bool {
	if w.member() {
		return role.Users
	}
	return role.Applications
}

// fitting are the roles that the principal can be given.
func (w World) fitting() []reference.Permission {
	return slices.DeleteFunc(slices.Clone(w.API.AppRoles), func(role reference.Permission) bool { return !role.Enabled || !w.fits(role) })
}
