// Package permission is what AppRoleAssignment and DelegatedPermissionGrant have in common: both give permissions of an API that carry no
// mark in Entra, and that several objects, and people too, may give. An object takes away only what its own status names, and only where no
// other live object names it.
package permission

import (
	"context"
	"slices"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

// World is what the decisions of both kinds rest on.
type World struct {
	binding.Binding
	// API is what the spec names; in a deletion, and where something is Missing, what status tells. It is only a hint until ObservedAPI
	// confirms it.
	API reference.API
	// Missing is what the spec's references lack, so that nothing new can be given; nil where they lack nothing.
	Missing *engine.Wait
	// Withheld is true where what is missing is the consent of the API's owner, or the API of another namespace itself.
	Withheld bool
	// ObservedAPI is the API's service principal in Entra; nil where it was not asked for: what nobody changes needs no confirmation.
	ObservedAPI *entra.Observed[entra.ServicePrincipal]
	// Claims are what other live objects name.
	Claims []Claim
	// Taken are the IDs of permissions that were taken away a moment ago, Confirmed of those that were seen or given since status names them.
	Taken, Confirmed []string
	// Spared are the IDs of permissions that were not taken away, because another object claimed them at the last moment.
	Spared []string
}

// ReadAPI asks for the API's service principal.
func (w *World) ReadAPI(ctx context.Context, reader entra.Reader) error {
	observed, err := entra.Observe(reader.API(ctx, w.API.ObjectID))
	if err == nil {
		w.ObservedAPI = &observed
	}
	return err
}

// APIMismatch says why the service principal that Entra shows is not the API's; nil where it is.
func (w World) APIMismatch() *engine.Refusal {
	shown := w.ObservedAPI.Value
	if refusal := w.API.Confirm(shown, w.Tenant); refusal != nil {
		return refusal
	}
	if w.API.AppID != "" && shown.AppID != w.API.AppID {
		return engine.Refuse(v1alpha1.ReasonConflict,
			"service principal %s is of application %s, and not that of %s", shown.ObjectID, shown.AppID, w.API.Title)
	}
	return nil
}

// Review is what the gate is asked, without the permissions.
func (w World) Review(kind string, obj client.Object, justification string) policy.Review {
	return policy.Review{
		Kind: kind, Namespace: obj.GetNamespace(), Labels: w.Namespace.Labels, Tenant: w.Tenant.Name,
		Policies: w.Policies, Operator: w.Tenant.Operator, Justification: justification,
	}
}

// Claim is what another live object names of the same API and of the same principal or client. Only what both its spec and its status name
// counts: status has what was allowed, and a spec alone could keep alive what nobody allows.
type Claim struct {
	UID       types.UID
	Namespace binding.Namespace
	// API as that namespace sees it; nil where it sees it no longer, and where it is the object's own namespace.
	API *reference.API
	// IDs of the permissions that it names.
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

// Expired reports whether notAfter has passed.
func Expired(notAfter *metav1.Time, now time.Time) bool {
	return notAfter != nil && !now.Before(notAfter.Time)
}

// Lifetime is how long it is until notAfter; zero where there is none, and where it has passed.
func Lifetime(notAfter *metav1.Time, now time.Time) time.Duration {
	if notAfter == nil {
		return 0
	}
	return max(0, notAfter.Sub(now))
}
