package e2e

import (
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/outofband"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// drift is what somebody changes in Entra, and the writes that put it right: their properties, in order.
type drift struct {
	name string
	// field of the operator's patch type that the drift is about.
	field string
	// edit is what somebody writes, given what is there.
	edit   func(odata.Document) odata.Document
	writes []string
}

// fixed is an edit that does not depend on what is there.
func fixed(patch odata.Document) func(odata.Document) odata.Document {
	return func(odata.Document) odata.Document { return patch }
}

// checkRepairs makes one edit after the other, and checks what was written each time and what Entra holds in the end.
func checkRepairs(e *env.Env, t *testing.T, obj env.Object, objectID string, edits func(odata.Document) outofband.Edit, drifts []drift) {
	t.Helper()
	e.SkipTenMinutes() // so that what Entra shows is not taken for lag
	before := e.Tenant.LiveEntry(objectID)
	for _, d := range drifts {
		e.Requests.Reset()
		e.Tenant.OutOfBand(edits(d.edit(odata.Clone(before.Properties))), objectID)
		if cmp.Diff(before, e.Tenant.LiveEntry(objectID), env.AnyOrder) == "" {
			t.Errorf("%s: nothing was changed", d.name)
		}
		e.Reconcile(obj)
		e.Status.WaitCondition(obj, v1alpha1.ConditionSynced, metav1.ConditionTrue, v1alpha1.ReasonInSync)
		e.Quiet()
		if diff := cmp.Diff(d.writes, e.Requests.WrittenProperties()); diff != "" {
			t.Errorf("%s: the writes (-want +got)\n%s", d.name, diff)
		}
		if diff := cmp.Diff(before, e.Tenant.LiveEntry(objectID), env.AnyOrder); diff != "" {
			t.Errorf("%s: it is not as it was (-before +after)\n%s", d.name, diff)
		}
	}
}

// checkCoverage fails where no drift is about a field of a patch type, or of what it holds. Fields that identify are exempt.
func checkCoverage[P any](t *testing.T, drifts []drift, exempt ...string) {
	t.Helper()
	for field := range reflect.TypeFor[P]().Fields() {
		for _, name := range fieldsOf(field.Name, field.Type.Elem()) {
			about := func(d drift) bool { return d.field == name }
			if !slices.Contains(exempt, name) && !slices.ContainsFunc(drifts, about) {
				t.Errorf("no drift is about %s", name)
			}
		}
	}
}

func fieldsOf(name string, holds reflect.Type) []string {
	if holds.Kind() == reflect.Slice {
		holds = holds.Elem()
	}
	if holds.Kind() != reflect.Struct {
		return []string{name}
	}
	var names []string
	for field := range holds.Fields() {
		names = append(names, name+"."+field.Name)
	}
	return names
}
