package approleassignment

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

const ourCluster = "0123456789abcdef"

// changes to the story's assignment, and to a world in which it is about to be made.
type changes struct {
	kind  func(*Kind)
	obj   func(*v1alpha1.AppRoleAssignment)
	world func(*World)
}

// outcome of a decision, in words.
type outcome struct {
	reads   []string
	steps   []string
	wait    string
	polled  bool // no watch wakes it
	again   time.Duration
	reason  v1alpha1.Reason
	says    string // in the refusal
	tells   string // beside Ready
	revisit time.Duration
}

func (c changes) apply() (*Kind, *v1alpha1.AppRoleAssignment, World) {
	kind := &Kind{Gate: policy.Gate{Baseline: policy.DefaultBaseline()}, Enabled: true}
	obj := &v1alpha1.AppRoleAssignment{
		ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "orders-worker-reads"},
		Spec: v1alpha1.AppRoleAssignmentSpec{
			Principal: v1alpha1.PrincipalReference{AppRegistrationRef: &v1alpha1.LocalReference{Name: "orders-worker"}},
			API:       v1alpha1.APIReference{AppRegistrationRef: &v1alpha1.AppRegistrationReference{Name: "orders-api"}},
			Roles:     []string{"Read"},
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
				Managed: &types.NamespacedName{Namespace: "shop", Name: "orders-api"}, Own: true,
				AppRoles: []reference.Permission{role("Read"), role("Write")},
			},
			ObservedAPI: new(entra.Present(servicePrincipal("api", "orders-api"))),
		},
		ObservedPrincipal: entra.Present(entra.Client{ServicePrincipal: servicePrincipal("worker", "orders-worker")}),
	}
	if c.kind != nil {
		c.kind(kind)
	}
	if c.obj != nil {
		c.obj(obj)
	}
	app := reference.App{}
	if obj.Spec.Principal.AppRegistrationRef != nil {
		app = reference.App{
			NamespacedName: types.NamespacedName{Namespace: "shop", Name: "orders-worker"}, TenantName: "corp",
			AppID: "worker-app", ServicePrincipalObjectID: "worker",
		}
	}
	world.Principal = principalOf(obj.Spec.Principal, app)
	if c.world != nil {
		c.world(&world)
	}
	return kind, obj, world
}

// role is one that applications can be given.
func role(value string) reference.Permission {
	return reference.Permission{Value: value, ID: strings.ToLower(value), Enabled: true, Applications: true}
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
		got.wait, got.polled = plan.Wait.What, !plan.Wait.Watched
	}
	if plan.Unsynced != nil {
		got.reason, got.tells = plan.Unsynced.Reason, plan.Unsynced.Message
		if want.tells != "" && strings.Contains(got.tells, want.tells) {
			got.tells = want.tells
		}
	}
	if plan.Refusal != nil {
		got.reason, got.says = plan.Refusal.Reason, plan.Refusal.Message
		if want.says != "" && strings.Contains(got.says, want.says) {
			got.says = want.says
		}
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

func servicePrincipal(id, name string) entra.ServicePrincipal {
	return entra.ServicePrincipal{
		ObjectID: id, AppID: id + "-app", DisplayName: "The " + name, Type: "Application", OwnerTenantID: "tenant-id",
		Tags: tags("shop/"+name, ourCluster),
	}
}

func tags(object, cluster string) []string {
	return []string{"managed-by:entra-registrar", "k8s-cluster:c1", "k8s-cluster-uid:" + cluster, "k8s-object:" + object}
}

// given is a world in which the worker has these roles of the API.
func given(roles ...string) func(*World) {
	return func(w *World) {
		for _, role := range roles {
			w.ObservedPrincipal.Value.Assignments = append(w.ObservedPrincipal.Value.Assignments, entra.Assignment{
				ID: "id-of-" + role, PrincipalID: "worker", ResourceID: "api", AppRoleID: role,
			})
		}
	}
}

// recorded is an object that gave these roles, each with its value's ID in lower case.
func recorded(values ...string) func(*v1alpha1.AppRoleAssignment) {
	return func(a *v1alpha1.AppRoleAssignment) {
		a.Status.TenantBinding = v1alpha1.TenantBinding{TenantName: "corp", TenantID: "tenant-id"}
		a.Status.PrincipalObjectID, a.Status.APIObjectID = "worker", "api"
		for _, value := range values {
			a.Status.Roles = append(a.Status.Roles, v1alpha1.NamedID{Value: value, ID: strings.ToLower(value)})
		}
	}
}

// confirmed is a world in which these roles have just been seen.
func confirmed(roles ...string) func(*World) {
	return func(w *World) { w.Confirmed = roles }
}

// deleting is recorded, and being deleted.
func deleting(values ...string) func(*v1alpha1.AppRoleAssignment) {
	return func(a *v1alpha1.AppRoleAssignment) {
		recorded(values...)(a)
		a.DeletionTimestamp = &metav1.Time{Time: time.Unix(1, 0)}
	}
}

// both applies changes to the same thing, one after the other.
func both[T any](all ...func(T)) func(T) {
	return func(thing T) {
		for _, one := range all {
			if one != nil {
				one(thing)
			}
		}
	}
}

func wants(roles ...string) func(*v1alpha1.AppRoleAssignment) {
	return func(a *v1alpha1.AppRoleAssignment) { a.Spec.Roles = roles }
}

// allowing is a policy that lets principals of a kind have any role of any API that these tests name, unless it is tier 0.
func allowing(kind v1alpha1.PrincipalKind, change ...func(*v1alpha1.RegistrationPolicySpec)) func(*World) {
	return func(w *World) {
		spec := v1alpha1.RegistrationPolicySpec{Namespaces: v1alpha1.NamespaceSelection{All: true}}
		for _, api := range []v1alpha1.PolicyAPI{{OwnNamespace: true}, {AllowedConsumer: true}, {WellKnown: v1alpha1.MicrosoftGraph}} {
			spec.Allow = append(spec.Allow, v1alpha1.PolicyRule{Assign: &v1alpha1.AssignRule{
				Principals: []v1alpha1.PolicyPrincipal{{Kind: kind}}, API: api, Roles: []string{policy.Any},
			}})
		}
		both(change...)(&spec)
		w.Policies = append(w.Policies, v1alpha1.RegistrationPolicy{ObjectMeta: metav1.ObjectMeta{Name: "open"}, Spec: spec})
	}
}

// lacking is a world in which a reference of a bound object leads nowhere.
func lacking(w *World) {
	w.Missing, w.API.AppRoles = &engine.Wait{What: "something is missing", Watched: true}, nil
}

func withheld(w *World) { w.Withheld = true }

// lag is how soon to look again for what Entra does not show.
const lag = engine.Lag

func denyAll(k *Kind) { k.Gate = policy.Gate{} }

// today is long after the objects of these tests were created.
var today = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
