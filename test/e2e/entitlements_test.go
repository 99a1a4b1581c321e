package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/outofband"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/with"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// entitlementLists are where scopes and roles are in an application.
var entitlementLists = [][]string{{"api", "oauth2PermissionScopes"}, {"appRoles"}}

// removalRequests are the requests about an application that show a scope or role: in which state, and how they ended. Left out are
// repetitions, what is read after the last write, and reads that show nothing of the edit yet.
func removalRequests(e *env.Env, objectID, value string) []string {
	var lines []string
	last := 0
	for _, exchange := range e.Tenant.Exchanges() {
		body := exchange.Response
		if exchange.Method == http.MethodPatch {
			body = exchange.Request
		}
		state := entryState(body, value)
		line := fmt.Sprintf("%s %s %d", exchange.Method, state, exchange.Status)
		behind := line == "GET enabled 200" // before the edit, or on a replica that is behind
		if behind || exchange.Path != "/v1.0/applications/"+objectID || state == "" || len(lines) > 0 && lines[len(lines)-1] == line {
			continue
		}
		lines = append(lines, line)
		if exchange.Method == http.MethodPatch {
			last = len(lines)
		}
	}
	return lines[:last]
}

// entryState is enabled, disabled or absent; empty where a body has none of the lists.
func entryState(body json.RawMessage, value string) string {
	var app odata.Document
	if json.Unmarshal(body, &app) != nil {
		return ""
	}
	state := ""
	for _, path := range entitlementLists {
		if odata.At(app, path...) != nil && state == "" {
			state = "absent"
		}
		for _, entry := range odata.Documents(app, path...) {
			if entry["value"] == value {
				state = map[bool]string{true: "enabled", false: "disabled"}[odata.Flag(entry, "isEnabled")]
			}
		}
	}
	return state
}

// entryValues are those of the scopes, or roles, that an application has in Entra, disabled ones in brackets.
func entryValues(app odata.Document, path ...string) []string {
	values := []string{}
	for _, entry := range odata.Documents(app, path...) {
		value := odata.Text(entry, "value")
		if !odata.Flag(entry, "isEnabled") {
			value = "(" + value + ")"
		}
		values = append(values, value)
	}
	return values
}

// pinnedID is an ID that a spec gives.
const pinnedID = "11111111-2222-4333-8444-555555555555"

// roleWithID is a role with that ID.
func roleWithID(value string) v1alpha1.AppRole {
	return v1alpha1.AppRole{Value: value, ID: pinnedID, AllowedMemberTypes: []v1alpha1.MemberType{v1alpha1.MemberApplication}}
}

// One edit removes a scope or a role, although Entra removes only what is disabled.
func TestEntitlement_RemovedByOneEdit(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before, edit  func(*v1alpha1.AppRegistrationSpec)
		scopes, roles []string // in the end
	}{
		"a scope that is removed": {
			edit:   func(spec *v1alpha1.AppRegistrationSpec) { with.Scopes("Stays")(spec) },
			scopes: []string{"Stays"}, roles: []string{"Stays.All"},
		},
		"a scope that is renamed": {
			edit:   func(spec *v1alpha1.AppRegistrationSpec) { with.Scopes("Stays", "Comes")(spec) },
			scopes: []string{"Stays", "Comes"}, roles: []string{"Stays.All"},
		},
		"the whole api": {
			edit:   func(spec *v1alpha1.AppRegistrationSpec) { spec.API = nil },
			scopes: []string{}, roles: []string{"Stays.All"},
		},
		"a scope that becomes a role": {
			edit:   func(spec *v1alpha1.AppRegistrationSpec) { with.Scopes("Stays")(spec); with.AppRoles("Leaves")(spec) },
			scopes: []string{"Stays"}, roles: []string{"Stays.All", "Leaves"},
		},
		"a role that is removed": {
			before: func(spec *v1alpha1.AppRegistrationSpec) { with.Scopes("Stays")(spec); with.AppRoles("Leaves")(spec) },
			edit:   func(spec *v1alpha1.AppRegistrationSpec) { spec.AppRoles = spec.AppRoles[:1] },
			scopes: []string{"Stays"}, roles: []string{"Stays.All"},
		},
		"a role that is renamed and keeps its ID": {
			before: func(spec *v1alpha1.AppRegistrationSpec) {
				with.Scopes("Stays")(spec)
				spec.AppRoles = append(spec.AppRoles, roleWithID("Leaves"))
			},
			edit:   func(spec *v1alpha1.AppRegistrationSpec) { spec.AppRoles[1] = roleWithID("Comes") },
			scopes: []string{"Stays"}, roles: []string{"Stays.All", "Comes"},
		},
	} {
		for _, lag := range []string{"without lag", "with lag of 30 s"} {
			t.Run(name+" "+lag, func(t *testing.T) {
				t.Parallel()
				if c.before == nil {
					c.before = with.Scopes("Stays", "Leaves")
				}
				e := env.New(t, env.Lags[lag])
				api := e.AppRegistration("orders-api", with.AppRoles("Stays.All"), c.before)
				e.Cluster.Create(api)
				e.Status.WaitReady(api)
				e.Requests.Reset()
				env.Edit(e.Cluster, api, func(obj *v1alpha1.AppRegistration) { c.edit(&obj.Spec) })
				e.Status.WaitReady(api)

				seen := removalRequests(e, api.Status.ObjectID, "Leaves")
				if diff := cmp.Diff([]string{"PATCH disabled 204", "GET disabled 200", "PATCH absent 204"}, seen[:min(len(seen), 3)]); diff != "" {
					t.Error("how it was removed\n" + diff)
				}
				app := e.Tenant.Properties(api.Status.ObjectID)
				if diff := cmp.Diff(c.scopes, entryValues(app, entitlementLists[0]...)); diff != "" {
					t.Error("scopes\n" + diff)
				}
				checkRoles(e, api, c.roles)
				e.Requests.Reset()
				e.Reconcile(api)
				e.Requests.CheckCost("another reconcile", 3, 0)
			})
		}
	}
}

// A removed role that somebody holds stays in Entra, disabled, until nobody holds it.
func TestEntitlement_HeldRoleStaysDisabledUntilGivenUp(t *testing.T) {
	t.Parallel()
	for lag, option := range env.Lags {
		t.Run(lag, func(t *testing.T) {
			t.Parallel()
			e := env.New(t, option)
			api, worker := e.AppRegistration("orders-api", with.AppRoles("Stays.All", "Leaves.All")), e.AppRegistration("orders-worker")
			assignment := e.Assignment("orders-worker", "orders-worker", "orders-api", "Leaves.All")
			api.Spec.AppRoles[1].AllowedMemberTypes = append(api.Spec.AppRoles[1].AllowedMemberTypes, v1alpha1.MemberUser)
			e.Cluster.Create(api, worker, assignment)
			e.Status.WaitReady(api, worker, assignment)
			alice := e.Tenant.Directory().SeedUser("Alice", "alice@contoso.onmicrosoft.com")
			e.Clock.Pass(time.Minute) // the role reaches the service principal's copy
			e.Tenant.GiveRole(api.Status.ServicePrincipalObjectID, alice, roleIDOf(api, "Leaves.All"))
			e.Clock.Pass(time.Minute) // and replicas show who holds it

			env.Edit(e.Cluster, api, func(obj *v1alpha1.AppRegistration) { obj.Spec.AppRoles = obj.Spec.AppRoles[:1] })
			message := e.Status.WaitCondition(api, v1alpha1.ConditionSynced, metav1.ConditionFalse, v1alpha1.ReasonWaiting)
			e.Status.CheckMessage(message, "Leaves.All", alice, worker.Status.ServicePrincipalObjectID)
			e.Status.WaitReady(api)
			want := []string{"Stays.All", "(Leaves.All)"}
			checkRoles(e, api, want)

			e.Cluster.Delete(assignment)
			e.Status.WaitGone(assignment)
			e.Clock.Pass(time.Minute)
			e.Reconcile(api)
			e.Quiet()
			checkRoles(e, api, want)
			if message := e.Status.WaitCondition(api, v1alpha1.ConditionSynced, metav1.ConditionFalse, v1alpha1.ReasonWaiting); strings.Contains(
				message, worker.Status.ServicePrincipalObjectID) || !strings.Contains(message, alice) {
				t.Errorf("Alice alone holds it: %s", message)
			}

			e.Tenant.OutOfBand(outofband.TakeRoles, alice)
			e.Status.WaitCondition(api, v1alpha1.ConditionSynced, metav1.ConditionTrue, v1alpha1.ReasonInSync)
			checkRoles(e, api, want[:1])
		})
	}
}

// checkRoles fails where Entra has other roles of an application.
func checkRoles(e *env.Env, api *v1alpha1.AppRegistration, want []string) {
	e.T.Helper()
	if diff := cmp.Diff(want, entryValues(e.Tenant.Properties(api.Status.ObjectID), "appRoles")); diff != "" {
		e.T.Error("roles\n" + diff)
	}
}
