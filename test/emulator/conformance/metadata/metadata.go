// Package metadata restates Graph's v1.0 metadata (2026-08-20) as far as the suite writes it.
package metadata

import "strings"

// Property is one property of a type.
type Property struct {
	Name       string
	Kind       string // a primitive, an enumeration, or the name of a type
	Collection bool
	Nullable   bool
}

// schema is every structural property of the types that this suite writes. A line is a type and its properties, each
// name:kind; [] after the kind is a collection, ! is Nullable="false".
const schema = `
application addIns:addIn[]! api:apiApplication appId:string applicationTemplateId:string appRoles:appRole[]! authenticationBehaviors:authenticationBehaviors certification:certification createdByAppId:string createdDateTime:date defaultRedirectUri:string deletedDateTime:date description:string disabledByMicrosoftStatus:string displayName:string groupMembershipClaims:string id:string! identifierUris:string[]! info:informationalUrl isDeviceOnlyAuthSupported:bool isDisabled:bool isFallbackPublicClient:bool keyCredentials:keyCredential[]! managerApplications:guid[]! nativeAuthenticationApisEnabled:enum notes:string oauth2RequirePostResponse:bool! optionalClaims:optionalClaims parentalControlSettings:parentalControlSettings passwordCredentials:passwordCredential[]! publicClient:publicClientApplication publisherDomain:string requestSignatureVerification:requestSignatureVerification requiredResourceAccess:requiredResourceAccess[]! samlMetadataUrl:string serviceManagementReference:string servicePrincipalLockConfiguration:servicePrincipalLockConfiguration signInAudience:string spa:spaApplication tags:string[]! tokenEncryptionKeyId:guid uniqueName:string verifiedPublisher:verifiedPublisher web:webApplication
servicePrincipal accountEnabled:bool addIns:addIn[]! alternativeNames:string[]! appDescription:string appDisplayName:string appId:string applicationTemplateId:string appOwnerOrganizationId:guid appRoleAssignmentRequired:bool! appRoles:appRole[]! createdByAppId:string description:string disabledByMicrosoftStatus:string displayName:string homepage:string info:informationalUrl isDisabled:bool keyCredentials:keyCredential[]! loginUrl:string logoutUrl:string notes:string notificationEmailAddresses:string[]! oauth2PermissionScopes:permissionScope[]! passwordCredentials:passwordCredential[]! preferredSingleSignOnMode:string preferredTokenSigningKeyThumbprint:string replyUrls:string[]! resourceSpecificApplicationPermissions:resourceSpecificPermission[]! samlSingleSignOnSettings:samlSingleSignOnSettings servicePrincipalNames:string[]! servicePrincipalType:string signInAudience:string tags:string[]! tokenEncryptionKeyId:guid verifiedPublisher:verifiedPublisher
federatedIdentityCredential audiences:string[]! description:string issuer:string! name:string! subject:string
appRoleAssignment appRoleId:guid! principalId:guid resourceId:guid
addIn id:guid properties:keyValue[]! type:string!
apiApplication acceptMappedClaims:bool knownClientApplications:guid[] oauth2PermissionScopes:permissionScope[]! preAuthorizedApplications:preAuthorizedApplication[] requestedAccessTokenVersion:int
appRole allowedMemberTypes:string[]! description:string displayName:string id:guid! isEnabled:bool! origin:string value:string
authenticationBehaviors blockAzureADGraphAccess:bool removeUnverifiedEmailClaim:bool requireClientServicePrincipal:bool
certification certificationDetailsUrl:string certificationExpirationDateTime:date isCertifiedByMicrosoft:bool isPublisherAttested:bool lastCertificationDateTime:date
implicitGrantSettings enableAccessTokenIssuance:bool enableIdTokenIssuance:bool
informationalUrl logoUrl:string marketingUrl:string privacyStatementUrl:string supportUrl:string termsOfServiceUrl:string
keyCredential customKeyIdentifier:binary displayName:string endDateTime:date key:binary keyId:guid startDateTime:date type:string usage:string
keyValue key:string value:string
optionalClaim additionalProperties:string[] essential:bool! name:string! source:string
optionalClaims accessToken:optionalClaim[] idToken:optionalClaim[] saml2Token:optionalClaim[]
parentalControlSettings countriesBlockedForMinors:string[] legalAgeGroupRule:string
passwordCredential customKeyIdentifier:binary displayName:string endDateTime:date hint:string keyId:guid secretText:string startDateTime:date
permissionScope adminConsentDescription:string adminConsentDisplayName:string id:guid! isEnabled:bool! origin:string type:string userConsentDescription:string userConsentDisplayName:string value:string
preAuthorizedApplication appId:string delegatedPermissionIds:string[]!
publicClientApplication redirectUris:string[]!
redirectUriSettings index:int uri:string
requestSignatureVerification allowedWeakAlgorithms:enum isSignedRequestRequired:bool!
requiredResourceAccess resourceAccess:resourceAccess[]! resourceAppId:string!
resourceAccess id:guid! type:string
resourceSpecificPermission description:string displayName:string id:guid! isEnabled:bool! value:string
samlSingleSignOnSettings relayState:string
servicePrincipalLockConfiguration allProperties:bool credentialsWithUsageSign:bool credentialsWithUsageVerify:bool isEnabled:bool! tokenEncryptionKeyId:bool
spaApplication redirectUris:string[]!
verifiedPublisher addedDateTime:date displayName:string verifiedPublisherId:string
webApplication homePageUrl:string implicitGrantSettings:implicitGrantSettings logoutUrl:string redirectUris:string[]! redirectUriSettings:redirectUriSettings[]!
`

// Types are the properties of each type.
func Types() map[string][]Property {
	out := map[string][]Property{}
	for line := range strings.Lines(strings.TrimSpace(schema)) {
		words := strings.Fields(line)
		for _, word := range words[1:] {
			name, kind, _ := strings.Cut(word, ":")
			kind, required := strings.CutSuffix(kind, "!")
			kind, collection := strings.CutSuffix(kind, "[]")
			out[words[0]] = append(out[words[0]], Property{Name: name, Kind: kind, Collection: collection, Nullable: !required})
		}
	}
	return out
}

// IllTyped are values that no property of a primitive kind accepts.
var IllTyped = map[string][]any{
	"string": {7, true, map[string]any{}},
	"bool":   {"yes", 1, []any{}},
	"int":    {"two", 1.5, true},
	"guid":   {"no guid", 7},
	"date":   {"yesterday", 7},
	"binary": {"*** no base64 ***", 7},
	"enum":   {"noSuchMember", true},
}
