package policy_test

import (
	"fmt"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

// hundredPolicies are policies of which a tenth is about namespace shop, by label; each allows and denies in several ways.
func hundredPolicies() []v1alpha1.RegistrationPolicy {
	policies := make([]v1alpha1.RegistrationPolicy, 100)
	for i := range policies {
		policies[i] = everywhere(fmt.Sprint("team-", i), rules(
			v1alpha1.PolicyRule{Redirect: &v1alpha1.RedirectRule{Hosts: []string{fmt.Sprintf("*.team-%d.example.com", i)}}},
			v1alpha1.PolicyRule{Field: &v1alpha1.FieldRule{Path: "spec.api.scopes.type", Values: []string{"User"}}},
			v1alpha1.PolicyRule{Declare: &v1alpha1.DeclareRule{
				API: v1alpha1.PolicyAPI{WellKnown: v1alpha1.MicrosoftGraph}, Delegated: []string{"Mail.*", "Files.*"},
			}},
		), rules(v1alpha1.PolicyRule{Redirect: &v1alpha1.RedirectRule{Hosts: []string{fmt.Sprintf("*.evil-%d.example", i)}}}))
		policies[i].Spec.Namespaces = v1alpha1.NamespaceSelection{Selector: &metav1.LabelSelector{
			MatchLabels: map[string]string{"team": []string{"shop", "bank"}[min(i%10, 1)]},
		}}
	}
	return policies
}

// asked is a new API with a redirect URI and permissions.
func asked(policies []v1alpha1.RegistrationPolicy) policy.Review {
	spec := v1alpha1.AppRegistrationSpec{
		DisplayName: "Orders API", Description: "Takes orders.",
		API:      &v1alpha1.API{Scopes: []v1alpha1.Scope{{Value: "Orders.Read"}}},
		AppRoles: []v1alpha1.AppRole{{Value: "Orders.Read.All", AllowedMemberTypes: []v1alpha1.MemberType{v1alpha1.MemberApplication}}},
		Secret:   &v1alpha1.Secret{Formats: []v1alpha1.SecretFormat{v1alpha1.FormatOIDC}},
	}
	requests := []policy.Request{
		policy.Redirect{Path: "spec.web.redirectURIs[0]", Platform: v1alpha1.RedirectWeb, URI: "https://orders.example.com/callback"},
		policy.IdentifierURI{Path: "spec.identifierURIs[0]", URI: "api://" + appID, AppID: appID},
		newDeclaration(v1alpha1.PermissionDelegated, msGraph, "User.Read"),
		policy.Deletion{Path: "spec.deletionPolicy", Policy: v1alpha1.DeletionDelete},
	}
	for _, field := range policy.Fields("AppRegistration", spec) {
		requests = append(requests, field)
	}
	review := fixture{policies: policies}.review("AppRegistration", requests...)
	review.Operator = []string{operator}
	return review
}

// It has to stay under a millisecond, with a hundred policies.
func BenchmarkEvaluate_OneObject(b *testing.B) {
	gate, policies := baseline(), hundredPolicies()
	b.ReportAllocs()
	for b.Loop() {
		if verdict := gate.Evaluate(asked(policies)); len(verdict.Denied) > 0 {
			b.Fatal(policy.Message(verdict.Denied))
		}
	}
}

// A thousand objects are evaluated again under a hundred policies, one of which has changed.
func BenchmarkVerdictCache_ThousandObjectsAfterAChange(b *testing.B) {
	gate, policies := baseline(), hundredPolicies()
	cache := policy.NewVerdictCache()
	live := make([]types.NamespacedName, 1000)
	for i := range live {
		live[i] = named(fmt.Sprint("app-", i))
		cache.Note("AppRegistration", live[i], gate.Evaluate(asked(policies)))
	}
	changed := hundredPolicies()
	changed[0].Spec.Allow = nil
	b.ReportAllocs()
	for b.Loop() {
		if again := cache.Changed("AppRegistration", live, changed); len(again) > 0 {
			b.Fatal(again)
		}
	}
}
