package sts

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
)

// metadataHost is where Azure has the metadata service. A client that was told to ask here instead may still send this name.
const metadataHost = "169.254.169.254"

// identityLifetime is how long tokens of managed identities live. Azure also keeps them that long for whoever asks again; the
// emulator makes a new one each time, so that a role shows at once.
const identityLifetime = 24 * time.Hour

var errNoIdentity = errors.New("there is no such managed identity")

// IdentityToken is a token of a managed identity, by client ID or object ID, for a resource by one of its names.
func (s *Service) IdentityToken(id, resource string) (string, error) {
	identity, ok := s.directory.ManagedIdentity(id)
	if !ok {
		return "", errNoIdentity
	}
	response, refused := s.issueIdentity(s.baseURL, identity, resource)
	if refused != nil {
		return "", refused
	}
	return response.AccessToken, nil
}

func (s *Service) issueIdentity(base string, identity directory.Client, named string) (tokenResponse, *failure) {
	at := authority{base: base, tenant: s.directory.TenantID(), named: s.directory.TenantID()}
	if identity.Disabled {
		return tokenResponse{}, clientDisabled(identity.AppID, identity.DisplayName)
	}
	resource, refused := s.resource(at.host(), named)
	if refused != nil {
		return tokenResponse{}, refused
	}
	return s.issueAppOnly(appOnly{
		at: at, client: identity, method: byAssertion, resource: resource, named: named, lives: identityLifetime,
	})
}

// identityToken is Azure's metadata service for a machine that has every managed identity of the tenant: without a choice there
// must be only one. Its answers have numbers as text.
func (s *Service) identityToken(w http.ResponseWriter, r *http.Request) {
	resource := r.FormValue("resource")
	identity, fault := s.chooseIdentity(r)
	if fault == "" && resource == "" {
		fault = "Required query variable 'resource' is missing"
	}
	if fault != "" {
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": invalidRequest, "error_description": fault})
		return
	}
	base := "https://" + r.Host
	if r.Host == metadataHost {
		base = s.baseURL
	}
	response, refused := s.issueIdentity(base, identity, resource)
	if refused != nil {
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": refused.oauth, "error_description": refused.Error()})
		return
	}
	now := s.clock.Now()
	writeJSON(w, http.StatusOK, map[string]string{
		"access_token": response.AccessToken, "client_id": identity.AppID, "expires_in": strconv.Itoa(response.ExpiresIn),
		"expires_on":     strconv.FormatInt(now.Add(identityLifetime).Unix(), 10),
		"ext_expires_in": strconv.Itoa(response.ExtExpiresIn), "not_before": strconv.FormatInt(now.Add(-backdate).Unix(), 10),
		"resource": resource, "token_type": response.TokenType,
	})
}

// chooseIdentity says whose token a request wants, or what is wrong with it.
func (s *Service) chooseIdentity(r *http.Request) (identity directory.Client, fault string) {
	switch {
	case r.Header.Get("Metadata") != "true":
		return identity, "Required metadata header not specified"
	case r.Header.Get("X-Forwarded-For") != "":
		return identity, "Requests that were forwarded are refused"
	case r.FormValue("api-version") != "2018-02-01":
		return identity, "Bad request. api-version was not specified in the request or is not one that is served: 2018-02-01"
	}
	chosen := map[string]string{}
	for _, by := range []string{"client_id", "object_id", "msi_res_id"} {
		if id := r.FormValue(by); id != "" {
			chosen[by] = id
		}
	}
	return s.identityBy(chosen)
}

func (s *Service) identityBy(chosen map[string]string) (identity directory.Client, fault string) {
	all := s.directory.ManagedIdentities()
	switch {
	case len(chosen) > 1:
		return identity, "Only one of client_id, object_id and msi_res_id may be given"
	case len(chosen) == 0 && len(all) > 1:
		return identity, "Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in the token request"
	case len(chosen) == 0 && len(all) == 1:
		return all[0], ""
	}
	for _, one := range all {
		if chosen["client_id"] == one.AppID || chosen["object_id"] == one.ServicePrincipalID {
			return one, ""
		}
	}
	return identity, "Identity not found"
}
