package odata

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// maxPage is the greatest $top, and defaultPage the page without one.
const (
	maxPage     = 999
	defaultPage = 100
)

// Query are the query options of a request, parsed and checked against the type that they are for.
type Query struct {
	Select    []string
	Expand    []Expand
	Filter    Filter // nil: everything
	Search    Filter // nil: everything
	OrderBy   string // a property, with " desc" after it for descending
	Top       int    // 0: not said
	Count     bool
	SkipToken string
}

// Expand is one link to follow.
type Expand struct {
	Name   string
	Select []string
}

// PageSize is how many items a page of a list has.
func (q Query) PageSize() int {
	if q.Top == 0 {
		return defaultPage
	}
	return q.Top
}

// ParseQuery reads the query options of a request for a type. advanced reports whether the request carries
// "ConsistencyLevel: eventual". Options that do not start with a dollar are not Graph's and pass.
func ParseQuery(t *Type, options url.Values, advanced bool) (Query, error) {
	var q Query
	for _, name := range slices.Sorted(maps.Keys(options)) {
		given := options[name]
		if !strings.HasPrefix(name, "$") {
			continue
		}
		if len(given) > 1 {
			return q, badQuery("Query option '%s' was specified more than once, but it must be specified at most once.", name)
		}
		if err := q.parse(t, name, given[0]); err != nil {
			return q, err
		}
	}
	return q, q.checkAdvanced(advanced)
}

func (q *Query) parse(t *Type, name, text string) (err error) {
	switch name {
	case "$select":
		q.Select, err = parseSelect(t, text)
	case "$expand":
		q.Expand, err = parseExpand(t, text)
	case "$filter":
		q.Filter, err = ParseFilter(t, text)
	case "$search":
		q.Search, err = parseSearch(text)
	case "$orderby":
		q.OrderBy, err = parseOrder(t, text)
	case "$top":
		q.Top, err = parseTop(text)
	case "$count":
		q.Count, err = parseCount(text)
	case "$skiptoken":
		q.SkipToken = text
	default:
		err = Refused(http.StatusBadRequest, "Request_UnsupportedQuery", "The query parameter '%s' is not supported.", name)
	}
	return err
}

func parseOrder(t *Type, text string) (string, error) {
	property, _, _ := strings.Cut(text, " ")
	if _, ok := t.Shape(property); !ok {
		return "", propertyNotFound(t, property)
	}
	return text, nil
}

func parseTop(text string) (int, error) {
	top, err := strconv.Atoi(text)
	if err != nil || top < 1 || top > maxPage {
		return 0, BadRequest("Invalid page size specified: '%s'. Must be between 1 and %d inclusive.", text, maxPage)
	}
	return top, nil
}

func parseCount(text string) (bool, error) {
	if text != "true" && text != "false" {
		return false, badQuery("Invalid value '%s' for $count query option found. Valid values are 'true' and 'false'.", text)
	}
	return text == "true", nil
}

// checkAdvanced refuses what only the advanced index answers, without the header and $count=true.
func (q *Query) checkAdvanced(advanced bool) error {
	if q.Count && !advanced {
		return Refused(http.StatusBadRequest, "Request_UnsupportedQuery", "$count is not currently supported.")
	}
	needs := q.Filter != nil && q.OrderBy != ""
	needs = needs || q.Search != nil || q.Filter != nil && q.Filter.advanced()
	if needs && (!advanced || !q.Count) {
		return unsupportedFilter()
	}
	return nil
}

// parseSearch reads "property:word" in double quotes; only the texts that are indexed for it can be searched.
func parseSearch(text string) (Filter, error) {
	clause, ok := strings.CutPrefix(strings.TrimSuffix(text, `"`), `"`)
	property, word, found := strings.Cut(clause, ":")
	if !ok || !found || property != "displayName" && property != "description" {
		return nil, badQuery("Invalid search clause: %s", text)
	}
	return search{property: property, word: word}, nil
}

func unsupportedFilter() error {
	return Refused(http.StatusBadRequest, "Request_UnsupportedQuery",
		"Operator is not supported for this property without the header 'ConsistencyLevel: eventual' and $count=true.")
}

func parseSelect(t *Type, text string) ([]string, error) {
	var out []string
	for name := range strings.SplitSeq(text, ",") {
		name = strings.TrimSpace(name)
		if _, ok := t.Shape(name); !ok && !slices.Contains(t.Navigation, name) {
			return nil, propertyNotFound(t, name)
		}
		out = append(out, name)
	}
	return out, nil
}

func parseExpand(t *Type, text string) ([]Expand, error) {
	var out []Expand
	for _, part := range splitTopLevel(text, ',') {
		name, options, nested := strings.Cut(strings.TrimSpace(part), "(")
		if !slices.Contains(t.Navigation, name) {
			return nil, propertyNotFound(t, name)
		}
		e := Expand{Name: name}
		if nested {
			for _, option := range splitTopLevel(strings.TrimSuffix(options, ")"), ';') {
				value, ok := strings.CutPrefix(strings.TrimSpace(option), "$select=")
				if !ok {
					return nil, Refused(http.StatusBadRequest, "Request_UnsupportedQuery", "The expand option '%s' is not supported.", option)
				}
				e.Select = strings.Split(value, ",")
			}
		}
		out = append(out, e)
	}
	return out, nil
}

// splitTopLevel splits where a separator stands outside parentheses.
func splitTopLevel(text string, separator rune) []string {
	var out []string
	depth, start := 0, 0
	for i, r := range text {
		switch {
		case r == '(':
			depth++
		case r == ')':
			depth--
		case r == separator && depth == 0:
			out, start = append(out, text[start:i]), i+1
		}
	}
	return append(out, text[start:])
}

func propertyNotFound(t *Type, name string) error {
	return badQuery("Parsing OData Select and Expand failed: Could not find a property named '%s' on type 'microsoft.graph.%s'.", name, t.Name)
}

func badQuery(format string, args ...any) error {
	return Refused(http.StatusBadRequest, "BadRequest", format, args...)
}
