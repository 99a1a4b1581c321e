package conformance

import (
	"crypto/sha1" // #nosec G505 -- x5t is a SHA-1 thumbprint
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/entra-registrar/entra-registrar/test/emulator/conformance/issuer"
)

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

// asserting is the caller's form with an assertion in the secret's place.
func (c *caller) asserting(assertion string) url.Values {
	form := replaced(c.grant(c.tenant.graphScope()), "client_secret", "")
	form.Set("client_assertion_type", assertionType)
	form.Set("client_assertion", assertion)
	return form
}

// signsIn waits until a form gets a token and returns its claims.
func (s *tenant) signsIn(t testing.TB, form url.Values) object {
	t.Helper()
	var got reply
	ok := s.retry.until(t.Context(), func() bool {
		var err error
		if got, err = s.requestToken(t.Context(), form); err != nil {
			t.Fatal(err)
		}
		return got.status == http.StatusOK
	})
	if !ok {
		t.Fatalf("no token: %s", got)
	}
	_, claims, err := unpack(got.text("access_token"))
	if err != nil {
		t.Fatal(err)
	}
	return claims
}

// ownClaims are the claims of an assertion that a client signs with its own key.
func (c *caller) ownClaims(more object) object {
	now := c.tenant.clock.Now()
	return changed(object{
		"aud": c.tenant.authority + "/" + c.tenant.tenantID + "/oauth2/v2.0/token", "iss": c.id, "sub": c.id, "jti": guid(),
		"nbf": now.Add(-time.Minute).Unix(), "iat": now.Unix(), "exp": now.Add(9 * time.Minute).Unix(),
	}, more)
}

func TestCertificate_SignsIn(t *testing.T) {
	t.Parallel()
	client, _ := examined.client(t)
	made := newCertificate(t)
	examined.first.must(t, http.StatusNoContent, http.MethodPatch, applications+"/"+client.object, keyCredentials(made.credential(nil)))
	one, two := sha1.Sum(made.der), sha256.Sum256(made.der) // #nosec G401 -- as above
	encode := base64.RawURLEncoding.EncodeToString
	for name, assertion := range map[string]string{
		"RS256 and x5t":      issuer.Sign(t, made.key, object{"x5t": encode(one[:])}, client.ownClaims(nil)),
		"PS256 and x5t#S256": issuer.SignPSS(t, made.key, object{"x5t#S256": encode(two[:])}, client.ownClaims(nil)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			claims := examined.signsIn(t, client.asserting(assertion))
			if class := claims["appidacr"]; class != "2" && claims["azpacr"] != "2" {
				t.Errorf("want the authentication class 2, got %v", claims)
			}
		})
	}
	header := object{"x5t": encode(one[:])}
	past := examined.clock.Now().Add(-time.Hour)
	for name, row := range map[string]struct {
		assertion string
		codes     []float64
	}{
		"an expired assertion":       {issuer.Sign(t, made.key, header, client.ownClaims(object{"exp": past.Unix(), "nbf": past.Add(-time.Hour).Unix()})), []float64{700024}},
		"another key's signature":    {issuer.Sign(t, newCertificate(t).key, header, client.ownClaims(nil)), []float64{700027}},
		"an unregistered thumbprint": {issuer.Sign(t, made.key, object{"x5t": encode(make([]byte, 20))}, client.ownClaims(nil)), nil},
		"another audience":           {issuer.Sign(t, made.key, header, client.ownClaims(object{"aud": "https://conformance.invalid/token"})), nil},
		"no signature at all":        {issuer.Unsigned(t, client.ownClaims(nil)), nil},
		"somebody else's subject":    {issuer.Sign(t, made.key, header, client.ownClaims(object{"sub": guid()})), nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			examined.noToken(t, client.asserting(row.assertion), http.StatusUnauthorized, "invalid_client", row.codes...)
		})
	}
}

// foreignClaims are the claims of a token of another issuer.
func foreignClaims(issuer, subject, audience string) object {
	now := examined.clock.Now()
	return object{
		"iss": issuer, "sub": subject, "aud": audience, "jti": guid(),
		"nbf": now.Add(-time.Minute).Unix(), "iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
	}
}

func TestFederatedToken_SignsInWhereTrusted(t *testing.T) {
	t.Parallel()
	foreign := examined.issuer
	if foreign == nil {
		t.Log("a tenant cannot fetch this process's keys: nothing to test; the refusals are in TestOpenQuestion_StatusOfFederationErrors")
		return
	}
	const audience, subject = "api://AzureADTokenExchange", "system:serviceaccount:shop:orders"
	client, principal := examined.client(t)
	examined.first.newFederated(t, applications+"/"+client.object, object{"issuer": foreign.URL(), "subject": subject})
	token := func(claims object) string { return issuer.Sign(t, foreign.Key, object{"kid": "one"}, claims) }
	claims := examined.signsIn(t, client.asserting(token(foreignClaims(foreign.URL(), subject, audience))))
	if claims["oid"] != principal.id() || claims["appid"] != client.id && claims["azp"] != client.id {
		t.Errorf("want a token of the client, got %v", claims)
	}
	past := examined.clock.Now().Add(-time.Hour).Unix()
	for name, assertion := range map[string]string{
		"another subject":          token(foreignClaims(foreign.URL(), "system:serviceaccount:shop:Orders", audience)),
		"another audience":         token(foreignClaims(foreign.URL(), subject, "orders")),
		"another issuer":           token(foreignClaims(foreign.URL()+"/other", subject, audience)),
		"a slash more":             token(foreignClaims(foreign.URL()+"/", subject, audience)),
		"an expired token":         token(changed(foreignClaims(foreign.URL(), subject, audience), object{"exp": past, "nbf": past - 60})),
		"no signature at all":      issuer.Unsigned(t, foreignClaims(foreign.URL(), subject, audience)),
		"another key's signature":  issuer.Sign(t, newCertificate(t).key, object{"kid": "one"}, foreignClaims(foreign.URL(), subject, audience)),
		"a key that is not listed": issuer.Sign(t, foreign.Key, object{"kid": "two"}, foreignClaims(foreign.URL(), subject, audience)),
		"an algorithm but RS256":   issuer.SignPSS(t, foreign.Key, object{"kid": "one"}, foreignClaims(foreign.URL(), subject, audience)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			examined.noToken(t, client.asserting(assertion), 0, "")
		})
	}
}

func TestFederatedToken_SignsInNoLongerThanTrusted(t *testing.T) {
	t.Parallel()
	foreign := examined.issuer
	if foreign == nil {
		t.Log("a tenant cannot fetch this process's keys: nothing to test")
		return
	}
	const audience, subject = "api://AzureADTokenExchange", "system:serviceaccount:shop:leaver"
	client, _ := examined.client(t)
	path := applications + "/" + client.object
	made := examined.first.newFederated(t, path, object{"issuer": foreign.URL(), "subject": subject})
	form := client.asserting(issuer.Sign(t, foreign.Key, object{"kid": "one"}, foreignClaims(foreign.URL(), subject, audience)))
	examined.signsIn(t, form)
	examined.first.must(t, http.StatusNoContent, http.MethodDelete, path+"/federatedIdentityCredentials/"+made.id(), nil)
	examined.noToken(t, form, 0, "")
}
