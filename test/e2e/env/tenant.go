package env

import (
	"slices"
	"strings"
	"testing"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/outofband"
	"github.com/entra-registrar/entra-registrar/test/emulator"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// Tenant is the tenant of Entra as it is, past all lag.
type Tenant struct {
	*emulator.Emulator
	t testing.TB
}

// Host of the emulator, as --custom-endpoint-hosts takes it.
func (t *Tenant) Host() string { return strings.TrimPrefix(t.URL(), "https://") }

// Entry of the directory, live or deleted.
func (t *Tenant) Entry(objectID string) directory.Entry {
	t.t.Helper()
	snapshot := t.Directory().Snapshot()
	return t.entry(objectID, append(snapshot.Live, snapshot.Deleted...))
}

// LiveEntry of the directory.
func (t *Tenant) LiveEntry(objectID string) directory.Entry {
	t.t.Helper()
	return t.entry(objectID, t.Directory().Snapshot().Live)
}

func (t *Tenant) entry(objectID string, among []directory.Entry) directory.Entry {
	t.t.Helper()
	at := slices.IndexFunc(among, func(entry directory.Entry) bool { return entry.ID == objectID })
	if at < 0 {
		t.t.Fatalf("there is no object %s in Entra", objectID)
	}
	return among[at]
}

// Properties of a live object.
func (t *Tenant) Properties(objectID string) odata.Document {
	t.t.Helper()
	return t.LiveEntry(objectID).Properties
}

// ServicePrincipal of an application.
func (t *Tenant) ServicePrincipal(appID string) directory.Entry {
	t.t.Helper()
	return t.ofApp(directory.ServicePrincipal, appID)
}

// OperatorApplication is the application as which the operator signs in.
func (t *Tenant) OperatorApplication() directory.Entry {
	t.t.Helper()
	return t.ofApp(directory.Application, OperatorClientID)
}

func (t *Tenant) ofApp(kind directory.Kind, appID string) directory.Entry {
	t.t.Helper()
	for _, entry := range directory.OfKind(kind, t.Directory().Snapshot().Live) {
		if entry.Properties["appId"] == appID {
			return entry
		}
	}
	t.t.Fatalf("there is no %v of application %s", kind, appID)
	return directory.Entry{}
}

// Granted are the scopes that a client may use for all users.
func (t *Tenant) Granted(client *v1alpha1.AppRegistration) []string {
	t.t.Helper()
	var scopes []string
	for _, entry := range t.Directory().Snapshot().Live {
		if entry.Kind == directory.Grant && entry.Properties["clientId"] == client.Status.ServicePrincipalObjectID {
			text, _ := entry.Properties["scope"].(string)
			scopes = append(scopes, strings.Fields(text)...)
		}
	}
	slices.Sort(scopes)
	return scopes
}

// FederatedCredentials are issuer, subject and audiences of those of an application, by name.
func (t *Tenant) FederatedCredentials(app *v1alpha1.AppRegistration) map[string][]any {
	t.t.Helper()
	found := map[string][]any{}
	for _, credential := range t.LiveEntry(app.Status.ObjectID).Federated {
		found[odata.Text(credential, "name")] = []any{credential["issuer"], credential["subject"], credential["audiences"]}
	}
	return found
}

// OutOfBand is an edit that somebody else makes in Entra; nobody asks whether they may.
func (t *Tenant) OutOfBand(edit outofband.Edit, objectID string) {
	t.t.Helper()
	err := t.Directory().Within(directory.Caller{AppID: "somebody"}, func(session *directory.Session) error {
		return edit(session, objectID)
	})
	if err != nil {
		t.t.Fatalf("an edit in Entra, of object %s: %v", objectID, err)
	}
}

// GiveRole gives a role of an API to a principal, as an admin does in the portal.
func (t *Tenant) GiveRole(apiID, principalID, roleID string) {
	t.t.Helper()
	t.OutOfBand(outofband.GiveRole(apiID, roleID), principalID)
}

// AddNewOwner to an application: a person of the tenant.
func AddNewOwner(e *Env) outofband.Edit {
	return outofband.AddOwner(e.Tenant.Directory().SeedUser("Eve", "eve@contoso.onmicrosoft.com"))
}
