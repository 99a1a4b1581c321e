package sts

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
)

// authorization is one request to /authorize that may be answered at its redirect URI.
type authorization struct {
	at       authority
	query    url.Values
	client   directory.Client
	platform platform
	response response
	wanted   wanted
}

// authorize signs the user in, asks for consent where it lacks, and sends a code to the redirect URI. Whoever the redirect
// URI does not belong to gets a page and no redirect.
func (s *Service) authorize(w http.ResponseWriter, r *http.Request, at authority) {
	a, refused := s.authorization(r, at)
	if refused != nil {
		s.errorPage(w, refused)
		return
	}
	if a.wanted, refused = s.check(r, a); refused != nil {
		s.sendBack(w, r, a, refusal(refused))
		return
	}
	person, ok := s.signedIn(w, r, a.query)
	if !ok {
		if a.query.Get("prompt") == "none" {
			s.sendBack(w, r, a, refusal(&failure{oauth: loginRequired, code: 50058, message: "A silent sign-in request was sent but no " +
				"user is signed in."}))
		}
		return
	}
	s.authorizeFor(w, r, a, person)
}

// authorization finds the client and its redirect URI.
func (s *Service) authorization(r *http.Request, at authority) (authorization, *failure) {
	a := authorization{at: at, query: r.URL.Query(), response: responseOf(r.URL.Query())}
	client, refused := s.client(a.query.Get("client_id"))
	if refused != nil {
		return a, refused
	}
	a.client = client
	uri := a.query.Get("redirect_uri")
	registration, _ := s.directory.Registration(client.AppID)
	found, ok := platformOf(registration, uri)
	if !ok {
		return a, redirectUnknown(uri, client.AppID)
	}
	a.platform = found
	return a, nil
}

// check is about the parameters whose faults the client is told.
func (s *Service) check(r *http.Request, a authorization) (wanted, *failure) {
	challenge := a.query.Get("code_challenge")
	if refused := a.response.check(a.query, s.registrationOf(a.client)); refused != nil {
		return wanted{}, refused
	}
	switch {
	case a.response.code && challenge == "" && a.platform == spa:
		return wanted{}, badRequest(9002325, "Proof Key for Code Exchange is required for cross-origin authorization code redemption.")
	case challenge != "" && a.query.Get("code_challenge_method") != "S256":
		return wanted{}, badRequest(501491, "The code_challenge_method must be S256 here.")
	}
	return s.wanted(r, a.query.Get("scope"))
}

// authorizeFor goes on with a user who is signed in.
func (s *Service) authorizeFor(w http.ResponseWriter, r *http.Request, a authorization, person directory.Person) {
	of := delegated{at: a.at, client: a.client, person: person, wanted: a.wanted}
	if refused := s.checkUserAssigned(of); refused != nil {
		refused.oauth = interactionRequired
		s.refuseAuthorization(w, r, a, refused)
		return
	}
	again := a.query.Get("prompt") == "consent"
	demands, refused := s.demands(a.client, a.wanted, person.ObjectID, again)
	if refused != nil {
		s.sendBack(w, r, a, refusal(refused))
		return
	}
	if (len(demands) > 0 || again) && !s.consented(w, r, a, person, demands) {
		return
	}
	answer, refused := s.answer(a, person, demands)
	if refused != nil {
		s.sendBack(w, r, a, refusal(refused))
		return
	}
	s.sendBack(w, r, a, answer)
}

// refuseAuthorization tells the user on a page, or the client where no page may be shown.
func (s *Service) refuseAuthorization(w http.ResponseWriter, r *http.Request, a authorization, refused *failure) {
	if a.query.Get("prompt") == "none" {
		s.sendBack(w, r, a, refusal(refused))
		return
	}
	s.errorPage(w, refused)
}

func refusal(refused *failure) url.Values {
	out := url.Values{"error": {refused.oauth}, "error_description": {refused.Error()}}
	if refused.sub != "" {
		out.Set("error_subcode", refused.sub)
	}
	return out
}

// sendBack answers at the redirect URI in the way that response_mode says.
func (s *Service) sendBack(w http.ResponseWriter, r *http.Request, a authorization, answer url.Values) {
	if state := a.query.Get("state"); state != "" {
		answer.Set("state", state)
	}
	target := a.query.Get("redirect_uri")
	switch a.response.mode {
	case "form_post":
		s.page(w, http.StatusOK, "formPost", formPost{Action: target, Fields: flat(answer)})
		return
	case "fragment":
		target += "#" + answer.Encode()
	default:
		separator := "?"
		if strings.Contains(target, "?") {
			separator = "&"
		}
		target += separator + answer.Encode()
	}
	http.Redirect(w, r, target, http.StatusFound) //nolint:gosec // the target is one that the application has registered
}

func flat(values url.Values) map[string]string {
	out := map[string]string{}
	for name := range values {
		out[name] = values.Get(name)
	}
	return out
}
