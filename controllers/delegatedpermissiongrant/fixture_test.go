package delegatedpermissiongrant

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/engine/enginetest"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/permission"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

const (
	ourCluster = "0123456789abcdef"
	graphAppID = "00000003-0000-0000-c000-000000000000"
)

// today is long after the objects of these tests were created.
var today = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

type grant = v1alpha1.DelegatedPermissionGrant

// changes to the story's grant, and to a world in which it is about to be made: orders-web may use Read of orders-api.
type changes struct {
	kind  func(*Kind)
	obj   func(*grant)
	world func(*World)
}

// outcome of a decision, in words.
type outcome struct {
	reads    []string
	steps    []string
	wait     string
	again    time.Duration
	revisit  time.Duration
	reason   v1alpha1.Reason
	unsynced v1alpha1.Reason
	says     string // in the refusal, or in what is unsynced
}

func (c changes) apply() (*Kind, *grant, World) {
	kind := &Kind{Gate: policy.Gate{Baseline: policy.DefaultBaseline()}, Enabled: true}
	obj := &grant{
		ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web-reads"},
		Spec: v1alpha1.DelegatedPermissionGrantSpec{
			Client: v1alpha1.GrantClient{AppRegistrationRef: v1alpha1.LocalReference{Name: "orders-web"}},
			API:    v1alpha1.APIReference{AppRegistrationRef: &v1alpha1.AppRegistrationReference{Name: "orders-api"}},
			Scopes: []string{"Read"},
		},
	}
	world := World{
		World: permission.World{
			Binding: binding.Binding{
				Tenant: binding.Tenant{
					Name: "corp", ID: "tenant-id", ClusterUIDs: []string{ourCluster}, Operator: []string{"operator", "operator-app"},
				},
				Namespace: binding.Namespace{Name: "shop"},
			},
			API: reference.API{
				Title: `AppRegistration "orders-api"`, AppID: "api-app", ObjectID: "api", DisplayName: "The orders-api", TenantName: "corp",
				Managed: new(inShop("orders-api")), Own: true,
				Scopes: []reference.Permission{{Value: "Read", ID: "read", Enabled: true}, {Value: "Write", ID: "write", Enabled: true}},
			},
			ObservedAPI: new(entra.Present(servicePrincipal("api", "orders-api"))),
		},
		Client:         reference.App{NamespacedName: inShop("orders-web"), TenantName: "corp", ServicePrincipalObjectID: "web", AppID: "web-app"},
		Grants:         entra.Present[[]entra.Grant](nil),
		ObservedClient: new(entra.Present(entra.Client{ServicePrincipal: servicePrincipal("web", "orders-web")})),
	}
	apply(kind, c.kind)
	apply(obj, c.obj)
	apply(&world, c.world)
	return kind, obj, world
}

func apply[T any](thing T, change func(T)) {
	if change != nil {
		change(thing)
	}
}

// decide makes the decision, and fails the test where it is not pure.
func (c changes) decide(t *testing.T) decision {
	t.Helper()
	kind, obj, world := c.apply()
	return enginetest.Decide(t, kind, obj, world, today)
}

func (c changes) check(t *testing.T, want outcome) {
	t.Helper()
	plan := c.decide(t)
	got := outcome{reads: lines(plan.Reads), steps: lines(plan.Steps), again: plan.Again, revisit: plan.Revisit}
	if plan.Wait != nil {
		got.wait = plan.Wait.What
	}
	if plan.Refusal != nil {
		got.reason, got.says = plan.Refusal.Reason, plan.Refusal.Message
	}
	if plan.Unsynced != nil {
		got.unsynced, got.says = plan.Unsynced.Reason, plan.Unsynced.Message
	}
	if want.says != "" && strings.Contains(got.says, want.says) {
		got.says = want.says
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(outcome{})); diff != "" {
		t.Error(diff)
	}
}

func lines(steps []engine.Step[World]) []string {
	var lines []string
	for _, step := range steps {
		lines = append(lines, step.String())
	}
	return lines
}

func inShop(name string) types.NamespacedName {
	return types.NamespacedName{Namespace: "shop", Name: name}
}

func servicePrincipal(id, name string) entra.ServicePrincipal {
	return entra.ServicePrincipal{
		ObjectID: id, AppID: id + "-app", DisplayName: "The " + name, Type: "Application", OwnerTenantID: "tenant-id",
		Tags: tags("shop/"+name, ourCluster),
	}
}

func tags(object, cluster string) []string {
	return []string{"managed-by:entra-registrar", "k8s-cluster:c1", "k8s-cluster-uid:" + cluster, "k8s-object:" + object}
}

// holding is a world in which the client has consent to these scopes for all users.
func holding(scopes ...string) func(*World) {
	return func(w *World) {
		w.Grants = entra.Present([]entra.Grant{
			{ID: "other", GrantKey: entra.GrantKey{ClientID: "web", ResourceID: "other"}, Scopes: []string{"Write"}},
			{ID: "one", GrantKey: entra.GrantKey{ClientID: "web", ResourceID: "api", UserID: "ann"}, Scopes: []string{"Write"}},
			{ID: "all", GrantKey: entra.GrantKey{ClientID: "web", ResourceID: "api"}, Scopes: scopes},
		})
	}
}

// sharing is a world in which another live object names these scopes.
func sharing(scopes ...string) func(*World) {
	return func(w *World) { w.Claims = append(w.Claims, permission.Claim{IDs: scopes}) }
}

// wants for these scopes.
func wants(scopes ...string) func(*grant) {
	return func(g *grant) { g.Spec.Scopes = scopes }
}

// recorded is an object that named these scopes, and saw them.
func recorded(scopes ...string) func(*grant) {
	return func(g *grant) {
		g.Status.TenantBinding = v1alpha1.TenantBinding{TenantName: "corp", TenantID: "tenant-id"}
		g.Status.ClientObjectID, g.Status.APIObjectID, g.Status.Scopes = "web", "api", scopes
		if g.Spec.User != nil {
			g.Status.UserObjectID = string(g.Spec.User.ObjectID)
		}
	}
}

// pending is an object that has not seen these yet.
func pending(scopes ...string) func(*grant) {
	return func(g *grant) { g.Status.Pending = scopes }
}

// deleting is recorded, and being deleted.
func deleting(scopes ...string) func(*grant) {
	return func(g *grant) {
		recorded(scopes...)(g)
		g.DeletionTimestamp = &metav1.Time{Time: time.Unix(1, 0)}
	}
}

func until(after time.Duration) func(*grant) {
	return func(g *grant) { g.Spec.NotAfter = &metav1.Time{Time: today.Add(after)} }
}

func repairing(how v1alpha1.Repair) func(*grant) {
	return func(g *grant) { g.Spec.Repair = how }
}

// both applies changes to the same thing, one after the other.
func both[T any](all ...func(T)) func(T) {
	return func(thing T) {
		for _, one := range all {
			apply(thing, one)
		}
	}
}

func denyAll(k *Kind) { k.Gate = policy.Gate{} }
