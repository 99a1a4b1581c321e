package env

import (
	"slices"

	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers"
)

// Resource is one of the operator's kinds as the API server serves it.
type Resource struct {
	Kind, Plural string
	Namespaced   bool
}

// Resources are all of them.
func Resources() []Resource {
	var all []Resource
	for _, kind := range controllers.Kinds() {
		plural, _ := meta.UnsafeGuessKindToResource(v1alpha1.GroupVersion.WithKind(kind))
		all = append(all, Resource{Kind: kind, Plural: plural.Resource, Namespaced: !slices.Contains(clusterScoped, kind)})
	}
	return all
}

// Plurals of the kinds that are in a namespace, or of the others.
func Plurals(namespaced bool) []string {
	var plurals []string
	for _, resource := range Resources() {
		if resource.Namespaced == namespaced {
			plurals = append(plurals, resource.Plural)
		}
	}
	return plurals
}

// clusterScoped kinds are told apart by the environment's label.
var clusterScoped = []string{"EntraTenant", "RegistrationPolicy"}
