package policy_test

import (
	"testing"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

// Attacks of the security design that only the gate can stop. Others are tested with the kinds.

func roles(api v1alpha1.PolicyAPI, entries ...string) v1alpha1.PolicyRule {
	return v1alpha1.PolicyRule{Assign: &v1alpha1.AssignRule{
		Principals: []v1alpha1.PolicyPrincipal{{Kind: v1alpha1.PrincipalAppRegistration}}, API: api, Roles: entries,
	}}
}

func graphRole(value string) policy.Assignment {
	asked := newAssignment(worker, msGraph)
	asked.Role = value
	return asked
}

func TestGate_TwoHarmlessPoliciesDoNotAddUp(t *testing.T) {
	t.Parallel()
	groups := v1alpha1.PolicyRule{Assign: &v1alpha1.AssignRule{
		Principals: []v1alpha1.PolicyPrincipal{{Kind: v1alpha1.PrincipalGroup}}, API: v1alpha1.PolicyAPI{WellKnown: v1alpha1.MicrosoftGraph},
		Roles: []string{"Mail.Send"},
	}}
	gate := baseline().with(
		everywhere("people", rules(groups), nil),
		everywhere("machines", rules(roles(v1alpha1.PolicyAPI{WellKnown: v1alpha1.MicrosoftGraph}, "User.Read.All")), nil),
	)
	if passes(gate, "AppRoleAssignment", graphRole("Mail.Send")) {
		t.Error("an application got the role that only groups may have")
	}
}

func TestAudit_AllowsNothing(t *testing.T) {
	t.Parallel()
	audit := everywhere("audit", rules(roles(v1alpha1.PolicyAPI{WellKnown: v1alpha1.MicrosoftGraph}, "Mail.Send")), nil)
	audit.Spec.Enforcement = v1alpha1.EnforcementAudit
	if passes(baseline().with(audit), "AppRoleAssignment", graphRole("Mail.Send")) {
		t.Error("a policy in Audit allowed something")
	}
}

func TestTier0_IsNamedExactlyOrDenied(t *testing.T) {
	t.Parallel()
	const adminRole = "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8"
	renamed := graphRole("SomethingElse")
	renamed.RoleID = adminRole
	legacyRole := newAssignment(worker, legacy)
	legacyRole.Role = "Device.Read"
	exchange := newAssignment(worker, policy.API{AppID: entra.WellKnown("Office365Exchange")})
	exchange.Role = "full_access_as_app"
	arm := policy.API{AppID: entra.WellKnown("AzureServiceManagement")}
	wide := []v1alpha1.PolicyAPI{
		{WellKnown: v1alpha1.MicrosoftGraph}, {AppID: v1alpha1.GUID(msGraph.AppID)}, {AppID: v1alpha1.GUID(legacy.AppID)}, {WellKnown: v1alpha1.Office365Exchange}, {WellKnown: v1alpha1.AzureServiceManagement},
	}
	for name, request := range map[string]policy.Request{
		"a role that gives roles":                 graphRole("RoleManagement.ReadWrite.Directory"),
		"one that consents":                       graphRole("AppRoleAssignment.ReadWrite.All"),
		"one in other letters":                    graphRole("rolemanagement.readwrite.directory"),
		"one by its ID, under another value":      renamed,
		"anything of the legacy Graph":            legacyRole,
		"every mailbox":                           exchange,
		"declared, as the application itself":     newDeclaration(v1alpha1.PermissionApplication, msGraph, "Application.ReadWrite.All"),
		"declared, for a user":                    newDeclaration(v1alpha1.PermissionDelegated, msGraph, "Directory.AccessAsUser.All"),
		"consented, for one user":                 newConsent(msGraph, "Directory.AccessAsUser.All", worker),
		"Azure, for all users":                    newConsent(arm, "user_impersonation", ""),
		"giving roles, for all users":             newConsent(msGraph, "RoleManagement.ReadWrite.Directory", ""),
		"a scope of the legacy Graph, for a user": newConsent(legacy, "User.Read", worker),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var open, shut []v1alpha1.PolicyRule
			for _, api := range wide {
				for _, entry := range []string{policy.Any, "*.*.*", "*.*", "*"} {
					open = append(open, roles(api, entry), v1alpha1.PolicyRule{Declare: &v1alpha1.DeclareRule{
						API: api, Application: []string{entry}, Delegated: []string{entry},
					}}, v1alpha1.PolicyRule{Consent: &v1alpha1.ConsentRule{API: api, Scopes: []string{entry}, Users: v1alpha1.ConsentAll}})
					shut = append(shut, open[len(open)-3], open[len(open)-2], v1alpha1.PolicyRule{Consent: &v1alpha1.ConsentRule{
						API: api, Scopes: []string{entry},
					}})
				}
			}
			if passes(baseline().with(everywhere("wide", open, nil)), "AppRoleAssignment", request) {
				t.Error("a wildcard allowed it")
			}
			exact, possible := policy.NarrowestRule(request)
			if !possible || !passes(allowing(exact), "AppRoleAssignment", request) {
				t.Error("an exact entry did not allow it")
			}
			if passes(allowing(exact).with(everywhere("shut", nil, shut)), "AppRoleAssignment", request) {
				t.Error("a wildcard did not deny it")
			}
		})
	}
}

func TestTier0_ForAllUsersIsNoneForOne(t *testing.T) {
	t.Parallel()
	arm := policy.API{AppID: entra.WellKnown("AzureServiceManagement")}
	open := allowing(v1alpha1.PolicyRule{Consent: &v1alpha1.ConsentRule{
		API: v1alpha1.PolicyAPI{WellKnown: v1alpha1.AzureServiceManagement}, Scopes: []string{policy.Any}, Users: v1alpha1.ConsentAll,
	}})
	if !passes(open, "DelegatedPermissionGrant", newConsent(arm, "user_impersonation", worker)) {
		t.Error("consent for one user is not as good as Global Administrator")
	}
}

// What a trust means counts, not which member of the spec says it.
func TestFederation_OtherSpellingsAllowNothing(t *testing.T) {
	t.Parallel()
	shut := everywhere("shut", nil, rules(
		v1alpha1.PolicyRule{Federate: &v1alpha1.FederateRule{GitHub: &v1alpha1.GitHubRule{
			Organization: "Evil", Repositories: []string{policy.Any}, Branches: []string{policy.Any}, Environments: []string{"Prod"},
		}}},
		v1alpha1.PolicyRule{Federate: &v1alpha1.FederateRule{ServiceAccounts: &v1alpha1.ServiceAccountsRule{Namespaces: []string{"bank"}}}},
	))
	everyone := v1alpha1.PolicyRule{Federate: &v1alpha1.FederateRule{OIDC: &v1alpha1.OIDCRule{Issuer: github, Subjects: []string{policy.Any}}}}
	local := v1alpha1.PolicyRule{Federate: &v1alpha1.FederateRule{OIDC: &v1alpha1.OIDCRule{Issuer: issuer, Subjects: []string{policy.Any}}}}
	gate := baseline().with(everywhere("open", rules(everyone, local), nil), shut)
	for name, row := range map[string]struct {
		request policy.Federation
		want    bool
	}{
		"another namespace's ServiceAccount, as oidc": {newFederation(issuer, "system:serviceaccount:bank:worker", cloud), false},
		"a denied repository, as oidc":                {newFederation(github, "repo:evil/x:ref:refs/heads/main", cloud), false},
		"its numbered form":                           {newFederation(github, "repo:Evil@1/x@2:ref:refs/heads/main", cloud), false},
		"with a claim at its end":                     {newFederation(github, "repo:Evil/x:environment:prod:actor:me", cloud), false},
		"another repository":                          {newFederation(github, "repo:good/x:ref:refs/heads/main", cloud), true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := passes(gate, "FederatedCredential", row.request); got != row.want {
				t.Errorf("allowed %t, want %t", got, row.want)
			}
		})
	}
	if passes(baseline(), "FederatedCredential", newFederation(issuer, "system:serviceaccount:bank:worker", cloud)) {
		t.Error("the baseline trusts another namespace's ServiceAccount")
	}
}

func TestAllowedConsumers_AreApplicationsUnlessAPolicyAddsMore(t *testing.T) {
	t.Parallel()
	for _, kind := range []v1alpha1.PrincipalKind{
		v1alpha1.PrincipalGroup, v1alpha1.PrincipalUser, v1alpha1.PrincipalManagedIdentity, v1alpha1.PrincipalServicePrincipal,
	} {
		asked := newAssignment(worker, openAPI)
		asked.PrincipalKind = kind
		if passes(baseline(), "AppRoleAssignment", asked) {
			t.Errorf("%s got a role without a policy", kind)
		}
		shut := asked
		shut.API = withheldAPI
		rule, _ := policy.NarrowestRule(asked)
		if !passes(allowing(rule), "AppRoleAssignment", asked) || passes(allowing(rule), "AppRoleAssignment", shut) {
			t.Errorf("%s: a policy needs the owner's word too", kind)
		}
	}
}
