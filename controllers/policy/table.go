package policy

import "slices"

func appRegistrationRows() []Row {
	const kind = "AppRegistration"
	redirects := []Rule{{Redirect: &RedirectRule{Hosts: append([]string{Any}, loopback...)}}}
	ownName := []Rule{{IdentifierURI: &IdentifierURIRule{URIs: []string{"api://" + appIDPlaceholder}}}}
	deletions := []Rule{
		{Delete: &DeleteRule{Policies: []string{"Delete", "Orphan"}}},
		{Delete: &DeleteRule{Policies: []string{"Orphan"}, Adopted: true}},
	}
	return slices.Concat(
		free(kind, "spec.displayName", "spec.description", "spec.tenantRef.name"),
		only(kind, "spec.signInAudience", "AzureADMyOrg"),
		judged(kind, "api://{appID}", "identifierURI", ownName, "spec.identifierURIs"),
		free(kind, "spec.api.scopes.value"),
		only(kind, "spec.api.scopes.type", "Admin"),
		free(kind,
			"spec.api.scopes.adminConsentDisplayName", "spec.api.scopes.adminConsentDescription",
			"spec.api.scopes.userConsentDisplayName", "spec.api.scopes.userConsentDescription",
			"spec.api.scopes.enabled", "spec.api.scopes.id"),
		only(kind, "spec.api.requestedAccessTokenVersion", "2"),
		free(kind,
			"spec.appRoles.value", "spec.appRoles.displayName", "spec.appRoles.description", "spec.appRoles.allowedMemberTypes",
			"spec.appRoles.enabled", "spec.appRoles.id"),
		judged(kind, "https without wildcard, on hosts that are not under a shared suffix; http://localhost and http://127.0.0.1",
			"redirect", redirects, "spec.web.redirectURIs", "spec.spa.redirectURIs", "spec.publicClient.redirectURIs"),
		free(kind, "spec.tags"),
		only(kind, "spec.lock.enabled", "true"),
		only(kind, "spec.lock.allProperties", "true"),
		free(kind, "spec.lock.credentialsWithUsageSign", "spec.lock.credentialsWithUsageVerify", "spec.lock.tokenEncryptionKeyID",
			"spec.servicePrincipal.assignmentRequired",
			"spec.secret.enabled", "spec.secret.name", "spec.secret.formats", "spec.secret.labels", "spec.secret.annotations"),
		only(kind, "spec.managementPolicy", "Full"),
		judged(kind, "Delete and Orphan; of an adopted application only Orphan", "delete", deletions, "spec.deletionPolicy"),
		free(kind, "spec.suspend"),
	)
}

func federatedCredentialRows() []Row {
	const kind = "FederatedCredential"
	own := []Rule{{Federate: &FederateRule{ServiceAccounts: &ServiceAccountsRule{}}}}
	return slices.Concat(
		free(kind, "spec.appRegistrationRef.name"),
		judged(kind, "a ServiceAccount of the object's own namespace on this cluster's issuer, with the cloud's audience", "federate", own,
			"spec.serviceAccount.name", "spec.serviceAccount.namespace", "spec.oidc.issuer", "spec.oidc.subject", "spec.audience"),
		free(kind, "spec.annotateServiceAccount", "spec.description", "spec.suspend"),
	)
}

func appRoleAssignmentRows() []Row {
	const kind = "AppRoleAssignment"
	own := []Rule{{Assign: &AssignRule{
		Principals: []PrincipalMatch{{Kind: AppRegistration}}, API: APIMatch{OwnNamespace: true}, Roles: []string{Any},
	}}}
	return slices.Concat(
		judged(kind, "roles of AppRegistrations of the object's own namespace, for AppRegistrations of it", "assign", own,
			"spec.principal.appRegistrationRef.name", "spec.api.appRegistrationRef.name", "spec.roles"),
		free(kind, "spec.suspend"),
	)
}
