package federatedcredential

import (
	"fmt"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

// trust plans the credential on an application that is ours.
func (k *Kind) trust(obj *v1alpha1.FederatedCredential, world World) plan {
	want := k.desired(obj, world.Tenant)
	have, exists := world.named(want.Name)
	patch := difference(have, want)
	elder := k.elder(obj, world, want)
	verdict := k.review(obj, world)
	switch {
	case exists && (revoked(verdict) || elder != nil && alike(have, want)):
		return engine.Do[World](remove{have})
	case want.Issuer == "":
		return engine.Refuse[World](v1alpha1.ReasonInvalid, asking(obj)+": the issuer of this cluster's ServiceAccount tokens is not known: "+
			"start the manager with --service-account-issuer")
	case len(verdict.Denied) > 0:
		return engine.Refuse[World](v1alpha1.ReasonDenied, policy.Message(verdict.Denied))
	case elder != nil:
		return engine.Refuse[World](v1alpha1.ReasonConflict, fmt.Sprintf(
			"%s: FederatedCredential %s, which is older, trusts subject %q of issuer %q on this application: Entra takes each subject of an issuer once",
			asking(obj), key(elder), want.Subject, want.Issuer))
	}
	p := k.write(obj, world, want, patch)
	p.Unsynced, p.Remark = excess(verdict), verdict.Shadowed()
	return p
}

// write plans what is to be written of a trust that is allowed.
func (k *Kind) write(obj *v1alpha1.FederatedCredential, world World, want entra.FederatedCredential, patch entra.FederatedCredentialPatch) plan {
	have, exists := world.named(want.Name)
	if exists && patch.Empty() {
		return plan{}
	}
	if !exists || patch.Retargets() {
		if obstacle, stands := k.obstacle(obj, world, want); stands {
			return obstacle
		}
	}
	switch name := obj.Spec.AppRegistrationRef.Name; {
	case world.App.Leaving:
		return engine.WaitFor[World](leavingWait(name))
	case world.App.Disabled, world.Trust.Value.Disabled:
		return engine.Refuse[World](v1alpha1.ReasonDisabled, fmt.Sprintf(
			"the application of AppRegistration %q was disabled in Entra: nothing new is bound to it", name))
	case exists:
		return engine.Do[World](update{have, patch})
	default:
		return engine.Do[World](create{want})
	}
}

// obstacle is what stands against a new trust; false where nothing does.
func (k *Kind) obstacle(obj *v1alpha1.FederatedCredential, world World, want entra.FederatedCredential) (plan, bool) {
	have, exists := world.named(want.Name)
	if other, taken := world.trusting(want); taken {
		return k.taken(obj, world, want, other), true
	}
	if count := len(world.Trust.Value.Credentials); !exists && count >= entra.MaxFederatedCredentials {
		return engine.Refuse[World](v1alpha1.ReasonInvalid, fmt.Sprintf(
			"spec.appRegistrationRef: the application has %d federated credentials, and Entra allows %d: %s; remove one, or use another AppRegistration",
			count, entra.MaxFederatedCredentials, world.census())), true
	}
	if obj.Spec.ManagedIdentity != nil && (!exists || !alike(have, want)) {
		return identified(obj, world)
	}
	return plan{}, false
}

// taken is what becomes of a trust that another credential of the application has. Of two objects that are to have each other's, both
// give up what they have.
func (k *Kind) taken(obj *v1alpha1.FederatedCredential, world World, want, other entra.FederatedCredential) plan {
	holder := world.sibling(other.Name)
	have, exists := world.named(want.Name)
	switch {
	case holder == nil:
		return engine.Refuse[World](v1alpha1.ReasonConflict, fmt.Sprintf(
			"%s: the application already trusts subject %q of issuer %q, by the federated credential %q, which no object here asks for: "+
				"Entra takes each subject of an issuer once; remove it there",
			asking(obj), want.Subject, want.Issuer, other.Name))
	case exists && k.wanted(world, have):
		return engine.Do[World](remove{have})
	default:
		return engine.WaitFor[World](engine.Wait{
			What:    fmt.Sprintf("waiting for FederatedCredential %s, which %s, to give up subject %q", key(holder), fate(holder), want.Subject),
			Watched: true,
		})
	}
}

// identified looks whether the managed identity is one.
func identified(obj *v1alpha1.FederatedCredential, world World) (plan, bool) {
	id := obj.Spec.ManagedIdentity.ObjectID
	switch {
	case !world.Identity.IsPresent():
		return engine.WaitFor[World](engine.Wait{What: fmt.Sprintf(
			"spec.managedIdentity.objectID: tenant %s has no service principal with the object ID %s (yet): give a managed identity's "+
				"object (principal) ID, not its client ID", world.Tenant.ID, id)}), true
	case world.Identity.Value.Type != managedIdentity:
		return engine.Refuse[World](v1alpha1.ReasonInvalid, fmt.Sprintf(
			"spec.managedIdentity.objectID: %s is no managed identity but %q, of type %s",
			id, world.Identity.Value.DisplayName, world.Identity.Value.Type)), true
	default:
		return plan{}, false
	}
}

// managedIdentity is Graph's servicePrincipalType of managed identities, user-assigned and system-assigned ones alike.
const managedIdentity = "ManagedIdentity"
