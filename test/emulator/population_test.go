package emulator_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/test/emulator"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory/signin"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

const population = `{
	"users": [
		{"userPrincipalName": "ada@contoso.onmicrosoft.com", "displayName": "Ada", "password": "canary~of-ada"},
		{"userPrincipalName": "bob@contoso.onmicrosoft.com", "administrator": true, "id": "AAAAAAAA-0000-4000-8000-000000000001"}
	],
	"groups": [{"displayName": "Readers", "members": ["Ada@contoso.onmicrosoft.com"]}],
	"managedIdentities": [{
		"displayName": "orders-identity", "id": "aaaaaaaa-0000-4000-8000-000000000002", "clientId": "aaaaaaaa-0000-4000-8000-000000000003"
	}]
}`

// found is the only live object of a kind with a display name.
func (s *testEmulator) found(kind directory.Kind, displayName string) directory.Entry {
	s.t.Helper()
	for _, e := range directory.OfKind(kind, s.Directory().Snapshot().Live) {
		if odata.Text(e.Properties, "displayName") == displayName {
			return e
		}
	}
	s.t.Fatalf("there is no %s %s", kind, displayName)
	return directory.Entry{}
}

func TestPopulation_IsInTenantFromStart(t *testing.T) {
	t.Parallel()
	p, err := directory.ReadPopulation(strings.NewReader(population))
	if err != nil {
		t.Fatal(err)
	}
	s := startEmulator(t, emulator.Options{Population: p})
	if got, ok := s.Directory().SignIn("ADA@contoso.onmicrosoft.com", "canary~of-ada"); !ok || got.DisplayName != "Ada" || got.Administrator {
		t.Errorf("Ada is %v", got)
	}
	if _, ok := s.Directory().SignIn("bob@contoso.onmicrosoft.com", ""); ok {
		t.Error("somebody without a password signs in")
	}
	bob := s.found(directory.User, "bob@contoso.onmicrosoft.com")
	if diff := cmp.Diff("aaaaaaaa-0000-4000-8000-000000000001", bob.ID); diff != "" {
		t.Errorf("id (-want +got):\n%s", diff)
	}
	identity := s.found(directory.ServicePrincipal, "orders-identity")
	if identity.ID != "aaaaaaaa-0000-4000-8000-000000000002" || identity.Properties["appId"] != "aaaaaaaa-0000-4000-8000-000000000003" {
		t.Errorf("the identity is %v", identity.Properties)
	}
}

func TestPopulation_BadOneMakesNobody(t *testing.T) {
	t.Parallel()
	s := startEmulator(t, emulator.Options{})
	before := len(s.Directory().Snapshot().Live)
	err := s.Directory().Populate(directory.Population{
		Users: []directory.SeedPerson{{UserPrincipalName: ada}}, Groups: []directory.SeedGroup{{DisplayName: "Readers", Members: []string{root}}},
	})
	if err == nil || len(s.Directory().Snapshot().Live) != before {
		t.Errorf("%v, %d more", err, len(s.Directory().Snapshot().Live)-before)
	}
}

func TestErase_LeavesNothingBehind(t *testing.T) {
	t.Parallel()
	s := newSignInTenant(t)
	group := s.Directory().SeedGroup("Readers")
	s.Directory().AddMember(group, s.adaID)
	client := s.register(redirects("web", callback))
	s.code(client) // Ada has consented
	s.within(func(d *directory.Session) error {
		_, err := d.Assign(odata.Document{"principalId": s.adaID, "resourceId": s.api.principal, "appRoleId": userRole})
		return err
	})
	if !s.Directory().PurgePrincipal(s.adaID) || s.Directory().PurgePrincipal(s.adaID) || s.Directory().PurgePrincipal(client.principal) {
		t.Error("Ada is erased once, an application's principal never")
	}
	left := s.Directory().Snapshot()
	for _, e := range append(left.Live, left.Deleted...) {
		if odata.Text(e.Properties, "principalId") == s.adaID {
			t.Errorf("left: %v", e)
		}
	}
	if _, ok := s.Directory().Person(ada); ok || (signin.Directory{Directory: s.Directory()}).UserAssigned(s.adaID, s.api.principal) {
		t.Error("Ada is still there")
	}
}
