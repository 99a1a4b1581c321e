package env

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/poll"
)

// Reconcile asks for a reconcile of an object, and waits until it has happened.
func (e *Env) Reconcile(obj Object) {
	e.T.Helper()
	token := fmt.Sprintf("%s, after %d reconciles", e.Clock.Now(), e.Clock.Reconciles())
	Edit(e.Cluster, obj, func(o Object) { o.SetAnnotations(map[string]string{v1alpha1.ReconcileRequestedAt: token}) })
	e.Clock.WaitUntil("a reconcile of "+obj.GetName(), SettleTime, func() bool {
		return e.Cluster.Get(obj) && obj.Common().LastHandledReconcileAt == token
	})
}

// Remove deletes objects one after the other, each when the one before is gone.
func (e *Env) Remove(objs ...Object) {
	e.T.Helper()
	for _, obj := range objs {
		e.Cluster.Delete(obj)
		e.Status.WaitGone(obj)
	}
}

// Refresh reads objects again.
func (e *Env) Refresh(objs []Object) []Object {
	e.T.Helper()
	for _, obj := range objs {
		e.Cluster.Get(obj)
	}
	return objs
}

// EditStatus changes what the operator has recorded, as no user can.
func (e *Env) EditStatus(obj Object, change func()) {
	e.T.Helper()
	e.Quiet()
	poll.Until(e.T, "an edit of the status of "+obj.GetName(), func() bool {
		e.Cluster.Get(obj)
		change()
		return e.Cluster.Client.Status().Update(context.Background(), obj) == nil
	})
	e.Quiet()
}

// WaitEvent waits for an event of an object that contains all the words.
func (e *Env) WaitEvent(obj client.Object, words ...string) {
	e.T.Helper()
	poll.Until(e.T, fmt.Sprintf("an event with %q", words), func() bool {
		var events eventsv1.EventList
		if err := e.Cluster.Client.List(e.T.Context(), &events, client.InNamespace(e.Namespace)); err != nil {
			e.T.Fatal(err)
		}
		for _, event := range events.Items {
			if event.Regarding.UID == obj.GetUID() && containsAll(event.Note, words) {
				return true
			}
		}
		return false
	})
}

// ResourceVersions of the operator's kinds, Secrets and ServiceAccounts in the environment's namespace, by kind and name.
func (e *Env) ResourceVersions() map[string]string {
	e.T.Helper()
	kinds := []schema.GroupVersionKind{corev1.SchemeGroupVersion.WithKind("Secret"), corev1.SchemeGroupVersion.WithKind("ServiceAccount")}
	for _, resource := range Resources() {
		if resource.Namespaced {
			kinds = append(kinds, v1alpha1.GroupVersion.WithKind(resource.Kind))
		}
	}
	versions := map[string]string{}
	for _, kind := range kinds {
		list := &metav1.PartialObjectMetadataList{}
		list.SetGroupVersionKind(kind.GroupVersion().WithKind(kind.Kind + "List"))
		for _, obj := range e.Cluster.List(list) {
			versions[kind.Kind+"/"+obj.GetName()] = obj.GetResourceVersion()
		}
	}
	return versions
}
