package e2e

import (
	"fmt"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

func TestApplicationsThatReferToEachOtherSettle(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	trusting := func(other string) func(*v1alpha1.AppRegistrationSpec) {
		return func(spec *v1alpha1.AppRegistrationSpec) {
			spec.API.PreAuthorizedClients = []v1alpha1.PreAuthorizedClient{{
				Client: v1alpha1.ClientReference{AppRegistrationRef: &v1alpha1.LocalReference{Name: other}}, Scopes: []string{"Use"},
			}}
			spec.API.KnownClients = []v1alpha1.ClientReference{{AppRegistrationRef: &v1alpha1.LocalReference{Name: other}}}
		}
	}
	left := s.app("left", scoped("Use"), exposing("Run"), needing(ofApp("", "right"), []string{"Use"}, "Run"), trusting("right"))
	right := s.app("right", scoped("Use"), exposing("Run"), needing(ofApp("", "left"), []string{"Use"}, "Run"), trusting("left"))
	s.create(left, right)
	if took := s.ready(left, right); took > 2*time.Minute {
		t.Errorf("settled after %s", took)
	}
	for _, app := range []*v1alpha1.AppRegistration{left, right} {
		if len(app.Status.Permissions) != 2 {
			t.Errorf("%s declares %v", app.Name, app.Status.Permissions)
		}
	}
	s.leaves(left)
	s.has(right, v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonWaiting)
	s.leaves(right)
}

func TestWhatIsMissingIsNamedAndFoundOnceItIsThere(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	app := s.app("portal", needing(ofApp("", "orders-api"), []string{"Orders.Read"}))
	grant := s.grant("portal-reads", "portal", ofApp("", "orders-api"), "Orders.Read")
	given := s.assignment("portal-runs", "portal", "orders-api", "Orders.Run")
	s.create(app, grant, given)
	for _, obj := range []object{app, grant, given} {
		s.waitsFor(obj, `AppRegistration "orders-api" does not exist`)
	}
	if app.Status.AppID == "" {
		t.Error("the application waits for what it needs only in the end")
	}

	api := s.app("orders-api")
	s.create(api)
	s.ready(api)
	s.waitsFor(app, "spec.permissions[0].delegated[0]", "Orders.Read")
	s.waitsFor(grant, "spec.scopes[0]", "Orders.Read")
	s.waitsFor(given, "spec.roles[0]", "Orders.Run")

	edit(s, api, func(o *v1alpha1.AppRegistration) { scoped("Orders.Read")(&o.Spec); exposing("Orders.Run")(&o.Spec) })
	if took := s.ready(app, grant, given); took > time.Minute {
		t.Errorf("found after %s: watches wake at once", took)
	}
}

func TestAWrongNameListsTheNearestAndEntraIsAskedNoMoreThanOnceAMinute(t *testing.T) {
	t.Parallel()
	s := newStage(t, allowing(consenting("*"), declaring([]string{"*"})))
	app := s.app("portal", needing(microsoftGraph, []string{"User.Raed", "openid"}))
	grant := s.grant("portal-reads", "portal", microsoftGraph, "User.Raed")
	stranger := s.grant("stranger", "portal", v1alpha1.APIReference{AppID: "aaaaaaaa-0000-4000-8000-000000000001"}, "Read")
	s.create(app, grant, stranger)
	s.waitsFor(app, "spec.permissions[0].delegated[0]", "User.Raed", `"User.Read"`)
	s.waitsFor(grant, "spec.scopes[0]", "User.Raed", `"User.Read"`)
	s.waitsFor(stranger, "az ad sp create --id aaaaaaaa")
	s.forget()
	s.clock.leap(t, time.Hour)
	s.writesNothing()
	if reads := len(s.traffic().reads); reads > 3*3*8 { // 1, 2, 4 … 30 minutes: 6 looks an hour, and a resync
		t.Errorf("%d reads in an hour", reads)
	}
	edit(s, grant, func(o *v1alpha1.DelegatedPermissionGrant) { o.Spec.Scopes = []string{"User.Read"} })
	s.ready(grant)
}

func TestBadPermissionsAreRefusedByFieldFaultAndWayOut(t *testing.T) {
	t.Parallel()
	s := newStage(t, allowing(
		assigning(v1alpha1.PrincipalUser, ownAPIs, "*"), assigning(v1alpha1.PrincipalManagedIdentity, ownAPIs, "*"),
	))
	api := s.app("orders-api", exposing("Orders.Run"), scoped("Orders.Read"))
	portal := s.app("portal")
	s.create(api, portal)
	s.ready(api, portal)
	s.forget()

	user := s.assignment("a-users", "", "orders-api", "Orders.Run")
	user.Spec.Principal = v1alpha1.PrincipalReference{User: &v1alpha1.DirectoryObjectReference{ObjectID: s.person("ada").id}}
	s.create(user)
	s.waitsFor(user, "spec.roles[0]", "Orders.Run", "allowedMemberTypes", "User")

	foreign := s.grant("foreign", "portal", ofApp("", "orders-api"), "Orders.Read")
	foreign.Spec.Client.AppRegistrationRef.Namespace = s.neighbour
	s.create(foreign)
	s.refused(foreign, v1alpha1.ReasonInvalid, "spec.client.appRegistrationRef.namespace", s.namespace)

	principal := s.assignment("foreign", "portal", "orders-api", "Orders.Run")
	principal.Spec.Principal.AppRegistrationRef.Namespace = s.neighbour
	s.create(principal)
	s.refused(principal, v1alpha1.ReasonInvalid, "spec.principal.appRegistrationRef.namespace", s.namespace)

	identity := s.assignment("no-identity", "", "orders-api", "Orders.Run")
	identity.Spec.Principal = v1alpha1.PrincipalReference{ManagedIdentity: &v1alpha1.ManagedIdentityReference{ObjectID: portal.Status.ServicePrincipalObjectID}}
	s.create(identity)
	s.refused(identity, v1alpha1.ReasonInvalid, "spec.principal.managedIdentity", "managed identity")
	s.writesNothing()
}

// waitsFor lets time pass until an object says that it waits for all of this.
func (s *stage) waitsFor(obj object, words ...string) {
	s.t.Helper()
	s.clock.until(s.t, fmt.Sprintf("%s: waiting for %q", obj.GetName(), words), settleTime, func() bool {
		s.get(obj)
		ready := meta.FindStatusCondition(obj.Common().Conditions, v1alpha1.ConditionReady)
		return ready != nil && ready.Reason == string(v1alpha1.ReasonWaiting) && containsAll(ready.Message, words)
	})
}
