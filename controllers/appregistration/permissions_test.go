package appregistration

import (
	"testing"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

func TestPermissions_AreDeclaredByName(t *testing.T) {
	t.Parallel()
	c, obj := newCluster(t, everyDeclaration()), object(needs(wellKnownGraph, []string{"User.Read"}, "User.Read.All"))
	microsoftGraph(c.directory)
	same(t, "steps", []string{
		"create application k8s.c1.shop.orders-api", "update application: identifierUris", "create service principal", "write Secret orders-api-entra",
		remarkOn("Microsoft Graph User.Read, Microsoft Graph User.Read.All"),
	}, c.reconcile(obj))
	same(t, "requests", []string{"ApplicationByName", "APIByAppID", "CreateApplication", "UpdateApplication", "CreateServicePrincipal"}, c.requests())
	access := func() []entra.RequiredAccess { return c.directory.apps["object-1"].RequiredAccess }
	same(t, "declared", []entra.RequiredAccess{{ResourceAppID: graphAppID, Scopes: []string{userReadID}, AppRoles: []string{readAllID}}}, access())
	same(t, "status", []v1alpha1.PermissionStatus{
		{API: "Microsoft Graph", Value: "User.Read", Type: v1alpha1.PermissionDelegated},
		{API: "Microsoft Graph", Value: "User.Read.All", Type: v1alpha1.PermissionApplication},
	}, obj.Status.Permissions)

	obj.Spec.Permissions[0].Delegated = []string{"Mail.Read", "User.Read"}
	remark := remarkOn("Microsoft Graph Mail.Read, Microsoft Graph User.Read, Microsoft Graph User.Read.All")
	same(t, "one more", []string{"update application: requiredResourceAccess (add Mail.Read)", remark}, c.reconcile(obj))
	same(t, "in Entra's order", []string{userReadID, mailReadID}, access()[0].Scopes)
	c.requests()
	same(t, "in sync", []string{remark}, c.reconcile(obj))
	same(t, "requests in sync", []string{"Application", "APIByAppID", "ServicePrincipal"}, c.requests())

	obj.Spec.Permissions[0].Delegated = nil
	obj.Spec.Permissions[0].Application = []string{"User.Read.All"}
	same(t, "fewer", "update application: requiredResourceAccess (remove 2)", c.reconcile(obj)[0])
	obj.Spec.Permissions = nil
	same(t, "none", []string{"update application: requiredResourceAccess (remove 1)"}, c.reconcile(obj))
	same(t, "status of none", 0, len(obj.Status.Permissions))
}

func TestPermissions_AnySpellingDeclaresTheSame(t *testing.T) {
	t.Parallel()
	declared := func(edits ...func(*v1alpha1.AppRegistration)) []entra.RequiredAccess {
		c, obj := newCluster(t, everyDeclaration(), apiOf("shop", "stock")), object(edits...)
		microsoftGraph(c.directory)
		c.entraHas(apiOf("shop", "stock"))
		c.reconcile(obj)
		return c.directory.apps["object-1"].RequiredAccess
	}
	raw := func(appID string) v1alpha1.APIReference { return v1alpha1.APIReference{AppID: v1alpha1.GUID(appID)} }
	both := []string{"User.Read", "Mail.Read"}
	want := []entra.RequiredAccess{
		{ResourceAppID: graphAppID, Scopes: []string{userReadID, mailReadID}},
		{ResourceAppID: "stock-app", Scopes: []string{"stock-s1"}, AppRoles: []string{"stock-r1"}},
	}
	stock := []string{"Stock.Read"}
	for name, edits := range map[string][]func(*v1alpha1.AppRegistration){
		"by name":             {needs(wellKnownGraph, both), needs(named("", "stock"), stock, "Stock.Read.All")},
		"with the namespace":  {needs(wellKnownGraph, both), needs(named("shop", "stock"), stock, "Stock.Read.All")},
		"by application ID":   {needs(raw(graphAppID), both), needs(raw("stock-app"), stock, "Stock.Read.All")},
		"in several entries":  {needs(wellKnownGraph, both[:1]), needs(raw(graphAppID), both), needs(raw("stock-app"), stock), needs(named("", "stock"), nil, "Stock.Read.All")},
		"one of them twice":   {needs(raw(graphAppID), both), needs(named("", "stock"), stock, "Stock.Read.All"), needs(named("shop", "stock"), stock)},
		"the roles come last": {needs(raw(graphAppID), both), needs(named("", "stock"), stock), needs(raw("stock-app"), nil, "Stock.Read.All")},
	} {
		same(t, name, want, declared(edits...))
	}
}

func TestPermissions_StayWhileSomethingIsMissing(t *testing.T) {
	t.Parallel()
	c, obj := newCluster(t, apiOf("shop", "stock"), everyDeclaration()), object(needs(wellKnownGraph, []string{"User.Read", "Mail.Read"}))
	microsoftGraph(c.directory)
	c.reconcile(obj)
	obj.Spec.Permissions[0].Delegated = []string{"User.Raed"}
	obj.Spec.Permissions[0].Application = []string{"User.Read.All"}
	same(t, "only added", "update application: requiredResourceAccess (add User.Read.All)", c.reconcile(obj)[0])
	same(t, "nothing more", []string{
		`wait: spec.permissions[0].delegated[0]: Microsoft Graph has no delegated permission "User.Raed"; it has "User.Read", "Mail.Read"`,
	}, c.reconcile(obj))
	obj.Spec.Permissions[0].Delegated = []string{"User.Read"}
	same(t, "then all", "update application: requiredResourceAccess (remove 1)", c.reconcile(obj)[0])
}
