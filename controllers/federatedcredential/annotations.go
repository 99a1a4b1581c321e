package federatedcredential

import (
	"cmp"
	"context"
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
)

// annotationSteps are what the ServiceAccounts need. One that does not exist needs nothing: a watch wakes us when it is made.
func annotationSteps(obj *v1alpha1.FederatedCredential, world World) []step {
	steps := annotationRemovals(obj, world)
	account := world.Account
	if account == nil || world.App.AppID == "" || annotationConflict(world) != nil ||
		account.ClientID.Value == world.App.AppID && account.TenantID.Value == world.Tenant.ID {
		return steps
	}
	return append(steps, annotate{*account, obj.Namespace, manager(obj)})
}

// annotationRemovals take our annotations off the ServiceAccounts that are not to carry them any more.
func annotationRemovals(obj *v1alpha1.FederatedCredential, world World) []step {
	var steps []step
	for _, account := range world.FormerAccounts {
		steps = append(steps, removeAnnotations{account, obj.Namespace, manager(obj)})
	}
	return steps
}

// annotationConflict says which annotation somebody else keeps at another value; nil where nobody does. It is never forced.
func annotationConflict(world World) *engine.Refusal {
	if world.Account == nil || world.App.AppID == "" {
		return nil
	}
	for _, annotation := range []struct {
		key, want string
		have      Annotation
	}{
		{ClientIDAnnotation, world.App.AppID, world.Account.ClientID},
		{TenantIDAnnotation, world.Tenant.ID, world.Account.TenantID},
	} {
		if annotation.have.foreign() && annotation.have.Value != annotation.want {
			return engine.Refuse(v1alpha1.ReasonConflict,
				"ServiceAccount %s: annotation %s is %q, set by %s, and should be %q: remove it there, or set annotateServiceAccount: false",
				world.Account.Name, annotation.key, annotation.have.Value, cmp.Or(annotation.have.Others, "somebody else"), annotation.want)
		}
	}
	return nil
}

type annotate struct {
	account            Account
	namespace, manager string
}

func (s annotate) String() string { return "annotate ServiceAccount " + s.account.Name }

func (s annotate) Do(ctx context.Context, clients engine.Clients, world *World) error {
	clientID, tenantID := world.App.AppID, world.Tenant.ID
	applied := s.account.configuration(s.namespace)
	applied.SetAnnotations(map[string]string{ClientIDAnnotation: clientID, TenantIDAnnotation: tenantID})
	write := func() (client.Object, error) { return applied, apply(ctx, clients, applied, s.manager) }
	if err := clients.OwnWrites.Write(write); err != nil {
		return err
	}
	changed := s.account
	changed.ClientID = Annotation{Value: clientID, Present: true, Ours: true}
	changed.TenantID = Annotation{Value: tenantID, Present: true, Ours: true}
	world.Account = &changed
	return nil
}

// removeAnnotations takes our annotations off a ServiceAccount; what others own stays.
type removeAnnotations struct {
	account            Account
	namespace, manager string
}

func (s removeAnnotations) String() string {
	return "remove our annotations from ServiceAccount " + s.account.Name
}

func (s removeAnnotations) Do(ctx context.Context, clients engine.Clients, world *World) error {
	if err := apply(ctx, clients, s.account.configuration(s.namespace), s.manager); err != nil {
		return err
	}
	world.FormerAccounts = slices.DeleteFunc(slices.Clone(world.FormerAccounts), func(a Account) bool { return a.Name == s.account.Name })
	return nil
}

// configuration names a ServiceAccount by its UID too, so that applying it never creates one.
func (a Account) configuration(namespace string) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "v1", "kind": "ServiceAccount",
		"metadata": map[string]any{"namespace": namespace, "name": a.Name, "uid": string(a.UID)},
	}}
}

// apply is server-side apply, never by force.
func apply(ctx context.Context, clients engine.Clients, configuration *unstructured.Unstructured, manager string) error {
	return clients.Kube.Apply(ctx, client.ApplyConfigurationFromUnstructured(configuration), client.FieldOwner(manager))
}
