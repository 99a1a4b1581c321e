package federatedcredential

import (
	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

// difference between the credential that a spec asks for and the one that Entra has under its name.
type difference struct {
	// State of the trust that is there; of the one that is asked for where there is none.
	policy.State
	have, want entra.FederatedCredential
	// path of the field that names the subject.
	path string
	// patch makes want of have, and changed are the properties in it.
	patch   entra.FederatedCredentialPatch
	changed []string
}

func (k *Kind) compare(obj *v1alpha1.FederatedCredential, world World) difference {
	var diff difference
	diff.want, diff.path = k.desired(obj, world.Tenant)
	diff.have, diff.Present = world.credential(diff.want.Name)
	diff.patch, diff.changed = patchOf(diff.have, diff.want)
	diff.Wanted = !diff.Present || !diff.patch.Retargets()
	trust := diff.want
	if diff.Present {
		trust = diff.have
	}
	status := obj.Status
	diff.Recorded = status.Subject != "" &&
		status.Issuer == trust.Issuer && status.Subject == trust.Subject && status.Audience == trust.Audience
	return diff
}

// patchOf is what has to change for have to become want, with the names of what changes.
func patchOf(have, want entra.FederatedCredential) (patch entra.FederatedCredentialPatch, changed []string) {
	for _, property := range []struct {
		name       string
		field      **string
		have, want string
	}{
		{"issuer", &patch.Issuer, have.Issuer, want.Issuer},
		{"subject", &patch.Subject, have.Subject, want.Subject},
		{"audience", &patch.Audience, have.Audience, want.Audience},
		{"description", &patch.Description, have.Description, want.Description},
	} {
		if property.have != property.want {
			*property.field, changed = &property.want, append(changed, property.name)
		}
	}
	return patch, changed
}

// review is what the gate is asked. What this object was allowed before, and has, is held; what it is to have besides is new. A credential
// of its name that somebody else made is new too.
func (k *Kind) review(obj *v1alpha1.FederatedCredential, world World, diff difference) policy.Review {
	review := policy.Review{
		Kind: "FederatedCredential", Namespace: obj.Namespace,
		Labels: world.Namespace.Labels, Tenant: world.Tenant.Name, Policies: world.Policies,
		Operator: world.Tenant.Operator, Targets: []string{world.App.ObjectID, world.App.AppID},
	}
	if diff.Held() || diff.Leftover() {
		review.Held = []policy.Request{k.request(obj, world, diff, diff.have)}
	}
	if !diff.Held() {
		review.Requests = []policy.Request{k.request(obj, world, diff, diff.want)}
	}
	if diff.want.Issuer == world.Tenant.Endpoints.Issuer { // a managed identity by its object ID, however it is spelled
		review.Targets = append(review.Targets, diff.want.Subject)
	}
	return review
}

func (k *Kind) request(obj *v1alpha1.FederatedCredential, world World, diff difference, c entra.FederatedCredential) policy.Request {
	return policy.Federation{
		Path: diff.path, Issuer: c.Issuer, Subject: c.Subject, Audience: c.Audience,
		ClusterIssuer: k.Issuer, TenantIssuer: world.Tenant.Endpoints.Issuer,
		Namespace: obj.Namespace, CloudAudience: world.Tenant.FederationAudience,
	}
}
