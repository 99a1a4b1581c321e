package directory

import (
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// maxFederated is how many federated credentials an application may have.
const maxFederated = 20

// maxFederatedText is how many characters issuer, subject, audience and description may have.
const maxFederatedText = 600

var federatedName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$`)

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
	if err := checkFederated(f); err != nil {
		return nil, err
	}
	if err := checkFederatedUnique(primary, f); err != nil {
		return nil, err
	}
	if stale := s.at(primary.ID, s.lists); stale != nil { // a replica may still have a deleted one that conflicts
		if err := checkFederatedUnique(stale, f); err != nil {
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
	if err := checkFederated(f); err != nil {
		return err
	}
	if err := checkSubjectUnique(primary, f); err != nil {
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

func checkFederated(f odata.Document) error {
	for _, name := range []string{"name", "issuer", "subject"} {
		if odata.Text(f, name) == "" {
			return invalidFederated("Federated Identity Credential has empty properties. paramName: FederatedIdentityCredential.%s", name)
		}
	}
	if name := odata.Text(f, "name"); !federatedName.MatchString(name) {
		return invalidFederated("Federated Identity Credential name '%s' is invalid.", name)
	}
	audiences := odata.Texts(f, "audiences")
	if len(audiences) != 1 || audiences[0] == "" {
		return invalidFederated("Federated identity credentials must have exactly one audience.")
	}
	if len([]rune(audiences[0])) > maxFederatedText {
		return federatedTooLong("audiences")
	}
	for _, name := range []string{"issuer", "subject", "description"} {
		if len([]rune(odata.Text(f, name))) > maxFederatedText {
			return federatedTooLong(name)
		}
	}
	if !strings.HasPrefix(odata.Text(f, "issuer"), "https://") {
		return invalidFederated("The issuer must be an https URL. paramName: FederatedIdentityCredential.Issuer, paramValue: %s",
			odata.Text(f, "issuer"))
	}
	return nil
}

func federatedTooLong(name string) error {
	return invalidFederated("The value is longer than %d characters. paramName: FederatedIdentityCredential.%s", maxFederatedText, name)
}

func checkFederatedUnique(app *Object, f odata.Document) error {
	name := odata.Text(f, "name")
	for _, other := range app.Federated {
		if sameText(odata.Text(other, "name"), name) {
			return odata.Refused(http.StatusConflict, "Request_MultipleObjectsWithSameKeyValue",
				"FederatedIdentityCredential with name %s already exists.", name)
		}
	}
	return checkSubjectUnique(app, f)
}

func checkSubjectUnique(app *Object, f odata.Document) error {
	for _, other := range app.Federated {
		if other["id"] != f["id"] && other["issuer"] == f["issuer"] && other["subject"] == f["subject"] {
			return invalidFederated("The combination of issuer and subject must be unique for the application. Issuer %s and Subject: "+
				"%s already exist. paramName: FederatedIdentityCredential.Subject, paramValue: %s, objectType: "+
				"Microsoft.Online.DirectoryServices.Application", f["issuer"], f["subject"], f["subject"])
		}
	}
	return nil
}

func invalidFederated(format string, args ...any) error {
	return odata.Refused(http.StatusBadRequest, "InvalidFederatedIdentityCredentialValue", format, args...)
}
