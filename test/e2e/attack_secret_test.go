package e2e

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

func (s *stage) secret(name string) *corev1.Secret {
	return &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: s.namespace, Name: name}}
}

func TestASecretOfSomebodyElseIsNeverTouched(t *testing.T) {
	t.Parallel()
	s, mallory := besieged(t)
	other := s.app("other")
	mallory.create(other)
	mallory.ready(other)
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
		"with-our-keys":             func(secret *corev1.Secret) { secret.Data["AZURE_CLIENT_ID"] = []byte(otherApp) },
		"of-another-type": func(secret *corev1.Secret) {
			secret.Type = corev1.SecretTypeBasicAuth
			secret.Data["username"] = []byte("x")
		},
		"that-nobody-may-ever-write": func(secret *corev1.Secret) { secret.Immutable = &yes },
	} {
		t.Run(name, func(t *testing.T) {
			app, secret := s.app(name), s.secret(name+"-entra")
			secret.Data = map[string][]byte{"password": []byte("hunter2")}
			mark(secret)
			mallory.create(secret, app)
			before := secret.DeepCopy()
			mallory.contends(app, secret.Name, "belongs to somebody else", "spec.secret.name")
			if app.Status.SecretName != "" || app.Status.Binding != nil {
				t.Errorf("its status names the Secret: %+v", app.Status)
			}
			mallory.delete(app)
			mallory.gone(app)
			if mallory.get(secret); !cmp.Equal(before, secret) {
				t.Errorf("the Secret has changed:\n%s", cmp.Diff(before, secret))
			}
		})
	}
}

func TestTwoObjectsWithOneSecretNameDoNotFightForIt(t *testing.T) {
	t.Parallel()
	s, mallory := besieged(t)
	named := func(spec *v1alpha1.AppRegistrationSpec) { spec.Secret = &v1alpha1.Secret{Name: "shared"} }
	first, second := s.app("first", named), s.app("second", named)
	mallory.create(first)
	mallory.ready(first)
	secret := s.secret("shared")
	mallory.get(secret)
	before := secret.ResourceVersion
	mallory.create(second)
	mallory.contends(second, "shared")
	s.look(first)
	mallory.ready(first)
	if mallory.get(secret); secret.ResourceVersion != before || string(secret.Data["AZURE_CLIENT_ID"]) != first.Status.AppID {
		t.Errorf("the Secret changed hands: %v", secret)
	}
	mallory.delete(second)
	mallory.gone(second)
	if !mallory.get(secret) || secret.ResourceVersion != before {
		t.Error("the Secret went with the object that it was not of")
	}
}

func TestASecretThatIsTakenOverIsLetGo(t *testing.T) {
	t.Parallel()
	s, mallory := besieged(t)
	app := s.app("orders-api")
	mallory.create(app)
	mallory.ready(app)
	secret := s.secret("orders-api-entra")
	edit(mallory, secret, func(secret *corev1.Secret) {
		secret.OwnerReferences, secret.Data = nil, map[string][]byte{"mine": []byte("now")}
	})
	before := secret.ResourceVersion
	s.look(app)
	mallory.contends(app, "belongs to somebody else")
	if mallory.get(secret); secret.ResourceVersion != before {
		t.Errorf("it was written all the same: %v", secret)
	}
}

func TestReservedNamesAreRefusedAtApply(t *testing.T) {
	t.Parallel()
	s, mallory := besieged(t)
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
		if err := mallory.tryApply(s.app("orders-api", change)); !apierrors.IsInvalid(err) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestAForeignAnnotationOnAServiceAccountIsLeftAndNamed(t *testing.T) {
	t.Parallel()
	s, mallory := besieged(t)
	account := s.account("orders-worker")
	account.Annotations = map[string]string{"azure.workload.identity/client-id": otherApp}
	app, trust := s.app("orders-worker"), s.trust("orders-worker", "orders-worker", "orders-worker")
	mallory.create(account, app, trust)
	mallory.contends(trust, "azure.workload.identity/client-id", otherApp, app.Name)
	mallory.delete(trust)
	mallory.gone(trust)
	if mallory.get(account); account.Annotations["azure.workload.identity/client-id"] != otherApp {
		t.Errorf("the annotations are %v", account.Annotations)
	}
}
