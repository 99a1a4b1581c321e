package policy

import (
	"fmt"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// Check tells what in a policy can never work (faults), and what works less than it may seem to (remarks); each begins with the path
// of its field. A policy with faults counts nevertheless, as the gate reads it.
func Check(spec v1alpha1.RegistrationPolicySpec) (faults, remarks []string) {
	if selector := spec.Namespaces.Selector; selector != nil {
		if _, err := metav1.LabelSelectorAsSelector(selector); err != nil {
			faults = append(faults, fmt.Sprintf("spec.namespaces.selector: %v; until it can be read the policy denies everywhere and allows nothing",
				strings.ReplaceAll(err.Error(), "\n", " ")))
		}
	}
	for i := range spec.Allow {
		path := fmt.Sprintf("spec.allow[%d].", i)
		faults = append(faults, prefixed(path, faultsOf(&spec.Allow[i]))...)
		remarks = append(remarks, prefixed(path, shortfalls(&spec.Allow[i]))...)
	}
	for i := range spec.Deny {
		faults = append(faults, prefixed(fmt.Sprintf("spec.deny[%d].", i), faultsOf(&spec.Deny[i]))...)
	}
	return faults, remarks
}

func prefixed(path string, texts []string) []string {
	for i := range texts {
		texts[i] = path + texts[i]
	}
	return texts
}

func faultsOf(rule *v1alpha1.PolicyRule) []string {
	switch {
	case rule.Field != nil:
		return fieldFaults(rule.Field)
	case rule.Redirect != nil:
		return unmatchable("redirect.hosts", rule.Redirect.Hosts, ":/?#@ ", "a host has neither scheme nor port nor path")
	case rule.Consent != nil:
		return endless("consent", rule.Consent.MaxDuration)
	case rule.Assign != nil:
		return endless("assign", rule.Assign.MaxDuration)
	case rule.Federate != nil:
		return federateFaults(rule.Federate)
	default:
		return nil
	}
}

// fieldFaults are those of a path that nothing is ever asked by.
func fieldFaults(rule *v1alpha1.FieldRule) []string {
	needs := ""
	for _, row := range DefaultBaseline().rows {
		if row.Field == rule.Path {
			if row.rules[0].Field != nil {
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
	var faults []string
	if rule.ServiceAccounts != nil {
		faults = append(faults, unmatchable("federate.serviceAccounts.namespaces", rule.ServiceAccounts.Namespaces, ":/. _", "a namespace is a DNS label")...)
	}
	if rule.GitHub != nil {
		faults = append(faults, unmatchable("federate.github.organization", []string{rule.GitHub.Organization}, "*/:@ ", "it is one organization, by name")...)
		faults = append(faults, unmatchable("federate.github.repositories", rule.GitHub.Repositories, "/:@ ", "a repository goes without its organization")...)
	}
	if rule.OIDC != nil {
		faults = append(faults, unmatchable("federate.oidc.issuer", []string{rule.OIDC.Issuer}, "* ", "an issuer is compared exactly")...)
	}
	return faults
}

// unmatchable are faults of entries with a character that what they are compared with cannot have.
func unmatchable(path string, entries []string, never, because string) []string {
	var faults []string
	for _, entry := range entries {
		if strings.ContainsAny(entry, never) {
			faults = append(faults, fmt.Sprintf("%s: %s can never match: %s", path, quote(entry), because))
		}
	}
	return faults
}

func endless(member string, most *metav1.Duration) []string {
	if most == nil || most.Duration > 0 {
		return nil
	}
	return []string{member + ".maxDuration: it must be more than nothing"}
}

// shortfalls are patterns that would be about tier0 permissions, if patterns ever were.
func shortfalls(rule *v1alpha1.PolicyRule) []string {
	var remarks []string
	tell := func(path string, entries []string, tier0 []string) {
		for _, entry := range entries {
			if strings.Contains(entry, Any) && slices.ContainsFunc(tier0, func(value string) bool { return match(entry, value, ".") }) {
				remarks = append(remarks, fmt.Sprintf("%s: %s leaves out permissions as good as Global Administrator, which must be named", path, quote(entry)))
			}
		}
	}
	switch {
	case rule.Declare != nil:
		tell("declare.application", rule.Declare.Application, tier0Of(rule.Declare.API, tier0Roles))
		tell("declare.delegated", rule.Declare.Delegated, tier0Of(rule.Declare.API, tier0Scopes))
	case rule.Consent != nil && rule.Consent.Users == v1alpha1.ConsentAll:
		tell("consent.scopes", rule.Consent.Scopes, tier0Of(rule.Consent.API, tier0Scopes))
	case rule.Assign != nil:
		tell("assign.roles", rule.Assign.Roles, tier0Of(rule.Assign.API, tier0Roles))
	}
	return remarks
}

// tier0Of are the tier0 permissions of an API; of the legacy one, every permission is.
func tier0Of[T any](api v1alpha1.PolicyAPI, table map[string]map[string]T) []string {
	name := string(api.WellKnown)
	switch api.AppID {
	case "":
	case legacyGraph:
		return []string{"User.Read", "User.Read.All"}
	default:
		name = entra.WellKnownName(string(api.AppID))
	}
	var values []string
	for value := range table[name] {
		values = append(values, value)
	}
	return values
}
