package token

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory/firstparty"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory/signin"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/oauth"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/scope"
)

// Delegated is what a token for a user is made of.
type Delegated struct {
	Authority  oauth.Authority
	Client     signin.Client
	Method     Method
	User       directory.Person
	Requested  scope.Requested
	Nonce      string
	ClientInfo bool // client_info is asked for, as MSAL does
	SPA        bool

	Consented           []string // scopes that the user has just consented to
	CodeHash, TokenHash string   // of what comes with an ID token
}

// RefreshToken is what a refresh token stands for. It may be used more than once; each use gives a new one.
type RefreshToken struct {
	ClientID, UserID string
	Requested        scope.Requested
	SPA              bool // given to a single-page application
	Public           bool // given to a client without a credential, as single-page applications are
	Issued           time.Time
}

// Delegated makes the tokens for a user, if the user may use client and resource and has consented to everything that is requested.
func (i *Issuer) Delegated(of Delegated) (oauth.TokenResponse, *oauth.Error) {
	of.Authority.TenantID = i.directory.TenantID()
	granted, refused := i.Granted(of)
	if refused != nil {
		return oauth.TokenResponse{}, refused
	}
	response, refused := i.AccessToken(of, granted)
	if refused != nil {
		return oauth.TokenResponse{}, refused
	}
	if of.Requested.OpenID {
		if response.IDToken, refused = i.IDToken(of); refused != nil {
			return oauth.TokenResponse{}, refused
		}
	}
	if of.Requested.Refresh {
		response.RefreshToken = i.RefreshTokens.Put(RefreshToken{
			ClientID: of.Client.AppID, UserID: of.User.ObjectID, Requested: of.Requested, SPA: of.SPA,
			Public: of.Method == NoCredential, Issued: i.clock.Now(),
		})
	}
	if of.ClientInfo {
		response.ClientInfo = ClientInfo(of.User.ObjectID, of.Authority.TenantID)
	}
	return response, nil
}

// Granted are the scopes that a token for the user has.
func (i *Issuer) Granted(of Delegated) ([]string, *oauth.Error) {
	if refused := i.CheckAssigned(of); refused != nil {
		return nil, refused
	}
	granted, missing, refused := i.scopes.Granted(of.Client, of.Requested, of.User.ObjectID)
	granted = slices.Compact(slices.Sorted(slices.Values(append(granted, of.Consented...))))
	missing = slices.DeleteFunc(missing, func(value string) bool { return slices.Contains(of.Consented, value) })
	if refused == nil && (len(missing) > 0 || of.Requested.NeedsConsent(of.Client, granted)) {
		refused = ConsentMissing(of.Client.AppID, of.Client.DisplayName)
	}
	return granted, refused
}

// CheckAssigned refuses a user without an assignment where the client or the API is open to assigned users only.
func (i *Issuer) CheckAssigned(of Delegated) *oauth.Error {
	own, _ := i.directory.Resource(of.Client.AppID)
	for _, app := range []signin.Resource{own, of.Requested.Resource} {
		if app.AssignmentRequired && !i.directory.UserAssigned(of.User.ObjectID, app.ServicePrincipalID) {
			return userNotAssigned(app.AppID, app.DisplayName, of.User.UserPrincipalName)
		}
	}
	return nil
}

// AccessToken makes an access token with the scopes that are granted.
func (i *Issuer) AccessToken(of Delegated, granted []string) (oauth.TokenResponse, *oauth.Error) {
	resource := of.Requested.Resource
	c := i.accessClaims(AppOnly{
		Authority: of.Authority, Client: of.Client, Method: of.Method, Resource: resource, ResourceName: of.Requested.ResourceName,
		Lifetime: Lifetime,
	}, i.directory.UserRoles(of.User.ObjectID, resource.ServicePrincipalID))
	c.ObjectID, c.Subject = of.User.ObjectID, pairwise(of.User.ObjectID, resource.AppID)
	c.Name = of.User.DisplayName
	c.Scope = strings.Join(granted, " ")
	if len(granted) == 0 && resource.AppID == firstparty.GraphAppID {
		c.Scope = strings.Join(of.Requested.OIDC, " ")
	}
	if resource.TokenVersion == 2 {
		c.PreferredUsername = of.User.UserPrincipalName
	} else {
		c.UPN, c.UniqueName = of.User.UserPrincipalName, of.User.UserPrincipalName
	}
	raw, refused := i.sign(c, resource.TokenVersion)
	if refused != nil {
		return oauth.TokenResponse{}, refused
	}
	out := response(raw, Lifetime)
	out.Scope = responseScope(of.Requested, granted)
	return out, nil
}

// responseScope is the scope member of the answer: with the resource's name as it was requested, as client libraries cache by it.
func responseScope(requested scope.Requested, granted []string) string {
	var out []string
	for _, value := range granted {
		if requested.ResourceName != firstparty.GraphAppID {
			value = requested.ResourceName + "/" + value
		}
		out = append(out, value)
	}
	if requested.Default {
		out = append(out, requested.ResourceName+"/.default")
	}
	for _, value := range requested.OIDC {
		if value != "offline_access" {
			out = append(out, value)
		}
	}
	return strings.Join(out, " ")
}

// pairwise is a user's subject at one application.
func pairwise(userID, appID string) string { return opaque("sub"+appID, userID) }

// ClientInfo is the client_info member, by which MSAL knows its accounts.
func ClientInfo(userID, tenantID string) string {
	body, _ := json.Marshal(map[string]string{"uid": userID, "utid": tenantID}) //nolint:errchkjson // plain values
	return base64.RawURLEncoding.EncodeToString(body)
}
