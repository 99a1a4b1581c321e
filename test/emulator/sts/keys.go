package sts

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1" //nolint:gosec // x5t is a SHA-1 thumbprint by definition
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"fmt"
	"math/big"
	"net/http"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// signingKey signs every token. Its certificate only dresses the key in JWKS, as in Entra: nobody verifies it.
type signingKey struct {
	private *rsa.PrivateKey
	id      string // kid and x5t: the certificate's thumbprint
	x5c     string
}

func newSigningKey(now time.Time) (*signingKey, error) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, fmt.Errorf("generate an RSA key: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{CommonName: "token signing"},
		NotBefore:    now.Add(-time.Hour),
		NotAfter:     now.AddDate(5, 0, 0),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		return nil, fmt.Errorf("sign its certificate: %w", err)
	}
	thumbprint := sha1.Sum(der) //nolint:gosec // see above
	return &signingKey{
		private: private,
		id:      base64.RawURLEncoding.EncodeToString(thumbprint[:]),
		x5c:     base64.StdEncoding.EncodeToString(der),
	}, nil
}

// sign makes a compact JWS of claims. A v1 token's header names the certificate too, a v2 token's does not.
func (k *signingKey) sign(claims []byte, version int) (string, error) {
	options := (&jose.SignerOptions{}).WithType("JWT")
	if version == 1 {
		options = options.WithHeader("x5t", k.id)
	}
	key := jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: k.private, KeyID: k.id}}
	signer, err := jose.NewSigner(key, options)
	if err != nil {
		return "", fmt.Errorf("make a signer: %w", err)
	}
	signed, err := signer.Sign(claims)
	if err != nil {
		return "", fmt.Errorf("sign the token: %w", err)
	}
	return signed.CompactSerialize()
}

type jsonWebKey struct {
	KeyType           string   `json:"kty"`
	Use               string   `json:"use"`
	KeyID             string   `json:"kid"`
	Thumbprint        string   `json:"x5t"`
	Modulus           string   `json:"n"`
	Exponent          string   `json:"e"`
	Certificates      []string `json:"x5c"`
	CloudInstanceName string   `json:"cloud_instance_name,omitempty"`
	Issuer            string   `json:"issuer,omitempty"`
}

func (k *signingKey) jwk() jsonWebKey {
	exponent := big.NewInt(int64(k.private.E)).Bytes()
	return jsonWebKey{
		KeyType: "RSA", Use: "sig", KeyID: k.id, Thumbprint: k.id,
		Modulus:      base64.RawURLEncoding.EncodeToString(k.private.N.Bytes()),
		Exponent:     base64.RawURLEncoding.EncodeToString(exponent),
		Certificates: []string{k.x5c},
	}
}

func (s *Service) keysV2(w http.ResponseWriter, _ *http.Request, at authority) {
	key := s.key.jwk()
	key.Issuer, key.CloudInstanceName = at.issuerV2(), cloudInstance
	writeJSON(w, http.StatusOK, map[string]any{"keys": []jsonWebKey{key}})
}

func (s *Service) keysV1(w http.ResponseWriter, _ *http.Request, _ authority) {
	writeJSON(w, http.StatusOK, map[string]any{"keys": []jsonWebKey{s.key.jwk()}})
}
