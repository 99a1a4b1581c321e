package e2e

import (
	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// neverReconciled makes an AppRegistration's status what it is before the first look.
func neverReconciled(app *v1alpha1.AppRegistration) func() {
	return func() {
		app.Status = v1alpha1.AppRegistrationStatus{CommonStatus: v1alpha1.CommonStatus{ObservedGeneration: -1}}
	}
}
