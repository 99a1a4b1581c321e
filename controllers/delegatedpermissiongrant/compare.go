package delegatedpermissiongrant

import (
	"fmt"
	"slices"
	"time"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

// reckoning is what a spec means for the grant as it is.
type reckoning struct {
	// keep are the scopes that the spec names and this object has, or is about to have.
	keep []string
	// give are those of keep that are not consented to yet.
	give []string
	// adopt are those of keep that were consented to before status named them: others may be about to take them away.
	adopt []string
	// lost are those of keep that others took away, and that are only reported.
	lost []string
	// take are scopes that this object named, to be taken away. Those in forced go even where another live object names them: what
	// speaks against them speaks against it too.
	take   []string
	forced []string
	// faults are scopes that cannot be had, each with its field and the way out.
	faults []string
	// refusal or wait is what stands against giving.
	refusal *engine.Refusal
	wait    *engine.Wait
	// kept tells what policy would not allow today, shadow what policies in Audit would not.
	kept, shadow string
}

// idle tells whether there is nothing to do.
func (r reckoning) idle() bool { return len(r.give)+len(r.adopt)+len(r.take)+len(r.forced) == 0 }

// reckon is pure: Read asks it whether something is to change, Decide what, and Record what to tell.
func (k *Kind) reckon(obj *v1alpha1.DelegatedPermissionGrant, world World) reckoning {
	var r reckoning
	if obj.DeletionTimestamp.IsZero() && !ended(obj, world.Now) && !world.Withheld {
		for i, value := range obj.Spec.Scopes {
			r.place(world.scope(obj, i, value), repairs(obj, world))
		}
		k.judge(obj, world, &r)
		r.obstruct(obj, world)
	}
	for _, scope := range world.leftover(obj, r) {
		switch {
		case slices.Contains(r.forced, scope):
		case world.Withheld || !world.API.LetsScope(scope):
			r.forced = append(r.forced, scope)
		case !world.claimed(scope):
			r.take = append(r.take, scope)
		}
	}
	return r
}

// unsettled tells whether something is to change, or to be named for the first time.
func (k *Kind) unsettled(obj *v1alpha1.DelegatedPermissionGrant, world World) bool {
	farewell := !obj.DeletionTimestamp.IsZero()
	return farewell || !world.bound(obj) || !k.reckon(obj, world).idle()
}

func ended(obj *v1alpha1.DelegatedPermissionGrant, now time.Time) bool {
	return obj.Spec.NotAfter != nil && !now.Before(obj.Spec.NotAfter.Time)
}

// repairs tells whether what others took away is given again.
func repairs(obj *v1alpha1.DelegatedPermissionGrant, world World) bool {
	if obj.Spec.Repair != "" {
		return obj.Spec.Repair == v1alpha1.RepairAlways
	}
	return world.API.Managed != nil
}

// scope is one that the spec names, with all that is known of it.
type scope struct {
	reference.Permission
	// fault is why it cannot be had; empty where it can.
	fault string
	// lets : the API's owner lets this namespace use it. known : the API has it.
	lets, known bool
	// held : it is consented to. recorded : status names it. fresh : it was seen, or written, since status names it.
	held, recorded, fresh bool
	// lost : it was seen before and is not held.
	lost bool
}

func (w World) scope(obj *v1alpha1.DelegatedPermissionGrant, i int, value string) scope {
	s := scope{held: w.holds(value), recorded: w.recorded(obj, value), lets: w.API.LetsScope(value)}
	s.Permission, s.known = w.API.Scope(value)
	s.Value = value
	pending := slices.Contains(w.pending(obj), value)
	s.fresh = slices.Contains(w.Confirmed, value) || s.recorded && !pending
	s.lost = s.recorded && !pending && !s.held
	s.fault = w.fault(fmt.Sprintf("spec.scopes[%d]: %s", i, w.API.Title), s)
	return s
}

// fault is why a scope cannot be had, and the way out.
func (w World) fault(path string, s scope) string {
	switch {
	case !s.known && w.API.Managed != nil && !w.API.Own:
		return fmt.Sprintf("%s has no scope %+q, or its allowedConsumers does not let namespace %q use it; %s",
			path, s.Value, w.Namespace.Name, reference.Nearest(s.Value, w.API.Scopes))
	case !s.known:
		return fmt.Sprintf("%s has no scope %+q; %s", path, s.Value, reference.Nearest(s.Value, w.API.Scopes))
	case !s.Enabled && !s.held:
		return fmt.Sprintf("%s has a scope %+q, but it is disabled: enable it there", path, s.Value)
	default:
		return ""
	}
}

// place sorts a scope in.
func (r *reckoning) place(s scope, repairs bool) {
	if s.fault != "" {
		r.faults = append(r.faults, s.fault)
	}
	available := s.lets && (s.recorded || s.fault == "")
	if !available {
		return
	}
	r.keep = append(r.keep, s.Value)
	switch {
	case s.held && !s.fresh:
		r.adopt = append(r.adopt, s.Value)
	case s.held, s.fault != "":
	case s.lost && !repairs:
		r.lost = append(r.lost, s.Value)
	default:
		r.give = append(r.give, s.Value)
	}
}

// grant is the one that it is about, as Entra has it.
func (w World) grant() (entra.Grant, bool) {
	at := slices.IndexFunc(w.Grants.Value, func(g entra.Grant) bool { return g.GrantKey == w.key() })
	if at < 0 {
		return entra.Grant{GrantKey: w.key()}, false
	}
	return w.Grants.Value[at], true
}

// holds tells whether a scope is consented to.
func (w World) holds(scope string) bool {
	grant, _ := w.grant()
	return slices.Contains(grant.Scopes, scope)
}

// recorded tells whether obj named a scope in this very grant and has not just taken it away. What it named in another one, of a service
// principal that is no more, went with that.
func (w World) recorded(obj *v1alpha1.DelegatedPermissionGrant, scope string) bool {
	return w.bound(obj) && slices.Contains(obj.Status.Scopes, scope) && !slices.Contains(w.Taken, scope)
}

// named tells whether obj's status names all of the scopes.
func (w World) named(obj *v1alpha1.DelegatedPermissionGrant, scopes []string) bool {
	return len(only(scopes, func(scope string) bool { return !w.recorded(obj, scope) })) == 0
}

// pending are the scopes that nobody has seen since obj named them.
func (w World) pending(obj *v1alpha1.DelegatedPermissionGrant) []string {
	if !w.bound(obj) {
		return nil
	}
	return slices.Clone(obj.Status.Pending)
}

// leftover are the scopes that obj named, names no longer, and that are still consented to.
func (w World) leftover(obj *v1alpha1.DelegatedPermissionGrant, r reckoning) []string {
	return slices.DeleteFunc(slices.Clone(obj.Status.Scopes), func(scope string) bool {
		return !w.recorded(obj, scope) || !w.holds(scope) || slices.Contains(r.keep, scope)
	})
}
