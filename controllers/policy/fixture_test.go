package policy_test

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

// court is a gate under policies.
type court struct {
	policy.Gate
	policies []v1alpha1.RegistrationPolicy
}

// review is about an object of namespace shop in tenant corp.
func (c court) review(kind string, requests ...policy.Request) policy.Verdict {
	return c.Review(c.ask(kind, requests...))
}

func (c court) ask(kind string, requests ...policy.Request) policy.Review {
	return policy.Review{
		Kind: kind, Namespace: "shop", Name: "it", Labels: map[string]string{"team": "shop"}, Tenant: "corp",
		Policies: c.policies, Requests: requests,
	}
}

func (c court) with(policies ...v1alpha1.RegistrationPolicy) court {
	c.policies = append(append([]v1alpha1.RegistrationPolicy{}, c.policies...), policies...)
	return c
}

// passes reports whether the gate lets the request through.
func passes(c court, kind string, request policy.Request) bool {
	return len(c.review(kind, request).Denied) == 0
}

// everywhere is a policy for all namespaces.
func everywhere(name string, allow, deny []v1alpha1.PolicyRule) v1alpha1.RegistrationPolicy {
	return v1alpha1.RegistrationPolicy{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: v1alpha1.RegistrationPolicySpec{
		Namespaces: v1alpha1.NamespaceSelection{All: true}, Allow: allow, Deny: deny,
	}}
}

func rules(of ...v1alpha1.PolicyRule) []v1alpha1.PolicyRule { return of }

// allowing has no baseline, and one policy with these rules.
func allowing(of ...v1alpha1.PolicyRule) court { return court{}.with(everywhere("team", of, nil)) }

func baseline() court { return court{Gate: policy.Gate{Baseline: policy.DefaultBaseline()}} }
