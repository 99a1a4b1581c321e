package federatedcredential

import (
	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

// status is a copy of obj that says where the credential is, and what it trusts. Nothing is said of an application that is not ours, so
// that a deletion never goes there.
func status(obj *v1alpha1.FederatedCredential, world World, diff difference, verdict policy.Verdict) *v1alpha1.FederatedCredential {
	obj = obj.DeepCopy()
	status := &obj.Status
	status.TenantName, status.TenantID = world.Tenant.Name, world.Tenant.ID
	status.ApplicationObjectID, status.ApplicationUniqueName = world.App.ObjectID, world.App.UniqueName
	status.CredentialName = diff.want.Name
	switch {
	case diff.Present && len(verdict.Denied) == 0: // what is not allowed is somebody else's
		status.Issuer, status.Subject, status.Audience = diff.have.Issuer, diff.have.Subject, diff.have.Audience
	case !diff.Present && world.Deleted:
		status.Issuer, status.Subject, status.Audience = "", "", ""
	}
	status.AnnotatedServiceAccount = accountToClean(obj, world)
	return obj
}

// accountToClean is the ServiceAccount that a deletion has to look at: the old one until our annotations are off it, then the new one.
func accountToClean(obj *v1alpha1.FederatedCredential, world World) string {
	switch {
	case len(world.FormerAccounts) > 0:
		return obj.Status.AnnotatedServiceAccount
	case world.Account == nil, annotationConflict(world) != nil && !world.Account.ours():
		return ""
	default:
		return world.Account.Name
	}
}
