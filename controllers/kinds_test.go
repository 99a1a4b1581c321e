package controllers

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entratenant"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

func TestParseKinds_AcceptsKnownNames(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		list  string
		want  []string
		fails string
	}{
		"none means all": {"", Kinds(), ""},
		"those that are named, sorted and once": {
			"DelegatedPermissionGrant,AppRoleAssignment,AppRoleAssignment", []string{"AppRoleAssignment", "DelegatedPermissionGrant"}, "",
		},
		"an unknown one is told, with the known ones": {"AppRoleAssignment,approleassignment", nil, `"approleassignment": known are EntraTenant, `},
		"an empty one is unknown":                     {"AppRoleAssignment,", nil, `no kind is called ""`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := ParseKinds(row.list)
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Error(diff)
			}
			if (err != nil) != (row.fails != "") || err != nil && !strings.Contains(err.Error(), row.fails) {
				t.Errorf("error %v, want %q", err, row.fails)
			}
		})
	}
}

func TestLeaseName_DiffersByKinds(t *testing.T) {
	t.Parallel()
	for list, want := range map[string]string{
		"": "entra-registrar",
		"DelegatedPermissionGrant,AppRoleAssignment": "entra-registrar-approleassignment-delegatedpermissiongrant",
		strings.Join(Kinds(), ","):                   "entra-registrar",
	} {
		kinds, err := ParseKinds(list)
		if got := LeaseName(kinds); err != nil || got != want {
			t.Errorf("%q has the lease %q, error %v; want %q", list, got, err, want)
		}
	}
}

func TestKinds_HaveEveryKindOfScheme(t *testing.T) {
	t.Parallel()
	scheme, err := NewScheme()
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for kind, is := range scheme.KnownTypes(v1alpha1.GroupVersion) {
		if _, ours := reflect.TypeAssert[engine.Object](reflect.New(is)); ours {
			kinds = append(kinds, kind)
		}
	}
	slices.Sort(kinds)
	if diff := cmp.Diff(slices.Sorted(slices.Values(Kinds())), kinds); diff != "" {
		t.Error(diff)
	}
}

func TestPrivilegedKind_OnOffOrElsewhere(t *testing.T) {
	t.Parallel()
	for want, h := range map[entratenant.Switch]house{
		entratenant.Off:       {Settings: Settings{Kinds: Kinds()}},
		entratenant.On:        {Settings: Settings{Kinds: Kinds(), AppRoleAssignments: true}},
		entratenant.Elsewhere: {Settings: Settings{Kinds: []string{"EntraTenant"}, AppRoleAssignments: true}},
	} {
		if got := h.switched(kindAssignment, h.AppRoleAssignments); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestPolicy_WakesThoseWhoseVerdictChanges(t *testing.T) {
	t.Parallel()
	scheme, err := NewScheme()
	if err != nil {
		t.Fatal(err)
	}
	named := func(namespace, name string) *v1alpha1.AppRegistration {
		return &v1alpha1.AppRegistration{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}}
	}
	ruling := &v1alpha1.RegistrationPolicy{ObjectMeta: metav1.ObjectMeta{Name: "web"}}
	ruling.Spec.Namespaces.Names = []string{"shop"}
	ruling.Spec.Allow = []v1alpha1.PolicyRule{{Field: &v1alpha1.FieldRule{Path: "spec.fallbackPublicClient", Values: []string{"true"}}}}
	cache := fake.NewClientBuilder().WithScheme(scheme).WithObjects(
		named("shop", "denied"), named("shop", "content"), named("bank", "denied"), named("shop", "new"), ruling).Build()

	gate := policy.Gate{Baseline: policy.DefaultBaseline(), Ledger: policy.NewLedger()}
	public := policy.Field{Path: "spec.fallbackPublicClient", Value: "true"}
	for _, ask := range []policy.Ask{
		{Namespace: "shop", Name: "denied", Tuples: []policy.Tuple{public}},
		{Namespace: "shop", Name: "content"},
		{Namespace: "bank", Name: "denied", Tuples: []policy.Tuple{public}},
		{Namespace: "shop", Name: "gone", Tuples: []policy.Tuple{public}},
	} {
		ask.Kind = kindApp
		gate.Review(ask)
	}
	var got []string
	for _, request := range judged(cache, gate.Ledger, kindApp, &v1alpha1.AppRegistrationList{}).Wakes(t.Context(), ruling) {
		got = append(got, request.String())
	}
	slices.Sort(got)
	if diff := cmp.Diff([]string{"shop/denied", "shop/new"}, got); diff != "" {
		t.Error(diff)
	}
}
