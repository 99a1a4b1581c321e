package appregistration

import (
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

const (
	graphAppID = "00000003-0000-0000-c000-000000000000"
	graphID    = "graph-principal"
	userReadID = "e1fe6dd8-ba31-4d61-89e7-88639da4683d"
	mailReadID = "570282fd-fa5c-430d-a7fd-fc8dc98a9dca"
	readAllID  = "df021288-bdef-4463-88db-98f22de89214"
)

// microsoftGraph is a little of what the API is in every tenant.
func microsoftGraph(d *directory) {
	d.principals[graphAppID] = entra.ServicePrincipal{
		ObjectID: graphID, AppID: graphAppID, DisplayName: "Microsoft Graph",
		Scopes: []entra.Scope{
			{ID: userReadID, Value: "User.Read", Enabled: true}, {ID: mailReadID, Value: "Mail.Read", Enabled: true},
			{ID: "0", Value: "Old.Read"},
		},
		AppRoles: []entra.AppRole{
			{ID: readAllID, Value: "User.Read.All", Enabled: true, AllowedMemberTypes: []string{"Application"}},
			{ID: "1", Value: "Users.Only", Enabled: true, AllowedMemberTypes: []string{"User"}},
		},
	}
}

// needs declares permissions of an API.
func needs(api v1alpha1.APIReference, delegated []string, application ...string) func(*v1alpha1.AppRegistration) {
	return func(o *v1alpha1.AppRegistration) {
		o.Spec.Permissions = append(o.Spec.Permissions, v1alpha1.Permissions{API: api, Delegated: delegated, Application: application})
	}
}

var wellKnownGraph = v1alpha1.APIReference{WellKnown: v1alpha1.MicrosoftGraph}

func named(namespace, name string) v1alpha1.APIReference {
	return v1alpha1.APIReference{AppRegistrationRef: &v1alpha1.AppRegistrationReference{Namespace: namespace, Name: name}}
}

// everyDeclaration of Microsoft Graph is allowed.
func everyDeclaration() client.Object {
	policy := &v1alpha1.RegistrationPolicy{ObjectMeta: metav1.ObjectMeta{Name: "open"}}
	policy.Spec.Namespaces.All = true
	policy.Spec.Allow = []v1alpha1.PolicyRule{{Declare: &v1alpha1.DeclareRule{
		API: v1alpha1.PolicyAPI{WellKnown: v1alpha1.MicrosoftGraph}, Delegated: []string{"*"}, Application: []string{"*"},
	}}}
	return policy
}

// remarkOn what nobody has consented to, for the first application of a directory.
func remarkOn(what string) string {
	return "remark: Entra and the cluster hold what the spec says; no admin has consented yet, as one does at " +
		"https://login.microsoftonline.com/" + tenantID + "/adminconsent?client_id=app-2, to " + what
}

func TestPermissionsAreDeclaredByName(t *testing.T) {
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

func TestWhateverTheSpellingTheSameIsDeclared(t *testing.T) {
	t.Parallel()
	declared := func(edits ...func(*v1alpha1.AppRegistration)) []entra.RequiredAccess {
		c, obj := newCluster(t, everyDeclaration(), apiOf("shop", "stock")), object(edits...)
		microsoftGraph(c.directory)
		c.entraHas(apiOf("shop", "stock"))
		c.reconcile(obj)
		return c.directory.apps["object-1"].RequiredAccess
	}
	raw := func(appID string) v1alpha1.APIReference { return v1alpha1.APIReference{AppID: appID} }
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

// apiOf is an API of the cluster that Entra has.
func apiOf(namespace, name string, edits ...func(*v1alpha1.AppRegistration)) *v1alpha1.AppRegistration {
	app := &v1alpha1.AppRegistration{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name, UID: types.UID(name)}}
	app.Spec.DisplayName = "The " + name
	app.Spec.API = &v1alpha1.API{Scopes: []v1alpha1.Scope{{Value: "Stock.Read"}, {Value: "Stock.Write", Enabled: new(false)}}}
	app.Spec.AppRoles = []v1alpha1.AppRole{
		{Value: "Stock.Read.All", AllowedMemberTypes: []v1alpha1.MemberType{v1alpha1.MemberApplication}},
		{Value: "Keeper", AllowedMemberTypes: []v1alpha1.MemberType{v1alpha1.MemberUser}},
	}
	app.Status.TenantBinding = v1alpha1.TenantBinding{TenantName: "corp", TenantID: tenantID}
	app.Status.AppID, app.Status.ServicePrincipalObjectID = name+"-app", name+"-principal"
	app.Status.Scopes = []v1alpha1.NamedID{{Value: "Stock.Read", ID: name + "-s1"}, {Value: "Stock.Write", ID: name + "-s2"}}
	app.Status.AppRoles = []v1alpha1.NamedID{{Value: "Stock.Read.All", ID: name + "-r1"}, {Value: "Keeper", ID: name + "-r2"}}
	for _, edit := range edits {
		edit(app)
	}
	return app
}

// entraHas the service principal of an API of the cluster.
func (c *cluster) entraHas(app *v1alpha1.AppRegistration) {
	world := settled(object())
	world.application.Value.Tags = clusterTags(world.application.Value.Tags)
	retag(entra.TagObject, app.Namespace+"/"+app.Name)(&world)
	c.directory.principals[app.Status.AppID] = entra.ServicePrincipal{
		ObjectID: app.Status.ServicePrincipalObjectID, AppID: app.Status.AppID, Tags: world.application.Value.Tags,
	}
}

func TestWhatIsMissingIsNamedAndHoldsUpNothingElse(t *testing.T) {
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
	leaving := func(app *v1alpha1.AppRegistration) { deleting(app) }
	lab := func(app *v1alpha1.AppRegistration) { app.Status.TenantName = "lab" }
	unborn := func(app *v1alpha1.AppRegistration) { app.Status.ServicePrincipalObjectID = "" }
	const notLet = `AppRegistration "docks/stock" does not exist, or its allowedConsumers does not let namespace "shop" use what is asked for`
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
		{"an API that is being made", needs(named("", "stock"), []string{"Stock.Read"}), []client.Object{apiOf("shop", "stock", unborn)},
			`spec.permissions[0].api: AppRegistration "stock" has no service principal yet`},
		{"an API that is being deleted", needs(named("", "stock"), []string{"Stock.Read"}), []client.Object{apiOf("shop", "stock", leaving)},
			`spec.permissions[0].api: AppRegistration "stock" is being deleted: nothing new is bound to it`},
		{"an API of another directory", needs(named("", "stock"), []string{"Stock.Read"}), []client.Object{apiOf("shop", "stock", lab)},
			`spec.permissions[0].api: AppRegistration "stock" is bound to EntraTenant "lab", this object to "corp"`},
		{"an API of another namespace that lets nobody", needs(named("docks", "stock"), []string{"Stock.Read"}), []client.Object{apiOf("docks", "stock")},
			`spec.permissions[0].api: ` + notLet},
		{"one that is not there", needs(named("docks", "stock"), []string{"Stock.Read"}), nil, `spec.permissions[0].api: ` + notLet},
		{"a scope that its owner does not let us have", needs(named("docks", "stock"), []string{"Stock.Write"}), []client.Object{apiOf("docks", "stock", letting)},
			`spec.permissions[0].delegated[0]: AppRegistration "docks/stock" has no delegated permission "Stock.Write"; it has "Stock.Read"`},
		{"a role that its owner lets groups have", needs(named("docks", "stock"), nil, "Stock.Read.All"), []client.Object{apiOf("docks", "stock", letting)},
			`spec.permissions[0].application[0]: AppRegistration "docks/stock" has no application permission "Stock.Read.All"; it has none`},
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

func TestOnlyWhatIsWatchedIsNotAskedForAgain(t *testing.T) {
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
			world, err := c.kind.Read(t.Context(), obj)
			if err != nil {
				t.Fatal(err)
			}
			p := c.kind.Decide(obj, world, c.now)
			if p.Wait == nil || p.Wait.Watched != row.watched {
				t.Errorf("plan is %v, %+v", lines(p), p.Wait)
			}
		})
	}
}

func TestWhatIsDeclaredStaysWhileSomethingIsMissing(t *testing.T) {
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

func TestTroubleWithAnAPIHidesNothingElse(t *testing.T) {
	t.Parallel()
	c, obj := newCluster(t), object(needs(wellKnownGraph, []string{"User.Read"}))
	microsoftGraph(c.directory)
	c.directory.errs["APIByAppID"] = entra.Throttled{After: time.Minute}
	same(t, "steps", []string{
		"create application k8s.c1.shop.orders-api", "update application: identifierUris", "create service principal", "write Secret orders-api-entra",
		"look for what the spec names: spec.permissions[0].api: read API MicrosoftGraph: Graph asks us to slow down for 1m0s",
	}, c.reconcile(obj))
	delete(c.directory.errs, "APIByAppID")
	same(t, "declared", "update application: requiredResourceAccess (add User.Read)", c.reconcile(obj)[0])
	status := obj.Status.DeepCopy().Permissions
	c.directory.errs["APIByAppID"] = entra.ErrUnreachable
	c.reconcile(obj)
	same(t, "status is kept", status, obj.Status.Permissions)
	same(t, "declared is kept", 1, len(c.directory.apps["object-1"].RequiredAccess))
}

func TestADeletionThatBeginsDoesNotUnsettle(t *testing.T) {
	t.Parallel()
	stock := apiOf("shop", "stock")
	c, obj := newCluster(t, stock), object(needs(named("", "stock"), []string{"Stock.Read"}))
	c.entraHas(stock)
	c.reconcile(obj)
	stock.Finalizers = []string{v1alpha1.Finalizer}
	if err := c.kube.Update(t.Context(), stock); err != nil {
		t.Fatal(err)
	}
	if err := c.kube.Delete(t.Context(), stock); err != nil {
		t.Fatal(err)
	}
	same(t, "still settled", []string{remarkOn("The stock Stock.Read")}, c.reconcile(obj))
}

func TestWhatAnOwnerLetsUsHaveIsDeclaredAndStaysWhenItIsDisabled(t *testing.T) {
	t.Parallel()
	stock := apiOf("docks", "stock", func(app *v1alpha1.AppRegistration) {
		app.Spec.AllowedConsumers = []v1alpha1.AllowedConsumer{{
			Namespaces: v1alpha1.NamespaceSelection{All: true}, Scopes: []string{"Stock.Read"}, AppRoles: []string{"Stock.Read.All"},
		}}
	})
	c, obj := newCluster(t, stock), object(needs(named("docks", "stock"), []string{"Stock.Read"}, "Stock.Read.All"))
	c.entraHas(stock)
	remark := remarkOn("The stock Stock.Read, The stock Stock.Read.All")
	same(t, "settled", remark, c.reconcile(obj)[4])
	stock.Spec.API.Scopes[0].Enabled, stock.Spec.AppRoles = new(false), nil
	if err := c.kube.Update(t.Context(), stock); err != nil {
		t.Fatal(err)
	}
	same(t, "still settled", []string{remark}, c.reconcile(obj))
	stock.Spec.AllowedConsumers = nil
	if err := c.kube.Update(t.Context(), stock); err != nil {
		t.Fatal(err)
	}
	same(t, "once it is taken away", []string{
		`wait: spec.permissions[0].api: AppRegistration "docks/stock" does not exist, or its allowedConsumers does not let namespace "shop" use what is asked for`,
	}, c.reconcile(obj))
}

func TestAStatusThatNamesSomebodyElsesAPIIsNoEvidence(t *testing.T) {
	t.Parallel()
	forged := apiOf("shop", "stock", func(app *v1alpha1.AppRegistration) { app.Status.AppID = "payroll-app" })
	c, obj := newCluster(t, forged), object(needs(named("", "stock"), []string{"Stock.Read"}))
	c.directory.principals["payroll-app"] = entra.ServicePrincipal{ObjectID: "payroll-principal", AppID: "payroll-app"}
	same(t, "steps", []string{
		`refuse Conflict: spec.permissions[0].api: service principal stock-principal, which AppRegistration "stock" names, is not its own in Entra: ` +
			`it is of application payroll-app and tagged []`,
	}, c.reconcile(obj))
}
