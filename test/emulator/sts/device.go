package sts

import (
	"crypto/rand"
	"net/http"
	"strings"
	"time"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
)

// How long a device may wait for its user, and how often it should ask, in seconds.
const (
	deviceLifetime = 15 * time.Minute
	deviceInterval = 5
)

// deviceAuthorization starts the flow of a device without a browser.
func (s *Service) deviceAuthorization(w http.ResponseWriter, r *http.Request, at authority) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		s.refuse(w, r, parameterMissing("client_id"))
		return
	}
	client, refused := s.client(r.PostForm.Get("client_id"))
	if refused != nil {
		s.refuse(w, r, refused)
		return
	}
	asked, refused := s.wanted(r, r.PostForm.Get("scope"))
	if refused != nil {
		s.refuse(w, r, refused)
		return
	}
	userCode := rand.Text()[:9]
	code := s.devices.put(deviceRequest{
		clientID: client.AppID, userCode: userCode, wanted: asked, expires: s.clock.Now().Add(deviceLifetime),
	})
	s.userCodes.set(userCode, code)
	address := at.base + "/common/oauth2/deviceauth"
	writeJSON(w, http.StatusOK, map[string]any{
		"user_code": userCode, "device_code": code, "verification_uri": address, "expires_in": int(deviceLifetime / time.Second),
		"interval": deviceInterval, "message": "To sign in, use a web browser to open the page " + address + " and enter the code " +
			userCode + " to authenticate.",
	})
}

// deviceAuth is the page where the user enters the code, signs in and consents.
func (s *Service) deviceAuth(w http.ResponseWriter, r *http.Request, _ authority) {
	userCode := strings.ToUpper(strings.TrimSpace(r.FormValue("otc")))
	code, ok := s.userCodes.get(userCode)
	asked, found := s.devices.get(code)
	if !ok || !found || !s.clock.Now().Before(asked.expires) {
		fault := ""
		if userCode != "" {
			fault = "That code didn't work. Check the code and try again."
		}
		s.page(w, http.StatusOK, "deviceCode", codePage{Action: r.URL.Path, UserCode: userCode, Fault: fault})
		return
	}
	if r.URL.Query().Get("otc") == "" { // every page from here on is one of this code
		http.Redirect(w, r, r.URL.Path+"?otc="+userCode, http.StatusSeeOther) //nolint:gosec // our own path and a code of ours
		return
	}
	person, ok := s.signedIn(w, r, r.URL.Query())
	if ok {
		s.deviceFor(w, r, person, code, asked)
	}
}

func (s *Service) deviceFor(w http.ResponseWriter, r *http.Request, person directory.Person, code string, asked deviceRequest) {
	client, refused := s.client(asked.clientID)
	if refused != nil {
		s.errorPage(w, refused)
		return
	}
	demands, refused := s.demands(client, asked.wanted, person.ObjectID, false)
	if refused == nil && !s.mayConsent(person, demands) {
		refused = adminConsentNeeded(client.DisplayName)
	}
	if refused != nil {
		s.errorPage(w, refused)
		return
	}
	switch r.PostForm.Get("decision") {
	case "accept":
		if refused := s.record(demands, person.ObjectID); refused != nil {
			s.errorPage(w, refused)
			return
		}
		s.devices.change(code, func(d deviceRequest) deviceRequest {
			d.userID, d.accepted = person.ObjectID, acceptedOf(demands, client, asked.wanted.resource)
			return d
		})
		s.page(w, http.StatusOK, "done", "You have signed in to the "+client.DisplayName+" application on your device.")
	case "cancel":
		s.devices.change(code, func(d deviceRequest) deviceRequest { d.declined = true; return d })
		s.page(w, http.StatusOK, "done", "You have declined.")
	default: // a device always has to be confirmed
		s.page(w, http.StatusOK, "consent", consentOf(r.URL.RequestURI(), client, person, demands))
	}
}
