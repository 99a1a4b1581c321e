package appregistration

import (
	"slices"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

func clientNamed(name string) v1alpha1.ClientReference {
	return v1alpha1.ClientReference{AppRegistrationRef: &v1alpha1.LocalReference{Name: name}}
}

// trusts pre-authorizes a client for scopes.
func trusts(ref v1alpha1.ClientReference, values ...string) func(*v1alpha1.AppRegistration) {
	return func(o *v1alpha1.AppRegistration) {
		o.Spec.API.PreAuthorizedClients = append(o.Spec.API.PreAuthorizedClients, v1alpha1.PreAuthorizedClient{Client: ref, Scopes: values})
	}
}

// knows names a known client.
func knows(ref v1alpha1.ClientReference) func(*v1alpha1.AppRegistration) {
	return func(o *v1alpha1.AppRegistration) { o.Spec.API.KnownClients = append(o.Spec.API.KnownClients, ref) }
}

func TestUpdate_ScopeIsThereBeforeItsReference(t *testing.T) {
	t.Parallel()
	both := object(bound, scopes("Orders.Read", "Orders.Write"), trusts(clientNamed("web"), "Orders.Read", "Orders.Write"))
	trusting := object(bound, trusts(clientNamed("web"), "Orders.Read"))
	twice := object(bound, trusts(clientNamed("web"), "Orders.Read"), trusts(clientNamed("web"), "Orders.Read"))
	knowing := object(bound, knows(clientNamed("web")))
	one := settled(trusting)
	off := object(bound, trusts(clientNamed("web"), "Orders.Read"), func(o *v1alpha1.AppRegistration) { o.Spec.API.Scopes[0].Enabled = new(false) })
	checkDecisions(t, []decisionRow{
		{"a client is trusted", trusting, recorded(finding(trusting)), []string{"update application: preAuthorizedApplications"}},
		{"and then nothing", trusting, one, nil},
		{"a scope comes first", both, one, []string{"update application: scopes (add Orders.Write)"}},
		{"its reference comes once it is there", both, with(one, func(w *World) {
			w.application.Value.Scopes = settled(both).application.Value.Scopes
		}), []string{"update application: preAuthorizedApplications"}},
		{"what is disabled is not referenced any more", off, one, []string{"update application: scopes (change Orders.Read), preAuthorizedApplications"}},
		{"what leaves is not referenced when it is disabled", object(bound, scopes()), one, []string{
			"update application: scopes (disable Orders.Read), preAuthorizedApplications", "update service principal: appRoleAssignmentRequired",
		}},
		{"a client that is not trusted any more goes", object(bound), one, []string{
			"update application: preAuthorizedApplications",
		}},
		{"one that others added goes too", trusting, with(one, func(w *World) {
			w.application.Value.PreAuthorized = append(slices.Clone(w.application.Value.PreAuthorized), entra.PreAuthorized{AppID: "eve"})
		}), []string{"update application: preAuthorizedApplications"}},
		{"a client that is missing goes while others stay", trusting, with(one, func(w *World) {
			w.clients = map[string]found[reference.App]{preAuthorizedPath(0): {err: engine.Wait{What: "it is gone"}}}
		}), []string{"update application: preAuthorizedApplications"}},
		{"a client of several entries is one", twice, with(one, finding(twice)), nil},
		{"a client is known", knowing, recorded(finding(knowing)), []string{
			"update application: knownClientApplications",
		}},
		{"a known client that others added goes", object(bound), recorded(func(w *World) { w.application.Value.KnownClients = []string{"eve"} }), []string{
			"update application: knownClientApplications",
		}},
		{"a fallback that others switched on is switched off", object(bound), recorded(func(w *World) { w.application.Value.FallbackPublicClient = true }), []string{
			"update application: isFallbackPublicClient",
		}},
		{"one that policy does not allow is denied", object(bound, func(o *v1alpha1.AppRegistration) { o.Spec.FallbackPublicClient = true }), recorded(), []string{
			`refuse Denied: spec.fallbackPublicClient: "true": no rule allows it; this rule would: {"field":{"path":"spec.fallbackPublicClient","values":["true"]}}` +
				` (looked at: baseline Default)`,
		}},
		{"one that policy allows is switched on", object(bound, func(o *v1alpha1.AppRegistration) { o.Spec.FallbackPublicClient = true }), recorded(
			allowing(v1alpha1.PolicyRule{Field: &v1alpha1.FieldRule{Path: "spec.fallbackPublicClient", Values: []string{"true"}}}),
		), []string{"update application: isFallbackPublicClient"}},
	})
}

func TestResolve_ClientsByTheirAppRegistration(t *testing.T) {
	t.Parallel()
	web := apiOf("shop", "web")
	unfinished := apiOf("shop", "worker", func(app *v1alpha1.AppRegistration) { app.Status.ServicePrincipalObjectID = "" })
	obj := object(trusts(clientNamed("worker"), "Orders.Read"), trusts(clientNamed("web"), "Orders.Read"), trusts(clientNamed("gone"), "Orders.Read"),
		knows(clientNamed("web")), knows(clientNamed("gone")))
	c := newCluster(t, web, unfinished)
	c.entraHas(web)
	same(t, "steps", []string{
		"create application k8s.c1.shop.orders-api", "update application: identifierUris, preAuthorizedApplications", "create service principal",
		"write Secret orders-api-entra",
		`wait: spec.api.preAuthorizedClients[0].client: AppRegistration "worker" has no service principal yet; ` +
			`spec.api.preAuthorizedClients[2].client: AppRegistration "gone" does not exist; spec.api.knownClients[1]: AppRegistration "gone" does not exist`,
	}, c.reconcile(obj))
	made := c.directory.apps["object-1"]
	same(t, "trusted", []entra.PreAuthorized{{AppID: "web-app", Scopes: []string{made.Scopes[0].ID}}}, made.PreAuthorized)
	same(t, "known", []string{"web-app"}, made.KnownClients)
	c.requests()
	c.reconcile(obj)
	same(t, "requests then", []string{"Application", "ServicePrincipal"}, c.requests())
}

func TestResolve_WhoIsNeverAClient(t *testing.T) {
	t.Parallel()
	forged := apiOf("shop", "web", func(app *v1alpha1.AppRegistration) { app.Status.AppID = "eve" })
	for _, row := range []struct {
		name string
		ref  v1alpha1.ClientReference
		want string
	}{
		{"the operator", v1alpha1.ClientReference{AppID: operatorApp},
			`refuse Denied: spec.api.preAuthorizedClients[0].client.appID: "` + operatorApp + `": it is the operator's own identity, ` +
				"which is never a principal, a client or a target (looked at: baseline Default, policy open)"},
		{"whom a status names that is not so", clientNamed("web"), "refuse Conflict: spec.api.preAuthorizedClients[0].client: service principal web-principal, " +
			`which AppRegistration "web" names, is not its own in Entra: it is of application eve and tagged []`},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			c := newCluster(t, forged)
			c.directory.principals["eve"] = entra.ServicePrincipal{ObjectID: "eve-principal", AppID: "eve"}
			policy := &v1alpha1.RegistrationPolicy{ObjectMeta: metav1.ObjectMeta{Name: "open"}}
			policy.Spec.Namespaces.All = true
			policy.Spec.Allow = []v1alpha1.PolicyRule{{Field: &v1alpha1.FieldRule{
				Path: "spec.api.preAuthorizedClients.client.appID", Values: []string{"*"},
			}}}
			if err := c.kube.Create(t.Context(), policy); err != nil {
				t.Fatal(err)
			}
			same(t, "steps", []string{row.want}, c.reconcile(object(trusts(row.ref, "Orders.Read"))))
		})
	}
}

// store writes an object's status to the cluster.
func (c *cluster) store(obj *v1alpha1.AppRegistration) {
	c.t.Helper()
	var stored v1alpha1.AppRegistration
	if err := c.kube.Get(c.t.Context(), client.ObjectKeyFromObject(obj), &stored); err != nil {
		c.t.Fatal(err)
	}
	stored.Status = obj.Status
	if err := c.kube.Update(c.t.Context(), &stored); err != nil {
		c.t.Fatal(err)
	}
}

func TestSettle_ThoseThatReferToEachOther(t *testing.T) {
	t.Parallel()
	pair := func(name, other string) *v1alpha1.AppRegistration {
		return object(scopes("Use"), roles("Work"), trusts(clientNamed(other), "Use"), needs(named("", other), []string{"Use"}, "Work"),
			func(o *v1alpha1.AppRegistration) {
				o.Name, o.UID = name, types.UID(name+"-uid-0000")
			}, knows(clientNamed(other)))
	}
	for name, objects := range map[string][]*v1alpha1.AppRegistration{
		"two":    {pair("a", "b"), pair("b", "a")},
		"itself": {pair("a", "a")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var stored []client.Object
			for _, obj := range objects {
				stored = append(stored, obj.DeepCopy())
			}
			c := newCluster(t, stored...)
			for range 2 {
				for _, obj := range objects {
					c.reconcile(obj)
					c.store(obj)
				}
			}
			for _, obj := range objects {
				done, app := c.reconcile(obj), c.directory.apps[obj.Status.ObjectID]
				if len(done) != 1 || len(app.PreAuthorized) != 1 || len(app.KnownClients) != 1 || len(app.RequiredAccess) != 1 {
					t.Fatalf("%s is not settled: %v", obj.Name, done)
				}
				same(t, "permissions", [2]int{1, 1}, [2]int{len(app.RequiredAccess[0].Scopes), len(app.RequiredAccess[0].AppRoles)})
			}
		})
	}
}
