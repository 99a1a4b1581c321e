// Package managedidentity gives managed identities their tokens, as Azure's instance metadata service does. A managed identity has no
// credential here: whoever can reach the service gets its tokens.
package managedidentity

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"k8s.io/utils/clock"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory/signin"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/clientauth"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/oauth"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/scope"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/token"
)

// metadataHost is where Azure has the metadata service. A client that was told to ask here instead may still send this name.
const metadataHost = "169.254.169.254"

// lifetime is how long tokens of managed identities live. Azure also keeps them that long for whoever asks again; the emulator makes a
// new one each time, so that a role shows at once.
const lifetime = 24 * time.Hour

var errNoIdentity = errors.New("there is no such managed identity")

// Service is the metadata service of a machine that has every managed identity of the tenant.
type Service struct {
	Directory signin.Directory
	Clock     clock.PassiveClock
	Scopes    scope.Resolver
	Tokens    *token.Issuer
	// BaseURL is where tokens say that they come from when the caller's host does not say it.
	BaseURL string
}

// Token is a token of a managed identity, by client ID or object ID, for a resource by one of its names.
func (s Service) Token(id, resource string) (string, error) {
	identity, ok := s.Directory.ManagedIdentity(id)
	if !ok {
		return "", errNoIdentity
	}
	response, refused := s.issue(s.BaseURL, identity, resource)
	if refused != nil {
		return "", refused
	}
	return response.AccessToken, nil
}

func (s Service) issue(base string, identity signin.Client, resourceName string) (oauth.TokenResponse, *oauth.Error) {
	at := oauth.Authority{Base: base, TenantID: s.Directory.TenantID(), Named: s.Directory.TenantID()}
	if identity.Disabled {
		return oauth.TokenResponse{}, clientauth.ClientDisabled(identity.AppID, identity.DisplayName)
	}
	resource, refused := s.Scopes.Resource(at.Host(), resourceName)
	if refused != nil {
		return oauth.TokenResponse{}, refused
	}
	return s.Tokens.AppOnly(token.AppOnly{
		Authority: at, Client: identity, Method: token.ByAssertion, Resource: resource, ResourceName: resourceName, Lifetime: lifetime,
	})
}

// ServeHTTP answers a request for a token. One that does not name an identity is answered where there is only one. Numbers in the answer
// are texts.
func (s Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	resource := r.FormValue("resource")
	identity, problem := s.identityOf(r)
	if problem == "" && resource == "" {
		problem = "Required query variable 'resource' is missing"
	}
	if problem != "" {
		oauth.WriteJSON(w, http.StatusBadRequest, map[string]string{"error": oauth.InvalidRequest, "error_description": problem})
		return
	}
	base := "https://" + r.Host
	if r.Host == metadataHost {
		base = s.BaseURL
	}
	response, refused := s.issue(base, identity, resource)
	if refused != nil {
		oauth.WriteJSON(w, http.StatusBadRequest, map[string]string{"error": refused.Name, "error_description": refused.Error()})
		return
	}
	now := s.Clock.Now()
	oauth.WriteJSON(w, http.StatusOK, map[string]string{
		"access_token": response.AccessToken, "client_id": identity.AppID, "expires_in": strconv.Itoa(response.ExpiresIn),
		"expires_on":     strconv.FormatInt(now.Add(lifetime).Unix(), 10),
		"ext_expires_in": strconv.Itoa(response.ExtExpiresIn), "not_before": strconv.FormatInt(now.Add(-token.Backdate).Unix(), 10),
		"resource": resource, "token_type": response.TokenType,
	})
}

// identityOf finds the identity whose token a request is for, or what is wrong with the request.
func (s Service) identityOf(r *http.Request) (identity signin.Client, problem string) {
	switch {
	case r.Header.Get("Metadata") != "true":
		return identity, "Required metadata header not specified"
	case r.Header.Get("X-Forwarded-For") != "":
		return identity, "Requests that were forwarded are refused"
	case r.FormValue("api-version") != "2018-02-01":
		return identity, "Bad request. api-version was not specified in the request or is not one that is served: 2018-02-01"
	}
	keys := map[string]string{}
	for _, name := range []string{"client_id", "object_id", "msi_res_id"} {
		if id := r.FormValue(name); id != "" {
			keys[name] = id
		}
	}
	return s.identityByKey(keys)
}

func (s Service) identityByKey(keys map[string]string) (identity signin.Client, problem string) {
	all := s.Directory.ManagedIdentities()
	switch {
	case len(keys) > 1:
		return identity, "Only one of client_id, object_id and msi_res_id may be given"
	case len(keys) == 0 && len(all) > 1:
		return identity, "Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in the token request"
	case len(keys) == 0 && len(all) == 1:
		return all[0], ""
	}
	for _, one := range all {
		if keys["client_id"] == one.AppID || keys["object_id"] == one.ServicePrincipalID {
			return one, ""
		}
	}
	return identity, "Identity not found"
}
