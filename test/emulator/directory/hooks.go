package directory

import (
	"maps"
	"slices"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// forgery is what the next applications and service principals say about who made them.
type forgery struct{ appID *string }

// ForgeCreatedByAppID makes createdByAppId of what is created from now on null (nil) or another client's.
func (d *Directory) ForgeCreatedByAppID(appID *string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.forged = &forgery{appID: appID}
}

// TrueCreatedByAppID ends ForgeCreatedByAppID.
func (d *Directory) TrueCreatedByAppID() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.forged = nil
}

func (s *Session) createdBy() any {
	if f := s.directory.forged; f != nil {
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
// createdByAppId, accountEnabled. Values are JSON values. It says whether the object exists, deleted ones included.
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

// Squat makes an application of a stranger that holds a uniqueName, and returns its object ID.
func (d *Directory) Squat(uniqueName, displayName string) (string, error) {
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

// Erase removes a user, a group or a managed identity for good, with its assignments, grants and memberships, as their
// administrators can and Graph here cannot. It says whether there was one.
func (d *Directory) Erase(objectID string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.session(Caller{})
	o := s.at(objectID, s.now)
	if o == nil || o.Kind != User && o.Kind != Group && odata.Text(o.Doc, "servicePrincipalType") != ManagedIdentity {
		return false
	}
	s.dropAssignments(objectID)
	s.dropGrants(objectID)
	for _, group := range s.primary(Group) {
		if slices.Contains(group.Members, objectID) {
			d.changeMembers(group.ID, without(objectID))
		}
	}
	s.remove(objectID)
	return true
}
