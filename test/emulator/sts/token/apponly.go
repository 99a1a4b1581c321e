package token

import (
	"time"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory/signin"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/oauth"
)

// AppOnly is what a token for a client by itself is made of.
type AppOnly struct {
	Authority    oauth.Authority
	Client       signin.Client
	Method       Method
	Resource     signin.Resource
	ResourceName string // as the request has it
	Lifetime     time.Duration
}

// AppOnly makes a token with the roles that the client has now, if the resource lets it have one. The resource decides the token's
// version.
func (i *Issuer) AppOnly(of AppOnly) (oauth.TokenResponse, *oauth.Error) {
	client, resource := of.Client, of.Resource
	if resource.AssignmentRequired && !i.directory.Assigned(client.ServicePrincipalID, resource.ServicePrincipalID) {
		return oauth.TokenResponse{}, notAssigned(client.AppID, client.DisplayName, resource.AppID, resource.DisplayName)
	}
	roles := i.directory.Roles(client.ServicePrincipalID, resource.ServicePrincipalID)
	raw, refused := i.sign(i.accessClaims(of, roles), resource.TokenVersion)
	if refused != nil {
		return oauth.TokenResponse{}, refused
	}
	return response(raw, of.Lifetime), nil
}

func response(raw string, lifetime time.Duration) oauth.TokenResponse {
	seconds := int(lifetime/time.Second) - 1
	return oauth.TokenResponse{TokenType: "Bearer", ExpiresIn: seconds, ExtExpiresIn: seconds, AccessToken: raw}
}
