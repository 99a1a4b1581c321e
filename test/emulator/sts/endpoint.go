package sts

import (
	"fmt"
	"net/http"

	"github.com/entra-registrar/entra-registrar/test/emulator/sts/oauth"
)

// token is the token endpoint: it reads the form and hands the request to the grant that it names.
func (s *Service) token(w http.ResponseWriter, r *http.Request, at oauth.Authority) {
	r.Body = http.MaxBytesReader(w, r.Body, oauth.MaxForm)
	if err := r.ParseForm(); err != nil {
		s.errors.Write(w, r, oauth.ParameterMissing("grant_type"))
		return
	}
	response, refused := s.grant(oauth.Request{Request: r, Authority: at})
	if refused != nil {
		s.errors.Write(w, r, refused)
		return
	}
	w.Header().Set("x-ms-request-id", s.errors.NewID())
	oauth.WriteJSON(w, http.StatusOK, response)
}

func (s *Service) grant(req oauth.Request) (oauth.TokenResponse, *oauth.Error) {
	name := req.PostForm.Get("grant_type")
	if name == "" {
		return oauth.TokenResponse{}, oauth.ParameterMissing("grant_type")
	}
	grant, ok := s.grants[name]
	if !ok {
		return oauth.TokenResponse{}, grantUnsupported(name)
	}
	return grant(req)
}

func grantUnsupported(name string) *oauth.Error {
	return &oauth.Error{Status: http.StatusBadRequest, Name: oauth.UnsupportedGrantType, AADSTS: 70003, Message: fmt.Sprintf(
		"The app requested an unsupported grant type '%s'.", name)}
}
