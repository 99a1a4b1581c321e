package federatedcredential

import (
	"context"
	"fmt"
	"slices"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// World is what a FederatedCredential's decisions rest on.
type World struct {
	engine.Basis
	// App is the application as its AppRegistration tells; only a hint until Trust confirms it.
	App App
	// Trust is the application in Entra with its federated credentials.
	Trust entra.Observed[entra.Trust]
	// Removed : we deleted the credential a moment ago.
	Removed bool
	// Siblings are the other FederatedCredentials on the same AppRegistration.
	Siblings []v1alpha1.FederatedCredential
	// Identity is the managed identity to trust; looked for only where the credential is not yet as it should be.
	Identity entra.Observed[entra.ServicePrincipal]
	// Account is the ServiceAccount to annotate; nil where there is none.
	Account *Account
	// Left are ServiceAccounts that may carry our annotations and must not anymore.
	Left []Account
}

// App is what an AppRegistration's status tells of its application.
type App struct {
	TenantName string
	ObjectID   string
	AppID      string
	UniqueName string
	// Leaving : the AppRegistration is being deleted. What is bound to it stays; nothing new is.
	Leaving bool
	// Disabled : others have disabled the application or its service principal; nothing new is bound to it either.
	Disabled bool
}

// Read gathers the AppRegistration, its application with all federated credentials (one request), and the ServiceAccount.
func (k *Kind) Read(ctx context.Context, obj *v1alpha1.FederatedCredential) (World, error) {
	if !obj.DeletionTimestamp.IsZero() {
		return k.readFarewell(ctx, obj)
	}
	app, err := k.app(ctx, obj)
	if err != nil {
		return World{}, err
	}
	world := World{App: app}
	bound := obj.Status.TenantName != ""
	tenant := app.TenantName
	if bound {
		tenant = obj.Status.TenantName
	}
	var reader entra.Reader
	if world.Basis, reader, err = k.Binder.Bind(ctx, obj, tenant, bound); err != nil {
		return World{}, err
	}
	if k.misbound(obj, world) != nil {
		return world, nil
	}
	if world.Trust, err = entra.Observe(reader.Trust(ctx, app.ObjectID)); err != nil {
		return World{}, fmt.Errorf("read the application's federated credentials: %w", err)
	}
	if world.Siblings, err = k.readSiblings(ctx, obj); err != nil {
		return World{}, err
	}
	if err := k.readIdentity(ctx, obj, reader, &world); err != nil {
		return World{}, err
	}
	return world, k.readAccounts(ctx, obj, &world)
}

// readIdentity reads the managed identity's service principal, where a trust in it is still to be written.
func (k *Kind) readIdentity(ctx context.Context, obj *v1alpha1.FederatedCredential, reader entra.Reader, world *World) error {
	want := k.desired(obj, world.Tenant)
	if have, exists := world.named(want.Name); obj.Spec.ManagedIdentity == nil || exists && alike(have, want) {
		return nil
	}
	var err error
	if world.Identity, err = entra.Observe(reader.API(ctx, want.Subject)); err != nil {
		return fmt.Errorf("read the managed identity's service principal: %w", err)
	}
	return nil
}

// app is the AppRegistration, usable once its status carries the application's object ID.
func (k *Kind) app(ctx context.Context, obj *v1alpha1.FederatedCredential) (App, error) {
	name := obj.Spec.AppRegistrationRef.Name
	var registration v1alpha1.AppRegistration
	err := k.Cache.Get(ctx, types.NamespacedName{Namespace: obj.Namespace, Name: name}, &registration)
	switch {
	case apierrors.IsNotFound(err):
		return App{}, engine.Wait{What: fmt.Sprintf("AppRegistration %q does not exist", name), Watched: true}
	case err != nil:
		return App{}, fmt.Errorf("get AppRegistration %q: %w", name, err)
	}
	status, leaving := registration.Status, !registration.DeletionTimestamp.IsZero()
	switch {
	case status.ObjectID == "" || status.UniqueName == "":
		return App{}, engine.Wait{What: fmt.Sprintf("AppRegistration %q has no application yet", name), Watched: true}
	case leaving && status.ObjectID != obj.Status.ApplicationObjectID:
		return App{}, leavingWait(name)
	}
	return App{
		TenantName: status.TenantName, ObjectID: status.ObjectID, AppID: status.AppID, UniqueName: status.UniqueName,
		Leaving: leaving, Disabled: engine.Disabled(&registration),
	}, nil
}

func leavingWait(name string) engine.Wait {
	return engine.Wait{What: fmt.Sprintf("AppRegistration %q is being deleted: nothing new is bound to it", name), Watched: true}
}

// ours tells whether Entra itself says that this is the AppRegistration's application, made by this cluster.
func (w World) ours(obj *v1alpha1.FederatedCredential) bool {
	return w.Trust.IsPresent() && w.Trust.Value.UniqueName == w.App.UniqueName && w.marked(obj)
}

// marked tells whether the application's tags name the AppRegistration that obj names, in this cluster.
func (w World) marked(obj *v1alpha1.FederatedCredential) bool {
	tags := w.Trust.Value.Tags
	return entra.Marked(tags, entra.TagObject, obj.Namespace+"/"+obj.Spec.AppRegistrationRef.Name) &&
		entra.Marked(tags, entra.TagClusterUID, w.Tenant.ClusterUIDs...)
}

// named finds a credential; Entra's names differ by more than case.
func (w World) named(name string) (entra.FederatedCredential, bool) {
	at := slices.IndexFunc(w.Trust.Value.Credentials, func(c entra.FederatedCredential) bool { return strings.EqualFold(c.Name, name) })
	if at < 0 {
		return entra.FederatedCredential{}, false
	}
	return w.Trust.Value.Credentials[at], true
}

// put folds a credential that was written.
func (w *World) put(written entra.FederatedCredential) {
	w.drop(written.Name)
	w.Trust.Value.Credentials = append(w.Trust.Value.Credentials, written)
}

// drop folds a credential that was removed. It makes a new list: worlds may share the old one.
func (w *World) drop(name string) {
	w.Trust.Value.Credentials = slices.DeleteFunc(slices.Clone(w.Trust.Value.Credentials),
		func(c entra.FederatedCredential) bool { return strings.EqualFold(c.Name, name) })
}
