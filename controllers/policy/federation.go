package policy

import (
	"fmt"
	"regexp"
	"slices"
)

// serviceAccount is the subject of a ServiceAccount's token.
var serviceAccount = regexp.MustCompile(`^system:serviceaccount:([a-z0-9](?:[a-z0-9-]*[a-z0-9])?):([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)$`)

// between are the characters that part a subject, as in repo:example/payments:environment:prod.
const between = ":/"

// String is issuer, subject and audience.
func (f Federation) String() string {
	return fmt.Sprintf("trust in subject %s of issuer %s for audience %s", quote(f.Subject), quote(f.Issuer), quote(f.Audience))
}

func (f Federation) where() string   { return f.Path }
func (f Federation) names() []string { return nil }

// local is the namespace of the ServiceAccount of this cluster that is trusted; empty where it is none.
func (f Federation) local() string {
	if f.ClusterIssuer == "" || f.Issuer != f.ClusterIssuer {
		return ""
	}
	if parts := serviceAccount.FindStringSubmatch(f.Subject); parts != nil {
		return parts[1]
	}
	return ""
}

func (f Federation) allowedBy(rule Rule) bool {
	if rule.Federate == nil || f.Audience == "" {
		return false
	}
	accounts, oidc := rule.Federate.ServiceAccounts, rule.Federate.OIDC
	return accounts != nil && accounts.covers(f) && f.Audience == f.CloudAudience ||
		oidc != nil && oidc.covers(f) && slices.Contains(oidc.audiences(f), f.Audience)
}

// deniedBy takes a rule that names no audience to be about all of them.
func (f Federation) deniedBy(rule Rule) bool {
	if rule.Federate == nil {
		return false
	}
	accounts, oidc := rule.Federate.ServiceAccounts, rule.Federate.OIDC
	return accounts != nil && accounts.covers(f) ||
		oidc != nil && oidc.covers(f) && (len(oidc.Audiences) == 0 || slices.Contains(oidc.Audiences, f.Audience))
}

func (f Federation) remedy() (Rule, bool) {
	if f.Issuer == "" || f.Subject == "" || f.Audience == "" {
		return Rule{}, false
	}
	if namespace := f.local(); namespace != "" && f.Audience == f.CloudAudience {
		return Rule{Federate: &FederateRule{ServiceAccounts: &ServiceAccountsRule{Namespaces: []string{namespace}}}}, true
	}
	oidc := OIDCRule{Issuer: f.Issuer, Subjects: []string{f.Subject}}
	if f.Audience != f.CloudAudience {
		oidc.Audiences = []string{f.Audience}
	}
	return Rule{Federate: &FederateRule{OIDC: &oidc}}, true
}

func (r ServiceAccountsRule) covers(f Federation) bool {
	namespace := f.local()
	if namespace == "" {
		return false
	}
	if len(r.Namespaces) == 0 {
		return namespace == f.Namespace
	}
	return slices.ContainsFunc(r.Namespaces, func(pattern string) bool { return match(pattern, namespace, "") })
}

func (r OIDCRule) covers(f Federation) bool {
	return f.Issuer != "" && r.Issuer == f.Issuer && f.Subject != "" &&
		slices.ContainsFunc(r.Subjects, func(pattern string) bool { return match(pattern, f.Subject, between) })
}

func (r OIDCRule) audiences(f Federation) []string {
	if len(r.Audiences) == 0 {
		return []string{f.CloudAudience}
	}
	return r.Audiences
}
