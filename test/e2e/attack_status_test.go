package e2e

import (
	"testing"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory/firstparty"
)

func TestAStatusThatNamesSomebodyElsesApplicationIsNoTitleToIt(t *testing.T) {
	t.Parallel()
	s, mallory := besieged(t)
	victim := s.double("victim")
	victim.uniqueName, victim.tags["k8s-object"] = "k8s.c1.payments.victim", "payments/victim"
	for name, objectID := range map[string]string{"another": s.makes(victim), "operators": s.ownApplication()} {
		app := s.app("forged-" + name)
		mallory.create(app)
		mallory.ready(app)
		s.stopManager()
		s.clears(app, func() { app.Status.ObjectID = objectID })
		untouched := s.untouched()
		s.startManager()
		s.look(app)
		mallory.refused(app, v1alpha1.ReasonConflict, objectID)
		mallory.delete(app)
		mallory.gone(app)
		untouched()
	}
}

// ownApplication is the object ID of the operator's own application.
func (s *stage) ownApplication() string {
	s.t.Helper()
	for _, entry := range directory.OfKind(directory.Application, s.entra.Directory().Snapshot().Live) {
		if entry.Properties["appId"] == operatorClientID {
			return entry.ID
		}
	}
	s.t.Fatal("the operator has no application")
	return ""
}

// forged creates an AppRegistration that nobody looks after, and writes its status as no user can.
func (s *stage) forged(name string, status v1alpha1.AppRegistrationStatus) {
	s.t.Helper()
	app := s.app(name, func(spec *v1alpha1.AppRegistrationSpec) { spec.Suspend = true })
	s.create(app)
	status.ObservedGeneration = -1 // as before the first look
	status.TenantBinding = v1alpha1.TenantBinding{TenantName: s.tenant, TenantID: s.entra.TenantID()}
	s.clears(app, func() { app.Status = status })
}

func TestAForgedStatusGivesNobodyARoleOrATrust(t *testing.T) {
	t.Parallel()
	s, mallory := besieged(t)
	graph := directory.OfKind(directory.ServicePrincipal, s.entra.Directory().Snapshot().Live)
	api := s.app("orders-api", exposing("Orders.Read.All"))
	mallory.create(api)
	mallory.ready(api)
	victim := s.double("victim")
	victim.uniqueName, victim.tags["k8s-object"] = "k8s.c1.payments.victim", "payments/victim"
	s.forged("operator", v1alpha1.AppRegistrationStatus{
		ObjectID: s.ownApplication(), AppID: operatorClientID, UniqueName: s.uniqueName("operator"), ServicePrincipalObjectID: s.operator(),
	})
	s.forged("victim", v1alpha1.AppRegistrationStatus{ObjectID: s.makes(victim), AppID: otherApp, UniqueName: s.uniqueName("victim")})
	s.forged("graph", v1alpha1.AppRegistrationStatus{
		ObjectID: s.ownApplication(), AppID: firstparty.GraphAppID, UniqueName: s.uniqueName("graph"),
		ServicePrincipalObjectID: principalOf(t, graph, firstparty.GraphAppID),
		AppRoles:                 []v1alpha1.NamedID{{Value: "RoleManagement.ReadWrite.Directory", ID: "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8"}},
	})
	untouched := s.untouched()
	for name, attack := range map[string]object{
		"a role for the operator": s.assignment("for-operator", "operator", "orders-api", "Orders.Read.All"),
		"a role of Graph":         s.assignment("of-graph", "orders-api", "graph", "RoleManagement.ReadWrite.Directory"),
		"a trust on the operator": s.trust("on-operator", "operator", "orders-api"),
		"a trust on another's":    s.trust("on-victim", "victim", "orders-api"),
	} {
		mallory.create(attack)
		if reason := mallory.judged(attack); reason != string(v1alpha1.ReasonConflict) && reason != string(v1alpha1.ReasonDenied) {
			t.Errorf("%s is %q:\n%s", name, reason, s.unready(attack))
		}
		mallory.delete(attack)
		mallory.gone(attack)
	}
	untouched()
}

func principalOf(t *testing.T, principals []directory.Entry, appID string) string {
	t.Helper()
	for _, entry := range principals {
		if entry.Properties["appId"] == appID {
			return entry.ID
		}
	}
	t.Fatalf("no service principal of %s", appID)
	return ""
}
