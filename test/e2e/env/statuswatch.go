package env

import (
	"context"
	"maps"
	"sync"
	"testing"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/dynamic"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// StatusWatch checks every version of every object that an environment ever has against what kstatus relies on.
type StatusWatch struct {
	mutex    sync.Mutex
	versions map[string]int // by kind/name
}

// watchStatus watches until the test ends.
func watchStatus(e *Env) *StatusWatch {
	e.T.Helper()
	w := &StatusWatch{versions: map[string]int{}}
	dynamicClient, err := dynamic.NewForConfig(e.ControlPlane.Config())
	if err != nil {
		e.T.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var watching sync.WaitGroup
	for _, kind := range Resources() {
		namespace, options := e.Namespace, metav1.ListOptions{}
		if !kind.Namespaced {
			namespace, options.LabelSelector = "", labels.FormatLabels(e.Labels())
		}
		watch, err := dynamicClient.Resource(v1alpha1.GroupVersion.WithResource(kind.Plural)).Namespace(namespace).Watch(ctx, options)
		if err != nil {
			e.T.Fatal(err)
		}
		watching.Go(func() {
			for event := range watch.ResultChan() {
				if obj, ok := event.Object.(*unstructured.Unstructured); ok {
					w.check(e.T, kind.Kind, obj)
				}
			}
		})
	}
	e.T.Cleanup(func() { cancel(); watching.Wait() })
	return w
}

// check one version of an object.
func (w *StatusWatch) check(t testing.TB, kind string, obj *unstructured.Unstructured) {
	w.mutex.Lock()
	w.versions[kind+"/"+obj.GetName()]++
	w.mutex.Unlock()
	name := kind + " " + obj.GetName()
	for _, fault := range statusFaults(CommonStatusOf(obj)) {
		t.Errorf("%s %s", name, fault)
	}
	result, err := status.Compute(obj)
	if err != nil {
		t.Errorf("%s: kstatus: %v", name, err)
		return
	}
	if current := isCurrent(obj); (result.Status == status.CurrentStatus) != current {
		t.Errorf("%s: kstatus says %s, but current is %t: %v", name, result.Status, current, obj.Object["status"])
	}
}

// statusFaults are what the conditions of no object may show.
func statusFaults(common v1alpha1.CommonStatus) []string {
	var found []string
	isTrue := func(which string) bool { return meta.IsStatusConditionTrue(common.Conditions, which) }
	if common.ObservedGeneration > 0 && meta.FindStatusCondition(common.Conditions, v1alpha1.ConditionReady) == nil {
		found = append(found, "was observed without a Ready condition")
	}
	if isTrue(v1alpha1.ConditionReconciling) && isTrue(v1alpha1.ConditionStalled) {
		found = append(found, "is Reconciling and Stalled at once")
	}
	for _, which := range []string{v1alpha1.ConditionReconciling, v1alpha1.ConditionStalled} {
		if meta.FindStatusCondition(common.Conditions, which) != nil && !isTrue(which) {
			found = append(found, "keeps "+which+" though it is not true")
		}
	}
	return found
}

// isCurrent reports whether an object's present spec has been observed, and it is Ready and not being deleted.
func isCurrent(obj *unstructured.Unstructured) bool {
	common := CommonStatusOf(obj)
	return common.ObservedGeneration == obj.GetGeneration() && obj.GetDeletionTimestamp() == nil &&
		meta.IsStatusConditionTrue(common.Conditions, v1alpha1.ConditionReady)
}

// Versions is how many of each object there have been, by kind/name.
func (w *StatusWatch) Versions() map[string]int {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return maps.Clone(w.versions)
}

// CommonStatusOf an object of the operator's kinds.
func CommonStatusOf(obj *unstructured.Unstructured) v1alpha1.CommonStatus {
	var common v1alpha1.CommonStatus
	if raw, found, err := unstructured.NestedMap(obj.Object, "status"); err == nil && found {
		_ = runtime.DefaultUnstructuredConverter.FromUnstructured(raw, &common)
	}
	return common
}
