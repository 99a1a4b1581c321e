package reference

import (
	"context"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// App is the application of an AppRegistration, as a client or as a principal. Its IDs are only a hint, until Confirm has seen the
// service principal itself.
type App struct {
	types.NamespacedName
	TenantName string
	// ID is the service principal's object ID.
	ID    string
	AppID string
	// Leaving : the AppRegistration is being deleted. What is given stays; nothing new is.
	Leaving bool
	// Disabled : others have disabled the application or its service principal; nothing new is given to it either.
	Disabled bool
}

// App finds an application of the asking object's own namespace: usable once its status carries the service principal's object ID.
// Field is where the spec names it, as in spec.client.appRegistrationRef. Bound is the service principal that the asking object is
// bound to already: a deletion that begins does not end that.
func (r Resolver) App(ctx context.Context, namespace string, ref v1alpha1.AppRegistrationReference, field, bound string) (App, error) {
	if ref.Namespace != "" && ref.Namespace != namespace {
		return App{}, entra.Refused{
			Reason: entra.RefusedInvalid, Property: field + ".namespace",
			Message: fmt.Sprintf("it must be an AppRegistration of this object's own namespace, %q: nothing is given to an application of another from here", namespace),
		}
	}
	name := types.NamespacedName{Namespace: namespace, Name: ref.Name}
	registration, err := r.registration(ctx, name)
	switch {
	case apierrors.IsNotFound(err):
		return App{}, engine.Wait{What: fmt.Sprintf("AppRegistration %q does not exist", ref.Name), Watched: true}
	case err != nil:
		return App{}, err
	}
	status, leaving := registration.Status, !registration.DeletionTimestamp.IsZero()
	if status.ServicePrincipalObjectID == "" {
		return App{}, engine.Wait{What: fmt.Sprintf("AppRegistration %q has no service principal yet", ref.Name), Watched: true}
	}
	if leaving && status.ServicePrincipalObjectID != bound {
		return App{}, LeavingWait(ref.Name)
	}
	return App{
		NamespacedName: name, TenantName: status.TenantName, ID: status.ServicePrincipalObjectID, AppID: status.AppID,
		Leaving: leaving, Disabled: engine.Disabled(registration),
	}, nil
}

// Confirm gives a refusal where the service principal that Entra shows is not the application's.
func (a App) Confirm(seen entra.ServicePrincipal, tenant engine.Tenant) *engine.Refusal {
	return confirm(a.NamespacedName, a.AppID, a.ID, seen, tenant)
}

// LeavingWait is what is said where something new would be bound to an AppRegistration that is being deleted.
func LeavingWait(name string) engine.Wait {
	return engine.Wait{What: fmt.Sprintf("AppRegistration %q is being deleted: nothing new is bound to it", name), Watched: true}
}

// DisabledRefusal is what is said where something new would be bound to what others have disabled.
func DisabledRefusal(who string) *engine.Refusal {
	return &engine.Refusal{Reason: v1alpha1.ReasonDisabled, Message: who + " was disabled in Entra: nothing new is bound to it"}
}

func (r Resolver) registration(ctx context.Context, name types.NamespacedName) (*v1alpha1.AppRegistration, error) {
	var registration v1alpha1.AppRegistration
	if err := r.Cache.Get(ctx, name, &registration); err != nil {
		return nil, fmt.Errorf("get AppRegistration %q: %w", name, err)
	}
	return &registration, nil
}
