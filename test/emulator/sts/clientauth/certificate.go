package clientauth

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // x5t is a SHA-1 thumbprint by definition
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory/signin"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/oauth"
)

// checkCertificate verifies an assertion that the client issued itself: its audience is the token endpoint, its subject the client, and a
// registered certificate has signed it.
func (a Authenticator) checkCertificate(req oauth.Request, client signin.Client, presented assertion) *oauth.Error {
	if !strings.EqualFold(presented.claims.Subject, client.AppID) {
		return assertionOfAnother()
	}
	if !slices.ContainsFunc(presented.claims.Audience, req.Authority.IsTokenEndpoint) {
		return assertionAudience()
	}
	key, refused := signer(client, presented.header())
	if refused != nil {
		return refused
	}
	now := a.Clock.Now()
	if now.Before(key.Start) || !now.Before(key.End) {
		return assertionUnverified("The key used is expired.")
	}
	certificate, err := x509.ParseCertificate(key.DER)
	if err != nil {
		return assertionUnverified("The registered key is not a certificate.")
	}
	var verified map[string]any
	if err := presented.token.Claims(certificate.PublicKey, &verified); err != nil {
		return assertionUnverified("The signature does not match the certificate.")
	}
	return nil
}

// signer finds the registered certificate that the header names by thumbprint.
func signer(client signin.Client, header jose.Header) (signin.Certificate, *oauth.Error) {
	if header.Algorithm != string(jose.RS256) && header.Algorithm != string(jose.PS256) {
		return signin.Certificate{}, assertionUnverified("The algorithm " + header.Algorithm + " is not supported.")
	}
	matches, ok := thumbprint(header)
	if !ok {
		return signin.Certificate{}, assertionUnverified("The assertion's header has no certificate thumbprint: x5t or x5t#S256.")
	}
	i := slices.IndexFunc(client.Certificates, func(c signin.Certificate) bool { return matches(c.DER) })
	if i < 0 {
		return signin.Certificate{}, assertionUnverified("The certificate with the assertion's thumbprint is not registered on the application.")
	}
	return client.Certificates[i], nil
}

// thumbprint matches the certificate that x5t#S256, else x5t, names.
func thumbprint(header jose.Header) (matches func(der []byte) bool, ok bool) {
	if want, ok := decoded(header, "x5t#S256"); ok {
		return func(der []byte) bool { sum := sha256.Sum256(der); return bytes.Equal(sum[:], want) }, true
	}
	if want, ok := decoded(header, "x5t"); ok {
		return func(der []byte) bool { sum := sha1.Sum(der); return bytes.Equal(sum[:], want) }, true //nolint:gosec // see above
	}
	return nil, false
}

// decoded reads a header member in base64 of either alphabet, padded or not: MSAL sends the standard one.
func decoded(header jose.Header, name string) ([]byte, bool) {
	text, ok := header.ExtraHeaders[jose.HeaderKey(name)].(string)
	if !ok || text == "" {
		return nil, false
	}
	url := strings.NewReplacer("+", "-", "/", "_").Replace(strings.TrimRight(text, "="))
	raw, err := base64.RawURLEncoding.DecodeString(url)
	return raw, err == nil
}
