package e2e

import (
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/rule"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/signin"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/with"
)

// Applications that refer to each other become Ready.
func TestReferences_CycleSettles(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	referring := func(name, other string) *v1alpha1.AppRegistration {
		app := e.AppRegistration(name, with.Scopes("Use"), with.AppRoles("Run"), with.Permissions(with.OfApp("", other), []string{"Use"}, "Run"))
		client := v1alpha1.ClientReference{AppRegistrationRef: &v1alpha1.LocalReference{Name: other}}
		app.Spec.API.PreAuthorizedClients = []v1alpha1.PreAuthorizedClient{{Client: client, Scopes: []string{"Use"}}}
		app.Spec.API.KnownClients = []v1alpha1.ClientReference{client}
		return app
	}
	left := referring("left", "right")
	right := referring("right", "left")
	e.Cluster.Create(left, right)
	if took := e.Status.WaitReady(left, right); took > 2*time.Minute {
		t.Errorf("settled after %s", took)
	}
	for _, app := range []*v1alpha1.AppRegistration{left, right} {
		if len(app.Status.Permissions) != 2 {
			t.Errorf("%s declares %v", app.Name, app.Status.Permissions)
		}
	}
	e.Remove(left)
	e.Status.WaitCondition(right, v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonWaiting)
	e.Remove(right)
}

// What is missing is named, and found once it is there.
func TestReferences_MissingIsNamedAndThenFound(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	app := e.AppRegistration("portal", with.Permissions(with.OfApp("", "orders-api"), []string{"Orders.Read"}))
	grant := e.Grant("portal-reads", "portal", with.OfApp("", "orders-api"), "Orders.Read")
	assignment := e.Assignment("portal-runs", "portal", "orders-api", "Orders.Run")
	e.Cluster.Create(app, grant, assignment)
	for _, obj := range []env.Object{app, grant, assignment} {
		e.Status.WaitWaiting(obj, `AppRegistration "orders-api" does not exist`)
	}
	if app.Status.AppID == "" {
		t.Error("the application waits for what it needs only later")
	}

	api := e.AppRegistration("orders-api")
	e.Cluster.Create(api)
	e.Status.WaitReady(api)
	e.Status.WaitWaiting(app, "spec.permissions[0].delegated[0]", "Orders.Read")
	e.Status.WaitWaiting(grant, "spec.scopes[0]", "Orders.Read")
	e.Status.WaitWaiting(assignment, "spec.roles[0]", "Orders.Run")

	env.Edit(e.Cluster, api, func(o *v1alpha1.AppRegistration) {
		with.Scopes("Orders.Read")(&o.Spec)
		with.AppRoles("Orders.Run")(&o.Spec)
	})
	if took := e.Status.WaitReady(app, grant, assignment); took > time.Minute {
		t.Errorf("found after %s: a watch causes a reconcile at once", took)
	}
}

// A wrong name is told with the nearest right one, and Entra is asked no more than once a minute.
func TestPermissions_WrongNameListsNearestAndIsAskedRarely(t *testing.T) {
	t.Parallel()
	e := env.New(t, env.WithPolicy(rule.Consent("*"), rule.Declare([]string{"*"})))
	app := e.AppRegistration("portal", with.Permissions(with.MicrosoftGraph, []string{"User.Raed", "openid"}))
	grant := e.Grant("portal-reads", "portal", with.MicrosoftGraph, "User.Raed")
	stranger := e.Grant("stranger", "portal", v1alpha1.APIReference{AppID: "aaaaaaaa-0000-4000-8000-000000000001"}, "Read")
	e.Cluster.Create(app, grant, stranger)
	e.Status.WaitWaiting(app, "spec.permissions[0].delegated[0]", "User.Raed", `"User.Read"`)
	e.Status.WaitWaiting(grant, "spec.scopes[0]", "User.Raed", `"User.Read"`)
	e.Status.WaitWaiting(stranger, "az ad sp create --id aaaaaaaa")
	e.Requests.Reset()
	e.Clock.PassHours(time.Hour)
	e.Requests.CheckNoWrites()
	if reads := len(e.Requests.Traffic().Reads); reads > 3*3*8 { // 1, 2, 4 … 30 minutes: 6 looks an hour, and a resync
		t.Errorf("%d reads in an hour", reads)
	}
	env.Edit(e.Cluster, grant, func(o *v1alpha1.DelegatedPermissionGrant) { o.Spec.Scopes = []string{"User.Read"} })
	e.Status.WaitReady(grant)
}

// A refusal names the field, what is wrong with it and what to do.
func TestPermissions_RefusalNamesFieldAndRemedy(t *testing.T) {
	t.Parallel()
	e := env.New(t, env.WithPolicy(
		rule.Assign(v1alpha1.PrincipalUser, rule.OwnAPIs, "*"), rule.Assign(v1alpha1.PrincipalManagedIdentity, rule.OwnAPIs, "*"),
	))
	api := e.AppRegistration("orders-api", with.AppRoles("Orders.Run"), with.Scopes("Orders.Read"))
	portal := e.AppRegistration("portal")
	e.Cluster.Create(api, portal)
	e.Status.WaitReady(api, portal)
	e.Requests.Reset()

	user := e.Assignment("a-users", "", "orders-api", "Orders.Run")
	user.Spec.Principal = v1alpha1.PrincipalReference{User: &v1alpha1.DirectoryObjectReference{ObjectID: v1alpha1.GUID(signin.NewPerson(e, "ada").ID)}}
	e.Cluster.Create(user)
	e.Status.WaitWaiting(user, "spec.roles[0]", "Orders.Run", "allowedMemberTypes", "User")

	identity := e.Assignment("no-identity", "", "orders-api", "Orders.Run")
	identity.Spec.Principal = v1alpha1.PrincipalReference{
		ManagedIdentity: &v1alpha1.ManagedIdentityReference{ObjectID: v1alpha1.GUID(portal.Status.ServicePrincipalObjectID)},
	}
	e.Cluster.Create(identity)
	e.Status.WaitStalled(identity, v1alpha1.ReasonInvalid, "spec.principal.managedIdentity", "managed identity")
	e.Requests.CheckNoWrites()
}
