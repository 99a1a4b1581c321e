package federatedcredential

import (
	"cmp"
	"context"
	"fmt"

	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

// Read gathers the AppRegistration, its application with all federated credentials (one request), and the ServiceAccount.
func (k *Kind) Read(ctx context.Context, obj *v1alpha1.FederatedCredential) (World, error) {
	if !obj.DeletionTimestamp.IsZero() {
		return k.readForDeletion(ctx, obj)
	}
	name := types.NamespacedName{Namespace: obj.Namespace, Name: obj.Spec.AppRegistrationRef.Name}
	app, err := reference.Resolver{Cache: k.Binder.Cache}.Application(ctx, name, obj.Status.ApplicationObjectID)
	if err != nil {
		return World{}, err
	}
	world := World{App: app}
	bound := obj.Status.TenantName
	if err := k.readTrust(ctx, obj, &world, cmp.Or(bound, app.TenantName), bound != ""); err != nil || bindingRefusal(obj, world) != nil {
		return world, err
	}
	if world.Others, err = k.readOthers(ctx, obj); err != nil {
		return world, err
	}
	err = k.readAccounts(ctx, obj, &world)
	return world, err
}

// readForDeletion looks where the object's own status says that it made something: the AppRegistration may be gone already.
func (k *Kind) readForDeletion(ctx context.Context, obj *v1alpha1.FederatedCredential) (World, error) {
	status := obj.Status
	if status.TenantName == "" || status.ApplicationObjectID == "" {
		return World{}, nil
	}
	world := World{App: reference.App{ObjectID: status.ApplicationObjectID, UniqueName: status.ApplicationUniqueName}}
	if err := k.readTrust(ctx, obj, &world, status.TenantName, true); err != nil {
		return world, err
	}
	var err error
	world.FormerAccounts, err = k.accountsWithOurs(ctx, obj, status.AnnotatedServiceAccount, ownAccount(obj))
	return world, err
}

// readTrust binds the object to its tenant, and reads the application there: not in an abandoned tenant, and not in another one than the
// object was made in.
func (k *Kind) readTrust(ctx context.Context, obj *v1alpha1.FederatedCredential, world *World, tenantName string, bound bool) error {
	var reader entra.Reader
	var err error
	world.Binding, reader, err = k.Binder.Bind(ctx, obj, tenantName, bound)
	if err != nil || reader == nil || bindingRefusal(obj, *world) != nil {
		return err
	}
	if world.Trust, err = entra.Observe(reader.Trust(ctx, world.App.ObjectID)); err != nil {
		return fmt.Errorf("read the application's federated credentials: %w", err)
	}
	return nil
}

// readOthers lists the other FederatedCredentials on the same AppRegistration.
func (k *Kind) readOthers(ctx context.Context, obj *v1alpha1.FederatedCredential) ([]v1alpha1.FederatedCredential, error) {
	var all v1alpha1.FederatedCredentialList
	if err := k.Binder.Cache.List(ctx, &all, client.InNamespace(obj.Namespace), client.UnsafeDisableDeepCopy); err != nil {
		return nil, fmt.Errorf("list the application's other FederatedCredentials: %w", err)
	}
	var others []v1alpha1.FederatedCredential
	for i := range all.Items {
		if sameApplication(obj, &all.Items[i]) {
			others = append(others, all.Items[i])
		}
	}
	return others, nil
}
