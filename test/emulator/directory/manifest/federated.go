package manifest

import (
	"net/http"
	"regexp"
	"strings"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// maxFederatedText is how many characters issuer, subject, audience and description may have.
const maxFederatedText = 600

var federatedName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$`)

// CheckFederated refuses a federated credential that breaks a rule.
func CheckFederated(f odata.Document) error {
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

// CheckFederatedUnique refuses a federated credential whose name, or issuer and subject, another one of the application has.
func CheckFederatedUnique(others []odata.Document, f odata.Document) error {
	name := odata.Text(f, "name")
	for _, other := range others {
		if strings.EqualFold(odata.Text(other, "name"), name) {
			return odata.Refused(http.StatusConflict, "Request_MultipleObjectsWithSameKeyValue",
				"FederatedIdentityCredential with name %s already exists.", name)
		}
	}
	return CheckSubjectUnique(others, f)
}

// CheckSubjectUnique refuses a federated credential whose issuer and subject another one of the application has.
func CheckSubjectUnique(others []odata.Document, f odata.Document) error {
	for _, other := range others {
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
