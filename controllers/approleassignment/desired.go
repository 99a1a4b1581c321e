package approleassignment

import (
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
	// give are roles to be given.
	give []request
	// pending are the IDs of roles that nobody has seen since status names them, and of those about to be given or taken away.
	pending []string
	// lost are those of keep that others took away, and that are only reported.
	lost []request
	// take are roles that this object gave, to be taken away.
	take []v1alpha1.NamedID
	// faults are roles that cannot be given. Hopeless : one of them never can.
	faults   []string
	hopeless bool
	// refusal or wait is what stands against giving.
	refusal *engine.Refusal
	wait    *engine.Wait
	// kept tells what policy would not allow today, shadow what policies in Audit would deny.
	kept, shadow string
}

// idle tells whether there is nothing to do.
func (r reckoning) idle() bool { return len(r.give)+len(r.take) == 0 }

// settled tells whether nothing is to change, and nothing to be told for the first time.
func (k *Kind) settled(obj *v1alpha1.AppRoleAssignment, world World) bool {
	r := k.reckon(obj, world)
	return r.idle() && obj.Status.PrincipalID == world.Client.Value.ObjectID && obj.Status.APIID == world.API.ObjectID &&
		!slices.ContainsFunc(r.keep, func(role v1alpha1.NamedID) bool { return !slices.Contains(obj.Status.Roles, role) })
}

// request is a role that the spec asks for.
type request struct {
	v1alpha1.NamedID
	// path is the field that asks.
	path string
	// lets : the API's owner lets this namespace give it to such a principal.
	lets bool
	// recorded : status names it. given : the principal has it. pending : nobody has seen it since status names it.
	recorded, given, pending bool
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

// unsure : nobody has seen it since status names it. Of what was there already, others may be about to take it away.
func (a request) unsure() bool { return a.given != a.recorded && (a.given || a.pending) }

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
	r.take = world.surplus(obj, asked, r.keep)
	for _, role := range slices.Concat(r.take, named(r.give)) {
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
	a.pending = a.recorded && slices.Contains(obj.Status.Pending, a.ID)
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
		r.keep = append(r.keep, a.NamedID)
		if a.unsure() {
			r.pending = append(r.pending, a.ID)
		}
	}
	switch {
	case a.lost:
		r.lost = append(r.lost, a)
	case open && a.wanting():
		r.give = append(r.give, a)
	}
}

// recorded are the roles that obj gave to this very principal, of this very API. What was given to or by another one went with it.
func (w World) recorded(obj *v1alpha1.AppRoleAssignment) []v1alpha1.NamedID {
	if obj.Status.PrincipalID != w.Client.Value.ObjectID || obj.Status.APIID != w.API.ObjectID {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(obj.Status.Roles), func(role v1alpha1.NamedID) bool { return slices.Contains(w.Taken, role.ID) })
}

// surplus are the roles that obj gave and has no longer, and nobody else gives. What was withheld or revoked goes unless another
// namespace gives it and may: what speaks against it speaks against all of this one.
func (w World) surplus(obj *v1alpha1.AppRoleAssignment, asked []request, keep []v1alpha1.NamedID) []v1alpha1.NamedID {
	return slices.DeleteFunc(w.recorded(obj), func(role v1alpha1.NamedID) bool {
		_, given := w.given(role.ID)
		kept := slices.ContainsFunc(keep, func(other v1alpha1.NamedID) bool { return other.ID == role.ID })
		forced := w.Withheld || slices.ContainsFunc(asked, func(a request) bool { return a.ID == role.ID && (!a.lets || a.revoked) })
		return !given || kept || w.claimed(role, forced)
	})
}

// named are the roles of requests.
func named(asked []request) []v1alpha1.NamedID {
	roles := make([]v1alpha1.NamedID, len(asked))
	for i, a := range asked {
		roles[i] = a.NamedID
	}
	return roles
}

// roleID finds a role by value; empty where it is not among them.
func roleID(roles []v1alpha1.NamedID, value string) string {
	at := slices.IndexFunc(roles, func(role v1alpha1.NamedID) bool { return role.Value == value })
	if at < 0 {
		return ""
	}
	return roles[at].ID
}
