package federatedcredential

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/engine/enginetest"
)

func TestDecide_Annotations(t *testing.T) {
	t.Parallel()
	foreign := Annotation{Value: "somebody's", Present: true, Others: "kubectl-annotate"}
	for name, test := range map[string]struct {
		change changes
		want   outcome
	}{
		"a ServiceAccount that does not exist is no error": {
			change: changes{world: func(w *World) { settled(w); w.Account = nil }},
		},
		"a value that somebody removed is put back": {
			change: changes{world: func(w *World) { settled(w); w.Account.TenantID = Annotation{} }},
			want:   outcome{steps: []string{"annotate ServiceAccount orders-worker"}},
		},
		"the right value from somebody else is left to them": {
			change: changes{world: func(w *World) {
				settled(w)
				w.Account.ClientID = Annotation{Value: "app-id", Others: "helm"}
			}},
		},
		"a foreign client ID is told, not forced": {
			change: changes{world: func(w *World) { settled(w); w.Account.ClientID = foreign }},
			want: outcome{
				unsynced: v1alpha1.ReasonConflict,
				says:     `azure.workload.identity/client-id is "somebody's", set by kubectl-annotate, and should be "app-id"`,
			},
		},
		"a foreign client ID that nobody is known to own is told all the same": {
			change: changes{world: func(w *World) { settled(w); w.Account.ClientID = Annotation{Present: true} }},
			want:   outcome{unsynced: v1alpha1.ReasonConflict, says: `is "", set by somebody else`},
		},
		"a foreign tenant ID is told, not forced": {
			change: changes{world: func(w *World) { settled(w); w.Account.TenantID = foreign }},
			want:   outcome{unsynced: v1alpha1.ReasonConflict, says: "azure.workload.identity/tenant-id"},
		},
		"a foreign value does not keep the credential from being made": {
			change: changes{world: func(w *World) { w.Account.ClientID = foreign }},
			want: outcome{
				steps:    []string{`create federated credential k8s-orders-worker for "system:serviceaccount:shop:orders-worker" of "https://issuer.example"`},
				unsynced: v1alpha1.ReasonConflict, says: "client-id",
			},
		},
		"a client ID of ours that is old is replaced": {
			change: changes{world: func(w *World) { settled(w); w.Account.ClientID.Value = "old" }},
			want:   outcome{steps: []string{"annotate ServiceAccount orders-worker"}},
		},
		"switched off, ours are removed": {
			change: changes{
				obj: func(f *v1alpha1.FederatedCredential) {
					f.Spec.AnnotateServiceAccount = new(bool)
					f.Status.AnnotatedServiceAccount = "orders-worker"
				},
				world: annotatedBefore,
			},
			want: outcome{steps: []string{"remove our annotations from ServiceAccount orders-worker"}},
		},
		"another ServiceAccount takes them over from the old one": {
			change: changes{
				obj: func(f *v1alpha1.FederatedCredential) { f.Status.AnnotatedServiceAccount = "old" },
				world: func(w *World) {
					settled(w)
					w.Account.ClientID = Annotation{}
					w.FormerAccounts = []Account{*annotatedAccount("old")}
				},
			},
			want: outcome{steps: []string{
				"remove our annotations from ServiceAccount old", "annotate ServiceAccount orders-worker",
			}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.change.check(t, test.want)
		})
	}
}

// cluster is a fake API server with one ServiceAccount, annotated by others as given.
func cluster(t *testing.T, annotations map[string]string) (*Kind, *v1alpha1.FederatedCredential, client.Client) {
	t.Helper()
	account := &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "orders-worker", UID: "account"}}
	kube := fake.NewClientBuilder().WithReturnManagedFields().WithObjects(account).Build()
	account.Annotations = annotations
	if err := kube.Update(t.Context(), account, client.FieldOwner("somebody")); err != nil {
		t.Fatal(err)
	}
	kind, obj, _ := changes{}.apply()
	kind.Binder.Live = kube
	return kind, obj, kube
}

// annotateAll reads, decides and writes until nothing is left to write. It keeps the status.
func annotateAll(t *testing.T, kind *Kind, obj *v1alpha1.FederatedCredential, kube client.Client) (World, []string) {
	t.Helper()
	_, _, world := changes{world: settled}.apply()
	if err := kind.readAccounts(t.Context(), obj, &world); err != nil {
		t.Fatal(err)
	}
	settled := enginetest.Settle(t, kind, obj, world, today, engine.Clients{Kube: kube})
	if settled.Err != nil {
		t.Fatal(settled.Err)
	}
	obj.Status = settled.Object.Status
	return settled.World, settled.Done
}

func annotationsOf(t *testing.T, kube client.Client) map[string]string {
	t.Helper()
	var account corev1.ServiceAccount
	if err := kube.Get(t.Context(), client.ObjectKey{Namespace: "shop", Name: "orders-worker"}, &account); err != nil {
		t.Fatal(err)
	}
	return account.Annotations
}

func TestAnnotations_ComeAndGo(t *testing.T) {
	t.Parallel()
	kind, obj, kube := cluster(t, map[string]string{"team": "shop"})
	if _, done := annotateAll(t, kind, obj, kube); len(done) != 1 {
		t.Fatalf("done: %v", done)
	}
	want := map[string]string{"team": "shop", ClientIDAnnotation: "app-id", TenantIDAnnotation: "tenant-id"}
	if diff := cmp.Diff(want, annotationsOf(t, kube)); diff != "" {
		t.Error(diff)
	}
	if _, done := annotateAll(t, kind, obj, kube); len(done) != 0 {
		t.Errorf("written again: %v", done)
	}
	obj.Spec.AnnotateServiceAccount = new(bool)
	if _, done := annotateAll(t, kind, obj, kube); len(done) != 1 {
		t.Fatalf("done: %v", done)
	}
	if diff := cmp.Diff(map[string]string{"team": "shop"}, annotationsOf(t, kube)); diff != "" {
		t.Error(diff)
	}
	if obj.Status.AnnotatedServiceAccount != "" {
		t.Errorf("status still names %q", obj.Status.AnnotatedServiceAccount)
	}
}

func TestAnnotations_OthersStay(t *testing.T) {
	t.Parallel()
	theirs := map[string]string{ClientIDAnnotation: "theirs"}
	kind, obj, kube := cluster(t, theirs)
	world, done := annotateAll(t, kind, obj, kube)
	if len(done) != 0 {
		t.Errorf("done: %v", done)
	}
	if refusal := annotationConflict(world); refusal == nil || !strings.Contains(refusal.Message, "set by somebody else") {
		t.Errorf("told: %v", refusal)
	}
	if diff := cmp.Diff(theirs, annotationsOf(t, kube)); diff != "" {
		t.Error(diff)
	}
}

func TestAnnotations_NeverMakeAServiceAccount(t *testing.T) {
	t.Parallel()
	kind, obj, kube := cluster(t, nil)
	_, _, world := changes{world: settled}.apply()
	if err := kind.readAccounts(t.Context(), obj, &world); err != nil {
		t.Fatal(err)
	}
	account := &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "orders-worker"}}
	if err := kube.Delete(t.Context(), account); err != nil {
		t.Fatal(err)
	}
	if got := world.Account.configuration("shop").GetUID(); got != "account" {
		t.Errorf("applied with the UID %q: a new ServiceAccount would be made", got)
	}
}

func TestAnnotation_OwnedBy(t *testing.T) {
	t.Parallel()
	owns := func(manager string, operation metav1.ManagedFieldsOperationType, keys ...string) metav1.ManagedFieldsEntry {
		fields := &metav1.FieldsV1{}
		fields.SetRawString(`{"f:metadata":{"f:annotations":{".":{},"f:` + strings.Join(keys, `":{},"f:`) + `":{}}}}`)
		return metav1.ManagedFieldsEntry{Manager: manager, Operation: operation, FieldsV1: fields}
	}
	managed := []metav1.ManagedFieldsEntry{
		owns("entra-registrar/orders-worker", metav1.ManagedFieldsOperationApply, ClientIDAnnotation, TenantIDAnnotation),
		owns("entra-registrar/orders-worker", metav1.ManagedFieldsOperationUpdate, ClientIDAnnotation),
		owns("kubectl-edit", metav1.ManagedFieldsOperationUpdate, "team", ClientIDAnnotation),
		owns("helm", metav1.ManagedFieldsOperationApply, ClientIDAnnotation),
	}
	for key, want := range map[string]Annotation{
		ClientIDAnnotation: {Ours: true, Others: "entra-registrar/orders-worker, helm, kubectl-edit"},
		TenantIDAnnotation: {Ours: true},
		"team":             {Others: "kubectl-edit"},
		"other":            {},
	} {
		var got Annotation
		if err := got.ownedBy(managed, key, "entra-registrar/orders-worker"); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", key, diff)
		}
	}
}
