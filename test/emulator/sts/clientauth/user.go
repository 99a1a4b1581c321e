package clientauth

import (
	"net/http"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory/signin"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/oauth"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/token"
)

// AuthenticateForUser finds the client of a user's grant: with its credential where it is confidential, without any where it is public,
// as a single-page application or one for devices and desktops is.
func (a Authenticator) AuthenticateForUser(req oauth.Request, confidential bool) (signin.Client, token.Method, *oauth.Error) {
	id, secret := credentials(req)
	client, refused := a.Client(id)
	if refused != nil {
		return client, "", refused
	}
	offered := secret != "" || req.PostForm.Get("client_assertion") != ""
	registration, _ := a.Directory.Registration(client.AppID)
	switch {
	case !confidential && offered:
		return client, "", credentialUnwanted()
	case !confidential, registration.FallbackPublicClient && !offered:
		return client, token.NoCredential, nil
	default:
		return a.Authenticate(req)
	}
}

func credentialUnwanted() *oauth.Error {
	return &oauth.Error{Status: http.StatusUnauthorized, Name: oauth.InvalidClient, AADSTS: 700025,
		Message: "Client is public so neither 'client_assertion' nor 'client_secret' should be presented."}
}
