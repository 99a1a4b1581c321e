package sts_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"
)

const subject = "system:serviceaccount:shop:orders-worker"

// byAssertion is a token request with an assertion.
func byAssertion(client app, assertion string) url.Values {
	return url.Values{
		"grant_type": {"client_credentials"}, "client_id": {client.id}, "scope": {client.id + "/.default"},
		"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}, "client_assertion": {assertion},
	}
}

func TestFederatedAssertion_MustMatchExactly(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		edit      func(issuer *issuer, claims map[string]any)
		algorithm jose.SignatureAlgorithm
		keyID     string
		want      refusal
		asked     int
	}{
		"a matching token signs in":      {want: refusal{Status: 200}, asked: 1},
		"an issuer with a slash more":    {edit: set("iss", "/"), want: refusal{401, "invalid_client", 700211, false}},
		"another audience":               {edit: set("aud", "x"), want: refusal{401, "invalid_client", 700212, false}},
		"another subject":                {edit: set("sub", "2"), want: refusal{401, "invalid_client", 700213, false}},
		"a subject in capitals":          {edit: upperCase("sub"), want: refusal{401, "invalid_client", 700213, false}},
		"another algorithm":              {algorithm: jose.PS256, want: refusal{401, "invalid_client", 700027, false}},
		"a shared secret's algorithm":    {algorithm: jose.HS256, want: refusal{401, "invalid_client", 700027, false}},
		"a key that is not the issuer's": {keyID: "other", want: refusal{401, "invalid_client", 700027, false}, asked: 1},
		"a token that has expired":       {edit: at("exp", noon.Add(-time.Hour)), want: refusal{401, "invalid_client", 700024, false}, asked: 1},
		"a token of the future":          {edit: at("nbf", noon.Add(time.Hour)), want: refusal{401, "invalid_client", 700024, false}, asked: 1},
		"a token that never expires":     {edit: remove("exp"), want: refusal{401, "invalid_client", 50027, false}, asked: 1},
		"discovery of another issuer":    {edit: document("issuer", "https://other"), want: refusal{400, "invalid_request", 501661, false}, asked: 1},
		"keys that are not there":        {edit: document("jwks_uri", "https://127.0.0.1:1/keys"), want: refusal{400, "invalid_request", 501661, false}, asked: 1},
		"keys without TLS":               {edit: document("jwks_uri", "http://127.0.0.1:1/keys"), want: refusal{400, "invalid_request", 501661, false}, asked: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			outside := newIssuer(t)
			c := newTenant(t, outside.Client())
			client := c.app("worker", nil)
			c.federate(client, "k8s-orders-worker", outside.URL, subject)
			claims := map[string]any{
				"iss": outside.URL, "sub": subject, "aud": []string{"api://AzureADTokenExchange"},
				"nbf": noon.Unix(), "iat": noon.Unix(), "exp": noon.Add(time.Hour).Unix(),
			}
			if test.edit != nil {
				test.edit(outside, claims)
			}
			algorithm, kid := jose.RS256, keyID
			if test.algorithm != "" {
				algorithm = test.algorithm
			}
			if test.keyID != "" {
				kid = test.keyID
			}
			assertion := signed(t, algorithm, map[jose.HeaderKey]any{"kid": kid}, claims)
			got := refused(c.post(tokenPath, byAssertion(client, assertion), nil))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if outside.asked != test.asked {
				t.Errorf("the issuer was asked %d times, want %d", outside.asked, test.asked)
			}
		})
	}
}

func set(claim, more string) func(*issuer, map[string]any) {
	return func(_ *issuer, claims map[string]any) {
		if text, ok := claims[claim].(string); ok {
			claims[claim] = text + more
			return
		}
		claims[claim] = more
	}
}

func upperCase(claim string) func(*issuer, map[string]any) {
	return func(_ *issuer, claims map[string]any) { claims[claim] = strings.ToUpper(claims[claim].(string)) }
}

func at(claim string, moment time.Time) func(*issuer, map[string]any) {
	return func(_ *issuer, claims map[string]any) { claims[claim] = moment.Unix() }
}

func remove(claim string) func(*issuer, map[string]any) {
	return func(_ *issuer, claims map[string]any) { delete(claims, claim) }
}

func document(member, value string) func(*issuer, map[string]any) {
	return func(i *issuer, _ map[string]any) { i.document[member] = value }
}

func TestAssertion_MustBeJWT(t *testing.T) {
	t.Parallel()
	c := newTenant(t, http.DefaultClient)
	client := c.app("worker", nil)
	for _, assertion := range []string{"nonsense", "a.b.c", "e30.e30.", "e30.WyJhIl0.c2ln"} {
		got := refused(c.post(tokenPath, byAssertion(client, assertion), nil))
		if diff := cmp.Diff(refusal{401, "invalid_client", 50027, false}, got); diff != "" {
			t.Errorf("%q (-want +got)\n%s", assertion, diff)
		}
	}
}
