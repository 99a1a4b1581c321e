package policy

import (
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// Field is the value of a spec field that has no request of its own.
type Field struct {
	// Path as in spec.api.scopes[0].type; list entries by index.
	Path string
	// Value in its JSON spelling, strings without quotes.
	Value string
}

// row is the path without indexes, as rules and the baseline's table write it.
func (f Field) row() string {
	var row strings.Builder
	for path := f.Path; ; {
		name, rest, indexed := strings.Cut(path, "[")
		row.WriteString(name)
		if !indexed {
			return row.String()
		}
		_, path, _ = strings.Cut(rest, "]")
	}
}

// String is the value that is asked for.
func (f Field) String() string { return quote(f.Value) }

func (f Field) where() string { return f.Path }

// names are the value, which may be the appID of a client.
func (f Field) names() []string { return []string{f.Value} }

func (f Field) allowedBy(rule *v1alpha1.PolicyRule) bool {
	return rule.Field != nil && rule.Field.Path == f.row() &&
		(slices.Contains(rule.Field.Values, Any) || slices.Contains(rule.Field.Values, f.Value))
}

func (f Field) deniedBy(rule *v1alpha1.PolicyRule) bool { return f.allowedBy(rule) }

func (f Field) remedy() (v1alpha1.PolicyRule, bool) {
	return v1alpha1.PolicyRule{Field: &v1alpha1.FieldRule{Path: f.row(), Values: []string{f.Value}}}, f.Value != Any
}
