package application

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// object is an API with a scope and a role.
func object(edits ...func(*v1alpha1.AppRegistration)) *v1alpha1.AppRegistration {
	obj := &v1alpha1.AppRegistration{ObjectMeta: metav1.ObjectMeta{
		Namespace: "shop", Name: "orders-api", UID: "0a1b2c3d-0000-4000-8000-000000000009",
	}}
	obj.Spec.DisplayName = "Orders API"
	scopes("Orders.Read")(obj)
	obj.Spec.AppRoles = []v1alpha1.AppRole{
		{Value: "Orders.Read.All", DisplayName: "Read all orders", AllowedMemberTypes: []v1alpha1.MemberType{v1alpha1.MemberApplication}},
	}
	for _, edit := range edits {
		edit(obj)
	}
	return obj
}

func testBinding() binding.Binding {
	return binding.Binding{
		Namespace: binding.Namespace{Name: "shop", UID: "ns-uid"},
		Tenant:    binding.Tenant{ClusterID: "c1", ClusterUIDs: []string{"0123456789abcdef"}},
	}
}

// ofNew is the difference of an object that has no application yet.
func ofNew(obj *v1alpha1.AppRegistration, found References) Difference {
	return Compare(obj.Spec, Identify(obj, testBinding()), found, entra.Application{}, entra.Present[[]entra.Assignment](nil))
}

func scopes(values ...string) func(*v1alpha1.AppRegistration) {
	return func(o *v1alpha1.AppRegistration) {
		o.Spec.API = &v1alpha1.API{}
		for _, value := range values {
			o.Spec.API.Scopes = append(o.Spec.API.Scopes, v1alpha1.Scope{Value: value})
		}
	}
}

func roles(values ...string) func(*v1alpha1.AppRegistration) {
	return func(o *v1alpha1.AppRegistration) {
		o.Spec.AppRoles = nil
		for _, value := range values {
			o.Spec.AppRoles = append(o.Spec.AppRoles, v1alpha1.AppRole{
				Value: value, AllowedMemberTypes: []v1alpha1.MemberType{v1alpha1.MemberUser, v1alpha1.MemberApplication},
			})
		}
	}
}

func redirectsTo(uris ...string) func(*v1alpha1.AppRegistration) {
	return func(o *v1alpha1.AppRegistration) { o.Spec.Web = &v1alpha1.Platform{RedirectURIs: uris} }
}

// trusts pre-authorizes a client for scopes.
func trusts(values ...string) func(*v1alpha1.AppRegistration) {
	return func(o *v1alpha1.AppRegistration) {
		o.Spec.API.PreAuthorizedClients = append(o.Spec.API.PreAuthorizedClients, v1alpha1.PreAuthorizedClient{Scopes: values})
	}
}
