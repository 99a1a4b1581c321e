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
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// entitlementLists are where scopes and roles are in an application.
var entitlementLists = [][]string{{"api", "oauth2PermissionScopes"}, {"appRoles"}}

// leavings are the requests about an application that tell of a scope or role: how they show it, and how they ended. Left out are
// repetitions, what is read after the last write, and reads that show nothing of the edit yet.
func (s *stage) leavings(objectID, value string) []string {
	var lines []string
	last := 0
	for _, exchange := range s.entra.Exchanges() {
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

// application is one as Entra has it now, past all lag.
func (s *stage) application(objectID string) odata.Document {
	s.t.Helper()
	for _, entry := range s.entra.Directory().Snapshot().Live {
		if entry.ID == objectID {
			return entry.Properties
		}
	}
	s.t.Fatalf("application %s is not in Entra", objectID)
	return nil
}

// values of the scopes, or roles, that an application has in Entra, disabled ones in brackets.
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

// pinnedID is an ID that a specification gives.
const pinnedID = "11111111-2222-4333-8444-555555555555"

// pinned is a role with that ID.
func pinned(value string) v1alpha1.AppRole {
	return v1alpha1.AppRole{Value: value, ID: pinnedID, AllowedMemberTypes: []v1alpha1.MemberType{v1alpha1.MemberApplication}}
}

func TestAScopeOrRoleLeavesInOneEdit(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before, edit  func(*v1alpha1.AppRegistrationSpec)
		scopes, roles []string // in the end
	}{
		"a scope that is removed": {
			edit:   func(spec *v1alpha1.AppRegistrationSpec) { scoped("Stays")(spec) },
			scopes: []string{"Stays"}, roles: []string{"Stays.All"},
		},
		"a scope that is renamed": {
			edit:   func(spec *v1alpha1.AppRegistrationSpec) { scoped("Stays", "Comes")(spec) },
			scopes: []string{"Stays", "Comes"}, roles: []string{"Stays.All"},
		},
		"the whole api": {
			edit:   func(spec *v1alpha1.AppRegistrationSpec) { spec.API = nil },
			scopes: []string{}, roles: []string{"Stays.All"},
		},
		"a scope that becomes a role": {
			edit:   func(spec *v1alpha1.AppRegistrationSpec) { scoped("Stays")(spec); exposing("Leaves")(spec) },
			scopes: []string{"Stays"}, roles: []string{"Stays.All", "Leaves"},
		},
		"a role that is removed": {
			before: func(spec *v1alpha1.AppRegistrationSpec) { scoped("Stays")(spec); exposing("Leaves")(spec) },
			edit:   func(spec *v1alpha1.AppRegistrationSpec) { spec.AppRoles = spec.AppRoles[:1] },
			scopes: []string{"Stays"}, roles: []string{"Stays.All"},
		},
		"a role that is renamed and keeps its ID": {
			before: func(spec *v1alpha1.AppRegistrationSpec) {
				scoped("Stays")(spec)
				spec.AppRoles = append(spec.AppRoles, pinned("Leaves"))
			},
			edit:   func(spec *v1alpha1.AppRegistrationSpec) { spec.AppRoles[1] = pinned("Comes") },
			scopes: []string{"Stays"}, roles: []string{"Stays.All", "Comes"},
		},
	} {
		for _, weather := range []string{"without lag", "with lag of 30 s"} {
			t.Run(name+" "+weather, func(t *testing.T) {
				t.Parallel()
				if c.before == nil {
					c.before = scoped("Stays", "Leaves")
				}
				s := newStage(t, weathers[weather])
				api := s.app("orders-api", exposing("Stays.All"), c.before)
				s.create(api)
				s.ready(api)
				s.forget()
				edit(s, api, func(obj *v1alpha1.AppRegistration) { c.edit(&obj.Spec) })
				s.ready(api)

				seen := s.leavings(api.Status.ObjectID, "Leaves")
				if diff := cmp.Diff([]string{"PATCH disabled 204", "GET disabled 200", "PATCH absent 204"}, seen[:min(len(seen), 3)]); diff != "" {
					t.Error("how it left\n" + diff)
				}
				app := s.application(api.Status.ObjectID)
				if diff := cmp.Diff(c.scopes, entryValues(app, entitlementLists[0]...)); diff != "" {
					t.Error("scopes\n" + diff)
				}
				s.rolesAre(api, c.roles)
				s.forget()
				s.look(api)
				s.costs("another look", 3, 0)
			})
		}
	}
}

// gives a role to a principal, as an admin does in the portal.
func (s *stage) gives(apiID, principalID, roleID string) {
	s.t.Helper()
	err := s.entra.Directory().Within(directory.Caller{AppID: "somebody"}, func(session *directory.Session) error {
		_, err := session.Assign(odata.Document{"principalId": principalID, "resourceId": apiID, "appRoleId": roleID})
		return err
	})
	if err != nil {
		s.t.Fatalf("somebody gives a role: %v", err)
	}
}

func TestARoleThatSomebodyHoldsStaysDisabledUntilTheyAreGone(t *testing.T) {
	t.Parallel()
	for weather, set := range weathers {
		t.Run(weather, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, set)
			api, worker := s.app("orders-api", exposing("Stays.All", "Leaves.All")), s.app("orders-worker")
			given := s.assignment("orders-worker", "orders-worker", "orders-api", "Leaves.All")
			api.Spec.AppRoles[1].AllowedMemberTypes = append(api.Spec.AppRoles[1].AllowedMemberTypes, v1alpha1.MemberUser)
			s.create(api, worker, given)
			s.ready(api, worker, given)
			alice := s.entra.Directory().SeedUser("Alice", "alice@contoso.onmicrosoft.com")
			s.clock.pass(t, time.Minute) // the role reaches the service principal's copy
			s.gives(api.Status.ServicePrincipalObjectID, alice, idOf(t, api, "Leaves.All"))
			s.clock.pass(t, time.Minute) // and replicas show who holds it

			edit(s, api, func(obj *v1alpha1.AppRegistration) { obj.Spec.AppRoles = obj.Spec.AppRoles[:1] })
			message := s.has(api, v1alpha1.ConditionSynced, metav1.ConditionFalse, v1alpha1.ReasonWaiting)
			s.says(message, "Leaves.All", alice, worker.Status.ServicePrincipalObjectID)
			s.ready(api)
			want := []string{"Stays.All", "(Leaves.All)"}
			s.rolesAre(api, want)

			s.delete(given)
			s.gone(given)
			s.clock.pass(t, time.Minute)
			s.look(api)
			s.clock.quiet(t)
			s.rolesAre(api, want)
			if message := s.has(api, v1alpha1.ConditionSynced, metav1.ConditionFalse, v1alpha1.ReasonWaiting); strings.Contains(
				message, worker.Status.ServicePrincipalObjectID) || !strings.Contains(message, alice) {
				t.Errorf("Alice alone holds it: %s", message)
			}

			s.somebody(takesTheRolesAway, alice)
			s.has(api, v1alpha1.ConditionSynced, metav1.ConditionTrue, v1alpha1.ReasonInSync)
			s.rolesAre(api, want[:1])
		})
	}
}

// rolesAre fails where Entra has other roles of an application.
func (s *stage) rolesAre(api *v1alpha1.AppRegistration, want []string) {
	s.t.Helper()
	if diff := cmp.Diff(want, entryValues(s.application(api.Status.ObjectID), "appRoles")); diff != "" {
		s.t.Error("roles\n" + diff)
	}
}

func idOf(t *testing.T, api *v1alpha1.AppRegistration, roleName string) string {
	t.Helper()
	for _, named := range api.Status.AppRoles {
		if named.Value == roleName {
			return named.ID
		}
	}
	t.Fatalf("%s has no role %s in its status", api.Name, roleName)
	return ""
}
