package e2e

import (
	"testing"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"

	corev1 "k8s.io/api/core/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

func TestOurOwnWritesToTheClusterWakeNobody(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.ready(s.tenantObject())
	s.create(s.account("orders-worker"))
	for _, obj := range s.cast().all() {
		s.create(obj)
		s.ready(obj)
		atReady := len(s.entra.Exchanges())
		s.clock.quiet(t)
		s.clock.Step(10 * time.Minute)
		s.clock.quiet(t)
		for _, exchange := range s.entra.Exchanges()[atReady:] {
			t.Errorf("after %s %s was Ready: %s %s", typeName(obj), obj.GetName(), exchange.Method, exchange.Path)
		}
	}
}

func TestWhatSomebodyDoesToTheSecretIsPutRightAndWritesNothingInEntra(t *testing.T) {
	t.Parallel()
	for name, does := range map[string]func(*stage, *corev1.Secret){
		"a key edited": func(s *stage, secret *corev1.Secret) {
			edit(s, secret, func(o *corev1.Secret) { o.Data["AZURE_CLIENT_ID"] = []byte("mine") })
		},
		"a key taken away": func(s *stage, secret *corev1.Secret) {
			edit(s, secret, func(o *corev1.Secret) { delete(o.Data, "AZURE_TENANT_ID") })
		},
		"our label taken away": func(s *stage, secret *corev1.Secret) {
			edit(s, secret, func(o *corev1.Secret) { delete(o.Labels, v1alpha1.ManagedByLabel) })
		},
		"deleted": func(s *stage, secret *corev1.Secret) { s.delete(secret) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			worker := s.app("orders-worker")
			s.create(worker)
			s.ready(worker)
			before := s.workersSecret()
			s.get(before)
			s.forget()
			does(s, s.workersSecret())
			s.costs("the Secret's repair", 2, 0)
			after := s.workersSecret()
			if !s.get(after) {
				t.Fatal("it is gone")
			}
			same(t, "data", before.Data, after.Data)
			same(t, "labels", before.Labels, after.Labels)
			same(t, "owners", before.OwnerReferences, after.OwnerReferences)
		})
	}
}

func TestWhatSomebodyDoesToTheServiceAccountIsPutRightAndWritesNothingInEntra(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	c := s.enters()
	account := s.account("orders-worker")
	s.get(account)
	want := account.Annotations
	for name, does := range map[string]func(){
		"an annotation taken away": func() {
			edit(s, account, func(o *corev1.ServiceAccount) { delete(o.Annotations, "azure.workload.identity/client-id") })
		},
		"deleted and made again": func() {
			s.delete(account)
			var again client.Object = s.account("orders-worker")
			s.create(again)
		},
	} {
		s.forget()
		does()
		s.costs("a ServiceAccount, "+name, 2, 0)
		account = s.account("orders-worker")
		s.get(account)
		same(t, name, want, account.Annotations)
		s.ready(c.trust)
	}
}
