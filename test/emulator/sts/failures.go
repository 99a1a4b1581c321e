package sts

import (
	"fmt"
	"net/http"
	"time"
)

// The refusals, one function a code. Statuses and texts follow recorded answers where there are some (7000215, 500011, 700038,
// 70003, 70021x), else Microsoft's published error list.

func tenantNotFound(name string) *failure {
	return &failure{status: http.StatusBadRequest, oauth: invalidRequest, code: 90002, message: fmt.Sprintf(
		"Tenant '%s' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with "+
			"your subscription administrator, this may happen if there are no active subscriptions for the tenant.", name)}
}

func tenantNeeded() *failure {
	return &failure{status: http.StatusBadRequest, oauth: invalidRequest, code: 50059, message: "No tenant-identifying information " +
		"found in either the request or implied by any provided credentials."}
}

func parameterMissing(name string) *failure {
	return &failure{status: http.StatusBadRequest, oauth: invalidRequest, code: 900144, message: fmt.Sprintf(
		"The request body must contain the following parameter: '%s'.", name)}
}

func grantUnsupported(name string) *failure {
	return &failure{status: http.StatusBadRequest, oauth: unsupportedGrantType, code: 70003, message: fmt.Sprintf(
		"The app requested an unsupported grant type '%s'.", name)}
}

func scopeInvalid(scope, why string) *failure {
	return &failure{status: http.StatusBadRequest, oauth: invalidScope, code: 70011, message: fmt.Sprintf(
		"The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not "+
			"valid. The scope %s is not valid. %s", scope, why)}
}

func scopeNotDefault(scope string) *failure {
	return &failure{status: http.StatusBadRequest, oauth: invalidScope, code: 1002012, message: fmt.Sprintf(
		"The provided value for scope %s is not valid. Client credential flows must have a scope value with /.default suffixed to "+
			"the resource identifier (application ID URI).", scope)}
}

func clientNotFound(id, directory string) *failure {
	return &failure{status: http.StatusBadRequest, oauth: unauthorizedClient, code: 700016, message: fmt.Sprintf(
		"Application with identifier '%s' was not found in the directory '%s'. This can happen if the application has not been "+
			"installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your "+
			"authentication request to the wrong tenant.", id, directory)}
}

func clientIDInvalid(id string) *failure {
	return &failure{status: http.StatusBadRequest, oauth: unauthorizedClient, code: 700038, message: id +
		" is not a valid application identifier."}
}

func clientDisabled(id, name string) *failure {
	return &failure{status: http.StatusUnauthorized, oauth: unauthorizedClient, code: 7000112, message: fmt.Sprintf(
		"Application '%s'(%s) is disabled.", id, name)}
}

func principalMissing(id, tenant string) *failure {
	return &failure{status: http.StatusUnauthorized, oauth: invalidClient, code: 7000229, message: fmt.Sprintf(
		"The client application %s is missing service principal in the tenant %s. See instructions here: "+
			"https://go.microsoft.com/fwlink/?linkid=2225119", id, tenant)}
}

func credentialMissing() *failure {
	return &failure{status: http.StatusUnauthorized, oauth: invalidClient, code: 7000218, message: "The request body must contain " +
		"the following parameter: 'client_assertion' or 'client_secret'."}
}

func secretWrong(id string) *failure {
	return &failure{status: http.StatusUnauthorized, oauth: invalidClient, code: 7000215, uri: true, message: fmt.Sprintf(
		"Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client "+
			"secret ID, for a secret added to app '%s'.", id)}
}

func secretExpired(id string) *failure {
	return &failure{status: http.StatusUnauthorized, oauth: invalidClient, code: 7000222, message: fmt.Sprintf(
		"The provided client secret keys for app '%s' are expired. Visit the Azure portal to create new keys for your app: "+
			"https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: "+
			"https://aka.ms/certCreds.", id)}
}

func assertionMalformed(why string) *failure {
	return &failure{status: http.StatusUnauthorized, oauth: invalidClient, code: 50027,
		message: "JWT token is invalid or malformed. " + why}
}

func assertionUnverified(why string) *failure {
	return &failure{status: http.StatusUnauthorized, oauth: invalidClient, code: 700027,
		message: "Client assertion failed signature validation. " + why}
}

func assertionExpired(now, from, to time.Time) *failure {
	return &failure{status: http.StatusUnauthorized, oauth: invalidClient, code: 700024, message: fmt.Sprintf(
		"Client assertion is not within its valid time range. Current time: %s, assertion valid from %s, expiry time of assertion %s.",
		stamp(now), stamp(from), stamp(to))}
}

func assertionOfAnother() *failure {
	return &failure{status: http.StatusUnauthorized, oauth: invalidClient, code: 700021,
		message: "Client assertion application identifier doesn't match 'client_id' parameter."}
}

func assertionAudience() *failure {
	return &failure{status: http.StatusUnauthorized, oauth: invalidClient, code: 700023,
		message: "Client assertion audience claim does not match Realm issuer."}
}

// federationUnmatched is 700211, 700212 or 700213: no federated credential has the assertion's issuer, audience or subject.
func federationUnmatched(code int, what, value string) *failure {
	return &failure{status: http.StatusUnauthorized, oauth: invalidClient, code: code, message: fmt.Sprintf(
		"No matching federated identity record found for presented assertion %s '%s'. Please check your federated identity "+
			"credential Subject, Audience and Issuer against the presented assertion. "+
			"https://learn.microsoft.com/entra/workload-id/workload-identity-federation", what, value)}
}

func onlyAppTokens() *failure {
	return &failure{status: http.StatusBadRequest, oauth: invalidRequest, code: 700229,
		message: "Only app tokens can be used as Federated Identity Credentials for AAD issuer."}
}

func ownTokensUnwanted() *failure {
	return &failure{status: http.StatusBadRequest, oauth: invalidRequest, code: 700222,
		message: "AAD-issued tokens may not be used for federated identity flows."}
}

func issuerUnreachable() *failure {
	return &failure{status: http.StatusBadRequest, oauth: invalidRequest, code: 501661,
		message: "Request to External OIDC endpoint failed."}
}

func resourceNotFound(name, tenant string) *failure {
	return &failure{status: http.StatusBadRequest, oauth: invalidResource, code: 500011, uri: true, message: fmt.Sprintf(
		"The resource principal named %s was not found in the tenant named %s. This can happen if the application has not been "+
			"installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your "+
			"authentication request to the wrong tenant.", name, tenant)}
}

func resourceDisabled(name string) *failure {
	return &failure{status: http.StatusBadRequest, oauth: invalidResource, code: 500014, message: fmt.Sprintf(
		"The service principal for resource '%s' is disabled.", name)}
}

func notAssigned(clientID, clientName, resourceID, resourceName string) *failure {
	return &failure{status: http.StatusBadRequest, oauth: invalidGrant, code: 501051, message: fmt.Sprintf(
		"Application '%s'(%s) is not assigned to a role for the application '%s'(%s).",
		clientID, clientName, resourceID, resourceName)}
}
