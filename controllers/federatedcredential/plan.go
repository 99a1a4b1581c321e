package federatedcredential

import (
	"fmt"
	"slices"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

// decideCredential on an application that is ours.
func (k *Kind) decideCredential(obj *v1alpha1.FederatedCredential, world World, diff difference, verdict policy.Verdict) decision {
	older := k.olderClaim(obj, world, diff.want)
	switch {
	case diff.Present && (revoked(verdict) || older != nil && sameSubject(diff.have, diff.want)):
		return take(remove{diff.have})
	case diff.want.Issuer == "":
		return refuse(v1alpha1.ReasonInvalid,
			"%s: the issuer of this cluster's ServiceAccount tokens is not known: start the manager with --service-account-issuer", diff.path)
	case len(verdict.Denied) > 0:
		return refuse(v1alpha1.ReasonDenied, "%s", policy.Message(verdict.Denied))
	case older != nil:
		return refuse(v1alpha1.ReasonConflict,
			"%s: FederatedCredential %s, which is older, trusts subject %q of issuer %q on this application: Entra takes each subject of an issuer once",
			diff.path, client.ObjectKeyFromObject(older), diff.want.Subject, diff.want.Issuer)
	}
	decided := k.decideWrite(obj, world, diff)
	if kept := verdict.KeptMessage(); kept != "" {
		decided.Unsynced = &engine.Refusal{Reason: v1alpha1.ReasonDenied, Message: kept}
	}
	decided.Remark = verdict.WouldDenyMessage()
	return decided
}

// revoked reports whether what the object has must go.
func revoked(verdict policy.Verdict) bool {
	return slices.ContainsFunc(verdict.Excess, func(e policy.Excess) bool { return e.Revoke })
}

// decideWrite says what is to be written of a trust that is allowed.
func (k *Kind) decideWrite(obj *v1alpha1.FederatedCredential, world World, diff difference) decision {
	if diff.Present && diff.patch.Empty() {
		return decision{}
	}
	if !diff.Present || diff.patch.Retargets() { // tokens would be trusted that are not trusted yet
		if decided, blocked := k.checkNewTrust(obj, world, diff); blocked {
			return decided
		}
	}
	switch name := obj.Spec.AppRegistrationRef.Name; {
	case world.App.Deleting:
		return decision{Wait: new(reference.DeletingWait(name))}
	case world.App.Disabled, world.Trust.Value.Disabled:
		return decision{Refusal: reference.DisabledRefusal(fmt.Sprintf("the application of AppRegistration %q", name))}
	case diff.Present:
		return take(update{diff.have, diff.patch, diff.changed})
	default:
		return take(create{diff.want})
	}
}

// checkNewTrust reports whether something keeps Entra from taking a new trust, and what to do about it.
func (k *Kind) checkNewTrust(obj *v1alpha1.FederatedCredential, world World, diff difference) (decided decision, blocked bool) {
	if other, is := world.duplicateOf(diff.want); is {
		return k.decideDuplicate(world, diff, other), true
	}
	if count := len(world.Trust.Value.Credentials); !diff.Present && count >= entra.MaxFederatedCredentials {
		return refuse(v1alpha1.ReasonInvalid,
			"spec.appRegistrationRef: the application has %d federated credentials, and Entra allows %d: %s; remove one, or use another AppRegistration",
			count, entra.MaxFederatedCredentials, world.ownersOfCredentials()), true
	}
	if obj.Spec.ManagedIdentity != nil && (!diff.Present || !sameSubject(diff.have, diff.want)) {
		return checkIdentity(world, string(obj.Spec.ManagedIdentity.ObjectID))
	}
	return decision{}, false
}

// checkIdentity reports whether a managed identity is not known to be one.
func checkIdentity(world World, id string) (decided decision, blocked bool) {
	switch seen := world.ObservedIdentity; {
	case seen == nil:
		return decision{Reads: []step{readIdentity{id}}}, true
	case !seen.IsPresent():
		return waitFor(false, "spec.managedIdentity.objectID: tenant %s has no service principal with the object ID %s (yet): "+
			"give a managed identity's object (principal) ID, not its client ID", world.Tenant.ID, id), true
	case seen.Value.Type != managedIdentity:
		return refuse(v1alpha1.ReasonInvalid, "spec.managedIdentity.objectID: %s is no managed identity but %q, of type %s",
			id, seen.Value.DisplayName, seen.Value.Type), true
	default:
		return decision{}, false
	}
}

// managedIdentity is Graph's servicePrincipalType of managed identities, user-assigned and system-assigned ones alike.
const managedIdentity = "ManagedIdentity"
