package sts

import "time"

// How long refresh tokens live.
const (
	refreshLifetime    = 90 * 24 * time.Hour
	refreshLifetimeSPA = 24 * time.Hour
)

// refreshToken is what a refresh token stands for. It may be used more than once; each use gives a new one.
type refreshToken struct {
	clientID, userID string
	wanted           wanted
	spa, public      bool // given to a page; to a client without a credential, as pages are
	issued           time.Time
}

// refresh is the refresh token grant. Consent is looked at anew.
func (s *Service) refresh(req request) (tokenResponse, *failure) {
	text := req.form.Get("refresh_token")
	if text == "" {
		return tokenResponse{}, parameterMissing("refresh_token")
	}
	token, ok := s.refreshTokens.get(text)
	if !ok {
		return tokenResponse{}, grantInvalid("refresh_token")
	}
	if refused := checkOrigin(req, token.spa); refused != nil {
		return tokenResponse{}, refused
	}
	client, method, refused := s.authenticateAs(req, !token.public)
	if refused != nil {
		return tokenResponse{}, refused
	}
	if client.AppID != token.clientID {
		return tokenResponse{}, grantInvalid("refresh_token")
	}
	if refused := s.checkRefresh(token); refused != nil {
		return tokenResponse{}, refused
	}
	person, ok := s.directory.Person(token.userID)
	if !ok {
		return tokenResponse{}, grantInvalid("refresh_token")
	}
	asked := token.wanted
	if scope := req.form.Get("scope"); scope != "" {
		if asked, refused = s.wanted(req.Request, scope); refused != nil {
			return tokenResponse{}, refused
		}
	}
	asked.refresh = true
	return s.issueDelegated(delegated{
		at: req.at, client: client, method: method, person: person, wanted: asked, spa: token.spa,
		info: req.form.Get("client_info") == "1",
	})
}

func (s *Service) checkRefresh(token refreshToken) *failure {
	lives := refreshLifetime
	if token.spa {
		lives = refreshLifetimeSPA
	}
	if !s.clock.Now().Before(token.issued.Add(lives)) {
		return refreshExpired(token.spa, token.issued, lives)
	}
	return nil
}
