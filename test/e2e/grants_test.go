package e2e

import (
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/outofband"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/rule"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/with"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

var readsMail = rule.Consent("User.Read", "Mail.Read", "User.ReadBasic.All")

func TestGrant_SharedGrantKeepsScopesOfOthers(t *testing.T) {
	t.Parallel()
	e := env.New(t, env.WithPolicy(readsMail))
	portal := e.AppRegistration("portal")
	first := e.Grant("first", "portal", with.MicrosoftGraph, "User.Read", "Mail.Read")
	second := e.Grant("second", "portal", with.MicrosoftGraph, "User.Read", "User.ReadBasic.All")
	e.Cluster.Create(portal, first, second)
	e.Status.WaitReady(portal, first, second)
	env.CheckEqual(t, "both", []string{"Mail.Read", "User.Read", "User.ReadBasic.All"}, e.Tenant.Granted(portal))

	e.Tenant.OutOfBand(outofband.AddScopes("Group.Read.All"), portal.Status.ServicePrincipalObjectID)
	e.SkipTenMinutes()
	env.Edit(e.Cluster, first, func(o *v1alpha1.DelegatedPermissionGrant) { o.Spec.Scopes = []string{"User.Read"} })
	e.Status.WaitReady(first)
	env.CheckEqual(t, "one named less", []string{"Group.Read.All", "User.Read", "User.ReadBasic.All"}, e.Tenant.Granted(portal))

	e.Remove(second)
	env.CheckEqual(t, "one left", []string{"Group.Read.All", "User.Read"}, e.Tenant.Granted(portal))
	e.Remove(first)
	env.CheckEqual(t, "both left", []string{"Group.Read.All"}, e.Tenant.Granted(portal))
}

// Grants that begin at once all hold in the end.
func TestGrant_ConcurrentGrantsAllHold(t *testing.T) {
	t.Parallel()
	e := env.New(t, env.WithPolicy(readsMail), env.WithMostLag)
	portal := e.AppRegistration("portal")
	e.Cluster.Create(portal)
	e.Status.WaitReady(portal)
	var all []env.Object
	for name, scope := range map[string]string{"a": "User.Read", "b": "Mail.Read", "c": "User.ReadBasic.All"} {
		grant := e.Grant(name, "portal", with.MicrosoftGraph, scope)
		all = append(all, grant)
		e.Cluster.Create(grant)
	}
	e.Status.WaitReady(all...)
	env.CheckEqual(t, "granted", []string{"Mail.Read", "User.Read", "User.ReadBasic.All"}, e.Tenant.Granted(portal))
}

func TestGrant_RemovedScopesAreReportedOrRepaired(t *testing.T) {
	t.Parallel()
	takesAll := func(session *directory.Session, clientID string) error {
		for _, grant := range session.Grants() {
			if odata.Text(grant.Doc, "clientId") == clientID {
				return session.DeleteGrant(grant.ID)
			}
		}
		return nil
	}
	e := env.New(t, env.WithPolicy(readsMail))
	portal := e.AppRegistration("portal")
	grant := e.Grant("portal-reads", "portal", with.MicrosoftGraph, "User.Read")
	e.Cluster.Create(portal, grant)
	e.Status.WaitReady(portal, grant)
	e.Tenant.OutOfBand(takesAll, portal.Status.ServicePrincipalObjectID)
	e.SkipTenMinutes()
	e.Reconcile(grant)
	message := e.Status.WaitCondition(grant, v1alpha1.ConditionSynced, metav1.ConditionFalse, v1alpha1.ReasonDrifted)
	e.Status.CheckMessage(message, "User.Read", "repair")
	env.CheckEqual(t, "reported", []string(nil), e.Tenant.Granted(portal))

	env.Edit(e.Cluster, grant, func(o *v1alpha1.DelegatedPermissionGrant) { o.Spec.Repair = v1alpha1.RepairAlways })
	e.Status.WaitCondition(grant, v1alpha1.ConditionSynced, metav1.ConditionTrue, v1alpha1.ReasonInSync)
	env.CheckEqual(t, "repaired", []string{"User.Read"}, e.Tenant.Granted(portal))
}
