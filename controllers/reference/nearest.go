package reference

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
)

// most is how many names a message lists.
const most = 5

// Nearest says which values an API has that are spelled most like the one that it lacks: "it has Mail.Read, Mail.Send and 600 more".
func Nearest(value string, permissions []Permission) string {
	if len(permissions) == 0 {
		return "it has none"
	}
	values := make([]string, len(permissions))
	for i, p := range permissions {
		values[i] = p.Value
	}
	away := func(other string) int {
		return levenshtein.Distance(strings.ToLower(value), strings.ToLower(other), nil)
	}
	slices.SortFunc(values, func(a, b string) int { return cmp.Or(cmp.Compare(away(a), away(b)), strings.Compare(a, b)) })
	rest := ""
	if len(values) > most {
		rest = fmt.Sprintf(" and %d more", len(values)-most)
		values = values[:most]
	}
	quotes := make([]string, len(values))
	for i, name := range values {
		quotes[i] = fmt.Sprintf("%+q", name)
	}
	return "it has " + strings.Join(quotes, ", ") + rest
}
