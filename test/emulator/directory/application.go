package directory

import (
	"github.com/entra-registrar/entra-registrar/test/emulator/directory/manifest"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// CreateApplication makes an application out of a checked body. The owners must have been resolved; the caller is not
// added here. It returns the texts of the passwords that the body requests, by keyId.
func (s *Session) CreateApplication(body odata.Document, owners []string) (*Object, map[string]string, error) {
	t := odata.TypeByName(string(Application))
	blank := blankApplication()
	if err := odata.CheckReadOnly(t, blank, body); err != nil {
		return nil, nil, err
	}
	o := &Object{Kind: Application, ID: s.directory.newID(), Owners: owners, Doc: odata.Merge(t, blank, body)}
	o.Doc["appId"] = s.directory.newID()
	o.Doc["publisherDomain"] = s.directory.options.VerifiedDomain
	o.Doc["createdByAppId"] = s.createdByAppID()
	api := o.Doc["api"].(odata.Document)
	if allowsPersonalAccounts(odata.Text(o.Doc, "signInAudience")) && api["requestedAccessTokenVersion"] == nil {
		api["requestedAccessTokenVersion"] = 2
	}
	secrets, err := s.createPasswords(o)
	if err != nil {
		return nil, nil, err
	}
	if err := s.replaceKeys(o, nil, body); err != nil {
		return nil, nil, err
	}
	if err := s.checkApplication(o, blank, blank); err != nil {
		return nil, nil, err
	}
	return o, secrets, s.create(o)
}

// PatchApplication changes an application that Editable has found. Whether a scope or role is disabled is checked on the primary and on
// the replica.
func (s *Session) PatchApplication(primary, replica *Object, body odata.Document) error {
	t := odata.TypeByName(string(Application))
	if err := odata.CheckReadOnly(t, s.Properties(primary), body); err != nil {
		return err
	}
	o := primary.change()
	o.Doc = odata.Merge(t, primary.Doc, body)
	for name, value := range blankApplication() {
		if _, nested := value.(odata.Document); nested && o.Doc[name] == nil {
			o.Doc[name] = value
		}
	}
	for _, name := range t.Computed {
		o.Doc[name] = primary.Doc[name]
	}
	if err := s.patchPasswords(o, primary, body); err != nil {
		return err
	}
	if err := s.replaceKeys(o, primary, body); err != nil {
		return err
	}
	if err := s.checkApplication(o, primary.Doc, replica.Doc); err != nil {
		return err
	}
	s.store(o)
	return nil
}

// checkApplication checks the new state by the rules of the manifest, and against the other objects of the tenant.
func (s *Session) checkApplication(o *Object, before, stale odata.Document) error {
	tenant := manifest.Tenant{ID: s.directory.options.TenantID, VerifiedDomains: []string{s.directory.options.VerifiedDomain}}
	if err := manifest.Check(tenant, manifest.Change{Before: before, Stale: stale, After: o.Doc}); err != nil {
		return err
	}
	copyRedirects(o.Doc)
	for _, role := range odata.Documents(o.Doc, "appRoles") {
		role["origin"] = "Application"
	}
	if err := s.checkForeignResources(o); err != nil {
		return err
	}
	if err := s.checkUniqueName(o, before); err != nil {
		return err
	}
	return s.checkIdentifierURIs(o)
}

// maxForeign is how many APIs of other tenants an application may require.
const maxForeign = 10

func (s *Session) checkForeignResources(o *Object) error {
	foreign := 0
	for _, resource := range odata.Documents(o.Doc, "requiredResourceAccess") {
		if s.find(Application, Key{Property: "appId", Value: odata.Text(resource, "resourceAppId")}, s.now) == nil {
			foreign++
		}
	}
	if foreign > maxForeign {
		return odata.InvalidValue("requiredResourceAccess", "Application")
	}
	return nil
}

// copyRedirects keeps web.redirectUriSettings a copy of the redirect URIs.
func copyRedirects(doc odata.Document) {
	web, ok := doc["web"].(odata.Document)
	if !ok {
		return
	}
	settings := []any{}
	for _, uri := range odata.Texts(web, "redirectUris") {
		settings = append(settings, odata.Document{"uri": uri, "index": nil})
	}
	web["redirectUriSettings"] = settings
}

func (s *Session) checkUniqueName(o *Object, before odata.Document) error {
	name, old := odata.Text(o.Doc, "uniqueName"), odata.Text(before, "uniqueName")
	if name == old {
		return nil
	}
	if old != "" {
		return odata.BadRequest("Property 'uniqueName' is read-only and cannot be modified.").With("ReadOnlyProperty", "uniqueName")
	}
	for _, other := range s.primary(Application) {
		if other.ID != o.ID && sameText(odata.Text(other.Doc, "uniqueName"), name) {
			return odata.AlreadyTaken("uniqueName")
		}
	}
	return nil
}

func (s *Session) checkIdentifierURIs(o *Object) error {
	for _, uri := range odata.Texts(o.Doc, "identifierUris") {
		for _, other := range s.primary(Application) {
			if other.ID == o.ID {
				continue
			}
			for _, taken := range odata.Texts(other.Doc, "identifierUris") {
				if sameText(taken, uri) {
					return odata.AlreadyTaken("identifierUris")
				}
			}
		}
	}
	return nil
}

// DeleteApplication soft-deletes an application with its service principal.
func (s *Session) DeleteApplication(primary *Object) {
	s.softDelete(primary)
	for _, sp := range s.primary(ServicePrincipal) {
		if sp.Deleted.IsZero() && sameText(odata.Text(sp.Doc, "appId"), odata.Text(primary.Doc, "appId")) {
			s.softDelete(sp)
		}
	}
}

func (s *Session) softDelete(primary *Object) {
	o := primary.change()
	o.Deleted = s.now
	s.store(o)
}

// blankApplication has every property as Entra fills it in.
func blankApplication() odata.Document {
	doc := odata.Blank(odata.TypeByName(string(Application)))
	for _, name := range []string{"id", "deletedDateTime", "createdDateTime"} {
		delete(doc, name)
	}
	for name, complexType := range map[string]string{
		"api": "apiApplication", "info": "informationalUrl", "parentalControlSettings": "parentalControlSettings",
		"publicClient": "publicClientApplication", "spa": "spaApplication", "verifiedPublisher": "verifiedPublisher",
		"web": "webApplication",
	} {
		doc[name] = odata.Blank(odata.TypeByName(complexType))
	}
	doc["parentalControlSettings"].(odata.Document)["legalAgeGroupRule"] = "Allow"
	doc["web"].(odata.Document)["implicitGrantSettings"] = odata.Document{
		"enableAccessTokenIssuance": false, "enableIdTokenIssuance": false,
	}
	doc["signInAudience"] = "AzureADMyOrg"
	return doc
}
