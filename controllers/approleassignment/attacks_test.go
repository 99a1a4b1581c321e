package approleassignment

import (
	"testing"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

func TestDecide_Attacks(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change changes
		want   outcome
	}{
		"switched off, nothing is given": {
			change: changes{kind: func(k *Kind) { k.Enabled = false }},
			want: outcome{
				reason: v1alpha1.ReasonDisabled,
				says:   "app role assignments are switched off: start the manager with --enable-app-role-assignments",
			},
		},
		"a forged status that makes the operator's own service principal the principal is denied": {
			change: changes{world: func(w *World) {
				w.Principal.ObjectID, w.Principal.App.ServicePrincipalObjectID, w.ObservedPrincipal.Value.ObjectID = "operator", "operator", "operator"
			}},
			want: outcome{reason: v1alpha1.ReasonDenied, says: "the operator's own service principal"},
		},
		"the operator's application is known by its client ID too": {
			change: changes{world: func(w *World) { w.Principal.AppID, w.ObservedPrincipal.Value.AppID = "operator-app", "operator-app" }},
			want:   outcome{reason: v1alpha1.ReasonDenied, says: "the operator's own service principal"},
		},
		"the operator's own service principal is no API either": {
			change: changes{world: func(w *World) { w.API.ObjectID = "operator" }},
			want:   outcome{reason: v1alpha1.ReasonDenied, says: `AppRegistration "orders-api" names the operator's own`},
		},
		"a forged status that names another team's service principal is a conflict": {
			change: changes{world: func(w *World) { w.ObservedPrincipal.Value.Tags = tags("payments/till", ourCluster) }},
			want:   outcome{reason: v1alpha1.ReasonConflict, says: "payments/till"},
		},
		"a forged status that names Microsoft Graph as the API is a conflict": {
			change: changes{world: func(w *World) { w.ObservedAPI.Value.Tags, w.ObservedAPI.Value.OwnerTenantID = nil, "microsoft" }},
			want:   outcome{reason: v1alpha1.ReasonConflict, says: `which AppRegistration "orders-api" names, is not its own`},
		},
		"an object of the same name in another cluster is a conflict": {
			change: changes{world: func(w *World) { w.ObservedPrincipal.Value.Tags = tags("shop/orders-worker", "ffffffffffffffff") }},
			want:   outcome{reason: v1alpha1.ReasonConflict, says: "is not its own in Entra"},
		},
		"a service principal of another owner with copied tags is a conflict": {
			change: changes{world: func(w *World) { w.ObservedAPI.Value.OwnerTenantID = "other" }},
			want:   outcome{reason: v1alpha1.ReasonConflict, says: "is not its own in Entra"},
		},
		"a service principal of another application with copied tags is a conflict": {
			change: changes{world: func(w *World) { w.ObservedPrincipal.Value.AppID = "twin" }},
			want:   outcome{reason: v1alpha1.ReasonConflict, says: "it is of application twin"},
		},
		"a service identity with copied tags is a conflict": {
			change: changes{world: func(w *World) { w.ObservedPrincipal.Value.Type = "ServiceIdentity" }},
			want:   outcome{reason: v1alpha1.ReasonConflict, says: "is not its own in Entra"},
		},
		"the operator's own service principal is none, named by its object ID": {
			change: changes{obj: to(v1alpha1.PrincipalReference{ServicePrincipal: &v1alpha1.ServicePrincipalReference{ObjectID: "operator"}}),
				world: allowing(v1alpha1.PrincipalServicePrincipal)},
			want: outcome{reason: v1alpha1.ReasonDenied, says: "spec.principal.servicePrincipal: it is the operator's own service principal"},
		},
		"the operator's own service principal is none, named by its client ID, in capitals": {
			change: changes{obj: to(v1alpha1.PrincipalReference{ManagedIdentity: &v1alpha1.ManagedIdentityReference{ClientID: "OPERATOR-APP"}}),
				world: both(azure, allowing(v1alpha1.PrincipalManagedIdentity))},
			want: outcome{reason: v1alpha1.ReasonDenied, says: "spec.principal.managedIdentity: it is the operator's own service principal"},
		},
		"the operator's own application is an API only by an exact rule": {
			change: changes{obj: both(user, ofGraph), world: both(member, graphAPI, allowing(v1alpha1.PrincipalUser), func(w *World) {
				w.Tenant.Operator = append(w.Tenant.Operator, w.API.AppID)
			})},
			want: outcome{reason: v1alpha1.ReasonDenied, says: "no rule allows it"},
		},
		"a service principal of another owner tenant is no principal, whatever a policy says": {
			change: changes{obj: service, world: both(foreign, allowing(v1alpha1.PrincipalServicePrincipal), func(w *World) {
				w.ObservedPrincipal.Value.OwnerTenantID = "other"
			})},
			want: outcome{reason: v1alpha1.ReasonDenied, says: "spec.principal.servicePrincipal: the application of service principal worker is registered in another tenant"},
		},
		"an agent's service principal is none either": {
			change: changes{obj: service, world: both(foreign, allowing(v1alpha1.PrincipalServicePrincipal), func(w *World) {
				w.ObservedPrincipal.Value.Type = "ServiceIdentity"
			})},
			want: outcome{reason: v1alpha1.ReasonDenied, says: "is of type ServiceIdentity"},
		},
		"another namespace's application, named by its object ID, does not exist": {
			change: changes{obj: service, world: both(allowing(v1alpha1.PrincipalServicePrincipal), func(w *World) { w.Principal.OtherNamespace = true })},
			want: outcome{polled: true, wait: `spec.principal.servicePrincipal: service principal worker does not exist in the tenant, ` +
				`or is not for namespace "shop"`},
		},
		"an application that nobody describes is not taken for one of this namespace": {
			change: changes{obj: service, world: foreign},
			want:   outcome{reason: v1alpha1.ReasonDenied, says: `role "Read" (read) of API shop/orders-api for ServicePrincipal worker`},
		},
		"a group gets nothing through an owner's leave for applications": {
			change: changes{obj: group, world: both(member, lettingUs("Read"), allowing(v1alpha1.PrincipalGroup))},
			want: outcome{wait: `spec.roles[0]: AppRegistration "other/orders-api" has no role "Read", or its allowedConsumers does not let ` +
				`namespace "shop" give it to a principal of kind Group; it has "Read"`},
		},
		"tier 0 is not given through a wildcard": {
			change: changes{obj: wants("Application.ReadWrite.All"), world: both(graphAPI, tierZero, allowing(v1alpha1.PrincipalAppRegistration))},
			want:   outcome{reason: v1alpha1.ReasonDenied, says: `spec.roles[0]: role "Application.ReadWrite.All"`},
		},
		"tier 0 is not given through a raw application ID either": {
			change: changes{obj: wants("Application.ReadWrite.All"), world: both(graphAPI, tierZero, func(w *World) {
				allowing(v1alpha1.PrincipalAppRegistration, func(spec *v1alpha1.RegistrationPolicySpec) {
					spec.Allow[2].Assign.API = v1alpha1.PolicyAPI{AppID: v1alpha1.GUID(w.API.AppID)}
				})(w)
			})},
			want: outcome{reason: v1alpha1.ReasonDenied, says: `spec.roles[0]: role "Application.ReadWrite.All"`},
		},
		"what an admin gave by hand is not made ours to take away by naming it": {
			change: changes{obj: deleting(), world: given("read")},
		},
		"what no rule allows is denied with its field": {
			change: changes{kind: denyAll},
			want:   outcome{reason: v1alpha1.ReasonDenied, says: "spec.roles[0]"},
		},
		"a role's value cannot forge a line of the log": {
			change: changes{obj: wants("Read\nready=true"), world: given("read")},
			want:   outcome{wait: `spec.roles[0]: AppRegistration "orders-api" has no role "Read\nready=true"; it has "Read", "Write"`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.change.check(t, test.want)
		})
	}
}
