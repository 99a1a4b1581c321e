// Package issuer is an OpenID issuer in this process, as a Kubernetes cluster is one, and makes tokens.
package issuer

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"testing"
)

// Object is a JSON Object.
type Object = map[string]any

// Issuer serves its discovery document and its key.
type Issuer struct {
	Key *rsa.PrivateKey

	server *httptest.Server
}

// New starts an issuer.
func New() (*Issuer, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, fmt.Errorf("make the issuer's key: %w", err)
	}
	made := &Issuer{Key: key}
	routes := http.NewServeMux()
	routes.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, Object{"issuer": made.URL(), "jwks_uri": made.URL() + "/keys", "id_token_signing_alg_values_supported": []any{"RS256"}})
	})
	routes.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		number := func(of *big.Int) string { return base64.RawURLEncoding.EncodeToString(of.Bytes()) }
		answer(w, Object{"keys": []any{Object{
			"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "one", "n": number(key.N), "e": number(big.NewInt(int64(key.E))),
		}}})
	})
	made.server = httptest.NewTLSServer(routes)
	return made, nil
}

func answer(w http.ResponseWriter, body Object) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(body) // the client sees a cut answer
}

// URL is the issuer.
func (i *Issuer) URL() string { return i.server.URL }

// Close stops the issuer.
func (i *Issuer) Close() { i.server.Close() }

// CA is the certificate of the issuer's server, in PEM.
func (i *Issuer) CA() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: i.server.Certificate().Raw})
}

// Sign makes an RS256 token.
func Sign(t testing.TB, key *rsa.PrivateKey, header, claims Object) string {
	t.Helper()
	content := encodePart(t, withHeader("RS256", header)) + "." + encodePart(t, claims)
	sum := sha256.Sum256([]byte(content))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return content + "." + base64.RawURLEncoding.EncodeToString(signature)
}

// SignPSS makes a PS256 token.
func SignPSS(t testing.TB, key *rsa.PrivateKey, header, claims Object) string {
	t.Helper()
	content := encodePart(t, withHeader("PS256", header)) + "." + encodePart(t, claims)
	sum := sha256.Sum256([]byte(content))
	signature, err := rsa.SignPSS(rand.Reader, key, crypto.SHA256, sum[:], &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash})
	if err != nil {
		t.Fatal(err)
	}
	return content + "." + base64.RawURLEncoding.EncodeToString(signature)
}

// Unsigned makes a token without a signature, with the algorithm none.
func Unsigned(t testing.TB, claims Object) string {
	t.Helper()
	return encodePart(t, Object{"alg": "none", "typ": "JWT"}) + "." + encodePart(t, claims) + "."
}

func withHeader(algorithm string, more Object) Object {
	header := Object{"alg": algorithm, "typ": "JWT"}
	maps.Copy(header, more)
	return header
}

func encodePart(t testing.TB, of Object) string {
	t.Helper()
	encoded, err := json.Marshal(of)
	if err != nil {
		t.Fatal(err)
	}
	return base64.RawURLEncoding.EncodeToString(encoded)
}
