package authorizationcode

import (
	"fmt"
	"net/http"
	"time"

	"github.com/entra-registrar/entra-registrar/test/emulator/sts/oauth"
)

// Numbers are documented; statuses and most texts follow Microsoft's published error list.

func codeExpired() *oauth.Error {
	return oauth.BadGrant(70008, "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive "+
		"authorization request for this user and resource.")
}

func refreshExpired(spa bool, issued time.Time, lifetime time.Duration) *oauth.Error {
	if spa {
		return oauth.BadGrant(700084, fmt.Sprintf("The refresh token was issued to a single page app (SPA), and therefore has a fixed, "+
			"limited lifetime of %s, which cannot be extended. It is now expired. The token was issued on %s.", lifetime, oauth.Timestamp(issued)))
	}
	return oauth.BadGrant(700082, fmt.Sprintf("The refresh token has expired due to inactivity. The token was issued on %s and was inactive "+
		"for %s.", oauth.Timestamp(issued), lifetime))
}

func verifierWrong() *oauth.Error {
	return oauth.BadGrant(501481, "The Code_Verifier does not match the code_challenge supplied in the authorization request.")
}

func redirectChanged(now, before string) *oauth.Error {
	return &oauth.Error{Status: http.StatusBadRequest, Name: oauth.InvalidClient, AADSTS: 500112, Message: fmt.Sprintf(
		"The reply address '%s' does "+
			"not match the reply address '%s' provided when requesting Authorization code.", now, before)}
}

func redirectUnknown(uri, id string) *oauth.Error {
	return oauth.BadRequest(50011, fmt.Sprintf("The redirect URI '%s' specified in the request does not match the redirect URIs configured "+
		"for the application '%s'. Make sure the redirect URI sent in the request matches one added to your application.", uri, id))
}
