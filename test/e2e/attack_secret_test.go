package e2e

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
)

func TestSecret_OfSomebodyElseIsNeverTouched(t *testing.T) {
	t.Parallel()
	e, mallory := env.NewWithTenantUser(t)
	other := e.AppRegistration("other")
	mallory.Cluster.Create(other)
	mallory.Status.WaitReady(other)
	yes := true
	owner := func(uid metav1.OwnerReference) func(*corev1.Secret) {
		return func(secret *corev1.Secret) { secret.OwnerReferences = []metav1.OwnerReference{uid} }
	}
	reference := metav1.OwnerReference{
		APIVersion: v1alpha1.GroupVersion.String(), Kind: "AppRegistration", Name: other.Name, UID: other.UID, Controller: &yes,
	}
	plain := reference
	plain.Controller = nil
	for name, mark := range map[string]func(*corev1.Secret){
		"unmarked": func(*corev1.Secret) {},
		"with-our-label": func(secret *corev1.Secret) {
			secret.Labels = map[string]string{v1alpha1.ManagedByLabel: v1alpha1.FieldManager}
		},
		"with-another-s-reference":  owner(reference),
		"with-a-reference-no-owner": owner(plain),
		"with-our-keys":             func(secret *corev1.Secret) { secret.Data["AZURE_CLIENT_ID"] = []byte(otherAppID) },
		"of-another-type": func(secret *corev1.Secret) {
			secret.Type = corev1.SecretTypeBasicAuth
			secret.Data["username"] = []byte("x")
		},
		"that-nobody-may-ever-write": func(secret *corev1.Secret) { secret.Immutable = &yes },
	} {
		t.Run(name, func(t *testing.T) {
			app, secret := e.AppRegistration(name), e.Secret(name+"-entra")
			secret.Data = map[string][]byte{"password": []byte("hunter2")}
			mark(secret)
			mallory.Cluster.Create(secret, app)
			before := secret.DeepCopy()
			mallory.Status.WaitReadyWithConflict(app, secret.Name, "belongs to somebody else", "spec.secret.name")
			if app.Status.SecretName != "" || app.Status.Binding != nil {
				t.Errorf("its status names the Secret: %+v", app.Status)
			}
			mallory.Cluster.Delete(app)
			mallory.Status.WaitGone(app)
			if mallory.Cluster.Get(secret); !cmp.Equal(before, secret) {
				t.Errorf("the Secret has changed:\n%s", cmp.Diff(before, secret))
			}
		})
	}
}

func TestSecret_TwoObjectsDoNotFightForOneName(t *testing.T) {
	t.Parallel()
	e, mallory := env.NewWithTenantUser(t)
	named := func(spec *v1alpha1.AppRegistrationSpec) { spec.Secret = &v1alpha1.Secret{Name: "shared"} }
	first, second := e.AppRegistration("first", named), e.AppRegistration("second", named)
	mallory.Cluster.Create(first)
	mallory.Status.WaitReady(first)
	secret := e.Secret("shared")
	mallory.Cluster.Get(secret)
	before := secret.ResourceVersion
	mallory.Cluster.Create(second)
	mallory.Status.WaitReadyWithConflict(second, "shared")
	e.Reconcile(first)
	mallory.Status.WaitReady(first)
	if mallory.Cluster.Get(secret); secret.ResourceVersion != before || string(secret.Data["AZURE_CLIENT_ID"]) != first.Status.AppID {
		t.Errorf("the Secret was taken over: %v", secret)
	}
	mallory.Cluster.Delete(second)
	mallory.Status.WaitGone(second)
	if !mallory.Cluster.Get(secret) || secret.ResourceVersion != before {
		t.Error("the Secret was deleted with an object that did not own it")
	}
}

func TestSecret_TakenOverIsLetGo(t *testing.T) {
	t.Parallel()
	e, mallory := env.NewWithTenantUser(t)
	app := e.AppRegistration("orders-api")
	mallory.Cluster.Create(app)
	mallory.Status.WaitReady(app)
	secret := e.Secret("orders-api-entra")
	env.Edit(mallory.Cluster, secret, func(secret *corev1.Secret) {
		secret.OwnerReferences, secret.Data = nil, map[string][]byte{"mine": []byte("now")}
	})
	before := secret.ResourceVersion
	e.Reconcile(app)
	mallory.Status.WaitReadyWithConflict(app, "belongs to somebody else")
	if mallory.Cluster.Get(secret); secret.ResourceVersion != before {
		t.Errorf("it was written all the same: %v", secret)
	}
}

func TestNames_ReservedAreRefusedAtApply(t *testing.T) {
	t.Parallel()
	e, mallory := env.NewWithTenantUser(t)
	secret := func(change func(*v1alpha1.Secret)) func(*v1alpha1.AppRegistrationSpec) {
		return func(spec *v1alpha1.AppRegistrationSpec) {
			spec.Secret = &v1alpha1.Secret{}
			change(spec.Secret)
		}
	}
	for what, change := range map[string]func(*v1alpha1.AppRegistrationSpec){
		"our label":      secret(func(s *v1alpha1.Secret) { s.Labels = map[string]string{"entra-registrar.dev/managed-by": "mallory"} }),
		"our annotation": secret(func(s *v1alpha1.Secret) { s.Annotations = map[string]string{"entra-registrar.dev/x": "y"} }),
		"Kubernetes' annotation": secret(func(s *v1alpha1.Secret) {
			s.Annotations = map[string]string{"kubernetes.io/service-account.name": "admin"}
		}),
		"another namespace":      secret(func(s *v1alpha1.Secret) { s.Name = "../kube-system/stolen" }),
		"a tag of ours":          func(spec *v1alpha1.AppRegistrationSpec) { spec.Tags = []string{"k8s-object:payments/victim"} },
		"the tag of all of ours": func(spec *v1alpha1.AppRegistrationSpec) { spec.Tags = []string{"managed-by:entra-registrar"} },
	} {
		if err := mallory.Cluster.TryApply(e.AppRegistration("orders-api", change)); !apierrors.IsInvalid(err) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestServiceAccount_ForeignAnnotationIsLeftAndNamed(t *testing.T) {
	t.Parallel()
	e, mallory := env.NewWithTenantUser(t)
	account := e.ServiceAccount("orders-worker")
	account.Annotations = map[string]string{"azure.workload.identity/client-id": otherAppID}
	app, credential := e.AppRegistration("orders-worker"), e.FederatedCredential("orders-worker", "orders-worker", "orders-worker")
	mallory.Cluster.Create(account, app, credential)
	mallory.Status.WaitReadyWithConflict(credential, "azure.workload.identity/client-id", otherAppID, app.Name)
	mallory.Cluster.Delete(credential)
	mallory.Status.WaitGone(credential)
	if mallory.Cluster.Get(account); account.Annotations["azure.workload.identity/client-id"] != otherAppID {
		t.Errorf("the annotations are %v", account.Annotations)
	}
}
