package federatedcredential

import (
	"cmp"
	"context"
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
)

// annotations plans what the ServiceAccounts need. One that does not exist needs nothing: a watch wakes us when it is made.
func (k *Kind) annotations(obj *v1alpha1.FederatedCredential, world World) []engine.Step[World] {
	steps := removals(obj, world)
	account := world.Account
	if account == nil || world.App.AppID == "" || foreign(world) != nil ||
		account.ClientID.Value == world.App.AppID && account.TenantID.Value == world.Tenant.ID {
		return steps
	}
	return append(steps, annotate{account: *account, namespace: obj.Namespace, manager: manager(obj), echo: &k.echo})
}

// removals plans to take our annotations off the ServiceAccounts that are not to carry them anymore.
func removals(obj *v1alpha1.FederatedCredential, world World) []engine.Step[World] {
	var steps []engine.Step[World]
	for _, account := range world.Left {
		if account.ours() {
			steps = append(steps, strip{account: account, namespace: obj.Namespace, manager: manager(obj)})
		}
	}
	return steps
}

// foreign says which annotation somebody else keeps at another value; nil where nobody does. It is never forced.
func foreign(world World) *engine.Refusal {
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
			return &engine.Refusal{Reason: v1alpha1.ReasonConflict, Message: fmt.Sprintf(
				"ServiceAccount %s: annotation %s is %q, set by %s, and should be %q: remove it there, or set annotateServiceAccount: false",
				world.Account.Name, annotation.key, annotation.have.Value, cmp.Or(annotation.have.Others, "somebody else"), annotation.want)}
		}
	}
	return nil
}

// annotated is the ServiceAccount that a farewell has to look at: the old one until our annotations are off it, then the new one.
func annotated(obj *v1alpha1.FederatedCredential, world World) string {
	switch {
	case len(removals(obj, world)) > 0:
		return obj.Status.AnnotatedServiceAccount
	case world.Account == nil, foreign(world) != nil && !world.Account.ours():
		return ""
	default:
		return world.Account.Name
	}
}

// annotate puts our annotations on a ServiceAccount.
type annotate struct {
	account            Account
	namespace, manager string
	echo               *engine.Echo
}

func (s annotate) String() string { return "annotate ServiceAccount " + s.account.Name }

func (s annotate) Do(ctx context.Context, hands engine.Hands, world *World) error {
	clientID, tenantID := world.App.AppID, world.Tenant.ID
	applied := s.account.configuration(s.namespace)
	applied.SetAnnotations(map[string]string{ClientIDAnnotation: clientID, TenantIDAnnotation: tenantID})
	if err := s.echo.Writing(func() (client.Object, error) { return applied, apply(ctx, hands, applied, s.manager) }); err != nil {
		return err
	}
	changed := s.account
	changed.ClientID = Annotation{Value: clientID, Present: true, Ours: true}
	changed.TenantID = Annotation{Value: tenantID, Present: true, Ours: true}
	world.Account = &changed
	return nil
}

// strip takes our annotations off a ServiceAccount; what others own stays.
type strip struct {
	account            Account
	namespace, manager string
}

func (s strip) String() string { return "remove our annotations from ServiceAccount " + s.account.Name }

func (s strip) Do(ctx context.Context, hands engine.Hands, world *World) error {
	if err := apply(ctx, hands, s.account.configuration(s.namespace), s.manager); err != nil {
		return err
	}
	var left []Account
	for _, account := range world.Left {
		if account.Name != s.account.Name {
			left = append(left, account)
		}
	}
	world.Left = left
	return nil
}

// configuration names a ServiceAccount by its UID too, so that applying it never creates one.
func (a Account) configuration(namespace string) *unstructured.Unstructured {
	configuration := &unstructured.Unstructured{}
	configuration.SetAPIVersion("v1")
	configuration.SetKind("ServiceAccount")
	configuration.SetNamespace(namespace)
	configuration.SetName(a.Name)
	configuration.SetUID(a.UID)
	return configuration
}

// apply is server-side apply, never by force.
func apply(ctx context.Context, hands engine.Hands, configuration *unstructured.Unstructured, manager string) error {
	return hands.Kube.Apply(ctx, client.ApplyConfigurationFromUnstructured(configuration), client.FieldOwner(manager))
}
