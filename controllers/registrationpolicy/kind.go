// Package registrationpolicy is the kind RegistrationPolicy: what namespaces may ask for. The gate reads policies itself; this tells
// whom a policy selects, what it denies, and what in it cannot work. It makes nothing in Entra, and asks it nothing.
package registrationpolicy

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

// Kind is RegistrationPolicy on the engine's path.
type Kind struct {
	// Cache of namespaces and EntraTenants, kept by watches.
	Cache client.Reader
	// Verdicts of the gate, which count what is denied; nil counts nothing.
	Verdicts *policy.VerdictCache
}

// +kubebuilder:rbac:groups=entra-registrar.dev,resources=registrationpolicies,verbs=get;list;watch
// +kubebuilder:rbac:groups=entra-registrar.dev,resources=registrationpolicies/status,verbs=patch
// +kubebuilder:rbac:groups=entra-registrar.dev,resources=entratenants,verbs=get;list;watch
// +kubebuilder:rbac:groups="",resources=namespaces,verbs=get;list;watch

const (
	// recount is how often the counts are refreshed, from memory.
	recount = time.Minute
	// maxNamespaces is how many status names.
	maxNamespaces = 100
	// maxFaults keeps a message readable.
	maxFaults = 10
)

// World is what is told about a policy.
type World struct {
	binding.Binding
	// Namespaces that it selects, sorted.
	Namespaces []string
	// UnknownTenants are entries of spec.tenants that no EntraTenant has for a name.
	UnknownTenants []string
	// Denied and WouldDeny are how many objects are touched by it.
	Denied, WouldDeny int
}

// Read looks at the cluster alone. What it lists is the cache's own, and is not changed.
func (k *Kind) Read(ctx context.Context, obj *v1alpha1.RegistrationPolicy) (World, error) {
	var world World
	var namespaces corev1.NamespaceList
	if err := k.Cache.List(ctx, &namespaces, client.UnsafeDisableDeepCopy); err != nil {
		return world, fmt.Errorf("list namespaces: %w", err)
	}
	for _, namespace := range namespaces.Items {
		if obj.Spec.Namespaces.Selects(namespace.Name, namespace.Labels) {
			world.Namespaces = append(world.Namespaces, namespace.Name)
		}
	}
	slices.Sort(world.Namespaces)
	var tenants v1alpha1.EntraTenantList
	if err := k.Cache.List(ctx, &tenants, client.UnsafeDisableDeepCopy); err != nil {
		return world, fmt.Errorf("list tenants: %w", err)
	}
	for _, name := range obj.Spec.Tenants {
		if !slices.ContainsFunc(tenants.Items, func(t v1alpha1.EntraTenant) bool { return t.Name == name }) {
			world.UnknownTenants = append(world.UnknownTenants, name)
		}
	}
	world.Denied, world.WouldDeny = k.Verdicts.Counts(obj.Name)
	return world, nil
}

// Decide says what in the policy cannot work, whom it selects and how much it denies. What cannot work allows nothing; the rest counts
// meanwhile.
func (k *Kind) Decide(obj *v1alpha1.RegistrationPolicy, world World, _ time.Time) engine.Decision[*v1alpha1.RegistrationPolicy, World] {
	obj = obj.DeepCopy()
	obj.Status.Namespaces = slices.Clone(world.Namespaces[:min(len(world.Namespaces), maxNamespaces)])
	obj.Status.Selected = clamp(len(world.Namespaces))
	obj.Status.Denied, obj.Status.WouldDeny = clamp(world.Denied), clamp(world.WouldDeny)
	decided := engine.Decision[*v1alpha1.RegistrationPolicy, World]{Object: obj, Revisit: recount}
	faults, remarks := policy.Check(obj.Spec)
	for _, name := range world.UnknownTenants {
		remarks = append(remarks, fmt.Sprintf("spec.tenants: no EntraTenant is called %q", name))
	}
	switch {
	case len(faults) > 0:
		decided.Refusal = engine.Refuse(v1alpha1.ReasonInvalid, "%s", firstTen(faults))
	case len(remarks) > 0:
		decided.Remark = "the policy counts; " + firstTen(remarks)
	}
	return decided
}

func clamp(count int) int32 { return int32(max(0, min(count, math.MaxInt32))) }

func firstTen(texts []string) string {
	more := ""
	if len(texts) > maxFaults {
		more = fmt.Sprintf("; and %d more", len(texts)-maxFaults)
		texts = texts[:maxFaults]
	}
	return strings.Join(texts, "; ") + more
}

// Watches are namespaces that come, go, or change their labels, and tenants that come or go.
func (k *Kind) Watches(*engine.OwnWrites) []engine.Watch {
	every := func(*v1alpha1.RegistrationPolicy, client.Object) bool { return true }
	everyPolicy := engine.Everywhere(k.Cache, &v1alpha1.RegistrationPolicyList{}, every)
	return []engine.Watch{
		{Object: &corev1.Namespace{}, Wakes: everyPolicy, When: engine.Changed(func(n *corev1.Namespace) any { return n.Labels })},
		{Object: &v1alpha1.EntraTenant{}, Wakes: everyPolicy, When: engine.Changed(func(t *v1alpha1.EntraTenant) any { return t.Name })},
	}
}
