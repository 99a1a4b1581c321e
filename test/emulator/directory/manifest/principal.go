package manifest

import (
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

var signOnModes = []string{"", "password", "saml", "notSupported", "oidc"}

// CheckPrincipal refuses a state of a service principal's own properties that breaks a rule.
func CheckPrincipal(after odata.Document) error {
	const resource = "ServicePrincipal"
	if err := odata.CheckComplete(odata.TypeByName("servicePrincipal"), after); err != nil {
		return err
	}
	for _, property := range []string{"description", "notes"} {
		if length(odata.Text(after, property)) > 1024 {
			return odata.InvalidLength(property, resource)
		}
	}
	if !slices.Contains(signOnModes, odata.Text(after, "preferredSingleSignOnMode")) {
		return odata.InvalidValue("preferredSingleSignOnMode", resource)
	}
	if login := odata.Text(after, "loginUrl"); login != "" && !webURL(login) {
		return odata.InvalidValue("loginUrl", resource)
	}
	for _, address := range odata.Texts(after, "notificationEmailAddresses") {
		if !strings.Contains(address, "@") {
			return odata.InvalidValue("notificationEmailAddresses", resource)
		}
	}
	return checkTags(after, resource)
}
