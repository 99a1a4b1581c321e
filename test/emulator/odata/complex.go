package odata

// complexTypes restate the complex types that applications and service principals are made of, and the bodies of the
// actions on them.
var complexTypes = []Type{
	{Name: "addIn", Properties: map[string]string{"id": "Guid", "properties": "[]keyValue!", "type": "String!"}},
	{Name: "apiApplication", Properties: map[string]string{
		"acceptMappedClaims": "Boolean", "knownClientApplications": "[]Guid", "oauth2PermissionScopes": "[]permissionScope!",
		"preAuthorizedApplications": "[]preAuthorizedApplication", "requestedAccessTokenVersion": "Int32",
	}},
	{Name: "appRole", Properties: map[string]string{
		"allowedMemberTypes": "[]String!", "description": "String", "displayName": "String", "id": "Guid!",
		"isEnabled": "Boolean!", "origin": "String", "value": "String",
	}},
	{Name: "authenticationBehaviors", Properties: map[string]string{
		"blockAzureADGraphAccess": "Boolean", "removeUnverifiedEmailClaim": "Boolean", "requireClientServicePrincipal": "Boolean",
	}},
	{Name: "certification", Properties: map[string]string{
		"certificationDetailsUrl": "String", "certificationExpirationDateTime": "DateTimeOffset",
		"isCertifiedByMicrosoft": "Boolean", "isPublisherAttested": "Boolean", "lastCertificationDateTime": "DateTimeOffset",
	}},
	{Name: "implicitGrantSettings", Properties: map[string]string{
		"enableAccessTokenIssuance": "Boolean", "enableIdTokenIssuance": "Boolean",
	}},
	{Name: "informationalUrl", Properties: map[string]string{
		"logoUrl": "String", "marketingUrl": "String", "privacyStatementUrl": "String", "supportUrl": "String",
		"termsOfServiceUrl": "String",
	}, Computed: []string{"logoUrl"}},
	{Name: "keyCredential", Properties: map[string]string{
		"customKeyIdentifier": "Binary", "displayName": "String", "endDateTime": "DateTimeOffset", "key": "Binary",
		"keyId": "Guid", "startDateTime": "DateTimeOffset", "type": "String", "usage": "String",
	}},
	{Name: "keyValue", Properties: map[string]string{"key": "String", "value": "String"}},
	{Name: "optionalClaim", Properties: map[string]string{
		"additionalProperties": "[]String", "essential": "Boolean!", "name": "String!", "source": "String",
	}},
	{Name: "optionalClaims", Properties: map[string]string{
		"accessToken": "[]optionalClaim", "idToken": "[]optionalClaim", "saml2Token": "[]optionalClaim",
	}},
	{Name: "parentalControlSettings", Properties: map[string]string{
		"countriesBlockedForMinors": "[]String", "legalAgeGroupRule": "String",
	}},
	{Name: "passwordCredential", Properties: map[string]string{
		"customKeyIdentifier": "Binary", "displayName": "String", "endDateTime": "DateTimeOffset", "hint": "String",
		"keyId": "Guid", "secretText": "String", "startDateTime": "DateTimeOffset",
	}},
	{Name: "permissionScope", Properties: map[string]string{
		"adminConsentDescription": "String", "adminConsentDisplayName": "String", "id": "Guid!", "isEnabled": "Boolean!",
		"origin": "String", "type": "String", "userConsentDescription": "String", "userConsentDisplayName": "String",
		"value": "String",
	}},
	{Name: "preAuthorizedApplication", Properties: map[string]string{"appId": "String", "delegatedPermissionIds": "[]String!"}},
	{Name: "publicClientApplication", Properties: map[string]string{"redirectUris": "[]String!"}},
	{Name: "redirectUriSettings", Properties: map[string]string{"index": "Int32", "uri": "String"}},
	{Name: "requestSignatureVerification", Properties: map[string]string{
		"allowedWeakAlgorithms": "weakAlgorithms", "isSignedRequestRequired": "Boolean!",
	}},
	{Name: "requiredResourceAccess", Properties: map[string]string{
		"resourceAccess": "[]resourceAccess!", "resourceAppId": "String!",
	}},
	{Name: "resourceAccess", Properties: map[string]string{"id": "Guid!", "type": "String"}},
	{Name: "resourceSpecificPermission", Properties: map[string]string{
		"description": "String", "displayName": "String", "id": "Guid!", "isEnabled": "Boolean!", "value": "String",
	}},
	{Name: "samlSingleSignOnSettings", Properties: map[string]string{"relayState": "String"}},
	{Name: "servicePrincipalLockConfiguration", Properties: map[string]string{
		"allProperties": "Boolean", "credentialsWithUsageSign": "Boolean", "credentialsWithUsageVerify": "Boolean",
		"isEnabled": "Boolean!", "tokenEncryptionKeyId": "Boolean",
	}},
	{Name: "spaApplication", Properties: map[string]string{"redirectUris": "[]String!"}},
	{Name: "verifiedDomain", Properties: map[string]string{
		"capabilities": "String", "isDefault": "Boolean", "isInitial": "Boolean", "name": "String", "type": "String",
	}},
	{Name: "verifiedPublisher", Properties: map[string]string{
		"addedDateTime": "DateTimeOffset", "displayName": "String", "verifiedPublisherId": "String",
	}},
	{Name: "webApplication", Properties: map[string]string{
		"homePageUrl": "String", "implicitGrantSettings": "implicitGrantSettings", "logoutUrl": "String",
		"redirectUris": "[]String!", "redirectUriSettings": "[]redirectUriSettings!",
	}},
	{Name: "addPassword", Resource: "addPassword", Properties: map[string]string{"passwordCredential": "passwordCredential"}},
	{Name: "removePassword", Resource: "removePassword", Properties: map[string]string{"keyId": "Guid!"}},
}

// flagEnums are the enumerations whose values may be joined by commas.
var flagEnums = map[string][]string{
	"nativeAuthenticationApisEnabled": {"none", "all"},
	"weakAlgorithms":                  {"rsaSha1"},
}

// openTypes take any property.
var openTypes = map[string]bool{"customSecurityAttributeValue": true}
