package policy

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// Federation is a trust in tokens of an issuer. How the spec spells it, as serviceAccount, github, managedIdentity or oidc, makes no
// difference: what the issuer and the subject mean does.
type Federation struct {
	Path     string
	Issuer   string
	Subject  string
	Audience string
	// ClusterIssuer is the issuer of this cluster's ServiceAccount tokens; empty where it has none.
	ClusterIssuer string
	// TenantIssuer is the tenant's own issuer of v2.0 tokens, which managed identities have.
	TenantIssuer string
	// Namespace of the asking object.
	Namespace string
	// CloudAudience is the audience that the tenant's cloud expects.
	CloudAudience string
}

// serviceAccount is the subject of a ServiceAccount's token.
var serviceAccount = regexp.MustCompile(`^system:serviceaccount:([a-z0-9](?:[a-z0-9-]*[a-z0-9])?):([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)$`)

// between are the characters that part a subject, as in repo:example/payments:environment:prod.
const between = ":/"

// String is issuer, subject and audience.
func (f Federation) String() string {
	return fmt.Sprintf("trust in subject %s of issuer %s for audience %s", quote(f.Subject), quote(f.Issuer), quote(f.Audience))
}

func (f Federation) where() string { return f.Path }

// names are the managed identity that is trusted.
func (f Federation) names() []string { return []string{f.identity()} }

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

// identity is the object ID of the managed identity that is trusted; empty where it is none.
func (f Federation) identity() string {
	if f.TenantIssuer == "" || f.Issuer != f.TenantIssuer {
		return ""
	}
	return f.Subject
}

func (f Federation) allowedBy(rule *v1alpha1.PolicyRule) bool {
	if rule.Federate == nil || f.Audience == "" {
		return false
	}
	if oidc := rule.Federate.OIDC; oidc != nil {
		return f.from(oidc) && (slices.Contains(oidc.Audiences, f.Audience) || len(oidc.Audiences) == 0 && f.Audience == f.CloudAudience)
	}
	return f.Audience == f.CloudAudience && (f.isAccount(rule.Federate.ServiceAccounts) || f.isManaged(rule.Federate.ManagedIdentity) ||
		f.isWorkflow(rule.Federate.GitHub, workflow.allowedBy))
}

// deniedBy takes a rule that names no audience to be about all of them.
func (f Federation) deniedBy(rule *v1alpha1.PolicyRule) bool {
	if rule.Federate == nil {
		return false
	}
	if oidc := rule.Federate.OIDC; oidc != nil {
		return f.from(oidc) && (len(oidc.Audiences) == 0 || slices.Contains(oidc.Audiences, f.Audience))
	}
	return f.isAccount(rule.Federate.ServiceAccounts) || f.isManaged(rule.Federate.ManagedIdentity) ||
		f.isWorkflow(rule.Federate.GitHub, workflow.deniedBy)
}

func (f Federation) isAccount(rule *v1alpha1.ServiceAccountsRule) bool {
	namespace := f.local()
	if rule == nil || namespace == "" {
		return false
	}
	if len(rule.Namespaces) == 0 {
		return namespace == f.Namespace
	}
	return slices.ContainsFunc(rule.Namespaces, func(pattern string) bool { return match(pattern, namespace, "") })
}

func (f Federation) isManaged(rule *v1alpha1.ManagedIdentityRule) bool {
	id := f.identity()
	return rule != nil && id != "" && slices.ContainsFunc(rule.ObjectIDs, func(entry v1alpha1.GUID) bool { return strings.EqualFold(string(entry), id) })
}

func (f Federation) isWorkflow(rule *v1alpha1.GitHubRule, by func(workflow, *v1alpha1.GitHubRule) bool) bool {
	if rule == nil {
		return false
	}
	trusted, is := f.workflow()
	return is && by(trusted, rule)
}

func (f Federation) from(rule *v1alpha1.OIDCRule) bool {
	return f.Issuer != "" && rule.Issuer == f.Issuer && f.Subject != "" &&
		slices.ContainsFunc(rule.Subjects, func(pattern string) bool { return match(pattern, f.Subject, between) })
}

func (f Federation) remedy() (v1alpha1.PolicyRule, bool) {
	if f.Issuer == "" || f.Subject == "" || f.Audience == "" || strings.Contains(f.Subject, Any) {
		return v1alpha1.PolicyRule{}, false
	}
	if f.Audience == f.CloudAudience {
		return v1alpha1.PolicyRule{Federate: f.rule()}, true
	}
	return v1alpha1.PolicyRule{Federate: &v1alpha1.FederateRule{OIDC: &v1alpha1.OIDCRule{
		Issuer: f.Issuer, Subjects: []string{f.Subject}, Audiences: []string{f.Audience},
	}}}, true
}

// rule is the narrowest that is about its issuer and subject, with the cloud's audience.
func (f Federation) rule() *v1alpha1.FederateRule {
	if namespace := f.local(); namespace != "" {
		return &v1alpha1.FederateRule{ServiceAccounts: &v1alpha1.ServiceAccountsRule{Namespaces: []string{namespace}}}
	}
	if id := f.identity(); id != "" {
		return &v1alpha1.FederateRule{ManagedIdentity: &v1alpha1.ManagedIdentityRule{ObjectIDs: []v1alpha1.GUID{v1alpha1.GUID(id)}}}
	}
	if trusted, is := f.workflow(); is && trusted.exact {
		return &v1alpha1.FederateRule{GitHub: trusted.rule()}
	}
	return &v1alpha1.FederateRule{OIDC: &v1alpha1.OIDCRule{Issuer: f.Issuer, Subjects: []string{f.Subject}}}
}
