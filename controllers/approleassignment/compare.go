package approleassignment

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/permission"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

// compare what the spec asks for with status and Entra, and ask the gate about it.
func (k *Kind) compare(obj *v1alpha1.AppRoleAssignment, world World, now time.Time) permission.Comparison {
	subject := k.subject(obj, world, now)
	subject.Gate, subject.Review = k.Gate, world.Review(words.Kind, obj, obj.Spec.Justification)
	subject.Request = func(e permission.Entry) policy.Request {
		return world.request(e.Path, e.NamedID, world.API, permission.Lifetime(obj.Spec.NotAfter, now))
	}
	c := permission.Compare(subject)
	who := world.Principal.Title
	if world.Principal.App.Name != "" {
		who = fmt.Sprintf("AppRegistration %q", world.Principal.App.Name)
	}
	c.Block(world.World, world.Principal.App, who, world.ObservedPrincipal.Value.Disabled)
	return c
}

func (k *Kind) subject(obj *v1alpha1.AppRoleAssignment, world World, now time.Time) permission.Subject {
	own := world.API.Managed != nil && world.Principal.Kind == v1alpha1.PrincipalAppRegistration
	s := permission.Subject{
		World: world.World, Pending: obj.Status.Pending, Present: world.Present(),
		Repairs: obj.Spec.Repair == v1alpha1.RepairAlways || obj.Spec.Repair == "" && own,
		Spared: func(role v1alpha1.NamedID, forced bool) bool {
			return slices.Contains(world.Spared, role.ID) && k.discount(obj, world, role, forced, now).Claimed(world.Claims, role.ID, now)
		},
	}
	if world.bound(obj) {
		s.Recorded = obj.Status.Roles
	}
	if obj.DeletionTimestamp.IsZero() && !permission.Expired(obj.Spec.NotAfter, now) && !world.Withheld {
		s.Wanted = world.wanted(obj, s)
	}
	return s
}

// wanted are the roles that the spec asks for. Of an API that is missing only those that were given are known.
func (w World) wanted(obj *v1alpha1.AppRoleAssignment, s permission.Subject) []permission.Entry {
	var wanted []permission.Entry
	add := func(path string, role v1alpha1.NamedID) {
		e := s.Entry(path, role, w.API.LetsAppRole(role.Value, w.Principal.Kind))
		if w.Missing == nil && !s.OnlyReports(e) {
			e.Fault, e.Hopeless = w.fault(e)
		}
		wanted = append(wanted, e)
	}
	for i, value := range obj.Spec.Roles {
		role := v1alpha1.NamedID{Value: value}
		if known, is := w.API.AppRole(value); is {
			role.ID = known.ID
		} else if at := slices.IndexFunc(s.Recorded, func(r v1alpha1.NamedID) bool { return r.Value == value }); at >= 0 {
			role.ID = s.Recorded[at].ID
		}
		add(fmt.Sprintf("spec.roles[%d]", i), role)
	}
	if obj.Spec.DefaultAccess {
		add("spec.defaultAccess", v1alpha1.NamedID{ID: entra.DefaultAccess})
	}
	return wanted
}

// request is a role as policy sees it.
func (w World) request(path string, role v1alpha1.NamedID, api reference.API, life time.Duration) policy.Assignment {
	principal := w.ObservedPrincipal.Value
	return policy.Assignment{
		Path: path, PrincipalKind: w.Principal.Kind, PrincipalID: principal.ObjectID, PrincipalAppID: principal.AppID,
		API: api.Judged(api.LetsAppRole(role.Value, w.Principal.Kind)), RoleID: role.ID, Role: role.Value, Lifetime: life,
	}
}

// lostMessage tells of the roles that others took away.
func (w World) lostMessage(entries []permission.Entry) string {
	if len(entries) == 0 {
		return ""
	}
	lines := make([]string, len(entries))
	for i, e := range entries {
		lines[i] = fmt.Sprintf("%s: %s", e.Path, cmp.Or(e.Value, "the default access"))
	}
	return fmt.Sprintf("others took away roles of %s in Entra, and they are not given again unless spec.repair is Always: %s",
		w.API.Label(), strings.Join(lines, "; "))
}

// discount says whose claims to a role do not count. What is forced speaks against all objects of this namespace, and against those of
// others that policy or the API's owner would not let keep the role.
func (k *Kind) discount(
	obj *v1alpha1.AppRoleAssignment, world World, role v1alpha1.NamedID, forced bool, now time.Time,
) permission.Discount {
	if !forced {
		return permission.Discount{}
	}
	discount := permission.Discount{Namespace: obj.Namespace}
	review := world.Review(words.Kind, obj, "")
	for _, claim := range world.Claims {
		if claim.Namespace.Name == obj.Namespace || !claim.Names(role.ID, now) {
			continue
		}
		if claim.API == nil || !claim.API.LetsAppRole(role.Value, world.Principal.Kind) || !permission.MayKeep(k.Gate, review, claim,
			world.request("spec.roles", role, *claim.API, permission.Lifetime(claim.NotAfter, now))) {
			discount.UIDs = append(discount.UIDs, claim.UID)
		}
	}
	return discount
}

// fault is why a role cannot be given to the principal, with the field that asks and the way out; empty where it can. It is hopeless where
// the API's owner is nobody of this cluster, and will not change it.
func (w World) fault(e permission.Entry) (text string, hopeless bool) {
	if e.ID == entra.DefaultAccess {
		return w.defaultFault(e), false
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
func (w World) defaultFault(e permission.Entry) string {
	switch fitting := w.fitting(); {
	case !e.Let:
		return fmt.Sprintf("%s: %s can be used from other namespaces only by the roles that its allowedConsumers lists", e.Path, w.API.Title)
	case len(fitting) > 0 && !e.Present:
		return fmt.Sprintf("%s: %s has roles that a principal of kind %s can be given: name one in spec.roles; %s",
			e.Path, w.API.Title, w.Principal.Kind, reference.Nearest("", fitting))
	default:
		return ""
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
