package appregistration

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

func TestSettle_NewObjectCostsOneReadAndThreeWrites(t *testing.T) {
	t.Parallel()
	c, obj := newCluster(t), object()
	same(t, "steps", []string{
		"create application k8s.c1.shop.orders-api", "update application: identifierUris", "create service principal", "write Secret orders-api-entra",
	}, c.reconcile(obj))
	same(t, "requests", []string{"ApplicationByName", "CreateApplication", "UpdateApplication", "CreateServicePrincipal"}, c.requests())
	api := c.directory.apps["object-1"]
	same(t, "status", v1alpha1.AppRegistrationStatus{
		TenantBinding: v1alpha1.TenantBinding{TenantName: "corp", TenantID: tenantID},
		UniqueName:    firstName, AppID: "app-2", ObjectID: "object-1", ServicePrincipalObjectID: "principal-3",
		IdentifierURIs: []string{"api://app-2"},
		Scopes:         []v1alpha1.NamedID{{Value: "Orders.Read", ID: api.Scopes[0].ID}},
		AppRoles:       []v1alpha1.NamedID{{Value: "Orders.Read.All", ID: api.AppRoles[0].ID}},
		Endpoints: &v1alpha1.Endpoints{
			Issuer: testBinding().Tenant.Endpoints.Issuer, Authorization: testBinding().Tenant.Endpoints.Authorization,
			Token: testBinding().Tenant.Endpoints.Token, JWKS: testBinding().Tenant.Endpoints.JWKS, OpenIDConfiguration: testBinding().Tenant.Endpoints.Discovery,
		},
		SecretName: "orders-api-entra", Binding: &v1alpha1.Binding{Name: "orders-api-entra"},
	}, obj.Status)
	same(t, "second steps", []string(nil), c.reconcile(obj))
	same(t, "second requests", []string{"Application", "ServicePrincipal"}, c.requests())
}

func TestSettle_IntentIsRecordedBeforeTheCreate(t *testing.T) {
	t.Parallel()
	c, obj := newCluster(t), object()
	c.directory.errs["CreateApplication"] = entra.ErrUnreachable
	same(t, "steps", []string{"failed: Entra cannot be reached"}, c.reconcile(obj))
	same(t, "requests", []string{"ApplicationByName", "CreateApplication"}, c.requests())
	same(t, "status", v1alpha1.AppRegistrationStatus{
		TenantBinding: v1alpha1.TenantBinding{TenantName: "corp", TenantID: tenantID}, UniqueName: firstName,
	}, obj.Status)
	delete(c.directory.errs, "CreateApplication")
	c.requests()
	same(t, "steps after the answer was lost", []string{
		"update application: identifierUris", "create service principal", "write Secret orders-api-entra",
	}, c.reconcile(obj))
	same(t, "requests", []string{
		"ApplicationByName", "ApplicationOwners", "Trust", "ServicePrincipal", "UpdateApplication", "CreateServicePrincipal",
	}, c.requests())
}

func TestDelete_CrashedCreateLeavesNoOrphan(t *testing.T) {
	t.Parallel()
	for _, name := range []string{firstName, secondName} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, obj := newCluster(t), object(deleting, func(o *v1alpha1.AppRegistration) {
				o.Status.TenantBinding, o.Status.UniqueName = v1alpha1.TenantBinding{TenantName: "corp", TenantID: tenantID}, firstName
			})
			world := settled(object())
			world.application.Value.UniqueName = name
			app := world.application.Value
			app.Tags = clusterTags(app.Tags)
			c.directory.apps[objectID] = app
			same(t, "steps", []string{"delete application " + name}, c.reconcile(obj))
		})
	}
}

// clusterTags are tags with the mark of the fake cluster's own UID.
func clusterTags(tags []string) []string {
	return retag(tags, entra.TagClusterUID, binding.ClusterUIDHash("cluster-uid"))
}

func TestCreate_AppliedAgainHasTheSameClientID(t *testing.T) {
	t.Parallel()
	c, obj := newCluster(t), object()
	c.reconcile(obj)
	deleting(obj)
	same(t, "deletion", []string{"delete application k8s.c1.shop.orders-api"}, c.reconcile(obj))
	again := object(func(o *v1alpha1.AppRegistration) { o.UID, o.ResourceVersion = "another", "" })
	if err := c.kube.DeleteAllOf(t.Context(), &corev1.Secret{}, client.InNamespace("shop")); err != nil {
		t.Fatal(err)
	}
	c.requests()
	same(t, "steps", []string{
		"create application k8s.c1.shop.orders-api", "restore application k8s.c1.shop.orders-api, client ID app-2",
		"restore service principal of client ID app-2", "write Secret orders-api-entra",
	}, c.reconcile(again))
	same(t, "client ID", "app-2", again.Status.AppID)
	same(t, "second steps", []string(nil), c.reconcile(again))
}

func TestCreate_NextNameWhereTheFirstIsKept(t *testing.T) {
	t.Parallel()
	kept := ", because k8s.c1.shop.orders-api is kept by a deleted application, client ID app-2, that cannot be had back"
	last := []string{
		"update application: identifierUris", "create service principal: client ID app-5 takes the place of app-2", "write Secret orders-api-entra",
	}
	for _, c := range []struct {
		name    string
		prepare func(*directory)
		want    []string
	}{
		{"restore is refused", func(d *directory) { d.errs["RestoreApplication"] = entra.Refused{Reason: entra.RefusedForbidden} }, []string{
			"create application k8s.c1.shop.orders-api", "restore application k8s.c1.shop.orders-api, client ID app-2",
			"create application " + secondName + kept,
		}},
		{"others have a hand in it", func(d *directory) { d.owners["object-1"] = []string{operatorID, "eve"} }, []string{
			"create application k8s.c1.shop.orders-api", "restore application k8s.c1.shop.orders-api, client ID app-2",
			"delete application k8s.c1.shop.orders-api again, client ID app-2: others have a hand in it",
			"create application " + secondName + kept,
		}},
		{"it has a password", func(d *directory) {
			app := d.apps["object-1"]
			app.Passwords = []string{"k1"}
			d.apps["object-1"] = app
		}, []string{"create application k8s.c1.shop.orders-api", "create application " + secondName + kept}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			here, obj := newCluster(t), object()
			here.reconcile(obj)
			deleting(obj)
			here.reconcile(obj)
			if err := here.kube.DeleteAllOf(t.Context(), &corev1.Secret{}, client.InNamespace("shop")); err != nil {
				t.Fatal(err)
			}
			c.prepare(here.directory)
			again := object()
			same(t, "steps", append(c.want, last...), here.reconcile(again))
			same(t, "name", secondName, again.Status.UniqueName)
			same(t, "second steps", []string(nil), here.reconcile(again))
		})
	}
}

func TestUpdate_RoleLeavesInOneEdit(t *testing.T) {
	t.Parallel()
	c, obj := newCluster(t), object()
	c.reconcile(obj)
	roles()(obj)
	same(t, "first look", []string{"update application: appRoles (disable Orders.Read.All)", "look again in 5s"}, c.reconcile(obj))
	c.directory.roles = []entra.Assignment{{AppRoleID: c.directory.apps["object-1"].AppRoles[0].ID, PrincipalID: "p1"}}
	c.requests()
	same(t, "while it is held", []string{
		"unsynced Waiting: app role Orders.Read.All is no longer in the spec; it stays, disabled, because these principals hold it: p1",
	}, c.reconcile(obj))
	c.directory.roles = nil
	same(t, "second look", []string{"update application: appRoles (remove Orders.Read.All)"}, c.reconcile(obj))
	same(t, "requests", []string{
		"Application", "ServicePrincipal", "Holders", "Application", "ServicePrincipal", "Holders", "UpdateApplication",
	}, c.requests())
	same(t, "at rest", []string(nil), c.reconcile(obj))
}

func TestCreate_WhatOthersDeletedComesBack(t *testing.T) {
	t.Parallel()
	c, obj := newCluster(t), object()
	c.reconcile(obj)
	if err := c.directory.DeleteApplication(t.Context(), "object-1"); err != nil {
		t.Fatal(err)
	}
	same(t, "deleted", []string{"restore application k8s.c1.shop.orders-api, client ID app-2", "restore service principal of client ID app-2"}, c.reconcile(obj))
	if err := c.directory.PurgeApplication(t.Context(), "object-1"); err != nil {
		t.Fatal(err)
	}
	same(t, "purged", []string{
		"create application k8s.c1.shop.orders-api", "update application: identifierUris", "create service principal", "write Secret orders-api-entra",
	}, c.reconcile(obj))
	same(t, "client ID", "app-5", obj.Status.AppID)
	same(t, "service principal", "principal-6", obj.Status.ServicePrincipalObjectID)
}

func TestOwnership_FederatedCredentialsOfLiveObjects(t *testing.T) {
	t.Parallel()
	credential := &v1alpha1.FederatedCredential{
		ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "orders"},
		Spec:       v1alpha1.FederatedCredentialSpec{AppRegistrationRef: v1alpha1.LocalReference{Name: "orders-api"}},
	}
	c, obj := newCluster(t, credential), object()
	c.reconcile(obj)
	c.directory.trust["object-1"] = []entra.FederatedCredential{{Name: "k8s-orders"}}
	obj.Status = v1alpha1.AppRegistrationStatus{}
	same(t, "asked for", []string(nil), c.reconcile(obj))
	c.directory.trust["object-1"] = []entra.FederatedCredential{{Name: "k8s-other"}}
	obj.Status = v1alpha1.AppRegistrationStatus{}
	same(t, "not asked for", []string{
		`refuse Conflict: application k8s.c1.shop.orders-api (object ID object-1) is not this object's: it has a federated credential that no ` +
			`FederatedCredential here asks for: "k8s-other"`,
	}, c.reconcile(obj))
}

func TestDelete_UnboundObjectCostsNoRequest(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	same(t, "steps", []string(nil), c.reconcile(object(deleting)))
	same(t, "requests", []string(nil), c.requests())
	later := object(func(o *v1alpha1.AppRegistration) { o.CreationTimestamp = metav1.NewTime(c.now.Add(-time.Hour)) })
	same(t, "steps of an object that lives", 4, len(c.reconcile(later)))
}
