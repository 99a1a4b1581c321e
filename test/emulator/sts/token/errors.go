package token

import (
	"fmt"

	"github.com/entra-registrar/entra-registrar/test/emulator/sts/oauth"
)

func notAssigned(clientID, clientName, resourceID, resourceName string) *oauth.Error {
	return oauth.BadGrant(501051, fmt.Sprintf("Application '%s'(%s) is not assigned to a role for the application '%s'(%s).",
		clientID, clientName, resourceID, resourceName))
}

func userNotAssigned(id, name, user string) *oauth.Error {
	return oauth.BadGrant(50105, fmt.Sprintf("Your administrator has configured the application %s ('%s') to block users unless they are "+
		"specifically granted ('assigned') access to the application. The signed in user '%s' is blocked because they are not a direct "+
		"member of a group with access, nor had access directly assigned by an administrator. Please contact your administrator to "+
		"assign access to this application.", name, id, user))
}

// ConsentMissing refuses a client that the user has not consented to.
func ConsentMissing(id, name string) *oauth.Error {
	refused := oauth.BadGrant(65001, fmt.Sprintf("The user or administrator has not consented to use the application with ID '%s' named "+
		"'%s'. Send an interactive authorization request for this user and resource.", id, name))
	refused.SubError = oauth.ConsentRequired
	return refused
}
