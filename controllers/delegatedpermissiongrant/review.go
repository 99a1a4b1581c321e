package delegatedpermissiongrant

import (
	"fmt"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

// judge asks the gate. What is new and denied is left out, and so is all that is new with it; what is held and must go is not kept. Of
// an API that is missing nothing is known that could be judged, and nothing new is asked of it.
func (k *Kind) judge(obj *v1alpha1.DelegatedPermissionGrant, world World, r *reckoning) {
	if world.Missing != nil {
		return
	}
	ask := asked(obj, world)
	for _, scope := range r.keep {
		tuple := world.consent(obj.Spec.Scopes, scope, obj.Spec.NotAfter)
		switch recorded := world.recorded(obj, scope); {
		case recorded && world.holds(scope):
			ask.Held = append(ask.Held, tuple)
		case !recorded, slices.Contains(r.give, scope):
			ask.Requests = append(ask.Requests, tuple)
		}
	}
	verdict := k.Gate.Evaluate(ask)
	if len(verdict.Denied) > 0 {
		r.refusal = &engine.Refusal{Reason: v1alpha1.ReasonDenied, Message: policy.Message(verdict.Denied)}
		r.adopt = only(r.adopt, func(scope string) bool { return world.recorded(obj, scope) })
		r.withhold(obj, world)
	}
	for i := range verdict.Excess {
		excess := &verdict.Excess[i]
		scope := excess.Request.(policy.Consent).Scope
		excess.Revoke = excess.Revoke && !k.entitled(obj, world, scope)
		if excess.Revoke {
			r.revoke(scope)
		}
	}
	r.kept, r.shadow = verdict.Kept(), verdict.Shadowed()
}

// revoke moves a scope from what is kept to what is taken away.
func (r *reckoning) revoke(scope string) {
	others := func(other string) bool { return other != scope }
	r.keep, r.adopt, r.forced = only(r.keep, others), only(r.adopt, others), append(r.forced, scope)
}

// entitled tells whether another live object names the scope and may keep it. Then it is not for us to take it away.
func (k *Kind) entitled(obj *v1alpha1.DelegatedPermissionGrant, world World, scope string) bool {
	return slices.ContainsFunc(world.Claims, func(c claim) bool {
		if !c.names(scope, world.Now) {
			return false
		}
		ask := asked(obj, world)
		ask.Name = "" // it is another's: nothing is noted
		ask.Held = []policy.Request{world.consent(obj.Spec.Scopes, scope, c.NotAfter)}
		return !slices.ContainsFunc(k.Gate.Evaluate(ask).Excess, func(e policy.Excess) bool { return e.Revoke })
	})
}

func asked(obj *v1alpha1.DelegatedPermissionGrant, world World) policy.Review {
	return policy.Review{
		Kind: "DelegatedPermissionGrant", Namespace: obj.Namespace, Name: obj.Name,
		Labels: world.Namespace.Labels, Tenant: world.Tenant.Name, Policies: world.Policies, Operator: world.Tenant.OperatorIDs,
		Targets: []string{world.Client.ID, world.Client.AppID}, Justification: obj.Spec.Justification,
	}
}

func (w World) consent(spec []string, scope string, notAfter *metav1.Time) policy.Consent {
	permission, _ := w.API.Scope(scope)
	consent := policy.Consent{
		Path:     fmt.Sprintf("spec.scopes[%d]", slices.Index(spec, scope)),
		ClientID: w.Client.ID, ClientAppID: w.Client.AppID, API: w.API.Asked(w.API.LetsScope(scope)),
		ScopeID: permission.ID, Scope: scope, UserID: w.UserID,
	}
	if notAfter != nil {
		consent.Lifetime = notAfter.Sub(w.Now)
	}
	return consent
}

// obstruct finds what stands against giving, the gate aside.
func (r *reckoning) obstruct(obj *v1alpha1.DelegatedPermissionGrant, world World) {
	if len(r.give) == 0 {
		return
	}
	client := fmt.Sprintf("AppRegistration %q", world.Client.Name)
	switch {
	case world.Client.Leaving:
		wait := reference.LeavingWait(world.Client.Name)
		r.wait = &wait
	case world.API.Leaving:
		wait := reference.LeavingWait(world.API.Managed.Name)
		r.wait = &wait
	case world.Client.Disabled || world.Principal.Value.Disabled:
		r.refusal = reference.DisabledRefusal(client)
	case world.API.Disabled || world.Resource.Value.Disabled:
		r.refusal = reference.DisabledRefusal(world.API.Title)
	default:
		r.refusal = world.tooLong(r.give)
	}
	if r.wait != nil || r.refusal != nil {
		r.withhold(obj, world)
	}
}

// tooLong refuses more than one grant can hold; what others put there counts.
func (w World) tooLong(give []string) *engine.Refusal {
	grant, _ := w.grant()
	length := len(strings.Join(slices.Concat(grant.Scopes, give), " "))
	if length <= entra.MaxGrantScope {
		return nil
	}
	return &engine.Refusal{Reason: v1alpha1.ReasonInvalid, Message: fmt.Sprintf(
		"spec.scopes: with what others put there, the scopes of this consent would have %d characters together, and Entra takes %d: name fewer",
		length, entra.MaxGrantScope)}
}

// withhold leaves out what is to be given.
func (r *reckoning) withhold(obj *v1alpha1.DelegatedPermissionGrant, world World) {
	r.give = nil
	r.keep = only(r.keep, func(scope string) bool { return world.recorded(obj, scope) || slices.Contains(r.adopt, scope) })
}

func only(scopes []string, stay func(string) bool) []string {
	return slices.DeleteFunc(slices.Clone(scopes), func(scope string) bool { return !stay(scope) })
}
