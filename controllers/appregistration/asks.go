package appregistration

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

// review asks the gate for all that is new, and whether it would still allow what Entra has already. Fields are never revoked, only
// reported: what they say has no state in which it is gone.
func (k *Kind) review(obj *v1alpha1.AppRegistration, world World) policy.Verdict {
	app := world.application.Value
	if !world.application.IsPresent() {
		app = entra.Application{}
	}
	ask := askOf(world.Basis)
	ask.Name = obj.Name
	if app.AppID != "" {
		ask.Targets = []string{app.AppID, app.ObjectID}
	}
	if app.AppID == "" || obj.Spec.DeletionPolicy == v1alpha1.DeletionPurge {
		ask.Requests = append(ask.Requests, deletion(obj.Spec))
	}
	for _, claim := range claims(obj, world, app) {
		if claim.held {
			ask.Held = append(ask.Held, claim.tuple)
		} else {
			ask.Requests = append(ask.Requests, claim.tuple)
		}
	}
	verdict := k.Gate.Evaluate(ask)
	for i := range verdict.Excess {
		if _, is := verdict.Excess[i].Request.(policy.Field); is {
			verdict.Excess[i].Revoke = false
		}
	}
	return verdict
}

func askOf(basis engine.Basis) policy.Review {
	return policy.Review{
		Kind: kindName, Namespace: basis.Namespace.Name, Labels: basis.Namespace.Labels, Tenant: basis.Tenant.Name,
		Policies: basis.Policies, Operator: basis.Tenant.OperatorIDs,
	}
}

func deletion(spec v1alpha1.AppRegistrationSpec) policy.Request {
	return policy.Deletion{Path: "spec.deletionPolicy", Policy: cmp.Or(spec.DeletionPolicy, v1alpha1.DeletionDelete)}
}

// claim is what the spec asks for. Held : Entra has it already.
type claim struct {
	tuple policy.Request
	held  bool
}

func claims(obj *v1alpha1.AppRegistration, world World, app entra.Application) []claim {
	list := slices.Concat(fieldClaims(obj, world), redirectClaims(obj.Spec, app), identifierClaims(obj.Spec, app))
	for _, p := range world.references.permissions {
		list = append(list, claim{
			policy.Declaration{Path: p.path, API: p.api.Asked(true), Type: p.kind, ID: p.id, Value: p.value}, declares(app, p.api.AppID, p.kind, p.id),
		})
	}
	return list
}

func fieldClaims(obj *v1alpha1.AppRegistration, world World) []claim {
	fresh := map[policy.Request]bool{}
	for _, field := range policy.Fields(kindName, news(obj, world)) {
		fresh[field] = true
	}
	var list []claim
	for _, field := range policy.Fields(kindName, obj.Spec) {
		list = append(list, claim{field, !fresh[field]})
	}
	return list
}

func redirectClaims(spec v1alpha1.AppRegistrationSpec, app entra.Application) []claim {
	var list []claim
	for _, p := range platforms(spec) {
		have := *p.in(&app.ApplicationSettings)
		for i, uri := range p.uris {
			known := slices.ContainsFunc(have, func(h string) bool { return redirectSpelling(h) == redirectSpelling(uri) })
			list = append(list, claim{policy.Redirect{Path: p.path(i), Platform: p.name, URI: uri}, known})
		}
	}
	return list
}

func identifierClaims(spec v1alpha1.AppRegistrationSpec, app entra.Application) []claim {
	var list []claim
	for i, uri := range spec.IdentifierURIs {
		known := slices.Contains(app.IdentifierURIs, strings.ReplaceAll(uri, placeholder, app.AppID))
		list = append(list, claim{policy.IdentifierURI{Path: fmt.Sprintf("spec.identifierURIs[%d]", i), URI: uri, AppID: app.AppID}, known})
	}
	return list
}
