package clientauth

import (
	"fmt"
	"net/http"
	"time"

	"github.com/entra-registrar/entra-registrar/test/emulator/sts/oauth"
)

// One function a code. Statuses and texts follow recorded answers where there are some (7000215, 700038, 70021x), else Microsoft's
// published error list.

func clientNotFound(id, directory string) *oauth.Error {
	return &oauth.Error{Status: http.StatusBadRequest, Name: oauth.UnauthorizedClient, AADSTS: 700016, Message: fmt.Sprintf(
		"Application with identifier '%s' was not found in the directory '%s'. This can happen if the application has not been "+
			"installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your "+
			"authentication request to the wrong tenant.", id, directory)}
}

func clientIDInvalid(id string) *oauth.Error {
	return &oauth.Error{Status: http.StatusBadRequest, Name: oauth.UnauthorizedClient, AADSTS: 700038, Message: id +
		" is not a valid application identifier."}
}

// ClientDisabled refuses an application that is disabled.
func ClientDisabled(id, name string) *oauth.Error {
	return &oauth.Error{Status: http.StatusUnauthorized, Name: oauth.UnauthorizedClient, AADSTS: 7000112, Message: fmt.Sprintf(
		"Application '%s'(%s) is disabled.", id, name)}
}

func principalMissing(id, tenant string) *oauth.Error {
	return &oauth.Error{Status: http.StatusUnauthorized, Name: oauth.InvalidClient, AADSTS: 7000229, Message: fmt.Sprintf(
		"The client application %s is missing service principal in the tenant %s. See instructions here: "+
			"https://go.microsoft.com/fwlink/?linkid=2225119", id, tenant)}
}

func credentialMissing() *oauth.Error {
	return &oauth.Error{Status: http.StatusUnauthorized, Name: oauth.InvalidClient, AADSTS: 7000218, Message: "The request body must " +
		"contain the following parameter: 'client_assertion' or 'client_secret'."}
}

func secretWrong(id string) *oauth.Error {
	return &oauth.Error{Status: http.StatusUnauthorized, Name: oauth.InvalidClient, AADSTS: 7000215, URI: true, Message: fmt.Sprintf(
		"Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client "+
			"secret ID, for a secret added to app '%s'.", id)}
}

func secretExpired(id string) *oauth.Error {
	return &oauth.Error{Status: http.StatusUnauthorized, Name: oauth.InvalidClient, AADSTS: 7000222, Message: fmt.Sprintf(
		"The provided client secret keys for app '%s' are expired. Visit the Azure portal to create new keys for your app: "+
			"https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: "+
			"https://aka.ms/certCreds.", id)}
}

func assertionMalformed(why string) *oauth.Error {
	return &oauth.Error{Status: http.StatusUnauthorized, Name: oauth.InvalidClient, AADSTS: 50027,
		Message: "JWT token is invalid or malformed. " + why}
}

func assertionUnverified(why string) *oauth.Error {
	return &oauth.Error{Status: http.StatusUnauthorized, Name: oauth.InvalidClient, AADSTS: 700027,
		Message: "Client assertion failed signature validation. " + why}
}

func assertionExpired(now, from, to time.Time) *oauth.Error {
	return &oauth.Error{Status: http.StatusUnauthorized, Name: oauth.InvalidClient, AADSTS: 700024, Message: fmt.Sprintf(
		"Client assertion is not within its valid time range. Current time: %s, assertion valid from %s, expiry time of assertion %s.",
		oauth.Timestamp(now), oauth.Timestamp(from), oauth.Timestamp(to))}
}

func assertionOfAnother() *oauth.Error {
	return &oauth.Error{Status: http.StatusUnauthorized, Name: oauth.InvalidClient, AADSTS: 700021,
		Message: "Client assertion application identifier doesn't match 'client_id' parameter."}
}

func assertionAudience() *oauth.Error {
	return &oauth.Error{Status: http.StatusUnauthorized, Name: oauth.InvalidClient, AADSTS: 700023,
		Message: "Client assertion audience claim does not match Realm issuer."}
}

// federationUnmatched is 700211, 700212 or 700213: no federated credential has the assertion's issuer, audience or subject.
func federationUnmatched(code int, what, value string) *oauth.Error {
	return &oauth.Error{Status: http.StatusUnauthorized, Name: oauth.InvalidClient, AADSTS: code, Message: fmt.Sprintf(
		"No matching federated identity record found for presented assertion %s '%s'. Please check your federated identity "+
			"credential Subject, Audience and Issuer against the presented assertion. "+
			"https://learn.microsoft.com/entra/workload-id/workload-identity-federation", what, value)}
}

func onlyAppTokens() *oauth.Error {
	return &oauth.Error{Status: http.StatusBadRequest, Name: oauth.InvalidRequest, AADSTS: 700229,
		Message: "Only app tokens can be used as Federated Identity Credentials for AAD issuer."}
}

func ownTokensUnwanted() *oauth.Error {
	return &oauth.Error{Status: http.StatusBadRequest, Name: oauth.InvalidRequest, AADSTS: 700222,
		Message: "AAD-issued tokens may not be used for federated identity flows."}
}

func issuerUnreachable() *oauth.Error {
	return &oauth.Error{Status: http.StatusBadRequest, Name: oauth.InvalidRequest, AADSTS: 501661,
		Message: "Request to External OIDC endpoint failed."}
}
