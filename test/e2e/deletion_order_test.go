package e2e

import (
	"strings"
	"testing"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/test/e2e/env"
)

// deletion is a set of objects that are deleted together.
type deletion struct {
	name string
	objs []client.Object
}

func deletions(e *env.Env) []deletion {
	return []deletion{
		{"tenant", []client.Object{e.EntraTenant()}},
		{"applications", []client.Object{e.AppRegistration("orders-api"), e.AppRegistration("orders-worker")}},
		{"credential", []client.Object{e.FederatedCredential("orders-worker", "", "")}},
		{"assignment", []client.Object{e.Assignment("orders-worker-reads", "", "")}},
	}
}

// permutations of the numbers below n.
func permutations(n int) [][]int {
	if n == 0 {
		return [][]int{nil}
	}
	var all [][]int
	for _, shorter := range permutations(n - 1) {
		for at := range n {
			order := append(append(append([]int{}, shorter[:at]...), n-1), shorter[at:]...)
			all = append(all, order)
		}
	}
	return all
}

// checkAllGone waits until everything is gone from the cluster, and checks what is left in Entra.
func checkAllGone(e *env.Env) {
	e.T.Helper()
	for _, part := range deletions(e) {
		e.Status.WaitGone(part.objs...)
	}
	e.Tenant.CheckInventory(env.Inventory{Deleted: 2})
}

func TestDeletion_EndsInEveryOrder(t *testing.T) {
	t.Parallel()
	for first := range 4 {
		t.Run([]string{"tenant", "applications", "credential", "assignment"}[first]+" first", func(t *testing.T) {
			t.Parallel()
			e := env.New(t)
			again := false
			for _, order := range permutations(4) {
				if order[0] != first {
					continue
				}
				if again {
					e.Cluster.Create(e.NewEntraTenant())
				}
				e.ApplyOrdersObjects()
				again = true
				deleteInOrder(e, order)
				checkAllGone(e)
			}
		})
	}
}

func deleteInOrder(e *env.Env, order []int) {
	e.T.Helper()
	var names []string
	applications := true // are there
	for _, number := range order {
		part := deletions(e)[number]
		names = append(names, part.name)
		e.Cluster.Delete(part.objs...)
		e.Quiet()
		applications = applications && part.name != "applications"
		if applications && !e.Cluster.Get(e.EntraTenant()) {
			e.T.Errorf("the tenant is gone after the deletion of %s, and applications name it", strings.Join(names, ", "))
		}
	}
	e.T.Log(strings.Join(names, ", "))
}
