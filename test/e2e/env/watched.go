package env

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// watched are the objects that the managers watch, as the API server has them now.
func (e *Env) watched() map[schema.GroupVersionKind]versions {
	kinds := map[schema.GroupVersionKind]bool{}
	for _, manager := range e.managers {
		for _, kind := range manager.events.kinds() {
			kinds[kind] = true
		}
	}
	var mutex sync.Mutex
	var reading sync.WaitGroup
	all, failures := map[schema.GroupVersionKind]versions{}, []error{}
	for kind := range maps.Keys(kinds) {
		reading.Go(func() {
			found, err := e.versionsOf(context.Background(), kind)
			mutex.Lock()
			defer mutex.Unlock()
			switch {
			case err == nil:
				all[kind] = found
			case !meta.IsNoMatchError(err) && !apierrors.IsNotFound(err): // else its definition has been deleted
				failures = append(failures, err)
			}
		})
	}
	reading.Wait()
	if err := errors.Join(failures...); err != nil {
		e.T.Fatal(err)
	}
	return all
}

// versionsOf a kind, within what the managers' caches hold.
func (e *Env) versionsOf(ctx context.Context, kind schema.GroupVersionKind) (versions, error) {
	found := versions{}
	for _, options := range e.cached(kind) {
		list := &metav1.PartialObjectMetadataList{}
		list.SetGroupVersionKind(kind.GroupVersion().WithKind(kind.Kind + "List"))
		if err := e.Cluster.Client.List(ctx, list, options...); err != nil {
			return nil, err
		}
		for _, item := range list.Items {
			found[client.ObjectKeyFromObject(&item)] = item.ResourceVersion
		}
	}
	return found, nil
}

// cached are the lists that a manager's cache holds of a kind.
func (e *Env) cached(kind schema.GroupVersionKind) [][]client.ListOption {
	var selected []client.ListOption
	switch {
	case kind == corev1.SchemeGroupVersion.WithKind("Namespace"):
		return [][]client.ListOption{
			{client.MatchingFields{"metadata.name": e.Namespace}}, {client.MatchingFields{"metadata.name": e.OtherNamespace}},
		}
	case slices.Contains(clusterScoped, kind.Kind):
		return [][]client.ListOption{{client.MatchingLabels(e.Labels())}}
	case kind == corev1.SchemeGroupVersion.WithKind("Secret"):
		selected = append(selected, client.MatchingLabels{v1alpha1.ManagedByLabel: v1alpha1.FieldManager})
	}
	lists := [][]client.ListOption{append(slices.Clone(selected), client.InNamespace(e.Namespace))}
	if e.hasOther {
		lists = append(lists, append(slices.Clone(selected), client.InNamespace(e.OtherNamespace)))
	}
	return lists
}

// isRelevant reports whether an object is of this environment: the cache holds all namespaces.
func (e *Env) isRelevant(kind schema.GroupVersionKind) func(client.ObjectKey) bool {
	return func(key client.ObjectKey) bool {
		return kind != corev1.SchemeGroupVersion.WithKind("Namespace") || key.Name == e.Namespace || key.Name == e.OtherNamespace
	}
}
