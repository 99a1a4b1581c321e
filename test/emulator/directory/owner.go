package directory

import (
	"slices"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// Owners are the live owners of an object as a replica shows them.
func (s *Session) Owners(o *Object) []*Object {
	var out []*Object
	for _, id := range o.Owners {
		if owner := s.at(id, s.lists); owner != nil && owner.Deleted.IsZero() {
			out = append(out, owner)
		}
	}
	return out
}

// MayOwn refuses an owner that is neither a user nor a service principal.
func MayOwn(o *Object) error {
	if o.Kind == User || o.Kind == ServicePrincipal {
		return nil
	}
	return odata.BadRequest("The reference target '%s' of type '%s' is invalid for the 'owners' reference.", o.ID, o.Kind)
}

// AddOwner adds a user or a service principal to the owners of an object.
func (s *Session) AddOwner(primary *Object, ownerID string) error {
	owner, err := s.Reference(lower(ownerID))
	if err != nil {
		return err
	}
	if err := MayOwn(owner); err != nil {
		return err
	}
	if primary.OwnedBy(owner.ID) {
		return odata.BadRequest("One or more added object references already exist for the following modified properties: 'owners'.")
	}
	if len(primary.Owners) >= 100 {
		return odata.Refused(400, "Directory_QuotaExceeded", "The number of owners of the object has exceeded its limit.")
	}
	o := primary.change()
	o.Owners = append(o.Owners, owner.ID)
	s.store(o)
	return nil
}

// RemoveOwner takes an owner away.
func (s *Session) RemoveOwner(primary *Object, ownerID string) error {
	if !primary.OwnedBy(lower(ownerID)) {
		return odata.NotFound(ownerID)
	}
	o := primary.change()
	o.Owners = slices.DeleteFunc(o.Owners, func(id string) bool { return sameText(id, ownerID) })
	s.store(o)
	return nil
}

// Organization is the tenant as /organization shows it.
func (s *Session) Organization() odata.Document {
	options := s.directory.options
	return odata.Document{
		"id": options.TenantID, "displayName": options.DisplayName,
		"verifiedDomains": []any{odata.Document{
			"name": options.VerifiedDomain, "isInitial": true, "isDefault": true, "type": "Managed",
			"capabilities": "Email, OfficeCommunicationsOnline",
		}},
	}
}
