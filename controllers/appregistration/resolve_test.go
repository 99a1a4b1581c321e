package appregistration

import (
	"testing"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

func TestResolve_WhatIsMissingIsNamed(t *testing.T) {
	t.Parallel()
	letting := func(app *v1alpha1.AppRegistration) {
		app.Spec.AllowedConsumers = []v1alpha1.AllowedConsumer{
			{Namespaces: v1alpha1.NamespaceSelection{Names: []string{"shop"}}, Scopes: []string{"Stock.Read"}},
			{
				Namespaces: v1alpha1.NamespaceSelection{Names: []string{"shop"}}, AppRoles: []string{"Stock.Read.All"},
				Principals: []v1alpha1.PrincipalKind{v1alpha1.PrincipalGroup},
			},
		}
	}
	lab := func(app *v1alpha1.AppRegistration) { app.Status.TenantName = "lab" }
	unfinished := func(app *v1alpha1.AppRegistration) { app.Status.ServicePrincipalObjectID = "" }
	const notLet = `AppRegistration "depot/stock" does not exist, or its allowedConsumers does not let namespace "shop" use what is asked for`
	for _, row := range []struct {
		name  string
		needs func(*v1alpha1.AppRegistration)
		apis  []client.Object
		want  string
	}{
		{"a wrong name", needs(wellKnownGraph, []string{"User.Read", "User.Raed"}), nil,
			`spec.permissions[0].delegated[1]: Microsoft Graph has no delegated permission "User.Raed"; it has "User.Read", "Mail.Read"`},
		{"a role for users", needs(wellKnownGraph, nil, "Users.Only"), nil,
			`spec.permissions[0].application[0]: Microsoft Graph has no application permission "Users.Only"; it has "User.Read.All"`},
		{"a disabled scope", needs(wellKnownGraph, []string{"Old.Read"}), nil,
			`spec.permissions[0].delegated[0]: Microsoft Graph has disabled its delegated permission "Old.Read"`},
		{"an API that Entra does not have", needs(v1alpha1.APIReference{WellKnown: v1alpha1.SharePoint}, []string{"Sites.Read.All"}), nil,
			`spec.permissions[0].api: API SharePoint has no service principal in the tenant: an admin adds it with az ad sp create --id 00000003-0000-0ff1-ce00-000000000000`},
		{"an API that is not there", needs(named("", "stock"), []string{"Stock.Read"}), nil,
			`spec.permissions[0].api: AppRegistration "stock" does not exist`},
		{"an API that is being made", needs(named("", "stock"), []string{"Stock.Read"}), []client.Object{apiOf("shop", "stock", unfinished)},
			`spec.permissions[0].api: AppRegistration "stock" has no service principal yet`},
		{"an API that is being deleted", needs(named("", "stock"), []string{"Stock.Read"}), []client.Object{apiOf("shop", "stock", deleting)},
			`spec.permissions[0].api: AppRegistration "stock" is being deleted: nothing new is bound to it`},
		{"an API of another directory", needs(named("", "stock"), []string{"Stock.Read"}), []client.Object{apiOf("shop", "stock", lab)},
			`spec.permissions[0].api: AppRegistration "stock" is bound to EntraTenant "lab", this object to "corp"`},
		{"an API of another namespace that lets nobody", needs(named("depot", "stock"), []string{"Stock.Read"}), []client.Object{apiOf("depot", "stock")},
			`spec.permissions[0].api: ` + notLet},
		{"one that is not there", needs(named("depot", "stock"), []string{"Stock.Read"}), nil, `spec.permissions[0].api: ` + notLet},
		{"a scope that its owner does not let us have", needs(named("depot", "stock"), []string{"Stock.Write"}), []client.Object{apiOf("depot", "stock", letting)},
			`spec.permissions[0].delegated[0]: AppRegistration "depot/stock" has no delegated permission "Stock.Write"; it has "Stock.Read"`},
		{"a role that its owner lets groups have", needs(named("depot", "stock"), nil, "Stock.Read.All"), []client.Object{apiOf("depot", "stock", letting)},
			`spec.permissions[0].application[0]: AppRegistration "depot/stock" has no application permission "Stock.Read.All"; it has none`},
		{"two at once", func(o *v1alpha1.AppRegistration) {
			needs(named("", "stock"), []string{"Stock.Read"})(o)
			needs(wellKnownGraph, []string{"X"})(o)
		}, nil, `spec.permissions[0].api: AppRegistration "stock" does not exist; ` +
			`spec.permissions[1].delegated[0]: Microsoft Graph has no delegated permission "X"; it has "Mail.Read", "User.Read"`},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			c, obj := newCluster(t, append(row.apis, everyDeclaration())...), object(row.needs)
			microsoftGraph(c.directory)
			for _, api := range row.apis {
				c.entraHas(api.(*v1alpha1.AppRegistration))
			}
			same(t, "steps", []string{
				"create application k8s.c1.shop.orders-api", "update application: identifierUris", "create service principal",
				"write Secret orders-api-entra", "wait: " + row.want,
			}, c.reconcile(obj))
		})
	}
}

func TestResolve_OnlyWhatIsWatchedIsNotAskedForAgain(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name    string
		needs   func(*v1alpha1.AppRegistration)
		watched bool
	}{
		{"an AppRegistration is watched", needs(named("", "stock"), []string{"Stock.Raed"}), true},
		{"a permission of Microsoft's is not", needs(wellKnownGraph, []string{"User.Raed"}), false},
		{"nor are both", func(o *v1alpha1.AppRegistration) {
			needs(named("", "stock"), []string{"Stock.Raed"})(o)
			needs(wellKnownGraph, []string{"User.Raed"})(o)
		}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			c, obj := newCluster(t, apiOf("shop", "stock")), object(row.needs)
			microsoftGraph(c.directory)
			c.reconcile(obj)
			world, err := c.read(obj)
			if err != nil {
				t.Fatal(err)
			}
			d := decide(t, obj, world)
			if d.Wait == nil || d.Wait.Watched != row.watched {
				t.Errorf("decision is %v, %+v", lines(d), d.Wait)
			}
		})
	}
}
