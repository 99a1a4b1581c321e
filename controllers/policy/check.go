package policy

import (
	"fmt"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/policy/tier0"
)

// Check finds what in a policy can never work (faults), and what allows less than it seems to (remarks). Each begins with the path of its
// field. A policy with faults counts nevertheless, as the gate reads it.
func Check(spec v1alpha1.RegistrationPolicySpec) (faults, remarks []string) {
	if selector := spec.Namespaces.Selector; selector != nil {
		if _, err := metav1.LabelSelectorAsSelector(selector); err != nil {
			faults = append(faults, fmt.Sprintf("spec.namespaces.selector: %v; until it can be read the policy denies everywhere and allows nothing",
				strings.ReplaceAll(err.Error(), "\n", " ")))
		}
	}
	for i := range spec.Allow {
		path := fmt.Sprintf("spec.allow[%d].", i)
		faults = append(faults, prefixed(path, faultsIn(&spec.Allow[i]))...)
		remarks = append(remarks, prefixed(path, remarksOn(&spec.Allow[i]))...)
	}
	for i := range spec.Deny {
		faults = append(faults, prefixed(fmt.Sprintf("spec.deny[%d].", i), faultsIn(&spec.Deny[i]))...)
	}
	return faults, remarks
}

func prefixed(path string, texts []string) []string {
	for i := range texts {
		texts[i] = path + texts[i]
	}
	return texts
}

func faultsIn(rule *v1alpha1.PolicyRule) []string {
	switch {
	case rule.Field != nil:
		return fieldFaults(rule.Field)
	case rule.Redirect != nil:
		return unmatchable("redirect.hosts", rule.Redirect.Hosts, ":/?#@ ", "a host has neither scheme nor port nor path")
	case rule.Consent != nil:
		return durationFaults("consent", rule.Consent.MaxDuration)
	case rule.Assign != nil:
		return durationFaults("assign", rule.Assign.MaxDuration)
	case rule.Federate != nil:
		return federateFaults(rule.Federate)
	default:
		return nil
	}
}

// fieldFaults finds a path that no Field has.
func fieldFaults(rule *v1alpha1.FieldRule) []string {
	needs := ""
	for _, row := range DefaultBaseline().rows {
		if row.Field == rule.Path {
			if row.asField() {
				return nil
			}
			needs = row.Needs
		}
	}
	if needs != "" {
		return []string{fmt.Sprintf("field.path: %q is judged by %s rules, not by field", rule.Path, needs)}
	}
	return []string{fmt.Sprintf("field.path: no kind has the field %q", rule.Path)}
}

func federateFaults(rule *v1alpha1.FederateRule) []string {
	accounts, github, oidc := ptr.Deref(rule.ServiceAccounts, v1alpha1.ServiceAccountsRule{}),
		ptr.Deref(rule.GitHub, v1alpha1.GitHubRule{}), ptr.Deref(rule.OIDC, v1alpha1.OIDCRule{})
	return slices.Concat(
		unmatchable("federate.serviceAccounts.namespaces", accounts.Namespaces, ":/. _", "a namespace is a DNS label"),
		unmatchable("federate.github.organization", []string{github.Organization}, "*/:@ ", "it is one organization, by name"),
		unmatchable("federate.github.repositories", github.Repositories, "/:@ ", "a repository goes without its organization"),
		unmatchable("federate.oidc.issuer", []string{oidc.Issuer}, "* ", "an issuer is compared exactly"),
	)
}

// unmatchable finds entries with a character that what they are compared with cannot have.
func unmatchable(path string, entries []string, forbidden, because string) []string {
	var faults []string
	for _, entry := range entries {
		if strings.ContainsAny(entry, forbidden) {
			faults = append(faults, fmt.Sprintf("%s: %s can never match: %s", path, quote(entry), because))
		}
	}
	return faults
}

func durationFaults(member string, limit *metav1.Duration) []string {
	if limit == nil || limit.Duration > 0 {
		return nil
	}
	return []string{member + ".maxDuration: it must be more than nothing"}
}

// remarksOn finds patterns that leave out permissions as good as Global Administrator.
func remarksOn(rule *v1alpha1.PolicyRule) []string {
	var remarks []string
	check := func(path string, entries, tier0 []string) {
		for _, entry := range entries {
			if strings.Contains(entry, Any) && slices.ContainsFunc(tier0, func(value string) bool { return matchesPattern(entry, value, ".") }) {
				remarks = append(remarks, fmt.Sprintf("%s: %s leaves out permissions as good as Global Administrator, which must be named", path, quote(entry)))
			}
		}
	}
	switch {
	case rule.Declare != nil:
		check("declare.application", rule.Declare.Application, tier0.Roles(appIDOf(rule.Declare.API)))
		check("declare.delegated", rule.Declare.Delegated, tier0.Scopes(appIDOf(rule.Declare.API)))
	case rule.Consent != nil && rule.Consent.Users == v1alpha1.ConsentAll:
		check("consent.scopes", rule.Consent.Scopes, tier0.Scopes(appIDOf(rule.Consent.API)))
	case rule.Assign != nil:
		check("assign.roles", rule.Assign.Roles, tier0.Roles(appIDOf(rule.Assign.API)))
	}
	return remarks
}
