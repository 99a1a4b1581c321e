package token

import "github.com/entra-registrar/entra-registrar/test/emulator/sts/oauth"

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

// IDToken makes an ID token.
func (i *Issuer) IDToken(of Delegated) (string, *oauth.Error) {
	now := i.clock.Now()
	id := i.newID()
	return i.sign(idClaims{
		Audience: of.Client.AppID, Issuer: of.Authority.IssuerV2(), Name: of.User.DisplayName, Nonce: of.Nonce,
		CodeHash: of.CodeHash, TokenHash: of.TokenHash,
		IssuedAt: now.Add(-Backdate).Unix(), NotBefore: now.Add(-Backdate).Unix(), Expires: now.Add(Lifetime).Unix(),
		ObjectID: of.User.ObjectID, PreferredUsername: of.User.UserPrincipalName, RH: "1." + opaque("rh", id),
		Roles:   i.directory.UserRoles(of.User.ObjectID, of.Client.ServicePrincipalID),
		Subject: pairwise(of.User.ObjectID, of.Client.AppID), TenantID: of.Authority.TenantID, UTI: opaqueID(id), Version: "2.0",
	}, 2)
}
