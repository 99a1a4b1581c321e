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
		ask.Tuples = append(ask.Tuples, deletion(obj.Spec))
	}
	sort := func(tuple policy.Tuple, held bool) {
		if held {
			ask.Held = append(ask.Held, tuple)
		} else {
			ask.Tuples = append(ask.Tuples, tuple)
		}
	}
	fresh := map[policy.Tuple]bool{}
	for _, field := range policy.Fields(kindName, news(obj, world)) {
		fresh[field] = true
	}
	for _, field := range policy.Fields(kindName, obj.Spec) {
		sort(field, !fresh[field])
	}
	redirectAsks(obj.Spec, app, sort)
	identifierAsks(obj.Spec, app, sort)
	for _, p := range world.references.permissions {
		sort(policy.Declaration{Path: p.path, API: p.api.Asked(true), Type: p.kind, ID: p.id, Value: p.value}, declares(app, p.api.AppID, p.kind, p.id))
	}
	verdict := k.Gate.Review(ask)
	for i := range verdict.Excess {
		if _, is := verdict.Excess[i].Tuple.(policy.Field); is {
			verdict.Excess[i].Revoke = false
		}
	}
	return verdict
}

func askOf(basis engine.Basis) policy.Ask {
	return policy.Ask{
		Kind: kindName, Namespace: basis.Namespace.Name, Labels: basis.Namespace.Labels, Tenant: basis.Tenant.Name,
		Policies: basis.Policies, Operator: basis.Tenant.OperatorIDs,
	}
}

func deletion(spec v1alpha1.AppRegistrationSpec) policy.Tuple {
	return policy.Deletion{Path: "spec.deletionPolicy", Policy: cmp.Or(spec.DeletionPolicy, v1alpha1.DeletionDelete)}
}

func redirectAsks(spec v1alpha1.AppRegistrationSpec, app entra.Application, sort func(tuple policy.Tuple, held bool)) {
	for _, p := range platforms(spec) {
		have := *p.in(&app.ApplicationSettings)
		for i, uri := range p.uris {
			known := slices.ContainsFunc(have, func(h string) bool { return redirectSpelling(h) == redirectSpelling(uri) })
			sort(policy.Redirect{Path: p.path(i), Platform: p.name, URI: uri}, known)
		}
	}
}

func identifierAsks(spec v1alpha1.AppRegistrationSpec, app entra.Application, sort func(tuple policy.Tuple, held bool)) {
	for i, uri := range spec.IdentifierURIs {
		known := slices.Contains(app.IdentifierURIs, strings.ReplaceAll(uri, placeholder, app.AppID))
		sort(policy.IdentifierURI{Path: fmt.Sprintf("spec.identifierURIs[%d]", i), URI: uri, AppID: app.AppID}, known)
	}
}
