package appregistration

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

// denied asks the gate for everything that is new, and tells all denials at once; empty: it may be done.
func (k *Kind) denied(obj *v1alpha1.AppRegistration, world World) string {
	app := world.application.Value
	ask := policy.Ask{
		Kind:     kindName,
		Operator: append(slices.Clone(world.Tenant.ClientIDs), world.Tenant.ObjectID),
	}
	fresh := obj.Spec
	if world.application.IsPresent() {
		ask.Targets = []string{app.AppID, app.ObjectID}
		fresh = news(obj.Spec, app)
	} else {
		app = entra.Application{}
	}
	if !world.application.IsPresent() || obj.Spec.DeletionPolicy == v1alpha1.DeletionPurge {
		ask.Tuples = append(ask.Tuples, deletion(obj.Spec))
	}
	ask.Tuples = append(ask.Tuples, policy.Fields(kindName, fresh)...)
	ask.Tuples = append(ask.Tuples, redirectAsks(obj.Spec, app)...)
	ask.Tuples = append(ask.Tuples, identifierAsks(obj.Spec, app)...)
	return policy.Message(k.Gate.Review(ask))
}

func deletion(spec v1alpha1.AppRegistrationSpec) policy.Tuple {
	return policy.Deletion{Path: "spec.deletionPolicy", Policy: string(cmp.Or(spec.DeletionPolicy, v1alpha1.DeletionDelete))}
}

// news is the spec without what an application has already: entries of lists are emptied in their place, so that paths stay right.
func news(spec v1alpha1.AppRegistrationSpec, app entra.Application) v1alpha1.AppRegistrationSpec {
	fresh := *spec.DeepCopy()
	if string(spec.SignInAudience) == app.SignInAudience {
		fresh.SignInAudience = ""
	}
	if sameLock(lock(spec.Lock), app.Lock) {
		fresh.Lock = nil
	}
	if fresh.API != nil {
		newAPI(fresh.API, app)
	}
	for i, role := range spec.AppRoles {
		if slices.ContainsFunc(app.AppRoles, func(r entra.AppRole) bool { return r.Value == role.Value }) {
			fresh.AppRoles[i] = v1alpha1.AppRole{}
		}
	}
	return fresh
}

func newAPI(api *v1alpha1.API, app entra.Application) {
	if version := api.RequestedAccessTokenVersion; version != nil && *version == app.AccessTokenVersion {
		api.RequestedAccessTokenVersion = nil
	}
	for i, scope := range api.Scopes {
		kind := string(cmp.Or(scope.Type, v1alpha1.ScopeAdmin))
		if slices.ContainsFunc(app.Scopes, func(s entra.Scope) bool { return s.Value == scope.Value && s.Type == kind }) {
			api.Scopes[i] = v1alpha1.Scope{}
		}
	}
}

func redirectAsks(spec v1alpha1.AppRegistrationSpec, app entra.Application) []policy.Tuple {
	var asks []policy.Tuple
	for _, p := range platforms(spec) {
		have := map[policy.Platform][]string{
			policy.Web: app.WebRedirectURIs, policy.SPA: app.SPARedirectURIs, policy.PublicClient: app.PublicRedirectURIs,
		}[p.name]
		for i, uri := range p.uris {
			known := slices.ContainsFunc(have, func(h string) bool { return redirectSpelling(h) == redirectSpelling(uri) })
			if !known {
				asks = append(asks, policy.Redirect{Path: p.path(i), Platform: p.name, URI: uri})
			}
		}
	}
	return asks
}

func identifierAsks(spec v1alpha1.AppRegistrationSpec, app entra.Application) []policy.Tuple {
	var asks []policy.Tuple
	for i, uri := range spec.IdentifierURIs {
		if !slices.Contains(app.IdentifierURIs, strings.ReplaceAll(uri, placeholder, app.AppID)) {
			asks = append(asks, policy.IdentifierURI{Path: fmt.Sprintf("spec.identifierURIs[%d]", i), URI: uri, AppID: app.AppID})
		}
	}
	return asks
}
