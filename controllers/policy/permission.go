package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/policy/tier0"
)

// permission of an API, as rules see it.
type permission struct {
	api       API
	kind      v1alpha1.PermissionType
	id, value string
	// allUsers is true where it is for all users, or for no user in particular.
	allUsers bool
}

// String is the value, its ID and the API.
func (p permission) String() string {
	value := quote(p.value)
	if p.id == entra.DefaultAccess {
		value = "default access"
	}
	return fmt.Sprintf("%s (%s) of API %s", value, p.id, p.api)
}

// namedBy reports whether the entry is exactly this permission, by value or ID.
func (p permission) namedBy(entry string) bool {
	return entry != "" && entry != Any && (entry == p.value || strings.EqualFold(entry, p.id))
}

// coveredBy reports whether the entry is this permission, or a pattern for its value.
func (p permission) coveredBy(entry string) bool {
	return p.namedBy(entry) || matchesPattern(entry, p.value, ".")
}

// tier0 reports whether it is as good as Global Administrator.
func (p permission) tier0() bool {
	if p.kind == v1alpha1.PermissionApplication {
		return tier0.Role(p.api.AppID, p.id, p.value)
	}
	return tier0.Scope(p.api.AppID, p.value, p.allUsers)
}

// allowedAs reports whether an allow with these entries allows it. Patterns do not count where it is as good as Global Administrator;
// what was not resolved is never allowed.
func (p permission) allowedAs(api v1alpha1.PolicyAPI, entries []string) bool {
	if p.id == "" || p.api.withheld() || !p.api.matches(api) {
		return false
	}
	return slices.ContainsFunc(entries, p.namedBy) || slices.ContainsFunc(entries, p.coveredBy) && !p.tier0()
}

// deniedAs reports whether a deny with these entries covers it.
func (p permission) deniedAs(api v1alpha1.PolicyAPI, entries []string) bool {
	return p.api.matches(api) && slices.ContainsFunc(entries, p.coveredBy)
}

// entry names it in a rule: its value, or its ID where the value could be taken for a pattern. Empty where it was not resolved.
func (p permission) entry() string {
	if p.id == "" || p.value == "" || strings.Contains(p.value, Any) {
		return p.id
	}
	return p.value
}

// within reports whether something ends, and lasts no longer than a rule allows; without a limit everything does. A lifetime of zero has no
// end, and one below zero is past.
func within(lifetime time.Duration, limit *metav1.Duration) bool {
	return limit == nil || lifetime > 0 && lifetime <= limit.Duration
}

// durationText says how long something lasts, in whole hours; empty for what has no end.
func durationText(lifetime time.Duration) string {
	if lifetime == 0 {
		return ""
	}
	return fmt.Sprintf(" for %dh", int(lifetime.Hours()))
}

// Declaration asks to declare, in an AppRegistration, that it needs a permission.
type Declaration struct {
	Path string
	API  API
	Type v1alpha1.PermissionType
	// ID and Value of the permission, as the API's service principal has them.
	ID, Value string
}

// String is the permission.
func (d Declaration) String() string { return "to declare " + d.permission().String() }

func (d Declaration) path() string         { return d.Path }
func (d Declaration) identities() []string { return nil }

func (d Declaration) permission() permission {
	return permission{api: d.API, kind: d.Type, id: d.ID, value: d.Value, allUsers: true}
}

// entries are the list of a rule that is about permissions of its type.
func (d Declaration) entries(rule *v1alpha1.DeclareRule) *[]string {
	if d.Type == v1alpha1.PermissionApplication {
		return &rule.Application
	}
	return &rule.Delegated
}

func (d Declaration) allowedBy(rule *v1alpha1.PolicyRule) bool {
	return rule.Declare != nil && d.permission().allowedAs(rule.Declare.API, *d.entries(rule.Declare))
}

func (d Declaration) deniedBy(rule *v1alpha1.PolicyRule) bool {
	return rule.Declare != nil && d.permission().deniedAs(rule.Declare.API, *d.entries(rule.Declare))
}

func (d Declaration) narrowestRule() (v1alpha1.PolicyRule, bool) {
	api, possible := d.API.narrowestRule()
	rule := &v1alpha1.DeclareRule{API: api}
	*d.entries(rule) = []string{d.permission().entry()}
	return v1alpha1.PolicyRule{Declare: rule}, possible && d.ID != ""
}
