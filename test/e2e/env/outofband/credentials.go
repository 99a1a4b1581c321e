package outofband

import (
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// AddPassword to an application.
func AddPassword(session *directory.Session, objectID string) error {
	app, err := live(session, directory.Application, objectID)
	if err == nil {
		_, err = session.AddPassword(app, odata.Document{})
	}
	return err
}

// AddPasswordToDeleted is for an application in the deleted items.
func AddPasswordToDeleted(session *directory.Session, objectID string) error {
	app, err := session.EditableDeleted(objectID)
	if err == nil {
		_, err = session.AddPassword(app, odata.Document{})
	}
	return err
}

// AddKey to an application.
func AddKey(session *directory.Session, objectID string) error {
	app, err := live(session, directory.Application, objectID)
	if err != nil {
		return err
	}
	return session.PatchApplication(app, app, odata.Document{"keyCredentials": []any{odata.Document{
		"type": "Symmetric", "usage": "Verify", "key": "c3RvbGVu",
	}}})
}

// AddFederatedCredential adds an attacker's, which is called back-door.
func AddFederatedCredential(session *directory.Session, objectID string) error {
	return addFederatedCredential("back-door", "https://issuer.example.com", "anybody")(session, objectID)
}

// AddFederatedCredentialOf a subject of an issuer.
func AddFederatedCredentialOf(issuer, subject string) Edit {
	return addFederatedCredential("operator", issuer, subject)
}

func addFederatedCredential(name, issuer, subject string) Edit {
	return func(session *directory.Session, objectID string) error {
		app, err := live(session, directory.Application, objectID)
		if err == nil {
			_, err = session.AddFederated(app, odata.Document{
				"name": name, "issuer": issuer, "subject": subject, "audiences": odata.Strings("api://AzureADTokenExchange"),
			})
		}
		return err
	}
}

// PatchFederatedCredential changes the first of an application.
func PatchFederatedCredential(patch odata.Document) Edit {
	return func(session *directory.Session, objectID string) error {
		app, err := live(session, directory.Application, objectID)
		if err != nil {
			return err
		}
		return session.PatchFederated(app, app.Federated[0], patch)
	}
}

// RemoveFederatedCredential removes the first of an application.
func RemoveFederatedCredential(session *directory.Session, objectID string) error {
	app, err := live(session, directory.Application, objectID)
	if err == nil {
		session.RemoveFederated(app, app.Federated[0])
	}
	return err
}
