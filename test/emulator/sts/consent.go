package sts

import (
	"net/http"
	"net/url"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
)

// consented asks the user for what is missing and records a yes. It says whether to go on; if not, it has answered.
func (s *Service) consented(w http.ResponseWriter, r *http.Request, a authorization, person directory.Person, demands []demand) bool {
	if a.query.Get("prompt") == "none" {
		f := consentMissing(a.client.AppID, a.client.DisplayName)
		f.oauth = consentRequired
		s.sendBack(w, r, a, refusal(f))
		return false
	}
	if !s.mayConsent(person, demands) {
		s.errorPage(w, adminConsentNeeded(a.client.DisplayName))
		return false
	}
	switch r.PostForm.Get("decision") {
	case "accept":
		if refused := s.record(demands, person.ObjectID); refused != nil {
			s.errorPage(w, refused)
			return false
		}
		return true
	case "cancel":
		s.sendBack(w, r, a, url.Values{
			"error": {accessDenied}, "error_subcode": {"cancel"}, "error_description": {"AADSTS65004: User declined to consent to access the app."},
		})
	default:
		s.page(w, http.StatusOK, "consent", consentOf(r.URL.RequestURI(), a.client, person, demands))
	}
	return false
}

// adminConsentNeeded: some scope is for administrators to consent to.
func adminConsentNeeded(client string) *failure {
	return &failure{status: http.StatusForbidden, oauth: consentRequired, code: 90094, message: client +
		" needs permission to access resources in your organization that only an admin can grant. Please ask an admin to grant " +
		"permission to this app before you can use it."}
}
