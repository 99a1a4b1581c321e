package appregistration

import (
	"fmt"
	"strings"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

// revoke takes away what policy allows no longer and will not have kept, before anything else: no other fault of the spec holds that
// up. What is taken away is new after that, and denied.
func revoke(world World, excess []policy.Excess) (plan, bool) {
	var c change
	have := world.application.Value.ApplicationSettings
	next := have
	for _, e := range excess {
		if e.Revoke {
			next = without(next, e.Request, world.application.Value.AppID)
		}
	}
	for _, list := range []struct {
		name       string
		field      **[]string
		have, next []string
	}{
		{"identifierUris", &c.patch.IdentifierURIs, have.IdentifierURIs, next.IdentifierURIs},
		{"web.redirectUris", &c.patch.WebRedirectURIs, have.WebRedirectURIs, next.WebRedirectURIs},
		{"spa.redirectUris", &c.patch.SPARedirectURIs, have.SPARedirectURIs, next.SPARedirectURIs},
		{"publicClient.redirectUris", &c.patch.PublicRedirectURIs, have.PublicRedirectURIs, next.PublicRedirectURIs},
	} {
		if setList(list.field, list.have, list.next) {
			c.words = append(c.words, list.name)
		}
	}
	if setList(&c.patch.RequiredAccess, have.RequiredAccess, next.RequiredAccess) {
		c.words = append(c.words, fmt.Sprintf("requiredResourceAccess (remove %d)", count(have.RequiredAccess)-count(next.RequiredAccess)))
	}
	if c.patch.Empty() {
		return plan{}, false
	}
	return engine.Do[World](updateApplication{objectID: world.application.Value.ObjectID, patch: c.patch, words: c.words, because: "no longer allowed: "}), true
}

// without one tuple.
func without(settings entra.ApplicationSettings, tuple policy.Request, appID string) entra.ApplicationSettings {
	switch gone := tuple.(type) {
	case policy.Redirect:
		uris := platform{name: gone.Platform}.in(&settings)
		*uris = except(*uris, func(uri string) bool { return redirectSpelling(uri) == redirectSpelling(gone.URI) })
	case policy.IdentifierURI:
		filled := strings.ReplaceAll(gone.URI, placeholder, appID)
		settings.IdentifierURIs = except(settings.IdentifierURIs, func(uri string) bool { return uri == filled })
	case policy.Declaration:
		settings.RequiredAccess = undeclared(settings.RequiredAccess, gone)
	}
	return settings
}

func undeclared(list []entra.RequiredAccess, gone policy.Declaration) []entra.RequiredAccess {
	var next []entra.RequiredAccess
	is := func(id string) bool { return strings.EqualFold(id, gone.ID) }
	for _, access := range list {
		if strings.EqualFold(access.ResourceAppID, gone.API.AppID) {
			if gone.Type == v1alpha1.PermissionApplication {
				access.AppRoles = except(access.AppRoles, is)
			} else {
				access.Scopes = except(access.Scopes, is)
			}
		}
		if len(access.Scopes)+len(access.AppRoles) > 0 {
			next = append(next, access)
		}
	}
	return next
}
