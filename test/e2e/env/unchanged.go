package env

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// AnyOrder is for comparisons of what is in Entra, whose lists are sets as far as the operator goes.
var AnyOrder = cmpopts.SortSlices(func(a, b any) bool { return fmt.Sprint(a) < fmt.Sprint(b) })

// RecordTenant gives a check that nothing in the directory has changed since.
func (e *Env) RecordTenant() (checkUnchanged func()) {
	e.T.Helper()
	e.Quiet()
	before := e.Tenant.Directory().Snapshot()
	return func() {
		e.T.Helper()
		e.Quiet()
		if diff := cmp.Diff(before, e.Tenant.Directory().Snapshot(), AnyOrder); diff != "" {
			e.T.Errorf("Entra has changed:\n%s", diff)
		}
	}
}

// RecordEntry gives a check that nothing in one object of the directory has changed since.
func (e *Env) RecordEntry(objectID string) (checkUnchanged func()) {
	e.T.Helper()
	before := e.Tenant.Entry(objectID)
	return func() {
		e.T.Helper()
		e.Quiet()
		if diff := cmp.Diff(before, e.Tenant.Entry(objectID), AnyOrder); diff != "" {
			e.T.Errorf("object %s in Entra has changed:\n%s", objectID, diff)
		}
	}
}

// CheckEqual fails where something is not as wanted.
func CheckEqual(t testing.TB, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got)\n%s", what, diff)
	}
}
