package policy

import (
	"slices"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

var everything = []string{Any}

func appRegistrationRows() []Row {
	const kind rowsOf = "AppRegistration"
	redirects := []v1alpha1.PolicyRule{{Redirect: &v1alpha1.RedirectRule{Hosts: append([]string{Any}, loopbackHosts...)}}}
	ownAppID := []v1alpha1.PolicyRule{{IdentifierURI: &v1alpha1.IdentifierURIRule{URIs: []string{"api://" + appIDPlaceholder}}}}
	deletions := []v1alpha1.PolicyRule{
		{Delete: &v1alpha1.DeleteRule{Policies: []v1alpha1.DeletionPolicy{v1alpha1.DeletionDelete, v1alpha1.DeletionOrphan}}},
	}
	declares := func(api v1alpha1.PolicyAPI) v1alpha1.PolicyRule {
		return v1alpha1.PolicyRule{Declare: &v1alpha1.DeclareRule{API: api, Delegated: everything, Application: everything}}
	}
	return slices.Concat(
		kind.anything("spec.displayName", "spec.description", "spec.tenantRef.name"),
		kind.only("spec.signInAudience", string(v1alpha1.AudienceMyOrg)),
		kind.rows("api://{appID}", "identifierURI", ownAppID, "spec.identifierURIs"),
		kind.anything("spec.api.scopes.value"),
		kind.only("spec.api.scopes.type", string(v1alpha1.ScopeAdmin)),
		kind.anything("spec.api.scopes.adminConsentDisplayName", "spec.api.scopes.adminConsentDescription",
			"spec.api.scopes.userConsentDisplayName", "spec.api.scopes.userConsentDescription",
			"spec.api.scopes.enabled", "spec.api.scopes.id"),
		kind.anything("spec.api.preAuthorizedClients.client.appRegistrationRef.name"),
		kind.only("spec.api.preAuthorizedClients.client.appID"),
		kind.anything("spec.api.preAuthorizedClients.scopes", "spec.api.knownClients.appRegistrationRef.name"),
		kind.only("spec.api.knownClients.appID"),
		kind.only("spec.api.requestedAccessTokenVersion", "2"),
		kind.anything("spec.appRoles.value", "spec.appRoles.displayName", "spec.appRoles.description", "spec.appRoles.allowedMemberTypes",
			"spec.appRoles.enabled", "spec.appRoles.id"),
		kind.rows("https without wildcard, on hosts that are not under a shared suffix; http://localhost and http://127.0.0.1",
			"redirect", redirects, "spec.web.redirectURIs", "spec.spa.redirectURIs", "spec.publicClient.redirectURIs"),
		kind.only("spec.fallbackPublicClient", "false"),
		kind.rows("delegated openid, profile, email, offline_access and User.Read of MicrosoftGraph; whatever AppRegistrations of the own "+
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
		kind.anything("spec.allowedConsumers.namespaces.names", "spec.allowedConsumers.namespaces.selector.matchLabels",
			"spec.allowedConsumers.namespaces.selector.matchExpressions.key",
			"spec.allowedConsumers.namespaces.selector.matchExpressions.operator",
			"spec.allowedConsumers.namespaces.selector.matchExpressions.values", "spec.allowedConsumers.namespaces.all",
			"spec.allowedConsumers.appRoles", "spec.allowedConsumers.scopes", "spec.allowedConsumers.principals"),
		kind.anything("spec.tags"),
		kind.only("spec.lock.enabled", "true"),
		kind.only("spec.lock.allProperties", "true"),
		kind.anything("spec.lock.credentialsWithUsageSign", "spec.lock.credentialsWithUsageVerify", "spec.lock.tokenEncryptionKeyID",
			"spec.servicePrincipal.assignmentRequired",
			"spec.secret.enabled", "spec.secret.name", "spec.secret.formats", "spec.secret.labels", "spec.secret.annotations"),
		kind.rows("Delete and Orphan", "delete", deletions, "spec.deletionPolicy"),
		kind.anything("spec.suspend"),
	)
}

func federatedCredentialRows() []Row {
	const kind rowsOf = "FederatedCredential"
	own := []v1alpha1.PolicyRule{{Federate: &v1alpha1.FederateRule{ServiceAccounts: &v1alpha1.ServiceAccountsRule{}}}}
	const account = "a ServiceAccount of the object's own namespace on this cluster's issuer, with the cloud's audience"
	return slices.Concat(
		kind.anything("spec.appRegistrationRef.name"),
		kind.rows(account, "federate", own, "spec.serviceAccount.name", "spec.serviceAccount.namespace"),
		kind.rows("nothing", "federate", own, "spec.github.organization", "spec.github.repository", "spec.github.organizationID",
			"spec.github.repositoryID", "spec.github.environment", "spec.github.branch", "spec.github.tag", "spec.github.pullRequest",
			"spec.managedIdentity.objectID"),
		kind.rows(account, "federate", own, "spec.oidc.issuer", "spec.oidc.subject", "spec.audience"),
		kind.anything("spec.annotateServiceAccount", "spec.description", "spec.suspend"),
	)
}

const grantable = "an AppRegistration of the own namespace, or of another that lets this one in its allowedConsumers"

func appRoleAssignmentRows() []Row {
	const kind rowsOf = "AppRoleAssignment"
	assigns := func(api v1alpha1.PolicyAPI) v1alpha1.PolicyRule {
		return v1alpha1.PolicyRule{Assign: &v1alpha1.AssignRule{
			Principals: []v1alpha1.PolicyPrincipal{{Kind: v1alpha1.PrincipalAppRegistration}}, API: api, Roles: everything,
		}}
	}
	own := []v1alpha1.PolicyRule{assigns(v1alpha1.PolicyAPI{OwnNamespace: true}), assigns(v1alpha1.PolicyAPI{AllowedConsumer: true})}
	return slices.Concat(
		kind.rows("an AppRegistration of the own namespace", "assign", own,
			"spec.principal.appRegistrationRef.name"),
		kind.rows("nothing", "assign", own, "spec.principal.managedIdentity.clientID", "spec.principal.managedIdentity.objectID",
			"spec.principal.servicePrincipal.appID", "spec.principal.servicePrincipal.objectID",
			"spec.principal.group.objectID", "spec.principal.user.objectID"),
		kind.rows(grantable, "assign", own, "spec.api.appRegistrationRef.name", "spec.api.appRegistrationRef.namespace"),
		kind.rows("nothing else", "assign", own, "spec.api.wellKnown", "spec.api.appID"),
		kind.rows("every role of such an API", "assign", own, "spec.roles", "spec.defaultAccess"),
		kind.anything("spec.justification", "spec.notAfter", "spec.repair", "spec.suspend"),
	)
}

func delegatedPermissionGrantRows() []Row {
	const kind rowsOf = "DelegatedPermissionGrant"
	consents := func(api v1alpha1.PolicyAPI) v1alpha1.PolicyRule {
		return v1alpha1.PolicyRule{Consent: &v1alpha1.ConsentRule{API: api, Scopes: everything, Users: v1alpha1.ConsentAll}}
	}
	own := []v1alpha1.PolicyRule{consents(v1alpha1.PolicyAPI{OwnNamespace: true}), consents(v1alpha1.PolicyAPI{AllowedConsumer: true})}
	return slices.Concat(
		kind.rows("an AppRegistration of the own namespace", "consent", own,
			"spec.client.appRegistrationRef.name"),
		kind.rows(grantable, "consent", own, "spec.api.appRegistrationRef.name", "spec.api.appRegistrationRef.namespace"),
		kind.rows("nothing else", "consent", own, "spec.api.wellKnown", "spec.api.appID"),
		kind.rows("every scope of such an API", "consent", own, "spec.scopes"),
		kind.rows("all users, or one", "consent", own, "spec.user.objectID"),
		kind.anything("spec.justification", "spec.notAfter", "spec.repair", "spec.suspend"),
	)
}
