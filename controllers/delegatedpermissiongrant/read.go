package delegatedpermissiongrant

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/permission"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

// World is what a DelegatedPermissionGrant's decisions rest on.
type World struct {
	permission.World
	// Client is what the spec names; in a deletion, and where something is missing, what status tells. It is only a hint until
	// ObservedClient confirms it.
	Client reference.App
	// UserID is the object ID of the one user; empty for all.
	UserID string
	// Grants that the client has in Entra.
	Grants entra.Observed[[]entra.Grant]
	// ObservedClient is the client's service principal in Entra; nil where it was not asked for, as for ObservedAPI. That is not asked for
	// where the resolver has just read it.
	ObservedClient *entra.Observed[entra.Client]
}

// Read gathers the client, the API, the client's grants (one request), and what other objects name.
func (k *Kind) Read(ctx context.Context, obj *v1alpha1.DelegatedPermissionGrant) (World, error) {
	deleting := !obj.DeletionTimestamp.IsZero()
	switch {
	case deleting && obj.Status.ClientObjectID == "":
		return World{}, nil
	case !deleting && !k.Enabled:
		return k.readClient(ctx, obj), nil
	}
	found, app, reader, err := references(obj).Read(ctx, k.Cache, k.Binder)
	if err != nil {
		return World{}, err
	}
	world := World{World: found, Client: app}
	switch user := obj.Spec.User; {
	case deleting:
		world.UserID = obj.Status.UserObjectID
	case user != nil:
		world.UserID = string(user.ObjectID)
	}
	if reader == nil || world.Misbound(obj, app, words) != nil {
		return world, nil
	}
	err = k.readGrants(ctx, reader, obj, &world)
	return world, err
}

func references(obj *v1alpha1.DelegatedPermissionGrant) permission.References {
	return permission.References{
		Object: obj, App: clientName(obj), API: obj.Spec.API, Wanted: reference.Wanted{Scopes: obj.Spec.Scopes},
		AppObjectID: obj.Status.ClientObjectID, APIObjectID: obj.Status.APIObjectID, APIName: obj.Status.APIName,
	}
}

func clientName(obj *v1alpha1.DelegatedPermissionGrant) types.NamespacedName {
	return types.NamespacedName{Namespace: obj.Namespace, Name: obj.Spec.Client.AppRegistrationRef.Name}
}

// readGrants reads the grants, and what others name in them.
func (k *Kind) readGrants(ctx context.Context, reader entra.Reader, obj *v1alpha1.DelegatedPermissionGrant, world *World) error {
	self := client.ObjectKeyFromObject(obj)
	claims, err := world.ReadClaims(ctx, k.Cache, k.Cache, self)
	if err == nil && !obj.DeletionTimestamp.IsZero() && len(claims) > 0 {
		// One that is being deleted is woken no more: two at once must not each believe that the other stays, as the cache may still say.
		claims, err = world.ReadClaims(ctx, k.Binder.Live, k.Cache, self)
	}
	if err != nil {
		return err
	}
	world.Claims = claims
	world.Grants, err = entra.Observe(reader.Grants(ctx, world.Client.ServicePrincipalObjectID))
	return err
}

// ReadClaims lists what the other live objects name in the same grant. Objects of other namespaces cannot name its client.
func (w *World) ReadClaims(ctx context.Context, objects, _ client.Reader, self client.ObjectKey) ([]permission.Claim, error) {
	var all v1alpha1.DelegatedPermissionGrantList
	if err := objects.List(ctx, &all, client.InNamespace(self.Namespace)); err != nil {
		return nil, fmt.Errorf("list delegated permission grants: %w", err)
	}
	var claims []permission.Claim
	for i := range all.Items {
		other := &all.Items[i]
		if other.Name == self.Name || !other.DeletionTimestamp.IsZero() || !w.bound(other) {
			continue
		}
		claims = append(claims, permission.Claim{
			UID: other.UID, Namespace: w.Namespace, NotAfter: other.Spec.NotAfter, IDs: permission.Only(other.Spec.Scopes, other.Status.Scopes),
		})
	}
	return claims, nil
}

// readClient finds out, where the kind is switched off, whose consent is asked for and where an admin can give it. What it cannot find
// is left out.
func (k *Kind) readClient(ctx context.Context, obj *v1alpha1.DelegatedPermissionGrant) World {
	app, err := reference.Resolver{Cache: k.Cache}.ServicePrincipal(ctx, clientName(obj), obj.Status.ClientObjectID)
	if err != nil {
		return World{}
	}
	bound, _, err := k.Binder.Bind(ctx, obj, app.TenantName, obj.Status.TenantName != "")
	if err != nil {
		return World{}
	}
	return World{World: permission.World{Binding: bound}, Client: app}
}

// key of the grant that it is about.
func (w World) key() entra.GrantKey {
	return entra.GrantKey{ClientID: w.Client.ServicePrincipalObjectID, ResourceID: w.API.ObjectID, UserID: w.UserID}
}

func keyOf(status v1alpha1.DelegatedPermissionGrantStatus) entra.GrantKey {
	return entra.GrantKey{ClientID: status.ClientObjectID, ResourceID: status.APIObjectID, UserID: status.UserObjectID}
}

// bound reports whether status is about this very grant.
func (w World) bound(obj *v1alpha1.DelegatedPermissionGrant) bool {
	return w.key() == keyOf(obj.Status)
}

// clientTitle is how messages call the client.
func (w World) clientTitle() string { return fmt.Sprintf("AppRegistration %q", w.Client.Name) }

// clientShown is what Entra shows of the client; zero where it was not asked.
func (w World) clientShown() entra.Client {
	if w.ObservedClient == nil {
		return entra.Client{}
	}
	return w.ObservedClient.Value
}

// grant is the one that it is about, as Entra has it.
func (w World) grant() (entra.Grant, bool) {
	at := slices.IndexFunc(w.Grants.Value, func(g entra.Grant) bool { return g.GrantKey == w.key() })
	if at < 0 {
		return entra.Grant{GrantKey: w.key()}, false
	}
	return w.Grants.Value[at], true
}

// clientEnding is the end where the client was asked for and is not what the spec names; nil where there is none.
func (w World) clientEnding() *permission.Ending {
	if w.ObservedClient == nil {
		return nil
	}
	shown := w.ObservedClient.Value.ServicePrincipal
	return cmp.Or(permission.Unseen(w.ObservedClient, w.Gone(w.clientTitle())), w.Refused(w.Client.Confirm(shown, w.Tenant)))
}
