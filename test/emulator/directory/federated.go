package directory

import (
	"slices"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory/manifest"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// maxFederated is how many federated credentials an application may have.
const maxFederated = 20

// FindFederated finds a federated credential of an application by ID or by name.
func FindFederated(app *Object, key Key) (odata.Document, error) {
	for _, f := range app.Federated {
		if matchesFederated(f, key) {
			return f, nil
		}
	}
	return nil, odata.NotFound(key.Value)
}

// matchesFederated also takes a name in place of the ID, as recorded.
func matchesFederated(f odata.Document, key Key) bool {
	return sameText(odata.Text(f, "name"), key.Value) || key.Property == "" && sameText(odata.Text(f, "id"), key.Value)
}

// EditableFederated finds a federated credential for a change: on the request's replica and at the primary.
func (s *Session) EditableFederated(primary *Object, key Key) (odata.Document, error) {
	replica := s.at(primary.ID, s.lists)
	if replica == nil {
		return nil, odata.NotFound(key.Value)
	}
	if _, err := FindFederated(replica, key); err != nil {
		return nil, err
	}
	return FindFederated(primary, key)
}

// AddFederated adds a federated credential out of a checked body.
func (s *Session) AddFederated(primary *Object, body odata.Document) (odata.Document, error) {
	t := odata.TypeByName("federatedIdentityCredential")
	if err := odata.CheckReadOnly(t, odata.Blank(t), body); err != nil {
		return nil, err
	}
	f := odata.Merge(t, odata.Blank(t), body)
	f["id"] = s.directory.newID()
	if err := manifest.CheckFederated(f); err != nil {
		return nil, err
	}
	if err := manifest.CheckFederatedUnique(primary.Federated, f); err != nil {
		return nil, err
	}
	if stale := s.at(primary.ID, s.lists); stale != nil { // a replica may still have a deleted one that conflicts
		if err := manifest.CheckFederatedUnique(stale.Federated, f); err != nil {
			return nil, err
		}
	}
	if len(primary.Federated) >= maxFederated {
		return nil, odata.BadRequest("The application has exceeded the maximum number of federated identity credentials (%d).", maxFederated)
	}
	o := primary.change()
	o.Federated = append(o.Federated, f)
	s.store(o)
	return f, nil
}

// PatchFederated changes a federated credential of the primary's application; its name may be sent, unchanged.
func (s *Session) PatchFederated(primary *Object, current, body odata.Document) error {
	t := odata.TypeByName("federatedIdentityCredential")
	if err := odata.CheckReadOnly(t, current, body); err != nil {
		return err
	}
	f := odata.Merge(t, current, body)
	if !sameText(odata.Text(f, "name"), odata.Text(current, "name")) {
		return odata.BadRequest("Property 'name' is read-only and cannot be modified.").With("ReadOnlyProperty", "name")
	}
	if err := manifest.CheckFederated(f); err != nil {
		return err
	}
	if err := manifest.CheckSubjectUnique(primary.Federated, f); err != nil {
		return err
	}
	o := primary.change()
	i := slices.IndexFunc(o.Federated, func(other odata.Document) bool { return other["id"] == f["id"] })
	o.Federated[i] = f
	s.store(o)
	return nil
}

// RemoveFederated deletes a federated credential for good.
func (s *Session) RemoveFederated(primary *Object, f odata.Document) {
	o := primary.change()
	o.Federated = slices.DeleteFunc(o.Federated, func(other odata.Document) bool { return other["id"] == f["id"] })
	s.store(o)
}
