// Package outofband has edits in Entra that the operator does not make: those of admins, of other programs, and of attackers.
package outofband

import (
	"errors"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// Edit of the object that has an object ID.
type Edit func(session *directory.Session, objectID string) error

func live(session *directory.Session, kind directory.Kind, objectID string) (*directory.Object, error) {
	primary, _, err := session.Editable(kind, directory.Key{Value: objectID})
	return primary, err
}

// DeleteApplication moves it to the deleted items.
func DeleteApplication(session *directory.Session, objectID string) error {
	app, err := live(session, directory.Application, objectID)
	if err == nil {
		session.DeleteApplication(app)
	}
	return err
}

// DeletePrincipal moves a service principal to the deleted items.
func DeletePrincipal(session *directory.Session, objectID string) error {
	principal, err := live(session, directory.ServicePrincipal, objectID)
	if err != nil {
		return err
	}
	return session.DeleteServicePrincipal(principal)
}

// Purge removes what is in the deleted items.
func Purge(session *directory.Session, objectID string) error {
	deleted, err := session.EditableDeleted(objectID)
	if err == nil {
		session.Purge(deleted)
	}
	return err
}

// PurgeApplication removes it for good.
func PurgeApplication(session *directory.Session, objectID string) error {
	return errors.Join(DeleteApplication(session, objectID), Purge(session, objectID))
}

// PurgePrincipal removes a service principal for good.
func PurgePrincipal(session *directory.Session, objectID string) error {
	return errors.Join(DeletePrincipal(session, objectID), Purge(session, objectID))
}

// PatchApplication as the portal does: what is named changes, the rest stays.
func PatchApplication(patch odata.Document) Edit {
	return func(session *directory.Session, objectID string) error {
		primary, replica, err := session.Editable(directory.Application, directory.Key{Value: objectID})
		if err != nil {
			return err
		}
		return session.PatchApplication(primary, replica, patch)
	}
}

// PatchPrincipal changes a service principal.
func PatchPrincipal(patch odata.Document) Edit {
	return func(session *directory.Session, objectID string) error {
		principal, err := live(session, directory.ServicePrincipal, objectID)
		if err != nil {
			return err
		}
		return session.PatchServicePrincipal(principal, patch)
	}
}

// GiveRole gives a role of an API to a principal.
func GiveRole(apiID, roleID string) Edit {
	return func(session *directory.Session, principalID string) error {
		_, err := session.Assign(odata.Document{"principalId": principalID, "resourceId": apiID, "appRoleId": roleID})
		return err
	}
}

// TakeRoles takes all roles from a principal.
func TakeRoles(session *directory.Session, principalID string) error {
	for _, assignment := range session.Assignments("principalId", principalID) {
		if err := session.Unassign(assignment); err != nil {
			return err
		}
	}
	return nil
}

// AddScopes to the grant that a client has.
func AddScopes(scopes ...string) Edit {
	return func(session *directory.Session, clientID string) error {
		for _, grant := range session.Grants() {
			if odata.Text(grant.Doc, "clientId") == clientID {
				all := append(strings.Fields(odata.Text(grant.Doc, "scope")), scopes...)
				return session.PatchGrant(grant.ID, odata.Document{"scope": strings.Join(all, " ")})
			}
		}
		return nil
	}
}

// AddOwner to an application.
func AddOwner(ownerID string) Edit {
	return func(session *directory.Session, objectID string) error {
		app, err := live(session, directory.Application, objectID)
		if err == nil {
			err = session.AddOwner(app, ownerID)
		}
		return err
	}
}

var names atomic.Int64

// AddNewFederatedCredential adds one that nobody has asked for, another each time.
func AddNewFederatedCredential() Edit {
	name := "any-" + strconv.FormatInt(names.Add(1), 10)
	return addFederatedCredential(name, "https://issuer.example.com", name)
}
