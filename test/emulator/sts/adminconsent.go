package sts

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
)

// adminConsent lets an administrator grant at once, for everybody, what an application's registration requires, app roles too; with a
// scope parameter, which only the address with v2.0 has, these scopes and no more. Without a redirect URI it is the first that is
// registered, or a page where there is none.
func (s *Service) adminConsent(w http.ResponseWriter, r *http.Request, at authority) {
	a, refused := s.consentAuthorization(r, at)
	if refused != nil {
		s.errorPage(w, refused)
		return
	}
	person, ok := s.signedIn(w, r, url.Values{})
	if !ok {
		return
	}
	demands, refused := s.adminDemands(r, a)
	switch decision := r.PostForm.Get("decision"); {
	case refused != nil:
		s.settle(w, r, a, refusal(refused))
	case !person.Administrator, decision == "cancel":
		s.settle(w, r, a, url.Values{
			"error": {"permission_denied"}, "error_description": {"AADSTS65004: The administrator has not consented to use the application."},
		})
	case decision == "accept":
		s.grantForAll(w, r, a, demands)
	default:
		s.page(w, http.StatusOK, "consent", consentOf(r.URL.RequestURI(), a.client, person, demands))
	}
}

// consentAuthorization is authorization where the redirect URI may be left out.
func (s *Service) consentAuthorization(r *http.Request, at authority) (authorization, *failure) {
	if r.URL.Query().Has("redirect_uri") {
		return s.authorization(r, at)
	}
	a := authorization{at: at, query: r.URL.Query()}
	var refused *failure
	a.client, refused = s.client(a.query.Get("client_id"))
	registration := s.registrationOf(a.client)
	for _, uris := range [][]string{registration.Web, registration.SPA, registration.PublicClient} {
		if len(uris) > 0 && !a.query.Has("redirect_uri") {
			a.query.Set("redirect_uri", uris[0])
		}
	}
	return a, refused
}

func (s *Service) adminDemands(r *http.Request, a authorization) ([]demand, *failure) {
	if !byScope(r) {
		return s.registered(a.client, directory.Resource{}, true)
	}
	wanted, refused := s.wanted(r, a.query.Get("scope"))
	if refused != nil {
		return nil, refused
	}
	return s.demands(a.client, wanted, "", true)
}

// byScope says whether a request names the scopes that it wants.
func byScope(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/v2.0/adminconsent") }

// grantForAll records the consent. App roles come with the registration: where scopes are named, there are none.
func (s *Service) grantForAll(w http.ResponseWriter, r *http.Request, a authorization, demands []demand) {
	if refused := s.record(demands, ""); refused != nil {
		s.settle(w, r, a, refusal(refused))
		return
	}
	answer := url.Values{"admin_consent": {"True"}, "tenant": {s.directory.TenantID()}}
	if byScope(r) {
		answer.Set("scope", a.query.Get("scope"))
		s.settle(w, r, a, answer)
		return
	}
	for _, party := range s.parties(a.client) {
		if err := s.directory.AssignRequired(party, s.registrationOf(party)); err != nil {
			s.settle(w, r, a, refusal(internal(err)))
			return
		}
	}
	s.settle(w, r, a, answer)
}

// settle answers at the redirect URI, or on a page where the application has none.
func (s *Service) settle(w http.ResponseWriter, r *http.Request, a authorization, answer url.Values) {
	switch {
	case a.query.Get("redirect_uri") != "":
		s.sendBack(w, r, a, answer)
	case answer.Has("error"):
		s.page(w, http.StatusForbidden, "error", answer.Get("error_description"))
	default:
		s.page(w, http.StatusOK, "done", "You have granted what "+a.client.DisplayName+" requires.")
	}
}
