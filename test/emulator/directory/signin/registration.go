package signin

import (
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// Registration is how users sign in to an application, and what it requires of APIs.
type Registration struct {
	Web, SPA, PublicClient []string // redirect URIs
	FallbackPublicClient   bool     // isFallbackPublicClient: flows without a redirect URI need no credential
	ImplicitIDTokens       bool
	ImplicitAccessTokens   bool
	Required               []Required
	KnownClients           []string // client IDs: consent to one of these is consent to what this application requires too
}

// Required is what an application requires of one API, by the IDs of permissions.
type Required struct {
	ResourceAppID string
	Scopes, Roles []string
}

// Registration finds an application by its client ID, as the token service sees it.
func (d Directory) Registration(appID string) (out Registration, ok bool) {
	d.AtTokenService(func(s *directory.Session) {
		if app, err := s.Find(directory.Application, directory.Key{Property: "appId", Value: appID}); err == nil {
			out, ok = registrationOf(app), true
		}
	})
	return out, ok
}

func registrationOf(app *directory.Object) Registration {
	out := Registration{
		Web: odata.Texts(app.Doc, "web", "redirectUris"), SPA: odata.Texts(app.Doc, "spa", "redirectUris"),
		PublicClient:         odata.Texts(app.Doc, "publicClient", "redirectUris"),
		FallbackPublicClient: odata.Flag(app.Doc, "isFallbackPublicClient"),
		ImplicitIDTokens:     odata.At(app.Doc, "web", "implicitGrantSettings", "enableIdTokenIssuance") == true,
		ImplicitAccessTokens: odata.At(app.Doc, "web", "implicitGrantSettings", "enableAccessTokenIssuance") == true,
		KnownClients:         odata.Texts(app.Doc, "api", "knownClientApplications"),
	}
	for _, api := range odata.Documents(app.Doc, "requiredResourceAccess") {
		required := Required{ResourceAppID: odata.Text(api, "resourceAppId")}
		for _, access := range odata.Documents(api, "resourceAccess") {
			if odata.Text(access, "type") == "Role" {
				required.Roles = append(required.Roles, odata.Text(access, "id"))
			} else {
				required.Scopes = append(required.Scopes, odata.Text(access, "id"))
			}
		}
		out.Required = append(out.Required, required)
	}
	return out
}

// Scope is an enabled delegated permission of an API.
type Scope struct {
	ID, Value   string
	UserConsent bool // a user may consent; else only an administrator
}

// Scopes are the enabled delegated permissions of a resource, by its object ID.
func (d Directory) Scopes(resourceID string) (out []Scope) {
	d.AtTokenService(func(s *directory.Session) { out = scopesOf(s, resourceID) })
	return out
}

func scopesOf(s *directory.Session, resourceID string) []Scope {
	resource := s.FindAny(resourceID)
	if resource == nil {
		return nil
	}
	var out []Scope
	for _, scope := range odata.Documents(s.Properties(resource), "oauth2PermissionScopes") {
		if odata.Flag(scope, "isEnabled") {
			out = append(out, Scope{
				ID: odata.Text(scope, "id"), Value: odata.Text(scope, "value"), UserConsent: odata.Text(scope, "type") == "User",
			})
		}
	}
	return out
}

// preAuthorized are the values that a resource lets a client use without consent.
func preAuthorized(s *directory.Session, clientAppID, resourceID string) []string {
	resource := s.FindAny(resourceID)
	if resource == nil {
		return nil
	}
	var ids, out []string
	for _, client := range odata.Documents(s.ApplicationOf(resource), "api", "preAuthorizedApplications") {
		if strings.EqualFold(odata.Text(client, "appId"), clientAppID) {
			ids = append(ids, odata.Texts(client, "delegatedPermissionIds")...)
		}
	}
	for _, scope := range scopesOf(s, resourceID) {
		if slices.Contains(ids, scope.ID) {
			out = append(out, scope.Value)
		}
	}
	return out
}
