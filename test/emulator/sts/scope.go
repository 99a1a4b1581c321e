package sts

import (
	"net/url"
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
)

// oidcScopes are accepted in every request and mean nothing without a user; client libraries always send them.
var oidcScopes = []string{"openid", "profile", "email", "offline_access"}

// defaultScope is the resource that an app-only request names: exactly one scope that ends in /.default.
func defaultScope(form url.Values) (string, *failure) {
	all := form.Get("scope")
	if strings.TrimSpace(all) == "" {
		return "", parameterMissing("scope")
	}
	scopes := slices.DeleteFunc(strings.Fields(all), func(scope string) bool { return slices.Contains(oidcScopes, scope) })
	for _, scope := range scopes {
		if resource, ok := strings.CutSuffix(scope, "/.default"); !ok || resource == "" {
			return "", scopeNotDefault(all)
		}
	}
	switch len(scopes) {
	case 0:
		return "", scopeNotDefault(all)
	case 1:
		return strings.TrimSuffix(scopes[0], "/.default"), nil
	default:
		return "", scopeInvalid(all, "static scope limit exceeded.")
	}
}

// resource finds the audience. Microsoft Graph is also known by the host under which the caller found the emulator.
func (s *Service) resource(host, named string) (directory.Resource, *failure) {
	name := named
	if isGraph(host, named) {
		name = directory.MicrosoftGraphAppID
	}
	resource, ok := s.directory.Resource(name)
	if !ok {
		return directory.Resource{}, resourceNotFound(named, s.directory.TenantID())
	}
	if resource.Disabled {
		return directory.Resource{}, resourceDisabled(named)
	}
	return resource, nil
}

// isGraph: the caller's own name for the emulator, or any https://graph.* host, with or without the trailing slash.
func isGraph(own, named string) bool {
	host, ok := strings.CutPrefix(strings.TrimSuffix(named, "/"), "https://")
	return ok && !strings.Contains(host, "/") && (strings.EqualFold(host, own) || strings.HasPrefix(host, "graph."))
}
