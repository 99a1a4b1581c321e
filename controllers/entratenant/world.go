package entratenant

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// World is what a decision about a tenant rests on.
type World struct {
	engine.Basis
	// Objects of ours that name the tenant in their status, as in "AppRegistration shop/orders", sorted.
	Objects []string
	// Rivals are other EntraTenants marked default, sorted; looked for only where this one is marked too.
	Rivals []string
	// ClusterUID is the UID of the namespace kube-system.
	ClusterUID string
	// Reached : the tenant answered, and Self is who we are there.
	Reached bool
	Self    entra.Identity
	// Privileged is who privilegedAuth is: by its own token where this process has a use for it, else only its object ID, as the
	// directory tells.
	Privileged entra.Identity
	// Trouble keeps us from signing in with privilegedAuth, while the rest works; nil where nothing does.
	Trouble error
	// Organization is empty where we may not read it: our token tells the tenant's ID as well.
	Organization entra.Organization
	// Closed : the connection has been forgotten.
	Closed bool
}

// Read asks the tenant who we are. It makes no call for a tenant that is abandoned or being deleted.
func (k *Kind) Read(ctx context.Context, obj *v1alpha1.EntraTenant) (World, error) {
	world := World{Basis: engine.Basis{Tenant: engine.Tenant{
		Name: obj.Name, Key: entra.TenantKey{UID: string(obj.UID)}, ID: obj.Spec.TenantID, Abandoned: obj.Spec.Abandoned,
	}}}
	if obj.Spec.ResyncInterval != nil {
		world.Tenant.Resync = obj.Spec.ResyncInterval.Duration
	}
	var err error
	if world.Objects, err = k.objects(ctx, obj); err != nil {
		return world, err
	}
	if !obj.DeletionTimestamp.IsZero() {
		return world, nil
	}
	if world.Rivals, err = k.rivals(ctx, obj); err != nil {
		return world, err
	}
	if obj.Spec.Abandoned {
		return world, nil
	}
	uid, err := k.Binder.ClusterUID(ctx)
	if err != nil {
		return world, err
	}
	world.ClusterUID = string(uid)
	return world, k.reach(ctx, obj, &world)
}

// reach signs in and reads what the tenant says about itself. An error tells what to do about it: it is the tenant's condition.
func (k *Kind) reach(ctx context.Context, obj *v1alpha1.EntraTenant, world *World) error {
	reader, err := k.Binder.Open(ctx, obj)
	if err != nil {
		return fmt.Errorf("open the connection: %w", err)
	}
	if err := ask(ctx, reader, world); errors.Is(err, entra.ErrUnreachable) {
		return fmt.Errorf("%w; check that the manager may connect there: DNS, proxy, firewall, network policies%s", err, ofCustom(obj.Spec))
	} else if err != nil {
		return err
	}
	world.Reached = true
	return k.reachPrivileged(ctx, obj, reader, world)
}

// ofCustom is what else can keep us from a tenant with endpoints of its own.
func ofCustom(spec v1alpha1.EntraTenantSpec) string {
	if spec.Endpoints == nil {
		return ""
	}
	return ", and spec.endpoints with its caBundle"
}

// ask the token service first, and then Graph.
func ask(ctx context.Context, reader entra.Reader, world *World) error {
	if _, err := reader.Endpoints(ctx); err != nil {
		return err
	}
	var err error
	if world.Self, err = reader.Self(ctx); err != nil {
		return err
	}
	world.Organization, err = reader.Organization(ctx)
	if refused, is := errors.AsType[entra.Refused](err); is && refused.Reason == entra.RefusedForbidden {
		return nil
	}
	return err
}

// objects are those that name the tenant. A cache may lag, so a tenant that is being deleted asks the API server before it goes.
func (k *Kind) objects(ctx context.Context, obj *v1alpha1.EntraTenant) ([]string, error) {
	found, err := bound(ctx, k.Cache, obj.Name)
	if err == nil && len(found) == 0 && !obj.DeletionTimestamp.IsZero() {
		found, err = bound(ctx, k.Binder.Live, obj.Name)
	}
	return found, err
}

func bound(ctx context.Context, reader client.Reader, tenant string) ([]string, error) {
	var (
		apps        v1alpha1.AppRegistrationList
		credentials v1alpha1.FederatedCredentialList
		assignments v1alpha1.AppRoleAssignmentList
		grants      v1alpha1.DelegatedPermissionGrantList
		found       []string
	)
	for _, list := range []client.ObjectList{&apps, &credentials, &assignments, &grants} {
		if err := reader.List(ctx, list); err != nil {
			return nil, fmt.Errorf("list the tenant's objects: %w", err)
		}
	}
	add := func(kind string, obj client.Object, binding v1alpha1.TenantBinding) {
		if binding.TenantName == tenant {
			found = append(found, fmt.Sprintf("%s %s/%s", kind, obj.GetNamespace(), obj.GetName()))
		}
	}
	for i := range apps.Items {
		add("AppRegistration", &apps.Items[i], apps.Items[i].Status.TenantBinding)
	}
	for i := range credentials.Items {
		add("FederatedCredential", &credentials.Items[i], credentials.Items[i].Status.TenantBinding)
	}
	for i := range assignments.Items {
		add("AppRoleAssignment", &assignments.Items[i], assignments.Items[i].Status.TenantBinding)
	}
	for i := range grants.Items {
		add("DelegatedPermissionGrant", &grants.Items[i], grants.Items[i].Status.TenantBinding)
	}
	slices.Sort(found)
	return found, nil
}

func (k *Kind) rivals(ctx context.Context, obj *v1alpha1.EntraTenant) ([]string, error) {
	if !obj.Spec.Default {
		return nil, nil
	}
	var tenants v1alpha1.EntraTenantList
	if err := k.Cache.List(ctx, &tenants); err != nil {
		return nil, fmt.Errorf("list tenants: %w", err)
	}
	var found []string
	for _, other := range tenants.Items {
		if other.Spec.Default && other.Name != obj.Name && other.DeletionTimestamp.IsZero() {
			found = append(found, other.Name)
		}
	}
	slices.Sort(found)
	return found, nil
}
