package e2e

import (
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/golden"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/with"
)

func TestRequests_Permissions(t *testing.T) {
	t.Parallel()
	e := env.New(t, permissionOptions(0, false)...)
	portal := e.AppRegistration("portal", with.Permissions(with.MicrosoftGraph, []string{"User.Read", "openid"}))
	first := e.Grant("portal-reads-mail", "portal", with.MicrosoftGraph, "User.Read", "Mail.Read")
	second := e.Grant("portal-reads-users", "portal", with.MicrosoftGraph, "User.Read", "User.ReadBasic.All")
	role := graphRole(e, "portal", with.MicrosoftGraph, "Group.Read.All")
	e.Status.WaitReady(e.EntraTenant())
	log := golden.NewLog(e, "Permissions by name, and consent. Microsoft Graph's own service principal is read once an hour, for everybody.")
	enter := func(title string, obj env.Object) {
		log.Section(title, func() { e.Cluster.Create(obj); e.Status.WaitReady(obj) })
		e.SkipTenMinutes()
	}
	enter("AppRegistration portal, which declares User.Read and openid of Microsoft Graph", portal)
	log.Section("one permission more is declared", func() {
		env.Edit(e.Cluster, portal, func(o *v1alpha1.AppRegistration) {
			o.Spec.Permissions[0].Delegated = append(o.Spec.Permissions[0].Delegated, "profile")
		})
		e.Status.WaitReady(portal)
	})
	e.SkipTenMinutes()
	log.Section("the application in sync", func() { e.Reconcile(portal) })
	suspend(e, portal) // else it would read what is consented to, in the next sections
	enter("DelegatedPermissionGrant: consent for all users", first)
	suspend(e, first)
	enter("another one of the same client and API: the grant is merged, and keeps what it has", second)
	enter("AppRoleAssignment: a role of Microsoft Graph", role)
	for _, row := range []struct {
		title string
		obj   env.Object
	}{{"consent in sync", second}, {"the role in sync", role}} {
		log.Section(row.title, func() { e.Reconcile(row.obj) })
		e.SkipTenMinutes()
	}
	suspend(e, second)
	log.Section("the first consent is taken back: what the second names too is kept", func() { e.Remove(first) })
	e.SkipTenMinutes()
	log.Section("the second is taken back: the grant is empty, and deleted", func() { e.Remove(second) })
	e.SkipTenMinutes()
	log.Section("the role is taken back", func() { e.Remove(role) })
	log.Check("permissions.http")
}

// suspend keeps an object from being reconciled when others change.
func suspend(e *env.Env, obj env.Object) {
	e.T.Helper()
	env.Edit(e.Cluster, obj, func(o env.Object) {
		switch o := o.(type) {
		case *v1alpha1.AppRegistration:
			o.Spec.Suspend = true
		case *v1alpha1.DelegatedPermissionGrant:
			o.Spec.Suspend = true
		}
	})
	e.Status.WaitCondition(obj, v1alpha1.ConditionSynced, metav1.ConditionFalse, v1alpha1.ReasonSuspended)
}
