package entratenant

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/utils/ptr"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// Read asks the tenant who we are. It makes no call for a tenant that is abandoned or being deleted.
func (k *Kind) Read(ctx context.Context, obj *v1alpha1.EntraTenant) (World, error) {
	world := World{Binding: binding.Binding{Tenant: binding.Tenant{
		Name: obj.Name, ID: string(obj.Spec.TenantID), Abandoned: obj.Spec.Abandoned,
		ResyncInterval: ptr.Deref(obj.Spec.ResyncInterval, metav1.Duration{}).Duration,
	}}}
	var err error
	if world.Objects, err = k.objects(ctx, obj); err != nil || !obj.DeletionTimestamp.IsZero() {
		return world, err
	}
	if world.OtherDefaults, err = k.otherDefaults(ctx, obj); err != nil || obj.Spec.Abandoned {
		return world, err
	}
	uid, err := k.Binder.ClusterUID(ctx)
	if err != nil {
		return world, err
	}
	world.ClusterUID = string(uid)
	err = k.reach(ctx, obj, &world)
	return world, err
}

// reach signs in and reads what the tenant says about itself. An error tells what to do about it: it is the tenant's condition.
func (k *Kind) reach(ctx context.Context, obj *v1alpha1.EntraTenant, world *World) error {
	reader, err := k.Binder.Open(ctx, obj)
	if err != nil {
		return fmt.Errorf("open the connection: %w", err)
	}
	if err := readSelf(ctx, reader, world); errors.Is(err, entra.ErrUnreachable) {
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

// readSelf asks the token service first, and then Graph.
func readSelf(ctx context.Context, reader entra.Reader, world *World) error {
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

// reachPrivileged signs in with privilegedAuth where a kind in this process has a use for it. Elsewhere its credential may not even be
// within reach, and the directory tells its object ID, if it has one.
func (k *Kind) reachPrivileged(ctx context.Context, obj *v1alpha1.EntraTenant, base entra.Reader, world *World) error {
	auth := obj.Spec.PrivilegedAuth
	if auth == nil {
		return nil
	}
	if len(k.needed()) == 0 {
		if principal, err := base.APIByAppID(ctx, string(auth.ClientID), 0); err == nil {
			world.Privileged.ObjectID = principal.ObjectID
		}
		return nil
	}
	binder := k.Binder
	binder.Privileged = true
	reader, err := binder.Open(ctx, obj)
	if err == nil {
		world.Privileged, err = reader.Self(ctx)
	}
	if err == nil {
		return nil
	}
	err = fmt.Errorf("sign in with %s: %w", privilegedField, err)
	if needsAction(err) {
		world.PrivilegedErr = err
		return nil
	}
	return err
}

// needsAction reports whether somebody has to do something about an error before it goes.
func needsAction(err error) bool {
	_, refused := errors.AsType[entra.Refused](err)
	_, waits := errors.AsType[engine.Wait](err)
	return refused || waits
}

// objects are those that name the tenant. A cache may lag, so a tenant that is being deleted asks the API server before it goes.
func (k *Kind) objects(ctx context.Context, obj *v1alpha1.EntraTenant) ([]string, error) {
	found, err := k.boundTo(ctx, k.Binder.Cache, obj.Name)
	if err == nil && len(found) == 0 && !obj.DeletionTimestamp.IsZero() {
		found, err = k.boundTo(ctx, k.Binder.Live, obj.Name)
	}
	return found, err
}

func (k *Kind) boundTo(ctx context.Context, reader client.Reader, tenant string) ([]string, error) {
	var found []string
	for _, bound := range k.Bound {
		list := bound.List.DeepCopyObject().(client.ObjectList)
		err := reader.List(ctx, list)
		if err == nil {
			err = meta.EachListItem(list, func(item runtime.Object) error {
				if obj, is := item.(v1alpha1.TenantBound); is && obj.Binding().TenantName == tenant {
					found = append(found, fmt.Sprintf("%s %s/%s", bound.Kind, obj.GetNamespace(), obj.GetName()))
				}
				return nil
			})
		}
		if err != nil {
			return nil, fmt.Errorf("list the tenant's objects: %w", err)
		}
	}
	slices.Sort(found)
	return found, nil
}

func (k *Kind) otherDefaults(ctx context.Context, obj *v1alpha1.EntraTenant) ([]string, error) {
	if !obj.Spec.Default {
		return nil, nil
	}
	names, err := k.Binder.DefaultTenants(ctx)
	return slices.DeleteFunc(names, func(name string) bool { return name == obj.Name }), err
}
