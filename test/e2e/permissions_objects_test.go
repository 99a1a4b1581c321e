package e2e

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/emulator"
)

// microsoftGraph as specs name it.
var microsoftGraph = v1alpha1.APIReference{WellKnown: v1alpha1.MicrosoftGraph}

// ofApp is the API of an AppRegistration; of the asking object's own namespace where namespace is empty.
func ofApp(namespace, name string) v1alpha1.APIReference {
	return v1alpha1.APIReference{AppRegistrationRef: &v1alpha1.AppRegistrationReference{Namespace: namespace, Name: name}}
}

// policy that selects the stage's namespace, and is only in the stage's sight.
func (s *stage) policy(name string, change ...func(*v1alpha1.RegistrationPolicySpec)) *v1alpha1.RegistrationPolicy {
	policy := &v1alpha1.RegistrationPolicy{
		ObjectMeta: metav1.ObjectMeta{Name: s.namespace + "-" + name, Labels: s.label()},
		Spec:       v1alpha1.RegistrationPolicySpec{Namespaces: v1alpha1.NamespaceSelection{Names: []string{s.namespace}}},
	}
	for _, c := range change {
		c(&policy.Spec)
	}
	return policy
}

func allow(rules ...v1alpha1.PolicyRule) func(*v1alpha1.RegistrationPolicySpec) {
	return func(spec *v1alpha1.RegistrationPolicySpec) { spec.Allow = append(spec.Allow, rules...) }
}

func deny(rules ...v1alpha1.PolicyRule) func(*v1alpha1.RegistrationPolicySpec) {
	return func(spec *v1alpha1.RegistrationPolicySpec) { spec.Deny = append(spec.Deny, rules...) }
}

// allowing opens the stage with a policy that allows more than the baseline.
func allowing(rules ...v1alpha1.PolicyRule) prop {
	return func(s *stage, _ *emulator.Options) {
		s.policies = append(s.policies, s.policy("allowing", allow(rules...)))
	}
}

// consenting is a rule that allows consent for everybody to scopes of Microsoft Graph.
func consenting(scopes ...string) v1alpha1.PolicyRule {
	return v1alpha1.PolicyRule{Consent: &v1alpha1.ConsentRule{
		API: v1alpha1.PolicyAPI{WellKnown: v1alpha1.MicrosoftGraph}, Scopes: scopes, Users: v1alpha1.ConsentAll,
	}}
}

// declaring is a rule that allows permissions of Microsoft Graph to be declared.
func declaring(delegated []string, application ...string) v1alpha1.PolicyRule {
	return v1alpha1.PolicyRule{Declare: &v1alpha1.DeclareRule{
		API: v1alpha1.PolicyAPI{WellKnown: v1alpha1.MicrosoftGraph}, Delegated: delegated, Application: application,
	}}
}

// assigning is a rule that allows roles of Microsoft Graph to be given to applications of the own namespace.
func assigning(kind v1alpha1.PrincipalKind, api v1alpha1.PolicyAPI, roles ...string) v1alpha1.PolicyRule {
	return v1alpha1.PolicyRule{Assign: &v1alpha1.AssignRule{
		Principals: []v1alpha1.PolicyPrincipal{{Kind: kind}}, API: api, Roles: roles,
	}}
}

func (s *stage) grant(name, client string, api v1alpha1.APIReference, scopes ...string) *v1alpha1.DelegatedPermissionGrant {
	return &v1alpha1.DelegatedPermissionGrant{
		ObjectMeta: metav1.ObjectMeta{Namespace: s.namespace, Name: name},
		Spec: v1alpha1.DelegatedPermissionGrantSpec{
			Client: v1alpha1.GrantClient{AppRegistrationRef: v1alpha1.AppRegistrationReference{Name: client}}, API: api, Scopes: scopes,
		},
	}
}

// needing declares permissions of an API.
func needing(api v1alpha1.APIReference, delegated []string, application ...string) func(*v1alpha1.AppRegistrationSpec) {
	return func(spec *v1alpha1.AppRegistrationSpec) {
		spec.Permissions = append(spec.Permissions, v1alpha1.Permissions{API: api, Delegated: delegated, Application: application})
	}
}

// letting lets other namespaces use what an application exposes.
func letting(namespace string, roles, scopes []string) func(*v1alpha1.AppRegistrationSpec) {
	return func(spec *v1alpha1.AppRegistrationSpec) {
		spec.AllowedConsumers = append(spec.AllowedConsumers, v1alpha1.AllowedConsumer{
			Namespaces: v1alpha1.NamespaceSelection{Names: []string{namespace}}, AppRoles: roles, Scopes: scopes,
		})
	}
}

// inNeighbour moves objects to the other namespace, which is created with the first.
func (s *stage) inNeighbour(objs ...object) {
	s.t.Helper()
	if !s.get(&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: s.neighbour}}) {
		s.create(&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: s.neighbour}})
	}
	for _, obj := range objs {
		obj.SetNamespace(s.neighbour)
	}
}
