package faults

import (
	"net/http"
	"strconv"
	"strings"
)

// Cost is what a request uses of the quotas.
type Cost struct{ Units, Writes int }

// CostOf is what a request costs by Microsoft's published table for the identity service: reads cost one unit, a few collections more;
// $select takes one off, $expand puts one on, a small $top takes one off; never less than one. A write is one unit and one write.
func CostOf(r *http.Request) Cost {
	segments := strings.Split(strings.Trim(r.URL.Path, "/"), "/")[1:] // without the version
	last := ""
	if len(segments) > 0 {
		last = strings.ToLower(segments[len(segments)-1])
	}
	if isWrite(r) {
		if last == "getbyids" { // a read, with its keys in a body
			return Cost{Units: 3}
		}
		return Cost{Units: 1, Writes: 1}
	}
	units := baseUnits(segments, last)
	query := r.URL.Query()
	if query.Has("$select") {
		units--
	}
	if query.Has("$expand") {
		units++
	}
	if top, err := strconv.Atoi(query.Get("$top")); err == nil && top < 20 {
		units--
	}
	return Cost{Units: max(units, 1)}
}

func baseUnits(segments []string, last string) int {
	switch {
	case len(segments) == 1 && last == "applications":
		return 2
	case len(segments) > 0 && strings.EqualFold(segments[0], "oauth2PermissionGrants"):
		return 2
	case last == "extensionproperties", last == "approleassignments":
		return 2
	default:
		return 1
	}
}
