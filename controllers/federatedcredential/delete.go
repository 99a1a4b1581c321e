package federatedcredential

import (
	"time"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
)

// decideDeletion takes back what the status names: annotations of ours, and the credential, if the application is still the one it was.
func decideDeletion(obj *v1alpha1.FederatedCredential, world World, now time.Time) decision {
	steps := annotationRemovals(obj, world)
	if obj.Status.ApplicationObjectID == "" || world.Tenant.Abandoned {
		return decision{Steps: steps}
	}
	if refusal := bindingRefusal(obj, world); refusal != nil {
		return decision{Refusal: refusal}
	}
	have, exists := world.credential(obj.Status.CredentialName)
	switch {
	case exists && world.ownsApplication(obj):
		steps = append(steps, remove{have})
	case len(steps) == 0 && (world.Trust.IsUnknown() || !exists && world.mayAppear(obj, now)):
		return decision{Again: engine.Lag}
	}
	return decision{Steps: steps}
}

// mayAppear reports whether a credential that the list lacks may be one that we made before a crash.
func (w World) mayAppear(obj *v1alpha1.FederatedCredential, now time.Time) bool {
	return w.Trust.IsPresent() && !w.Deleted && now.Sub(obj.CreationTimestamp.Time) < engine.CreationGrace
}
