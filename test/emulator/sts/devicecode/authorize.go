// Package devicecode is the device authorization grant (RFC 8628): for a device without a browser.
package devicecode

import (
	"crypto/rand"
	"net/http"
	"strings"
	"time"

	"k8s.io/utils/clock"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory/signin"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/clientauth"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/consent"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/oauth"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/page"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/scope"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/store"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/token"
)

// How long a device may wait for its user, and how often it should ask, in seconds.
const (
	lifetime = 15 * time.Minute
	interval = 5
)

// Options are what a Flow needs. All are required.
type Options struct {
	Directory signin.Directory
	Clock     clock.PassiveClock
	Clients   clientauth.Authenticator
	Scopes    scope.Resolver
	Consents  consent.Consents
	Pages     *page.Pages
	Tokens    *token.Issuer
	Errors    oauth.ErrorWriter
}

// Flow is the device flow, from the device's request to its token.
type Flow struct {
	Options

	authorizations *store.Store[authorization]
	deviceCodes    *store.Store[string] // by user code
}

// New makes a flow in which no device has asked yet.
func New(options Options) Flow {
	return Flow{Options: options, authorizations: store.New[authorization]("D"), deviceCodes: store.New[string]("")}
}

// Authorize answers a device that starts the flow.
func (f Flow) Authorize(w http.ResponseWriter, r *http.Request, at oauth.Authority) {
	r.Body = http.MaxBytesReader(w, r.Body, oauth.MaxForm)
	if err := r.ParseForm(); err != nil {
		f.Errors.Write(w, r, oauth.ParameterMissing("client_id"))
		return
	}
	client, refused := f.Clients.Client(r.PostForm.Get("client_id"))
	if refused != nil {
		f.Errors.Write(w, r, refused)
		return
	}
	requested, refused := f.Scopes.Parse(r.Host, r.PostForm.Get("scope"))
	if refused != nil {
		f.Errors.Write(w, r, refused)
		return
	}
	userCode := rand.Text()[:9]
	deviceCode := f.authorizations.Put(authorization{
		clientID: client.AppID, userCode: userCode, requested: requested, expires: f.Clock.Now().Add(lifetime),
	})
	f.deviceCodes.Set(userCode, deviceCode)
	address := at.Base + "/common/oauth2/deviceauth"
	oauth.WriteJSON(w, http.StatusOK, map[string]any{
		"user_code": userCode, "device_code": deviceCode, "verification_uri": address, "expires_in": int(lifetime / time.Second),
		"interval": interval, "message": "To sign in, use a web browser to open the page " + address + " and enter the code " +
			userCode + " to authenticate.",
	})
}

// Verify is the page at the verification URI, where the user enters the code, signs in and consents.
func (f Flow) Verify(w http.ResponseWriter, r *http.Request, _ oauth.Authority) {
	userCode := strings.ToUpper(strings.TrimSpace(r.FormValue("otc")))
	deviceCode, ok := f.deviceCodes.Get(userCode)
	a, found := f.authorizations.Get(deviceCode)
	if !ok || !found || !f.Clock.Now().Before(a.expires) {
		message := ""
		if userCode != "" {
			message = "That code didn't work. Check the code and try again."
		}
		f.Pages.Show(w, http.StatusOK, page.DeviceCodeTemplate, page.DeviceCode{Action: r.URL.Path, UserCode: userCode, Error: message})
		return
	}
	if r.URL.Query().Get("otc") == "" { // every page from here on is one of this code
		http.Redirect(w, r, r.URL.Path+"?otc="+userCode, http.StatusSeeOther) //nolint:gosec // our own path and a code of ours
		return
	}
	person, ok := f.Pages.User(w, r, r.URL.Query())
	if ok {
		f.confirm(w, r, person, deviceCode, a)
	}
}

// confirm asks the user to consent. A device always has to be confirmed, also where nothing is left to consent to.
func (f Flow) confirm(w http.ResponseWriter, r *http.Request, person directory.Person, deviceCode string, a authorization) {
	client, refused := f.Clients.Client(a.clientID)
	if refused != nil {
		f.Pages.Error(w, refused)
		return
	}
	permissions, refused := f.Consents.Missing(client, a.requested, person.ObjectID, false)
	if refused == nil && !f.Consents.Allowed(person, permissions) {
		refused = consent.AdminRequired(client.DisplayName)
	}
	if refused != nil {
		f.Pages.Error(w, refused)
		return
	}
	switch r.PostForm.Get("decision") {
	case "accept":
		if refused := f.Consents.Record(permissions, person.ObjectID); refused != nil {
			f.Pages.Error(w, refused)
			return
		}
		f.authorizations.Update(deviceCode, func(a authorization) authorization {
			a.userID, a.consented = person.ObjectID, consent.ScopesOf(permissions, client, a.requested.Resource)
			return a
		})
		f.Pages.Show(w, http.StatusOK, page.DoneTemplate, "You have signed in to the "+client.DisplayName+" application on your device.")
	case "cancel":
		f.authorizations.Update(deviceCode, func(a authorization) authorization { a.declined = true; return a })
		f.Pages.Show(w, http.StatusOK, page.DoneTemplate, "You have declined.")
	default:
		f.Pages.Show(w, http.StatusOK, page.ConsentTemplate, consent.Page(r.URL.RequestURI(), client, person, permissions))
	}
}
