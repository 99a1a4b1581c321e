package permission

import (
	"slices"

	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

// Gate asks policy about an object's permissions.
type Gate struct {
	policy.Gate
	// Review of the object, without the permissions.
	Review policy.Review
	// Request is how policy sees a permission.
	Request func(Entry) policy.Request
	// Leaves reports whether a permission that policy wants to be taken away is another object's to keep; nil where none is.
	Leaves func(Entry) bool
}

// evaluate judges what is new and what is held. What others took away and is not given again is neither.
func (g *Gate) evaluate(s Subject) policy.Verdict {
	review := g.Review
	for _, e := range s.Wanted {
		switch {
		case !e.Let || s.OnlyReports(e):
		case e.Held():
			review.Held = append(review.Held, g.Request(e))
		case e.Fault == "":
			review.Requests = append(review.Requests, g.Request(e))
		}
	}
	return g.Evaluate(review)
}

func (g *Gate) leaves(e Entry) bool { return g.Leaves != nil && g.Leaves(e) }

// MayKeep reports whether the object of a claim may keep what it was given: policy does not want it to be taken away. API aside, the
// request is as policy sees it for that object.
func MayKeep(gate policy.Gate, review policy.Review, claim Claim, request policy.Request) bool {
	review.Namespace, review.Labels = claim.Namespace.Name, claim.Namespace.Labels
	review.Requests, review.Held = nil, []policy.Request{request}
	return !slices.ContainsFunc(gate.Evaluate(review).Excess, func(e policy.Excess) bool { return e.Revoke })
}
