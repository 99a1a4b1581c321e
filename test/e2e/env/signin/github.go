package signin

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/entra-registrar/entra-registrar/test/e2e/env"
)

const (
	gitHubHost   = "token.actions.githubusercontent.com"
	gitHubIssuer = "https://" + gitHubHost
)

// GitHub stands in for GitHub's issuer of tokens.
type GitHub struct {
	t      testing.TB
	server *httptest.Server
	ca     []byte
	key    jose.JSONWebKey
}

// NewGitHub starts one; its Option makes it known to a tenant.
func NewGitHub(t testing.TB) *GitHub {
	t.Helper()
	signing, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	g := &GitHub{t: t, key: jose.JSONWebKey{Key: signing, KeyID: "1", Algorithm: string(jose.RS256), Use: "sig"}}
	answers := http.NewServeMux()
	answer := func(path string, value any) {
		answers.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(value) })
	}
	answer("/.well-known/openid-configuration", map[string]string{"issuer": gitHubIssuer, "jwks_uri": gitHubIssuer + "/keys"})
	answer("/keys", jose.JSONWebKeySet{Keys: []jose.JSONWebKey{g.key.Public()}})
	g.server = httptest.NewUnstartedServer(answers)
	g.server.TLS = &tls.Config{Certificates: []tls.Certificate{g.certificate()}, MinVersion: tls.VersionTLS12}
	g.server.StartTLS()
	t.Cleanup(g.server.Close)
	return g
}

// certificate of its own, which is its authority too.
func (g *GitHub) certificate() tls.Certificate {
	g.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		g.t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: gitHubHost}, DNSNames: []string{gitHubHost},
		NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<33, 0), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		g.t.Fatal(err)
	}
	g.ca = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// Option lets Entra reach it.
func (g *GitHub) Option() env.Option {
	return env.WithIssuer(gitHubHost, strings.TrimPrefix(g.server.URL, "https://"), g.ca)
}

// Token of a workflow.
func (g *GitHub) Token(e *env.Env, subject string) string {
	g.t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: g.key}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		g.t.Fatal(err)
	}
	now := e.Clock.Now()
	raw, err := jwt.Signed(signer).Claims(jwt.Claims{
		Issuer: gitHubIssuer, Subject: subject, Audience: jwt.Audience{"api://AzureADTokenExchange"},
		IssuedAt: jwt.NewNumericDate(now), NotBefore: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(5 * time.Minute)),
	}).Serialize()
	if err != nil {
		g.t.Fatal(err)
	}
	return raw
}
