package approleassignment

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// reckoning is what a spec means for the roles as they are.
type reckoning struct {
	// keep are the roles that the spec names and this object has: they are given, or were by this object.
	keep []v1alpha1.NamedID
	// adopt are those of keep that the principal had before status named them: others may be about to take them away.
	adopt []v1alpha1.NamedID
	// give are roles to be given.
	give []v1alpha1.NamedID
	// pending are the IDs of roles that nobody has seen since status names them.
	pending []string
	// lost are those of keep that others took away, and that are only reported, each with the field that asks.
	lost []string
	// take are roles that this object gave, to be taken away unless another one claims them. Those in forced go even where another
	// object of this namespace names them: what speaks against them speaks against it too.
	take, forced []v1alpha1.NamedID
	// faults are why roles cannot be given, each with its field and the way out. Hopeless : one of them never can.
	faults   []string
	hopeless bool
	// refusal or wait is what stands against giving.
	refusal *engine.Refusal
	wait    *engine.Wait
	// kept tells what policy would not allow today, shadow what policies in Audit would deny.
	kept, shadow string
}

// idle tells whether there is nothing to do.
func (r reckoning) idle() bool { return len(r.give)+len(r.adopt)+len(r.take)+len(r.forced) == 0 }

// settled tells whether nothing is to change, and nothing to be told for the first time.
func (k *Kind) settled(obj *v1alpha1.AppRoleAssignment, world World) bool {
	return obj.Status.PrincipalObjectID == world.Client.Value.ObjectID && obj.Status.APIObjectID == world.API.ObjectID && k.reckon(obj, world).idle()
}

// request is a role that the spec asks for.
type request struct {
	v1alpha1.NamedID
	// path is the field that asks.
	path string
	// lets : the API's owner lets this namespace give it to such a principal.
	lets bool
	// recorded : status names it. given : the principal has it. pending : nobody has seen it since status names it. confirmed : it has
	// just been seen.
	recorded, given, pending, confirmed bool
	// lost : others took it away, and it is only reported.
	lost bool
	// fault is why it cannot be given; empty where it can. Hopeless : it never can.
	fault    string
	hopeless bool
	// revoked : policy wants it taken away.
	revoked bool
}

// held : this object was allowed to give it, and the principal has it.
func (a request) held() bool { return a.recorded && a.given }

// barred : it must not be had, or nobody knows what it is.
func (a request) barred() bool { return !a.lets || a.revoked || a.ID == "" }

// wanting : it can be given, and is not.
func (a request) wanting() bool { return !a.given && a.fault == "" }

// found : it is there, and was before status named it.
func (a request) found() bool { return a.given && (a.pending || !a.recorded) && !a.confirmed }

// reckon is pure: Read asks it whether something is to change, Decide what, and Record what to tell.
func (k *Kind) reckon(obj *v1alpha1.AppRoleAssignment, world World) reckoning {
	var r reckoning
	asked := world.requests(obj)
	k.judge(obj, world, asked, &r)
	for _, a := range asked {
		if a.fault != "" {
			r.faults = append(r.faults, a.fault)
			r.hopeless = r.hopeless || a.hopeless
		}
		if !a.barred() {
			r.place(a, world)
		}
	}
	r.obstruct(world)
	r.remove(obj, world, asked)
	for _, role := range slices.Concat(r.give, r.take, r.forced) {
		r.pending = append(r.pending, role.ID)
	}
	return r
}

// requests are the roles that obj asks for: none at its farewell, after its end, and where the API is withheld. Of an API that is
// missing only those that were given are known.
func (w World) requests(obj *v1alpha1.AppRoleAssignment) []request {
	if !obj.DeletionTimestamp.IsZero() || ended(obj, w.Now) || w.Withheld {
		return nil
	}
	var asked []request
	for i, value := range obj.Spec.Roles {
		a := request{path: fmt.Sprintf("spec.roles[%d]", i), NamedID: v1alpha1.NamedID{Value: value}}
		if role, known := w.API.AppRole(value); known {
			a.ID = role.ID
		} else {
			a.ID = roleID(w.recorded(obj), value)
		}
		asked = append(asked, a)
	}
	if obj.Spec.DefaultAccess {
		asked = append(asked, request{path: "spec.defaultAccess", NamedID: v1alpha1.NamedID{ID: entra.DefaultAccess}})
	}
	for i := range asked {
		w.fill(&asked[i], obj)
	}
	return asked
}

// fill finds out how a request stands.
func (w World) fill(a *request, obj *v1alpha1.AppRoleAssignment) {
	a.recorded = a.ID != "" && slices.ContainsFunc(w.recorded(obj), func(role v1alpha1.NamedID) bool { return role.ID == a.ID })
	a.confirmed = slices.Contains(w.Confirmed, a.ID)
	a.pending = a.recorded && !a.confirmed && slices.Contains(obj.Status.Pending, a.ID)
	_, a.given = w.given(a.ID)
	if w.Missing != nil {
		a.lets = true
		return
	}
	a.lets = w.API.LetsAppRole(a.Value, w.Principal.Kind)
	a.lost = a.lets && a.recorded && !a.pending && !a.given && !w.repairs(obj)
	if !a.lost {
		a.fault, a.hopeless = w.fault(*a)
	}
}

// repairs tells whether what others took away is given again.
func (w World) repairs(obj *v1alpha1.AppRoleAssignment) bool {
	if obj.Spec.Repair != "" {
		return obj.Spec.Repair == v1alpha1.RepairAlways
	}
	return w.API.Managed != nil && w.Principal.Kind == v1alpha1.PrincipalAppRegistration
}

// place sorts a request in. What is new is left out where the gate says no to anything that is new, or something is missing.
func (r *reckoning) place(a request, world World) {
	open := world.Missing == nil && r.refusal == nil
	if a.recorded || a.given && open {
		r.hold(a)
	}
	switch {
	case a.lost:
		r.lost = append(r.lost, fmt.Sprintf("%s: %s", a.path, cmp.Or(a.Value, "the default access")))
	case open && a.found():
		r.adopt = append(r.adopt, a.NamedID)
	case open && a.wanting():
		r.give = append(r.give, a.NamedID)
	}
}

func (r *reckoning) hold(a request) {
	r.keep = append(r.keep, a.NamedID)
	if a.pending || a.found() {
		r.pending = append(r.pending, a.ID)
	}
}

// recorded are the roles that obj gave to this very principal, of this very API. What was given to or by another one went with it.
func (w World) recorded(obj *v1alpha1.AppRoleAssignment) []v1alpha1.NamedID {
	if obj.Status.PrincipalObjectID != w.Client.Value.ObjectID || obj.Status.APIObjectID != w.API.ObjectID {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(obj.Status.Roles), func(role v1alpha1.NamedID) bool { return slices.Contains(w.Taken, role.ID) })
}

// remove finds the roles that obj gave and has no longer.
func (r *reckoning) remove(obj *v1alpha1.AppRoleAssignment, world World, asked []request) {
	for _, role := range world.recorded(obj) {
		same := func(other v1alpha1.NamedID) bool { return other.ID == role.ID }
		if _, given := world.given(role.ID); !given || slices.ContainsFunc(r.keep, same) || slices.Contains(world.Spared, role.ID) {
			continue
		}
		if world.Withheld || slices.ContainsFunc(asked, func(a request) bool { return same(a.NamedID) && a.barred() }) {
			r.forced = append(r.forced, role)
		} else {
			r.take = append(r.take, role)
		}
	}
}

// roleID finds a role by value; empty where it is not among them.
func roleID(roles []v1alpha1.NamedID, value string) string {
	at := slices.IndexFunc(roles, func(role v1alpha1.NamedID) bool { return role.Value == value })
	if at < 0 {
		return ""
	}
	return roles[at].ID
}
