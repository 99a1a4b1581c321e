package e2e

import (
	"strconv"
	"sync/atomic"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// mischief is what somebody else does to an object in Entra, given its object ID.
type mischief func(*directory.Session, string) error

// somebody does something in Entra behind the operator's back; nobody asks for rights.
func (s *stage) somebody(does mischief, objectID string) {
	s.t.Helper()
	err := s.entra.Directory().Within(directory.Caller{AppID: "somebody"}, func(session *directory.Session) error {
		return does(session, objectID)
	})
	if err != nil {
		s.t.Fatalf("somebody in Entra, with object %s: %v", objectID, err)
	}
}

func live(session *directory.Session, kind directory.Kind, objectID string) (*directory.Object, error) {
	primary, _, err := session.Editable(kind, directory.Key{Value: objectID})
	return primary, err
}

func deletesTheApplication(session *directory.Session, objectID string) error {
	app, err := live(session, directory.Application, objectID)
	if err == nil {
		session.DeleteApplication(app)
	}
	return err
}

func deletesThePrincipal(session *directory.Session, objectID string) error {
	principal, err := live(session, directory.ServicePrincipal, objectID)
	if err != nil {
		return err
	}
	return session.DeleteServicePrincipal(principal)
}

// purges what is deleted.
func purges(session *directory.Session, objectID string) error {
	deleted, err := session.EditableDeleted(objectID)
	if err == nil {
		session.Purge(deleted)
	}
	return err
}

// then does one thing after the other.
func (first mischief) then(second mischief) mischief {
	return func(session *directory.Session, objectID string) error {
		if err := first(session, objectID); err != nil {
			return err
		}
		return second(session, objectID)
	}
}

func addsAPassword(session *directory.Session, objectID string) error {
	app, err := live(session, directory.Application, objectID)
	if err == nil {
		_, err = session.AddPassword(app, odata.Document{})
	}
	return err
}

func addsAPasswordToTheDeleted(session *directory.Session, objectID string) error {
	app, err := session.EditableDeleted(objectID)
	if err == nil {
		_, err = session.AddPassword(app, odata.Document{})
	}
	return err
}

func addsATrust(session *directory.Session, objectID string) error {
	app, err := live(session, directory.Application, objectID)
	if err == nil {
		_, err = session.AddFederated(app, odata.Document{
			"name": "back-door", "issuer": "https://issuer.example.com", "subject": "anybody", "audiences": odata.Strings("api://AzureADTokenExchange"),
		})
	}
	return err
}

// addsAnyTrust adds one that nobody asks for, another each time.
func addsAnyTrust() mischief {
	name := "any-" + strconv.FormatInt(anyTrusts.Add(1), 10)
	return func(session *directory.Session, objectID string) error {
		app, err := live(session, directory.Application, objectID)
		if err == nil {
			_, err = session.AddFederated(app, odata.Document{
				"name": name, "issuer": "https://issuer.example.com", "subject": name, "audiences": odata.Strings("api://AzureADTokenExchange"),
			})
		}
		return err
	}
}

var anyTrusts atomic.Int64

func takesTheTrustAway(session *directory.Session, objectID string) error {
	app, err := live(session, directory.Application, objectID)
	if err == nil {
		session.RemoveFederated(app, app.Federated[0])
	}
	return err
}

// takesTheRolesAway from a principal.
func takesTheRolesAway(session *directory.Session, objectID string) error {
	for _, assignment := range session.Assignments("principalId", objectID) {
		if err := session.Unassign(assignment); err != nil {
			return err
		}
	}
	return nil
}

// addsAnOwner makes a mischief of a user.
func (s *stage) addsAnOwner() mischief {
	eve := s.entra.Directory().SeedUser("Eve", "eve@contoso.onmicrosoft.com")
	return func(session *directory.Session, objectID string) error {
		app, err := live(session, directory.Application, objectID)
		if err == nil {
			err = session.AddOwner(app, eve)
		}
		return err
	}
}
