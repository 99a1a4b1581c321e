package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// permission of an API, as rules see it.
type permission struct {
	api       API
	kind      v1alpha1.PermissionType
	id, value string
	// everybody : it is for all users, or for no user in particular.
	everybody bool
}

// String is the value, its ID and the API.
func (p permission) String() string {
	value := quote(p.value)
	if p.id == entra.DefaultAccess {
		value = "default access"
	}
	return fmt.Sprintf("%s (%s) of API %s", value, p.id, p.api)
}

// named reports whether the entry is exactly this permission, by value or ID.
func (p permission) named(entry string) bool {
	return entry != "" && entry != Any && (entry == p.value || strings.EqualFold(entry, p.id))
}

// covered reports whether the entry is this permission, or a pattern for it. Patterns are about values alone.
func (p permission) covered(entry string) bool { return p.named(entry) || match(entry, p.value, ".") }

// allowedAs is for allows: patterns count unless the permission is tier0. What was not resolved is never allowed.
func (p permission) allowedAs(api v1alpha1.PolicyAPI, entries []string) bool {
	if p.id == "" || p.api.closed() || !p.api.matches(api) {
		return false
	}
	return slices.ContainsFunc(entries, p.named) || slices.ContainsFunc(entries, p.covered) && !p.tier0()
}

// deniedAs is for denies.
func (p permission) deniedAs(api v1alpha1.PolicyAPI, entries []string) bool {
	return p.api.matches(api) && slices.ContainsFunc(entries, p.covered)
}

// entry is how a rule names it; empty where it cannot.
func (p permission) entry() string {
	if p.id == "" || p.value == "" || strings.Contains(p.value, Any) {
		return p.id
	}
	return p.value
}

// within reports whether a life is bounded as a rule demands. Zero or less is a life without an end.
func within(life time.Duration, most *metav1.Duration) bool {
	return most == nil || life > 0 && life <= most.Duration
}
