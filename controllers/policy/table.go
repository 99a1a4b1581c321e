package policy

import (
	"slices"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

var anything = []string{Any}

func appRegistrationRows() []Row {
	const kind of = "AppRegistration"
	redirects := []v1alpha1.PolicyRule{{Redirect: &v1alpha1.RedirectRule{Hosts: append([]string{Any}, loopback...)}}}
	ownName := []v1alpha1.PolicyRule{{IdentifierURI: &v1alpha1.IdentifierURIRule{URIs: []string{"api://" + appIDPlaceholder}}}}
	deletions := []v1alpha1.PolicyRule{
		{Delete: &v1alpha1.DeleteRule{Policies: []v1alpha1.DeletionPolicy{v1alpha1.DeletionDelete, v1alpha1.DeletionOrphan}}},
	}
	declares := func(api v1alpha1.PolicyAPI) v1alpha1.PolicyRule {
		return v1alpha1.PolicyRule{Declare: &v1alpha1.DeclareRule{API: api, Delegated: anything, Application: anything}}
	}
	return slices.Concat(
		kind.free("spec.displayName", "spec.description", "spec.tenantRef.name"),
		kind.only("spec.signInAudience", string(v1alpha1.AudienceMyOrg)),
		kind.judged("api://{appID}", "identifierURI", ownName, "spec.identifierURIs"),
		kind.free("spec.api.scopes.value"),
		kind.only("spec.api.scopes.type", string(v1alpha1.ScopeAdmin)),
		kind.free("spec.api.scopes.adminConsentDisplayName", "spec.api.scopes.adminConsentDescription",
			"spec.api.scopes.userConsentDisplayName", "spec.api.scopes.userConsentDescription",
			"spec.api.scopes.enabled", "spec.api.scopes.id"),
		kind.free("spec.api.preAuthorizedClients.client.appRegistrationRef.name"),
		kind.only("spec.api.preAuthorizedClients.client.appID"),
		kind.free("spec.api.preAuthorizedClients.scopes", "spec.api.knownClients.appRegistrationRef.name"),
		kind.only("spec.api.knownClients.appID"),
		kind.only("spec.api.requestedAccessTokenVersion", "2"),
		kind.free("spec.appRoles.value", "spec.appRoles.displayName", "spec.appRoles.description", "spec.appRoles.allowedMemberTypes",
			"spec.appRoles.enabled", "spec.appRoles.id"),
		kind.judged("https without wildcard, on hosts that are not under a shared suffix; http://localhost and http://127.0.0.1",
			"redirect", redirects, "spec.web.redirectURIs", "spec.spa.redirectURIs", "spec.publicClient.redirectURIs"),
		kind.only("spec.fallbackPublicClient", "false"),
		kind.judged("delegated openid, profile, email, offline_access and User.Read of MicrosoftGraph; whatever AppRegistrations of the own "+
			"namespace define, and what those of others let its namespace have in their allowedConsumers", "declare",
			[]v1alpha1.PolicyRule{
				{Declare: &v1alpha1.DeclareRule{
					API:       v1alpha1.PolicyAPI{WellKnown: v1alpha1.MicrosoftGraph},
					Delegated: []string{"openid", "profile", "email", "offline_access", "User.Read"},
				}},
				declares(v1alpha1.PolicyAPI{OwnNamespace: true}), declares(v1alpha1.PolicyAPI{AllowedConsumer: true}),
			},
			"spec.permissions.api.appRegistrationRef.name", "spec.permissions.api.appRegistrationRef.namespace",
			"spec.permissions.api.wellKnown", "spec.permissions.api.appID", "spec.permissions.delegated", "spec.permissions.application"),
		kind.free("spec.allowedConsumers.namespaces.names", "spec.allowedConsumers.namespaces.selector.matchLabels",
			"spec.allowedConsumers.namespaces.selector.matchExpressions.key",
			"spec.allowedConsumers.namespaces.selector.matchExpressions.operator",
			"spec.allowedConsumers.namespaces.selector.matchExpressions.values", "spec.allowedConsumers.namespaces.all",
			"spec.allowedConsumers.appRoles", "spec.allowedConsumers.scopes", "spec.allowedConsumers.principals"),
		kind.free("spec.tags"),
		kind.only("spec.lock.enabled", "true"),
		kind.only("spec.lock.allProperties", "true"),
		kind.free("spec.lock.credentialsWithUsageSign", "spec.lock.credentialsWithUsageVerify", "spec.lock.tokenEncryptionKeyID",
			"spec.servicePrincipal.assignmentRequired",
			"spec.secret.enabled", "spec.secret.name", "spec.secret.formats", "spec.secret.labels", "spec.secret.annotations"),
		kind.judged("Delete and Orphan", "delete", deletions, "spec.deletionPolicy"),
		kind.free("spec.suspend"),
	)
}

func federatedCredentialRows() []Row {
	const kind of = "FederatedCredential"
	own := []v1alpha1.PolicyRule{{Federate: &v1alpha1.FederateRule{ServiceAccounts: &v1alpha1.ServiceAccountsRule{}}}}
	const account = "a ServiceAccount of the object's own namespace on this cluster's issuer, with the cloud's audience"
	return slices.Concat(
		kind.free("spec.appRegistrationRef.name"),
		kind.judged(account, "federate", own, "spec.serviceAccount.name", "spec.serviceAccount.namespace"),
		kind.judged("nothing", "federate", own, "spec.github.organization", "spec.github.repository", "spec.github.organizationID",
			"spec.github.repositoryID", "spec.github.environment", "spec.github.branch", "spec.github.tag", "spec.github.pullRequest",
			"spec.managedIdentity.objectID"),
		kind.judged(account, "federate", own, "spec.oidc.issuer", "spec.oidc.subject", "spec.audience"),
		kind.free("spec.annotateServiceAccount", "spec.description", "spec.suspend"),
	)
}

const grantable = "an AppRegistration of the own namespace, or of another that lets this one in its allowedConsumers"

func appRoleAssignmentRows() []Row {
	const kind of = "AppRoleAssignment"
	assigns := func(api v1alpha1.PolicyAPI) v1alpha1.PolicyRule {
		return v1alpha1.PolicyRule{Assign: &v1alpha1.AssignRule{
			Principals: []v1alpha1.PolicyPrincipal{{Kind: v1alpha1.PrincipalAppRegistration}}, API: api, Roles: anything,
		}}
	}
	own := []v1alpha1.PolicyRule{assigns(v1alpha1.PolicyAPI{OwnNamespace: true}), assigns(v1alpha1.PolicyAPI{AllowedConsumer: true})}
	return slices.Concat(
		kind.judged("an AppRegistration of the own namespace", "assign", own,
			"spec.principal.appRegistrationRef.name"),
		kind.judged("nothing", "assign", own, "spec.principal.managedIdentity.clientID", "spec.principal.managedIdentity.objectID",
			"spec.principal.servicePrincipal.appID", "spec.principal.servicePrincipal.objectID",
			"spec.principal.group.objectID", "spec.principal.user.objectID"),
		kind.judged(grantable, "assign", own, "spec.api.appRegistrationRef.name", "spec.api.appRegistrationRef.namespace"),
		kind.judged("nothing else", "assign", own, "spec.api.wellKnown", "spec.api.appID"),
		kind.judged("every role of such an API", "assign", own, "spec.roles", "spec.defaultAccess"),
		kind.free("spec.justification", "spec.notAfter", "spec.repair", "spec.suspend"),
	)
}

func delegatedPermissionGrantRows() []Row {
	const kind of = "DelegatedPermissionGrant"
	consents := func(api v1alpha1.PolicyAPI) v1alpha1.PolicyRule {
		return v1alpha1.PolicyRule{Consent: &v1alpha1.ConsentRule{API: api, Scopes: anything, Users: v1alpha1.ConsentAll}}
	}
	own := []v1alpha1.PolicyRule{consents(v1alpha1.PolicyAPI{OwnNamespace: true}), consents(v1alpha1.PolicyAPI{AllowedConsumer: true})}
	return slices.Concat(
		kind.judged("an AppRegistration of the own namespace", "consent", own,
			"spec.client.appRegistrationRef.name"),
		kind.judged(grantable, "consent", own, "spec.api.appRegistrationRef.name", "spec.api.appRegistrationRef.namespace"),
		kind.judged("nothing else", "consent", own, "spec.api.wellKnown", "spec.api.appID"),
		kind.judged("every scope of such an API", "consent", own, "spec.scopes"),
		kind.judged("all users, or one", "consent", own, "spec.user.objectID"),
		kind.free("spec.justification", "spec.notAfter", "spec.repair", "spec.suspend"),
	)
}
