package approleassignment

import (
	"context"
	"fmt"

	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/permission"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

// World is what an AppRoleAssignment's decisions rest on.
type World struct {
	permission.World
	// Principal is what the spec names; of an AppRegistration, in a deletion and where something is missing, what status tells. It is only a
	// hint until ObservedPrincipal confirms it.
	Principal Principal
	// ObservedPrincipal is the principal in Entra with the roles that it has been given.
	ObservedPrincipal entra.Observed[entra.Client]
}

func (w World) misbound(obj *v1alpha1.AppRoleAssignment) *permission.Ending {
	return w.Misbound(obj.Status.TenantBinding, w.Principal.App, words)
}

// bound reports whether status is about this very principal and API.
func (w World) bound(obj *v1alpha1.AppRoleAssignment) bool {
	return obj.Status.PrincipalObjectID == w.ObservedPrincipal.Value.ObjectID && obj.Status.APIObjectID == w.API.ObjectID
}

// Read gathers what the spec names, the principal with its roles (one request), and what other objects name.
func (k *Kind) Read(ctx context.Context, obj *v1alpha1.AppRoleAssignment) (World, error) {
	deleting := !obj.DeletionTimestamp.IsZero()
	if deleting && obj.Status.PrincipalObjectID == "" || !deleting && !k.Enabled {
		return World{}, nil
	}
	found, app, reader, err := references(obj).Read(ctx, k.Cache, k.Binder)
	if err != nil {
		return World{}, err
	}
	world := World{World: found, Principal: principalOf(obj.Spec.Principal, app)}
	if reader == nil || world.misbound(obj) != nil {
		return world, nil
	}
	return world, k.readPrincipal(ctx, reader, obj, &world)
}

func references(obj *v1alpha1.AppRoleAssignment) permission.References {
	references := permission.References{
		Object: obj, API: obj.Spec.API, Wanted: reference.Wanted{AppRoles: obj.Spec.Roles},
		Bound: obj.Status.TenantBinding, AppObjectID: obj.Status.PrincipalObjectID,
		APIObjectID: obj.Status.APIObjectID, APIName: obj.Status.APIName,
	}
	if ref := obj.Spec.Principal.AppRegistrationRef; ref != nil {
		references.App = types.NamespacedName{Namespace: obj.Namespace, Name: ref.Name}
	}
	return references
}

// readPrincipal reads the principal, and, where it may lose something, who else names its roles.
func (k *Kind) readPrincipal(ctx context.Context, reader entra.Reader, obj *v1alpha1.AppRoleAssignment, world *World) error {
	if world.Missing != nil && len(obj.Status.Roles) == 0 {
		return nil
	}
	var err error
	if world.ObservedPrincipal, err = world.Principal.read(ctx, reader, world.API.ObjectID); err != nil {
		return fmt.Errorf("read the principal: %w", err)
	}
	if !world.ObservedPrincipal.IsPresent() || !obj.DeletionTimestamp.IsZero() {
		return nil // a deletion reads claims when it takes something away
	}
	if world.Missing == nil {
		if err := k.recognise(ctx, obj, world); err != nil {
			return err
		}
	}
	if len(obj.Status.Roles) > 0 {
		world.Claims, err = world.ReadClaims(ctx, k.Cache, k.Cache, client.ObjectKeyFromObject(obj))
	}
	return err
}
