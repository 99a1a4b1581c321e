package e2e

import (
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

func TestTheWireOfPermissions(t *testing.T) {
	t.Parallel()
	s := newStage(t, reading(0, false)...)
	portal := s.app("portal", needing(microsoftGraph, []string{"User.Read", "openid"}))
	first := s.grant("portal-reads-mail", "portal", microsoftGraph, "User.Read", "Mail.Read")
	second := s.grant("portal-reads-users", "portal", microsoftGraph, "User.Read", "User.ReadBasic.All")
	role := s.graphRole("portal", microsoftGraph, "Group.Read.All")
	s.ready(s.tenantObject())
	log := s.wireLog("Permissions by name, and consent. Microsoft Graph's own service principal is read once an hour, for everybody.")
	enter := func(title string, obj object) {
		log.scene(title, func() { s.create(obj); s.ready(obj) })
		s.later()
	}
	enter("AppRegistration portal, which declares User.Read and openid of Microsoft Graph", portal)
	log.scene("one permission more is declared", func() {
		edit(s, portal, func(o *v1alpha1.AppRegistration) {
			o.Spec.Permissions[0].Delegated = append(o.Spec.Permissions[0].Delegated, "profile")
		})
		s.ready(portal)
	})
	s.later()
	log.scene("the application in sync", func() { s.look(portal) })
	pause(s, portal) // it would tell what is consented to, beside the next scenes
	enter("DelegatedPermissionGrant: consent for all users", first)
	pause(s, first)
	enter("another one of the same client and API: the grant is merged, and keeps what it has", second)
	enter("AppRoleAssignment: a role of Microsoft Graph", role)
	for _, row := range []struct {
		title string
		obj   object
	}{{"consent in sync", second}, {"the role in sync", role}} {
		log.scene(row.title, func() { s.look(row.obj) })
		s.later()
	}
	pause(s, second)
	log.scene("the first consent is taken back: what the second names too is kept", func() { s.leaves(first) })
	s.later()
	log.scene("the second is taken back: the grant is empty, and deleted", func() { s.leaves(second) })
	s.later()
	log.scene("the role is taken back", func() { s.leaves(role) })
	log.matches("permissions.http")
}

// pause keeps an object from looking at Entra when others change.
func pause(s *stage, obj object) {
	s.t.Helper()
	edit(s, obj, func(o object) {
		switch o := o.(type) {
		case *v1alpha1.AppRegistration:
			o.Spec.Suspend = true
		case *v1alpha1.DelegatedPermissionGrant:
			o.Spec.Suspend = true
		}
	})
	s.has(obj, v1alpha1.ConditionSynced, metav1.ConditionFalse, v1alpha1.ReasonSuspended)
}
