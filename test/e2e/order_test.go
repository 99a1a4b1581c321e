package e2e

import (
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// part is what is deleted in one go.
type part struct {
	name string
	objs []client.Object
}

func (s *stage) parts() []part {
	return []part{
		{"tenant", []client.Object{s.tenantObject()}},
		{"applications", []client.Object{s.app("orders-api"), s.app("orders-worker")}},
		{"credential", []client.Object{s.trust("orders-worker", "", "")}},
		{"assignment", []client.Object{s.assignment("orders-worker-reads", "", "")}},
	}
}

// orders are the permutations of numbers below n.
func orders(n int) [][]int {
	if n == 0 {
		return [][]int{nil}
	}
	var all [][]int
	for _, shorter := range orders(n - 1) {
		for at := range n {
			order := append(append(append([]int{}, shorter[:at]...), n-1), shorter[at:]...)
			all = append(all, order)
		}
	}
	return all
}

// ends waits until everything is gone from the cluster, and looks at what is left in Entra.
func (s *stage) ends() {
	s.t.Helper()
	for _, part := range s.parts() {
		s.gone(part.objs...)
	}
	s.holds(census{deleted: 2})
}

func TestDeletionEndsInEveryOrder(t *testing.T) {
	t.Parallel()
	for first := range 4 {
		t.Run([]string{"tenant", "applications", "credential", "assignment"}[first]+" first", func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			again := false
			for _, order := range orders(4) {
				if order[0] != first {
					continue
				}
				if again {
					s.create(s.entraTenant())
				}
				s.bringsBack()
				again = true
				s.deletesInOrder(order)
				s.ends()
			}
		})
	}
}

// bringsBack applies the story, whatever is left of it. The trust comes first: a deleted application is judged by it, and the ten seconds
// in which it may come are counted from a creation by the API server's clock, which the stage's own runs ahead of.
func (s *stage) bringsBack() {
	s.t.Helper()
	trust := s.trust("orders-worker", "orders-worker", "orders-worker")
	s.apply(trust)
	s.has(trust, v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonWaiting)
	for _, obj := range s.story() {
		s.apply(obj)
	}
	s.ready(ours(s.story())...)
	s.holds(storyInEntra)
}

func (s *stage) deletesInOrder(order []int) {
	s.t.Helper()
	var names []string
	applications := true // are there
	for _, number := range order {
		part := s.parts()[number]
		names = append(names, part.name)
		s.delete(part.objs...)
		s.clock.quiet(s.t)
		applications = applications && part.name != "applications"
		if applications && !s.get(s.tenantObject()) {
			s.t.Errorf("the tenant is gone after the deletion of %s, and applications name it", strings.Join(names, ", "))
		}
	}
	s.t.Log(strings.Join(names, ", "))
}
