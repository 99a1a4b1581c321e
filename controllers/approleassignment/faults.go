package approleassignment

import (
	"fmt"
	"slices"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/permission"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

// fault is why a role cannot be given to the principal, with the field that asks and the way out; empty where it can. It is hopeless where
// the API's owner is nobody of this cluster, and will not change it.
func (w World) fault(e permission.Entry) (text string, hopeless bool) {
	if e.ID == entra.DefaultAccess {
		return w.defaultFault(e)
	}
	role, known := w.API.AppRole(e.Value)
	fault := ""
	switch others := w.API.Managed != nil && !w.API.Own; {
	case others && (!e.Let || !known):
		fault = fmt.Sprintf("has no role %+q, or its allowedConsumers does not let namespace %q give it to a principal of kind %s; %s",
			e.Value, w.Namespace.Name, w.Principal.Kind, reference.Nearest(e.Value, w.API.AppRoles))
	case !known:
		fault = fmt.Sprintf("has no role %+q; %s", e.Value, reference.Nearest(e.Value, w.API.AppRoles))
	case e.Present:
		return "", false
	case !role.Enabled:
		fault = fmt.Sprintf("has a role %+q, but it is disabled: enable it there", e.Value)
	case !w.fits(role):
		fault, hopeless = w.misfit(e.Value, role)
	default:
		return "", false
	}
	return fmt.Sprintf("%s: %s %s", e.Path, w.API.Title, fault), hopeless
}

// defaultFault is why the default access cannot be given. Entra takes it only of an API that has no role for such a principal, and an
// owner in another namespace cannot list it.
func (w World) defaultFault(e permission.Entry) (string, bool) {
	switch fitting := w.fitting(); {
	case !e.Let:
		return fmt.Sprintf("%s: %s can be used from other namespaces only by the roles that its allowedConsumers lists", e.Path, w.API.Title), false
	case len(fitting) > 0 && !e.Present:
		return fmt.Sprintf("%s: %s has roles that a principal of kind %s can be given: name one in spec.roles; %s",
			e.Path, w.API.Title, w.Principal.Kind, reference.Nearest("", fitting)), false
	default:
		return "", false
	}
}

func (w World) misfit(value string, role reference.Permission) (fault string, hopeless bool) {
	whose, member := "users", v1alpha1.MemberApplication
	if w.Principal.member() {
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

func (w World) fits(role reference.Permission) bool {
	if w.Principal.member() {
		return role.Users
	}
	return role.Applications
}

// fitting are the roles that the principal can be given.
func (w World) fitting() []reference.Permission {
	return slices.DeleteFunc(slices.Clone(w.API.AppRoles), func(role reference.Permission) bool { return !role.Enabled || !w.fits(role) })
}
