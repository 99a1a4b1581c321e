package sts

import (
	"net/http"
	"net/url"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
)

// consented asks the user for what is missing and records a yes. It says whether to go on; if not, it has answered.
func (s *Service) consented(w http.ResponseWriter, r *http.Request, a authorization, person directory.Person, missing []string) bool {
	if a.query.Get("prompt") == "none" {
		f := consentMissing(a.client.AppID, a.client.DisplayName)
		f.oauth = consentRequired
		s.sendBack(w, r, a, refusal(f))
		return false
	}
	if !s.mayConsent(person, a.wanted.resource, missing) {
		s.errorPage(w, adminConsentNeeded(a.client.DisplayName))
		return false
	}
	switch r.PostForm.Get("decision") {
	case "accept":
		return s.record(w, a, person, missing)
	case "cancel":
		s.sendBack(w, r, a, url.Values{
			"error": {accessDenied}, "error_subcode": {"cancel"}, "error_description": {"AADSTS65004: User declined to consent to access the app."},
		})
	default:
		s.page(w, http.StatusOK, "consent", consentPage{
			Action: r.URL.RequestURI(), Client: a.client.DisplayName, Resource: a.wanted.resource.DisplayName, Scopes: missing,
			User: person.UserPrincipalName,
		})
	}
	return false
}

func (s *Service) record(w http.ResponseWriter, a authorization, person directory.Person, missing []string) bool {
	if len(missing) == 0 {
		return true
	}
	err := s.directory.Consent(a.client.ServicePrincipalID, a.wanted.resource.ServicePrincipalID, person.ObjectID, missing)
	if err != nil {
		s.errorPage(w, internal(err))
		return false
	}
	return true
}

// adminConsentNeeded: some scope is for administrators to consent to.
func adminConsentNeeded(client string) *failure {
	return &failure{status: http.StatusForbidden, oauth: consentRequired, code: 90094, message: client +
		" needs permission to access resources in your organization that only an admin can grant. Please ask an admin to grant " +
		"permission to this app before you can use it."}
}
