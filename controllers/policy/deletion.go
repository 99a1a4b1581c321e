package policy

import "slices"

// String is the deletion policy.
func (d Deletion) String() string {
	if d.Adopted {
		return quote(d.Policy) + " of an adopted application"
	}
	return quote(d.Policy)
}

func (d Deletion) where() string   { return d.Path }
func (d Deletion) names() []string { return nil }

func (d Deletion) allowedBy(rule Rule) bool {
	return rule.Delete != nil && rule.Delete.Adopted == d.Adopted && slices.Contains(rule.Delete.Policies, d.Policy)
}

func (d Deletion) deniedBy(rule Rule) bool {
	return rule.Delete != nil && slices.Contains(rule.Delete.Policies, d.Policy)
}

func (d Deletion) remedy() (Rule, bool) {
	return Rule{Delete: &DeleteRule{Policies: []string{d.Policy}, Adopted: d.Adopted}}, true
}
