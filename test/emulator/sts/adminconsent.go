package sts

import (
	"net/http"
	"net/url"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
)

// adminConsent lets an administrator grant at once what an application's registration requires.
func (s *Service) adminConsent(w http.ResponseWriter, r *http.Request, at authority) {
	a, refused := s.authorization(r, at)
	if refused != nil {
		s.errorPage(w, refused)
		return
	}
	person, ok := s.signedIn(w, r, url.Values{})
	if !ok {
		return
	}
	denied := url.Values{
		"error": {"permission_denied"}, "error_description": {"AADSTS65004: The administrator has not consented to use the application."},
	}
	switch decision := r.PostForm.Get("decision"); {
	case !person.Administrator, decision == "cancel":
		s.sendBack(w, r, a, denied)
	case decision == "accept":
		s.grantRequired(w, r, a)
	default:
		s.page(w, http.StatusOK, "consent", consentPage{
			Action: r.URL.RequestURI(), Client: a.client.DisplayName, Resource: "your organization's data", Scopes: s.requiredNames(a.client),
			User: person.UserPrincipalName,
		})
	}
}

func (s *Service) grantRequired(w http.ResponseWriter, r *http.Request, a authorization) {
	registration, _ := s.directory.Registration(a.client.AppID)
	if err := s.directory.ConsentAsAdministrator(a.client, registration); err != nil {
		s.sendBack(w, r, a, url.Values{"error": {"invalid_resource"}, "error_description": {err.Error()}})
		return
	}
	s.sendBack(w, r, a, url.Values{"admin_consent": {"True"}, "tenant": {s.directory.TenantID()}})
}

// requiredNames are the scopes that the registration requires, of all APIs.
func (s *Service) requiredNames(client directory.Client) []string {
	registration, _ := s.directory.Registration(client.AppID)
	var out []string
	for _, required := range registration.Required {
		if resource, ok := s.directory.Resource(required.ResourceAppID); ok {
			out = append(out, s.directory.Values(resource.ServicePrincipalID, required.Scopes)...)
		}
	}
	return out
}
