package conformance

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"testing"
)

// issuer is a foreign OpenID issuer in this process, as a Kubernetes cluster is one.
type issuer struct {
	server *httptest.Server
	key    *rsa.PrivateKey
}

func newIssuer() (*issuer, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, fmt.Errorf("make the issuer's key: %w", err)
	}
	made := &issuer{key: key}
	routes := http.NewServeMux()
	routes.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, object{"issuer": made.url(), "jwks_uri": made.url() + "/keys", "id_token_signing_alg_values_supported": list{"RS256"}})
	})
	routes.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		number := func(of *big.Int) string { return base64.RawURLEncoding.EncodeToString(of.Bytes()) }
		answer(w, object{"keys": list{object{
			"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "one", "n": number(key.N), "e": number(big.NewInt(int64(key.E))),
		}}})
	})
	made.server = httptest.NewTLSServer(routes)
	return made, nil
}

func answer(w http.ResponseWriter, body object) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(body) // the client sees a cut answer
}

func (i *issuer) url() string { return i.server.URL }

func (i *issuer) close() { i.server.Close() }

// authority is the certificate of the issuer's server, in PEM.
func (i *issuer) authority() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: i.server.Certificate().Raw})
}

// sign makes an RS256 token.
func sign(t testing.TB, key *rsa.PrivateKey, header, claims object) string {
	t.Helper()
	content := encodePart(t, changed(object{"alg": "RS256", "typ": "JWT"}, header)) + "." + encodePart(t, claims)
	sum := sha256.Sum256([]byte(content))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return content + "." + base64.RawURLEncoding.EncodeToString(signature)
}

// signPSS makes a PS256 token.
func signPSS(t testing.TB, key *rsa.PrivateKey, header, claims object) string {
	t.Helper()
	content := encodePart(t, changed(object{"alg": "PS256", "typ": "JWT"}, header)) + "." + encodePart(t, claims)
	sum := sha256.Sum256([]byte(content))
	signature, err := rsa.SignPSS(rand.Reader, key, crypto.SHA256, sum[:], &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash})
	if err != nil {
		t.Fatal(err)
	}
	return content + "." + base64.RawURLEncoding.EncodeToString(signature)
}

// unsigned makes a token that asks to be believed without a signature.
func unsigned(t testing.TB, claims object) string {
	t.Helper()
	return encodePart(t, object{"alg": "none", "typ": "JWT"}) + "." + encodePart(t, claims) + "."
}

func encodePart(t testing.TB, of object) string {
	t.Helper()
	encoded, err := json.Marshal(of)
	if err != nil {
		t.Fatal(err)
	}
	return base64.RawURLEncoding.EncodeToString(encoded)
}
