package policy

import "slices"

func appRegistrationRows() []Row {
	const kind of = "AppRegistration"
	redirects := []Rule{{Redirect: &RedirectRule{Hosts: append([]string{Any}, loopback...)}}}
	ownName := []Rule{{IdentifierURI: &IdentifierURIRule{URIs: []string{"api://" + appIDPlaceholder}}}}
	deletions := []Rule{
		{Delete: &DeleteRule{Policies: []string{"Delete", "Orphan"}}},
		{Delete: &DeleteRule{Policies: []string{"Orphan"}, Adopted: true}},
	}
	return slices.Concat(
		kind.free("spec.displayName", "spec.description", "spec.tenantRef.name"),
		kind.only("spec.signInAudience", "AzureADMyOrg"),
		kind.judged("api://{appID}", "identifierURI", ownName, "spec.identifierURIs"),
		kind.free("spec.api.scopes.value"),
		kind.only("spec.api.scopes.type", "Admin"),
		kind.free("spec.api.scopes.adminConsentDisplayName", "spec.api.scopes.adminConsentDescription",
			"spec.api.scopes.userConsentDisplayName", "spec.api.scopes.userConsentDescription",
			"spec.api.scopes.enabled", "spec.api.scopes.id"),
		kind.only("spec.api.requestedAccessTokenVersion", "2"),
		kind.free("spec.appRoles.value", "spec.appRoles.displayName", "spec.appRoles.description", "spec.appRoles.allowedMemberTypes",
			"spec.appRoles.enabled", "spec.appRoles.id"),
		kind.judged("https without wildcard, on hosts that are not under a shared suffix; http://localhost and http://127.0.0.1",
			"redirect", redirects, "spec.web.redirectURIs", "spec.spa.redirectURIs", "spec.publicClient.redirectURIs"),
		kind.free("spec.tags"),
		kind.only("spec.lock.enabled", "true"),
		kind.only("spec.lock.allProperties", "true"),
		kind.free("spec.lock.credentialsWithUsageSign", "spec.lock.credentialsWithUsageVerify", "spec.lock.tokenEncryptionKeyID",
			"spec.servicePrincipal.assignmentRequired",
			"spec.secret.enabled", "spec.secret.name", "spec.secret.formats", "spec.secret.labels", "spec.secret.annotations"),
		kind.only("spec.managementPolicy", "Full"),
		kind.judged("Delete and Orphan; of an adopted application only Orphan", "delete", deletions, "spec.deletionPolicy"),
		kind.free("spec.suspend"),
	)
}

func federatedCredentialRows() []Row {
	const kind of = "FederatedCredential"
	own := []Rule{{Federate: &FederateRule{ServiceAccounts: &ServiceAccountsRule{}}}}
	return slices.Concat(
		kind.free("spec.appRegistrationRef.name"),
		kind.judged("a ServiceAccount of the object's own namespace on this cluster's issuer, with the cloud's audience", "federate", own,
			"spec.serviceAccount.name", "spec.serviceAccount.namespace", "spec.oidc.issuer", "spec.oidc.subject", "spec.audience"),
		kind.free("spec.annotateServiceAccount", "spec.description", "spec.suspend"),
	)
}

func appRoleAssignmentRows() []Row {
	const kind of = "AppRoleAssignment"
	own := []Rule{{Assign: &AssignRule{
		Principals: []PrincipalMatch{{Kind: AppRegistration}}, API: APIMatch{OwnNamespace: true}, Roles: []string{Any},
	}}}
	return slices.Concat(
		kind.judged("roles of AppRegistrations of the object's own namespace, for AppRegistrations of it", "assign", own,
			"spec.principal.appRegistrationRef.name", "spec.api.appRegistrationRef.name", "spec.roles"),
		kind.free("spec.suspend"),
	)
}
