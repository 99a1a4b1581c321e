package permission

import (
	"cmp"
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

// Comparison of what a spec asks for with what status recorded and with what Entra has: made once a decision, and all that steps, messages
// and status are read from.
type Comparison struct {
	// Keep are the permissions that the spec names and this object has: they are there, or status names them. Give are to be given.
	Keep, Give []v1alpha1.NamedID
	// Adopt are those of Keep that may have been there before status named them: others may be about to take them away.
	Adopt []v1alpha1.NamedID
	// Lost are those of Keep that others took away, and that are only reported.
	Lost []Entry
	// Take are permissions of this object that it asks for no longer. Forced go even where neighbours name them. Spared are those that
	// other objects claim.
	Take, Forced, Spared []v1alpha1.NamedID
	// Faults are why permissions cannot be given, each with its field and the way out. Hopeless is true where one of them never can.
	Faults   []string
	Hopeless bool
	// Refusal or Wait is why nothing new is given.
	Refusal *engine.Refusal
	Wait    *engine.Wait
	// Verdict is what the gate said; nil where it was not asked.
	Verdict any

	// pending are the IDs of those of Keep that nobody has seen since status names them.
	pending []string
	// kept tells what policy would not allow today, shadow what policies in Audit would deny.
	kept, shadow string
}

// Compare an object with Entra.
func Compare(s Subject) Comparison {
	var c Comparison
	if s.Request != nil && s.World.Missing == nil { // of what is missing nothing is known that could be judged
		c.judge(s)
	}
	for _, e := range s.Wanted {
		if e.Fault != "" {
			c.Faults = append(c.Faults, e.Fault)
			c.Hopeless = c.Hopeless || e.Hopeless
		}
		if !e.barred() {
			// Nothing new can be had where something is missing, or where the gate denies anything.
			c.place(s, e, e.Fault == "" && c.Refusal == nil && s.World.Missing == nil)
		}
	}
	c.remove(s)
	return c
}

// judge asks the gate. One denial keeps back all that is new; what is held and must go is marked, and is denied too.
func (c *Comparison) judge(s Subject) {
	verdict := s.judge()
	denied := slices.Clone(verdict.Denied)
	told := verdict
	told.Excess = nil
	for _, excess := range verdict.Excess {
		at := slices.IndexFunc(s.Wanted, func(e Entry) bool { return e.Path == excess.Path })
		if excess.Revoke = excess.Revoke && at >= 0 && (s.Leaves == nil || !s.Leaves(s.Wanted[at])); excess.Revoke {
			denied = append(denied, excess.Denial)
			s.Wanted[at].revoked = true
		}
		told.Excess = append(told.Excess, excess)
	}
	if len(denied) > 0 {
		c.Refusal = &engine.Refusal{Reason: v1alpha1.ReasonDenied, Message: policy.Message(denied)}
	}
	c.Verdict, c.kept, c.shadow = verdict, told.KeptMessage(), told.WouldDenyMessage()
}

// place sorts a permission in. It is available where it could be had if it were new.
func (c *Comparison) place(s Subject, e Entry, available bool) {
	kept := e.Recorded || e.Present && available
	if kept {
		c.Keep = append(c.Keep, e.NamedID)
		if e.unseen() {
			c.pending = append(c.pending, e.ID)
		}
	}
	switch {
	case s.OnlyReports(e):
		c.Lost = append(c.Lost, e)
	case kept && e.unconfirmed():
		c.Adopt = append(c.Adopt, e.NamedID)
	case !e.Present && available:
		c.Give = append(c.Give, e.NamedID)
	}
}

// remove finds what the object has and does not keep.
func (c *Comparison) remove(s Subject) {
	for _, named := range s.recorded() {
		same := func(other v1alpha1.NamedID) bool { return other.ID == named.ID }
		if !slices.Contains(s.Present, named.ID) || slices.ContainsFunc(c.Keep, same) {
			continue
		}
		forced := s.World.Withheld || slices.ContainsFunc(s.Wanted, func(e Entry) bool { return same(e.NamedID) && e.barred() })
		switch {
		case s.Spared(named, forced):
			c.Spared = append(c.Spared, named)
		case forced:
			c.Forced = append(c.Forced, named)
		default:
			c.Take = append(c.Take, named)
		}
	}
}

// Block gives nothing where the principal, the client or the API is being deleted or disabled. Who is how messages call the one whom app
// is about; disabled is what Entra shows of it.
func (c *Comparison) Block(w World, app reference.App, who string, disabled bool) {
	if len(c.Give) == 0 {
		return
	}
	switch {
	case app.Deleting:
		c.Wait = new(reference.DeletingWait(app.Name))
	case w.API.Deleting:
		c.Wait = new(reference.DeletingWait(w.API.Managed.Name))
	case app.Disabled || disabled:
		c.Refusal = reference.DisabledRefusal(who)
	case w.API.Disabled || w.ObservedAPI != nil && w.ObservedAPI.Value.Disabled:
		c.Refusal = reference.DisabledRefusal(w.API.Title)
	default:
		return
	}
	c.Give = nil
}

// Idle reports whether there is nothing to do.
func (c Comparison) Idle() bool { return len(c.Give)+len(c.Adopt)+len(c.Take)+len(c.Forced) == 0 }

// Names are the permissions for status to name: what is had or about to be given, and what is not taken away yet.
func (c Comparison) Names() []v1alpha1.NamedID {
	return slices.Compact(slices.SortedFunc(slices.Values(slices.Concat(c.Keep, c.Give, c.Take, c.Forced)), func(a, b v1alpha1.NamedID) int {
		return cmp.Or(strings.Compare(a.Value, b.Value), strings.Compare(a.ID, b.ID))
	}))
}

// Pending are the IDs of those of Names of which nobody has seen whether Entra has them.
func (c Comparison) Pending() []string {
	return Set(c.pending, IDs(c.Give), IDs(c.Take), IDs(c.Forced))
}

// Set is what any of the lists names, sorted, as status has it.
func Set(lists ...[]string) []string {
	return slices.Compact(slices.Sorted(slices.Values(slices.Concat(lists...))))
}

// IDs of permissions.
func IDs(named []v1alpha1.NamedID) []string {
	var ids []string
	for _, one := range named {
		ids = append(ids, one.ID)
	}
	return ids
}
