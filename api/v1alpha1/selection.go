package v1alpha1

import (
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// Selects reports whether a namespace is selected. No selection selects none, and neither does one that cannot be read.
func (s *NamespaceSelection) Selects(name string, namespaceLabels map[string]string) bool {
	switch {
	case s == nil:
		return false
	case s.All:
		return true
	case s.Selector != nil:
		selector, err := metav1.LabelSelectorAsSelector(s.Selector)
		return err == nil && !selector.Empty() && selector.Matches(labels.Set(namespaceLabels))
	default:
		return slices.Contains(s.Names, name)
	}
}
