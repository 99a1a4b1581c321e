package approleassignment

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// World is what an AppRoleAssignment's decisions rest on.
type World struct {
	engine.Basis
	// Principal and Resource are what the two AppRegistrations tell; only hints until Client and API confirm them.
	Principal App
	Resource  App
	// Client is the principal in Entra with all the roles that it has been given.
	Client entra.Sighting[entra.Client]
	// Taken are the IDs of roles that we took away a moment ago.
	Taken []string
	// API is the API's service principal in Entra.
	API entra.Sighting[entra.ServicePrincipal]
	// Shared are roles that other live objects of the namespace give to the same principal; those not given yet have no ID.
	Shared []v1alpha1.NamedID
}

// App is what an AppRegistration's status tells of its service principal.
type App struct {
	Name       string
	TenantName string
	// ID is the service principal's object ID.
	ID    string
	AppID string
	Roles []v1alpha1.NamedID
	// Closed are roles that Entra gives to no application, by value, and what to do about it.
	Closed map[string]string
	// Leaving : the AppRegistration is being deleted. What is given stays; nothing new is.
	Leaving bool
	// Disabled : others have disabled the application or its service principal; nothing new is given to or by it either.
	Disabled bool
}

// Read gathers both AppRegistrations, their service principals (one request each), and what other objects give.
func (k *Kind) Read(ctx context.Context, obj *v1alpha1.AppRoleAssignment) (World, error) {
	var world World
	farewell := !obj.DeletionTimestamp.IsZero()
	if farewell && obj.Status.PrincipalID == "" || !farewell && !k.Enabled {
		return world, nil
	}
	if err := k.refer(ctx, obj, &world); err != nil {
		return World{}, err
	}
	tenant, bound := cmp.Or(obj.Status.TenantName, world.Principal.TenantName), obj.Status.TenantName != ""
	var reader entra.Reader
	var err error
	if world.Basis, reader, err = k.Binder.Bind(ctx, obj, tenant, bound); err != nil {
		return World{}, err
	}
	if reader == nil || misbound(obj, world) != nil {
		return world, nil
	}
	if world.Shared, err = k.shared(ctx, obj); err != nil {
		return World{}, err
	}
	return world, world.look(ctx, reader)
}

// refer finds out which service principals obj is about: by its AppRegistrations, or, at the farewell, by its own status.
func (k *Kind) refer(ctx context.Context, obj *v1alpha1.AppRoleAssignment, world *World) error {
	principal, api, status := obj.Spec.Principal.AppRegistrationRef.Name, obj.Spec.API.AppRegistrationRef.Name, obj.Status
	if !obj.DeletionTimestamp.IsZero() {
		world.Principal = App{Name: principal, TenantName: status.TenantName, ID: status.PrincipalID}
		world.Resource = App{Name: api, TenantName: status.TenantName, ID: status.APIID}
		return nil
	}
	var err error
	if world.Principal, err = k.app(ctx, obj.Namespace, principal, status.PrincipalID); err != nil {
		return err
	}
	world.Resource, err = k.app(ctx, obj.Namespace, api, status.APIID)
	return err
}

// app is an AppRegistration, usable once its status carries the service principal's object ID.
func (k *Kind) app(ctx context.Context, namespace, name, bound string) (App, error) {
	var registration v1alpha1.AppRegistration
	err := k.Cache.Get(ctx, types.NamespacedName{Namespace: namespace, Name: name}, &registration)
	switch {
	case apierrors.IsNotFound(err):
		return App{}, engine.Wait{What: fmt.Sprintf("AppRegistration %q does not exist", name), Watched: true}
	case err != nil:
		return App{}, fmt.Errorf("get AppRegistration %q: %w", name, err)
	}
	status, leaving := registration.Status, !registration.DeletionTimestamp.IsZero()
	switch {
	case status.ServicePrincipalObjectID == "":
		return App{}, engine.Wait{What: fmt.Sprintf("AppRegistration %q has no service principal yet", name), Watched: true}
	case leaving && status.ServicePrincipalObjectID != bound:
		return App{}, leavingWait(name)
	}
	return App{
		Name: name, TenantName: status.TenantName, ID: status.ServicePrincipalObjectID, AppID: status.AppID,
		Roles: status.AppRoles, Closed: closed(&registration), Leaving: leaving, Disabled: engine.Disabled(&registration),
	}, nil
}

// closed are the roles that the spec does not let applications have.
func closed(api *v1alpha1.AppRegistration) map[string]string {
	roles := map[string]string{}
	for _, role := range api.Spec.AppRoles {
		switch {
		case role.Enabled != nil && !*role.Enabled:
			roles[role.Value] = "is disabled: enable it there"
		case !slices.Contains(role.AllowedMemberTypes, v1alpha1.MemberApplication):
			roles[role.Value] = "is for users only: add Application to its allowedMemberTypes"
		}
	}
	return roles
}

func leavingWait(name string) engine.Wait {
	return engine.Wait{What: fmt.Sprintf("AppRegistration %q is being deleted: nothing new is bound to it", name), Watched: true}
}

// look reads both service principals. Where the client is gone, so is everything that it was given.
func (w *World) look(ctx context.Context, reader entra.Reader) error {
	var err error
	if w.Client, err = entra.Look(reader.Client(ctx, w.Principal.ID)); err != nil {
		return fmt.Errorf("read the principal: %w", err)
	}
	if w.Client.IsAbsent() {
		return nil
	}
	if w.API, err = entra.Look(reader.API(ctx, w.Resource.ID)); err != nil {
		return fmt.Errorf("read the API: %w", err)
	}
	return nil
}

// known tells whether both service principals were seen.
func (w World) known() bool { return w.Client.IsPresent() && w.API.IsPresent() }

// given finds a role among those that the principal has.
func (w World) given(roleID string) (entra.Assignment, bool) {
	wanted := w.assignment(roleID)
	at := slices.IndexFunc(w.Client.Value.Assignments, wanted.SameAs)
	if at < 0 {
		return wanted, false
	}
	return w.Client.Value.Assignments[at], true
}

func (w World) assignment(roleID string) entra.Assignment {
	return entra.Assignment{PrincipalID: w.Principal.ID, ResourceID: w.Resource.ID, AppRoleID: roleID}
}
