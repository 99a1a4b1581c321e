// Package scope reads scope parameters, finds the resource that they name, and which of them are granted.
package scope

import (
	"net/url"
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory/firstparty"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory/signin"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/oauth"
)

// Resolver finds scopes and resources in the directory.
type Resolver struct{ Directory signin.Directory }

// oidcScopes are accepted in every request and mean nothing without a user; client libraries always send them.
var oidcScopes = []string{"openid", "profile", "email", "offline_access"}

// ParseDefault gives the name of the resource that an app-only request asks for: exactly one scope that ends in /.default.
func ParseDefault(form url.Values) (string, *oauth.Error) {
	all := form.Get("scope")
	if strings.TrimSpace(all) == "" {
		return "", oauth.ParameterMissing("scope")
	}
	scopes := slices.DeleteFunc(strings.Fields(all), func(scope string) bool { return slices.Contains(oidcScopes, scope) })
	for _, scope := range scopes {
		if resource, ok := strings.CutSuffix(scope, "/.default"); !ok || resource == "" {
			return "", notDefault(all)
		}
	}
	switch len(scopes) {
	case 0:
		return "", notDefault(all)
	case 1:
		return strings.TrimSuffix(scopes[0], "/.default"), nil
	default:
		return "", invalid(all, "static scope limit exceeded.")
	}
}

// Resource finds a token's audience by name. Microsoft Graph is also known by the host under which the caller found the emulator.
func (r Resolver) Resource(host, name string) (signin.Resource, *oauth.Error) {
	id := name
	if isGraph(host, name) {
		id = firstparty.GraphAppID
	}
	resource, ok := r.Directory.Resource(id)
	if !ok {
		return signin.Resource{}, ResourceNotFound(name, r.Directory.TenantID())
	}
	if resource.Disabled {
		return signin.Resource{}, resourceDisabled(name)
	}
	return resource, nil
}

// isGraph reports whether a name is the caller's own for the emulator, or any https://graph.* host, with or without the trailing slash.
func isGraph(own, name string) bool {
	host, ok := strings.CutPrefix(strings.TrimSuffix(name, "/"), "https://")
	return ok && !strings.Contains(host, "/") && (strings.EqualFold(host, own) || strings.HasPrefix(host, "graph."))
}
