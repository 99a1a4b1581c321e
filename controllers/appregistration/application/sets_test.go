package application

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

func TestReconcileSet_KeepsOrder(t *testing.T) {
	t.Parallel()
	got := reconcileSet([]string{"c", "x", "a"}, []string{"a", "b", "c"}, verbatim)
	if diff := cmp.Diff([]string{"c", "a", "b"}, got); diff != "" {
		t.Error("list, want - got +\n" + diff)
	}
}

func TestReconcileSet_EmptyListEmpties(t *testing.T) {
	t.Parallel()
	emptied := entra.Between(entra.ApplicationSettings{Tags: []string{"a"}}, entra.ApplicationSettings{Tags: reconcileSet([]string{"a"}, nil, verbatim)})
	if emptied.Tags == nil || *emptied.Tags == nil {
		t.Error("a list is emptied by an empty list, not by none")
	}
}

func TestReconcileSet_LeavesWhatAgrees(t *testing.T) {
	t.Parallel()
	if have := []string{}; reconcileSet(have, nil, verbatim) == nil {
		t.Error("an empty list became none, which would be patched")
	}
}
