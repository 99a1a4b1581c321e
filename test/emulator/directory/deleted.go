package directory

import (
	"net/http"
	"time"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// DeletedItems is what can be restored of a kind, as the request's replica shows it.
func (s *Session) DeletedItems(kind Kind) []*Object {
	return s.all(kind, s.read, func(o *Object) bool { return !o.Deleted.IsZero() })
}

// DeletedItem is one soft-deleted application or service principal.
func (s *Session) DeletedItem(id string) (*Object, error) {
	if o := s.at(lower(id), s.read); o != nil && !o.Deleted.IsZero() {
		return o, nil
	}
	return nil, odata.NotFound(id)
}

// EditableDeleted finds a soft-deleted object that is about to be restored or purged: on the replica and at the primary.
func (s *Session) EditableDeleted(id string) (*Object, error) {
	if o := s.at(lower(id), s.write); o == nil || o.Deleted.IsZero() {
		return nil, odata.NotFound(id)
	}
	o := s.directory.records[lower(id)].latest()
	if o == nil || o.Deleted.IsZero() {
		return nil, odata.NotFound(id)
	}
	return o, nil
}

// Restore brings a soft-deleted object back, with its owners, credentials and federated credentials. An application's
// service principal stays deleted; it needs a call of its own, and its application first.
func (s *Session) Restore(deleted *Object) (*Object, error) {
	if deleted.Kind == ServicePrincipal {
		if err := s.checkRestorable(deleted); err != nil {
			return nil, err
		}
	}
	o := deleted.change()
	o.Deleted = time.Time{}
	s.store(o)
	return o, nil
}

func (s *Session) checkRestorable(sp *Object) error {
	appID := odata.Text(sp.Doc, "appId")
	for _, other := range s.primary(ServicePrincipal) {
		if other.ID != sp.ID && other.Deleted.IsZero() && sameText(odata.Text(other.Doc, "appId"), appID) {
			return nameInUse(appID)
		}
	}
	if s.find(Application, Key{"appId", appID}, s.backing) == nil {
		return noBackingApplication(appID)
	}
	return nil
}

// Purge removes a soft-deleted object for good, and its names with it.
func (s *Session) Purge(deleted *Object) {
	if deleted.Kind == ServicePrincipal {
		s.removeAssignments(deleted.ID)
		s.removeGrants(deleted.ID)
	}
	s.remove(deleted.ID)
}

func nameInUse(name string) error {
	return odata.Refused(http.StatusConflict, "Request_MultipleObjectsWithSameKeyValue",
		"The service principal cannot be created, updated, or restored because the service principal name %s is already in use.", name).
		With("ObjectConflict", "servicePrincipalNames")
}

func noBackingApplication(appID string) error {
	err := odata.BadRequest("The appId '%s' of the service principal does not reference a valid application object.", appID)
	err.Details = []odata.Detail{{
		Code: "NoBackingApplicationObject", Message: err.Message, Target: "appId", Blocked: &odata.NullableText{},
	}}
	return err
}
