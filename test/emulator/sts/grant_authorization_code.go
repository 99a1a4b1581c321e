package sts

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"time"
)

const codeLifetime = 10 * time.Minute

// authorizationCode is what a code stands for.
type authorizationCode struct {
	clientID, userID, redirectURI string
	platform                      platform
	challenge                     string // S256; empty without PKCE
	nonce                         string
	wanted                        wanted
	accepted                      []string
	expires                       time.Time
	used                          bool
}

// authorizationCode is the grant of a code from /authorize: once, soon, by the same client at the same redirect URI.
func (s *Service) authorizationCode(req request) (tokenResponse, *failure) {
	text := req.form.Get("code")
	if text == "" {
		return tokenResponse{}, parameterMissing("code")
	}
	code, ok := s.codes.get(text)
	if !ok {
		return tokenResponse{}, grantInvalid("code")
	}
	if refused := checkOrigin(req, code.platform == spa); refused != nil { // before the credential, which a page cannot have
		return tokenResponse{}, refused
	}
	client, method, refused := s.authenticateAs(req, code.platform == web)
	if refused != nil {
		return tokenResponse{}, refused
	}
	if refused := s.checkCode(req, client.AppID, code); refused != nil {
		return tokenResponse{}, refused
	}
	before, _ := s.codes.change(text, func(c authorizationCode) authorizationCode { c.used = true; return c })
	if before.used {
		return tokenResponse{}, codeRedeemed()
	}
	person, ok := s.directory.Person(code.userID)
	if !ok {
		return tokenResponse{}, grantInvalid("code")
	}
	return s.issueDelegated(delegated{
		at: req.at, client: client, method: method, person: person, wanted: code.wanted, accepted: code.accepted, nonce: code.nonce, spa: code.platform == spa,
		info: req.form.Get("client_info") == "1",
	})
}

func (s *Service) checkCode(req request, clientID string, code authorizationCode) *failure {
	switch {
	case clientID != code.clientID:
		return grantInvalid("code")
	case code.used:
		return codeRedeemed()
	case !s.clock.Now().Before(code.expires):
		return codeExpired()
	case req.form.Get("redirect_uri") != code.redirectURI:
		return replyAddressChanged(req.form.Get("redirect_uri"), code.redirectURI)
	case !verifies(req.form.Get("code_verifier"), code.challenge):
		return verifierWrong()
	}
	return nil
}

// verifies says whether a code verifier belongs to a challenge; without a challenge there must be none.
func verifies(verifier, challenge string) bool {
	if challenge == "" {
		return verifier == ""
	}
	sum := sha256.Sum256([]byte(verifier))
	return subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(sum[:])), []byte(challenge)) == 1
}
