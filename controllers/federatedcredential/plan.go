package federatedcredential

import (
	"fmt"
	"strings"
	"time"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

type plan = engine.Plan[World]

// Decide compares the credential, and then the ServiceAccount's annotations, with what obj asks for.
func (k *Kind) Decide(obj *v1alpha1.FederatedCredential, world World, now time.Time) engine.Plan[World] {
	if !obj.DeletionTimestamp.IsZero() {
		return k.farewell(obj, world, now)
	}
	if refusal := k.misbound(obj, world); refusal != nil {
		return plan{Refusal: refusal}
	}
	name := obj.Spec.AppRegistrationRef.Name
	switch {
	case world.Trust.IsAbsent():
		return engine.WaitFor[World](engine.Wait{
			What:    fmt.Sprintf("the application of AppRegistration %q is gone from Entra; it has to be made again first", name),
			Watched: true,
		})
	case !world.Trust.IsPresent():
		return engine.LookAgain[World](engine.Lag)
	case !world.ours(obj):
		return engine.Refuse[World](v1alpha1.ReasonConflict, fmt.Sprintf(
			"application %s, which AppRegistration %q names, is not its own in Entra: it is called %q and tagged %q",
			world.App.ObjectID, name, world.Trust.Value.UniqueName, entra.Marks(world.Trust.Value.Tags)))
	}
	p := k.trust(obj, world)
	if p.Refusal == nil && p.Wait == nil {
		p.Steps = append(p.Steps, k.annotations(obj, world)...)
		p.Unsynced = foreign(world)
	}
	return p
}

// misbound says why obj cannot be looked at in this tenant; nil where it can.
func (k *Kind) misbound(obj *v1alpha1.FederatedCredential, world World) *engine.Refusal {
	bound := obj.Status.TenantBinding
	switch {
	case bound.TenantID != "" && bound.TenantID != world.Tenant.ID:
		return &engine.Refusal{Reason: v1alpha1.ReasonConflict, Message: fmt.Sprintf(
			"EntraTenant %q is tenant %s now, and this object was made in tenant %s", bound.TenantName, world.Tenant.ID, bound.TenantID)}
	case world.App.TenantName != "" && world.App.TenantName != world.Tenant.Name:
		return &engine.Refusal{Reason: v1alpha1.ReasonConflict, Message: fmt.Sprintf(
			"AppRegistration %q is in EntraTenant %q now, and this object was made in %q: create another FederatedCredential",
			obj.Spec.AppRegistrationRef.Name, world.App.TenantName, world.Tenant.Name)}
	}
	return nil
}

// trust plans the credential on an application that is ours.
func (k *Kind) trust(obj *v1alpha1.FederatedCredential, world World) plan {
	want := k.desired(obj, world.Tenant)
	have, exists := world.named(want.Name)
	patch := difference(have, want)
	if exists && patch.Empty() {
		return plan{}
	}
	if !exists || patch.Retargets() {
		if refusal := k.objection(obj, world, want, exists); refusal != nil {
			return plan{Refusal: refusal}
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

// objection is what stands against a new trust; nil where nothing does.
func (k *Kind) objection(obj *v1alpha1.FederatedCredential, world World, want entra.FederatedCredential, exists bool) *engine.Refusal {
	if want.Issuer == "" {
		return &engine.Refusal{Reason: v1alpha1.ReasonInvalid, Message: "spec.serviceAccount: the issuer of this cluster's " +
			"ServiceAccount tokens is not known: start the manager with --service-account-issuer"}
	}
	if denials := k.Gate.Review(k.ask(obj, world, want)); len(denials) > 0 {
		return &engine.Refusal{Reason: v1alpha1.ReasonDenied, Message: policy.Message(denials)}
	}
	for _, other := range world.Trust.Value.Credentials {
		if other.Issuer == want.Issuer && other.Subject == want.Subject && !strings.EqualFold(other.Name, want.Name) {
			return &engine.Refusal{Reason: v1alpha1.ReasonConflict, Message: fmt.Sprintf(
				"the application already trusts %q of %q through the federated credential %q: Entra takes each subject of an issuer once",
				want.Subject, want.Issuer, other.Name)}
		}
	}
	if count := len(world.Trust.Value.Credentials); !exists && count >= entra.MaxFederatedCredentials {
		return &engine.Refusal{Reason: v1alpha1.ReasonQuota, Message: fmt.Sprintf(
			"the application has %d federated credentials already; Entra allows %d: remove one, or use another AppRegistration",
			count, entra.MaxFederatedCredentials)}
	}
	return nil
}

func (k *Kind) ask(obj *v1alpha1.FederatedCredential, world World, want entra.FederatedCredential) policy.Ask {
	return policy.Ask{
		Kind:     "FederatedCredential",
		Operator: append([]string{world.Tenant.ObjectID}, world.Tenant.ClientIDs...),
		Targets:  []string{world.App.ObjectID, world.App.AppID},
		Tuples: []policy.Tuple{policy.Federation{
			Path: asking(obj), Issuer: want.Issuer, Subject: want.Subject, Audience: want.Audience,
			ClusterIssuer: k.Issuer, Namespace: obj.Namespace, CloudAudience: world.Tenant.FederationAudience,
		}},
	}
}
