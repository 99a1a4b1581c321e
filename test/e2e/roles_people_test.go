package e2e

import (
	"testing"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
)

// usable gives an application a role that people can be given.
func usable(spec *v1alpha1.AppRegistrationSpec) {
	spec.AppRoles = append(spec.AppRoles, v1alpha1.AppRole{Value: "Orders.Use", AllowedMemberTypes: []v1alpha1.MemberType{v1alpha1.MemberUser}})
}

var ownAPIs = v1alpha1.PolicyAPI{OwnNamespace: true}

// rolesOfAda are the roles in a token that the portal gets for Ada now.
func (p portal) rolesOfAda() []string {
	p.t.Helper()
	code, err := p.ada.code(p.web, callback, p.scope())
	if err != nil {
		p.t.Fatal(err)
	}
	given, err := p.redeemed(p.web, "https://orders.example.com", callback, code)
	if err != nil {
		p.t.Fatal(err)
	}
	got, err := p.verify(p.api.Status.Endpoints.Issuer, p.api.Status.AppID, given.Access)
	if err != nil {
		p.t.Fatal(err)
	}
	return got.Roles
}

func onAPage(spec *v1alpha1.AppRegistrationSpec) {
	spec.SPA = &v1alpha1.Platform{RedirectURIs: []string{callback}}
}

func TestPeopleHaveARoleForAsLongAsTheyOrTheirGroupIsGivenIt(t *testing.T) {
	t.Parallel()
	for name, kind := range map[string]v1alpha1.PrincipalKind{"the user": v1alpha1.PrincipalUser, "a group": v1alpha1.PrincipalGroup} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, allowing(assigning(kind, ownAPIs, "Orders.Use")))
			p := s.portal(onAPage)
			edit(s, p.api, func(o *v1alpha1.AppRegistration) { usable(&o.Spec) })
			s.create(p.consent)
			s.ready(p.api, p.consent)
			same(t, "roles before", []string(nil), p.rolesOfAda())

			given := s.assignment("ada-uses", "", "orders-api", "Orders.Use")
			given.Spec.Principal = v1alpha1.PrincipalReference{User: &v1alpha1.DirectoryObjectReference{ObjectID: p.ada.id}}
			if kind == v1alpha1.PrincipalGroup {
				group := s.entra.Directory().SeedGroup("Clerks")
				s.entra.Directory().AddMember(group, p.ada.id)
				given.Spec.Principal = v1alpha1.PrincipalReference{Group: &v1alpha1.DirectoryObjectReference{ObjectID: group}}
			}
			s.create(given)
			s.ready(given)
			same(t, "roles after", []string{"Orders.Use"}, p.rolesOfAda())

			s.delete(given)
			s.gone(given)
			same(t, "roles in the end", []string(nil), p.rolesOfAda())
		})
	}
}

func TestDefaultAccessLetsInWithoutARole(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	c := s.enters()
	edit(s, c.api, func(o *v1alpha1.AppRegistration) {
		o.Spec.AppRoles, o.Spec.ServicePrincipal = nil, &v1alpha1.ServicePrincipal{AssignmentRequired: new(true)}
	})
	s.leaves(c.assignment)
	s.ready(c.api)
	scope := c.api.Status.IdentifierURIs[0] + "/.default"
	_, err := s.signIn(scope)
	refused(t, "before", err, "AADSTS501051")

	access := s.assignment("orders-worker-enters", "orders-worker", "orders-api")
	access.Spec.DefaultAccess = true
	s.create(access)
	s.ready(access)
	token, err := s.signIn(scope)
	if err != nil {
		t.Fatal(err)
	}
	s.isOf(c.api, token, claims{Azp: c.worker.Status.AppID, OID: c.worker.Status.ServicePrincipalObjectID, Ver: "2.0"})
	s.leaves(access)
	_, err = s.signIn(scope)
	refused(t, "after", err, "AADSTS501051")
}

func TestAnApplicationPermissionOfMicrosoftGraphIsInItsTokenForAsLongAsItIsGiven(t *testing.T) {
	t.Parallel()
	s := newStage(t, allowing(assigning(v1alpha1.PrincipalAppRegistration, v1alpha1.PolicyAPI{WellKnown: v1alpha1.MicrosoftGraph}, "Group.Read.All")))
	worker, trust := s.app("orders-worker"), s.trust("orders-worker", "orders-worker", "orders-worker")
	given := s.assignment("orders-worker-reads-groups", "orders-worker", "", "Group.Read.All")
	given.Spec.API = microsoftGraph
	s.create(s.account("orders-worker"), worker, trust)
	s.ready(worker, trust)
	const scope = "https://graph.microsoft.com/.default"
	roles := func() []string {
		token, err := s.signIn(scope)
		if err != nil {
			t.Fatal(err)
		}
		return s.claimsOf(token).Roles
	}
	same(t, "before", []string(nil), roles())
	s.create(given)
	s.ready(given)
	same(t, "given", []string{"Group.Read.All"}, roles())
	s.leaves(given)
	same(t, "after", []string(nil), roles())
}

func TestAnApplicationThatNobodyHereDescribesHasARoleForAsLongAsItIsGivenIt(t *testing.T) {
	t.Parallel()
	const clientID, secret = "88888888-0000-4000-8000-000000000001", "canary-of-another-application"
	s := newStage(t, allowing(assigning(v1alpha1.PrincipalServicePrincipal, ownAPIs, "*")))
	if _, err := s.entra.Directory().Seed(directory.SeedClient{ClientID: clientID, Secret: secret, DisplayName: "ledger"}); err != nil {
		t.Fatal(err)
	}
	api := s.app("orders-api", exposing("Orders.Read.All"))
	s.create(api)
	s.ready(api)
	credential, err := confidential.NewCredFromSecret(secret)
	if err != nil {
		t.Fatal(err)
	}
	token := func() (string, error) {
		app, err := confidential.New(s.entra.URL()+"/"+s.entra.TenantID(), clientID, credential,
			confidential.WithHTTPClient(s.publicClient()), confidential.WithInstanceDiscovery(false))
		if err != nil {
			t.Fatal(err)
		}
		result, err := app.AcquireTokenByCredential(t.Context(), []string{api.Status.IdentifierURIs[0] + "/.default"})
		return result.AccessToken, err
	}
	_, err = token()
	refused(t, "before", err, "AADSTS501051")
	given := s.assignment("ledger-reads", "", "orders-api", "Orders.Read.All")
	given.Spec.Principal = v1alpha1.PrincipalReference{ServicePrincipal: &v1alpha1.ServicePrincipalReference{AppID: clientID}}
	s.create(given)
	s.ready(given)
	raw, err := token()
	if err != nil {
		t.Fatal(err)
	}
	same(t, "roles", []string{"Orders.Read.All"}, s.claimsOf(raw).Roles)
	s.leaves(given)
	_, err = token()
	refused(t, "after", err, "AADSTS501051")
}
