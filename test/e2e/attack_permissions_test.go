package e2e

import (
	"testing"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/poll"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/rule"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/signin"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/with"
)

// microsoftGraphAppID spells Microsoft Graph by its ID, which specs can also name.
const microsoftGraphAppID = "00000003-0000-0000-c000-000000000000"

var graphByAppID = v1alpha1.APIReference{AppID: microsoftGraphAppID}

// What no policy allows is denied however it is spelled: ways to more power through objects that a user with edit may
// write.
func TestPrivilegeEscalation_DeniedHoweverSpelled(t *testing.T) {
	t.Parallel()
	graph := rule.Graph
	audit := func(spec *v1alpha1.RegistrationPolicySpec) { spec.Enforcement = v1alpha1.EnforcementAudit }
	tierZero := "Application.ReadWrite.OwnedBy"
	for name, row := range map[string]struct {
		policies func(*env.Env) []*v1alpha1.RegistrationPolicy
		attack   func(*env.Env) env.Object
		says     []string
	}{
		"two harmless policies do not add up": {
			func(e *env.Env) []*v1alpha1.RegistrationPolicy {
				return []*v1alpha1.RegistrationPolicy{
					e.Policy("users", rule.Allow(rule.Assign(v1alpha1.PrincipalUser, graph, "Group.Read.All"))),
					e.Policy("apps", rule.Allow(rule.Assign(v1alpha1.PrincipalAppRegistration, rule.OwnAPIs, "*"))),
				}
			},
			func(e *env.Env) env.Object {
				return graphRole(e, "orders-worker", with.MicrosoftGraph, "Group.Read.All")
			},
			[]string{"spec.roles[0]", "Group.Read.All", "no rule allows it"},
		},
		"a policy in Audit opens nothing": {
			func(e *env.Env) []*v1alpha1.RegistrationPolicy {
				return []*v1alpha1.RegistrationPolicy{e.Policy("shadow", audit, rule.Allow(rule.Consent("User.Read")))}
			},
			func(e *env.Env) env.Object {
				return e.Grant("mallory", "orders-worker", with.MicrosoftGraph, "User.Read")
			},
			[]string{"spec.scopes[0]", "User.Read", "no rule allows it"},
		},
		"a wildcard does not stand for tier 0": {
			func(e *env.Env) []*v1alpha1.RegistrationPolicy {
				return []*v1alpha1.RegistrationPolicy{e.Policy("wide", rule.Allow(rule.Assign(v1alpha1.PrincipalAppRegistration, graph, "*")))}
			},
			func(e *env.Env) env.Object { return graphRole(e, "orders-worker", with.MicrosoftGraph, tierZero) },
			[]string{"spec.roles[0]", tierZero},
		},
		"nor where the API is spelled by its ID": {
			func(e *env.Env) []*v1alpha1.RegistrationPolicy {
				return []*v1alpha1.RegistrationPolicy{e.Policy("wide", rule.Allow(
					rule.Assign(v1alpha1.PrincipalAppRegistration, v1alpha1.PolicyAPI{AppID: microsoftGraphAppID}, "Application.*.OwnedBy", "*"),
				))}
			},
			func(e *env.Env) env.Object { return graphRole(e, "orders-worker", graphByAppID, tierZero) },
			[]string{"spec.roles[0]", tierZero},
		},
		"nor for what is only declared": {
			func(e *env.Env) []*v1alpha1.RegistrationPolicy {
				return []*v1alpha1.RegistrationPolicy{e.Policy("wide", rule.Allow(rule.Declare([]string{"*"}, "*")))}
			},
			func(e *env.Env) env.Object {
				return e.AppRegistration("mallory", with.Permissions(graphByAppID, nil, tierZero))
			},
			[]string{"spec.permissions[0].application[0]", tierZero},
		},
		"a deny finds the ID that an allow by name lets through": {
			func(e *env.Env) []*v1alpha1.RegistrationPolicy {
				return []*v1alpha1.RegistrationPolicy{
					e.Policy("open", rule.Allow(rule.Consent("*"))),
					e.Policy("shut", rule.Deny(v1alpha1.PolicyRule{
						Consent: &v1alpha1.ConsentRule{API: v1alpha1.PolicyAPI{AppID: microsoftGraphAppID}, Scopes: []string{"User.*"}},
					})),
				}
			},
			func(e *env.Env) env.Object {
				return e.Grant("mallory", "orders-worker", with.MicrosoftGraph, "User.Read")
			},
			[]string{"spec.scopes[0]", "denies"},
		},
		"the operator's own application is no principal": {
			func(e *env.Env) []*v1alpha1.RegistrationPolicy {
				return []*v1alpha1.RegistrationPolicy{e.Policy("wide", rule.Allow(
					rule.Assign(v1alpha1.PrincipalServicePrincipal, rule.OwnAPIs, "*"), rule.Assign(v1alpha1.PrincipalServicePrincipal, graph, "*"),
				))}
			},
			func(e *env.Env) env.Object {
				role := graphRole(e, "", with.MicrosoftGraph, "Group.Read.All")
				role.Spec.Principal = v1alpha1.PrincipalReference{ServicePrincipal: &v1alpha1.ServicePrincipalReference{AppID: env.OperatorClientID}}
				return role
			},
			[]string{"operator's own"},
		},
		"GitHub spelled as oidc": {
			func(e *env.Env) []*v1alpha1.RegistrationPolicy {
				return []*v1alpha1.RegistrationPolicy{e.Policy("ci", rule.Allow(v1alpha1.PolicyRule{
					Federate: &v1alpha1.FederateRule{GitHub: &v1alpha1.GitHubRule{
						Organization: "example", Repositories: []string{"payments-*"}, Environments: []string{"prod"},
					}}}))}
			},
			func(e *env.Env) env.Object {
				return credentialOf(e, "mallory", "", &v1alpha1.OIDCSubject{
					Issuer: "https://token.actions.githubusercontent.com", Subject: "repo:example/payments-api:environment:dev",
				})
			},
			[]string{"repo:example/payments-api:environment:dev", "no rule allows it"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, mallory := env.NewWithTenantUser(t)
			for _, policy := range row.policies(e) {
				e.Cluster.Create(policy)
			}
			mallory.Cluster.Create(e.AppRegistration("orders-worker"), e.AppRegistration("orders-api", with.AppRoles("Orders.Read.All")))
			e.Status.WaitReady(e.AppRegistration("orders-worker"), e.AppRegistration("orders-api"))
			attack := row.attack(e)
			e.Requests.Reset()
			mallory.Cluster.Create(attack)
			e.Status.WaitStalled(attack, v1alpha1.ReasonDenied, row.says...)
			e.Requests.CheckNoWrites()
		})
	}
}

// graphRole gives an application a role of Microsoft Graph.
func graphRole(e *env.Env, principal string, api v1alpha1.APIReference, role string) *v1alpha1.AppRoleAssignment {
	assignment := e.Assignment("mallory", principal, "", role)
	assignment.Spec.API = api
	return assignment
}

// Consent for a client of another namespace cannot be asked for: the reference has no namespace, and a name is one of this namespace.
func TestPrivilegeEscalation_ConsentForForeignClient(t *testing.T) {
	t.Parallel()
	e, mallory := env.NewWithTenantUser(t, env.WithPolicy(rule.Consent("*")))
	victim := e.AppRegistration("victim")
	e.InOtherNamespace(victim)
	e.Cluster.Create(victim)
	e.Status.WaitReady(victim)
	e.Requests.Reset()
	namesake := e.Grant("same-name", "victim", with.MicrosoftGraph, "User.Read")
	mallory.Cluster.Create(namesake)
	e.Status.WaitWaiting(namesake, `AppRegistration "victim" does not exist`)
	e.Requests.CheckNoWrites()
}

// Allowed consumers are applications, unless the API's owner says otherwise.
func TestAllowedConsumers_AreApplicationsByDefault(t *testing.T) {
	t.Parallel()
	e, mallory := env.NewWithTenantUser(t)
	e.Cluster.Create(e.Policy("wide", rule.Allow(
		rule.Assign(v1alpha1.PrincipalGroup, v1alpha1.PolicyAPI{AllowedConsumer: true}, "*"),
		rule.Assign(v1alpha1.PrincipalUser, v1alpha1.PolicyAPI{AllowedConsumer: true}, "*"),
	)))
	api := e.AppRegistration("orders-api", with.AllowedConsumer(e.Namespace, []string{"Orders.Use"}, nil), with.UserRole)
	e.InOtherNamespace(api)
	e.Cluster.Create(api)
	e.Status.WaitReady(api)
	e.Requests.Reset()
	for name, principal := range map[string]v1alpha1.PrincipalReference{
		"a-group": {Group: &v1alpha1.DirectoryObjectReference{ObjectID: v1alpha1.GUID(e.Tenant.Directory().SeedGroup("Clerks"))}},
		"a-user":  {User: &v1alpha1.DirectoryObjectReference{ObjectID: v1alpha1.GUID(signin.NewPerson(e, "ada").ID)}},
	} {
		role := e.Assignment(name, "", "", "Orders.Use")
		role.Spec.Principal, role.Spec.API = principal, with.OfApp(e.OtherNamespace, "orders-api")
		mallory.Cluster.Create(role)
		e.Status.WaitWaiting(role, "allowedConsumers", e.OtherNamespace+"/orders-api")
	}
	e.Requests.CheckNoWrites()
}

// An application of another namespace cannot be made a principal by its ID.
func TestPrivilegeEscalation_ForeignPrincipalByID(t *testing.T) {
	t.Parallel()
	e, mallory := env.NewWithTenantUser(t)
	e.Cluster.Create(e.Policy("wide", rule.Allow(rule.Assign(v1alpha1.PrincipalServicePrincipal, rule.OwnAPIs, "*"))))
	theirs := e.AppRegistration("theirs")
	e.InOtherNamespace(theirs)
	e.Cluster.Create(theirs)
	mallory.Cluster.Create(e.AppRegistration("orders-api", with.AppRoles("Orders.Read.All")))
	e.Status.WaitReady(theirs, e.AppRegistration("orders-api"))
	e.Requests.Reset()
	for name, ref := range map[string]v1alpha1.ServicePrincipalReference{
		"by-object-id": {ObjectID: v1alpha1.GUID(theirs.Status.ServicePrincipalObjectID)}, "by-app-id": {AppID: v1alpha1.GUID(theirs.Status.AppID)},
		"of-nobody": {ObjectID: "aaaaaaaa-0000-4000-8000-000000000001"},
	} {
		role := e.Assignment(name, "", "orders-api", "Orders.Read.All")
		role.Spec.Principal = v1alpha1.PrincipalReference{ServicePrincipal: &ref}
		mallory.Cluster.Create(role)
		e.Status.WaitWaiting(role, "spec.principal.servicePrincipal", "does not exist")
	}
	e.Requests.CheckNoWrites()
}

func TestPolicy_TightenedBeforeStepIsObeyed(t *testing.T) {
	t.Parallel()
	e, mallory := env.NewWithTenantUser(t)
	policy := e.Policy("web", rule.Allow(rule.Consent("User.Read")))
	mallory.Cluster.Create(e.AppRegistration("orders-worker"))
	e.Cluster.Create(policy)
	e.Status.WaitReady(e.AppRegistration("orders-worker"), policy)
	e.Quiet()
	e.Requests.Reset()
	e.Wire.AfterNextStatus(func(cache client.Reader) { // the operator has just recorded what it is about to do
		env.Edit(e.Cluster, policy, func(o *v1alpha1.RegistrationPolicy) { o.Spec.Allow = nil })
		poll.Until(t, "the cache to see the policy", func() bool {
			var seen v1alpha1.RegistrationPolicy
			return cache.Get(t.Context(), client.ObjectKeyFromObject(policy), &seen) == nil && seen.Spec.Allow == nil
		})
	})
	grant := e.Grant("mallory", "orders-worker", with.MicrosoftGraph, "User.Read")
	mallory.Cluster.Create(grant)
	e.Status.WaitStalled(grant, v1alpha1.ReasonDenied, "spec.scopes[0]")
	e.Requests.CheckNoWrites()
}
