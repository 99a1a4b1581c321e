// Package token issues tokens: for a client by itself, and for a user. A user's tokens are made in one place, which looks at assignment
// and consent each time.
package token

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"

	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/google/uuid"
	"k8s.io/utils/clock"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory/signin"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/oauth"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/scope"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/store"
)

// Tokens are dated back by Backdate against slow clocks, as in Entra, and live for Lifetime from now.
const (
	Backdate = 5 * time.Minute
	Lifetime = time.Hour
)

// Method is how a client authenticated, as azpacr and appidacr say.
type Method string

// The methods of client authentication.
const (
	NoCredential Method = "0"
	BySecret     Method = "1"
	ByAssertion  Method = "2"
)

// Issuer makes the tokens of one tenant. It is safe for concurrent use.
type Issuer struct {
	RefreshTokens *store.Store[RefreshToken]

	directory signin.Directory
	clock     clock.PassiveClock
	newID     func() string
	scopes    scope.Resolver
	key       *signingKey
}

// NewIssuer makes an issuer with a fresh signing key. newID gives token ids; it must be safe for concurrent use.
func NewIssuer(d signin.Directory, clock clock.PassiveClock, newID func() string) (*Issuer, error) {
	key, err := newSigningKey(clock.Now())
	if err != nil {
		return nil, fmt.Errorf("make the signing key: %w", err)
	}
	return &Issuer{
		RefreshTokens: store.New[RefreshToken]("1.R"),
		directory:     d, clock: clock, newID: newID, scopes: scope.Resolver{Directory: d}, key: key,
	}, nil
}

// PublicKey is the key that verifies the tokens.
func (i *Issuer) PublicKey() JSONWebKey { return i.key.public() }

// Claims are the claims of a token that this issuer has signed; an error where it has not. It does not look at the token's times.
func (i *Issuer) Claims(signed *jwt.JSONWebToken) (Claims, error) {
	var c Claims
	err := signed.Claims(i.key.private.Public(), &c)
	return c, err
}

// sign makes a token of claims.
func (i *Issuer) sign(claims any, version int) (string, *oauth.Error) {
	body, err := json.Marshal(claims)
	if err != nil {
		return "", oauth.Internal(err)
	}
	raw, err := i.key.sign(body, version)
	if err != nil {
		return "", oauth.Internal(err)
	}
	return raw, nil
}

// opaque is a claim whose content only Entra can read.
func opaque(name, id string) string {
	sum := sha256.Sum256([]byte(name + id))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// opaqueID is a GUID as uti writes it.
func opaqueID(id string) string {
	parsed, err := uuid.Parse(id)
	if err != nil {
		return opaque("uti", id)[:22]
	}
	return base64.RawURLEncoding.EncodeToString(parsed[:])
}
