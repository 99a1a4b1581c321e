package entra

import (
	"slices"
	"strings"
)

// OperatorIDs are the operator's own IDs in a tenant: of its applications and of its service principals, former and privileged ones too.
// What has one of them is never a principal, a client or a target.
type OperatorIDs []string

// Include reports whether one of the IDs is the operator's own. Entra's IDs are GUIDs, and people write them in either case.
func (o OperatorIDs) Include(ids ...string) bool {
	return slices.ContainsFunc(o, func(own string) bool {
		return slices.ContainsFunc(ids, func(id string) bool { return id != "" && strings.EqualFold(own, id) })
	})
}
