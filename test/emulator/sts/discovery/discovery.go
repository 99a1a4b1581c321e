// Package discovery serves the discovery documents and the keys of the token service.
package discovery

import (
	"net/http"
	"strings"

	"github.com/entra-registrar/entra-registrar/test/emulator/sts/oauth"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/token"
)

const cloudInstance = "microsoftonline.com"

// Service answers under the host that the caller used.
type Service struct{ Tokens *token.Issuer }

// configuration is the OpenID provider document. Only what the emulator serves or what clients read is in it.
type configuration struct {
	TokenEndpoint               string   `json:"token_endpoint"`
	TokenAuthMethods            []string `json:"token_endpoint_auth_methods_supported"`
	JWKSURI                     string   `json:"jwks_uri"`
	ResponseModes               []string `json:"response_modes_supported"`
	SubjectTypes                []string `json:"subject_types_supported"`
	SigningAlgorithms           []string `json:"id_token_signing_alg_values_supported"`
	ResponseTypes               []string `json:"response_types_supported"`
	Scopes                      []string `json:"scopes_supported"`
	Issuer                      string   `json:"issuer"`
	RequestURIParameter         bool     `json:"request_uri_parameter_supported"`
	UserInfoEndpoint            string   `json:"userinfo_endpoint"`
	AuthorizationEndpoint       string   `json:"authorization_endpoint"`
	DeviceAuthorizationEndpoint string   `json:"device_authorization_endpoint"`
	HTTPLogout                  bool     `json:"http_logout_supported"`
	FrontchannelLogout          bool     `json:"frontchannel_logout_supported"`
	EndSessionEndpoint          string   `json:"end_session_endpoint"`
	Claims                      []string `json:"claims_supported"`
	KerberosEndpoint            string   `json:"kerberos_endpoint"`
	TenantRegionScope           *string  `json:"tenant_region_scope"`
	MTLSAliases                 aliases  `json:"mtls_endpoint_aliases"`
	CertificateBoundTokens      bool     `json:"tls_client_certificate_bound_access_tokens"`
	CloudInstanceName           string   `json:"cloud_instance_name"`
	CloudGraphHostName          string   `json:"cloud_graph_host_name"`
	MSGraphHost                 string   `json:"msgraph_host"`
	RBACURL                     string   `json:"rbac_url"`
}

// aliases are the endpoints for clients that sign in with a TLS certificate: listed, as Entra does, but not served separately.
type aliases struct {
	TokenEndpoint string `json:"token_endpoint"`
}

// V2 answers with the endpoints under the caller's host and the v2 issuer.
func (s Service) V2(w http.ResponseWriter, _ *http.Request, at oauth.Authority) {
	document := newDocument(at)
	document.Issuer = at.IssuerV2()
	document.AuthorizationEndpoint = at.Path("/oauth2/v2.0/authorize")
	document.DeviceAuthorizationEndpoint = at.Path("/oauth2/v2.0/devicecode")
	document.EndSessionEndpoint = at.Path("/oauth2/v2.0/logout")
	document.JWKSURI = at.Path("/discovery/v2.0/keys")
	document.UserInfoEndpoint = at.Base + "/oidc/userinfo"
	oauth.WriteJSON(w, http.StatusOK, document)
}

// V1 is where an API that accepts v1 tokens finds the keys. Its token endpoint is v2's: the emulator has no v1 endpoint.
func (s Service) V1(w http.ResponseWriter, _ *http.Request, at oauth.Authority) {
	document := newDocument(at)
	document.Issuer = at.IssuerV1()
	document.AuthorizationEndpoint = at.Path("/oauth2/authorize")
	document.DeviceAuthorizationEndpoint = at.Path("/oauth2/devicecode")
	document.EndSessionEndpoint = at.Path("/oauth2/logout")
	document.JWKSURI = at.Path("/discovery/keys")
	document.UserInfoEndpoint = at.Path("/openid/userinfo")
	oauth.WriteJSON(w, http.StatusOK, document)
}

// newDocument has what both versions share.
func newDocument(at oauth.Authority) configuration {
	host := at.Host()
	region := "EU"
	document := configuration{
		TokenEndpoint:      at.Path("/oauth2/v2.0/token"),
		TokenAuthMethods:   []string{"client_secret_post", "private_key_jwt", "client_secret_basic", "self_signed_tls_client_auth"},
		ResponseModes:      []string{"query", "fragment", "form_post"},
		SubjectTypes:       []string{"pairwise"},
		SigningAlgorithms:  []string{"RS256"},
		ResponseTypes:      []string{"code", "id_token", "code id_token", "id_token token"},
		Scopes:             []string{"openid", "profile", "email", "offline_access"},
		HTTPLogout:         true,
		FrontchannelLogout: true,
		Claims: []string{
			"sub", "iss", "cloud_instance_name", "cloud_instance_host_name", "cloud_graph_host_name", "msgraph_host", "aud", "exp",
			"iat", "auth_time", "acr", "nonce", "preferred_username", "name", "tid", "ver", "at_hash", "c_hash", "email",
		},
		KerberosEndpoint:   at.Path("/kerberos"),
		MTLSAliases:        aliases{TokenEndpoint: at.Path("/oauth2/v2.0/token")},
		CloudInstanceName:  cloudInstance,
		CloudGraphHostName: host,
		MSGraphHost:        host,
		RBACURL:            at.Base + "/rbac",

		CertificateBoundTokens: true,
	}
	if at.TenantID != "" { // common belongs to no region
		document.TenantRegionScope = &region
	}
	return document
}

// Instance tells a client library that this host is an authority of its own cloud, and where its discovery is.
func (s Service) Instance(w http.ResponseWriter, r *http.Request) {
	host := r.Host
	asked := strings.Split(strings.TrimPrefix(r.URL.Query().Get("authorization_endpoint"), "https://"), "/")
	tenant := "common"
	if len(asked) > 1 && asked[1] != "" {
		tenant = asked[1]
	}
	oauth.WriteJSON(w, http.StatusOK, map[string]any{
		"tenant_discovery_endpoint": "https://" + host + "/" + tenant + "/v2.0/.well-known/openid-configuration",
		"api-version":               "1.1",
		"metadata": []map[string]any{
			{"preferred_network": host, "preferred_cache": host, "aliases": []string{host}},
		},
	})
}

// KeysV2 answers with the keys as v2 discovery names them.
func (s Service) KeysV2(w http.ResponseWriter, _ *http.Request, at oauth.Authority) {
	key := s.Tokens.PublicKey()
	key.Issuer, key.CloudInstanceName = at.IssuerV2(), cloudInstance
	oauth.WriteJSON(w, http.StatusOK, map[string]any{"keys": []token.JSONWebKey{key}})
}

// KeysV1 answers with the keys as v1 discovery names them.
func (s Service) KeysV1(w http.ResponseWriter, _ *http.Request, _ oauth.Authority) {
	oauth.WriteJSON(w, http.StatusOK, map[string]any{"keys": []token.JSONWebKey{s.Tokens.PublicKey()}})
}
