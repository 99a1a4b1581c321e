package policy

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// Federation asks to trust tokens of an issuer. How the spec spells it, as serviceAccount, github, managedIdentity or oidc, makes no
// difference: what the issuer and the subject mean does.
type Federation struct {
	Path                      string
	Issuer, Subject, Audience string
	// ClusterIssuer is the issuer of this cluster's ServiceAccount tokens; empty where it has none.
	ClusterIssuer string
	// TenantIssuer is the tenant's own issuer of v2.0 tokens, which managed identities have.
	TenantIssuer string
	// Namespace of the asking object.
	Namespace string
	// CloudAudience is the audience that the tenant's cloud expects.
	CloudAudience string
}

// serviceAccountSubject is the subject of a ServiceAccount's token.
var serviceAccountSubject = regexp.MustCompile(`^system:serviceaccount:([a-z0-9](?:[a-z0-9-]*[a-z0-9])?):([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)$`)

// String is issuer, subject and audience.
func (f Federation) String() string {
	return fmt.Sprintf("trust in subject %s of issuer %s for audience %s", quote(f.Subject), quote(f.Issuer), quote(f.Audience))
}

func (f Federation) path() string { return f.Path }

func (f Federation) identities() []string { return []string{f.managedIdentity()} }

// serviceAccountNamespace is the namespace of the trusted ServiceAccount of this cluster; empty where something else is trusted.
func (f Federation) serviceAccountNamespace() string {
	if f.ClusterIssuer == "" || f.Issuer != f.ClusterIssuer {
		return ""
	}
	if parts := serviceAccountSubject.FindStringSubmatch(f.Subject); parts != nil {
		return parts[1]
	}
	return ""
}

// managedIdentity is the object ID of the trusted managed identity; empty where something else is trusted.
func (f Federation) managedIdentity() string {
	if f.TenantIssuer == "" || f.Issuer != f.TenantIssuer {
		return ""
	}
	return f.Subject
}

// workflow is the trusted workflow of GitHub; false where something else is trusted.
func (f Federation) workflow() (workflow, bool) {
	if f.Issuer != gitHubIssuer {
		return workflow{}, false
	}
	return parseWorkflow(f.Subject)
}

func (f Federation) allowedBy(rule *v1alpha1.PolicyRule) bool {
	if rule.Federate == nil || f.Audience == "" {
		return false
	}
	if oidc := rule.Federate.OIDC; oidc != nil {
		return f.matchesOIDC(oidc) &&
			(slices.Contains(oidc.Audiences, f.Audience) || len(oidc.Audiences) == 0 && f.Audience == f.CloudAudience)
	}
	return f.Audience == f.CloudAudience && f.matches(rule.Federate, workflow.allowedBy)
}

// deniedBy takes a rule that names no audience to be about all of them.
func (f Federation) deniedBy(rule *v1alpha1.PolicyRule) bool {
	if rule.Federate == nil {
		return false
	}
	if oidc := rule.Federate.OIDC; oidc != nil {
		return f.matchesOIDC(oidc) && (len(oidc.Audiences) == 0 || slices.Contains(oidc.Audiences, f.Audience))
	}
	return f.matches(rule.Federate, workflow.deniedBy)
}

// matches reports whether a rule that is not spelled as oidc is about issuer and subject.
func (f Federation) matches(rule *v1alpha1.FederateRule, matchesWorkflow func(workflow, *v1alpha1.GitHubRule) bool) bool {
	if rule.GitHub != nil {
		if workflow, is := f.workflow(); is && matchesWorkflow(workflow, rule.GitHub) {
			return true
		}
	}
	return f.matchesServiceAccount(rule.ServiceAccounts) || f.matchesManagedIdentity(rule.ManagedIdentity)
}

func (f Federation) matchesServiceAccount(rule *v1alpha1.ServiceAccountsRule) bool {
	namespace := f.serviceAccountNamespace()
	if rule == nil || namespace == "" {
		return false
	}
	if len(rule.Namespaces) == 0 {
		return namespace == f.Namespace
	}
	return slices.ContainsFunc(rule.Namespaces, func(entry string) bool { return matchesPattern(entry, namespace, "") })
}

func (f Federation) matchesManagedIdentity(rule *v1alpha1.ManagedIdentityRule) bool {
	id := f.managedIdentity()
	return rule != nil && id != "" && slices.ContainsFunc(rule.ObjectIDs, func(entry v1alpha1.GUID) bool { return strings.EqualFold(string(entry), id) })
}

func (f Federation) matchesOIDC(rule *v1alpha1.OIDCRule) bool {
	return f.Issuer != "" && rule.Issuer == f.Issuer && f.Subject != "" && slices.ContainsFunc(rule.Subjects, func(entry string) bool {
		return matchesPattern(entry, f.Subject, subjectSeparators)
	})
}

func (f Federation) narrowestRule() (v1alpha1.PolicyRule, bool) {
	if f.Issuer == "" || f.Subject == "" || f.Audience == "" || strings.Contains(f.Subject, Any) {
		return v1alpha1.PolicyRule{}, false
	}
	var rule v1alpha1.FederateRule
	namespace, identity := f.serviceAccountNamespace(), f.managedIdentity()
	workflow, isWorkflow := f.workflow()
	switch {
	case f.Audience != f.CloudAudience:
		rule.OIDC = &v1alpha1.OIDCRule{Issuer: f.Issuer, Subjects: []string{f.Subject}, Audiences: []string{f.Audience}}
	case namespace != "":
		rule.ServiceAccounts = &v1alpha1.ServiceAccountsRule{Namespaces: []string{namespace}}
	case identity != "":
		rule.ManagedIdentity = &v1alpha1.ManagedIdentityRule{ObjectIDs: []v1alpha1.GUID{v1alpha1.GUID(strings.ToLower(identity))}}
	case isWorkflow && workflow.exact:
		rule.GitHub = workflow.narrowestRule()
	default:
		rule.OIDC = &v1alpha1.OIDCRule{Issuer: f.Issuer, Subjects: []string{f.Subject}}
	}
	return v1alpha1.PolicyRule{Federate: &rule}, true
}
