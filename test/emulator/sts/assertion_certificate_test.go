package sts_test

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"
)

func TestCertificateAssertion_SignsInOwnClientOnly(t *testing.T) {
	t.Parallel()
	const endpoint = "https://" + host + tokenPath
	type parts struct {
		algorithm jose.SignatureAlgorithm
		header    map[jose.HeaderKey]any
		claims    map[string]any
		later     time.Duration
	}
	for name, test := range map[string]struct {
		edit func(p *parts, client app)
		want refusal
	}{
		"PS256 and x5t#S256":          {nil, refusal{Status: 200}},
		"RS256":                       {func(p *parts, _ app) { p.algorithm = jose.RS256 }, refusal{Status: 200}},
		"x5t of SHA-1":                {func(p *parts, _ app) { delete(p.header, "x5t#S256") }, refusal{Status: 200}},
		"another algorithm":           {func(p *parts, _ app) { p.algorithm = jose.RS512 }, refusal{401, "invalid_client", 700027, false}},
		"no thumbprint":               {func(p *parts, _ app) { p.header = nil }, refusal{401, "invalid_client", 700027, false}},
		"another certificate":         {func(p *parts, _ app) { p.header["x5t#S256"] = "AAAA" }, refusal{401, "invalid_client", 700027, false}},
		"another audience":            {func(p *parts, _ app) { p.claims["aud"] = "https://" + host + "/x" }, refusal{401, "invalid_client", 700023, false}},
		"another subject":             {func(p *parts, _ app) { p.claims["sub"] = "x" }, refusal{401, "invalid_client", 700021, false}},
		"an issuer that is no client": {func(p *parts, _ app) { p.claims["iss"] = "x" }, refusal{401, "invalid_client", 700211, false}},
		"an expired assertion":        {func(p *parts, _ app) { p.later = 30 * time.Minute }, refusal{401, "invalid_client", 700024, false}},
		"an expired certificate": {func(p *parts, _ app) {
			p.later = 48 * time.Hour
			p.claims["exp"] = noon.Add(72 * time.Hour).Unix()
		}, refusal{401, "invalid_client", 700027, false}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newTenant(t, nil)
			client := c.app("worker", nil)
			der := c.certify(client)
			short, long := sha1.Sum(der), sha256.Sum256(der)
			p := &parts{
				algorithm: jose.PS256,
				header: map[jose.HeaderKey]any{
					"x5t": base64.RawURLEncoding.EncodeToString(short[:]), "x5t#S256": base64.StdEncoding.EncodeToString(long[:]),
				},
				claims: map[string]any{
					"iss": client.id, "sub": client.id, "aud": endpoint, "jti": "1", "nbf": noon.Unix(), "exp": noon.Add(10 * time.Minute).Unix(),
				},
			}
			if test.edit != nil {
				test.edit(p, client)
			}
			assertion := signed(t, p.algorithm, p.header, p.claims)
			c.clock.SetTime(noon.Add(p.later))
			got := refused(c.post(tokenPath, byAssertion(client, assertion), nil))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestCertificateAssertion_ShowsInToken(t *testing.T) {
	t.Parallel()
	c := newTenant(t, nil)
	client := c.app("worker", exposing(2))
	der := c.certify(client)
	sum := sha256.Sum256(der)
	assertion := signed(t, jose.PS256, map[jose.HeaderKey]any{"x5t#S256": base64.RawURLEncoding.EncodeToString(sum[:])}, map[string]any{
		"iss": client.id, "sub": client.id, "aud": "https://" + host + "/" + domain + "/oauth2/v2.0/token", "exp": noon.Add(time.Minute).Unix(),
	})
	_, body := c.post("/"+domain+"/oauth2/v2.0/token", byAssertion(client, assertion), nil)
	raw, _ := body["access_token"].(string)
	_, claims := c.unpack(raw)
	if claims["azpacr"] != "2" {
		t.Errorf("azpacr is %v: %v", claims["azpacr"], body)
	}
}
