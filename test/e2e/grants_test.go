package e2e

import (
	"slices"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// granted are the scopes that a client may use for all users, past all lag.
func (s *stage) granted(client *v1alpha1.AppRegistration) []string {
	s.t.Helper()
	var scopes []string
	for _, entry := range s.entra.Directory().Snapshot().Live {
		if entry.Kind == directory.Grant && entry.Properties["clientId"] == client.Status.ServicePrincipalObjectID {
			text, _ := entry.Properties["scope"].(string)
			scopes = append(scopes, strings.Fields(text)...)
		}
	}
	slices.Sort(scopes)
	return scopes
}

// addsScopes by hand to the grant that a client has.
func addsScopes(scopes ...string) mischief {
	return func(session *directory.Session, clientID string) error {
		for _, grant := range session.Grants() {
			if odata.Text(grant.Doc, "clientId") == clientID {
				all := append(strings.Fields(odata.Text(grant.Doc, "scope")), scopes...)
				return session.PatchGrant(grant.ID, odata.Document{"scope": strings.Join(all, " ")})
			}
		}
		return nil
	}
}

var readsMail = consenting("User.Read", "Mail.Read", "User.ReadBasic.All")

func TestAGrantIsSharedAndNobodyLosesWhatIsTheirs(t *testing.T) {
	t.Parallel()
	s := newStage(t, allowing(readsMail))
	portal := s.app("portal")
	first := s.grant("first", "portal", microsoftGraph, "User.Read", "Mail.Read")
	second := s.grant("second", "portal", microsoftGraph, "User.Read", "User.ReadBasic.All")
	s.create(portal, first, second)
	s.ready(portal, first, second)
	same(t, "both", []string{"Mail.Read", "User.Read", "User.ReadBasic.All"}, s.granted(portal))

	s.somebody(addsScopes("Group.Read.All"), portal.Status.ServicePrincipalObjectID)
	s.later()
	edit(s, first, func(o *v1alpha1.DelegatedPermissionGrant) { o.Spec.Scopes = []string{"User.Read"} })
	s.ready(first)
	same(t, "one named less", []string{"Group.Read.All", "User.Read", "User.ReadBasic.All"}, s.granted(portal))

	s.leaves(second)
	same(t, "one left", []string{"Group.Read.All", "User.Read"}, s.granted(portal))
	s.leaves(first)
	same(t, "both left", []string{"Group.Read.All"}, s.granted(portal))
}

func TestTwoGrantsThatBeginAtOnceBothHoldInTheEnd(t *testing.T) {
	t.Parallel()
	s := newStage(t, allowing(readsMail), lagging)
	portal := s.app("portal")
	s.create(portal)
	s.ready(portal)
	var all []object
	for name, scope := range map[string]string{"a": "User.Read", "b": "Mail.Read", "c": "User.ReadBasic.All"} {
		grant := s.grant(name, "portal", microsoftGraph, scope)
		all = append(all, grant)
		s.create(grant)
	}
	s.ready(all...)
	same(t, "granted", []string{"Mail.Read", "User.Read", "User.ReadBasic.All"}, s.granted(portal))
}

func TestScopesThatOthersTookAwayAreReportedOrGivenAgain(t *testing.T) {
	t.Parallel()
	takesAll := func(session *directory.Session, clientID string) error {
		for _, grant := range session.Grants() {
			if odata.Text(grant.Doc, "clientId") == clientID {
				return session.DeleteGrant(grant.ID)
			}
		}
		return nil
	}
	s := newStage(t, allowing(readsMail))
	portal := s.app("portal")
	grant := s.grant("portal-reads", "portal", microsoftGraph, "User.Read")
	s.create(portal, grant)
	s.ready(portal, grant)
	s.somebody(takesAll, portal.Status.ServicePrincipalObjectID)
	s.later()
	s.look(grant)
	message := s.has(grant, v1alpha1.ConditionSynced, metav1.ConditionFalse, v1alpha1.ReasonDrifted)
	s.says(message, "User.Read", "repair")
	same(t, "reported", []string(nil), s.granted(portal))

	edit(s, grant, func(o *v1alpha1.DelegatedPermissionGrant) { o.Spec.Repair = v1alpha1.RepairAlways })
	s.has(grant, v1alpha1.ConditionSynced, metav1.ConditionTrue, v1alpha1.ReasonInSync)
	same(t, "repaired", []string{"User.Read"}, s.granted(portal))
}
