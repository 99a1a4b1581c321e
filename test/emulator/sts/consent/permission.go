// Package consent knows what has to be consented to before a client gets a user's token, who may consent, and records it.
package consent

import (
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory/signin"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/oauth"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/page"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/scope"
)

// Permission is what is consented to: that a client uses scopes of an API.
type Permission struct {
	Client   signin.Client
	Resource signin.Resource
	Scopes   []string
}

// Consents finds and records consent in the directory.
type Consents struct {
	Directory signin.Directory
	Scopes    scope.Resolver
}

// Missing are the permissions that a client requests and that a user has not consented to yet. Scopes by name are the permission as they
// are. /.default is all that the client's registration requires of any API, but only where the user has consented to nothing yet. again
// includes what has been consented to.
func (c Consents) Missing(client signin.Client, requested scope.Requested, userID string, again bool) ([]Permission, *oauth.Error) {
	granted, missing, refused := c.Scopes.Granted(client, requested, userID)
	if refused != nil {
		return nil, refused
	}
	if requested.Default && (again || requested.NeedsConsent(client, granted)) {
		return c.Required(client, requested.Resource, len(granted) > 0)
	}
	if again {
		missing = requested.Values
	}
	if len(missing) == 0 && !again {
		return nil, nil
	}
	return []Permission{{client, requested.Resource, missing}}, nil
}

// Required are the permissions that a client's registration requires. The resource that the request names must be among them, unless
// something of it is granted already.
func (c Consents) Required(client signin.Client, requested signin.Resource, granted bool) ([]Permission, *oauth.Error) {
	var out []Permission
	found := granted || requested.AppID == client.AppID
	for _, app := range c.WithKnownAPIs(client) {
		for _, required := range c.RegistrationOf(app).Required {
			resource, ok := c.Directory.Resource(required.ResourceAppID)
			if !ok {
				return nil, scope.ResourceNotFound(required.ResourceAppID, c.Directory.TenantID())
			}
			found = found || resource.AppID == requested.AppID
			if values := c.Directory.Values(resource.ServicePrincipalID, required.Scopes); len(values) > 0 {
				out = append(out, Permission{app, resource, values})
			}
		}
	}
	if !found {
		return nil, resourceNotRegistered(client.AppID, requested.AppID)
	}
	return out, nil
}

// WithKnownAPIs are the applications that get consent together: a client, and each API that it requires and that has the client among
// its knownClientApplications.
func (c Consents) WithKnownAPIs(client signin.Client) []signin.Client {
	out := []signin.Client{client}
	for _, required := range c.RegistrationOf(client).Required {
		api, ok := c.Directory.Client(required.ResourceAppID)
		known := func(id string) bool { return strings.EqualFold(id, client.AppID) }
		if ok && api.ServicePrincipalID != "" && slices.ContainsFunc(c.RegistrationOf(api).KnownClients, known) {
			out = append(out, api)
		}
	}
	return out
}

// RegistrationOf is a client's registration; empty where the client has none in this tenant.
func (c Consents) RegistrationOf(client signin.Client) signin.Registration {
	registration, _ := c.Directory.Registration(client.AppID)
	return registration
}

// Allowed reports whether a user may consent: each scope is open to users, or the user is an administrator.
func (c Consents) Allowed(person directory.Person, permissions []Permission) bool {
	if person.Administrator {
		return true
	}
	for _, p := range permissions {
		for _, offered := range c.Directory.Scopes(p.Resource.ServicePrincipalID) {
			if slices.Contains(p.Scopes, offered.Value) && !offered.UserConsent {
				return false
			}
		}
	}
	return true
}

// Record stores that a user has consented; an empty user is everybody.
func (c Consents) Record(permissions []Permission, userID string) *oauth.Error {
	for _, p := range permissions {
		if len(p.Scopes) == 0 {
			continue
		}
		if err := c.Directory.Consent(p.Client.ServicePrincipalID, p.Resource.ServicePrincipalID, userID, p.Scopes); err != nil {
			return oauth.Internal(err)
		}
	}
	return nil
}

// ScopesOf are the scopes of a resource that a user has just let a client use: the token service knows them before its replica does.
func ScopesOf(permissions []Permission, client signin.Client, resource signin.Resource) []string {
	var out []string
	for _, p := range permissions {
		if p.Client.AppID == client.AppID && p.Resource.AppID == resource.AppID {
			out = append(out, p.Scopes...)
		}
	}
	return out
}

// Page is the page that asks for consent.
func Page(action string, client signin.Client, person directory.Person, permissions []Permission) page.Consent {
	out := page.Consent{Action: action, Client: client.DisplayName, User: person.UserPrincipalName}
	for _, p := range permissions {
		out.Resources = append(out.Resources, page.ResourceScopes{Name: p.Resource.DisplayName, Scopes: p.Scopes})
	}
	return out
}
