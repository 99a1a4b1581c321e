package delegatedpermissiongrant

import (
	"context"
	"fmt"
	"slices"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// claim is what another live object names in the same grant.
type claim struct {
	Scopes   []string
	NotAfter *metav1.Time
}

// names tells whether the claim is to a scope, still.
func (c claim) names(scope string, now time.Time) bool {
	return slices.Contains(c.Scopes, scope) && (c.NotAfter == nil || now.Before(c.NotAfter.Time))
}

// claims are those of all other live objects. Only what both an object's spec and its status name counts: status has what was allowed,
// and a spec alone could keep a consent alive that nobody allows. A client is of its object's own namespace, so that nobody elsewhere
// has a claim.
func (k *Kind) claims(
	ctx context.Context, cluster client.Reader, obj *v1alpha1.DelegatedPermissionGrant, key entra.GrantKey,
) ([]claim, error) {
	var all v1alpha1.DelegatedPermissionGrantList
	if err := cluster.List(ctx, &all, client.InNamespace(obj.Namespace)); err != nil {
		return nil, fmt.Errorf("list delegated permission grants: %w", err)
	}
	var claims []claim
	for i := range all.Items {
		other := &all.Items[i]
		if other.Name == obj.Name || !other.DeletionTimestamp.IsZero() || keyOf(other.Status) != key {
			continue
		}
		claims = append(claims, claim{NotAfter: other.Spec.NotAfter, Scopes: only(other.Spec.Scopes, func(scope string) bool {
			return slices.Contains(other.Status.Scopes, scope)
		})})
	}
	return claims, nil
}

// claimed tells whether another live object names a scope.
func (w World) claimed(scope string) bool {
	return slices.ContainsFunc(w.Claims, func(c claim) bool { return c.names(scope, w.Now) })
}
