package e2e

import (
	"slices"
	"testing"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/outofband"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/with"
)

// otherAppID is the client ID of another operator, or of an attacker.
const otherAppID = "0bad0bad-0000-4000-8000-000000000bad"

// lookalikes have the name of an object's application and are not the object's, with what the conflict must say of each.
var lookalikes = map[string]struct {
	alter func(*env.Env, *env.Lookalike)
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
	"whose creator Entra does not name, and not owned by us": {
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

// An application of somebody else's that has our name is a conflict, and is left alone.
func TestOwnership_LookalikeIsConflictAndLeftAlone(t *testing.T) {
	t.Parallel()
	for name, c := range lookalikes {
		t.Run("live, "+name, func(t *testing.T) {
			t.Parallel()
			e, mallory := env.NewWithTenantUser(t)
			d := e.NewLookalike("orders-api")
			c.alter(e, &d)
			objectID := e.Tenant.CreateLookalike(d)
			checkUnchanged := e.RecordTenant()
			app := e.AppRegistration("orders-api", with.AppRoles("Orders.Read.All"))
			credential := e.FederatedCredential("orders-api", "orders-api", "orders-api")
			mallory.Cluster.Create(app, credential)
			mallory.Status.WaitStalled(app, v1alpha1.ReasonConflict, append(c.says, objectID)...)
			checkUnchanged()
			if app.Status.ObjectID != "" || app.Status.AppID != "" {
				t.Errorf("its status names what is not its own: %+v", app.Status)
			}
			mallory.Cluster.Delete(app, credential)
			mallory.Status.WaitGone(app, credential)
			checkUnchanged()
		})
		t.Run("deleted, "+name, func(t *testing.T) {
			t.Parallel()
			e, mallory := env.NewWithTenantUser(t)
			d := e.NewLookalike("orders-api")
			c.alter(e, &d)
			d.Then = outofband.DeleteApplication
			objectID := e.Tenant.CreateLookalike(d)
			checkUnchanged := e.RecordEntry(objectID)
			app := e.AppRegistration("orders-api")
			mallory.Cluster.Create(app)
			mallory.Status.WaitReady(app)
			if want := e.UniqueName("orders-api") + "_" + string(app.UID)[:8]; app.Status.UniqueName != want {
				t.Errorf("the name is %s, want %s", app.Status.UniqueName, want)
			}
			checkUnchanged()
			e.Tenant.CheckInventory(env.Inventory{Applications: 1, Principals: 1, Deleted: 1})
		})
	}
}

// What the operator itself has made for an object, and has no record of, is adopted.
func TestOwnership_OwnUnrecordedApplicationIsAdopted(t *testing.T) {
	t.Parallel()
	for name, alter := range map[string]func(*env.Lookalike){
		"an application that shows all the marks":                            func(*env.Lookalike) {},
		"one whose creator Entra does not name, and which the operator owns": func(d *env.Lookalike) { d.Creator = "" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, mallory := env.NewWithTenantUser(t)
			d := e.NewLookalike("orders-api")
			alter(&d)
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

// A name that somebody else has taken is a conflict while their application lives, and is left to it when it is
// deleted.
func TestOwnership_SquattedNameIsConflictUntilDeleted(t *testing.T) {
	t.Parallel()
	e, mallory := env.NewWithTenantUser(t)
	objectID, err := e.Tenant.Directory().TakeUniqueName(e.UniqueName("orders-api"), "orders-api")
	if err != nil {
		t.Fatal(err)
	}
	checkUnchanged := e.RecordTenant()
	app := e.AppRegistration("orders-api")
	mallory.Cluster.Create(app)
	mallory.Status.WaitStalled(app, v1alpha1.ReasonConflict, objectID)
	checkUnchanged()
	e.Tenant.OutOfBand(outofband.DeleteApplication, objectID)
	checkEntryUnchanged := e.RecordEntry(objectID)
	e.Reconcile(app)
	mallory.Status.WaitReady(app)
	checkEntryUnchanged()
	if app.Status.ObjectID == objectID {
		t.Error("the squatter's application was taken over")
	}
}

func TestOwnership_DisplayNameProvesNothing(t *testing.T) {
	t.Parallel()
	e, mallory := env.NewWithTenantUser(t)
	d := e.NewLookalike("orders-api")
	d.UniqueName = "" // our tags, our creator, our owner and the same display name
	objectID := e.Tenant.CreateLookalike(d)
	checkUnchanged := e.RecordEntry(objectID)
	app := e.AppRegistration("orders-api", with.AppRoles("Orders.Read.All"))
	mallory.Cluster.Create(app)
	mallory.Status.WaitReady(app)
	if app.Status.ObjectID == objectID {
		t.Error("it was taken over by its display name")
	}
	mallory.Cluster.Delete(app)
	mallory.Status.WaitGone(app)
	checkUnchanged()
}

// An admin who names the former cluster's UID lets the operator adopt what that cluster made.
func TestOwnership_FormerClusterUIDAllowsAdoption(t *testing.T) {
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
	tags, _ := e.Tenant.Entry(objectID).Properties["tags"].([]any)
	if !slices.Contains(tags, any("k8s-cluster-uid:"+ours)) || slices.Contains(tags, any("k8s-cluster-uid:0123456789abcdef")) {
		t.Errorf("its tags still name the former cluster: %v", tags)
	}
}
