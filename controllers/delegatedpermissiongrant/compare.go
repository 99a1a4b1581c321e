package delegatedpermissiongrant

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/permission"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

// compare what the spec asks for with status and Entra, and ask the gate about it.
func (k *Kind) compare(obj *v1alpha1.DelegatedPermissionGrant, world World, now time.Time) permission.Comparison {
	review := world.Review(words.Kind, obj, obj.Spec.Justification)
	review.Targets = []string{world.Client.ServicePrincipalObjectID, world.Client.AppID}
	subject := world.subject(obj, now)
	subject.Gate, subject.Review = k.Gate, review
	life := permission.Lifetime(obj.Spec.NotAfter, now)
	subject.Request = func(e permission.Entry) policy.Request { return world.request(e, life) }
	// Two objects of which one may keep a scope and the other one may not would otherwise give and take it for ever.
	subject.Leaves = func(e permission.Entry) bool {
		return slices.ContainsFunc(world.Claims, func(claim permission.Claim) bool {
			request := world.request(e, permission.Lifetime(claim.NotAfter, now))
			return claim.Names(e.ID, now) && permission.MayKeep(k.Gate, review, claim, request)
		})
	}
	c := permission.Compare(subject)
	c.Block(world.World, world.Client, world.clientTitle(), world.clientShown().Disabled)
	if tooLong := world.tooLong(c.Give); tooLong != nil {
		c.Refusal, c.Give = tooLong, nil
	}
	return c
}

func (w World) subject(obj *v1alpha1.DelegatedPermissionGrant, now time.Time) permission.Subject {
	s := permission.Subject{
		World: w.World, Pending: obj.Status.Pending, Present: w.Present(),
		Repairs: obj.Spec.Repair == v1alpha1.RepairAlways || obj.Spec.Repair == "" && w.API.Managed != nil,
		Spared: func(scope v1alpha1.NamedID, forced bool) bool {
			return !forced && permission.Discount{}.Claimed(w.Claims, scope.ID, now)
		},
	}
	if w.bound(obj) {
		for _, scope := range obj.Status.Scopes {
			s.Recorded = append(s.Recorded, named(scope))
		}
	}
	if obj.DeletionTimestamp.IsZero() && !permission.Expired(obj.Spec.NotAfter, now) && !w.Withheld {
		for i, value := range obj.Spec.Scopes {
			e := s.Entry(fmt.Sprintf("spec.scopes[%d]", i), named(value), w.API.LetsScope(value))
			e.Fault = w.fault(e)
			s.Wanted = append(s.Wanted, e)
		}
	}
	return s
}

// named is a scope as the comparison knows it: by its value, as grants do.
func named(scope string) v1alpha1.NamedID { return v1alpha1.NamedID{Value: scope, ID: scope} }

// fault is why a scope cannot be had, and the way out.
func (w World) fault(e permission.Entry) string {
	scope, known := w.API.Scope(e.Value)
	nearest := reference.Nearest(e.Value, w.API.Scopes)
	switch {
	case !known && w.API.Managed != nil && !w.API.Own:
		return fmt.Sprintf("%s: %s has no scope %+q, or its allowedConsumers does not let namespace %q use it; %s",
			e.Path, w.API.Title, e.Value, w.Namespace.Name, nearest)
	case !known:
		return fmt.Sprintf("%s: %s has no scope %+q; %s", e.Path, w.API.Title, e.Value, nearest)
	case !scope.Enabled && !e.Present:
		return fmt.Sprintf("%s: %s has a scope %+q, but it is disabled: enable it there", e.Path, w.API.Title, e.Value)
	default:
		return ""
	}
}

// tooLong refuses more than one grant can hold; what others put there counts.
func (w World) tooLong(give []v1alpha1.NamedID) *engine.Refusal {
	length := len(strings.Join(slices.Concat(w.Present(), permission.IDs(give)), " "))
	if len(give) == 0 || length <= entra.MaxGrantScope {
		return nil
	}
	return engine.Refuse(v1alpha1.ReasonInvalid,
		"spec.scopes: with what others put there, the scopes of this consent would have %d characters together, and Entra takes %d: name fewer",
		length, entra.MaxGrantScope)
}

// request is a scope as policy sees it.
func (w World) request(e permission.Entry, life time.Duration) policy.Consent {
	scope, _ := w.API.Scope(e.Value)
	return policy.Consent{
		Path: e.Path, ClientID: w.Client.ServicePrincipalObjectID, ClientAppID: w.Client.AppID,
		API: w.API.Judged(w.API.LetsScope(e.Value)), ScopeID: scope.ID, Scope: e.Value, UserID: w.UserID, Lifetime: life,
	}
}

// lostMessage tells of the scopes that others took away.
func lostMessage(entries []permission.Entry) string {
	if len(entries) == 0 {
		return ""
	}
	values := make([]string, len(entries))
	for i, e := range entries {
		values[i] = e.Value
	}
	return "taken away in Entra by others, and not given again unless spec.repair is Always: " + strings.Join(values, ", ")
}
