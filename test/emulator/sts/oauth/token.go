// Package oauth is the protocol that every grant type shares: the authority, a request to the token endpoint, its answer, and errors.
package oauth

import "net/http"

// MaxForm is how many bytes a form may have.
const MaxForm = 1 << 20

// Request is one POST to the token endpoint; its form has been parsed.
type Request struct {
	*http.Request

	Authority Authority
}

// Grant answers requests of one grant_type.
type Grant func(Request) (TokenResponse, *Error)

// TokenResponse is the answer to a grant; to an app-only one exactly the first four members.
type TokenResponse struct {
	TokenType    string `json:"token_type"`
	ExpiresIn    int    `json:"expires_in"`
	ExtExpiresIn int    `json:"ext_expires_in"`
	AccessToken  string `json:"access_token"`

	// Of a user's grant only.
	Scope        string `json:"scope,omitempty"`
	RefreshToken string `json:"refresh_token,omitempty"`
	IDToken      string `json:"id_token,omitempty"`
	ClientInfo   string `json:"client_info,omitempty"`
}
