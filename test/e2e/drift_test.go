package e2e

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// patchesTheApplication as the portal does: what is named changes, the rest stays.
func patchesTheApplication(patch odata.Document) mischief {
	return func(session *directory.Session, objectID string) error {
		primary, replica, err := session.Editable(directory.Application, directory.Key{Value: objectID})
		if err != nil {
			return err
		}
		return session.PatchApplication(primary, replica, patch)
	}
}

func patchesThePrincipal(patch odata.Document) mischief {
	return func(session *directory.Session, objectID string) error {
		principal, err := live(session, directory.ServicePrincipal, objectID)
		if err != nil {
			return err
		}
		return session.PatchServicePrincipal(principal, patch)
	}
}

func patchesTheTrust(patch odata.Document) mischief {
	return func(session *directory.Session, objectID string) error {
		app, err := live(session, directory.Application, objectID)
		if err != nil {
			return err
		}
		return session.PatchFederated(app, app.Federated[0], patch)
	}
}

// drift is what somebody changes in Entra, and the writes that put it right: their properties, in order.
type drift struct {
	name string
	// field of the operator's patch type that the drift is about.
	field string
	// edit is what somebody writes, given what is there.
	edit   func(odata.Document) odata.Document
	writes []string
}

// to is an edit whatever is there.
func to(patch odata.Document) func(odata.Document) odata.Document {
	return func(odata.Document) odata.Document { return patch }
}

// repairs plays drifts one after the other on one object, and compares what was written, and what Entra holds in the end.
func (s *stage) repairs(t *testing.T, obj object, objectID string, edits func(odata.Document) mischief, drifts []drift) {
	t.Helper()
	s.later() // what we wrote minutes ago, replicas may still show: Entra is not believed then
	before := s.entry(objectID)
	for _, d := range drifts {
		s.forget()
		s.somebody(edits(d.edit(odata.Clone(before.Properties))), objectID)
		if cmp.Diff(before, s.entry(objectID), anyOrder) == "" {
			t.Errorf("%s: nothing was changed", d.name)
		}
		s.look(obj)
		s.has(obj, v1alpha1.ConditionSynced, metav1.ConditionTrue, v1alpha1.ReasonInSync)
		s.clock.quiet(t)
		if diff := cmp.Diff(d.writes, s.writtenProperties()); diff != "" {
			t.Errorf("%s: the writes (-want +got)\n%s", d.name, diff)
		}
		if diff := cmp.Diff(before, s.entry(objectID), anyOrder); diff != "" {
			t.Errorf("%s: it is not as it was (-before +after)\n%s", d.name, diff)
		}
	}
}

// anyOrder : lists in Entra are sets, as far as we go.
var anyOrder = cmpopts.SortSlices(func(a, b any) bool { return fmt.Sprint(a) < fmt.Sprint(b) })

// entry of the directory, as the primary has it.
func (s *stage) entry(objectID string) directory.Entry {
	s.t.Helper()
	for _, entry := range s.entra.Directory().Snapshot().Live {
		if entry.ID == objectID {
			return entry
		}
	}
	s.t.Fatalf("%s is not in Entra", objectID)
	return directory.Entry{}
}

// writtenProperties are those of all writes since the last forget: path and property, or the method where there is no body.
func (s *stage) writtenProperties() []string {
	var lines []string
	for _, exchange := range s.entra.Exchanges() {
		if !isDirectory(exchange) || !exchange.IsWrite() {
			continue
		}
		var body odata.Document
		if len(exchange.Request) > 0 && json.Unmarshal(exchange.Request, &body) != nil {
			s.t.Errorf("%s %s: the body is no JSON", exchange.Method, exchange.Path)
		}
		lines = append(lines, fmt.Sprintf("%s %s", exchange.Method, properties(body)))
	}
	return lines
}

// properties of a body, those of a group such as api or web by their own name.
func properties(body odata.Document) []string {
	names := []string{}
	for name, value := range body {
		group, is := value.(odata.Document)
		switch {
		case name == "@odata.type":
		case is && slices.Contains([]string{"api", "web", "spa", "publicClient"}, name):
			for _, member := range properties(group) {
				names = append(names, name+"."+member)
			}
		default:
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// covers fails where no drift is about a field of a patch type, or about a field of what it holds. Exempt are those that identify.
func covers[P any](t *testing.T, drifts []drift, exempt ...string) {
	t.Helper()
	for field := range reflect.TypeFor[P]().Fields() {
		for _, name := range fieldsOf(field.Name, field.Type.Elem()) {
			about := func(d drift) bool { return d.field == name }
			if !slices.Contains(exempt, name) && !slices.ContainsFunc(drifts, about) {
				t.Errorf("nobody has tried what becomes of an edited %s", name)
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
