package appregistration

import (
	"slices"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// change is what brings a live application closer to what is wanted.
type change struct {
	patch entra.ApplicationPatch
	// words name what the patch touches.
	words []string
	// pending : something of ours must be seen in Entra before we can go on.
	pending bool
	// kept are roles that stay because somebody holds them.
	kept []string
}

func changeOf(world World, d desired) change {
	have := world.application.Value
	var c change
	c.texts(have.ApplicationSettings, d.settings)
	c.lists(have, d)
	c.entitlements(world, d)
	c.references(have, d)
	c.orderAudience(have)
	return c
}

func (c *change) texts(have, want entra.ApplicationSettings) {
	c.text("displayName", &c.patch.DisplayName, have.DisplayName, want.DisplayName)
	c.text("description", &c.patch.Description, have.Description, want.Description)
	c.text("signInAudience", &c.patch.SignInAudience, have.SignInAudience, want.SignInAudience)
	if max(have.AccessTokenVersion, 1) != want.AccessTokenVersion {
		c.patch.AccessTokenVersion = &want.AccessTokenVersion
		c.words = append(c.words, "requestedAccessTokenVersion")
	}
	if !sameLock(have.Lock, want.Lock) {
		c.patch.Lock = &want.Lock
		c.words = append(c.words, "lock")
	}
}

func (c *change) text(name string, field **string, have, want string) {
	if have != want {
		*field = &want
		c.words = append(c.words, name)
	}
}

func (c *change) lists(have entra.Application, d desired) {
	for _, list := range []struct {
		name         string
		field        **[]string
		have, wanted []string
		spell        func(string) string
	}{
		{"identifierUris", &c.patch.IdentifierURIs, have.IdentifierURIs, d.identifierURIsOf(have.AppID), verbatim},
		{"tags", &c.patch.Tags, have.Tags, d.settings.Tags, verbatim},
		{"web.redirectUris", &c.patch.WebRedirectURIs, have.WebRedirectURIs, d.settings.WebRedirectURIs, redirectSpelling},
		{"spa.redirectUris", &c.patch.SPARedirectURIs, have.SPARedirectURIs, d.settings.SPARedirectURIs, redirectSpelling},
		{"publicClient.redirectUris", &c.patch.PublicRedirectURIs, have.PublicRedirectURIs, d.settings.PublicRedirectURIs, redirectSpelling},
	} {
		if next := asSet(list.have, list.wanted, list.spell); next != nil {
			*list.field = next
			c.words = append(c.words, list.name)
		}
	}
}

func (c *change) entitlements(world World, d desired) {
	scopes := editScopes(world.application.Value, d.scopes)
	if words := scopes.words(); words != "" {
		next := slices.Concat([]entra.Scope{}, scopes.next)
		c.patch.Scopes = &next
		c.words = append(c.words, "scopes ("+words+")")
	}
	roles := editRoles(world, d.roles)
	if words := roles.words(); words != "" {
		next := slices.Concat([]entra.AppRole{}, roles.next)
		c.patch.AppRoles = &next
		c.words = append(c.words, "appRoles ("+words+")")
	}
	c.pending = scopes.pending || roles.pending
	c.kept = roles.kept
}
