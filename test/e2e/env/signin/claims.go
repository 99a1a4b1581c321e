package signin

import (
	"context"
	"strings"
	"testing"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
)

// Claims of an access token that APIs check.
type Claims struct {
	Roles []string `json:"roles"`
	Azp   string   `json:"azp"`
	AppID string   `json:"appid"`
	OID   string   `json:"oid"`
	Ver   string   `json:"ver"`
	Scp   string   `json:"scp"`
}

// ClaimsOf an application that acts for itself, with roles of an API.
func ClaimsOf(app *v1alpha1.AppRegistration, roles ...string) Claims {
	return Claims{Roles: roles, Azp: app.Status.AppID, OID: app.Status.ServicePrincipalObjectID, Ver: "2.0"}
}

// Verify checks a token as an API does that knows an issuer and the name by which tokens are asked for, and nothing else.
func Verify(e *env.Env, issuer, audience, token string) (Claims, error) {
	e.T.Helper()
	ctx := APIContext(e)
	provider, err := oidc.NewProvider(ctx, issuer)
	if err != nil {
		e.T.Fatalf("discover %s: %v", issuer, err)
	}
	verified, err := provider.Verifier(&oidc.Config{ClientID: audience, Now: e.Clock.Now}).Verify(ctx, token)
	if err != nil {
		return Claims{}, err
	}
	var c Claims
	return c, verified.Claims(&c)
}

// APIContext is that of an API, which discovers the token service's keys.
func APIContext(e *env.Env) context.Context { return oidc.ClientContext(e.T.Context(), HTTPClient(e)) }

// CheckClaims fails where an API does not accept a token with exactly these claims.
func CheckClaims(e *env.Env, api *v1alpha1.AppRegistration, token string, want Claims) {
	e.T.Helper()
	got, err := Verify(e, api.Status.Endpoints.Issuer, api.Status.AppID, token)
	if err != nil {
		e.T.Fatalf("the API does not accept the token: %v", err)
	}
	env.CheckEqual(e.T, "claims", want, got)
}

// UnverifiedClaims reads a token that is for another API to verify.
func UnverifiedClaims(e *env.Env, token string) Claims {
	e.T.Helper()
	parsed, err := jwt.ParseSigned(token, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		e.T.Fatal(err)
	}
	var c Claims
	if err := parsed.UnsafeClaimsWithoutVerification(&c); err != nil {
		e.T.Fatal(err)
	}
	return c
}

// CheckRefused fails where the token service did not refuse with a code.
func CheckRefused(t testing.TB, when string, err error, code string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), code) {
		t.Errorf("%s: %v, want %s", when, err, code)
	}
}
