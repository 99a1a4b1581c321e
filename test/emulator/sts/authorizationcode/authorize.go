package authorizationcode

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory/signin"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/oauth"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/page"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/scope"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/token"
)

// authorization is one request to /authorize that may be answered at its redirect URI.
type authorization struct {
	authority oauth.Authority
	query     url.Values
	client    signin.Client
	platform  platform
	response  response
	requested scope.Requested
}

// Authorize signs the user in, asks for consent where it is missing, and sends a code to the redirect URI. A request whose redirect URI
// is not the client's gets a page and no redirect.
func (f Flow) Authorize(w http.ResponseWriter, r *http.Request, at oauth.Authority) {
	a, refused := f.authorization(r, at)
	if refused != nil {
		f.Pages.Error(w, refused)
		return
	}
	if a.requested, refused = f.check(r, a); refused != nil {
		f.redirect(w, r, a, errorValues(refused))
		return
	}
	person, ok := f.Pages.User(w, r, a.query)
	if !ok {
		if a.query.Get("prompt") == "none" {
			f.redirect(w, r, a, errorValues(&oauth.Error{Name: oauth.LoginRequired, AADSTS: 50058, Message: "A silent sign-in request was " +
				"sent but no user is signed in."}))
		}
		return
	}
	f.authorizeUser(w, r, a, person)
}

// authorization finds the client and its redirect URI.
func (f Flow) authorization(r *http.Request, at oauth.Authority) (authorization, *oauth.Error) {
	a := authorization{authority: at, query: r.URL.Query(), response: responseOf(r.URL.Query())}
	client, refused := f.Clients.Client(a.query.Get("client_id"))
	if refused != nil {
		return a, refused
	}
	a.client = client
	uri := a.query.Get("redirect_uri")
	registration, _ := f.Directory.Registration(client.AppID)
	found, ok := platformOf(registration, uri)
	if !ok {
		return a, redirectUnknown(uri, client.AppID)
	}
	a.platform = found
	return a, nil
}

// check refuses parameters whose errors are told to the client.
func (f Flow) check(r *http.Request, a authorization) (scope.Requested, *oauth.Error) {
	challenge := a.query.Get("code_challenge")
	if refused := a.response.check(a.query, f.Consents.RegistrationOf(a.client)); refused != nil {
		return scope.Requested{}, refused
	}
	switch {
	case a.response.code && challenge == "" && a.platform == spa:
		return scope.Requested{}, oauth.BadRequest(9002325,
			"Proof Key for Code Exchange is required for cross-origin authorization code redemption.")
	case challenge != "" && a.query.Get("code_challenge_method") != "S256":
		return scope.Requested{}, oauth.BadRequest(501491, "The code_challenge_method must be S256 here.")
	}
	return f.Scopes.Parse(r.Host, a.query.Get("scope"))
}

// authorizeUser answers for a user who is signed in.
func (f Flow) authorizeUser(w http.ResponseWriter, r *http.Request, a authorization, person directory.Person) {
	of := token.Delegated{Authority: a.authority, Client: a.client, User: person, Requested: a.requested}
	if refused := f.Tokens.CheckAssigned(of); refused != nil {
		refused.Name = oauth.InteractionRequired
		f.refuse(w, r, a, refused)
		return
	}
	again := a.query.Get("prompt") == "consent"
	permissions, refused := f.Consents.Missing(a.client, a.requested, person.ObjectID, again)
	if refused != nil {
		f.redirect(w, r, a, errorValues(refused))
		return
	}
	if (len(permissions) > 0 || again) && !f.askConsent(w, r, a, person, permissions) {
		return
	}
	values, refused := f.values(a, person, permissions)
	if refused != nil {
		f.redirect(w, r, a, errorValues(refused))
		return
	}
	f.redirect(w, r, a, values)
}

// refuse tells the user on a page, or the client where no page may be shown.
func (f Flow) refuse(w http.ResponseWriter, r *http.Request, a authorization, refused *oauth.Error) {
	if a.query.Get("prompt") == "none" {
		f.redirect(w, r, a, errorValues(refused))
		return
	}
	f.Pages.Error(w, refused)
}

func errorValues(refused *oauth.Error) url.Values {
	out := url.Values{"error": {refused.Name}, "error_description": {refused.Error()}}
	if refused.SubError != "" {
		out.Set("error_subcode", refused.SubError)
	}
	return out
}

// redirect answers at the redirect URI in the way that response_mode says.
func (f Flow) redirect(w http.ResponseWriter, r *http.Request, a authorization, values url.Values) {
	if state := a.query.Get("state"); state != "" {
		values.Set("state", state)
	}
	target := a.query.Get("redirect_uri")
	switch a.response.mode {
	case "form_post":
		f.Pages.Show(w, http.StatusOK, page.FormPostTemplate, page.FormPost{Action: target, Fields: firstValues(values)})
		return
	case "fragment":
		target += "#" + values.Encode()
	default:
		separator := "?"
		if strings.Contains(target, "?") {
			separator = "&"
		}
		target += separator + values.Encode()
	}
	http.Redirect(w, r, target, http.StatusFound) //nolint:gosec // the target is one that the application has registered
}

func firstValues(values url.Values) map[string]string {
	out := map[string]string{}
	for name := range values {
		out[name] = values.Get(name)
	}
	return out
}
