package policy_test

import (
	"fmt"
	"testing"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

// BenchmarkReviewOfOneObject is a new API with a redirect URI, under ten policies of which none is about it.
func BenchmarkReviewOfOneObject(b *testing.B) {
	gate := baseline()
	for i := range 10 {
		gate.Policies = append(gate.Policies, policy.Policy{Name: fmt.Sprint("team-", i), Allow: []policy.Rule{
			{Redirect: &policy.RedirectRule{Hosts: []string{fmt.Sprintf("*.team-%d.example.com", i)}}},
		}})
	}
	spec := v1alpha1.AppRegistrationSpec{
		DisplayName: "Orders API", Description: "Takes orders.",
		API:      &v1alpha1.API{Scopes: []v1alpha1.Scope{{Value: "Orders.Read"}}},
		AppRoles: []v1alpha1.AppRole{{Value: "Orders.Read.All", AllowedMemberTypes: []v1alpha1.MemberType{v1alpha1.MemberApplication}}},
		Secret:   &v1alpha1.Secret{Formats: []v1alpha1.SecretFormat{v1alpha1.FormatOIDC}},
	}
	b.ReportAllocs()
	for b.Loop() {
		ask := policy.Ask{Kind: "AppRegistration", Operator: []string{operator}, Tuples: append(policy.Fields("AppRegistration", spec),
			policy.Redirect{Path: "spec.web.redirectURIs[0]", Platform: policy.Web, URI: "https://orders.example.com/callback"},
			policy.IdentifierURI{Path: "spec.identifierURIs[0]", URI: "api://" + appID, AppID: appID},
			policy.Deletion{Path: "spec.deletionPolicy", Policy: "Delete"},
		)}
		if denials := gate.Review(ask); len(denials) > 0 {
			b.Fatal(policy.Message(denials))
		}
	}
}
