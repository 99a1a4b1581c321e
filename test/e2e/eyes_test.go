package e2e

import (
	"context"
	"maps"
	"slices"
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

// eyes look at every version of every object that the stage ever has, and hold it against kstatus.
type eyes struct {
	mutex    sync.Mutex
	versions map[string]int // status versions seen, by kind/name
}

// kinds are the plurals of ours, by kind.
var kinds = map[string]string{
	"AppRegistration": "appregistrations", "FederatedCredential": "federatedcredentials", "AppRoleAssignment": "approleassignments",
	"DelegatedPermissionGrant": "delegatedpermissiongrants", "EntraTenant": "entratenants", "RegistrationPolicy": "registrationpolicies",
}

// clusterWide kinds are found by the stage's label.
var clusterWide = []string{"EntraTenant", "RegistrationPolicy"}

// watchStatus opens the eyes until the test ends.
func watchStatus(s *stage) *eyes {
	s.t.Helper()
	e := &eyes{versions: map[string]int{}}
	dynamicClient, err := dynamic.NewForConfig(s.plane.Config())
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var looking sync.WaitGroup
	for kind, plural := range kinds {
		watch, err := s.within(dynamicClient, plural).Watch(ctx, metav1.ListOptions{LabelSelector: s.selector(kind)})
		if err != nil {
			s.t.Fatal(err)
		}
		looking.Go(func() {
			for event := range watch.ResultChan() {
				if obj, ok := event.Object.(*unstructured.Unstructured); ok {
					e.look(s.t, kind, obj)
				}
			}
		})
	}
	s.t.Cleanup(func() { cancel(); looking.Wait() })
	return e
}

// within narrows a kind to the stage: its namespace, or, where it has none, its label.
func (s *stage) within(c dynamic.Interface, plural string) dynamic.ResourceInterface {
	resource := c.Resource(v1alpha1.GroupVersion.WithResource(plural))
	if slices.ContainsFunc(clusterWide, func(kind string) bool { return kinds[kind] == plural }) {
		return resource
	}
	return resource.Namespace(s.namespace)
}

func (s *stage) selector(kind string) string {
	if !slices.Contains(clusterWide, kind) {
		return ""
	}
	return labels.FormatLabels(s.label())
}

// look holds one version of an object against what kstatus may rely on.
func (e *eyes) look(t testing.TB, kind string, obj *unstructured.Unstructured) {
	e.mutex.Lock()
	e.versions[kind+"/"+obj.GetName()]++
	e.mutex.Unlock()
	name := kind + " " + obj.GetName()
	for _, fault := range statusFaults(commonOf(obj)) {
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

// statusFaults are what no observed object may show.
func statusFaults(common v1alpha1.CommonStatus) []string {
	var found []string
	is := func(which string) bool { return meta.IsStatusConditionTrue(common.Conditions, which) }
	if common.ObservedGeneration > 0 && meta.FindStatusCondition(common.Conditions, v1alpha1.ConditionReady) == nil {
		found = append(found, "was observed without a Ready condition")
	}
	if is(v1alpha1.ConditionReconciling) && is(v1alpha1.ConditionStalled) {
		found = append(found, "is Reconciling and Stalled at once")
	}
	for _, which := range []string{v1alpha1.ConditionReconciling, v1alpha1.ConditionStalled} {
		if meta.FindStatusCondition(common.Conditions, which) != nil && !is(which) {
			found = append(found, "keeps "+which+" though it is not true")
		}
	}
	return found
}

// isCurrent : its present spec has been seen, it is Ready, and it stays.
func isCurrent(obj *unstructured.Unstructured) bool {
	common := commonOf(obj)
	return common.ObservedGeneration == obj.GetGeneration() && obj.GetDeletionTimestamp() == nil &&
		meta.IsStatusConditionTrue(common.Conditions, v1alpha1.ConditionReady)
}

// counts are how many versions of each object were seen, by kind/name.
func (e *eyes) counts() map[string]int {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	return maps.Clone(e.versions)
}

func commonOf(obj *unstructured.Unstructured) v1alpha1.CommonStatus {
	var common v1alpha1.CommonStatus
	if raw, found, err := unstructured.NestedMap(obj.Object, "status"); err == nil && found {
		_ = runtime.DefaultUnstructuredConverter.FromUnstructured(raw, &common)
	}
	return common
}
