package entra

import (
	"slices"
	"strings"
)

// Prefixes of the tags by which an application and its service principal tell whose they are.
const (
	TagManagedBy    = "managed-by:"
	TagCluster      = "k8s-cluster:"
	TagClusterUID   = "k8s-cluster-uid:"
	TagNamespaceUID = "k8s-namespace-uid:"
	TagObject       = "k8s-object:"
)

// Marked reports whether tags carry the prefix with one of values, and with nothing else: tags that name two owners name none.
func Marked(tags []string, prefix string, values ...string) bool {
	marked := false
	for _, tag := range tags {
		value, found := strings.CutPrefix(tag, prefix)
		if found && !slices.Contains(values, value) {
			return false
		}
		marked = marked || found
	}
	return marked
}

// Marks are those of the tags that tell whose an application is.
func Marks(tags []string) []string {
	return slices.DeleteFunc(slices.Clone(tags), func(tag string) bool {
		return !strings.HasPrefix(tag, "k8s-") && !strings.HasPrefix(tag, TagManagedBy)
	})
}

// TagListed lists a service principal under Enterprise applications.
const TagListed = "WindowsAzureActiveDirectoryIntegratedApp"

// OperatorIDs are the operator's own IDs in a tenant: of its applications and of its service principals, former and privileged ones too.
// What has one of them is never a principal, a client or a target.
type OperatorIDs []string

// Include reports whether one of the IDs is the operator's own. Entra's IDs are GUIDs, and people write them in either case.
func (o OperatorIDs) Include(ids ...string) bool {
	return slices.ContainsFunc(o, func(own string) bool {
		return slices.ContainsFunc(ids, func(id string) bool { return id != "" && strings.EqualFold(own, id) })
	})
}
