package e2e

import (
	"slices"
	"testing"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"

	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/outofband"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/poll"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/with"
)

// otherAppID is the client ID of another operator or of a thief.
const otherAppID = "0bad0bad-0000-4000-8000-000000000bad"

// lookalikes are applications that hold an object's name and are not its own, with what the conflict must say of each.
var lookalikes = map[string]struct {
	forge func(*env.Env, *env.Lookalike)
	says  []string
}{
	"of another cluster with the same name": {
		func(_ *env.Env, d *env.Lookalike) { d.Tags["k8s-cluster-uid"] = "0123456789abcdef" },
		[]string{"k8s-cluster-uid:0123456789abcdef"},
	},
	"of another namespace's object": {
		func(_ *env.Env, d *env.Lookalike) { d.Tags["k8s-object"] = "payments/orders-api" },
		[]string{"k8s-object:payments/orders-api"},
	},
	"of another object of this namespace": {
		func(e *env.Env, d *env.Lookalike) { d.Tags["k8s-object"] = e.Namespace + "/orders-worker" },
		[]string{"k8s-object:"},
	},
	"of a namespace that had the name before": {
		func(_ *env.Env, d *env.Lookalike) {
			d.Tags["k8s-namespace-uid"] = "8b2c5e0d-1f4a-4c6b-9d3e-7a5f0c2b1e84"
		},
		[]string{"k8s-namespace-uid:8b2c5e0d-1f4a-4c6b-9d3e-7a5f0c2b1e84"},
	},
	"of a tenant member who forged all our tags": {
		func(_ *env.Env, d *env.Lookalike) { d.Creator = otherAppID },
		[]string{"created by", otherAppID},
	},
	"of a tenant member who forged all our tags and made us its owner": {
		func(e *env.Env, d *env.Lookalike) {
			d.Creator, d.Owners = otherAppID, []string{e.OperatorPrincipalID()}
		},
		[]string{"created by", otherAppID},
	},
	"of a maker that Entra does not tell, and not owned by us": {
		func(_ *env.Env, d *env.Lookalike) { d.Creator, d.Owners = "", nil },
		[]string{"does not say who created it", "not its owner"},
	},
	"of us, with nobody's mark": {
		func(_ *env.Env, d *env.Lookalike) { d.Tags = nil },
		[]string{"it has no tag"},
	},
	"of us, with two owners' marks": {
		func(_ *env.Env, d *env.Lookalike) { d.MoreTags = []string{"k8s-object:payments/orders-api"} },
		[]string{"name another owner"},
	},
}

func TestAnApplicationOfSomebodyElseWithOurNameIsAConflictAndLeftAlone(t *testing.T) {
	t.Parallel()
	for name, c := range lookalikes {
		t.Run("live, "+name, func(t *testing.T) {
			t.Parallel()
			e, mallory := env.NewWithTenantUser(t)
			d := e.NewLookalike("orders-api")
			c.forge(e, &d)
			objectID := e.Tenant.CreateLookalike(d)
			untouched := e.RecordTenant()
			app, trust := e.AppRegistration("orders-api", with.AppRoles("Orders.Read.All")), e.FederatedCredential("orders-api", "orders-api", "orders-api")
			mallory.Cluster.Create(app, trust)
			mallory.Status.WaitStalled(app, v1alpha1.ReasonConflict, append(c.says, objectID)...)
			untouched()
			if app.Status.ObjectID != "" || app.Status.AppID != "" {
				t.Errorf("its status names what is not its own: %+v", app.Status)
			}
			mallory.Cluster.Delete(app, trust)
			mallory.Status.WaitGone(app, trust)
			untouched()
		})
		t.Run("deleted, "+name, func(t *testing.T) {
			t.Parallel()
			e, mallory := env.NewWithTenantUser(t)
			d := e.NewLookalike("orders-api")
			c.forge(e, &d)
			d.Then = outofband.DeleteApplication
			objectID := e.Tenant.CreateLookalike(d)
			kept := e.RecordEntry(objectID)
			app := e.AppRegistration("orders-api")
			mallory.Cluster.Create(app)
			mallory.Status.WaitReady(app)
			if want := e.UniqueName("orders-api") + "_" + string(app.UID)[:8]; app.Status.UniqueName != want {
				t.Errorf("the name is %s, want %s", app.Status.UniqueName, want)
			}
			kept()
			e.Tenant.CheckInventory(env.Inventory{Applications: 1, Principals: 1, Deleted: 1})
		})
	}
}

func TestWhatTheOperatorItselfMadeForAnObjectIsTakenUp(t *testing.T) {
	t.Parallel()
	for name, forge := range map[string]func(*env.Lookalike){
		"an application that shows all the marks":                                   func(*env.Lookalike) {},
		"one of which Entra does not tell who made it, and which the operator owns": func(d *env.Lookalike) { d.Creator = "" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, mallory := env.NewWithTenantUser(t)
			d := e.NewLookalike("orders-api")
			forge(&d)
			objectID := e.Tenant.CreateLookalike(d)
			app := e.AppRegistration("orders-api")
			mallory.Cluster.Create(app)
			mallory.Status.WaitReady(app)
			if app.Status.ObjectID != objectID {
				t.Errorf("object ID %s, want %s", app.Status.ObjectID, objectID)
			}
		})
	}
}

func TestASquattedNameIsAConflictWhileItLivesAndPassedByWhenItIsDeleted(t *testing.T) {
	t.Parallel()
	e, mallory := env.NewWithTenantUser(t)
	objectID, err := e.Tenant.Directory().Squat(e.UniqueName("orders-api"), "orders-api")
	if err != nil {
		t.Fatal(err)
	}
	untouched := e.RecordTenant()
	app := e.AppRegistration("orders-api")
	mallory.Cluster.Create(app)
	mallory.Status.WaitStalled(app, v1alpha1.ReasonConflict, objectID)
	untouched()
	e.Tenant.OutOfBand(outofband.DeleteApplication, objectID)
	kept := e.RecordEntry(objectID)
	e.Reconcile(app)
	mallory.Status.WaitReady(app)
	kept()
	if app.Status.ObjectID == objectID {
		t.Error("the squatter's application was taken over")
	}
}

func TestADisplayNameIsNobodysTitleToAnApplication(t *testing.T) {
	t.Parallel()
	e, mallory := env.NewWithTenantUser(t)
	d := e.NewLookalike("orders-api")
	d.UniqueName = "" // all our tags, our maker, our owner, and the same name to the eye
	objectID := e.Tenant.CreateLookalike(d)
	kept := e.RecordEntry(objectID)
	app := e.AppRegistration("orders-api", with.AppRoles("Orders.Read.All"))
	mallory.Cluster.Create(app)
	mallory.Status.WaitReady(app)
	if app.Status.ObjectID == objectID {
		t.Error("it was taken over by its display name")
	}
	mallory.Cluster.Delete(app)
	mallory.Status.WaitGone(app)
	kept()
}

func TestANamedFormerClusterIsTheWayBackAfterARestore(t *testing.T) {
	t.Parallel()
	e, mallory := env.NewWithTenantUser(t)
	d := e.NewLookalike("orders-api")
	ours := d.Tags["k8s-cluster-uid"]
	d.Tags["k8s-cluster-uid"] = "0123456789abcdef"
	objectID := e.Tenant.CreateLookalike(d)
	app := e.AppRegistration("orders-api")
	mallory.Cluster.Create(app)
	mallory.Status.WaitStalled(app, v1alpha1.ReasonConflict, "k8s-cluster-uid:0123456789abcdef")
	env.Edit(e.Cluster, e.EntraTenant(), func(tenant *v1alpha1.EntraTenant) { tenant.Spec.FormerClusterUIDs = []string{"0123456789abcdef"} })
	mallory.Status.WaitReady(app)
	if app.Status.ObjectID != objectID {
		t.Errorf("object ID %s, want %s", app.Status.ObjectID, objectID)
	}
	if tags, _ := e.Tenant.Entry(objectID).Properties["tags"].([]any); !slices.Contains(tags, any("k8s-cluster-uid:"+ours)) || slices.Contains(tags, any("k8s-cluster-uid:0123456789abcdef")) {
		t.Errorf("its tags still name the former cluster: %v", tags)
	}
}

func TestANamespaceThatIsMadeAgainInheritsNothing(t *testing.T) {
	t.Parallel()
	for name, policy := range map[string]v1alpha1.DeletionPolicy{
		"the application left alive": v1alpha1.DeletionOrphan,
		"the application deleted":    v1alpha1.DeletionDelete,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, mallory := env.NewWithTenantUser(t)
			app := e.AppRegistration("orders-api", func(spec *v1alpha1.AppRegistrationSpec) { spec.DeletionPolicy = policy })
			mallory.Cluster.Create(app)
			mallory.Status.WaitReady(app)
			former := app.Status.ObjectID
			mallory.Cluster.Delete(app)
			mallory.Status.WaitGone(app)
			recreateNamespace(e)
			kept := e.RecordEntry(former)
			heir := e.AsTenantUser("heir-" + e.Namespace)
			app = e.AppRegistration("orders-api")
			heir.Cluster.Create(app)
			if policy == v1alpha1.DeletionOrphan {
				heir.Status.WaitStalled(app, v1alpha1.ReasonConflict, "k8s-namespace-uid:", former)
			} else {
				heir.Status.WaitReady(app)
				if app.Status.ObjectID == former {
					t.Error("the former namespace's application was restored for the new one")
				}
			}
			kept()
		})
	}
}

// recreateNamespace deletes the namespace, in real time, and makes another of the same name.
func recreateNamespace(e *env.Env) {
	e.T.Helper()
	e.Cluster.Delete(e.NamespaceObject())
	poll.Until(e.T, "the end of the namespace", func() bool { return !e.Cluster.Get(e.NamespaceObject()) })
	e.Cluster.Create(e.NamespaceObject())
}

// plantedCredentials are things that a thief leaves on an application in the hope that it is taken up again.
var plantedCredentials = map[string]struct {
	plant func(*env.Env) outofband.Edit
	says  string
}{
	"an owner":                {env.AddNewOwner, "owner that is not the operator"},
	"a password":              {func(*env.Env) outofband.Edit { return outofband.AddPassword }, "it has a password"},
	"a key":                   {func(*env.Env) outofband.Edit { return outofband.AddKey }, "it has a key"},
	"a trust in other tokens": {func(*env.Env) outofband.Edit { return outofband.AddFederatedCredential }, `"back-door"`},
}

func TestWhatWasPlantedOnAnApplicationThatWeLostTheRecordOfIsNamed(t *testing.T) {
	t.Parallel()
	for name, c := range plantedCredentials {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, mallory := env.NewWithTenantUser(t)
			app, trust := e.AppRegistration("orders-api"), e.FederatedCredential("ours", "orders-api", "orders-api")
			mallory.Cluster.Create(app, trust)
			mallory.Status.WaitReady(app, trust)
			objectID := app.Status.ObjectID
			e.Tenant.OutOfBand(c.plant(e), objectID)
			e.Manager.Stop()
			e.EditStatus(app, neverReconciled(app))
			untouched := e.RecordTenant()
			e.Manager.Start()
			e.Reconcile(app)
			mallory.Status.WaitStalled(app, v1alpha1.ReasonConflict, c.says, objectID)
			untouched()
		})
	}
}
