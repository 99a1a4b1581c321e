package appregistration

import (
	"testing"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

func scopes(values ...string) func(*v1alpha1.AppRegistration) {
	return func(o *v1alpha1.AppRegistration) {
		o.Spec.API = &v1alpha1.API{}
		for _, value := range values {
			o.Spec.API.Scopes = append(o.Spec.API.Scopes, v1alpha1.Scope{Value: value})
		}
	}
}

func roles(values ...string) func(*v1alpha1.AppRegistration) {
	return func(o *v1alpha1.AppRegistration) {
		o.Spec.AppRoles = nil
		for _, value := range values {
			o.Spec.AppRoles = append(o.Spec.AppRoles, v1alpha1.AppRole{
				Value: value, AllowedMemberTypes: []v1alpha1.MemberType{v1alpha1.MemberUser, v1alpha1.MemberApplication},
			})
		}
	}
}

// scope of the settled world, changed.
func scope(edit func(*entra.Scope)) func(*World) {
	return func(w *World) {
		s := w.application.Value.Scopes[0]
		edit(&s)
		w.application.Value.Scopes = []entra.Scope{s}
	}
}

func role(edit func(*entra.AppRole)) func(*World) {
	return func(w *World) {
		r := w.application.Value.AppRoles[0]
		edit(&r)
		w.application.Value.AppRoles = []entra.AppRole{r}
	}
}

func disabledScope(s *entra.Scope)     { s.Enabled = false }
func unconfirmedScope(s *entra.Scope)  { s.Enabled, s.Unconfirmed = false, true }
func disabledRole(r *entra.AppRole)    { r.Enabled = false }
func unconfirmedRole(r *entra.AppRole) { r.Enabled, r.Unconfirmed = false, true }
func holders(a ...entra.Assignment) func(*World) {
	return func(w *World) { w.holders = entra.Present(a) }
}

func TestUpdate_EntitlementIsDisabledBeforeItIsRemoved(t *testing.T) {
	t.Parallel()
	noScope, noRole := object(bound, scopes()), object(bound, roles())
	renamed := object(bound, scopes("Orders.Write"))
	// assignmentRequired follows the lists; here it is as the object without the entry wants it.
	like := func(obj *v1alpha1.AppRegistration) func(*World) {
		return func(w *World) { w.principal.Value.AssignmentRequired = settled(obj).principal.Value.AssignmentRequired }
	}
	roleID := settled(object()).application.Value.AppRoles[0].ID
	checkDecisions(t, []decisionRow{
		{"a scope is disabled", noScope, recorded(like(noScope)), []string{"update application: scopes (disable Orders.Read)"}},
		{"a scope that is not seen disabled yet is waited for", noScope, recorded(like(noScope), scope(unconfirmedScope)), []string{"look again in 5s"}},
		{"a scope that is seen disabled is removed", noScope, recorded(like(noScope), scope(disabledScope)), []string{"update application: scopes (remove Orders.Read)"}},
		{"a renamed scope is one added and one disabled", renamed, recorded(), []string{"update application: scopes (add Orders.Write, disable Orders.Read)"}},
		{"a scope that is wanted again is enabled again", object(bound), recorded(scope(unconfirmedScope)), []string{"update application: scopes (change Orders.Read)"}},
		{"a role is disabled", noRole, recorded(), []string{"update application: appRoles (disable Orders.Read.All)"}},
		{"a role that is not seen disabled yet is waited for", noRole, recorded(role(unconfirmedRole)), []string{"look again in 5s"}},
		{"holders are looked at before a role is removed", noRole, recorded(role(disabledRole)), []string{"read: look who holds the app role"}},
		{"a service principal is restored before its holders are looked at", noRole, recorded(role(disabledRole), func(w *World) {
			w.principal, w.deletedPrincipal = entra.Absent[entra.ServicePrincipal](), entra.Present(entra.ServicePrincipal{ObjectID: principalID})
		}), []string{"restore service principal of client ID " + appID}},
		{"a role whose holders are not known is waited for", noRole, recorded(role(disabledRole), func(w *World) { w.holdersLookedAt = true }), []string{
			"look again in 5s",
		}},
		{"a role that nobody holds is removed", noRole, recorded(role(disabledRole), holders(entra.Assignment{AppRoleID: "other", PrincipalID: "p0"})), []string{
			"update application: appRoles (remove Orders.Read.All)",
		}},
		{"a role that somebody holds stays disabled", noRole, recorded(role(disabledRole), holders(
			entra.Assignment{AppRoleID: roleID, PrincipalID: "p1"}, entra.Assignment{AppRoleID: roleID, PrincipalID: "p2"},
		)), []string{"unsynced Waiting: app role Orders.Read.All is no longer in the spec; it stays, disabled, because these principals hold it: p1 p2"}},
		{"a held role that is wanted again is enabled again", object(bound), recorded(role(disabledRole)), []string{"update application: appRoles (change Orders.Read.All)"}},
		{"a value that moves to another list waits until it has left the first", object(bound, scopes("Orders.Read", "Orders.Read.All"), roles()),
			recorded(), []string{"update application: appRoles (disable Orders.Read.All)"}},
		{"an entry keeps the ID that it has", object(bound), recorded(scope(func(s *entra.Scope) { s.ID = "00000000-0000-0000-0000-0000000000ff" })), nil},
		{"an ID that the spec gives is enforced, after the old entry is gone", object(bound, func(o *v1alpha1.AppRegistration) {
			o.Spec.API.Scopes[0].ID = "00000000-0000-0000-0000-0000000000ff"
		}), recorded(), []string{"update application: scopes (disable Orders.Read)"}},
		{"a text that others edited is repaired in place", object(bound), recorded(role(func(r *entra.AppRole) { r.Description = "edited" })), []string{
			"update application: appRoles (change Orders.Read.All)",
		}},
		{"an entry that others added is taken out", object(bound), recorded(func(w *World) {
			w.application.Value.Scopes = append(w.application.Value.Scopes[:1:1], entra.Scope{ID: "x", Value: "Orders.Steal", Enabled: true})
		}), []string{"update application: scopes (disable Orders.Steal)"}},
	})
}
