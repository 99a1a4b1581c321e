// Package rule has rules of policies, and puts them into policies.
package rule

import "github.com/entra-registrar/entra-registrar/api/v1alpha1"

// OwnAPIs are those of a namespace's own AppRegistrations.
var OwnAPIs = v1alpha1.PolicyAPI{OwnNamespace: true}

// Graph is Microsoft Graph.
var Graph = v1alpha1.PolicyAPI{WellKnown: v1alpha1.MicrosoftGraph}

// Allow is for a policy with these rules.
func Allow(rules ...v1alpha1.PolicyRule) func(*v1alpha1.RegistrationPolicySpec) {
	return func(spec *v1alpha1.RegistrationPolicySpec) { spec.Allow = append(spec.Allow, rules...) }
}

// Deny is for a policy with these rules.
func Deny(rules ...v1alpha1.PolicyRule) func(*v1alpha1.RegistrationPolicySpec) {
	return func(spec *v1alpha1.RegistrationPolicySpec) { spec.Deny = append(spec.Deny, rules...) }
}

// Consent for everybody to scopes of Microsoft Graph.
func Consent(scopes ...string) v1alpha1.PolicyRule {
	return v1alpha1.PolicyRule{Consent: &v1alpha1.ConsentRule{API: Graph, Scopes: scopes, Users: v1alpha1.ConsentAll}}
}

// Declare permissions of Microsoft Graph.
func Declare(delegated []string, application ...string) v1alpha1.PolicyRule {
	return v1alpha1.PolicyRule{Declare: &v1alpha1.DeclareRule{API: Graph, Delegated: delegated, Application: application}}
}

// Assign roles of an API to principals of a kind.
func Assign(kind v1alpha1.PrincipalKind, api v1alpha1.PolicyAPI, roles ...string) v1alpha1.PolicyRule {
	return v1alpha1.PolicyRule{Assign: &v1alpha1.AssignRule{Principals: []v1alpha1.PolicyPrincipal{{Kind: kind}}, API: api, Roles: roles}}
}

// Field has a value.
func Field(path, value string) v1alpha1.PolicyRule {
	return v1alpha1.PolicyRule{Field: &v1alpha1.FieldRule{Path: path, Values: []string{value}}}
}

// Redirect to hosts from a web application.
func Redirect(hosts ...string) v1alpha1.PolicyRule {
	return v1alpha1.PolicyRule{Redirect: &v1alpha1.RedirectRule{Platforms: []v1alpha1.RedirectPlatform{v1alpha1.RedirectWeb}, Hosts: hosts}}
}
