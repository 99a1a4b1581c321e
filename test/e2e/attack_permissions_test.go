package e2e

import (
	"testing"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// graphAppID is Microsoft Graph's application ID: a raw spelling of what has a name.
const graphAppID = "00000003-0000-0000-c000-000000000000"

var byAppID = v1alpha1.APIReference{AppID: graphAppID}

// TestWhatNoPolicyAllowsIsDeniedHoweverItIsSpelled are the ways to more power through objects that a user with edit may write.
func TestWhatNoPolicyAllowsIsDeniedHoweverItIsSpelled(t *testing.T) {
	t.Parallel()
	graph := v1alpha1.PolicyAPI{WellKnown: v1alpha1.MicrosoftGraph}
	audit := func(spec *v1alpha1.RegistrationPolicySpec) { spec.Enforcement = v1alpha1.EnforcementAudit }
	tierZero := "Application.ReadWrite.OwnedBy"
	for name, row := range map[string]struct {
		policies func(*stage) []*v1alpha1.RegistrationPolicy
		attack   func(*stage) object
		says     []string
	}{
		"two harmless policies do not add up": {
			func(s *stage) []*v1alpha1.RegistrationPolicy {
				return []*v1alpha1.RegistrationPolicy{
					s.policy("users", allow(assigning(v1alpha1.PrincipalUser, graph, "Group.Read.All"))),
					s.policy("apps", allow(assigning(v1alpha1.PrincipalAppRegistration, ownAPIs, "*"))),
				}
			},
			func(s *stage) object { return s.graphRole("orders-worker", microsoftGraph, "Group.Read.All") },
			[]string{"spec.roles[0]", "Group.Read.All", "no rule allows it"},
		},
		"a policy in Audit opens nothing": {
			func(s *stage) []*v1alpha1.RegistrationPolicy {
				return []*v1alpha1.RegistrationPolicy{s.policy("shadow", audit, allow(consenting("User.Read")))}
			},
			func(s *stage) object { return s.grant("mallory", "orders-worker", microsoftGraph, "User.Read") },
			[]string{"spec.scopes[0]", "User.Read", "no rule allows it"},
		},
		"a wildcard does not stand for tier 0": {
			func(s *stage) []*v1alpha1.RegistrationPolicy {
				return []*v1alpha1.RegistrationPolicy{s.policy("wide", allow(assigning(v1alpha1.PrincipalAppRegistration, graph, "*")))}
			},
			func(s *stage) object { return s.graphRole("orders-worker", microsoftGraph, tierZero) },
			[]string{"spec.roles[0]", tierZero},
		},
		"nor where the API is spelled by its ID": {
			func(s *stage) []*v1alpha1.RegistrationPolicy {
				return []*v1alpha1.RegistrationPolicy{s.policy("wide", allow(assigning(v1alpha1.PrincipalAppRegistration, v1alpha1.PolicyAPI{AppID: graphAppID}, "Application.*.OwnedBy", "*")))}
			},
			func(s *stage) object { return s.graphRole("orders-worker", byAppID, tierZero) },
			[]string{"spec.roles[0]", tierZero},
		},
		"nor for what is only declared": {
			func(s *stage) []*v1alpha1.RegistrationPolicy {
				return []*v1alpha1.RegistrationPolicy{s.policy("wide", allow(declaring([]string{"*"}, "*")))}
			},
			func(s *stage) object { return s.app("mallory", needing(byAppID, nil, tierZero)) },
			[]string{"spec.permissions[0].application[0]", tierZero},
		},
		"a deny finds the ID that an allow by name lets through": {
			func(s *stage) []*v1alpha1.RegistrationPolicy {
				return []*v1alpha1.RegistrationPolicy{
					s.policy("open", allow(consenting("*"))),
					s.policy("shut", deny(v1alpha1.PolicyRule{Consent: &v1alpha1.ConsentRule{API: v1alpha1.PolicyAPI{AppID: graphAppID}, Scopes: []string{"User.*"}}})),
				}
			},
			func(s *stage) object { return s.grant("mallory", "orders-worker", microsoftGraph, "User.Read") },
			[]string{"spec.scopes[0]", "denies"},
		},
		"the operator's own application is no principal": {
			func(s *stage) []*v1alpha1.RegistrationPolicy {
				return []*v1alpha1.RegistrationPolicy{s.policy("wide", allow(assigning(v1alpha1.PrincipalServicePrincipal, ownAPIs, "*"), assigning(v1alpha1.PrincipalServicePrincipal, graph, "*")))}
			},
			func(s *stage) object {
				role := s.graphRole("", microsoftGraph, "Group.Read.All")
				role.Spec.Principal = v1alpha1.PrincipalReference{ServicePrincipal: &v1alpha1.ServicePrincipalReference{AppID: operatorClientID}}
				return role
			},
			[]string{"operator's own"},
		},
		"GitHub spelled as oidc": {
			func(s *stage) []*v1alpha1.RegistrationPolicy {
				return []*v1alpha1.RegistrationPolicy{s.policy("ci", allow(v1alpha1.PolicyRule{Federate: &v1alpha1.FederateRule{GitHub: &v1alpha1.GitHubRule{
					Organization: "example", Repositories: []string{"payments-*"}, Environments: []string{"prod"},
				}}}))}
			},
			func(s *stage) object {
				return s.trustOf("mallory", "", &v1alpha1.OIDCSubject{
					Issuer: "https://token.actions.githubusercontent.com", Subject: "repo:example/payments-api:environment:dev",
				})
			},
			[]string{"repo:example/payments-api:environment:dev", "no rule allows it"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, mallory := besieged(t)
			for _, policy := range row.policies(s) {
				s.create(policy)
			}
			mallory.create(s.app("orders-worker"), s.app("orders-api", exposing("Orders.Read.All")))
			s.ready(s.app("orders-worker"), s.app("orders-api"))
			attack := row.attack(s)
			s.forget()
			mallory.create(attack)
			s.refused(attack, v1alpha1.ReasonDenied, row.says...)
			s.writesNothing()
		})
	}
}

// graphRole gives an application a role of Microsoft Graph.
func (s *stage) graphRole(principal string, api v1alpha1.APIReference, role string) *v1alpha1.AppRoleAssignment {
	given := s.assignment("mallory", principal, "", role)
	given.Spec.API = api
	return given
}

func TestConsentForSomebodyElsesClientIsRefused(t *testing.T) {
	t.Parallel()
	s, mallory := besieged(t, allowing(consenting("*")))
	victim := s.app("victim")
	s.inNeighbour(victim)
	s.create(victim)
	s.ready(victim)
	s.forget()
	grant := s.grant("mallory", "victim", microsoftGraph, "User.Read")
	grant.Spec.Client.AppRegistrationRef.Namespace = s.neighbour
	mallory.create(grant)
	s.refused(grant, v1alpha1.ReasonInvalid, "spec.client.appRegistrationRef.namespace", s.namespace)
	namesake := s.grant("same-name", "victim", microsoftGraph, "User.Read")
	mallory.create(namesake)
	s.waitsFor(namesake, `AppRegistration "victim" does not exist`)
	s.writesNothing()
}

func TestAllowedConsumersAreForApplicationsUnlessTheirOwnerSaysElse(t *testing.T) {
	t.Parallel()
	s, mallory := besieged(t)
	s.create(s.policy("wide", allow(
		assigning(v1alpha1.PrincipalGroup, v1alpha1.PolicyAPI{AllowedConsumer: true}, "*"), assigning(v1alpha1.PrincipalUser, v1alpha1.PolicyAPI{AllowedConsumer: true}, "*"),
	)))
	api := s.app("orders-api", letting(s.namespace, []string{"Orders.Use"}, nil), usable)
	s.inNeighbour(api)
	s.create(api)
	s.ready(api)
	s.forget()
	for name, principal := range map[string]v1alpha1.PrincipalReference{
		"a-group": {Group: &v1alpha1.DirectoryObjectReference{ObjectID: s.entra.Directory().SeedGroup("Clerks")}},
		"a-user":  {User: &v1alpha1.DirectoryObjectReference{ObjectID: s.person("ada").id}},
	} {
		role := s.assignment(name, "", "", "Orders.Use")
		role.Spec.Principal, role.Spec.API = principal, ofApp(s.neighbour, "orders-api")
		mallory.create(role)
		s.waitsFor(role, "allowedConsumers", s.neighbour+"/orders-api")
	}
	s.writesNothing()
}

func TestAnApplicationOfAnotherNamespaceIsNoPrincipalByItsID(t *testing.T) {
	t.Parallel()
	s, mallory := besieged(t)
	s.create(s.policy("wide", allow(assigning(v1alpha1.PrincipalServicePrincipal, ownAPIs, "*"))))
	theirs := s.app("theirs")
	s.inNeighbour(theirs)
	s.create(theirs)
	mallory.create(s.app("orders-api", exposing("Orders.Read.All")))
	s.ready(theirs, s.app("orders-api"))
	s.forget()
	for name, ref := range map[string]v1alpha1.ServicePrincipalReference{
		"by-object-id": {ObjectID: theirs.Status.ServicePrincipalObjectID}, "by-app-id": {AppID: theirs.Status.AppID},
		"of-nobody": {ObjectID: "aaaaaaaa-0000-4000-8000-000000000001"},
	} {
		role := s.assignment(name, "", "orders-api", "Orders.Read.All")
		role.Spec.Principal = v1alpha1.PrincipalReference{ServicePrincipal: &ref}
		mallory.create(role)
		s.waitsFor(role, "spec.principal.servicePrincipal", "does not exist")
	}
	s.writesNothing()
}

func TestAPolicyThatIsTightenedBeforeAStepIsObeyed(t *testing.T) {
	t.Parallel()
	s, mallory := besieged(t)
	policy := s.policy("web", allow(consenting("User.Read")))
	mallory.create(s.app("orders-worker"))
	s.create(policy)
	s.ready(s.app("orders-worker"), policy)
	s.clock.quiet(t)
	s.forget()
	s.wire.meddle(func(cache client.Reader) { // the operator has just recorded what it is about to do
		edit(s, policy, func(o *v1alpha1.RegistrationPolicy) { o.Spec.Allow = nil })
		poll(t, "the cache to see the policy", func() bool {
			var seen v1alpha1.RegistrationPolicy
			return cache.Get(t.Context(), client.ObjectKeyFromObject(policy), &seen) == nil && seen.Spec.Allow == nil
		})
	})
	grant := s.grant("mallory", "orders-worker", microsoftGraph, "User.Read")
	mallory.create(grant)
	s.refused(grant, v1alpha1.ReasonDenied, "spec.scopes[0]")
	s.writesNothing()
}
