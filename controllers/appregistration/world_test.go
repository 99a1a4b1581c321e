package appregistration

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/types"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/appregistration/application"
	"github.com/entra-registrar/entra-registrar/controllers/appregistration/secret"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

// settled is the world in which nothing is left to do for the object: all that it names is found.
func settled(obj *v1alpha1.AppRegistration) World {
	world := with(unknown(), finding(obj))
	id := application.Identify(obj, world.Binding)
	references, nobody := resolve(obj, world).References, entra.Present[[]entra.Assignment](nil)
	wanted := application.Compare(obj.Spec, id, references, entra.Application{}, nobody)
	app := entra.Application{
		ObjectID: objectID, AppID: appID, UniqueName: id.First, CreatedByAppID: operatorApp, CreatedAt: created,
		ApplicationSettings: wanted.Created,
	}
	application.Compare(obj.Spec, id, references, app, nobody).Patch.Apply(&app.ApplicationSettings)
	world.application, world.provenance = entra.Present(app), foundByRecord
	world.principal = entra.Present(entra.ServicePrincipal{
		ObjectID: principalID, AppID: appID, Tags: wanted.PrincipalTags, AssignmentRequired: wanted.AssignmentRequired,
	})
	if secret.Enabled(obj) {
		world.secret = secret.ContentOf(obj, world.Tenant, app).Over(obj, nil)
	}
	return world
}

// unknown is the world of an object of which Entra shows nothing.
func unknown() World { return World{Binding: testBinding()} }

// with changes a world.
func with(world World, edits ...func(*World)) World {
	for _, edit := range edits {
		edit(&world)
	}
	return world
}

// recorded is the world in which the object is settled, found by its recorded object ID.
func recorded(edits ...func(*World)) World { return with(settled(object()), edits...) }

// adoptable is the world in which the object is settled, but for the record: the application was found by its name, with evidence that
// speaks for us.
func adoptable(edits ...func(*World)) World {
	world := settled(object())
	world.provenance = foundByName
	world.evidence = evidence{owners: entra.Present([]string{operatorID}), trust: entra.Present(entra.Trust{})}
	return with(world, edits...)
}

// finding is the world in which all that an object names is found, and Entra shows that it is what it says.
func finding(obj *v1alpha1.AppRegistration) func(*World) {
	return func(w *World) {
		w.apis, w.clients, w.observed = map[string]found[reference.API]{}, map[string]found[reference.App]{}, map[string]found[entra.ServicePrincipal]{}
		for i, entry := range obj.Spec.Permissions {
			api := graphAPI()
			if ref := entry.API.AppRegistrationRef; ref != nil {
				api = managedAPI(ref.Name)
			}
			w.apis[permissionsPath(i)] = found[reference.API]{value: api}
			w.observed[api.AppID] = found[entra.ServicePrincipal]{value: principalOf(obj.Namespace, api.Title)}
		}
		for path, ref := range clientReferences(obj.Spec) {
			if ref.AppRegistrationRef == nil {
				continue
			}
			name := ref.AppRegistrationRef.Name
			app := principalOf(obj.Namespace, name)
			w.observed[app.AppID] = found[entra.ServicePrincipal]{value: app}
			w.clients[path] = found[reference.App]{value: reference.App{
				NamespacedName: types.NamespacedName{Namespace: obj.Namespace, Name: name}, TenantName: "corp",
				AppID: app.AppID, ServicePrincipalObjectID: app.ObjectID,
			}}
		}
	}
}

// principalOf is the service principal of an AppRegistration as Entra shows it.
func principalOf(namespace, name string) entra.ServicePrincipal {
	id := application.Identify(object(func(o *v1alpha1.AppRegistration) { o.Namespace, o.Name = namespace, name }), testBinding())
	wanted := application.Compare(
		v1alpha1.AppRegistrationSpec{}, id, application.References{}, entra.Application{}, entra.Observed[[]entra.Assignment]{})
	return entra.ServicePrincipal{ObjectID: name + "-principal", AppID: name + "-app", Tags: wanted.PrincipalTags}
}

// managedAPI is one of an AppRegistration of the object's own namespace, whose permissions have their values as IDs.
func managedAPI(name string) reference.API {
	api := reference.API{
		Title: name, AppID: name + "-app", ObjectID: name + "-principal", TenantName: "corp",
		Managed: &types.NamespacedName{Namespace: "shop", Name: name}, Own: true,
	}
	for _, value := range []string{"1", "2"} {
		p := reference.Permission{Value: value, ID: value, Enabled: true, Applications: true}
		api.Scopes, api.AppRoles = append(api.Scopes, p), append(api.AppRoles, p)
	}
	return api
}

// consentedTo is the world in which an admin has consented to all permissions of an object that are found.
func consentedTo(obj *v1alpha1.AppRegistration) func(*World) {
	return func(w *World) {
		w.consent = consent{known: true, given: map[entitlement]bool{}}
		for _, p := range resolve(obj, *w).Permissions {
			w.consent.given[entitlementOf(p)] = true
		}
	}
}

// tagged is the world in which a mark of the application has another value.
func tagged(prefix, value string) func(*World) {
	return func(w *World) { w.application.Value.Tags = retag(w.application.Value.Tags, prefix, value) }
}

// untagged is the world in which the application lacks a mark.
func untagged(prefix string) func(*World) {
	return func(w *World) {
		tags := slices.Clone(w.application.Value.Tags)
		w.application.Value.Tags = slices.DeleteFunc(tags, func(tag string) bool { return strings.HasPrefix(tag, prefix) })
	}
}
