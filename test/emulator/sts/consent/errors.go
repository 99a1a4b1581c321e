package consent

import (
	"fmt"
	"net/http"

	"github.com/entra-registrar/entra-registrar/test/emulator/sts/oauth"
)

// AdminRequired refuses a user, because some scope is for administrators to consent to.
func AdminRequired(client string) *oauth.Error {
	return &oauth.Error{Status: http.StatusForbidden, Name: oauth.ConsentRequired, AADSTS: 90094, Message: client +
		" needs permission to access resources in your organization that only an admin can grant. Please ask an admin to grant " +
		"permission to this app before you can use it."}
}

func resourceNotRegistered(clientID, resourceID string) *oauth.Error {
	return &oauth.Error{Status: http.StatusBadRequest, Name: oauth.InvalidResource, AADSTS: 650057, Message: fmt.Sprintf("Invalid resource. "+
		"The client has requested access to a resource which is not listed in the requested permissions in the client's application "+
		"registration. Client app ID: %s. Resource app ID: %s.", clientID, resourceID)}
}
