package scope

import (
	"fmt"
	"net/http"

	"github.com/entra-registrar/entra-registrar/test/emulator/sts/oauth"
)

func invalid(scope, why string) *oauth.Error {
	return &oauth.Error{Status: http.StatusBadRequest, Name: oauth.InvalidScope, AADSTS: 70011, Message: fmt.Sprintf(
		"The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not "+
			"valid. The scope %s is not valid. %s", scope, why)}
}

func notDefault(scope string) *oauth.Error {
	return &oauth.Error{Status: http.StatusBadRequest, Name: oauth.InvalidScope, AADSTS: 1002012, Message: fmt.Sprintf(
		"The provided value for scope %s is not valid. Client credential flows must have a scope value with /.default suffixed to "+
			"the resource identifier (application ID URI).", scope)}
}

func unknown(client, scope, resource string) *oauth.Error {
	return &oauth.Error{Status: http.StatusBadRequest, Name: oauth.InvalidClient, AADSTS: 650053, Message: fmt.Sprintf(
		"The application '%s' asked for scope '%s' that doesn't exist on the resource '%s'. Contact the app vendor.", client, scope, resource)}
}

func ofTwoResources(scope string) *oauth.Error {
	return &oauth.Error{Status: http.StatusBadRequest, Name: oauth.InvalidScope, AADSTS: 28000, Message: fmt.Sprintf("Provided value for "+
		"the input parameter scope is not valid because it contains more than one resource. Scope %s is not valid.", scope)}
}

// ResourceNotFound refuses a resource that has no service principal in the tenant.
func ResourceNotFound(name, tenant string) *oauth.Error {
	return &oauth.Error{Status: http.StatusBadRequest, Name: oauth.InvalidResource, AADSTS: 500011, URI: true, Message: fmt.Sprintf(
		"The resource principal named %s was not found in the tenant named %s. This can happen if the application has not been "+
			"installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your "+
			"authentication request to the wrong tenant.", name, tenant)}
}

func resourceDisabled(name string) *oauth.Error {
	return &oauth.Error{Status: http.StatusBadRequest, Name: oauth.InvalidResource, AADSTS: 500014, Message: fmt.Sprintf(
		"The service principal for resource '%s' is disabled.", name)}
}
