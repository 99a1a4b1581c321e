package appregistration

import (
	"fmt"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	clocktesting "k8s.io/utils/clock/testing"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

const (
	tenantID    = "8b2c0000-0000-4000-8000-000000000001"
	operatorApp = "5f0a0000-0000-4000-8000-00000000000a"
	operatorID  = "5f0a0000-0000-4000-8000-00000000000b"
	appID       = "aaaa0000-0000-4000-8000-000000000001"
	objectID    = "bbbb0000-0000-4000-8000-000000000001"
	principalID = "cccc0000-0000-4000-8000-000000000001"
	firstName   = "k8s.c1.shop.orders-api"
	secondName  = "k8s.c1.shop.orders-api_0a1b2c3d"
)

var (
	born = time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)
	now  = born.Add(time.Minute)
)

// object is an API with a scope and a role, just created.
func object(edits ...func(*v1alpha1.AppRegistration)) *v1alpha1.AppRegistration {
	obj := &v1alpha1.AppRegistration{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: "shop", Name: "orders-api", UID: "0a1b2c3d-0000-4000-8000-000000000009", Generation: 1,
			CreationTimestamp: metav1.NewTime(born),
		},
		Spec: v1alpha1.AppRegistrationSpec{
			DisplayName: "Orders API",
			API:         &v1alpha1.API{Scopes: []v1alpha1.Scope{{Value: "Orders.Read"}}},
			AppRoles: []v1alpha1.AppRole{
				{Value: "Orders.Read.All", DisplayName: "Read all orders", AllowedMemberTypes: []v1alpha1.MemberType{v1alpha1.MemberApplication}},
			},
		},
	}
	for _, edit := range edits {
		edit(obj)
	}
	return obj
}

// bound has the status of an object in sync.
func bound(obj *v1alpha1.AppRegistration) {
	obj.Status.TenantBinding = v1alpha1.TenantBinding{TenantName: "corp", TenantID: tenantID}
	obj.Status.UniqueName, obj.Status.AppID, obj.Status.ObjectID = firstName, appID, objectID
	obj.Status.ServicePrincipalObjectID, obj.Status.SecretName = principalID, "orders-api-entra"
}

func deleting(obj *v1alpha1.AppRegistration) {
	obj.DeletionTimestamp = new(metav1.NewTime(now))
	obj.Finalizers = []string{v1alpha1.Finalizer}
}

func basis() engine.Basis {
	login := "https://login.microsoftonline.com/"
	return engine.Basis{
		Namespace: engine.Namespace{Name: "shop", UID: "ns-uid"},
		Tenant: engine.Tenant{
			Name: "corp", ID: tenantID, ClusterID: "c1", ClusterUIDs: []string{"0123456789abcdef"},
			ClientIDs: []string{operatorApp}, ObjectID: operatorID, OperatorIDs: []string{operatorApp, operatorID}, AuthorityHost: login,
			Resync: time.Hour,
			Endpoints: entra.Endpoints{
				Issuer: login + tenantID + "/v2.0", Authorization: login + tenantID + "/oauth2/v2.0/authorize",
				Token: login + tenantID + "/oauth2/v2.0/token", DeviceAuthorization: login + tenantID + "/oauth2/v2.0/devicecode",
				EndSession: login + tenantID + "/oauth2/v2.0/logout", JWKS: login + tenantID + "/discovery/v2.0/keys",
				Discovery: login + tenantID + "/v2.0/.well-known/openid-configuration",
			},
		},
	}
}

func kind() *Kind {
	return &Kind{
		Gate: policy.Gate{Baseline: policy.DefaultBaseline()}, Echo: &engine.Echo{}, Clock: clocktesting.NewFakePassiveClock(now),
	}
}

// settled is the world in which nothing is left to do for the object, which names nothing else.
func settled(obj *v1alpha1.AppRegistration) World { return settledWith(obj, references{}) }

// settledWith is settled for an object that names others.
func settledWith(obj *v1alpha1.AppRegistration, found references) World {
	id := identify(obj, basis())
	d := want(obj.Spec, id, found)
	app := entra.Application{
		ObjectID: objectID, AppID: appID, UniqueName: id.first, CreatedByAppID: operatorApp, CreatedAt: born,
		ApplicationSettings: d.created(),
	}
	app.IdentifierURIs, app.PreAuthorized = d.identifierURIsOf(appID), d.preAuthorized(app.ApplicationSettings)
	world := World{
		Basis: basis(), application: entra.Present(app), found: byRecord, references: found,
		principal: entra.Present(entra.ServicePrincipal{
			ObjectID: principalID, AppID: appID, Tags: d.principalTags, AssignmentRequired: d.assignmentRequired,
		}),
	}
	if obj.Spec.Secret == nil || yes(obj.Spec.Secret.Enabled) {
		world.secret = wantedContent(obj, world).over(obj, nil)
	}
	return world
}

// unknown is the world of an object of which Entra shows nothing.
func unknown() World { return World{Basis: basis()} }

// taken over: the application was found by name, with evidence that speaks for us.
func byItsName(world World) World {
	world.found = byName
	world.evidence = evidence{owners: entra.Present([]string{operatorID}), trust: entra.Present(entra.Trust{})}
	return world
}

// allowing is a policy for every namespace.
func allowing(rules ...v1alpha1.PolicyRule) func(*World) {
	return ruling(v1alpha1.RegistrationPolicySpec{Allow: rules})
}

// ruling is a policy for every namespace, enforced.
func ruling(spec v1alpha1.RegistrationPolicySpec) func(*World) {
	policy := v1alpha1.RegistrationPolicy{ObjectMeta: metav1.ObjectMeta{Name: "rules"}, Spec: spec}
	policy.Spec.Namespaces.All = true
	return func(w *World) { w.Policies = append(slices.Clone(w.Policies), policy) }
}

// lines of a plan, as tables compare them.
func lines(p plan) []string {
	var text []string
	for _, step := range p.Steps {
		text = append(text, step.String())
	}
	if p.Refusal != nil {
		text = append(text, fmt.Sprintf("refuse %s: %s", p.Refusal.Reason, p.Refusal.Message))
	}
	if p.Wait != nil {
		text = append(text, "wait: "+p.Wait.What)
	}
	if p.Again > 0 {
		text = append(text, "look again in "+p.Again.String())
	}
	if p.Remark != "" {
		text = append(text, "remark: "+p.Remark)
	}
	if p.Unsynced != nil {
		text = append(text, fmt.Sprintf("unsynced %s: %s", p.Unsynced.Reason, p.Unsynced.Message))
	}
	return text
}

func foreignSecret() *corev1.Secret {
	return &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "orders-api-entra", UID: "theirs", ResourceVersion: "7"}}
}

func engineHands(d *directory) engine.Hands { return engine.Hands{Tenants: d} }
