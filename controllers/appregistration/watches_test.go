package appregistration

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
)

// woken are the objects that one of the watches wakes for a change.
func (c *cluster) woken(watch int, changed client.Object) (names []string) {
	for _, request := range c.kind.Watches(&engine.OwnWrites{})[watch].Wakes(c.t.Context(), changed) {
		names = append(names, request.String())
	}
	return names
}

func TestWatches_WhoWakesAnObject(t *testing.T) {
	t.Parallel()
	pinned := object(bound)
	asking := object(func(o *v1alpha1.AppRegistration) {
		o.Name, o.Spec.TenantRef = "asking", &v1alpha1.TenantReference{Name: "corp"}
	})
	ofLab := object(func(o *v1alpha1.AppRegistration) {
		o.Name, o.Spec.TenantRef = "of-lab", &v1alpha1.TenantReference{Name: "lab"}
	})
	either := object(func(o *v1alpha1.AppRegistration) { o.Name = "either" })
	bank := object(func(o *v1alpha1.AppRegistration) {
		o.Namespace, o.Name, o.Spec.TenantRef = "bank", "b", ofLab.Spec.TenantRef
	})
	c := newCluster(t, pinned, asking, ofLab, either, bank)
	tenant := &v1alpha1.EntraTenant{ObjectMeta: metav1.ObjectMeta{Name: "corp"}}
	space := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "bank"}}
	assignment := &v1alpha1.AppRoleAssignment{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "reads"}}
	assignment.Spec.API.AppRegistrationRef = &v1alpha1.AppRegistrationReference{Name: "orders-api"}
	same(t, "tenant", []string{"shop/asking", "shop/either", "shop/orders-api"}, c.woken(0, tenant))
	same(t, "namespace", []string{"bank/b"}, c.woken(1, space))
	same(t, "secret", []string{"shop/orders-api"}, c.woken(2, settled(object()).secret))
	same(t, "foreign secret", 0, len(c.woken(2, othersSecret())))
	assignment.Status.Roles = []v1alpha1.NamedID{{Value: "Orders.Read.All", ID: "1"}}
	same(t, "assignment of a role that stays", []string(nil), c.woken(4, assignment))
	assignment.Status.Roles = []v1alpha1.NamedID{{Value: "Orders.Write.All", ID: "2"}}
	same(t, "assignment of a role that is leaving", []string{"shop/orders-api"}, c.woken(4, assignment))
}

func TestWatches_WhoWakesOneThatNamesOthers(t *testing.T) {
	t.Parallel()
	here := object(bound, needs(named("docks", "stock"), []string{"Stock.Read"}), trusts(clientNamed("web"), "Orders.Read"))
	raw := object(needs(v1alpha1.APIReference{AppID: "stock-app"}, []string{"Stock.Read"}), func(o *v1alpha1.AppRegistration) {
		o.Namespace, o.Name = "bank", "raw"
	})
	knows := object(func(o *v1alpha1.AppRegistration) {
		o.Name, o.Spec.API.KnownClients = "knows", []v1alpha1.ClientReference{clientNamed("web")}
	})
	c := newCluster(t, here, raw, knows)
	const apps, assignments, grants = 3, 5, 6
	same(t, "an API of another namespace", []string{"bank/raw", "shop/orders-api"}, c.woken(apps, apiOf("docks", "stock")))
	same(t, "a client", []string{"shop/knows", "shop/orders-api"}, c.woken(apps, apiOf("shop", "web")))
	same(t, "one of that name elsewhere", []string(nil), c.woken(apps, apiOf("docks", "web")))
	assignment := &v1alpha1.AppRoleAssignment{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "a"}}
	same(t, "an assignment of nothing yet", []string(nil), c.woken(assignments, assignment))
	assignment.Status.PrincipalObjectID = principalID
	same(t, "an assignment to it", []string{"shop/orders-api"}, c.woken(assignments, assignment))
	grant := &v1alpha1.DelegatedPermissionGrant{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "g"}}
	grant.Status.ClientObjectID = principalID
	same(t, "a grant to it", []string{"shop/orders-api"}, c.woken(grants, grant))
	grant.Status.UserObjectID = "ann"
	same(t, "a grant for one user", []string(nil), c.woken(grants, grant))
}
