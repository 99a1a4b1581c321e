package delegatedpermissiongrant

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/types"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

// World is what a DelegatedPermissionGrant's decisions rest on.
type World struct {
	engine.Basis
	// Now is when the world was read.
	Now time.Time
	// Client and API are what the cluster tells of them; only hints until Principal and Resource confirm them. Where one cannot be
	// found any longer, or at the farewell, they are what status tells.
	Client reference.App
	API    reference.API
	// UserID is the object ID of the one user; empty for all.
	UserID string
	// Missing is what the client or the API lacks, so that nothing new can be consented to; nil where they lack nothing.
	Missing *engine.Wait
	// Withheld : what is missing is the leave of the API's owner, or the API of another namespace itself.
	Withheld bool
	// Grants that the client has in Entra.
	Grants entra.Observed[[]entra.Grant]
	// Looked : Principal and Resource were asked for. In sync they are not: what nobody changes needs no confirmation.
	Looked bool
	// Principal is the client's service principal in Entra, Resource that of an API which an AppRegistration describes.
	Principal entra.Observed[entra.Client]
	Resource  entra.Observed[entra.ServicePrincipal]
	// Claims are what other live objects name in the same grant.
	Claims []claim
	// Taken are scopes that we took away a moment ago, Confirmed those that were seen since status names them.
	Taken     []string
	Confirmed []string
}

// Read gathers the client, the API, the client's grants (one request), and what other objects name. Where something is to change, the
// client's service principal is looked at too, and that of an API which an AppRegistration describes.
func (k *Kind) Read(ctx context.Context, obj *v1alpha1.DelegatedPermissionGrant) (World, error) {
	world := World{Now: k.Clock.Now()}
	farewell := !obj.DeletionTimestamp.IsZero()
	switch {
	case farewell && obj.Status.ClientObjectID == "":
		return world, nil
	case !farewell && !k.Enabled:
		k.introduce(ctx, obj, &world)
		return world, nil
	}
	reader, err := k.refer(ctx, obj, &world)
	if err != nil {
		return World{}, err
	}
	if reader == nil || misbound(obj, world) != nil {
		return world, nil
	}
	return world, k.gather(ctx, obj, reader, &world)
}

// gather reads the grants, what others name in them, and, where something is to change, whose they are.
func (k *Kind) gather(ctx context.Context, obj *v1alpha1.DelegatedPermissionGrant, reader entra.Reader, world *World) error {
	var err error
	if world.Claims, err = k.claims(ctx, k.Cache, obj, world.key()); err != nil {
		return err
	}
	if !obj.DeletionTimestamp.IsZero() && len(world.Claims) > 0 {
		// One who leaves is woken no more: two who leave at once must not each believe that the other stays, as the cache may still say.
		if world.Claims, err = k.claims(ctx, k.Binder.Live, obj, world.key()); err != nil {
			return err
		}
	}
	if world.Grants, err = entra.Observe(reader.Grants(ctx, world.Client.ID)); err != nil || !k.unsettled(obj, *world) {
		return err
	}
	return world.look(ctx, reader)
}

// refer finds out which grant obj is about, and opens the tenant.
func (k *Kind) refer(ctx context.Context, obj *v1alpha1.DelegatedPermissionGrant, world *World) (entra.Reader, error) {
	if err := k.referClient(ctx, obj, world); err != nil {
		return nil, err
	}
	tenant, bound := cmp.Or(obj.Status.TenantName, world.Client.TenantName), obj.Status.TenantName != ""
	basis, reader, err := k.Binder.Bind(ctx, obj, tenant, bound)
	if err != nil {
		return nil, err
	}
	if world.Basis = basis; reader == nil {
		return nil, nil //nolint:nilnil // an abandoned tenant has none
	}
	return reader, k.referAPI(ctx, obj, reader, world)
}

func (k *Kind) referClient(ctx context.Context, obj *v1alpha1.DelegatedPermissionGrant, world *World) error {
	status, ref := obj.Status, obj.Spec.Client.AppRegistrationRef
	bound := reference.App{
		NamespacedName: types.NamespacedName{Namespace: obj.Namespace, Name: ref.Name},
		TenantName:     status.TenantName, ID: status.ClientObjectID,
	}
	if !obj.DeletionTimestamp.IsZero() {
		world.Client, world.UserID = bound, status.UserObjectID
		return nil
	}
	if obj.Spec.User != nil {
		world.UserID = obj.Spec.User.ObjectID
	}
	var err error
	world.Client, err = k.resolver().App(ctx, obj.Namespace, ref, "spec.client.appRegistrationRef", status.ClientObjectID)
	if status.ClientObjectID != "" && world.lacks(err) {
		world.Client, err = bound, nil
	}
	return err
}

func (k *Kind) referAPI(ctx context.Context, obj *v1alpha1.DelegatedPermissionGrant, reader entra.Reader, world *World) error {
	status := obj.Status
	bound := reference.API{Title: cmp.Or(status.APIName, status.APIObjectID), ObjectID: status.APIObjectID, DisplayName: status.APIName}
	if !obj.DeletionTimestamp.IsZero() {
		world.API = bound
		return nil
	}
	wanted := reference.Wanted{Scopes: obj.Spec.Scopes}
	var err error
	world.API, err = k.resolver().API(ctx, reader, world.Basis, obj.Spec.API, wanted, status.APIObjectID)
	if status.APIObjectID != "" && world.lacks(err) {
		world.API, world.Withheld, err = bound, reference.Withheld(err), nil
	}
	return err
}

// lacks notes what is missing. An object that is bound goes on without: what its spec drops, and what notAfter ends, is taken away
// all the same.
func (w *World) lacks(err error) bool {
	wait, is := errors.AsType[engine.Wait](err)
	if is && w.Missing == nil {
		w.Missing = &wait
	}
	return is
}

func (k *Kind) resolver() reference.Resolver { return reference.Resolver{Cache: k.Cache} }

// look reads the service principals that are to be confirmed.
func (w *World) look(ctx context.Context, reader entra.Reader) error {
	var err error
	w.Looked = true
	if w.Principal, err = entra.Observe(reader.Client(ctx, w.Client.ID)); err != nil {
		return fmt.Errorf("read the client: %w", err)
	}
	if w.API.Managed == nil || w.Principal.IsAbsent() {
		return nil
	}
	if w.Resource, err = entra.Observe(reader.API(ctx, w.API.ObjectID)); err != nil {
		return fmt.Errorf("read the API: %w", err)
	}
	return nil
}

// introduce finds out, where the kind is switched off, whose consent is asked for and where an admin can give it. What it cannot find
// is left out.
func (k *Kind) introduce(ctx context.Context, obj *v1alpha1.DelegatedPermissionGrant, world *World) {
	app, err := k.resolver().App(ctx, obj.Namespace, obj.Spec.Client.AppRegistrationRef, "spec.client.appRegistrationRef", obj.Status.ClientObjectID)
	if err != nil {
		return
	}
	if basis, _, err := k.Binder.Bind(ctx, obj, app.TenantName, obj.Status.TenantName != ""); err == nil {
		world.Basis, world.Client = basis, app
	}
}
