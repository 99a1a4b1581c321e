package conformance

import (
	"fmt"
	"net/http"
	"testing"
)

func TestApplication_TextRules(t *testing.T) {
	t.Parallel()
	checkRules(t, object{}, []rule{
		accepts("a display name of 120 characters", object{"displayName": examined.prefix() + textOf(120-len(examined.prefix()))}),
		refusesAs("a display name of 121 characters", object{"displayName": examined.prefix() + textOf(121-len(examined.prefix()))}, about("displayName")),
		refusesAs("an empty display name", object{"displayName": ""}, about("displayName")),
		refusesAs("a null display name", object{"displayName": nil}, about("displayName")),
		accepts("a description of 1024 characters", object{"description": textOf(1024)}),
		refusesAs("a description of 1025 characters", object{"description": textOf(1025)}, about("description")),
		accepts("notes of 1024 characters", object{"notes": textOf(1024)}),
		refusesAs("notes of 1025 characters", object{"notes": textOf(1025)}, about("notes")),
	})
}

func TestDisplayName_IsRequired(t *testing.T) {
	t.Parallel()
	examined.first.refused(t, about("displayName"), http.MethodPost, applications, object{"signInAudience": singleTenant})
}

func TestDisplayName_IsNotUnique(t *testing.T) {
	t.Parallel()
	made := examined.first.newApplication(t, nil)
	examined.first.newApplication(t, object{"displayName": made.text("displayName")})
}

func TestTag_Rules(t *testing.T) {
	t.Parallel()
	checkRules(t, object{}, []rule{
		accepts("a tag of 256 characters", object{"tags": list{textOf(256)}}),
		refusesAs("a tag of 257 characters", object{"tags": list{textOf(257)}}, about("tags")),
		refusesAs("an empty tag", object{"tags": list{""}}, about("tags")),
		refusesAs("a tag with a blank", object{"tags": list{"two words"}}, about("tags")),
		refusesAs("a tag with a tab", object{"tags": list{"two\twords"}}, about("tags")),
		refusesAs("the same tag twice", object{"tags": list{"twice", "twice"}}, about("tags")),
		accepts("an empty list", object{"tags": list{}}),
	})
}

func TestApplication_ClosedSetsOfValues(t *testing.T) {
	t.Parallel()
	refusesClaims := func(name string, value any) rule {
		return refuses(name, object{"groupMembershipClaims": value})
	}
	rules := []rule{
		refusesAs("an unknown audience", object{"signInAudience": "AzureADMyFriends"}, about("signInAudience")),
		refusesClaims("unknown group claims", "Everything"),
		refusesClaims("group claims with one unknown member", "SecurityGroup, Everything"),
		accepts("a combination of group claims", object{"groupMembershipClaims": "SecurityGroup, ApplicationGroup"}),
		refuses("an unknown age rule", object{"parentalControlSettings": object{"legalAgeGroupRule": "Whatever"}}),
		refuses("unknown native authentication", object{"nativeAuthenticationApisEnabled": "some"}),
		refuses("an unknown weak algorithm", object{"requestSignatureVerification": object{"isSignedRequestRequired": true, "allowedWeakAlgorithms": "md5"}}),
		accepts("the known weak algorithm", object{"requestSignatureVerification": object{"isSignedRequestRequired": true, "allowedWeakAlgorithms": "rsaSha1"}}),
	}
	for _, value := range []string{"None", "SecurityGroup", "ApplicationGroup", "DirectoryRole", "All"} {
		rules = append(rules, accepts("group claims "+value, object{"groupMembershipClaims": value}))
	}
	for _, value := range []string{"none", "all"} {
		rules = append(rules, accepts("native authentication "+value, object{"nativeAuthenticationApisEnabled": value}))
	}
	for _, value := range []string{"Allow", "RequireConsentForPrivacyServices", "RequireConsentForMinors", "RequireConsentForKids", "BlockMinors"} {
		rules = append(rules, accepts("the age rule "+value, object{"parentalControlSettings": object{"legalAgeGroupRule": value}}))
	}
	checkRules(t, object{}, rules)
}

func TestOptionalClaims_Rules(t *testing.T) {
	t.Parallel()
	claims := func(more object) object {
		claim := changed(object{"name": "email", "essential": false}, more)
		return object{"optionalClaims": object{"idToken": list{claim}, "accessToken": list{}, "saml2Token": list{}}}
	}
	checkRules(t, object{}, []rule{
		accepts("a claim without source", claims(nil)),
		accepts("a claim of the user", claims(object{"name": "extension_x", "source": "user"})),
		refuses("a claim of another source", claims(object{"source": "moon"})),
		refuses("a claim without name", object{"optionalClaims": object{"idToken": list{object{"essential": true}}}}),
	})
}

func TestApplication_AddressRules(t *testing.T) {
	t.Parallel()
	logout := func(value string) object { return object{"web": object{"logoutUrl": value}} }
	rules := []rule{
		accepts("a logout URL on https", logout("https://orders.example.com/bye")),
		accepts("a logout URL on localhost", logout("https://localhost/bye")),
		refusesAs("a logout URL on http", logout("http://orders.example.com/bye"), about("logoutUrl")),
		accepts("a logout URL of 255 characters", logout("https://orders.example.com/"+textOf(255-27))),
		refusesAs("a logout URL of 256 characters", logout("https://orders.example.com/"+textOf(256-27)), about("logoutUrl")),
	}
	for _, property := range []string{"marketingUrl", "privacyStatementUrl", "supportUrl", "termsOfServiceUrl"} {
		info := func(value string) object { return object{"info": object{property: value}} }
		rules = append(rules,
			accepts(property+" on https", info("https://orders.example.com/x")),
			accepts(property+" on http", info("http://orders.example.com/x")),
			refuses(property+" on ftp", info("ftp://orders.example.com/x")),
			refuses(property+" that is no URL", info("orders")),
		)
	}
	checkRules(t, object{}, rules)
}

func TestApplication_TokenSettingRules(t *testing.T) {
	t.Parallel()
	version := func(value any) object { return object{"api": object{"requestedAccessTokenVersion": value}} }
	checkRules(t, object{}, []rule{
		accepts("token version 1", version(1)),
		accepts("token version 2", version(2)),
		accepts("token version null", version(nil)),
		refuses("token version 0", version(0)),
		refuses("token version 3", version(3)),
		refuses("an encryption key that is not there", object{"tokenEncryptionKeyId": guid()}),
		accepts("no encryption key", object{"tokenEncryptionKeyId": nil}),
		accepts("known clients", object{"api": object{"knownClientApplications": list{guid()}}}),
	})
}

func TestRequiredResourceAccess_Rules(t *testing.T) {
	t.Parallel()
	access := func(kind string) any { return object{"id": guid(), "type": kind} }
	resource := func(n int) any {
		return object{"resourceAppId": graphAppID, "resourceAccess": repeated(n, func(int) any { return access("Role") })}
	}
	resources := func(n int) object {
		return object{"requiredResourceAccess": repeated(n, func(int) any {
			return object{"resourceAppId": guid(), "resourceAccess": list{access("Scope")}}
		})}
	}
	checkRules(t, object{}, []rule{
		accepts("a role and a scope", object{"requiredResourceAccess": list{object{"resourceAppId": graphAppID, "resourceAccess": list{access("Role"), access("Scope")}}}}),
		refuses("an access that is neither", object{"requiredResourceAccess": list{object{"resourceAppId": graphAppID, "resourceAccess": list{access("Wish")}}}}),
		refuses("51 resources", resources(51)),
		accepts("10 resources of other tenants", resources(10)),
		refuses("11 resources of other tenants", resources(11)),
		accepts("30 permissions of one resource", object{"requiredResourceAccess": list{resource(30)}}),
		refuses("401 permissions", object{"requiredResourceAccess": list{resource(401)}}),
	})
}

func TestApplication_SizeIsBounded(t *testing.T) {
	t.Parallel()
	tags := func(n int) object {
		return object{"tags": repeated(n, func(i int) any { return fmt.Sprintf("tag-%d", i) })}
	}
	tooLarge := refusal{codes: []string{"Directory_ResourceSizeExceeded"}, message: "has exceeded its limit. Please reduce the number of values and retry your request"}
	checkRules(t, object{}, []rule{
		accepts("900 entries", tags(900)),
		refusesAs("1201 entries", tags(1201), tooLarge),
		refusesAs("1201 entries over several collections", changed(tags(1100), object{
			"requiredResourceAccess": list{object{"resourceAppId": graphAppID, "resourceAccess": repeated(101, func(int) any { return object{"id": guid(), "type": "Role"} })}},
		}), tooLarge),
	})
}
