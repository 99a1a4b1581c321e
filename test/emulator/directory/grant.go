package directory

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// The consent types of a grant: for every user, or for one.
const (
	AllPrincipals = "AllPrincipals"
	OnePrincipal  = "Principal"
)

// maxScope is how many characters the scopes of a grant may have.
const maxScope = 3850

// CreateGrant lets a client act for users at a resource, out of a checked body. There is one grant for each client,
// resource, consent type and principal.
func (s *Session) CreateGrant(body odata.Document) (*Object, error) {
	t := odata.TypeByName(string(Grant))
	if err := odata.CheckReadOnly(t, odata.Blank(t), body); err != nil {
		return nil, err
	}
	o := &Object{Kind: Grant, Doc: odata.Merge(t, odata.Blank(t), body)}
	delete(o.Doc, "id")
	if err := s.checkGrant(o); err != nil {
		return nil, err
	}
	o.ID = grantID(odata.Text(o.Doc, "clientId"), odata.Text(o.Doc, "resourceId"), odata.Text(o.Doc, "principalId"))
	if r, ok := s.directory.records[o.ID]; ok && r.latest() != nil {
		return nil, odata.Refused(http.StatusConflict, "Request_MultipleObjectsWithSameKeyValue", "Permission entry already exists.")
	}
	return o, s.create(o)
}

func (s *Session) checkGrant(o *Object) error {
	for _, name := range []string{"clientId", "resourceId", "consentType"} {
		if odata.Text(o.Doc, name) == "" {
			return odata.Missing(name, "OAuth2PermissionGrant")
		}
	}
	principal := odata.Text(o.Doc, "principalId")
	switch consent := odata.Text(o.Doc, "consentType"); {
	case consent != AllPrincipals && consent != OnePrincipal:
		return odata.InvalidValue("consentType", "OAuth2PermissionGrant")
	case (consent == OnePrincipal) != (principal != ""):
		return odata.InvalidValue("principalId", "OAuth2PermissionGrant")
	}
	if err := s.grantEnd(o, "clientId", ServicePrincipal); err != nil {
		return err
	}
	if err := s.grantEnd(o, "resourceId", ServicePrincipal); err != nil {
		return err
	}
	if principal != "" {
		if err := s.grantEnd(o, "principalId", User); err != nil {
			return err
		}
	}
	return checkScope(o.Doc)
}

func (s *Session) grantEnd(o *Object, property string, kind Kind) error {
	end, err := s.Reference(lower(odata.Text(o.Doc, property)))
	if err != nil {
		return err
	}
	if end.Kind != kind {
		return odata.InvalidValue(property, "OAuth2PermissionGrant")
	}
	o.Doc[property] = end.ID
	return nil
}

func checkScope(doc odata.Document) error {
	if len(odata.Text(doc, "scope")) > maxScope {
		return odata.InvalidValue("scope", "OAuth2PermissionGrant")
	}
	return nil
}

// PatchGrant changes the scopes of a grant, and nothing else.
func (s *Session) PatchGrant(id string, body odata.Document) error {
	if _, err := s.findGrant(id, s.write); err != nil {
		return err
	}
	primary, err := s.findGrant(id, s.now)
	if err != nil {
		return err
	}
	for name, value := range body {
		if name != "scope" && !odata.Same(value, s.Properties(primary)[name]) {
			return odata.BadRequest("Property '%s' is read-only and cannot be set.", name).With("ReadOnlyProperty", name)
		}
	}
	o := primary.change()
	if scope, ok := body["scope"]; ok {
		o.Doc["scope"] = scope
	}
	if err := checkScope(o.Doc); err != nil {
		return err
	}
	s.store(o)
	return nil
}

// DeleteGrant takes a grant away for good.
func (s *Session) DeleteGrant(id string) error {
	if _, err := s.findGrant(id, s.write); err != nil {
		return err
	}
	if _, err := s.findGrant(id, s.now); err != nil {
		return err
	}
	s.remove(id)
	return nil
}

// Grant reads a grant by its ID, which is compared exactly.
func (s *Session) Grant(id string) (*Object, error) { return s.findGrant(id, s.read) }

// findGrant is Grant as of a moment.
func (s *Session) findGrant(id string, moment time.Time) (*Object, error) {
	if o := s.at(id, moment); o != nil && o.Kind == Grant && s.isGrantLiveAt(o, moment) {
		return o, nil
	}
	return nil, odata.NotFound(id)
}

// Grants are all grants, as the request's replica shows them.
func (s *Session) Grants() []*Object { return s.grants(s.lists) }

func (s *Session) grants(moment time.Time) []*Object {
	return s.all(Grant, moment, func(o *Object) bool { return s.isGrantLiveAt(o, moment) })
}

// isGrantLiveAt reports whether a grant shows: an end that is deleted hides it.
func (s *Session) isGrantLiveAt(o *Object, moment time.Time) bool {
	principal := odata.Text(o.Doc, "principalId")
	return s.isLiveAt(odata.Text(o.Doc, "clientId"), moment) && s.isLiveAt(odata.Text(o.Doc, "resourceId"), moment) &&
		(principal == "" || s.isLiveAt(principal, moment))
}

func (s *Session) removeGrants(id string) {
	for _, o := range s.primary(Grant) {
		for _, end := range []string{"clientId", "resourceId", "principalId"} {
			if odata.Text(o.Doc, end) == id {
				s.remove(o.ID)
				break
			}
		}
	}
}

// grantID is made of the ends' GUIDs with their first three groups in little-endian order, as recorded traffic shows for
// AllPrincipals; that a principal is appended is our guess.
func grantID(ends ...string) string {
	var raw bytes.Buffer
	for _, end := range ends {
		id, err := uuid.Parse(strings.TrimSpace(end))
		if err != nil {
			continue
		}
		raw.Write([]byte{id[3], id[2], id[1], id[0], id[5], id[4], id[7], id[6]})
		raw.Write(id[8:])
	}
	return base64.RawURLEncoding.EncodeToString(raw.Bytes())
}
