// Package webapp is a web application as a team would write one: it signs users in with an authorization code and PKCE, verifies the ID
// token, and shows who is signed in and what its access token is good for. Tests and the demo sign users in to it.
package webapp

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Options of an application. Issuer, ClientID and URL are required.
type Options struct {
	Issuer, ClientID string
	// ClientSecret is the credential of an application on the web platform; a public client has none.
	ClientSecret string
	// Assertion, where it is given, stands in for the secret: a token that a federated credential names, asked for at each sign-in.
	Assertion func(context.Context) (string, error)
	// URL is scheme, host and port of the application as a browser sees it. URL/callback is the redirect URI.
	URL string
	// Scopes are those of one API, beside openid and profile.
	Scopes []string
	// Audience is the client ID of that API. Where it is given, the application verifies its access token as the API would.
	Audience string
	// Graph is scheme and host of Microsoft Graph. Where it is given, the application asks it who the user is.
	Graph string
	// HTTP reaches the issuer and Graph; nil is the default client.
	HTTP *http.Client
}

type app struct {
	Options

	provider *oidc.Provider
	config   oauth2.Config
	attempts *store[attempt]
	sessions *store[userSession]
}

// New asks the issuer where its endpoints are.
func New(ctx context.Context, options Options) (http.Handler, error) {
	if options.Issuer == "" || options.ClientID == "" || options.URL == "" {
		return nil, errors.New("make the application: the issuer, the client ID and the URL are required")
	}
	if options.HTTP == nil {
		options.HTTP = http.DefaultClient
	}
	provider, err := oidc.NewProvider(oidc.ClientContext(ctx, options.HTTP), options.Issuer)
	if err != nil {
		return nil, fmt.Errorf("discover the issuer: %w", err)
	}
	endpoint := provider.Endpoint()
	endpoint.AuthStyle = oauth2.AuthStyleInParams
	a := &app{Options: options, provider: provider, attempts: newStore[attempt](), sessions: newStore[userSession](), config: oauth2.Config{
		ClientID: options.ClientID, ClientSecret: options.ClientSecret, Endpoint: endpoint, RedirectURL: options.URL + "/callback",
		Scopes: append([]string{oidc.ScopeOpenID, "profile"}, options.Scopes...),
	}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", a.home)
	mux.HandleFunc("GET /login", a.login)
	mux.HandleFunc("GET /callback", a.callback)
	return mux, nil
}

// cookie is one that only this application reads; it comes back with the redirect from the issuer.
func (a *app) cookie(name, value string) *http.Cookie {
	return &http.Cookie{ //nolint:gosec // Secure where the application has TLS
		Name: name, Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: strings.HasPrefix(a.URL, "https://"),
	}
}
