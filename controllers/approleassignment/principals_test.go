package approleassignment

import (
	"testing"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

// to makes a principal of another kind out of the worker.
func to(ref v1alpha1.PrincipalReference) func(*v1alpha1.AppRoleAssignment) {
	return func(a *v1alpha1.AppRoleAssignment) { a.Spec.Principal = ref }
}

var (
	identity = to(v1alpha1.PrincipalReference{ManagedIdentity: &v1alpha1.ManagedIdentityReference{ClientID: "worker-app"}})
	service  = to(v1alpha1.PrincipalReference{ServicePrincipal: &v1alpha1.ServicePrincipalReference{ObjectID: "worker"}})
	group    = to(v1alpha1.PrincipalReference{Group: &v1alpha1.DirectoryObjectReference{ObjectID: "worker"}})
	user     = to(v1alpha1.PrincipalReference{User: &v1alpha1.DirectoryObjectReference{ObjectID: "worker"}})
)

// foreign is a principal that no AppRegistration describes.
func foreign(w *World) {
	w.ObservedPrincipal.Value.Tags, w.ObservedPrincipal.Value.AppID = nil, "worker-app"
}

func azure(w *World) {
	foreign(w)
	w.ObservedPrincipal.Value.Type, w.ObservedPrincipal.Value.OwnerTenantID = "ManagedIdentity", ""
}

// member is a user or a group: Entra tells little of them.
func member(w *World) {
	w.ObservedPrincipal.Value.ServicePrincipal = entra.ServicePrincipal{ObjectID: "worker"}
	for i := range w.API.AppRoles {
		w.API.AppRoles[i].Users, w.API.AppRoles[i].Applications = true, false
	}
}

// graphAPI makes Microsoft Graph of the API.
func graphAPI(w *World) {
	roles := w.API.AppRoles
	w.API = reference.API{
		Title: "MicrosoftGraph", AppID: entra.WellKnown("MicrosoftGraph"), ObjectID: "api", DisplayName: "Microsoft Graph", AppRoles: roles,
	}
	w.ObservedAPI.Value = entra.ServicePrincipal{ObjectID: "api", AppID: w.API.AppID, OwnerTenantID: "microsoft"}
}

func TestDecide_Principals(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change changes
		want   outcome
	}{
		"a managed identity is given what a policy allows": {
			change: changes{obj: identity, world: both(azure, allowing(v1alpha1.PrincipalManagedIdentity))},
			want:   outcome{steps: []string{"give role Read of orders-api to managed identity worker-app"}},
		},
		"a managed identity is judged as one, however it is spelled": {
			change: changes{obj: service, world: both(azure, func(w *World) {
				w.Principal.Kind = v1alpha1.PrincipalManagedIdentity
			}, allowing(v1alpha1.PrincipalManagedIdentity))},
			want: outcome{steps: []string{"give role Read of orders-api to service principal worker"}},
		},
		"what is no managed identity is invalid as one": {
			change: changes{obj: identity, world: both(foreign, allowing(v1alpha1.PrincipalManagedIdentity))},
			want:   outcome{reason: v1alpha1.ReasonInvalid, says: `spec.principal.managedIdentity: service principal worker is no managed identity`},
		},
		"a managed identity that Entra does not have is polled": {
			change: changes{obj: identity, world: func(w *World) { w.ObservedPrincipal = entra.Absent[entra.Client]() }},
			want: outcome{polled: true, wait: `spec.principal.managedIdentity: managed identity worker-app does not exist in the tenant, ` +
				`or is not for namespace "shop"`},
		},
		"a group that Entra has never shown is polled and not taken for lag": {
			change: changes{obj: group, world: func(w *World) { w.ObservedPrincipal = entra.Observed[entra.Client]{} }},
			want:   outcome{polled: true, wait: `spec.principal.group: group worker does not exist in the tenant, or is not for namespace "shop"`},
		},
		"a group that was seen before is looked for again": {
			change: changes{obj: both(group, recorded("Read")), world: func(w *World) { w.ObservedPrincipal = entra.Observed[entra.Client]{} }},
			want:   outcome{again: lag},
		},
		"a service principal is given what a policy allows": {
			change: changes{obj: service, world: both(foreign, allowing(v1alpha1.PrincipalServicePrincipal))},
			want:   outcome{steps: []string{"give role Read of orders-api to service principal worker"}},
		},
		"a group is given a role that users can have": {
			change: changes{obj: group, world: both(member, allowing(v1alpha1.PrincipalGroup))},
			want:   outcome{steps: []string{"give role Read of orders-api to group worker"}},
		},
		"a user is given a role that users can have": {
			change: changes{obj: user, world: both(member, allowing(v1alpha1.PrincipalUser))},
			want:   outcome{steps: []string{"give role Read of orders-api to user worker"}},
		},
		"a role that is for applications only waits for its owner": {
			change: changes{obj: user, world: both(member, allowing(v1alpha1.PrincipalUser), func(w *World) { w.API.AppRoles[0] = role("Read") })},
			want: outcome{wait: `spec.roles[0]: AppRegistration "orders-api" has a role "Read", but it is for applications only: ` +
				`add User to its allowedMemberTypes`},
		},
		"a role of somebody else's API that is for users only is invalid": {
			change: changes{world: both(graphAPI, func(w *World) { w.API.AppRoles[0].Users, w.API.AppRoles[0].Applications = true, false })},
			want: outcome{reason: v1alpha1.ReasonInvalid, says: `spec.roles[0]: MicrosoftGraph has a role "Read", but it is for users only, ` +
				`and the principal is of kind AppRegistration; for such ones it has "Write"`},
		},
		"a role that somebody else's API does not have is polled": {
			change: changes{obj: wants("Raed"), world: graphAPI},
			want:   outcome{polled: true, wait: `spec.roles[0]: MicrosoftGraph has no role "Raed"; it has "Read", "Write"`},
		},
		"one bad role does not stop the good ones": {
			change: changes{obj: wants("Raed", "Write"), world: both(graphAPI, allowing(v1alpha1.PrincipalAppRegistration))},
			want:   outcome{steps: []string{"give role Write of MicrosoftGraph to orders-worker"}},
		},
		"access without a role is given where the API has none for such a principal": {
			change: changes{obj: byDefault, world: func(w *World) { w.API.AppRoles = nil }},
			want:   outcome{steps: []string{"give the default access of orders-api to orders-worker"}},
		},
		"access without a role waits where the API has one for such a principal": {
			change: changes{obj: byDefault},
			want: outcome{wait: `spec.defaultAccess: AppRegistration "orders-api" has roles that a principal of kind AppRegistration can be given: ` +
				`name one in spec.roles; it has "Read", "Write"`},
		},
		"access without a role that was given stays": {
			change: changes{obj: both(byDefault, func(a *v1alpha1.AppRoleAssignment) {
				recorded()(a)
				a.Status.Roles = []v1alpha1.NamedID{{ID: entra.DefaultAccess}}
			}), world: given(entra.DefaultAccess)},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.change.check(t, test.want)
		})
	}
}

func byDefault(a *v1alpha1.AppRoleAssignment) { a.Spec.Roles, a.Spec.DefaultAccess = nil, true }
