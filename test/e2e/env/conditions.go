package env

import (
	"testing"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// Conditions are an object's Ready condition, and whether its Synced is True.
type Conditions struct {
	Ready  metav1.Condition
	Synced bool
}

// Conditions of objects as they are now.
func (s *Status) Conditions(objs []Object) []Conditions {
	s.t.Helper()
	found := make([]Conditions, len(objs))
	for i, obj := range objs {
		s.cluster.Get(obj)
		conditions := obj.Common().Conditions
		if ready := meta.FindStatusCondition(conditions, v1alpha1.ConditionReady); ready != nil {
			found[i].Ready = *ready
		}
		found[i].Synced = meta.IsStatusConditionTrue(conditions, v1alpha1.ConditionSynced)
	}
	return found
}

// CheckReadyUnchanged fails for every object whose Ready is not what it was.
func CheckReadyUnchanged(t testing.TB, objs []Object, before, after []Conditions) {
	t.Helper()
	for i, obj := range objs {
		if before[i].Ready != after[i].Ready {
			t.Errorf("Ready of %T %s was %+v and became %+v", obj, obj.GetName(), before[i].Ready, after[i].Ready)
		}
	}
}
