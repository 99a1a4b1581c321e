package directory

import (
	"net/http"
	"slices"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory/manifest"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// BackingApplication finds the application of a service principal that is about to be made, on a replica that may not
// have it yet. lagging reports whether the primary has it.
func (s *Session) BackingApplication(appID string) (app *Object, lagging bool) {
	key := Key{Property: "appId", Value: appID}
	app = s.find(Application, key, s.backing)
	return app, app == nil && s.find(Application, key, s.now) != nil
}

// NoBackingApplication is the refusal of a service principal whose application is not there, or not there yet.
func NoBackingApplication(appID string) error { return noBackingApplication(appID) }

// BackingNotLocal is the same refusal for a caller that may only change what it owns.
func BackingNotLocal() error {
	return odata.Refused(http.StatusForbidden, "Authorization_RequestDenied",
		"When using this permission, the backing application of the service principal being created must in the local tenant")
}

// RandomBool is the replica's choice between two answers, by the seed.
func (s *Session) RandomBool() bool { return s.directory.fraction() < 0.5 }

// CreateServicePrincipal makes the service principal of an application out of a checked body. It has no passwords:
// they are made by addPassword only.
func (s *Session) CreateServicePrincipal(app *Object, body odata.Document, owners []string) (*Object, error) {
	appID := odata.Text(app.Doc, "appId")
	for _, other := range s.primary(ServicePrincipal) {
		if sameText(odata.Text(other.Doc, "appId"), appID) {
			return nil, nameInUse(appID)
		}
	}
	if len(odata.List(body, "passwordCredentials")) > 0 {
		return nil, odata.BadRequest("New password credentials must be generated with service actions.").
			With("CannotCreateNewPasswordCredential", "passwordCredentials")
	}
	t := odata.TypeByName(string(ServicePrincipal))
	blank := s.blankPrincipal(appID)
	if err := odata.CheckReadOnly(t, blank, body); err != nil {
		return nil, err
	}
	o := &Object{Kind: ServicePrincipal, ID: s.directory.newID(), Owners: owners, Doc: odata.Merge(t, blank, body)}
	o.Doc["createdByAppId"] = s.createdByAppID()
	o.Created = s.now
	if err := s.checkPrincipal(o, s.Properties(o), body); err != nil {
		return nil, err
	}
	if err := s.replaceKeys(o, nil, body); err != nil {
		return nil, err
	}
	return o, s.create(o)
}

// PatchServicePrincipal changes a service principal's own properties.
func (s *Session) PatchServicePrincipal(primary *Object, body odata.Document) error {
	if err := checkModifiable(primary); err != nil {
		return err
	}
	t := odata.TypeByName(string(ServicePrincipal))
	now := s.Properties(primary)
	if err := odata.CheckReadOnly(t, now, body); err != nil {
		return err
	}
	if sent, ok := body["appId"].(string); ok && !sameText(sent, odata.Text(now, "appId")) {
		return odata.BadRequest("Property 'appId' is read-only and cannot be set.").With("ReadOnlyProperty", "appId")
	}
	o := primary.change()
	o.Doc = odata.Merge(t, primary.Doc, body)
	o.Doc["appId"] = primary.Doc["appId"]
	for _, name := range append(slices.Clone(t.Computed), copiedProperties...) {
		o.Doc[name] = primary.Doc[name]
	}
	if err := s.patchPasswords(o, primary, body); err != nil {
		return err
	}
	if err := s.replaceKeys(o, primary, body); err != nil {
		return err
	}
	if err := s.checkPrincipal(o, now, body); err != nil {
		return err
	}
	s.store(o)
	return nil
}

// checkPrincipal refuses writes of what is copied from the application, then checks the rest by its rules.
func (s *Session) checkPrincipal(o *Object, shown, body odata.Document) error {
	for _, name := range copiedProperties {
		value, sent := body[name]
		if sent && name != "displayName" && !odata.Same(value, shown[name]) {
			return odata.BadRequest("Property %s on the service principal does not match the application object.", name).
				With("InvalidValue", name)
		}
	}
	return manifest.CheckPrincipal(o.Doc)
}

// DeleteServicePrincipal soft-deletes a service principal; it keeps its names.
func (s *Session) DeleteServicePrincipal(primary *Object) error {
	if err := checkModifiable(primary); err != nil {
		return err
	}
	s.softDelete(primary)
	return nil
}

// copiedProperties are the properties that a service principal has from its application.
var copiedProperties = []string{
	"appDisplayName", "appDescription", "appRoles", "displayName", "homepage", "info", "logoutUrl", "oauth2PermissionScopes",
	"replyUrls", "servicePrincipalNames", "signInAudience", "verifiedPublisher", "applicationTemplateId", "addIns",
}

// copyFromApplication sets the properties that a service principal has from its application: as of its creation at first, later as of
// what has been copied since. Tags are the union of both.
func (s *Session) copyFromApplication(sp *Object, doc odata.Document) {
	app := s.ApplicationOf(sp)
	if app == nil {
		return
	}
	doc["appDisplayName"], doc["displayName"] = app["displayName"], app["displayName"]
	doc["appDescription"] = app["description"]
	doc["homepage"], doc["logoutUrl"] = odata.At(app, "web", "homePageUrl"), odata.At(app, "web", "logoutUrl")
	doc["oauth2PermissionScopes"] = odata.At(app, "api", "oauth2PermissionScopes")
	for _, name := range []string{"appRoles", "info", "signInAudience", "verifiedPublisher", "applicationTemplateId", "addIns"} {
		doc[name] = app[name]
	}
	var replies []string
	for _, platform := range []string{"web", "spa", "publicClient"} {
		replies = append(replies, odata.Texts(app, platform, "redirectUris")...)
	}
	doc["replyUrls"] = odata.Strings(replies...)
	names := append(odata.Texts(app, "identifierUris"), odata.Text(doc, "appId"))
	if s.now.Equal(sp.Created) {
		slices.Reverse(names)
	}
	doc["servicePrincipalNames"] = odata.Strings(names...)
	tags := odata.Texts(doc, "tags")
	for _, tag := range odata.Texts(app, "tags") {
		if !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	doc["tags"] = odata.Strings(tags...)
}

// ApplicationOf is the state of the application that has reached a service principal; the last one, if it was purged.
func (s *Session) ApplicationOf(sp *Object) odata.Document {
	r, ok := s.directory.records[s.directory.backing[odata.Text(sp.Doc, "appId")]]
	if !ok {
		return nil
	}
	var seen *Object
	for i, v := range r.versions {
		if v.object != nil && (i == 0 || !v.copied.After(s.read) || !v.at.After(sp.Created)) {
			seen = v.object
		}
	}
	return odata.Clone(seen.Doc)
}

func (s *Session) blankPrincipal(appID string) odata.Document {
	doc := odata.Blank(odata.TypeByName(string(ServicePrincipal)))
	for _, name := range []string{"id", "deletedDateTime", "createdDateTime"} {
		delete(doc, name)
	}
	doc["appId"] = appID
	doc["accountEnabled"] = true
	doc["appOwnerOrganizationId"] = s.TenantID()
	doc["servicePrincipalType"] = "Application"
	doc["info"] = odata.Blank(odata.TypeByName("informationalUrl"))
	doc["verifiedPublisher"] = odata.Blank(odata.TypeByName("verifiedPublisher"))
	return doc
}
