package sts

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
)

// byNothing is how a public client proves itself.
const byNothing method = "0"

// delegated is what a token for a user is made of.
type delegated struct {
	at     authority
	client directory.Client
	method method
	person directory.Person
	wanted wanted
	nonce  string
	info   bool // client_info is asked for, as MSAL does
	spa    bool

	accepted            []string // scopes that the user has just consented to
	codeHash, tokenHash string   // of what comes with an ID token
}

// idClaims are an ID token's.
type idClaims struct {
	Audience          string   `json:"aud"`
	Issuer            string   `json:"iss"`
	IssuedAt          int64    `json:"iat"`
	NotBefore         int64    `json:"nbf"`
	Expires           int64    `json:"exp"`
	CodeHash          string   `json:"c_hash,omitempty"`
	TokenHash         string   `json:"at_hash,omitempty"`
	Name              string   `json:"name"`
	Nonce             string   `json:"nonce,omitempty"`
	ObjectID          string   `json:"oid"`
	PreferredUsername string   `json:"preferred_username"`
	RH                string   `json:"rh"`
	Roles             []string `json:"roles,omitempty"`
	Subject           string   `json:"sub"`
	TenantID          string   `json:"tid"`
	UTI               string   `json:"uti"`
	Version           string   `json:"ver"`
}

// issueDelegated makes the tokens for a user, if the user may use client and resource and everything wanted is consented.
func (s *Service) issueDelegated(of delegated) (tokenResponse, *failure) {
	of.at.tenant = s.directory.TenantID()
	granted, refused := s.grantedTo(of)
	if refused != nil {
		return tokenResponse{}, refused
	}
	response, refused := s.accessToken(of, granted)
	if refused != nil {
		return tokenResponse{}, refused
	}
	if of.wanted.openID {
		if response.IDToken, refused = s.idToken(of); refused != nil {
			return tokenResponse{}, refused
		}
	}
	if of.wanted.refresh {
		response.RefreshToken = s.refreshTokens.put(refreshToken{
			clientID: of.client.AppID, userID: of.person.ObjectID, wanted: of.wanted, spa: of.spa,
			public: of.method == byNothing, issued: s.clock.Now(),
		})
	}
	if of.info {
		response.ClientInfo = clientInfo(of.person.ObjectID, of.at.tenant)
	}
	return response, nil
}

// grantedTo are the scopes that a token for the user has.
func (s *Service) grantedTo(of delegated) ([]string, *failure) {
	if refused := s.checkUserAssigned(of); refused != nil {
		return nil, refused
	}
	granted, missing, refused := s.scopes(of.client, of.wanted, of.person.ObjectID)
	granted = slices.Compact(slices.Sorted(slices.Values(append(granted, of.accepted...))))
	missing = slices.DeleteFunc(missing, func(value string) bool { return slices.Contains(of.accepted, value) })
	if refused == nil && (len(missing) > 0 || of.wanted.nothing(of.client, granted)) {
		refused = consentMissing(of.client.AppID, of.client.DisplayName)
	}
	return granted, refused
}

// checkUserAssigned: the client or the API may be open to assigned users only.
func (s *Service) checkUserAssigned(of delegated) *failure {
	own, _ := s.directory.Resource(of.client.AppID)
	for _, app := range []directory.Resource{own, of.wanted.resource} {
		if app.AssignmentRequired && !s.directory.UserAssigned(of.person.ObjectID, app.ServicePrincipalID) {
			return userNotAssigned(app.AppID, app.DisplayName, of.person.UserPrincipalName)
		}
	}
	return nil
}

func (s *Service) accessToken(of delegated, granted []string) (tokenResponse, *failure) {
	resource := of.wanted.resource
	c := s.claims(appOnly{
		at: of.at, client: of.client, method: of.method, resource: resource, named: of.wanted.named,
		roles: s.directory.UserRoles(of.person.ObjectID, resource.ServicePrincipalID),
	})
	c.ObjectID, c.Subject = of.person.ObjectID, pairwise(of.person.ObjectID, resource.AppID)
	c.Name = of.person.DisplayName
	c.Scope = strings.Join(granted, " ")
	if len(granted) == 0 && resource.AppID == directory.MicrosoftGraphAppID {
		c.Scope = strings.Join(of.wanted.oidc, " ")
	}
	if resource.TokenVersion == 2 {
		c.PreferredUsername = of.person.UserPrincipalName
	} else {
		c.UPN, c.UniqueName = of.person.UserPrincipalName, of.person.UserPrincipalName
	}
	body, err := json.Marshal(c)
	if err != nil {
		return tokenResponse{}, internal(err)
	}
	raw, err := s.key.sign(body, resource.TokenVersion)
	if err != nil {
		return tokenResponse{}, internal(err)
	}
	seconds := int(lifetime/time.Second) - 1
	return tokenResponse{
		TokenType: "Bearer", ExpiresIn: seconds, ExtExpiresIn: seconds, AccessToken: raw, Scope: said(of.wanted, granted),
	}, nil
}

// said are the scopes in the answer: with the resource's name as it was asked for, as client libraries cache by them.
func said(w wanted, granted []string) string {
	var out []string
	for _, value := range granted {
		if w.named != directory.MicrosoftGraphAppID {
			value = w.named + "/" + value
		}
		out = append(out, value)
	}
	if w.all {
		out = append(out, w.named+"/.default")
	}
	for _, scope := range w.oidc {
		if scope != "offline_access" {
			out = append(out, scope)
		}
	}
	return strings.Join(out, " ")
}

func (s *Service) idToken(of delegated) (string, *failure) {
	now := s.clock.Now()
	id := s.newID()
	body, err := json.Marshal(idClaims{
		Audience: of.client.AppID, Issuer: of.at.issuerV2(), Name: of.person.DisplayName, Nonce: of.nonce,
		CodeHash: of.codeHash, TokenHash: of.tokenHash,
		IssuedAt: now.Add(-backdate).Unix(), NotBefore: now.Add(-backdate).Unix(), Expires: now.Add(lifetime).Unix(),
		ObjectID: of.person.ObjectID, PreferredUsername: of.person.UserPrincipalName, RH: "1." + opaque("rh", id),
		Roles:   s.directory.UserRoles(of.person.ObjectID, of.client.ServicePrincipalID),
		Subject: pairwise(of.person.ObjectID, of.client.AppID), TenantID: of.at.tenant, UTI: opaqueID(id), Version: "2.0",
	})
	if err != nil {
		return "", internal(err)
	}
	raw, err := s.key.sign(body, 2)
	if err != nil {
		return "", internal(err)
	}
	return raw, nil
}

// pairwise is a user's subject at one application.
func pairwise(userID, appID string) string { return opaque("sub"+appID, userID) }

func clientInfo(userID, tenantID string) string {
	body, _ := json.Marshal(map[string]string{"uid": userID, "utid": tenantID}) //nolint:errchkjson // plain values
	return base64.RawURLEncoding.EncodeToString(body)
}
