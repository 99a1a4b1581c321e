package permission

import (
	"cmp"
	"context"
	"errors"

	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

// Object is an object of one of the kinds.
type Object interface {
	engine.Object
	v1alpha1.TenantBound
}

// References are what an object names, and what its status is bound to.
type References struct {
	Object Object
	// App is the AppRegistration that is the principal or the client; zero where the spec names none.
	App types.NamespacedName
	API v1alpha1.APIReference
	// Wanted are the permissions that the spec asks of the API.
	Wanted reference.Wanted
	// AppObjectID is the service principal of App that status names, APIObjectID and APIName the API.
	AppObjectID, APIObjectID, APIName string
}

// Read opens the tenant and finds what an object is about: by its spec, or, in a deletion, by its own status. An object that is bound goes
// by its status too where something is missing: what its spec drops, and what notAfter ends, is taken away all the same. The Reader is nil
// for an abandoned tenant.
func (r References) Read(ctx context.Context, cache client.Reader, binder binding.Binder) (World, reference.App, entra.Reader, error) {
	resolver := reference.Resolver{Cache: cache}
	app, missing := r.appFromStatus(), error(nil)
	deleting := !r.Object.GetDeletionTimestamp().IsZero()
	if !deleting && r.App.Name != "" {
		found, err := resolver.ServicePrincipal(ctx, r.App, r.AppObjectID)
		if missing = err; missing == nil {
			app = found
		} else if !r.survives(missing) {
			return World{}, app, nil, joinWaits(missing, r.ownAPI(ctx, resolver))
		}
	}
	world := World{API: r.apiFromStatus()}
	reader, err := r.bind(ctx, cache, binder, app, &world)
	if err != nil || deleting {
		return world, app, reader, err
	}
	api, err := resolver.API(ctx, reader, world.Binding, r.API, r.Wanted, r.APIObjectID)
	if err != nil && !r.survives(err) {
		return World{}, app, nil, err
	}
	world.Withheld = reference.Withheld(err)
	if wait, is := errors.AsType[engine.Wait](joinWaits(missing, err)); is {
		world.Missing = &wait
		return world, r.appFromStatus(), reader, nil
	}
	world.API = api
	return world, app, reader, nil
}

// survives reports whether the object can be looked at though something of it is missing.
func (r References) survives(missing error) bool {
	_, is := errors.AsType[engine.Wait](missing)
	return is && r.APIObjectID != ""
}

// bind opens the tenant that the object is bound to, or else that of what it names.
func (r References) bind(
	ctx context.Context, cache client.Reader, binder binding.Binder, app reference.App, world *World,
) (entra.Reader, error) {
	tenant, err := binder.TenantName(ctx, r.Object.Binding(), cmp.Or(app.TenantName, r.tenantOfAPI(ctx, cache)))
	if err != nil {
		return nil, err
	}
	var reader entra.Reader
	world.Binding, reader, err = binder.Bind(ctx, r.Object, tenant, r.Object.Binding().TenantName != "")
	return reader, err
}

// ownAPI says what an API of the object's own namespace lacks. It needs no tenant.
func (r References) ownAPI(ctx context.Context, resolver reference.Resolver) error {
	if r.API.AppRegistrationRef == nil || r.apiName().Namespace != r.Object.GetNamespace() {
		return nil
	}
	own := binding.Binding{Namespace: binding.Namespace{Name: r.Object.GetNamespace()}}
	_, err := resolver.API(ctx, nil, own, r.API, reference.Wanted{}, r.APIObjectID)
	return err
}

// tenantOfAPI is that of the AppRegistration that the spec names as the API; empty where it is not known.
func (r References) tenantOfAPI(ctx context.Context, cache client.Reader) string {
	var api v1alpha1.AppRegistration
	if r.API.AppRegistrationRef == nil || cache.Get(ctx, r.apiName(), &api) != nil {
		return ""
	}
	return api.Status.TenantName
}

// appFromStatus is the principal's or client's AppRegistration as status tells.
func (r References) appFromStatus() reference.App {
	if r.App.Name == "" {
		return reference.App{}
	}
	return reference.App{NamespacedName: r.App, TenantName: r.Object.Binding().TenantName, ServicePrincipalObjectID: r.AppObjectID}
}

// apiFromStatus is the API as status tells.
func (r References) apiFromStatus() reference.API {
	api := reference.API{
		Title: string(r.API.AppID), AppID: string(r.API.AppID), ObjectID: r.APIObjectID, DisplayName: r.APIName,
		TenantName: r.Object.Binding().TenantName,
	}
	switch {
	case r.API.AppRegistrationRef != nil:
		name := r.apiName()
		api.Managed, api.Own = &name, name.Namespace == r.Object.GetNamespace()
	case r.API.WellKnown != "":
		api.Title, api.AppID = string(r.API.WellKnown), entra.WellKnown(string(r.API.WellKnown))
	}
	return api
}

// apiName is the AppRegistration that the spec names as the API.
func (r References) apiName() types.NamespacedName {
	ref := r.API.AppRegistrationRef
	return types.NamespacedName{Namespace: cmp.Or(ref.Namespace, r.Object.GetNamespace()), Name: ref.Name}
}

// joinWaits makes one Wait of two, so that every missing reference is told at once.
func joinWaits(a, b error) error {
	first, isFirst := errors.AsType[engine.Wait](a)
	second, isSecond := errors.AsType[engine.Wait](b)
	if isFirst && isSecond {
		return engine.Wait{What: engine.JoinMessages(first.What, second.What), Watched: first.Watched && second.Watched}
	}
	return cmp.Or(a, b)
}

// Watches are the objects that wake those of a kind: AppRegistrations that they name, others of the kind that share permissions with them,
// their tenant and their namespace. A change of what claims gives may leave something for those others to give, or to take away.
func Watches[T Object](
	cache client.Reader, example T, list client.ObjectList,
	names func(T, *v1alpha1.AppRegistration) bool, sharing func(a, b T) bool, claims func(T) any,
) []engine.Watch {
	ofRegistrations := func(obj T, changed client.Object) bool {
		app, is := changed.(*v1alpha1.AppRegistration)
		return is && names(obj, app)
	}
	ofOthers := func(obj T, changed client.Object) bool {
		other, is := changed.(T)
		return is && client.ObjectKeyFromObject(obj) != client.ObjectKeyFromObject(other) && sharing(obj, other)
	}
	bound := func(obj T, tenant string) bool {
		name := obj.Binding().TenantName
		return name == "" || name == tenant
	}
	byRegistrations, byOthers := engine.Everywhere(cache, list, ofRegistrations), engine.Everywhere(cache, list, ofOthers)
	return append(binding.Watches(cache, list, bound),
		engine.Watch{Object: &v1alpha1.AppRegistration{}, Wakes: byRegistrations, When: engine.Changed(reference.Visible)},
		engine.Watch{Object: example, Wakes: byOthers, When: engine.Changed(claims)},
	)
}
