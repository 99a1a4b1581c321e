package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// Baseline is what every namespace may ask for without a policy. Its zero value is nothing.
type Baseline struct{ rows []Row }

// Row of the baseline: a field of a spec, and what it may hold.
type Row struct {
	Kind string
	// Field is its path without indexes, as in spec.api.scopes.type.
	Field string
	// Allowed is what the baseline allows, in words.
	Allowed string
	// Needs is the rule that anything else needs, in words; empty where anything goes.
	Needs string
	// rules, each of which allows a request that the field is part of.
	rules []v1alpha1.PolicyRule
}

// ParseBaseline reads the value of the flag --baseline: Default, or None, which is the zero value.
func ParseBaseline(name string) (Baseline, error) {
	switch name {
	case "Default":
		return DefaultBaseline(), nil
	case "None":
		return Baseline{}, nil
	default:
		return Baseline{}, fmt.Errorf("baseline must be Default or None, not %q", name)
	}
}

// DefaultBaseline has one row for every spec field of every kind that the gate knows; a field without one is denied.
func DefaultBaseline() Baseline {
	return Baseline{rows: slices.Concat(
		appRegistrationRows(), federatedCredentialRows(), appRoleAssignmentRows(), delegatedPermissionGrantRows(),
	)}
}

// Rows are the baseline as a table, for the docs.
func (b Baseline) Rows() []Row { return slices.Clone(b.rows) }

// String is the flag's value.
func (b Baseline) String() string {
	if len(b.rows) == 0 {
		return "None"
	}
	return "Default"
}

func (b Baseline) allows(kind string, request Request) bool {
	return slices.ContainsFunc(b.rows, func(row Row) bool { return row.Kind == kind && anyRule(row.rules, request.allowedBy) })
}

// asField reports whether the field is asked for on its own.
func (r Row) asField() bool { return r.rules[0].Field != nil }

// inOtherRequest are the fields, as kind and path, that are asked for as part of a request of another type than Field.
var inOtherRequest = sync.OnceValue(func() map[string]bool {
	fields := map[string]bool{}
	for _, row := range DefaultBaseline().rows {
		if !row.asField() {
			fields[row.Kind+" "+row.Field] = true
		}
	}
	return fields
})

// rowsOf makes rows of one kind.
type rowsOf string

// anything makes the rows of fields that may hold anything.
func (kind rowsOf) anything(paths ...string) []Row {
	var rows []Row
	for _, path := range paths {
		rows = append(rows, kind.rows("anything", "", fieldRule(path, Any), path)...)
	}
	return rows
}

// only makes the row of a field that may hold these values; none: every value needs a rule.
func (kind rowsOf) only(path string, values ...string) []Row {
	return kind.rows(cmp.Or(strings.Join(values, ", "), "nothing"), "field", fieldRule(path, values...), path)
}

func fieldRule(path string, values ...string) []v1alpha1.PolicyRule {
	return []v1alpha1.PolicyRule{{Field: &v1alpha1.FieldRule{Path: path, Values: values}}}
}

// rows of fields that are judged alike, such as those that are asked for together in one request.
func (kind rowsOf) rows(allowed, needs string, rules []v1alpha1.PolicyRule, paths ...string) []Row {
	rows := make([]Row, len(paths))
	for i, path := range paths {
		rows[i] = Row{Kind: string(kind), Field: path, Allowed: allowed, Needs: needs, rules: rules}
	}
	return rows
}
