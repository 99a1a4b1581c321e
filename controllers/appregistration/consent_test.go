package appregistration

import (
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	clocktesting "k8s.io/utils/clock/testing"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// consenting is an application that declares a scope and a role of Microsoft Graph, and is there.
func consenting(t *testing.T, objects ...client.Object) (*cluster, *v1alpha1.AppRegistration, *clocktesting.FakePassiveClock) {
	t.Helper()
	c, obj := newCluster(t, append(objects, everyDeclaration())...), object(needs(wellKnownGraph, []string{"User.Read"}, "User.Read.All"))
	time := clocktesting.NewFakePassiveClock(now)
	c.kind.Clock = time
	microsoftGraph(c.directory)
	c.reconcile(obj)
	c.requests()
	return c, obj, time
}

// consented as the status tells it: the scope, the role.
func consented(obj *v1alpha1.AppRegistration) [2]bool {
	return [2]bool{obj.Status.Permissions[0].Consented, obj.Status.Permissions[1].Consented}
}

func TestConsent_LookedAtOnceAResync(t *testing.T) {
	t.Parallel()
	c, obj, clock := consenting(t)
	c.directory.grants = []entra.Grant{
		{GrantKey: entra.GrantKey{ClientID: "principal-3", ResourceID: graphID}, Scopes: []string{"openid", "User.Read"}},
		{GrantKey: entra.GrantKey{ClientID: "principal-3", ResourceID: "other"}, Scopes: []string{"Mail.Read"}},
	}
	fullRead, shortRead := []string{"Application", "APIByAppID", "ClientByAppID", "Grants"}, []string{"Application", "APIByAppID", "ServicePrincipal"}
	same(t, "what is lacking", []string{remarkOn("Microsoft Graph User.Read.All")}, c.reconcile(obj))
	same(t, "requests of the first look", fullRead, c.requests())
	same(t, "consented", [2]bool{true, false}, consented(obj))

	c.directory.given = []entra.Assignment{{PrincipalID: "principal-3", ResourceID: graphID, AppRoleID: readAllID}}
	c.reconcile(obj)
	same(t, "requests before the resync", shortRead, c.requests())
	same(t, "consented before the resync", [2]bool{true, false}, consented(obj))

	clock.SetTime(now.Add(time.Hour))
	same(t, "nothing is lacking", []string(nil), c.reconcile(obj))
	same(t, "requests of the resync", fullRead, c.requests())
	same(t, "consented", [2]bool{true, true}, consented(obj))
}

func TestConsent_ForOneUserIsNone(t *testing.T) {
	t.Parallel()
	c, obj, _ := consenting(t)
	c.directory.grants = []entra.Grant{{GrantKey: entra.GrantKey{ResourceID: graphID, UserID: "ann"}, Scopes: []string{"User.Read"}}}
	c.reconcile(obj)
	same(t, "consented", [2]bool{false, false}, consented(obj))
}

func TestConsent_WithoutAnAnswerTheStatusStands(t *testing.T) {
	t.Parallel()
	c, obj, _ := consenting(t)
	obj.Status.Permissions[0].Consented = true
	c.directory.errs["Grants"] = entra.Refused{Reason: entra.RefusedForbidden}
	same(t, "in sync", []string{remarkOn("Microsoft Graph User.Read.All")}, c.reconcile(obj))
	same(t, "consented", [2]bool{true, false}, consented(obj))
}

func TestConsent_ObjectsOfTheNamespaceGiveIt(t *testing.T) {
	t.Parallel()
	grant := &v1alpha1.DelegatedPermissionGrant{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "g"}}
	grant.Status.ClientObjectID, grant.Status.APIObjectID, grant.Status.Scopes = "principal-3", graphID, []string{"User.Read"}
	assignment := &v1alpha1.AppRoleAssignment{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "a"}}
	assignment.Status.PrincipalObjectID, assignment.Status.APIObjectID = "principal-3", graphID
	assignment.Status.Roles = []v1alpha1.NamedID{{Value: "User.Read.All", ID: readAllID}}
	synced := func(conditions *[]metav1.Condition, status metav1.ConditionStatus) {
		meta.SetStatusCondition(conditions, metav1.Condition{Type: v1alpha1.ConditionSynced, Status: status, Reason: "x"})
	}
	synced(&grant.Status.Conditions, metav1.ConditionTrue)
	synced(&assignment.Status.Conditions, metav1.ConditionFalse)
	c, obj, _ := consenting(t, grant, assignment)
	c.reconcile(obj)
	c.requests()
	same(t, "what is in sync counts", [2]bool{true, false}, consented(obj))

	synced(&assignment.Status.Conditions, metav1.ConditionTrue)
	if err := c.kube.Update(t.Context(), assignment); err != nil {
		t.Fatal(err)
	}
	same(t, "nothing is lacking", []string(nil), c.reconcile(obj))
	same(t, "both count", [2]bool{true, true}, consented(obj))
	if err := c.kube.Delete(t.Context(), grant); err != nil {
		t.Fatal(err)
	}
	c.reconcile(obj)
	same(t, "what is taken away does not", [2]bool{false, true}, consented(obj))
	shortRead := []string{"Application", "APIByAppID", "ServicePrincipal"}
	same(t, "requests", append(shortRead, shortRead...), c.requests())
}

func TestConsent_WhatIsTakenAwayIsForgotten(t *testing.T) {
	t.Parallel()
	var memory consents
	scope := entitlement{apiObjectID: graphID, kind: v1alpha1.PermissionDelegated, name: "User.Read"}
	memory.saw("uid", now, map[entitlement]bool{scope: true})
	same(t, "while it is given", true, memory.with("uid", map[entitlement]bool{scope: true}).given[scope])
	same(t, "once it is not", false, memory.with("uid", nil).given[scope])
	memory.forget("uid")
	same(t, "a new look is due", true, memory.due("uid", now, time.Hour))
}
