package engine

import (
	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// Disabled reports whether the last look at obj found that others had disabled it in Entra. It is a hint, good for refusing only:
// what hangs on a disabled object is not written either.
func Disabled(obj Object) bool {
	stalled := meta.FindStatusCondition(obj.Common().Conditions, v1alpha1.ConditionStalled)
	return stalled != nil && stalled.Reason == string(v1alpha1.ReasonDisabled)
}
