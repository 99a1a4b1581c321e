package controllers

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

func TestPolicyWatch_WakesThoseWhoseVerdictChanges(t *testing.T) {
	t.Parallel()
	scheme, err := NewScheme()
	if err != nil {
		t.Fatal(err)
	}
	named := func(namespace, name string) *v1alpha1.AppRegistration {
		return &v1alpha1.AppRegistration{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}}
	}
	allowing := &v1alpha1.RegistrationPolicy{ObjectMeta: metav1.ObjectMeta{Name: "web"}}
	allowing.Spec.Namespaces.Names = []string{"shop"}
	allowing.Spec.Allow = []v1alpha1.PolicyRule{{Field: &v1alpha1.FieldRule{Path: "spec.fallbackPublicClient", Values: []string{"true"}}}}
	cache := fake.NewClientBuilder().WithScheme(scheme).WithObjects(
		named("shop", "denied"), named("shop", "content"), named("bank", "denied"), named("shop", "new"), allowing).Build()

	gate, verdicts := policy.Gate{Baseline: policy.DefaultBaseline()}, policy.NewVerdictCache()
	public := policy.Field{Path: "spec.fallbackPublicClient", Value: "true"}
	for object, requests := range map[types.NamespacedName][]policy.Request{
		{Namespace: "shop", Name: "denied"}:  {public},
		{Namespace: "shop", Name: "content"}: nil,
		{Namespace: "bank", Name: "denied"}:  {public},
		{Namespace: "shop", Name: "gone"}:    {public},
	} {
		review := policy.Review{Kind: "AppRegistration", Namespace: object.Namespace, Requests: requests}
		verdicts.Note(review.Kind, object, gate.Evaluate(review))
	}
	var got []string
	for _, request := range policyWatch(cache, verdicts, "AppRegistration", &v1alpha1.AppRegistrationList{}).Wakes(t.Context(), allowing) {
		got = append(got, request.String())
	}
	slices.Sort(got)
	if diff := cmp.Diff([]string{"shop/denied", "shop/new"}, got); diff != "" {
		t.Error(diff)
	}
}
