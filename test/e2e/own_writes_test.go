package e2e

import (
	"fmt"
	"testing"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"

	corev1 "k8s.io/api/core/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
)

// The operator's own writes to the cluster cause no reconcile.
func TestOwnWrites_CauseNoReconcile(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	e.Status.WaitReady(e.EntraTenant())
	e.Cluster.Create(e.ServiceAccount("orders-worker"))
	for _, obj := range e.Orders().All() {
		e.Cluster.Create(obj)
		e.Status.WaitReady(obj)
		atReady := len(e.Tenant.Exchanges())
		e.Quiet()
		e.Clock.Step(10 * time.Minute)
		e.Quiet()
		for _, exchange := range e.Tenant.Exchanges()[atReady:] {
			t.Errorf("after %s %s was Ready: %s %s", fmt.Sprintf("%T", obj), obj.GetName(), exchange.Method, exchange.Path)
		}
	}
}

// What somebody does to the Secret is put right, and nothing is written in Entra.
func TestDrift_SecretIsRepairedWithoutWriteInEntra(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(*env.Env, *corev1.Secret){
		"a key edited": func(e *env.Env, secret *corev1.Secret) {
			env.Edit(e.Cluster, secret, func(o *corev1.Secret) { o.Data["AZURE_CLIENT_ID"] = []byte("mine") })
		},
		"a key taken away": func(e *env.Env, secret *corev1.Secret) {
			env.Edit(e.Cluster, secret, func(o *corev1.Secret) { delete(o.Data, "AZURE_TENANT_ID") })
		},
		"our label taken away": func(e *env.Env, secret *corev1.Secret) {
			env.Edit(e.Cluster, secret, func(o *corev1.Secret) { delete(o.Labels, v1alpha1.ManagedByLabel) })
		},
		"deleted": func(e *env.Env, secret *corev1.Secret) { e.Cluster.Delete(secret) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := env.New(t)
			worker := e.AppRegistration("orders-worker")
			e.Cluster.Create(worker)
			e.Status.WaitReady(worker)
			before := e.Secret("orders-worker-entra")
			e.Cluster.Get(before)
			e.Requests.Reset()
			edit(e, e.Secret("orders-worker-entra"))
			e.Requests.CheckCost("the Secret's repair", 2, 0)
			after := e.Secret("orders-worker-entra")
			if !e.Cluster.Get(after) {
				t.Fatal("it is gone")
			}
			env.CheckEqual(t, "data", before.Data, after.Data)
			env.CheckEqual(t, "labels", before.Labels, after.Labels)
			env.CheckEqual(t, "owners", before.OwnerReferences, after.OwnerReferences)
		})
	}
}

// What somebody does to the ServiceAccount is put right, and nothing is written in Entra.
func TestDrift_AnnotationsAreRepairedWithoutWriteInEntra(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	c := e.CreateOrders()
	account := e.ServiceAccount("orders-worker")
	e.Cluster.Get(account)
	want := account.Annotations
	for name, edit := range map[string]func(){
		"an annotation taken away": func() {
			env.Edit(e.Cluster, account, func(o *corev1.ServiceAccount) { delete(o.Annotations, "azure.workload.identity/client-id") })
		},
		"deleted and created again": func() {
			e.Cluster.Delete(account)
			var again client.Object = e.ServiceAccount("orders-worker")
			e.Cluster.Create(again)
		},
	} {
		e.Requests.Reset()
		edit()
		e.Requests.CheckCost("a ServiceAccount, "+name, 2, 0)
		account = e.ServiceAccount("orders-worker")
		e.Cluster.Get(account)
		env.CheckEqual(t, name, want, account.Annotations)
		e.Status.WaitReady(c.Credential)
	}
}
