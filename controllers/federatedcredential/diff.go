package federatedcredential

import (
	"slices"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

// review asks the gate. What this object was allowed before, and has, is held; what it is to have besides is new. A credential of its
// name that somebody else made is new too.
func (k *Kind) review(obj *v1alpha1.FederatedCredential, world World) policy.Verdict {
	want := k.desired(obj, world.Tenant)
	have, exists := world.named(want.Name)
	ask := policy.Review{
		Kind: "FederatedCredential", Namespace: obj.Namespace, Name: obj.Name,
		Labels: world.Namespace.Labels, Tenant: world.Tenant.Name, Policies: world.Policies,
		Operator: world.Tenant.OperatorIDs, Targets: []string{world.App.ObjectID, world.App.AppID},
	}
	held := exists && recorded(obj, have)
	if held {
		ask.Held = []policy.Request{k.tuple(obj, world, have)}
	}
	if patch := difference(have, want); !held || patch.Retargets() {
		ask.Requests = []policy.Request{k.tuple(obj, world, want)}
	}
	if want.Issuer == world.Tenant.Endpoints.Issuer { // a managed identity by its object ID, however it is spelled
		ask.Targets = append(ask.Targets, want.Subject)
	}
	return k.Gate.Evaluate(ask)
}

func (k *Kind) tuple(obj *v1alpha1.FederatedCredential, world World, c entra.FederatedCredential) policy.Request {
	return policy.Federation{
		Path: asking(obj), Issuer: c.Issuer, Subject: c.Subject, Audience: c.Audience,
		ClusterIssuer: k.Issuer, TenantIssuer: world.Tenant.Endpoints.Issuer,
		Namespace: obj.Namespace, CloudAudience: world.Tenant.FederationAudience,
	}
}

// recorded tells whether obj has made, or been allowed to take over, the credential as it is.
func recorded(obj *v1alpha1.FederatedCredential, have entra.FederatedCredential) bool {
	status := obj.Status
	return status.Subject != "" && status.Issuer == have.Issuer && status.Subject == have.Subject && status.Audience == have.Audience
}

// revoked tells whether what the object has must go.
func revoked(verdict policy.Verdict) bool {
	return slices.ContainsFunc(verdict.Excess, func(e policy.Excess) bool { return e.Revoke })
}

// excess says what the object has and would not be given today; nil where it has no such thing.
func excess(verdict policy.Verdict) *engine.Refusal {
	kept := verdict.Kept()
	if kept == "" {
		return nil
	}
	return &engine.Refusal{Reason: v1alpha1.ReasonDenied, Message: kept}
}
