package odata

import (
	"slices"
	"strings"
	"time"
)

// Filter is a parsed $filter.
type Filter interface {
	// Match reports whether a document passes.
	Match(doc Document) bool
	// advanced reports whether only the advanced index can answer.
	advanced() bool
}

type logical struct {
	or          bool // or, instead of and
	left, right Filter
}

func (j logical) Match(doc Document) bool {
	if j.or {
		return j.left.Match(doc) || j.right.Match(doc)
	}
	return j.left.Match(doc) && j.right.Match(doc)
}
func (j logical) advanced() bool { return j.left.advanced() || j.right.advanced() }

type negation struct{ of Filter }

func (n negation) Match(doc Document) bool { return !n.of.Match(doc) }
func (n negation) advanced() bool          { return true }

// comparison is one operator on one property: eq, ne, ge, le, in, startswith, endswith; any compares members of a
// collection.
type comparison struct {
	property []string
	operator string
	any      bool
	values   []any
}

func (c comparison) advanced() bool { return c.operator == "ne" || c.operator == "endswith" }

func (c comparison) Match(doc Document) bool {
	if !c.any {
		return c.matches(At(doc, c.property...))
	}
	return slices.ContainsFunc(List(doc, c.property...), c.matches)
}

func (c comparison) matches(value any) bool {
	switch c.operator {
	case "eq", "in":
		return slices.ContainsFunc(c.values, func(v any) bool { return equal(value, v) })
	case "ne":
		return !equal(value, c.values[0])
	}
	text, ok := value.(string)
	want, _ := c.values[0].(string)
	if !ok {
		return false
	}
	switch c.operator {
	case "startswith":
		return strings.HasPrefix(strings.ToLower(text), strings.ToLower(want))
	case "endswith":
		return strings.HasSuffix(strings.ToLower(text), strings.ToLower(want))
	default:
		return c.ordered(text, want)
	}
}

func (c comparison) ordered(text, want string) bool {
	a, errA := time.Parse(time.RFC3339Nano, text)
	b, errB := time.Parse(time.RFC3339Nano, want)
	if errA != nil || errB != nil {
		return false
	}
	if c.operator == "ge" {
		return !a.Before(b)
	}
	return !a.After(b)
}

// linkCount compares how many links an object has with a number.
type linkCount struct{ comparison }

func (z linkCount) advanced() bool { return true }

func (z linkCount) Match(doc Document) bool {
	count := len(List(doc, z.property[0]))
	want, _ := z.values[0].(int)
	switch z.operator {
	case "eq":
		return count == want
	case "ne":
		return count != want
	case "ge":
		return count >= want
	default:
		return count <= want
	}
}

// search finds a word in one property.
type search struct{ property, word string }

func (w search) advanced() bool { return true }

func (w search) Match(doc Document) bool {
	return strings.Contains(strings.ToLower(Text(doc, w.property)), strings.ToLower(w.word))
}

// equal compares as the directory does: text without case.
func equal(a, b any) bool {
	x, okX := a.(string)
	y, okY := b.(string)
	if okX && okY {
		return strings.EqualFold(x, y)
	}
	return Same(a, b)
}

// filterable are the operators that each property documents. What is not here is refused; uniqueName is not.
func filterable(resource string) map[string][]string {
	text := []string{"eq", "ne", "in", "ge", "le", "startswith", "endswith"}
	exact := []string{"eq", "ne", "in"}
	members := []string{"any eq", "any startswith"}
	moments := []string{"eq", "ne", "ge", "le", "in"}
	switch resource {
	case "application":
		return map[string][]string{
			"id": exact, "appId": exact, "displayName": text, "createdDateTime": moments, "deletedDateTime": moments,
			"identifierUris": members, "tags": members, "signInAudience": text, "publisherDomain": text, "createdByAppId": exact,
		}
	case "servicePrincipal":
		return map[string][]string{
			"id": exact, "appId": exact, "displayName": text, "accountEnabled": exact, "appOwnerOrganizationId": exact,
			"servicePrincipalNames": members, "servicePrincipalType": exact, "tags": members, "createdDateTime": moments,
			"deletedDateTime": moments, "createdByAppId": exact, "alternativeNames": members,
		}
	case "appRoleAssignment":
		return map[string][]string{"resourceId": {"eq"}, "principalDisplayName": {"eq", "startswith"}}
	case "oAuth2PermissionGrant":
		return map[string][]string{"clientId": {"eq"}, "resourceId": {"eq"}, "principalId": {"eq"}, "consentType": {"eq"}}
	case "user":
		return map[string][]string{"id": exact, "displayName": text, "userPrincipalName": text, "mail": text}
	case "group":
		return map[string][]string{"id": exact, "displayName": text}
	case "federatedIdentityCredential":
		return map[string][]string{"name": {"eq"}, "issuer": {"eq"}, "subject": {"eq"}}
	default:
		return nil
	}
}
