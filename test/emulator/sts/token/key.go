package token

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1" //nolint:gosec // x5t is a SHA-1 thumbprint by definition
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"fmt"
	"math/big"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// signingKey signs every token. Its certificate is only shown in the JWKS, as in Entra: nobody verifies it.
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

// JSONWebKey is a key as the JWKS has it.
type JSONWebKey struct {
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

func (k *signingKey) public() JSONWebKey {
	exponent := big.NewInt(int64(k.private.E)).Bytes()
	return JSONWebKey{
		KeyType: "RSA", Use: "sig", KeyID: k.id, Thumbprint: k.id,
		Modulus:      base64.RawURLEncoding.EncodeToString(k.private.N.Bytes()),
		Exponent:     base64.RawURLEncoding.EncodeToString(exponent),
		Certificates: []string{k.x5c},
	}
}
