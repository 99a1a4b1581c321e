package policy

import (
	"fmt"
	"strings"
)

// String is the rule as a policy would spell it, on one line.
func (r Rule) String() string {
	switch {
	case r.Field != nil:
		return member("field", "path: "+r.Field.Path, list("values", r.Field.Values))
	case r.Redirect != nil:
		return member("redirect",
			list("platforms", r.Redirect.Platforms), list("hosts", r.Redirect.Hosts), list("uris", r.Redirect.URIs))
	case r.IdentifierURI != nil:
		return member("identifierURI", list("uris", r.IdentifierURI.URIs), list("prefixes", r.IdentifierURI.Prefixes))
	case r.Federate != nil:
		return member("federate", r.Federate.spelling())
	case r.Assign != nil:
		return r.Assign.spelling()
	case r.Delete != nil:
		return member("delete", list("policies", r.Delete.Policies), flag("adopted", r.Delete.Adopted))
	default:
		return "a rule without a member"
	}
}

func (f FederateRule) spelling() string {
	switch {
	case f.OIDC != nil:
		return member("oidc:", "issuer: "+spell(f.OIDC.Issuer), list("subjects", f.OIDC.Subjects), list("audiences", f.OIDC.Audiences))
	case f.ServiceAccounts != nil:
		return member("serviceAccounts:", list("namespaces", f.ServiceAccounts.Namespaces))
	default:
		return ""
	}
}

func (a AssignRule) spelling() string {
	principals := make([]string, len(a.Principals))
	for i, p := range a.Principals {
		principals[i] = member("", "kind: "+string(p.Kind), optional("objectID", p.ObjectID))
	}
	return member("assign", "principals: ["+strings.Join(principals, ", ")+"]",
		member("api:", optional("appID", a.API.AppID), flag("ownNamespace", a.API.OwnNamespace)), list("roles", a.Roles))
}

func member(name string, parts ...string) string {
	var given []string
	for _, part := range parts {
		if part != "" {
			given = append(given, part)
		}
	}
	return strings.TrimSpace(name + " {" + strings.Join(given, ", ") + "}")
}

func list[S ~string](name string, values []S) string {
	if len(values) == 0 {
		return ""
	}
	spelled := make([]string, len(values))
	for i, value := range values {
		spelled[i] = spell(string(value))
	}
	return name + ": [" + strings.Join(spelled, ", ") + "]"
}

func optional(name, value string) string {
	if value == "" {
		return ""
	}
	return name + ": " + spell(value)
}

func flag(name string, set bool) string {
	if !set {
		return ""
	}
	return name + ": true"
}

// spell quotes what would not be a plain word in YAML's flow style, and whatever is not plain ASCII.
func spell(value string) string {
	if value != "" && strings.Trim(value, plain) == "" {
		return value
	}
	return fmt.Sprintf("%+q", value)
}

const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._/"
