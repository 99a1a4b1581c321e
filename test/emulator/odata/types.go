package odata

import "strings"

// Type is an entity or complex type of the metadata. A property's shape is written as in "String", "String!" (not
// nullable), "[]appRole!" (a collection) or "apiApplication" (a complex type); names of primitive types start upper-case.
type Type struct {
	Name       string
	Resource   string            // how error texts call an entity; empty for a complex type
	Properties map[string]string // name to shape
	Computed   []string          // properties that only Entra writes
	Navigation []string          // links to other entities
	Hidden     []string          // properties that only $select shows
}

// Shape is a property's parsed shape.
type Shape struct {
	Type       string
	Collection bool
	Required   bool // null is refused
}

// Shape finds a property.
func (t *Type) Shape(property string) (Shape, bool) {
	text, ok := t.Properties[property]
	if !ok {
		return Shape{}, false
	}
	text, collection := strings.CutPrefix(text, "[]")
	text, required := strings.CutSuffix(text, "!")
	return Shape{Type: text, Collection: collection, Required: required}, true
}

func (s Shape) primitive() bool { return s.Type[0] >= 'A' && s.Type[0] <= 'Z' }

// edm is the type as error texts name it.
func (s Shape) edm() string {
	name := "microsoft.graph." + s.Type
	if s.primitive() {
		name = "Edm." + s.Type
	}
	nullable := "True"
	if s.Required {
		nullable = "False"
	}
	if s.Collection {
		name = "Collection(" + name + ")"
	}
	return name + "[Nullable=" + nullable + "]"
}

// TypeByName finds a type of the metadata by name. An unknown name is a mistake in the emulator: nil.
func TypeByName(name string) *Type {
	for _, table := range [][]Type{entities, complexTypes} {
		for i := range table {
			if table[i].Name == name {
				return &table[i]
			}
		}
	}
	return nil
}

// entities restate the metadata of v1.0 as of August 2026, with the properties seen since (isDisabled, createdDateTime
// of service principals).
var entities = []Type{
	{
		Name: "application", Resource: "Application",
		Properties: map[string]string{ //nolint:gosec // names of types
			"id": "String!", "deletedDateTime": "DateTimeOffset",
			"addIns": "[]addIn!", "api": "apiApplication", "appId": "String", "applicationTemplateId": "String",
			"appRoles": "[]appRole!", "authenticationBehaviors": "authenticationBehaviors", "certification": "certification",
			"createdByAppId": "String", "createdDateTime": "DateTimeOffset", "defaultRedirectUri": "String",
			"description": "String", "disabledByMicrosoftStatus": "String", "displayName": "String",
			"groupMembershipClaims": "String", "identifierUris": "[]String!", "info": "informationalUrl",
			"isDeviceOnlyAuthSupported": "Boolean", "isDisabled": "Boolean", "isFallbackPublicClient": "Boolean",
			"keyCredentials": "[]keyCredential!", "managerApplications": "[]Guid!",
			"nativeAuthenticationApisEnabled": "nativeAuthenticationApisEnabled", "notes": "String",
			"oauth2RequirePostResponse": "Boolean!", "optionalClaims": "optionalClaims",
			"parentalControlSettings": "parentalControlSettings", "passwordCredentials": "[]passwordCredential!",
			"publicClient": "publicClientApplication", "publisherDomain": "String",
			"requestSignatureVerification": "requestSignatureVerification",
			"requiredResourceAccess":       "[]requiredResourceAccess!", "samlMetadataUrl": "String",
			"serviceManagementReference":        "String",
			"servicePrincipalLockConfiguration": "servicePrincipalLockConfiguration", "signInAudience": "String",
			"spa": "spaApplication", "tags": "[]String!", "tokenEncryptionKeyId": "Guid", "uniqueName": "String",
			"verifiedPublisher": "verifiedPublisher", "web": "webApplication",
		},
		Computed: []string{
			"id", "deletedDateTime", "appId", "applicationTemplateId", "certification", "createdByAppId", "createdDateTime",
			"disabledByMicrosoftStatus", "publisherDomain", "verifiedPublisher", "managerApplications",
		},
		Navigation: []string{
			"appManagementPolicies", "createdOnBehalfOf", "extensionProperties", "federatedIdentityCredentials",
			"homeRealmDiscoveryPolicies", "owners", "synchronization", "tokenIssuancePolicies", "tokenLifetimePolicies",
		},
		Hidden: []string{"authenticationBehaviors", "managerApplications", "oauth2RequirePostResponse"},
	},
	{
		Name: "servicePrincipal", Resource: "ServicePrincipal",
		Properties: map[string]string{ //nolint:gosec // names of types
			"id": "String!", "deletedDateTime": "DateTimeOffset", "createdDateTime": "DateTimeOffset",
			"accountEnabled": "Boolean", "addIns": "[]addIn!", "alternativeNames": "[]String!", "appDescription": "String",
			"appDisplayName": "String", "appId": "String", "applicationTemplateId": "String",
			"appOwnerOrganizationId": "Guid", "appRoleAssignmentRequired": "Boolean!", "appRoles": "[]appRole!",
			"createdByAppId": "String", "customSecurityAttributes": "customSecurityAttributeValue",
			"description": "String", "disabledByMicrosoftStatus": "String", "displayName": "String", "homepage": "String",
			"info": "informationalUrl", "isDisabled": "Boolean", "keyCredentials": "[]keyCredential!", "loginUrl": "String",
			"logoutUrl": "String", "notes": "String", "notificationEmailAddresses": "[]String!",
			"oauth2PermissionScopes": "[]permissionScope!", "passwordCredentials": "[]passwordCredential!",
			"preferredSingleSignOnMode": "String", "preferredTokenSigningKeyThumbprint": "String",
			"replyUrls":                              "[]String!",
			"resourceSpecificApplicationPermissions": "[]resourceSpecificPermission!",
			"samlSingleSignOnSettings":               "samlSingleSignOnSettings", "servicePrincipalNames": "[]String!",
			"servicePrincipalType": "String", "signInAudience": "String", "tags": "[]String!",
			"tokenEncryptionKeyId": "Guid", "verifiedPublisher": "verifiedPublisher",
		},
		Computed: []string{
			"id", "deletedDateTime", "createdDateTime", "applicationTemplateId", "appOwnerOrganizationId", "createdByAppId",
			"disabledByMicrosoftStatus", "verifiedPublisher", "resourceSpecificApplicationPermissions", "signInAudience",
			"servicePrincipalType",
		},
		Navigation: []string{
			"appManagementPolicies", "appRoleAssignedTo", "appRoleAssignments", "claimsMappingPolicies", "createdObjects",
			"delegatedPermissionClassifications", "endpoints", "federatedIdentityCredentials",
			"homeRealmDiscoveryPolicies", "memberOf", "oauth2PermissionGrants", "ownedObjects", "owners",
			"remoteDesktopSecurityConfiguration", "synchronization", "tokenIssuancePolicies", "tokenLifetimePolicies",
			"transitiveMemberOf",
		},
		Hidden: []string{"customSecurityAttributes"},
	},
	{
		Name: "federatedIdentityCredential", Resource: "FederatedIdentityCredential",
		Properties: map[string]string{
			"id": "String!", "audiences": "[]String!", "description": "String", "issuer": "String!", "name": "String!",
			"subject": "String",
		},
		Computed: []string{"id"},
	},
	{
		Name: "appRoleAssignment", Resource: "AppRoleAssignment",
		Properties: map[string]string{
			"id": "String!", "deletedDateTime": "DateTimeOffset", "appRoleId": "Guid!", "createdDateTime": "DateTimeOffset",
			"principalDisplayName": "String", "principalId": "Guid", "principalType": "String",
			"resourceDisplayName": "String", "resourceId": "Guid",
		},
		Computed: []string{"id", "deletedDateTime", "createdDateTime", "principalDisplayName", "principalType", "resourceDisplayName"},
	},
	{
		Name: "oAuth2PermissionGrant", Resource: "OAuth2PermissionGrant",
		Properties: map[string]string{
			"id": "String!", "clientId": "String!", "consentType": "String", "principalId": "String", "resourceId": "String!",
			"scope": "String",
		},
		Computed: []string{"id"},
	},
	{
		Name: "user", Resource: "User",
		Properties: map[string]string{
			"id": "String!", "deletedDateTime": "DateTimeOffset", "displayName": "String", "userPrincipalName": "String",
			"mail": "String",
		},
	},
	{
		Name: "group", Resource: "Group",
		Properties: map[string]string{"id": "String!", "deletedDateTime": "DateTimeOffset", "displayName": "String"},
	},
	{
		Name: "directoryObject", Resource: "DirectoryObject",
		Properties: map[string]string{"id": "String!", "deletedDateTime": "DateTimeOffset"},
	},
	{
		Name: "organization", Resource: "Organization",
		Properties: map[string]string{"id": "String!", "displayName": "String", "verifiedDomains": "[]verifiedDomain!"},
	},
}
