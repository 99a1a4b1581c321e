// Package binding takes an object to its tenant, its namespace, the policies and the open connection, the same way for every kind, and
// reports whether these have changed since.
package binding

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// Binding is what every World stands on: the tenant, the namespace, the policies, and the versions of these that the decision was made
// with.
type Binding struct {
	Tenant    Tenant
	Namespace Namespace
	// Policies are all RegistrationPolicies, whomever they select. They are the cache's own: nobody may change them.
	Policies []v1alpha1.RegistrationPolicy
	// versions of what was read from the cluster, looked at again just before each step.
	versions []version
	// policies is the version of all of them together.
	policies string
}

// Tenancy is what the engine needs to know of the tenant.
func (b Binding) Tenancy() engine.Tenancy {
	return engine.Tenancy{Key: b.Tenant.Key, TenantID: b.Tenant.ID, ResyncInterval: b.Tenant.ResyncInterval}
}

// Stale reports whether the tenant, the namespace or the policies have changed since the object was bound. What was not bound to a
// tenant, a tenant itself or a policy, is never stale.
func (b Binding) Stale(ctx context.Context, cache client.Reader) (bool, error) {
	if len(b.versions) == 0 {
		return false, nil
	}
	for _, used := range b.versions {
		current := used.object.DeepCopyObject().(client.Object)
		err := cache.Get(ctx, client.ObjectKeyFromObject(used.object), current)
		if err == nil && fingerprint(current) == used.fingerprint {
			continue
		}
		return err == nil || apierrors.IsNotFound(err), client.IgnoreNotFound(err)
	}
	_, policies, err := readPolicies(ctx, cache)
	return err == nil && policies != b.policies, err
}

// Tenant is an EntraTenant that has been reached, as kinds need it.
type Tenant struct {
	// Name of the EntraTenant.
	Name string
	// Key under which steps find the open connection.
	Key entra.TenantKey
	// ID of the directory.
	ID string
	// ClusterID is this cluster's name in names and tags.
	ClusterID string
	// ClusterUIDs are values of the tag k8s-cluster-uid that are ours: the current one first, then former ones.
	ClusterUIDs []string
	// ClientIDs are application IDs that are ours: the current one first, then former ones.
	ClientIDs []string
	// ObjectID of the operator's own service principal.
	ObjectID string
	// Operator is all IDs of the operator's own identities, former and privileged ones too.
	Operator entra.OperatorIDs
	// Endpoints of the token service.
	Endpoints entra.Endpoints
	// AuthorityHost is the base URL of the token service, with a trailing slash, as Azure's SDKs take it.
	AuthorityHost string
	// FederationAudience is the default audience of federated credentials in this cloud.
	FederationAudience string
	// ResyncInterval is how often every object is compared with Entra.
	ResyncInterval time.Duration
	// Abandoned is true where its objects are let go without a call.
	Abandoned bool
}

// Namespace is the object's own namespace.
type Namespace struct {
	Name, UID string
	Labels    map[string]string
}

// version of an object that a decision rests on.
type version struct {
	object      client.Object // of the right type; its name is read again from the cache
	fingerprint string
}

func versionOf(obj client.Object) version { return version{object: obj, fingerprint: fingerprint(obj)} }

// fingerprint changes with everything that a decision could rest on. A tenant's status is not among it: it counts the objects that are
// bound to it, so it moves with each of them.
func fingerprint(obj client.Object) string {
	if tenant, is := obj.(*v1alpha1.EntraTenant); is {
		return fmt.Sprintf("%d/%s/%s", tenant.Generation, tenant.Status.TenantID, tenant.Status.ClusterID)
	}
	return obj.GetResourceVersion()
}

// readPolicies reads all policies, without copying them, and gives their version: it moves with each spec, and with each policy that comes
// or goes.
func readPolicies(ctx context.Context, cache client.Reader) ([]v1alpha1.RegistrationPolicy, string, error) {
	var all v1alpha1.RegistrationPolicyList
	if err := cache.List(ctx, &all, client.UnsafeDisableDeepCopy); err != nil {
		return nil, "", fmt.Errorf("list policies: %w", err)
	}
	versions := make([]string, len(all.Items))
	for i := range all.Items {
		versions[i] = fmt.Sprintf("%s/%d", all.Items[i].UID, all.Items[i].Generation)
	}
	slices.Sort(versions)
	return all.Items, strings.Join(versions, " "), nil
}

// Watches are the watches of every kind that is bound to a tenant: its tenant and its namespace. Uses reports whether an object is
// bound to a tenant of that name, or may come to be.
func Watches[T client.Object](cache client.Reader, list client.ObjectList, uses func(obj T, tenant string) bool) []engine.Watch {
	return []engine.Watch{
		{
			Object: &v1alpha1.EntraTenant{},
			Wakes:  engine.InNamespace(cache, list, func(obj T, tenant client.Object) bool { return uses(obj, tenant.GetName()) }),
			When: engine.Changed(func(tenant *v1alpha1.EntraTenant) any {
				return []string{fingerprint(tenant), tenant.Status.AppID, tenant.Status.ServicePrincipalObjectID}
			}),
		},
		{
			Object: &corev1.Namespace{},
			Wakes:  engine.InNamespace(cache, list, func(T, client.Object) bool { return true }),
			When:   engine.Changed(func(namespace *corev1.Namespace) any { return namespace.Labels }),
		},
	}
}
