package sts

import (
	"fmt"
	"net/http"
	"time"
)

// The refusals of users' flows. Numbers are documented; statuses and most texts follow Microsoft's published error list.

// The error values that only users' flows use.
const (
	authorizationPending = "authorization_pending"
	expiredToken         = "expired_token"
	accessDenied         = "access_denied"
	interactionRequired  = "interaction_required"
	consentRequired      = "consent_required"
	loginRequired        = "login_required"
)

func badGrant(code int, message string) *failure {
	return &failure{status: http.StatusBadRequest, oauth: invalidGrant, code: code, message: message}
}

func badRequest(code int, message string) *failure {
	return &failure{status: http.StatusBadRequest, oauth: invalidRequest, code: code, message: message}
}

func consentMissing(id, name string) *failure {
	f := badGrant(65001, fmt.Sprintf("The user or administrator has not consented to use the application with ID '%s' named '%s'. "+
		"Send an interactive authorization request for this user and resource.", id, name))
	f.sub = consentRequired
	return f
}

func userNotAssigned(id, name, user string) *failure {
	return badGrant(50105, fmt.Sprintf("Your administrator has configured the application %s ('%s') to block users unless they are "+
		"specifically granted ('assigned') access to the application. The signed in user '%s' is blocked because they are not a direct "+
		"member of a group with access, nor had access directly assigned by an administrator. Please contact your administrator to "+
		"assign access to this application.", name, id, user))
}

func scopeUnknown(client, scope, resource string) *failure {
	return &failure{status: http.StatusBadRequest, oauth: invalidClient, code: 650053, message: fmt.Sprintf(
		"The application '%s' asked for scope '%s' that doesn't exist on the resource '%s'. Contact the app vendor.", client, scope, resource)}
}

func resourceNotRegistered(clientID, resourceID string) *failure {
	return &failure{status: http.StatusBadRequest, oauth: invalidResource, code: 650057, message: fmt.Sprintf("Invalid resource. The client "+
		"has requested access to a resource which is not listed in the requested permissions in the client's application registration. "+
		"Client app ID: %s. Resource app ID: %s.", clientID, resourceID)}
}

func scopeOfTwoResources(scope string) *failure {
	return &failure{status: http.StatusBadRequest, oauth: invalidScope, code: 28000, message: fmt.Sprintf("Provided value for the input "+
		"parameter scope is not valid because it contains more than one resource. Scope %s is not valid.", scope)}
}

func credentialUnwanted() *failure {
	return &failure{status: http.StatusUnauthorized, oauth: invalidClient, code: 700025,
		message: "Client is public so neither 'client_assertion' nor 'client_secret' should be presented."}
}

func grantInvalid(name string) *failure {
	return badGrant(70000, "The provided value for the '"+name+"' parameter is not valid.")
}

func codeRedeemed() *failure {
	return badGrant(54005, "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing "+
		"refresh token.")
}

func codeExpired() *failure {
	return badGrant(70008, "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive "+
		"authorization request for this user and resource.")
}

func refreshExpired(spa bool, issued time.Time, lives time.Duration) *failure {
	if spa {
		return badGrant(700084, fmt.Sprintf("The refresh token was issued to a single page app (SPA), and therefore has a fixed, "+
			"limited lifetime of %s, which cannot be extended. It is now expired. The token was issued on %s.", lives, stamp(issued)))
	}
	return badGrant(700082, fmt.Sprintf("The refresh token has expired due to inactivity. The token was issued on %s and was inactive "+
		"for %s.", stamp(issued), lives))
}

func verifierWrong() *failure {
	return badGrant(501481, "The Code_Verifier does not match the code_challenge supplied in the authorization request.")
}

func replyAddressChanged(now, before string) *failure {
	return &failure{status: http.StatusBadRequest, oauth: invalidClient, code: 500112, message: fmt.Sprintf("The reply address '%s' does "+
		"not match the reply address '%s' provided when requesting Authorization code.", now, before)}
}

func redirectUnknown(uri, id string) *failure {
	return badRequest(50011, fmt.Sprintf("The redirect URI '%s' specified in the request does not match the redirect URIs configured "+
		"for the application '%s'. Make sure the redirect URI sent in the request matches one added to your application.", uri, id))
}
