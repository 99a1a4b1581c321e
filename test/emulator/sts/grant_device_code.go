package sts

import (
	"net/http"
	"time"
)

const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"

// deviceCode is the grant of a device that waits for its user.
func (s *Service) deviceCode(req request) (tokenResponse, *failure) {
	text := req.form.Get("device_code")
	if text == "" {
		return tokenResponse{}, parameterMissing("device_code")
	}
	client, method, refused := s.authenticateAs(req, true)
	if refused != nil {
		return tokenResponse{}, refused
	}
	asked, ok := s.devices.get(text)
	if !ok || asked.clientID != client.AppID {
		return tokenResponse{}, grantInvalid("device_code")
	}
	if refused := s.checkDevice(asked); refused != nil {
		return tokenResponse{}, refused
	}
	before, _ := s.devices.change(text, func(d deviceRequest) deviceRequest { d.used = true; return d })
	person, ok := s.directory.Person(asked.userID)
	if !ok || before.used {
		return tokenResponse{}, codeRedeemed()
	}
	return s.issueDelegated(delegated{
		at: req.at, client: client, method: method, person: person, wanted: asked.wanted, accepted: asked.accepted, info: req.form.Get("client_info") == "1",
	})
}

func (s *Service) checkDevice(asked deviceRequest) *failure {
	switch {
	case asked.used:
		return codeRedeemed()
	case !s.clock.Now().Before(asked.expires):
		return &failure{status: http.StatusBadRequest, oauth: expiredToken, code: 70019, message: "Verification code expired."}
	case asked.declined:
		return &failure{status: http.StatusBadRequest, oauth: "authorization_declined", code: 70018,
			message: "The user declined the authorization request."}
	case asked.userID == "":
		return &failure{status: http.StatusBadRequest, oauth: authorizationPending, code: 70016,
			message: "OAuth 2.0 device flow error. Authorization is pending. Continue polling."}
	}
	return nil
}

// deviceRequest is what a device code stands for.
type deviceRequest struct {
	clientID, userCode string
	wanted             wanted
	expires            time.Time
	userID             string // once the user has signed in
	accepted           []string
	declined, used     bool
}
