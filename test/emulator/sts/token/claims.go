package token

// Claims are an access token's. Empty members are left out: a v1 and a v2 token differ in names, not only in values.
type Claims struct {
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

// accessClaims are the claims of a client's own token; a user's token replaces what is about the subject.
func (i *Issuer) accessClaims(of AppOnly, roles []string) Claims {
	now := i.clock.Now()
	id := i.newID()
	c := Claims{
		IssuedAt: now.Add(-Backdate).Unix(), NotBefore: now.Add(-Backdate).Unix(), Expires: now.Add(of.Lifetime).Unix(),
		AIO: "k2RgY" + opaque("aio", id), RH: "1." + opaque("rh", id), UTI: opaqueID(id), XmsFTD: opaque("xms_ftd", id),
		ObjectID: of.Client.ServicePrincipalID, Subject: of.Client.ServicePrincipalID,
		TenantID: of.Authority.TenantID, Roles: roles,
	}
	if of.Resource.TokenVersion == 2 {
		c.Version, c.Issuer, c.Audience = "2.0", of.Authority.IssuerV2(), of.Resource.AppID
		c.Azp, c.AzpACR = of.Client.AppID, string(of.Method)
		return c
	}
	c.Version, c.Issuer, c.Audience = "1.0", of.Authority.IssuerV1(), of.ResourceName
	c.AppID, c.AppIDACR, c.IDP = of.Client.AppID, string(of.Method), of.Authority.IssuerV1()
	return c
}
