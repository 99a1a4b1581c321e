package permission

import (
	"slices"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

// Claim is what another live object names of the same API and of the same principal or client. Only what both its spec and its status name
// counts: status has what was allowed, and a spec alone could keep alive what nobody allows.
type Claim struct {
	UID types.UID
	// Namespace of the object.
	Namespace binding.Namespace
	// API as that namespace sees it; nil where it sees it no longer, and where it is the object's own namespace.
	API *reference.API
	// IDs of the permissions.
	IDs []string
	// NotAfter ends the claim; nil for never.
	NotAfter *metav1.Time
}

// Names reports whether the claim is to a permission, still.
func (c Claim) Names(id string, now time.Time) bool {
	return slices.Contains(c.IDs, id) && !Expired(c.NotAfter, now)
}

// Discount says whose claims do not count.
type Discount struct {
	// Namespace whose claims do not count at all; empty for none.
	Namespace string
	// UIDs of the other objects whose claims do not count.
	UIDs []types.UID
}

// Claimed reports whether one of the claims that count is to a permission.
func (d Discount) Claimed(claims []Claim, id string, now time.Time) bool {
	return slices.ContainsFunc(claims, func(c Claim) bool {
		return (d.Namespace == "" || c.Namespace.Name != d.Namespace) && !slices.Contains(d.UIDs, c.UID) && c.Names(id, now)
	})
}

// MayKeep reports whether the object of a claim may keep what it was given: policy does not want it to be taken away. The request is
// as policy sees it for that object.
func MayKeep(gate policy.Gate, review policy.Review, claim Claim, request policy.Request) bool {
	review.Namespace, review.Labels = claim.Namespace.Name, claim.Namespace.Labels
	review.Requests, review.Held = nil, []policy.Request{request}
	return !slices.ContainsFunc(gate.Evaluate(review).Excess, func(e policy.Excess) bool { return e.Revoke })
}
