package directory

import (
	"maps"
	"slices"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// createdByOverride is the createdByAppId of the next applications and service principals.
type createdByOverride struct{ appID *string }

// OverrideCreatedByAppID makes createdByAppId of what is created from now on null (nil) or another client's.
func (d *Directory) OverrideCreatedByAppID(appID *string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.createdBy = &createdByOverride{appID: appID}
}

// ResetCreatedByAppID ends ForgeCreatedByAppID.
func (d *Directory) ResetCreatedByAppID() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.createdBy = nil
}

func (s *Session) createdByAppID() any {
	if f := s.directory.createdBy; f != nil {
		if f.appID == nil {
			return nil
		}
		return *f.appID
	}
	if s.caller.AppID == "" {
		return nil
	}
	return s.caller.AppID
}

// Set overwrites properties of an object as nobody can through Graph: isDisabled, disabledByMicrosoftStatus,
// createdByAppId, accountEnabled. Values are JSON values. It reports whether the object exists, deleted ones included.
func (d *Directory) Set(objectID string, properties map[string]any) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.session(Caller{})
	r, ok := d.records[objectID]
	if !ok || r.latest() == nil {
		return false
	}
	o := r.latest().change()
	maps.Copy(o.Doc, odata.Clone(properties))
	s.store(o)
	return true
}

// TakeUniqueName makes an application, of no client of this tenant, that has a uniqueName, and returns its object ID.
func (d *Directory) TakeUniqueName(uniqueName, displayName string) (string, error) {
	return d.seedApplication(uniqueName, displayName, nil)
}

// ExpirePageTokens makes every $skiptoken given so far invalid.
func (d *Directory) ExpirePageTokens() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.generation++
}

// PageGeneration changes when page tokens expire.
func (s *Session) PageGeneration() int { return s.directory.generation }

// PurgePrincipal removes a user, a group or a managed identity for good, with its assignments, grants and memberships, which the emulated
// Graph cannot do. It reports whether there was one.
func (d *Directory) PurgePrincipal(objectID string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.session(Caller{})
	o := s.at(objectID, s.now)
	if o == nil || o.Kind != User && o.Kind != Group && odata.Text(o.Doc, "servicePrincipalType") != ManagedIdentity {
		return false
	}
	s.removeAssignments(objectID)
	s.removeGrants(objectID)
	for _, group := range s.primary(Group) {
		if slices.Contains(group.Members, objectID) {
			d.changeMembers(group.ID, without(objectID))
		}
	}
	s.remove(objectID)
	return true
}
