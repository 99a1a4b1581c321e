package authorizationcode

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory/signin"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/consent"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/oauth"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/page"
)

// AdminConsent lets an administrator grant at once, for everybody, what an application's registration requires, app roles too; with a
// scope parameter, which only the address with v2.0 has, these scopes and no more. Without a redirect URI the answer goes to the first
// that is registered, or to a page where there is none.
func (f Flow) AdminConsent(w http.ResponseWriter, r *http.Request, at oauth.Authority) {
	a, refused := f.adminAuthorization(r, at)
	if refused != nil {
		f.Pages.Error(w, refused)
		return
	}
	person, ok := f.Pages.User(w, r, url.Values{})
	if !ok {
		return
	}
	permissions, refused := f.adminPermissions(r, a)
	switch decision := r.PostForm.Get("decision"); {
	case refused != nil:
		f.redirectOrShow(w, r, a, errorValues(refused))
	case !person.Administrator, decision == "cancel":
		f.redirectOrShow(w, r, a, url.Values{
			"error": {"permission_denied"}, "error_description": {"AADSTS65004: The administrator has not consented to use the application."},
		})
	case decision == "accept":
		f.grantForAll(w, r, a, permissions)
	default:
		f.Pages.Show(w, http.StatusOK, page.ConsentTemplate, consent.Page(r.URL.RequestURI(), a.client, person, permissions))
	}
}

// adminAuthorization is authorization where the redirect URI may be left out.
func (f Flow) adminAuthorization(r *http.Request, at oauth.Authority) (authorization, *oauth.Error) {
	if r.URL.Query().Has("redirect_uri") {
		return f.authorization(r, at)
	}
	a := authorization{authority: at, query: r.URL.Query()}
	var refused *oauth.Error
	a.client, refused = f.Clients.Client(a.query.Get("client_id"))
	registration := f.Consents.RegistrationOf(a.client)
	for _, uris := range [][]string{registration.Web, registration.SPA, registration.PublicClient} {
		if len(uris) > 0 && !a.query.Has("redirect_uri") {
			a.query.Set("redirect_uri", uris[0])
		}
	}
	return a, refused
}

func (f Flow) adminPermissions(r *http.Request, a authorization) ([]consent.Permission, *oauth.Error) {
	if !namesScopes(r) {
		return f.Consents.Required(a.client, signin.Resource{}, true)
	}
	requested, refused := f.Scopes.Parse(r.Host, a.query.Get("scope"))
	if refused != nil {
		return nil, refused
	}
	return f.Consents.Missing(a.client, requested, "", true)
}

// namesScopes reports whether a request names the scopes that it is for.
func namesScopes(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/v2.0/adminconsent") }

// grantForAll records the consent. App roles come with the registration: where scopes are named, there are none.
func (f Flow) grantForAll(w http.ResponseWriter, r *http.Request, a authorization, permissions []consent.Permission) {
	if refused := f.Consents.Record(permissions, ""); refused != nil {
		f.redirectOrShow(w, r, a, errorValues(refused))
		return
	}
	values := url.Values{"admin_consent": {"True"}, "tenant": {f.Directory.TenantID()}}
	if namesScopes(r) {
		values.Set("scope", a.query.Get("scope"))
		f.redirectOrShow(w, r, a, values)
		return
	}
	for _, app := range f.Consents.WithKnownAPIs(a.client) {
		if err := f.Directory.AssignRequired(app, f.Consents.RegistrationOf(app)); err != nil {
			f.redirectOrShow(w, r, a, errorValues(oauth.Internal(err)))
			return
		}
	}
	f.redirectOrShow(w, r, a, values)
}

// redirectOrShow answers at the redirect URI, or on a page where the application has none.
func (f Flow) redirectOrShow(w http.ResponseWriter, r *http.Request, a authorization, values url.Values) {
	switch {
	case a.query.Get("redirect_uri") != "":
		f.redirect(w, r, a, values)
	case values.Has("error"):
		f.Pages.Show(w, http.StatusForbidden, page.ErrorTemplate, values.Get("error_description"))
	default:
		f.Pages.Show(w, http.StatusOK, page.DoneTemplate, "You have granted what "+a.client.DisplayName+" requires.")
	}
}
