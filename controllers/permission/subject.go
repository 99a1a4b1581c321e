package permission

import (
	"slices"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

// Entry is one permission that a spec asks for. Its ID is what status and Entra know it by: of a role its ID, of a scope its value. It is
// empty where the API has no such permission.
type Entry struct {
	v1alpha1.NamedID
	policy.State
	// Path of the field that asks.
	Path string
	// Let is true where the API's owner lets this namespace have it.
	Let bool
	// Pending is true where nobody has seen it since status names it, Confirmed where it was seen or given in this reconcile.
	Pending, Confirmed bool
	// Fault is why it cannot be given, and the way out; empty where it can. Hopeless is true where it never can.
	Fault    string
	Hopeless bool
	// revoked is true where policy wants it taken away.
	revoked bool
}

// barred reports whether it must not be had, or nobody knows what it is.
func (e Entry) barred() bool { return !e.Let || e.revoked || e.ID == "" }

// unconfirmed reports whether it is there, and may have been before status named it: others may be about to take it away.
func (e Entry) unconfirmed() bool { return e.Present && !e.Confirmed && (e.Pending || !e.Recorded) }

// unseen reports whether nobody has seen since status names it whether it is there.
func (e Entry) unseen() bool { return e.Pending || e.unconfirmed() }

// Subject is an object as it is compared with Entra.
type Subject struct {
	World World
	// Recorded are the permissions that status names of this very API and principal. What it names of others went with these.
	Recorded []v1alpha1.NamedID
	// Pending are the IDs of those that nobody has seen since status names them, Present the IDs that Entra shows.
	Pending, Present []string
	// Repairs is true where what others took away is given again.
	Repairs bool
	// Wanted is what the spec asks for; nothing in a deletion, after notAfter, and where the API is withheld.
	Wanted []Entry
	// Spared reports whether a permission is not for this object to take away, because another one claims it. Forced is true where what
	// speaks against this object's having it speaks against its neighbours too.
	Spared func(named v1alpha1.NamedID, forced bool) bool

	// Gate judges what is Wanted by Review and Request; it is not asked where there is no Request, as in a deletion.
	Gate    policy.Gate
	Review  policy.Review
	Request func(Entry) policy.Request
	// Leaves reports whether a permission that policy wants to be taken away is another object's to keep; nil where none is.
	Leaves func(Entry) bool
}

// Entry is a permission that the spec asks for, with what status and Entra tell of it.
func (s Subject) Entry(path string, named v1alpha1.NamedID, let bool) Entry {
	recorded := named.ID != "" && slices.ContainsFunc(s.recorded(), func(other v1alpha1.NamedID) bool { return other.ID == named.ID })
	confirmed := slices.Contains(s.World.Confirmed, named.ID)
	return Entry{
		NamedID: named, Path: path, Let: let || s.World.Missing != nil, Confirmed: confirmed,
		Pending: recorded && !confirmed && slices.Contains(s.Pending, named.ID),
		State:   policy.State{Recorded: recorded, Present: slices.Contains(s.Present, named.ID), Wanted: true},
	}
}

// OnlyReports reports whether others took a permission away, and it is not given again.
func (s Subject) OnlyReports(e Entry) bool {
	return s.World.Missing == nil && e.Let && e.Lost() && !e.Pending && !s.Repairs && e.Fault == ""
}

// judge what is new and what is held. What others took away and is not given again is neither.
func (s Subject) judge() policy.Verdict {
	review := s.Review
	for _, e := range s.Wanted {
		switch {
		case !e.Let || s.OnlyReports(e):
		case e.Held():
			review.Held = append(review.Held, s.Request(e))
		case e.Fault == "":
			review.Requests = append(review.Requests, s.Request(e))
		}
	}
	return s.Gate.Evaluate(review)
}

// recorded are the permissions that status names and that were not taken away a moment ago.
func (s Subject) recorded() []v1alpha1.NamedID {
	return slices.DeleteFunc(slices.Clone(s.Recorded), func(named v1alpha1.NamedID) bool { return slices.Contains(s.World.Taken, named.ID) })
}
