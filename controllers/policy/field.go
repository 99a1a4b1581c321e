package policy

import (
	"regexp"
	"slices"
)

var index = regexp.MustCompile(`\[[^\[\]]*\]`)

// row is the path without indexes, as rules and the baseline's table write it.
func (f Field) row() string { return index.ReplaceAllLiteralString(f.Path, "") }

// String is the value that is asked for.
func (f Field) String() string { return quote(f.Value) }

func (f Field) where() string   { return f.Path }
func (f Field) names() []string { return nil }

func (f Field) allowedBy(rule Rule) bool {
	return rule.Field != nil && rule.Field.Path == f.row() &&
		(slices.Contains(rule.Field.Values, Any) || slices.Contains(rule.Field.Values, f.Value))
}

func (f Field) deniedBy(rule Rule) bool { return f.allowedBy(rule) }

func (f Field) remedy() (Rule, bool) {
	return Rule{Field: &FieldRule{Path: f.row(), Values: []string{f.Value}}}, true
}
