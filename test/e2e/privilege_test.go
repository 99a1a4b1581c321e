package e2e

import (
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/emulator"
)

func TestWhatIsSwitchedOffSaysSoAndStillSaysFarewell(t *testing.T) {
	t.Parallel()
	s := newStage(t, allowing(consenting("User.Read")))
	c := s.enters()
	grant := s.grant("worker-reads", "orders-worker", microsoftGraph, "User.Read")
	s.create(grant)
	s.ready(grant)

	s.stopManager()
	s.settings.AppRoleAssignments, s.settings.DelegatedGrants = false, false
	s.startManager()
	s.look(c.assignment)
	s.look(grant)
	s.refused(c.assignment, v1alpha1.ReasonDisabled, "--enable-app-role-assignments")
	s.refused(grant, v1alpha1.ReasonDisabled, "--enable-delegated-grants", "adminconsent?client_id="+c.worker.Status.AppID)
	s.leaves(grant, c.assignment)
	same(t, "granted", []string(nil), s.granted(c.worker))
	s.holds(census{applications: 2, principals: 2, credentials: 1})
}

func TestConsentIsMissedAndGivenByAnAdminAtTheURLThatTheApplicationTells(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(s *stage, _ *emulator.Options) { s.settings.DelegatedGrants = false })
	app := s.app("portal", onTheWeb, needing(microsoftGraph, []string{"User.Read"}))
	s.create(app)
	s.ready(app)
	message := s.has(app, v1alpha1.ConditionReady, metav1.ConditionTrue, v1alpha1.ReasonInSync)
	url := s.entra.URL() + "/" + s.entra.TenantID() + "/adminconsent?client_id=" + app.Status.AppID
	s.says(message, "User.Read", url)
	same(t, "before", []v1alpha1.PermissionStatus{{API: "Microsoft Graph", Value: "User.Read", Type: v1alpha1.PermissionDelegated}}, app.Status.Permissions)

	s.consentsAsAdministrator(url)
	s.clock.leap(t, 2*time.Hour)
	s.get(app)
	if !app.Status.Permissions[0].Consented {
		t.Errorf("after: %+v", app.Status.Permissions)
	}
}

func TestNotAfterTakesAwayInTime(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	c := s.enters()
	grant := s.grant("worker-reads", "orders-worker", ofApp("", "orders-api"), "Orders.Read")
	end := metav1.NewTime(s.clock.Now().Add(20 * time.Minute).Truncate(time.Second))
	grant.Spec.NotAfter = &end
	s.create(grant)
	edit(s, c.assignment, func(o *v1alpha1.AppRoleAssignment) { o.Spec.NotAfter = &end })
	s.ready(grant, c.assignment)
	s.clock.leap(t, end.Sub(s.clock.Now()))
	for _, obj := range []object{grant, c.assignment} {
		s.refused(obj, v1alpha1.ReasonDisabled, "spec.notAfter")
	}
	if late := s.clock.Now().Sub(end.Time); late > 2*time.Minute {
		t.Errorf("taken away %s after the end", late)
	}
	same(t, "granted", []string(nil), s.granted(c.worker))
	s.holds(census{applications: 2, principals: 2, credentials: 1})

	later := metav1.NewTime(end.Add(24 * time.Hour))
	edit(s, c.assignment, func(o *v1alpha1.AppRoleAssignment) { o.Spec.NotAfter = &later })
	s.ready(c.assignment)
}

func TestEachPrivilegedChangeIsOneLineInTheAuditLog(t *testing.T) {
	t.Parallel()
	book := &logbook{}
	s := newStage(t, book.of(), allowing(consenting("User.Read")))
	c := s.enters()
	grant := s.grant("worker-reads", "orders-worker", microsoftGraph, "User.Read")
	grant.Spec.Justification = "it greets people by name"
	s.create(grant)
	s.ready(grant)
	s.look(grant)
	s.leaves(c.assignment)
	s.clock.quiet(t)
	var audit []string
	for line := range strings.Lines(book.String()) {
		if strings.Contains(line, "privileged change") {
			audit = append(audit, line)
		}
	}
	if len(audit) != 3 {
		t.Fatalf("%d lines, want one for the role, one for the consent and one for the role's end:\n%s", len(audit), audit)
	}
	for i, words := range [][]string{
		{`"action":"grant"`, "Orders.Read.All", c.worker.Status.ServicePrincipalObjectID},
		{`"action":"grant"`, "User.Read", "it greets people by name", c.worker.Status.ServicePrincipalObjectID},
		{`"action":"revoke"`, "Orders.Read.All"},
	} {
		s.says(strings.TrimSpace(audit[i]), append(words, `"requestID":"`, "e2e.test (Update", s.namespace)...)
		if strings.Contains(audit[i], `"requestID":""`) {
			t.Errorf("no request ID: %s", audit[i])
		}
	}
}
