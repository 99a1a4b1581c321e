package sts

import (
	"net/http"
	"net/url"
)

const maxForm = 1 << 20 // bytes of a token request

// request is one POST to the token endpoint.
type request struct {
	*http.Request

	form url.Values
	at   authority
}

// grant handles one grant_type.
type grant func(request) (tokenResponse, *failure)

// tokenResponse is the answer to a grant; to an app-only one exactly the first four members.
type tokenResponse struct {
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

// token is the token endpoint: it reads the form and hands it to the grant it names.
func (s *Service) token(w http.ResponseWriter, r *http.Request, at authority) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		s.refuse(w, r, parameterMissing("grant_type"))
		return
	}
	response, refused := s.dispatch(request{Request: r, form: r.PostForm, at: at})
	if refused != nil {
		s.refuse(w, r, refused)
		return
	}
	w.Header().Set("x-ms-request-id", s.newID())
	writeJSON(w, http.StatusOK, response)
}

func (s *Service) dispatch(req request) (tokenResponse, *failure) {
	name := req.form.Get("grant_type")
	if name == "" {
		return tokenResponse{}, parameterMissing("grant_type")
	}
	handle, ok := s.grants[name]
	if !ok {
		return tokenResponse{}, grantUnsupported(name)
	}
	return handle(req)
}
