package sts

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
)

// Tokens are dated back by five minutes against slow clocks, as in Entra, and live for an hour from now.
const (
	backdate = 5 * time.Minute
	lifetime = time.Hour
)

// appOnly is what an app-only token is made of.
type appOnly struct {
	at       authority
	client   directory.Client
	method   method
	resource directory.Resource
	named    string // the resource as asked for
	roles    []string
	lives    time.Duration // 0: an hour
}

// claims are a token's. Empty members are left out: a v1 and a v2 token differ in names, not only in values.
type claims struct {
	Audience  string   `json:"aud"`
	Issuer    string   `json:"iss"`
	IssuedAt  int64    `json:"iat"`
	NotBefore int64    `json:"nbf"`
	Expires   int64    `json:"exp"`
	AIO       string   `json:"aio"`
	AppID     string   `json:"appid,omitempty"`    // v1
	AppIDACR  string   `json:"appidacr,omitempty"` // v1
	Azp       string   `json:"azp,omitempty"`      // v2
	AzpACR    string   `json:"azpacr,omitempty"`   // v2
	IDP       string   `json:"idp,omitempty"`      // v1
	Name      string   `json:"name,omitempty"`     // of users only, as upn (v1) and scp
	UPN       string   `json:"upn,omitempty"`
	Scope     string   `json:"scp,omitempty"`
	ObjectID  string   `json:"oid"`
	RH        string   `json:"rh"`
	Roles     []string `json:"roles,omitempty"`
	Subject   string   `json:"sub"`
	TenantID  string   `json:"tid"`
	UTI       string   `json:"uti"`
	Version   string   `json:"ver"`
	XmsFTD    string   `json:"xms_ftd"`

	UniqueName        string `json:"unique_name,omitempty"`        // v1 user
	PreferredUsername string `json:"preferred_username,omitempty"` // v2 user
}

// issue makes the access token. The resource decides its version, and the roles are frozen in it.
func (s *Service) issue(of appOnly) (tokenResponse, *failure) {
	body, err := json.Marshal(s.claims(of))
	if err != nil {
		return tokenResponse{}, internal(err)
	}
	raw, err := s.key.sign(body, of.resource.TokenVersion)
	if err != nil {
		return tokenResponse{}, internal(err)
	}
	seconds := int(of.life()/time.Second) - 1
	return tokenResponse{TokenType: "Bearer", ExpiresIn: seconds, ExtExpiresIn: seconds, AccessToken: raw}, nil
}

func (of appOnly) life() time.Duration {
	if of.lives == 0 {
		return lifetime
	}
	return of.lives
}

func (s *Service) claims(of appOnly) claims {
	now := s.clock.Now()
	id := s.newID()
	c := claims{
		IssuedAt: now.Add(-backdate).Unix(), NotBefore: now.Add(-backdate).Unix(), Expires: now.Add(of.life()).Unix(),
		AIO: "k2RgY" + opaque("aio", id), RH: "1." + opaque("rh", id), UTI: opaqueID(id), XmsFTD: opaque("xms_ftd", id),
		ObjectID: of.client.ServicePrincipalID, Subject: of.client.ServicePrincipalID,
		TenantID: of.at.tenant, Roles: of.roles,
	}
	if of.resource.TokenVersion == 2 {
		c.Version, c.Issuer, c.Audience = "2.0", of.at.issuerV2(), of.resource.AppID
		c.Azp, c.AzpACR = of.client.AppID, string(of.method)
		return c
	}
	c.Version, c.Issuer, c.Audience = "1.0", of.at.issuerV1(), of.named
	c.AppID, c.AppIDACR, c.IDP = of.client.AppID, string(of.method), of.at.issuerV1()
	return c
}

// opaque stands for the claims whose content only Entra can read.
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

func internal(err error) *failure {
	return &failure{status: http.StatusInternalServerError, oauth: "server_error", code: 90033,
		message: "A transient error has occurred. Please try again. " + err.Error()}
}
