package federatedcredential

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

func TestDecide(t *testing.T) {
	t.Parallel()
	const created = `create federated credential k8s-orders-worker for "system:serviceaccount:shop:orders-worker" of "https://issuer.example"`
	for name, test := range map[string]struct {
		change changes
		want   outcome
	}{
		"a new credential is created, and the ServiceAccount annotated, in the same round": {
			want: outcome{steps: []string{created, "annotate ServiceAccount orders-worker"}},
		},
		"a credential that Entra has as it should be needs nothing": {
			change: changes{world: settled},
		},
		"a removed credential is made again": {
			change: changes{world: func(w *World) { settled(w); w.Trust.Value.Credentials = nil }},
			want:   outcome{steps: []string{created}},
		},
		"somebody's edit is repaired with what differs only": {
			change: changes{world: func(w *World) {
				settled(w)
				w.Trust.Value.Credentials[0].Audience = "api://elsewhere"
				w.Trust.Value.Credentials[0].Description = "mine"
			}},
			want: outcome{steps: []string{"update federated credential k8s-orders-worker: audience, description"}},
		},
		"a new subject is written in place": {
			change: changes{world: settled, obj: func(f *v1alpha1.FederatedCredential) {
				f.Spec.ServiceAccount.Name = "other"
				f.Status.AnnotatedServiceAccount = ""
			}},
			want: outcome{steps: []string{"update federated credential k8s-orders-worker: subject"}},
		},
		"a credential of the same name in other letters is the same credential": {
			change: changes{world: func(w *World) { settled(w); w.Trust.Value.Credentials[0].Name = "K8S-Orders-Worker" }},
		},
		"an application that Entra does not show yet is looked at again": {
			change: changes{world: func(w *World) { w.Trust = entra.Observed[entra.Trust]{} }},
			want:   outcome{again: 5 * time.Second},
		},
		"an application that is gone from Entra is waited for": {
			change: changes{world: func(w *World) { w.Trust = entra.Absent[entra.Trust]() }},
			want:   outcome{wait: `the application of AppRegistration "orders-worker" is gone from Entra; it has to be made again first`},
		},
		"an AppRegistration that is being deleted does not unsettle what is in sync": {
			change: changes{world: func(w *World) { settled(w); w.App.Deleting = true }},
		},
		"an AppRegistration that is being deleted gets nothing new": {
			change: changes{world: func(w *World) { w.App.Deleting = true }},
			want:   outcome{wait: `AppRegistration "orders-worker" is being deleted: nothing new is bound to it`},
		},
		"an application that was disabled does not unsettle what is in sync": {
			change: changes{world: func(w *World) { settled(w); w.Trust.Value.Disabled = true }},
		},
		"an application whose service principal was disabled gets nothing new": {
			change: changes{world: func(w *World) { w.App.Disabled = true }},
			want:   outcome{reason: v1alpha1.ReasonDisabled, says: "was disabled in Entra: nothing new is bound to it"},
		},
		"an application that was disabled gets nothing new": {
			change: changes{world: func(w *World) { w.Trust.Value.Disabled = true }},
			want:   outcome{reason: v1alpha1.ReasonDisabled, says: "was disabled in Entra: nothing new is bound to it"},
		},
		"without the cluster's issuer a ServiceAccount is refused, and the flag is named": {
			change: changes{kind: func(k *Kind) { k.Issuer = "" }},
			want:   outcome{reason: v1alpha1.ReasonInvalid, says: "--service-account-issuer"},
		},
		"the 20th credential is created": {
			change: changes{world: func(w *World) { fill(w, 19) }},
			want:   outcome{steps: []string{created, "annotate ServiceAccount orders-worker"}},
		},
		"an object made in another directory stays away from this one": {
			change: changes{world: settled, obj: func(f *v1alpha1.FederatedCredential) { f.Status.TenantID = "another" }},
			want:   outcome{reason: v1alpha1.ReasonConflict, says: "this object was made in tenant another"},
		},
		"an AppRegistration that was made again in another tenant is a conflict": {
			change: changes{world: func(w *World) { settled(w); w.App.TenantName = "lab" }},
			want:   outcome{reason: v1alpha1.ReasonConflict, says: `is in EntraTenant "lab" now`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.change.check(t, test.want)
		})
	}
}

func TestDecide_Attacks(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change changes
		want   outcome
	}{
		"another namespace's ServiceAccount is denied": {
			change: changes{obj: func(f *v1alpha1.FederatedCredential) { f.Spec.ServiceAccount.Namespace = "payments" }},
			want:   outcome{reason: v1alpha1.ReasonDenied, says: "spec.serviceAccount"},
		},
		"another namespace's ServiceAccount is denied when it is spelled as oidc": {
			change: changes{obj: func(f *v1alpha1.FederatedCredential) {
				f.Spec.ServiceAccount = nil
				f.Spec.OIDC = &v1alpha1.OIDCSubject{Issuer: "https://issuer.example", Subject: "system:serviceaccount:payments:till"}
			}},
			want: outcome{reason: v1alpha1.ReasonDenied, says: "spec.oidc"},
		},
		"any other issuer is denied": {
			change: changes{obj: spelledOut},
			want:   outcome{reason: v1alpha1.ReasonDenied, says: "token.actions.githubusercontent.com"},
		},
		"another audience is denied": {
			change: changes{obj: func(f *v1alpha1.FederatedCredential) { f.Spec.Audience = "api://mine" }},
			want:   outcome{reason: v1alpha1.ReasonDenied, says: "api://mine"},
		},
		"a forged status that names somebody's application is a conflict": {
			change: changes{world: func(w *World) { settled(w); w.Trust.Value.UniqueName = "payroll" }},
			want:   outcome{reason: v1alpha1.ReasonConflict, says: `called "payroll"`},
		},
		"an application of another namespace is a conflict": {
			change: changes{world: func(w *World) { settled(w); w.Trust.Value.Tags = tags("payments/orders-worker", ourCluster) }},
			want:   outcome{reason: v1alpha1.ReasonConflict, says: "payments/orders-worker"},
		},
		"an application of the same name in another cluster is a conflict": {
			change: changes{world: func(w *World) { settled(w); w.Trust.Value.Tags = tags("shop/orders-worker", "ffffffffffffffff") }},
			want:   outcome{reason: v1alpha1.ReasonConflict, says: "is not its own in Entra"},
		},
		"an application that two objects are tagged on is a conflict": {
			change: changes{world: func(w *World) {
				settled(w)
				w.Trust.Value.Tags = append(tags("shop/orders-worker", ourCluster), "k8s-object:payments/till")
			}},
			want: outcome{reason: v1alpha1.ReasonConflict, says: "payments/till"},
		},
		"GitHub is denied": {
			change: changes{obj: gitHub},
			want:   outcome{reason: v1alpha1.ReasonDenied, says: "spec.github"},
		},
		"a managed identity is denied before it is told whether there is one": {
			change: changes{obj: identity},
			want:   outcome{reason: v1alpha1.ReasonDenied, says: "spec.managedIdentity"},
		},
		"the operator's own managed identity is trusted by nobody": {
			change: changes{obj: identity, world: func(w *World) { allowIdentity(w); w.Tenant.Operator = append(w.Tenant.Operator, "identity") }},
			want:   outcome{reason: v1alpha1.ReasonDenied, says: "the operator's own"},
		},
		"the operator's own application is no target": {
			change: changes{world: func(w *World) { w.App.AppID = "operator-app" }},
			want:   outcome{reason: v1alpha1.ReasonDenied, says: "the operator's own"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.change.check(t, test.want)
		})
	}
}

func TestDecide_Deletion(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change changes
		want   outcome
	}{
		"what was made is taken back": {
			change: changes{obj: beingDeleted, world: annotatedBefore},
			want: outcome{steps: []string{
				"remove our annotations from ServiceAccount orders-worker", "delete federated credential k8s-orders-worker",
			}},
		},
		"an object that made nothing goes at once": {
			change: changes{obj: func(f *v1alpha1.FederatedCredential) {
				beingDeleted(f)
				f.Status = v1alpha1.FederatedCredentialStatus{}
			}},
		},
		"a credential that is gone already needs nothing": {
			change: changes{obj: beingDeleted, world: func(w *World) { w.Trust.Value.Credentials = nil }},
		},
		"a credential that a young object may have made before a crash is looked for again": {
			change: changes{
				obj: func(f *v1alpha1.FederatedCredential) {
					beingDeleted(f)
					f.CreationTimestamp = metav1.NewTime(today.Add(-time.Minute))
				},
				world: func(w *World) { w.Trust.Value.Credentials = nil },
			},
			want: outcome{again: 5 * time.Second},
		},
		"an application that is gone takes its credentials with it": {
			change: changes{obj: beingDeleted, world: func(w *World) { w.Trust = entra.Absent[entra.Trust]() }},
		},
		"an application that is not shown is looked for again": {
			change: changes{obj: beingDeleted, world: func(w *World) { w.Trust = entra.Observed[entra.Trust]{} }},
			want:   outcome{again: 5 * time.Second},
		},
		"an application with another name than the recorded one is left alone": {
			change: changes{obj: beingDeleted, world: func(w *World) { settled(w); w.Trust.Value.UniqueName = "payroll" }},
		},
		"an application with another object's tags is left alone": {
			change: changes{obj: beingDeleted, world: func(w *World) { settled(w); w.Trust.Value.Tags = tags("shop/other", ourCluster) }},
		},
		"in an abandoned tenant only the annotations are removed": {
			change: changes{obj: beingDeleted, world: func(w *World) {
				annotatedBefore(w)
				w.Tenant.Abandoned, w.Trust = true, entra.Observed[entra.Trust]{}
			}},
			want: outcome{steps: []string{"remove our annotations from ServiceAccount orders-worker"}},
		},
		"a tenant that has become another directory keeps the object": {
			change: changes{obj: func(f *v1alpha1.FederatedCredential) { beingDeleted(f); f.Status.TenantID = "another" }, world: settled},
			want:   outcome{reason: v1alpha1.ReasonConflict, says: "made in tenant another"},
		},
		"policy does not stop a deletion": {
			change: changes{obj: beingDeleted, world: settled, kind: denyAll},
			want:   outcome{steps: []string{"delete federated credential k8s-orders-worker"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.change.check(t, test.want)
		})
	}
}

func TestStatus_NamesTheIntentBeforeTheFirstWrite(t *testing.T) {
	t.Parallel()
	kind, obj, world := changes{}.apply()
	want := v1alpha1.FederatedCredentialStatus{
		TenantBinding:           v1alpha1.TenantBinding{TenantName: "corp", TenantID: "tenant-id"},
		ApplicationObjectID:     "app-object",
		ApplicationUniqueName:   "k8s.c1.shop.orders-worker",
		CredentialName:          "k8s-orders-worker",
		AnnotatedServiceAccount: "orders-worker",
	}
	if diff := cmp.Diff(want, decidePurely(t, kind, obj, world).Object.Status); diff != "" {
		t.Error(diff)
	}
}

func TestStatus_SaysNothingOfAnApplicationThatIsNotOurs(t *testing.T) {
	t.Parallel()
	kind, obj, world := changes{world: func(w *World) { w.Trust.Value.UniqueName = "payroll" }}.apply()
	if diff := cmp.Diff(v1alpha1.FederatedCredentialStatus{}, decidePurely(t, kind, obj, world).Object.Status); diff != "" {
		t.Error(diff)
	}
}
