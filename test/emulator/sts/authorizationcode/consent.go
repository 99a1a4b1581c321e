package authorizationcode

import (
	"net/http"
	"net/url"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/consent"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/oauth"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/page"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/token"
)

// askConsent asks the user for what is missing and records the consent. It reports whether the user has consented; if not, it has
// answered the request.
func (f Flow) askConsent(
	w http.ResponseWriter, r *http.Request, a authorization, person directory.Person, permissions []consent.Permission,
) bool {
	if a.query.Get("prompt") == "none" {
		refused := token.ConsentMissing(a.client.AppID, a.client.DisplayName)
		refused.Name = oauth.ConsentRequired
		f.redirect(w, r, a, errorValues(refused))
		return false
	}
	if !f.Consents.Allowed(person, permissions) {
		f.Pages.Error(w, consent.AdminRequired(a.client.DisplayName))
		return false
	}
	switch r.PostForm.Get("decision") {
	case "accept":
		if refused := f.Consents.Record(permissions, person.ObjectID); refused != nil {
			f.Pages.Error(w, refused)
			return false
		}
		return true
	case "cancel":
		f.redirect(w, r, a, url.Values{
			"error": {oauth.AccessDenied}, "error_subcode": {"cancel"},
			"error_description": {"AADSTS65004: User declined to consent to access the app."},
		})
	default:
		f.Pages.Show(w, http.StatusOK, page.ConsentTemplate, consent.Page(r.URL.RequestURI(), a.client, person, permissions))
	}
	return false
}
