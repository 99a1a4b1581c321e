package policy_test

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

// fixture is a gate under policies.
type fixture struct {
	policy.Gate
	policies []v1alpha1.RegistrationPolicy
}

func (f fixture) evaluate(kind string, requests ...policy.Request) policy.Verdict {
	return f.Evaluate(f.review(kind, requests...))
}

// review is about an object of namespace shop in tenant corp.
func (f fixture) review(kind string, requests ...policy.Request) policy.Review {
	return policy.Review{
		Kind: kind, Namespace: "shop", Labels: map[string]string{"team": "shop"}, Tenant: "corp",
		Policies: f.policies, Requests: requests,
	}
}

func (f fixture) with(policies ...v1alpha1.RegistrationPolicy) fixture {
	f.policies = append(append([]v1alpha1.RegistrationPolicy{}, f.policies...), policies...)
	return f
}

// passes reports whether the gate lets the request through.
func passes(f fixture, kind string, request policy.Request) bool {
	return len(f.evaluate(kind, request).Denied) == 0
}

// everywhere is a policy for all namespaces.
func everywhere(name string, allow, deny []v1alpha1.PolicyRule) v1alpha1.RegistrationPolicy {
	return v1alpha1.RegistrationPolicy{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: v1alpha1.RegistrationPolicySpec{
		Namespaces: v1alpha1.NamespaceSelection{All: true}, Allow: allow, Deny: deny,
	}}
}

func rules(of ...v1alpha1.PolicyRule) []v1alpha1.PolicyRule { return of }

// allowing has no baseline, and one policy with these rules.
func allowing(of ...v1alpha1.PolicyRule) fixture { return fixture{}.with(everywhere("team", of, nil)) }

func baseline() fixture { return fixture{Gate: policy.Gate{Baseline: policy.DefaultBaseline()}} }
