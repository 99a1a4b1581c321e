// Package application is what an AppRegistration's spec says of its application in Entra, compared with what Entra has: one file a facet,
// all of it pure. Difference is the comparison; the gate judges its entries, and the steps write its patch.
package application

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

// Difference between what a spec asks of an application and what Entra has, with all that follows from it.
type Difference struct {
	// Entries are what the spec asks for.
	Entries []Entry
	// Faults are what Entra would refuse in the spec, field by field, as far as it can be known here.
	Faults []string
	// Created is what the create call carries, where Entra has no application.
	Created entra.ApplicationSettings
	// Patch brings Entra closer; empty where nothing is to be written now. Description says which properties it changes, and how.
	Patch       entra.ApplicationPatch
	Description string
	// AssignmentRequired of the service principal, and the tags that must be among its own.
	AssignmentRequired bool
	PrincipalTags      []string
	// Scopes and AppRoles are those that Entra has and the spec names, as status lists them.
	Scopes, AppRoles []v1alpha1.NamedID
	// Lagging is true where something of ours must be seen in Entra before it can go on.
	Lagging bool
	// Unobserved is true where a role is to be removed once it is known that nobody holds it.
	Unobserved bool
	// HeldRoles say which roles stay, and who holds them.
	HeldRoles []string

	have entra.Application
}

// Entry is one thing that the spec asks for. What Entra shows counts as recorded: status says no more of it.
type Entry struct {
	policy.State
	// Path of the field that asks, as in spec.web.redirectURIs[0].
	Path string
	// Request is what the gate judges; nil where it judges the values of the fields at and below Path.
	Request policy.Request
}

// Compare what a spec wants with what Entra has: the zero Application where it has none. References are what the spec names, and holders
// those of app roles, both as far as they are known.
func Compare(
	spec v1alpha1.AppRegistrationSpec, id Identity, references References, have entra.Application, holders entra.Observed[[]entra.Assignment],
) Difference {
	d := desiredOf(spec, id, references)
	scopes, roles := editScopes(have, d.scopes), editRoles(have, d.roles, holders)
	next := d.over(have)
	next.Scopes, next.AppRoles = scopes.next, roles.next
	patch := entra.Between(have.ApplicationSettings, next)
	diff := Difference{
		Entries: d.entries(have, patch), Faults: d.faults(),
		AssignmentRequired: d.assignmentRequired(), PrincipalTags: append([]string{entra.TagListed}, id.tags()...),
		Scopes: named(have.Scopes, d.scopes, scopeAttributes), AppRoles: named(have.AppRoles, d.roles, roleAttributes),
		Lagging: scopes.lagging || roles.lagging, Unobserved: roles.unobserved, HeldRoles: roles.held, have: have,
	}
	if have.ObjectID == "" {
		diff.Created = d.created()
	}
	diff.Patch = inAudienceOrder(patch, have, diff.Lagging || diff.Unobserved || len(diff.HeldRoles) > 0)
	diff.Description = describe(diff.Patch, map[string]string{
		"scopes": scopes.String(), "appRoles": roles.String(), "requiredResourceAccess": d.accessDetails(have, next.RequiredAccess),
	})
	return diff
}

// entries are all that the spec asks for. Where there is no application, nothing of it is present.
func (d desired) entries(have entra.Application, patch entra.ApplicationPatch) []Entry {
	var entries []Entry
	differs := patch.Names()
	for _, f := range fields {
		entries = append(entries, entry(f.path, have.AppID != "" && !slices.Contains(differs, f.property), nil))
	}
	for i, tag := range d.spec.Tags {
		entries = append(entries, entry(fmt.Sprintf("spec.tags[%d]", i), slices.Contains(have.Tags, tag), nil))
	}
	return slices.Concat(entries, d.redirectEntries(have), d.identifierEntries(have), d.entitlementEntries(have),
		d.permissionEntries(have), d.clientEntries(have))
}

func entry(path string, present bool, request policy.Request) Entry {
	return Entry{State: policy.State{Recorded: present, Present: present, Wanted: true}, Path: path, Request: request}
}

func (d desired) identifierEntries(have entra.Application) []Entry {
	var entries []Entry
	for i, uri := range d.spec.IdentifierURIs {
		path := fmt.Sprintf("spec.identifierURIs[%d]", i)
		present := slices.Contains(have.IdentifierURIs, strings.ReplaceAll(uri, placeholder, have.AppID))
		entries = append(entries, entry(path, present, policy.IdentifierURI{Path: path, URI: uri, AppID: have.AppID}))
	}
	return entries
}

// describe says which properties a patch changes, with details of some.
func describe(patch entra.ApplicationPatch, details map[string]string) string {
	names := patch.Names()
	for i, name := range names {
		if detail := details[name]; detail != "" {
			names[i] = name + " (" + detail + ")"
		}
	}
	return strings.Join(names, ", ")
}

// Revoke is the patch that takes away what policy will not have kept, and nothing else.
func (d Difference) Revoke(excess []policy.Excess) (patch entra.ApplicationPatch, description string) {
	next := d.have.ApplicationSettings
	for _, e := range excess {
		if !e.Revoke {
			continue
		}
		switch request := e.Request.(type) {
		case policy.Redirect:
			uris := platform{name: request.Platform}.in(&next)
			*uris = without(*uris, func(uri string) bool { return redirectSpelling(uri) == redirectSpelling(request.URI) })
		case policy.IdentifierURI:
			filled := strings.ReplaceAll(request.URI, placeholder, d.have.AppID)
			next.IdentifierURIs = without(next.IdentifierURIs, func(uri string) bool { return uri == filled })
		case policy.Declaration:
			next.RequiredAccess = withoutPermission(next.RequiredAccess, request)
		}
	}
	patch = entra.Between(d.have.ApplicationSettings, next)
	removed := countPermissions(d.have.RequiredAccess) - countPermissions(next.RequiredAccess)
	return patch, describe(patch, map[string]string{"requiredResourceAccess": fmt.Sprintf("remove %d", removed)})
}
