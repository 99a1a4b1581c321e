package sts

import (
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
)

// response is what an authorization request wants back, and how: a code, or with the implicit grant tokens, or both.
type response struct {
	code, idToken, token bool
	unknown              bool
	mode                 string
}

// responseOf reads response_type and response_mode. Tokens travel in the fragment unless the request says otherwise.
func responseOf(query url.Values) response {
	out := response{mode: query.Get("response_mode")}
	for kind := range strings.FieldsSeq(query.Get("response_type")) {
		switch kind {
		case "code":
			out.code = true
		case "id_token":
			out.idToken = true
		case "token":
			out.token = true
		default:
			out.unknown = true
		}
	}
	out.unknown = out.unknown || !out.code && !out.tokens()
	if out.mode == "" && out.tokens() {
		out.mode = "fragment"
	}
	return out
}

func (r response) tokens() bool { return r.idToken || r.token }

// check: each kind of token must be enabled for the application, none may travel in a query, and an ID token needs a nonce.
func (r response) check(query url.Values, registration directory.Registration) *failure {
	switch {
	case r.unknown, r.idToken && !registration.ImplicitIDTokens, r.token && !registration.ImplicitAccessTokens:
		return &failure{oauth: "unsupported_response_type", code: 700054,
			message: "response_type '" + query.Get("response_type") + "' is not enabled for the application."}
	case !slices.Contains([]string{"", "query", "fragment", "form_post"}, r.mode):
		return badRequest(90023, "The 'response_mode' parameter value is not supported.")
	case r.tokens() && r.mode == "query":
		return badRequest(70007, "'query' is not a supported value of 'response_mode' when requesting a token.")
	case r.idToken && query.Get("nonce") == "":
		return parameterMissing("nonce")
	}
	return nil
}

// answer is what the client gets for a user who is signed in and has consented.
func (s *Service) answer(a authorization, person directory.Person, accepted []demand) (url.Values, *failure) {
	answer := url.Values{"session_state": {s.newID()}}
	if a.query.Get("client_info") == "1" {
		answer.Set("client_info", clientInfo(person.ObjectID, s.directory.TenantID()))
	}
	of := delegated{
		at: a.at, client: a.client, method: byNothing, person: person, wanted: a.wanted, nonce: a.query.Get("nonce"),
		accepted: acceptedOf(accepted, a.client, a.wanted.resource),
	}
	of.at.tenant = s.directory.TenantID()
	if a.response.code {
		code := s.codes.put(authorizationCode{
			clientID: a.client.AppID, userID: person.ObjectID, redirectURI: a.query.Get("redirect_uri"), platform: a.platform,
			challenge: a.query.Get("code_challenge"), nonce: of.nonce, wanted: a.wanted, accepted: of.accepted,
			expires: s.clock.Now().Add(codeLifetime),
		})
		answer.Set("code", code)
		of.codeHash = halfHash(code)
	}
	return answer, s.implicit(a.response, of, answer)
}

// implicit puts tokens into an answer.
func (s *Service) implicit(r response, of delegated, answer url.Values) *failure {
	if r.token {
		granted, refused := s.grantedTo(of)
		if refused != nil {
			return refused
		}
		tokens, refused := s.accessToken(of, granted)
		if refused != nil {
			return refused
		}
		answer.Set("access_token", tokens.AccessToken)
		answer.Set("token_type", tokens.TokenType)
		answer.Set("expires_in", strconv.Itoa(int(lifetime/time.Second)-1))
		answer.Set("scope", tokens.Scope)
		of.tokenHash = halfHash(tokens.AccessToken)
	}
	if !r.idToken {
		return nil
	}
	id, refused := s.idToken(of)
	answer.Set("id_token", id)
	return refused
}

// acceptedOf are the scopes of a resource that a user has just let a client use: the token service knows them before its replica does.
func acceptedOf(demands []demand, client directory.Client, resource directory.Resource) []string {
	var out []string
	for _, d := range demands {
		if d.client.AppID == client.AppID && d.resource.AppID == resource.AppID {
			out = append(out, d.values...)
		}
	}
	return out
}

// halfHash is what an ID token says of the code or the access token that comes with it.
func halfHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.RawURLEncoding.EncodeToString(sum[:len(sum)/2])
}
