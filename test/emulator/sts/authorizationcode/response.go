package authorizationcode

import (
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory/signin"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/consent"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/oauth"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/token"
)

// response is what an authorization request wants back, and how: a code, or with the implicit grant tokens, or both.
type response struct {
	code, idToken, token bool
	unknown              bool
	mode                 string
}

// responseOf reads response_type and response_mode. Tokens are sent in the fragment unless the request says otherwise.
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
	out.unknown = out.unknown || !out.code && !out.hasTokens()
	if out.mode == "" && out.hasTokens() {
		out.mode = "fragment"
	}
	return out
}

func (r response) hasTokens() bool { return r.idToken || r.token }

// check refuses a token that is not enabled for the application or that would be sent in a query, and an ID token without a nonce.
func (r response) check(query url.Values, registration signin.Registration) *oauth.Error {
	switch {
	case r.unknown, r.idToken && !registration.ImplicitIDTokens, r.token && !registration.ImplicitAccessTokens:
		return &oauth.Error{Name: "unsupported_response_type", AADSTS: 700054,
			Message: "response_type '" + query.Get("response_type") + "' is not enabled for the application."}
	case !slices.Contains([]string{"", "query", "fragment", "form_post"}, r.mode):
		return oauth.BadRequest(90023, "The 'response_mode' parameter value is not supported.")
	case r.hasTokens() && r.mode == "query":
		return oauth.BadRequest(70007, "'query' is not a supported value of 'response_mode' when requesting a token.")
	case r.idToken && query.Get("nonce") == "":
		return oauth.ParameterMissing("nonce")
	}
	return nil
}

// values are what the client gets for a user who is signed in and has consented.
func (f Flow) values(a authorization, person directory.Person, permissions []consent.Permission) (url.Values, *oauth.Error) {
	values := url.Values{"session_state": {f.NewID()}}
	if a.query.Get("client_info") == "1" {
		values.Set("client_info", token.ClientInfo(person.ObjectID, f.Directory.TenantID()))
	}
	of := token.Delegated{
		Authority: a.authority, Client: a.client, Method: token.NoCredential, User: person, Requested: a.requested, Nonce: a.query.Get("nonce"),
		Consented: consent.ScopesOf(permissions, a.client, a.requested.Resource),
	}
	of.Authority.TenantID = f.Directory.TenantID()
	if a.response.code {
		given := f.codes.Put(code{
			clientID: a.client.AppID, userID: person.ObjectID, redirectURI: a.query.Get("redirect_uri"), platform: a.platform,
			challenge: a.query.Get("code_challenge"), nonce: of.Nonce, requested: a.requested, consented: of.Consented,
			expires: f.Clock.Now().Add(codeLifetime),
		})
		values.Set("code", given)
		of.CodeHash = halfHash(given)
	}
	return values, f.addTokens(a.response, of, values)
}

// addTokens adds the tokens of the implicit and the hybrid flow.
func (f Flow) addTokens(r response, of token.Delegated, values url.Values) *oauth.Error {
	if r.token {
		granted, refused := f.Tokens.Granted(of)
		if refused != nil {
			return refused
		}
		tokens, refused := f.Tokens.AccessToken(of, granted)
		if refused != nil {
			return refused
		}
		values.Set("access_token", tokens.AccessToken)
		values.Set("token_type", tokens.TokenType)
		values.Set("expires_in", strconv.Itoa(int(token.Lifetime/time.Second)-1))
		values.Set("scope", tokens.Scope)
		of.TokenHash = halfHash(tokens.AccessToken)
	}
	if !r.idToken {
		return nil
	}
	id, refused := f.Tokens.IDToken(of)
	values.Set("id_token", id)
	return refused
}

// halfHash is what an ID token says of the code or the access token that comes with it.
func halfHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.RawURLEncoding.EncodeToString(sum[:len(sum)/2])
}
