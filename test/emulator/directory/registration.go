package directory

import (
	"slices"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// Registration is what an application says about how users sign in to it and what it needs.
type Registration struct {
	Web, SPA, PublicClient []string // redirect URIs
	FallbackPublicClient   bool     // isFallbackPublicClient: flows without a redirect URI need no credential
	ImplicitIDTokens       bool
	ImplicitAccessTokens   bool
	Required               []Required
	KnownClients           []string // client IDs: consent to one of these is consent to what this application requires too
}

// Required is what an application needs of one API, by the IDs of permissions.
type Required struct {
	ResourceAppID string
	Scopes, Roles []string
}

// Registration finds an application by its client ID, as the token service sees it.
func (d *Directory) Registration(appID string) (Registration, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.session(Caller{})
	app := s.find(Application, Key{Property: "appId", Value: appID}, s.tokens)
	if app == nil {
		return Registration{}, false
	}
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
	return out, true
}

// Scope is an enabled delegated permission of an API.
type Scope struct {
	ID, Value   string
	UserConsent bool // a user may consent; else only an administrator
}

// Scopes are the enabled delegated permissions of a resource, by its object ID.
func (d *Directory) Scopes(resourceID string) []Scope {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.session(Caller{})
	s.read = s.tokens
	return s.scopes(resourceID)
}

func (s *Session) scopes(resourceID string) []Scope {
	resource := s.Seen(resourceID)
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
func (s *Session) preAuthorized(clientAppID, resourceID string) []string {
	resource := s.Seen(resourceID)
	if resource == nil {
		return nil
	}
	var ids, out []string
	for _, client := range odata.Documents(s.applicationOf(resource), "api", "preAuthorizedApplications") {
		if sameText(odata.Text(client, "appId"), clientAppID) {
			ids = append(ids, odata.Texts(client, "delegatedPermissionIds")...)
		}
	}
	for _, scope := range s.scopes(resourceID) {
		if slices.Contains(ids, scope.ID) {
			out = append(out, scope.Value)
		}
	}
	return out
}
