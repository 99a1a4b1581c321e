package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// Basis is what every World stands on: the tenant, the namespace, and the versions of both that the decision was made with.
type Basis struct {
	Tenant    Tenant
	Namespace Namespace
	// Policies are all RegistrationPolicies, whomever they select. They are the cache's own: nobody may change them.
	Policies []v1alpha1.RegistrationPolicy
	// versions of what was read from the cluster, looked at again just before each step.
	versions []version
	// policies is the version of all of them together.
	policies string
}

func (b Basis) basis() Basis { return b }

// bound tells whether the basis is that of an object that was bound to a tenant, and not a tenant's or a policy's own.
func (b Basis) bound() bool { return len(b.versions) > 0 }

// moved gives errMoved where something that the decision rests on is another now.
func (b Basis) moved(ctx context.Context, cache client.Reader) error {
	if !b.bound() {
		return nil
	}
	for _, used := range b.versions {
		current := used.object.DeepCopyObject().(client.Object)
		if err := cache.Get(ctx, client.ObjectKeyFromObject(used.object), current); err != nil {
			return ignoreGone(err)
		}
		if markOf(current) != used.mark {
			return errMoved
		}
	}
	_, policies, err := policiesIn(ctx, cache)
	if err == nil && policies != b.policies {
		return errMoved
	}
	return err
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
	// OperatorIDs are all IDs of the operator's own identities, former and privileged ones too: of applications and of service
	// principals. What has one of them is never a principal, a client or a target.
	OperatorIDs []string
	// Endpoints of the token service.
	Endpoints entra.Endpoints
	// AuthorityHost is the base URL of the token service, with a trailing slash, as Azure's SDKs take it.
	AuthorityHost string
	// FederationAudience is the default audience of federated credentials in this cloud.
	FederationAudience string
	// Resync is how often every object is compared with Entra.
	Resync time.Duration
	// Abandoned : its objects are released without a call.
	Abandoned bool
}

// Namespace is the object's own namespace.
type Namespace struct {
	Name   string
	UID    string
	Labels map[string]string
}

// version of an object that a decision rests on.
type version struct {
	object client.Object // of the right type; its name is read again from the cache
	mark   string
}

func versionOf(obj client.Object) version { return version{object: obj, mark: markOf(obj)} }

// markOf changes with everything that a decision could rest on. A tenant's status is not among it: it counts the objects that are
// bound to it, so it moves with each of them.
func markOf(obj client.Object) string {
	if tenant, is := obj.(*v1alpha1.EntraTenant); is {
		return fmt.Sprintf("%d/%s/%s", tenant.Generation, tenant.Status.TenantID, tenant.Status.ClusterID)
	}
	return obj.GetResourceVersion()
}

// policiesIn reads all policies, without copying them, and gives their version: it moves with each spec, and with each policy that
// comes or goes.
func policiesIn(ctx context.Context, cache client.Reader) ([]v1alpha1.RegistrationPolicy, string, error) {
	var all v1alpha1.RegistrationPolicyList
	if err := cache.List(ctx, &all, client.UnsafeDisableDeepCopy); err != nil {
		return nil, "", fmt.Errorf("list policies: %w", err)
	}
	marks := make([]string, len(all.Items))
	for i := range all.Items {
		marks[i] = fmt.Sprintf("%s/%d", all.Items[i].UID, all.Items[i].Generation)
	}
	slices.Sort(marks)
	return all.Items, strings.Join(marks, " "), nil
}
