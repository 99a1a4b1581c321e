package clientauth

import (
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory/signin"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/oauth"
)

// assertion is a client assertion whose signature is still to be verified.
type assertion struct {
	token  *jwt.JSONWebToken
	claims jwt.Claims // unverified
}

func (a assertion) header() jose.Header { return a.token.Headers[0] }

// checkAssertion accepts a JWT that the client signed with one of its certificates (issued by itself), or a token of an outside
// issuer that a federated credential names.
func (a Authenticator) checkAssertion(req oauth.Request, client signin.Client) *oauth.Error {
	presented, refused := parseAssertion(req.PostForm.Get("client_assertion"))
	if refused != nil {
		return refused
	}
	if strings.EqualFold(presented.claims.Issuer, client.AppID) {
		refused = a.checkCertificate(req, client, presented)
	} else {
		refused = a.checkFederated(req, client, presented)
	}
	if refused != nil {
		return refused
	}
	return a.checkTime(presented)
}

func parseAssertion(raw string) (assertion, *oauth.Error) {
	token, err := jwt.ParseSigned(raw, []jose.SignatureAlgorithm{
		jose.RS256, jose.PS256,
		// parsed only to be refused by name further on
		jose.RS384, jose.RS512, jose.PS384, jose.PS512, jose.ES256, jose.ES384, jose.ES512, jose.EdDSA, jose.HS256,
	})
	if err != nil || len(token.Headers) != 1 {
		return assertion{}, assertionMalformed("The assertion is not a signed JWT in compact form.")
	}
	presented := assertion{token: token}
	if err := token.UnsafeClaimsWithoutVerification(&presented.claims); err != nil {
		return assertion{}, assertionMalformed("The assertion's payload is not a set of claims.")
	}
	return presented, nil
}

const clockSkew = 5 * time.Minute

// checkTime checks that there is an expiry, and that now is between nbf and exp, with five minutes of clock skew.
func (a Authenticator) checkTime(presented assertion) *oauth.Error {
	now := a.Clock.Now()
	from, to := presented.claims.NotBefore.Time(), presented.claims.Expiry.Time()
	if presented.claims.Expiry == nil {
		return assertionMalformed("The assertion has no exp claim.")
	}
	if now.Before(from.Add(-clockSkew)) || now.After(to.Add(clockSkew)) {
		return assertionExpired(now, from, to)
	}
	return nil
}
