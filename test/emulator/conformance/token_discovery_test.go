package conformance

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"math/big"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// fetch reads a public document of the token service.
func (s *tenant) fetch(t testing.TB, address string) reply {
	t.Helper()
	made, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.exchange(made, strings.TrimPrefix(address, s.authority))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func (s *tenant) discovery(t testing.TB, tenantID string) reply {
	t.Helper()
	got := s.fetch(t, s.authority+"/"+tenantID+"/v2.0/.well-known/openid-configuration")
	if got.status != http.StatusOK {
		t.Fatalf("no discovery document: %s", got)
	}
	return got
}

func TestDiscovery_Document(t *testing.T) {
	t.Parallel()
	got := examined.discovery(t, examined.tenantID)
	base := examined.authority + "/" + examined.tenantID
	want := object{
		"issuer":                                base + "/v2.0",
		"token_endpoint":                        base + "/oauth2/v2.0/token",
		"authorization_endpoint":                base + "/oauth2/v2.0/authorize",
		"jwks_uri":                              base + "/discovery/v2.0/keys",
		"response_types_supported":              list{"code", "id_token", "code id_token", "id_token token"},
		"response_modes_supported":              list{"query", "fragment", "form_post"},
		"subject_types_supported":               list{"pairwise"},
		"scopes_supported":                      list{"openid", "profile", "email", "offline_access"},
		"id_token_signing_alg_values_supported": list{"RS256"},
		"token_endpoint_auth_methods_supported": list{"client_secret_post", "private_key_jwt", "client_secret_basic", "self_signed_tls_client_auth"},
		"claims_supported": list{
			"sub", "iss", "cloud_instance_name", "cloud_instance_host_name", "cloud_graph_host_name", "msgraph_host", "aud", "exp", "iat",
			"auth_time", "acr", "nonce", "preferred_username", "name", "tid", "ver", "at_hash", "c_hash", "email",
		},
		"request_uri_parameter_supported": false, "http_logout_supported": true, "frontchannel_logout_supported": true,
		"tls_client_certificate_bound_access_tokens": true,
	}
	for name, value := range want {
		if !includes(got.body[name], asJSON(value)) {
			t.Errorf("%s: want %v, got %v", name, value, got.body[name])
		}
	}
	for name := range strings.FieldsSeq(`device_authorization_endpoint end_session_endpoint userinfo_endpoint tenant_region_scope cloud_instance_name
		cloud_graph_host_name msgraph_host rbac_url kerberos_endpoint mtls_endpoint_aliases`) {
		if _, present := got.body[name]; !present {
			t.Errorf("%s is missing", name)
		}
	}
}

func TestDiscovery_OfEveryTenantHasTemplatedIssuer(t *testing.T) {
	t.Parallel()
	for _, tenant := range []string{"common", "organizations"} {
		if got := examined.discovery(t, tenant).text("issuer"); !strings.HasPrefix(got, "https://") || !strings.HasSuffix(got, "/{tenantid}/v2.0") {
			t.Errorf("issuer of %s: want https://…/{tenantid}/v2.0, got %q", tenant, got)
		}
	}
}

func TestDiscovery_ByVerifiedDomain(t *testing.T) {
	t.Parallel()
	got := examined.discovery(t, initialDomain(t)).text("issuer")
	if want := examined.authority + "/" + examined.tenantID + "/v2.0"; got != want {
		t.Errorf("issuer: want %s, got %q", want, got)
	}
}

func TestDiscovery_OfUnknownTenant(t *testing.T) {
	t.Parallel()
	unknown := guid()
	got := examined.fetch(t, examined.authority+"/"+unknown+"/v2.0/.well-known/openid-configuration")
	if fault := tokenErrorMismatch(got, http.StatusBadRequest, "", []float64{90002}); fault != "" {
		t.Errorf("discovery: %s\ngot  %s", fault, got)
	}
	got, err := examined.requestTokenOf(t.Context(), unknown, examined.first.grant(examined.graphScope()), nil)
	if err != nil {
		t.Fatal(err)
	}
	if fault := tokenErrorMismatch(got, http.StatusBadRequest, "", []float64{90002}); fault != "" {
		t.Errorf("token: %s\ngot  %s", fault, got)
	}
}

func TestDiscovery_OfInstance(t *testing.T) {
	t.Parallel()
	values := url.Values{"api-version": {"1.1"}, "authorization_endpoint": {examined.authority + "/" + examined.tenantID + "/oauth2/v2.0/authorize"}}
	got := examined.fetch(t, examined.authority+"/common/discovery/instance?"+values.Encode())
	if got.status != http.StatusOK || got.text("api-version") != "1.1" || !strings.HasPrefix(got.text("tenant_discovery_endpoint"), "https://") {
		t.Fatalf("want an instance discovery document\ngot  %s", got)
	}
	graph, _ := url.Parse(examined.authority)
	knows := func(one object) bool { return slices.Contains(texts(one["aliases"]), graph.Host) }
	if entries := objects(got.body["metadata"]); !slices.ContainsFunc(entries, knows) {
		t.Errorf("want metadata with the alias %s, got %v", graph.Host, entries)
	}
}

// publicKey is the key of the tenant's JWKS with that id, after a look at what each entry has.
func (s *tenant) publicKey(t testing.TB, id string) *rsa.PublicKey {
	t.Helper()
	got := s.fetch(t, s.discovery(t, s.tenantID).text("jwks_uri"))
	for _, one := range objects(got.body["keys"]) {
		if text(one, "kid") != id {
			continue
		}
		n, errN := base64.RawURLEncoding.DecodeString(text(one, "n"))
		e, errE := base64.RawURLEncoding.DecodeString(text(one, "e"))
		if errN != nil || errE != nil || text(one, "kty") != "RSA" {
			t.Fatalf("want an RSA key, got %v", one)
		}
		return &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(new(big.Int).SetBytes(e).Int64())}
	}
	t.Fatalf("no key %s in %s", id, got)
	return nil
}

func TestDiscovery_Keys(t *testing.T) {
	t.Parallel()
	got := examined.fetch(t, examined.discovery(t, examined.tenantID).text("jwks_uri"))
	entries := objects(got.body["keys"])
	if len(entries) == 0 {
		t.Fatalf("want keys\ngot  %s", got)
	}
	for _, one := range entries {
		for _, name := range []string{"kty", "use", "kid", "x5t", "n", "e", "x5c", "issuer", "cloud_instance_name"} {
			if _, present := one[name]; !present {
				t.Errorf("key %v: %s is missing", one["kid"], name)
			}
		}
		der, err := base64.StdEncoding.DecodeString(append(texts(one["x5c"]), "")[0])
		if err != nil {
			t.Errorf("x5c: %v", err)
			continue
		}
		if _, err := x509.ParseCertificate(der); err != nil {
			t.Errorf("x5c: want a certificate: %v", err)
		}
	}
}

func TestDiscovery_KeysVerifyTokens(t *testing.T) {
	t.Parallel()
	application, _ := examined.first.newPair(t, version2())
	got, ok := examined.first.granted(t, application.text("appId")+"/.default")
	if !ok {
		t.Fatalf("no token: %s", got)
	}
	token := got.text("access_token")
	header, _, err := unpack(token)
	if err != nil {
		t.Fatal(err)
	}
	at := strings.LastIndex(token, ".")
	signature, err := base64.RawURLEncoding.DecodeString(token[at+1:])
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(token[:at]))
	if err := rsa.VerifyPKCS1v15(examined.publicKey(t, text(header, "kid")), crypto.SHA256, sum[:], signature); err != nil {
		t.Errorf("the signature does not verify: %v", err)
	}
}

// granted waits until the token service gives the caller a token.
func (c *caller) granted(t testing.TB, scope string) (reply, bool) {
	t.Helper()
	var got reply
	ok := c.tenant.retry.until(t.Context(), func() bool {
		var err error
		if got, err = c.tenant.requestToken(t.Context(), c.grant(scope)); err != nil {
			t.Fatal(err)
		}
		return got.status == http.StatusOK
	})
	return got, ok
}
