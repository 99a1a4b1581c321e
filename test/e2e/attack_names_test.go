package e2e

import (
	"slices"
	"testing"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// otherApp is the client ID of another operator or of a thief.
const otherApp = "0bad0bad-0000-4000-8000-000000000bad"

// forgeries are applications that hold an object's name and are not its own, with what the conflict must say of each.
var forgeries = map[string]struct {
	forge func(*stage, *double)
	says  []string
}{
	"of another cluster with the same name": {
		func(_ *stage, d *double) { d.tags["k8s-cluster-uid"] = "0123456789abcdef" },
		[]string{"k8s-cluster-uid:0123456789abcdef"},
	},
	"of another namespace's object": {
		func(_ *stage, d *double) { d.tags["k8s-object"] = "payments/orders-api" },
		[]string{"k8s-object:payments/orders-api"},
	},
	"of another object of this namespace": {
		func(s *stage, d *double) { d.tags["k8s-object"] = s.namespace + "/orders-worker" },
		[]string{"k8s-object:"},
	},
	"of a namespace that had the name before": {
		func(_ *stage, d *double) { d.tags["k8s-namespace-uid"] = "8b2c5e0d-1f4a-4c6b-9d3e-7a5f0c2b1e84" },
		[]string{"k8s-namespace-uid:8b2c5e0d-1f4a-4c6b-9d3e-7a5f0c2b1e84"},
	},
	"of a tenant member who forged all our tags": {
		func(_ *stage, d *double) { d.maker = otherApp },
		[]string{"created by", otherApp},
	},
	"of a tenant member who forged all our tags and made us its owner": {
		func(s *stage, d *double) { d.maker, d.owners = otherApp, []string{s.operator()} },
		[]string{"created by", otherApp},
	},
	"of a maker that Entra does not tell, and not owned by us": {
		func(_ *stage, d *double) { d.maker, d.owners = "", nil },
		[]string{"does not say who created it", "not its owner"},
	},
	"of us, with nobody's mark": {
		func(_ *stage, d *double) { d.tags = nil },
		[]string{"it has no tag"},
	},
	"of us, with two owners' marks": {
		func(_ *stage, d *double) { d.more = []string{"k8s-object:payments/orders-api"} },
		[]string{"name another owner"},
	},
}

func TestAnApplicationOfSomebodyElseWithOurNameIsAConflictAndLeftAlone(t *testing.T) {
	t.Parallel()
	for name, c := range forgeries {
		t.Run("live, "+name, func(t *testing.T) {
			t.Parallel()
			s, mallory := besieged(t)
			d := s.double("orders-api")
			c.forge(s, &d)
			objectID := s.makes(d)
			untouched := s.untouched()
			app, trust := s.app("orders-api", exposing("Orders.Read.All")), s.trust("orders-api", "orders-api", "orders-api")
			mallory.create(app, trust)
			mallory.refused(app, v1alpha1.ReasonConflict, append(c.says, objectID)...)
			untouched()
			if app.Status.ObjectID != "" || app.Status.AppID != "" {
				t.Errorf("its status names what is not its own: %+v", app.Status)
			}
			mallory.delete(app, trust)
			mallory.gone(app, trust)
			untouched()
		})
		t.Run("deleted, "+name, func(t *testing.T) {
			t.Parallel()
			s, mallory := besieged(t)
			d := s.double("orders-api")
			c.forge(s, &d)
			d.then = deletesTheApplication
			objectID := s.makes(d)
			kept := s.kept(objectID)
			app := s.app("orders-api")
			mallory.create(app)
			mallory.ready(app)
			if want := s.uniqueName("orders-api") + "_" + string(app.UID)[:8]; app.Status.UniqueName != want {
				t.Errorf("the name is %s, want %s", app.Status.UniqueName, want)
			}
			kept()
			s.holds(census{applications: 1, principals: 1, deleted: 1})
		})
	}
}

func TestWhatTheOperatorItselfMadeForAnObjectIsTakenUp(t *testing.T) {
	t.Parallel()
	for name, forge := range map[string]func(*double){
		"an application that shows all the marks":                                   func(*double) {},
		"one of which Entra does not tell who made it, and which the operator owns": func(d *double) { d.maker = "" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, mallory := besieged(t)
			d := s.double("orders-api")
			forge(&d)
			objectID := s.makes(d)
			app := s.app("orders-api")
			mallory.create(app)
			mallory.ready(app)
			if app.Status.ObjectID != objectID {
				t.Errorf("object ID %s, want %s", app.Status.ObjectID, objectID)
			}
		})
	}
}

func TestASquattedNameIsAConflictWhileItLivesAndPassedByWhenItIsDeleted(t *testing.T) {
	t.Parallel()
	s, mallory := besieged(t)
	objectID, err := s.entra.Directory().TakeUniqueName(s.uniqueName("orders-api"), "orders-api")
	if err != nil {
		t.Fatal(err)
	}
	untouched := s.untouched()
	app := s.app("orders-api")
	mallory.create(app)
	mallory.refused(app, v1alpha1.ReasonConflict, objectID)
	untouched()
	s.somebody(deletesTheApplication, objectID)
	kept := s.kept(objectID)
	s.look(app)
	mallory.ready(app)
	kept()
	if app.Status.ObjectID == objectID {
		t.Error("the squatter's application was taken over")
	}
}

func TestADisplayNameIsNobodysTitleToAnApplication(t *testing.T) {
	t.Parallel()
	s, mallory := besieged(t)
	d := s.double("orders-api")
	d.uniqueName = "" // all our tags, our maker, our owner, and the same name to the eye
	objectID := s.makes(d)
	kept := s.kept(objectID)
	app := s.app("orders-api", exposing("Orders.Read.All"))
	mallory.create(app)
	mallory.ready(app)
	if app.Status.ObjectID == objectID {
		t.Error("it was taken over by its display name")
	}
	mallory.delete(app)
	mallory.gone(app)
	kept()
}

func TestANamedFormerClusterIsTheWayBackAfterARestore(t *testing.T) {
	t.Parallel()
	s, mallory := besieged(t)
	d := s.double("orders-api")
	ours := d.tags["k8s-cluster-uid"]
	d.tags["k8s-cluster-uid"] = "0123456789abcdef"
	objectID := s.makes(d)
	app := s.app("orders-api")
	mallory.create(app)
	mallory.refused(app, v1alpha1.ReasonConflict, "k8s-cluster-uid:0123456789abcdef")
	edit(s, s.tenantObject(), func(tenant *v1alpha1.EntraTenant) { tenant.Spec.FormerClusterUIDs = []string{"0123456789abcdef"} })
	mallory.ready(app)
	if app.Status.ObjectID != objectID {
		t.Errorf("object ID %s, want %s", app.Status.ObjectID, objectID)
	}
	if tags, _ := s.sees(objectID).Properties["tags"].([]any); !slices.Contains(tags, any("k8s-cluster-uid:"+ours)) || slices.Contains(tags, any("k8s-cluster-uid:0123456789abcdef")) {
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
			s, mallory := besieged(t)
			app := s.app("orders-api", func(spec *v1alpha1.AppRegistrationSpec) { spec.DeletionPolicy = policy })
			mallory.create(app)
			mallory.ready(app)
			former := app.Status.ObjectID
			mallory.delete(app)
			mallory.gone(app)
			s.madeAgain()
			kept := s.kept(former)
			heir := s.as("heir-" + s.namespace)
			app = s.app("orders-api")
			heir.create(app)
			if policy == v1alpha1.DeletionOrphan {
				heir.refused(app, v1alpha1.ReasonConflict, "k8s-namespace-uid:", former)
			} else {
				heir.ready(app)
				if app.Status.ObjectID == former {
					t.Error("the former namespace's application was restored for the new one")
				}
			}
			kept()
		})
	}
}

// madeAgain deletes the namespace, in real time, and makes another of the same name.
func (s *stage) madeAgain() {
	s.t.Helper()
	s.delete(s.namespaceObject())
	poll(s.t, "the end of the namespace", func() bool { return !s.get(s.namespaceObject()) })
	s.create(s.namespaceObject())
}

// planted are things that a thief leaves on an application in the hope that it is taken up again.
var planted = map[string]struct {
	plant func(*stage) mischief
	says  string
}{
	"an owner":                {(*stage).addsAnOwner, "owner that is not the operator"},
	"a password":              {func(*stage) mischief { return addsAPassword }, "it has a password"},
	"a key":                   {func(*stage) mischief { return addsAKey }, "it has a key"},
	"a trust in other tokens": {func(*stage) mischief { return addsATrust }, `"back-door"`},
}

func TestWhatWasPlantedOnAnApplicationThatWeLostTheRecordOfIsNamed(t *testing.T) {
	t.Parallel()
	for name, c := range planted {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, mallory := besieged(t)
			app, trust := s.app("orders-api"), s.trust("ours", "orders-api", "orders-api")
			mallory.create(app, trust)
			mallory.ready(app, trust)
			objectID := app.Status.ObjectID
			s.somebody(c.plant(s), objectID)
			s.stopManager()
			s.clears(app, forgotten(app))
			untouched := s.untouched()
			s.startManager()
			s.look(app)
			mallory.refused(app, v1alpha1.ReasonConflict, c.says, objectID)
			untouched()
		})
	}
}
