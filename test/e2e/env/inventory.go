package env

import (
	"slices"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
)

// Inventory counts what the operator has made in Entra: applications, live and deleted, and what hangs on the live ones.
type Inventory struct{ Applications, Principals, Credentials, Assignments, Deleted int }

// Inventory leaves out the operator's own objects, and Microsoft's.
func (t *Tenant) Inventory() Inventory {
	var found Inventory
	snapshot := t.Directory().Snapshot()
	for _, entry := range snapshot.Live {
		switch {
		case entry.Kind == directory.Assignment && !ofMicrosoftGraph(entry):
			found.Assignments++
		case !isTagged(entry):
		case entry.Kind == directory.Application:
			found.Applications++
			found.Credentials += len(entry.Federated)
		case entry.Kind == directory.ServicePrincipal:
			found.Principals++
		}
	}
	for _, entry := range snapshot.Deleted {
		if entry.Kind == directory.Application {
			found.Deleted++
		}
	}
	return found
}

// ofMicrosoftGraph reports whether an assignment is of a permission of Microsoft Graph: the operator itself has some.
func ofMicrosoftGraph(assignment directory.Entry) bool {
	return assignment.Properties["resourceDisplayName"] == "Microsoft Graph"
}

// isTagged reports whether an object has the operator's tag.
func isTagged(entry directory.Entry) bool {
	tags, _ := entry.Properties["tags"].([]any)
	return slices.Contains(tags, any("managed-by:entra-registrar"))
}

// CheckInventory fails where Entra holds anything else.
func (t *Tenant) CheckInventory(want Inventory) {
	t.t.Helper()
	if got := t.Inventory(); got != want {
		t.t.Errorf("Entra holds %+v, want %+v", got, want)
	}
}

// CheckInventoryOf fails where objects do not have, each once, what their status names in Entra, or where anything else is there.
func (t *Tenant) CheckInventoryOf(objs []Object) {
	t.t.Helper()
	var want Inventory
	owners := map[string]string{}
	for _, obj := range objs {
		switch o := obj.(type) {
		case *v1alpha1.AppRegistration:
			want.Applications++
			want.Principals++
			for _, id := range []string{o.Status.ObjectID, o.Status.AppID, o.Status.ServicePrincipalObjectID} {
				if other, taken := owners[id]; taken || id == "" {
					t.t.Errorf("ID %q of %s is also %s's", id, o.Name, other)
				}
				owners[id] = o.Name
			}
		case *v1alpha1.FederatedCredential:
			want.Credentials++
		case *v1alpha1.AppRoleAssignment:
			want.Assignments += len(o.Spec.Roles)
		default:
			t.t.Fatalf("a %T is not counted", obj)
		}
	}
	t.CheckInventory(want)
}
