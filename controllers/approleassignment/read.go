package approleassignment

import (
	"context"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
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
	if reader == nil || world.Misbound(obj, app, words) != nil {
		return world, nil
	}
	err = k.readPrincipal(ctx, reader, obj, &world)
	return world, err
}

func references(obj *v1alpha1.AppRoleAssignment) permission.References {
	references := permission.References{
		Object: obj, API: obj.Spec.API, Wanted: reference.Wanted{AppRoles: obj.Spec.Roles},
		AppObjectID: obj.Status.PrincipalObjectID, APIObjectID: obj.Status.APIObjectID, APIName: obj.Status.APIName,
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
	if world.Missing == nil && world.Principal.Kind == v1alpha1.PrincipalServicePrincipal {
		err = k.recognise(ctx, obj, world)
	}
	if err == nil && len(obj.Status.Roles) > 0 {
		world.Claims, err = world.ReadClaims(ctx, k.Cache, k.Cache, client.ObjectKeyFromObject(obj))
	}
	return err
}

// ReadClaims lists what the other live objects name that give roles of the same API to the same principal.
func (w *World) ReadClaims(ctx context.Context, objects, cache client.Reader, self client.ObjectKey) ([]permission.Claim, error) {
	scope := client.InNamespace("")
	if w.Principal.App.Name != "" { // nobody elsewhere can name it
		scope = client.InNamespace(self.Namespace)
	}
	var all v1alpha1.AppRoleAssignmentList
	if err := objects.List(ctx, &all, scope, client.UnsafeDisableDeepCopy); err != nil {
		return nil, fmt.Errorf("list app role assignments: %w", err)
	}
	var claims []permission.Claim
	for i := range all.Items {
		other := &all.Items[i]
		if client.ObjectKeyFromObject(other) == self || !other.DeletionTimestamp.IsZero() || !w.bound(other) || other.Status.TenantID != w.Tenant.ID {
			continue
		}
		claim := permission.Claim{UID: other.UID, IDs: named(other), NotAfter: other.Spec.NotAfter.DeepCopy()}
		w.describe(ctx, cache, other, &claim)
		claims = append(claims, claim)
	}
	return claims, nil
}

// named are the IDs of the roles that an object's spec names, and that it was let have.
func named(obj *v1alpha1.AppRoleAssignment) []string {
	var ids []string
	for _, role := range obj.Status.Roles {
		if slices.Contains(obj.Spec.Roles, role.Value) || obj.Spec.DefaultAccess && role.ID == entra.DefaultAccess {
			ids = append(ids, role.ID)
		}
	}
	return ids
}

// describe adds the namespace of a claim, and the API as it sees it. What cannot be read is left out, and lets it keep nothing.
func (w *World) describe(ctx context.Context, cache client.Reader, other *v1alpha1.AppRoleAssignment, claim *permission.Claim) {
	claim.Namespace = binding.Namespace{Name: other.Namespace}
	var namespace corev1.Namespace
	if other.Namespace == w.Namespace.Name || cache.Get(ctx, types.NamespacedName{Name: other.Namespace}, &namespace) != nil {
		return
	}
	claim.Namespace.Labels = namespace.Labels
	if w.API.Managed == nil {
		claim.API = &w.API
		return
	}
	ref := v1alpha1.AppRegistrationReference{Namespace: w.API.Managed.Namespace, Name: w.API.Managed.Name}
	theirs := binding.Binding{Tenant: w.Tenant, Namespace: claim.Namespace}
	api, err := reference.Resolver{Cache: cache}.API(
		ctx, nil, theirs, v1alpha1.APIReference{AppRegistrationRef: &ref}, reference.Wanted{}, other.Status.APIObjectID)
	if err == nil {
		claim.API = &api
	}
}
