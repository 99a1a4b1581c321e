package reference

import (
	"context"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// App is the application of an AppRegistration, as its status tells. Its IDs are only a hint, until what Entra shows has confirmed them.
type App struct {
	types.NamespacedName
	TenantName, AppID string
	// ObjectID and UniqueName are the application's.
	ObjectID, UniqueName string
	// ServicePrincipalObjectID is empty until there is one.
	ServicePrincipalObjectID string
	// Deleting is true while the AppRegistration is being deleted. What is bound to it stays; nothing new is.
	Deleting bool
	// Disabled is true where others have disabled the application or its service principal; nothing new is bound to it either.
	Disabled bool
}

// AppOf reads an AppRegistration's status.
func AppOf(registration *v1alpha1.AppRegistration) App {
	status := registration.Status
	return App{
		NamespacedName: types.NamespacedName{Namespace: registration.Namespace, Name: registration.Name},
		TenantName:     status.TenantName, AppID: status.AppID, ObjectID: status.ObjectID, UniqueName: status.UniqueName,
		ServicePrincipalObjectID: status.ServicePrincipalObjectID,
		Deleting:                 !registration.DeletionTimestamp.IsZero(), Disabled: engine.Disabled(registration),
	}
}

// Application finds an application: usable once its status carries the object ID and the name. Bound is the application that the asking
// object is bound to already: a deletion that begins does not end that.
func (r Resolver) Application(ctx context.Context, name types.NamespacedName, bound string) (App, error) {
	return r.app(ctx, name, bound, "application", func(app App) string {
		if app.UniqueName == "" {
			return ""
		}
		return app.ObjectID
	})
}

// ServicePrincipal finds an application as a client or as a principal: usable once its status carries the service principal's object ID.
// Bound is the service principal that the asking object is bound to already.
func (r Resolver) ServicePrincipal(ctx context.Context, name types.NamespacedName, bound string) (App, error) {
	return r.app(ctx, name, bound, "service principal", func(app App) string { return app.ServicePrincipalObjectID })
}

// app finds an application that has what is asked for: then idOf gives its ID.
func (r Resolver) app(ctx context.Context, name types.NamespacedName, bound, what string, idOf func(App) string) (App, error) {
	registration, err := r.registration(ctx, name)
	if err != nil {
		return App{}, err
	}
	app := AppOf(registration)
	switch id := idOf(app); {
	case id == "":
		return App{}, engine.Wait{What: fmt.Sprintf("AppRegistration %q has no %s yet", name.Name, what), Watched: true}
	case app.Deleting && id != bound:
		return App{}, DeletingWait(name.Name)
	}
	return app, nil
}

// Confirm gives a refusal where the service principal that Entra shows is not the application's.
func (a App) Confirm(seen entra.ServicePrincipal, tenant binding.Tenant) *engine.Refusal {
	return confirm(a.NamespacedName, a.AppID, a.ServicePrincipalObjectID, seen, tenant)
}

// DeletingWait is what is said where something new would be bound to an AppRegistration that is being deleted.
func DeletingWait(name string) engine.Wait {
	return engine.Wait{What: fmt.Sprintf("AppRegistration %q is being deleted: nothing new is bound to it", name), Watched: true}
}

// DisabledRefusal is what is said where something new would be bound to what others have disabled.
func DisabledRefusal(who string) *engine.Refusal {
	return engine.Refuse(v1alpha1.ReasonDisabled, "%s was disabled in Entra: nothing new is bound to it", who)
}

// registration reads an AppRegistration. One that does not exist is a Wait.
func (r Resolver) registration(ctx context.Context, name types.NamespacedName) (*v1alpha1.AppRegistration, error) {
	var registration v1alpha1.AppRegistration
	err := r.Cache.Get(ctx, name, &registration)
	switch {
	case apierrors.IsNotFound(err):
		return nil, engine.Wait{What: fmt.Sprintf("AppRegistration %q does not exist", name.Name), Watched: true}
	case err != nil:
		return nil, fmt.Errorf("get AppRegistration %q: %w", name, err)
	}
	return &registration, nil
}
