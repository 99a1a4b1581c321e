package approleassignment

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/types"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

// World is what an AppRoleAssignment's decisions rest on.
type World struct {
	engine.Basis
	// Now is when the world was read.
	Now time.Time
	// Principal and API are what the spec names; at the farewell, and where one of them is Missing, what the status tells. They are
	// only hints until Client and Resource confirm them.
	Principal Principal
	API       reference.API
	// Missing is what the principal or the API lacks, so that nothing new can be given; nil where they lack nothing.
	Missing *engine.Wait
	// Withheld : what is missing is the leave of the API's owner, or the API of another namespace itself.
	Withheld bool
	// Client is the principal in Entra with the roles that it has been given.
	Client entra.Observed[entra.Client]
	// Taken are the IDs of roles that we took away a moment ago, Confirmed of those that were seen or given since status names them.
	Taken, Confirmed []string
	// Spared are the IDs of roles that we did not take away, because another object claims them.
	Spared []string
	// Looked : Resource was asked for. In sync it is not: what nobody changes needs no confirmation.
	Looked bool
	// Resource is the API's service principal in Entra.
	Resource entra.Observed[entra.ServicePrincipal]
}

// Read gathers what the spec names, the principal with its roles (one request). Where something is to change, the
// API's service principal is looked at too.
func (k *Kind) Read(ctx context.Context, obj *v1alpha1.AppRoleAssignment) (World, error) {
	world := World{Now: k.Clock.Now()}
	farewell := !obj.DeletionTimestamp.IsZero()
	if farewell && obj.Status.PrincipalObjectID == "" || !farewell && !k.Enabled {
		return world, nil
	}
	reader, err := k.refer(ctx, obj, &world)
	if err != nil {
		return World{}, err
	}
	if reader == nil || misbound(obj, world) != nil {
		return world, nil
	}
	return world, k.see(ctx, reader, obj, &world)
}

// refer opens the tenant and finds what obj is about: by its spec, or, at the farewell, by its own status. An object that is bound
// goes by its status too where something is missing: what its spec drops, and what notAfter ends, is taken away all the same.
func (k *Kind) refer(ctx context.Context, obj *v1alpha1.AppRoleAssignment, world *World) (entra.Reader, error) {
	world.Principal, world.API = bearer(obj), recalled(obj)
	if !obj.DeletionTimestamp.IsZero() {
		return k.bind(ctx, obj, world)
	}
	missing := k.find(ctx, obj, &world.Principal)
	if missing != nil && !survivable(obj, missing) {
		return nil, together(missing, k.neighbour(ctx, obj))
	}
	reader, err := k.bind(ctx, obj, world)
	if err != nil {
		return nil, err
	}
	wanted := reference.Wanted{AppRoles: obj.Spec.Roles}
	api, err := k.resolver().API(ctx, reader, world.Basis, obj.Spec.API, wanted, obj.Status.APIObjectID)
	if err != nil && !survivable(obj, err) {
		return nil, err
	}
	world.Withheld = reference.Withheld(err)
	if wait, is := errors.AsType[engine.Wait](together(missing, err)); is {
		world.Missing, world.Principal = &wait, bearer(obj)
		return reader, nil
	}
	world.API = api
	return reader, nil
}

// survivable tells whether obj can be looked at though something of it is missing.
func survivable(obj *v1alpha1.AppRoleAssignment, missing error) bool {
	_, is := errors.AsType[engine.Wait](missing)
	return is && obj.Status.PrincipalObjectID != ""
}

// see looks at Entra, as far as it must.
func (k *Kind) see(ctx context.Context, reader entra.Reader, obj *v1alpha1.AppRoleAssignment, world *World) error {
	if world.Missing != nil && len(obj.Status.Roles) == 0 {
		return nil
	}
	var err error
	if world.Client, err = world.Principal.look(ctx, reader, world.API.ObjectID); err != nil {
		return fmt.Errorf("read the principal: %w", err)
	}
	if !world.Client.IsPresent() {
		return nil
	}
	if err := k.recognise(ctx, obj, world); err != nil {
		return err
	}
	if obj.DeletionTimestamp.IsZero() && k.settled(obj, *world) {
		return nil
	}
	return world.confirm(ctx, reader, world.complete(obj))
}

// confirm looks at the API's service principal, unless the resolver has just done so: nobody of this cluster describes it.
func (w *World) confirm(ctx context.Context, reader entra.Reader, resolved bool) error {
	w.Looked = true
	if resolved && w.API.Managed == nil {
		w.Resource = entra.Present(entra.ServicePrincipal{
			ObjectID: w.API.ObjectID, AppID: w.API.AppID, DisplayName: w.API.DisplayName, Disabled: w.API.Disabled,
		})
		return nil
	}
	var err error
	if w.Resource, err = entra.Observe(reader.API(ctx, w.API.ObjectID)); err != nil {
		return fmt.Errorf("read the API: %w", err)
	}
	return nil
}

// neighbour tells what an API of the object's own namespace lacks. It needs no tenant.
func (k *Kind) neighbour(ctx context.Context, obj *v1alpha1.AppRoleAssignment) error {
	if obj.Spec.API.AppRegistrationRef == nil || apiName(obj).Namespace != obj.Namespace {
		return nil
	}
	basis := engine.Basis{Namespace: engine.Namespace{Name: obj.Namespace}}
	_, err := k.resolver().API(ctx, nil, basis, obj.Spec.API, reference.Wanted{}, obj.Status.APIObjectID)
	return err
}

// bind opens the tenant that obj is bound to, or else that of what it names.
func (k *Kind) bind(ctx context.Context, obj *v1alpha1.AppRoleAssignment, world *World) (entra.Reader, error) {
	tenant, err := cmp.Or(obj.Status.TenantName, world.Principal.App.TenantName, k.tenantOfAPI(ctx, obj)), error(nil)
	if tenant == "" {
		if tenant, err = k.Binder.DefaultTenant(ctx); err != nil {
			return nil, err
		}
	}
	var reader entra.Reader
	world.Basis, reader, err = k.Binder.Bind(ctx, obj, tenant, obj.Status.TenantName != "")
	return reader, err
}

// tenantOfAPI is that of the AppRegistration that the spec names as the API; empty where it is not known.
func (k *Kind) tenantOfAPI(ctx context.Context, obj *v1alpha1.AppRoleAssignment) string {
	var api v1alpha1.AppRegistration
	if obj.Spec.API.AppRegistrationRef == nil || k.Cache.Get(ctx, apiName(obj), &api) != nil {
		return ""
	}
	return api.Status.TenantName
}

// recalled is the API as the status tells.
func recalled(obj *v1alpha1.AppRoleAssignment) reference.API {
	ref, status := obj.Spec.API, obj.Status
	api := reference.API{Title: ref.AppID, AppID: ref.AppID, ObjectID: status.APIObjectID, DisplayName: status.APIName, TenantName: status.TenantName}
	switch {
	case ref.AppRegistrationRef != nil:
		name := apiName(obj)
		api.Managed, api.Own = &name, name.Namespace == obj.Namespace
	case ref.WellKnown != "":
		api.Title, api.AppID = string(ref.WellKnown), entra.WellKnown(string(ref.WellKnown))
	}
	return api
}

// apiName is the AppRegistration that the spec names as the API.
func apiName(obj *v1alpha1.AppRoleAssignment) types.NamespacedName {
	name := types.NamespacedName{Namespace: obj.Spec.API.AppRegistrationRef.Namespace, Name: obj.Spec.API.AppRegistrationRef.Name}
	if name.Namespace == "" {
		name.Namespace = obj.Namespace
	}
	return name
}

// complete tells whether the world is what the spec names, and not what the status remembers.
func (w World) complete(obj *v1alpha1.AppRoleAssignment) bool {
	return w.Missing == nil && obj.DeletionTimestamp.IsZero()
}

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
	return entra.Assignment{PrincipalID: w.Client.Value.ObjectID, ResourceID: w.API.ObjectID, AppRoleID: roleID}
}

// together makes one Wait of two, so that every missing reference is told at once.
func together(a, b error) error {
	first, isFirst := errors.AsType[engine.Wait](a)
	second, isSecond := errors.AsType[engine.Wait](b)
	switch {
	case isFirst && isSecond:
		return engine.Wait{What: first.What + "; " + second.What, Watched: first.Watched && second.Watched}
	case a != nil:
		return a
	default:
		return b
	}
}
